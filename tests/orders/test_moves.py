"""Moves: the good go, the bad are named, whole shipments stay together (P17, P18, P30, I12, I13)."""

import pytest
from tests.making import make_line

from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage, Method
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.release import release, withdraw
from jumun.orders.actions.take_out import take_out
from jumun.orders.actions.undo import undo
from jumun.orders.filters import ItemFilter
from jumun.orders.models import Batch, BatchRefusal, OrderItem, TimelineEvent
from jumun.orders.selection import Selection

ALL = Selection(filter=ItemFilter())
REQUESTED = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1)


def of(*items):
    return Selection(ids=tuple(item.id for item in items))


@pytest.mark.parametrize(
    ("why", "given"),
    [
        ("wrong_status", {"stage": "new"}),
        ("unmatched", {"seller_code": "NOT-OURS"}),
        ("claim_open", {"claim": REQUESTED}),
    ],
)
def test_release_takes_the_good_and_explains_the_bad(house, noon, why, given):
    """P17, P18: every refused item is named with its reason; the others go."""
    from jumun.channels.port import Stage

    if "stage" in given:
        given = {"stage": Stage.NEW}
    (good,) = house.order("A1", "a")
    (bad,) = house.order("B1", "b", **given)

    outcome = release(ALL, by=house.owner, at=noon)

    assert outcome.done == 1
    assert [(row.id, row.code) for row in outcome.refused] == [(bad.id, why)]
    assert OrderItem.objects.get(status="ready").id == good.id
    assert TimelineEvent.objects.get(action="release").item_id == good.id
    assert BatchRefusal.objects.get(batch_id=outcome.batch).code == why


def test_no_ship_from_refuses_release(house, noon):
    """P18: without a 배송처 nothing leaves."""
    from jumun.catalog.models import Sku

    Sku.objects.update(ship_from=None)
    (item,) = house.order("A1", "a")
    assert [row.code for row in release(of(item), by=None, at=noon).refused] == ["no_ship_from"]


def test_a_held_item_is_refused_until_released(house, noon):
    """N12: several holds may lie on one item; unhold ends them all."""
    (item,) = house.order("A1", "a")
    hold(of(item), reason="address", note="동호수", by=house.owner, at=noon)
    hold(of(item), reason="stock", by=house.owner, at=noon)
    assert [row.code for row in release(of(item), by=None, at=noon).refused] == ["held"]
    assert unhold(of(item), by=house.owner, at=noon).done == 1
    assert release(of(item), by=None, at=noon).done == 1


def test_a_parcel_moves_as_one(house, noon):
    """DESIGN §2: one line chosen, the whole shipment released."""
    first, second = house.order("A1", "a", "b")
    assert first.shipment_id == second.shipment_id
    outcome = release(of(first), by=None, at=noon)
    assert outcome.done == 2
    assert {item.status for item in house.items()} == {"ready"}


def test_one_bad_item_refuses_its_shipment_and_can_be_taken_out(house, noon):
    """DESIGN §2: the blocker is named, the companion says so, taking it out frees the rest."""
    house.store([make_line("A1", "a", noon), make_line("A1", "b", noon, claim=REQUESTED)])
    good, bad = house.items("A1")
    outcome = release(of(good), by=None, at=noon)
    assert outcome.done == 0
    assert {row.id: row.code for row in outcome.refused} == {good.id: "companion", bad.id: "claim_open"}

    assert take_out(of(bad), by=None, at=noon).done == 1
    good.refresh_from_db()
    bad.refresh_from_db()
    assert bad.shipment_id != good.shipment_id
    assert bad.bundle_no != good.bundle_no
    assert release(of(good), by=None, at=noon).done == 1


def test_cancelled_companions_do_not_count(house, noon):
    """DESIGN §2: cancelled items don't count."""
    from jumun.orders.actions.cancel import cancel

    first, second = house.order("A1", "a", "b")
    cancel(of(second), by=None, at=noon)
    assert release(of(first), by=None, at=noon).done == 1
    second.refresh_from_db()
    assert second.status == "cancelled"


def test_taking_out_the_only_item_is_refused(house, noon):
    (item,) = house.order("A1", "a")
    assert [row.code for row in take_out(of(item), by=None, at=noon).refused] == ["alone"]


def test_twice_moves_once(house, noon):
    """A double click: the second refuses all."""
    (item,) = house.order("A1", "a")
    assert release(of(item), by=None, at=noon).done == 1
    again = release(of(item), by=None, at=noon)
    assert (again.done, [row.code for row in again.refused]) == (0, ["wrong_status"])
    assert TimelineEvent.objects.filter(action="release").count() == 1


def test_unknown_ids_are_named(house, noon):
    outcome = release(Selection(ids=(987654321,)), by=None, at=noon)
    assert [(row.id, row.code) for row in outcome.refused] == [(987654321, "not_found")]


def test_a_filter_as_of_a_moment_leaves_later_changes_out(house, noon):
    """ "All N matching" means those of the moment the page showed."""
    from datetime import timedelta

    house.order("A1", "a")
    assert release(Selection(filter=ItemFilter(), as_of=noon - timedelta(minutes=1)), by=None, at=noon).done == 0
    assert release(Selection(filter=ItemFilter(), as_of=noon), by=None, at=noon).done == 1


def test_a_dry_run_tells_and_changes_nothing(house, noon):
    """N17."""
    (good,) = house.order("A1", "a")
    (bad,) = house.order("B1", "b", claim=REQUESTED)
    outcome = release(ALL, by=None, at=noon, dry_run=True)
    assert (outcome.done, [(row.id, row.code) for row in outcome.refused]) == (1, [(bad.id, "claim_open")])
    assert outcome.batch is None
    good.refresh_from_db()
    assert good.status == "preparing"
    assert not Batch.objects.filter(action="release").exists()


def test_undo_takes_a_batch_back(house, noon):
    """N17: back to where each came from, and the batch before it can be undone next."""
    house.order("A1", "a", "b")
    house.put(status="shipped")
    batches = {batch.action: batch.id for batch in Batch.objects.all()}
    for action, status in (("hand_over", "labelled"), ("label", "ready"), ("release", "preparing")):
        outcome = undo(batches[action], by=house.owner, at=noon)
        assert (action, outcome.done, outcome.refused) == (action, 2, [])
        assert {item.status for item in house.items()} == {status}
    assert {(item.carrier, item.waybill) for item in house.items()} == {("", "")}


def test_undo_refuses_what_moved_on(house, noon):
    first, second = house.order("A1", "a")[0], house.order("B1", "b")[0]
    batch = release(ALL, by=None, at=noon).batch
    withdraw(of(second), by=None, at=noon)
    outcome = undo(batch, by=None, at=noon)
    assert outcome.done == 1
    assert [(row.id, row.code) for row in outcome.refused] == [(second.id, "not_last")]
    first.refresh_from_db()
    assert first.status == "preparing"


def test_undo_of_a_hold_leaves_the_other_hold(house, noon):
    (item,) = house.order("A1", "a")
    hold(of(item), reason="stock", by=None, at=noon)
    second = hold(of(item), reason="address", by=None, at=noon)
    undo(second.batch, by=None, at=noon)
    item.refresh_from_db()
    assert item.held
    assert [row.code for row in release(of(item), by=None, at=noon).refused] == ["held"]


def test_hand_over_needs_a_number_unless_none_is_needed(house, noon):
    """P30; 직접배송, 퀵, 방문수령 leave without a number."""
    from jumun.orders.actions.label import NewWaybill, label

    (item,) = house.order("A1", "a", method=Method.DIRECT)
    release(of(item), by=None, at=noon)
    assert label([NewWaybill(item.id, "direct", "")], by=None, at=noon).done == 1
    assert hand_over(of(item), by=None, at=noon).done == 1


def test_a_labelled_parcel_with_a_cancel_request_has_a_way_out(house, noon):
    """Withdraw it with its number, take the claimed item out, release the rest; undo brings the number back."""
    from tests.making import good_number

    from jumun.orders.models import Shipment

    good, bad = house.order("A1", "a", "b")
    house.put(status="labelled", numbers=[good_number(1)])
    OrderItem.objects.filter(id=bad.id).update(claim="cancel_requested", claim_open=True)
    assert hand_over(of(good), by=None, at=noon).done == 0
    outcome = withdraw(of(good), by=None, at=noon)
    assert outcome.done == 2
    assert {(item.status, item.waybill) for item in house.items()} == {("preparing", "")}
    assert Shipment.objects.get().waybill == ""
    assert undo(outcome.batch, by=None, at=noon).done == 2
    assert {(item.status, item.waybill) for item in house.items()} == {("labelled", good_number(1))}
    withdraw(of(good), by=None, at=noon)
    take_out(of(bad), by=None, at=noon)
    assert release(of(good), by=None, at=noon).done == 1


def test_a_sku_that_comes_later_links_what_waited(house, noon):
    """C12: by exact own code; then it can be released."""
    from jumun.catalog.actions import ProductFields, SkuFields
    from jumun.intake.catalogue import fill_catalogue

    (item,) = house.order("A1", "a", seller_code="NEW-1")
    assert [row.code for row in release(of(item), by=None, at=noon).refused] == ["unmatched"]
    product = ProductFields("NEW", "새 상품", [SkuFields("NEW-1", ship_from="main")])
    assert fill_catalogue(house.company, [product], by=house.owner, at=noon).linked == 1
    assert fill_catalogue(house.company, [product], by=house.owner, at=noon).linked == 0
    assert release(of(item), by=None, at=noon).done == 1
