"""Parcels that move in part, and taking back what others touched since (DESIGN §2)."""

from tests.dispatch.test_faults import ALL
from tests.making import good_number, make_line

from jumun.channels.port import Stage
from jumun.dispatch.actions import transmit
from jumun.dispatch.undoing import undo
from jumun.orders.actions.cancel import cancel
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold
from jumun.orders.actions.label import NewWaybill, label, relabel
from jumun.orders.actions.release import release
from jumun.orders.actions.undo import undo as undo_orders
from jumun.orders.models import OrderItem, Shipment
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill, save_waybills


def of(*items):
    return Selection(ids=tuple(item.id for item in items))


def test_a_companion_that_left_on_the_channel_does_not_hold_the_rest_back(house, noon):
    a, b = house.order("A1", "a", "b")
    house.put(status="labelled")
    catch_up(
        house.account,
        [make_line("A1", "a", noon, stage=Stage.DISPATCHED, carrier="hanjin", waybill="300000010634")],
        at=noon,
    )
    b.refresh_from_db()
    assert Shipment.objects.get().waybill == good_number(0) == b.waybill
    outcome = hand_over(of(b), by=None, at=noon)
    assert (outcome.done, outcome.refused) == (1, [])


def test_undo_is_not_stopped_by_a_cancelled_companion(house, noon):
    a, b = house.order("A1", "a", "b")
    batch = release(of(a), by=None, at=noon).batch
    cancel(of(b), by=None, at=noon)
    assert undo_orders(batch, by=None, at=noon).done == 1


def test_undo_never_takes_a_number_another_shipment_has_by_now(house, noon):
    (a,), (b,) = house.order("A1", "a"), house.order("B1", "b")
    house.put(status="ready")
    label([NewWaybill(a.id, "cj", good_number(1))], by=None, at=noon)
    batch = relabel([NewWaybill(a.id, "cj", good_number(2))], by=None, at=noon).batch
    label([NewWaybill(b.id, "cj", good_number(1))], by=None, at=noon)
    outcome = undo_orders(batch, by=None, at=noon)
    assert [(row.id, row.code) for row in outcome.refused] == [(a.id, "waybill_taken")]


def test_undo_takes_back_what_no_channel_had_to_be_told(house, noon):
    house.order("A1", "a")
    house.put(status="shipped")
    OrderItem.objects.update(channel="manual")
    batch = transmit(ALL, by=None, at=noon).batch
    assert house.items()[0].status == "in_transit"
    outcome = undo(batch, by=None, at=noon)
    assert outcome.done == 1
    assert [(i.status, i.push) for i in house.items()] == [("shipped", "")]


def test_undo_of_a_planned_transmit_keeps_the_later_hold(house, noon):
    house.order("A1", "a")
    house.put(status="shipped")
    batch = transmit(ALL, by=None, at=noon).batch
    held = hold(ALL, reason="stock", by=None, at=noon)
    undo(batch, by=None, at=noon)
    assert undo(held.batch, by=None, at=noon).done == 1


def test_a_new_number_for_a_bundle_goes_to_what_is_still_here(house, noon):
    _, b = house.order("A1", "a", "b")
    house.put(status="labelled")
    gone = make_line("A1", "a", noon, stage=Stage.DISPATCHED, carrier="hanjin", waybill="300000010634")
    catch_up(house.account, [gone], at=noon)
    saved = save_waybills([GivenWaybill("cj", good_number(7), bundle_no=b.bundle_no)], by=None, at=noon)
    assert (saved.outcome.done, saved.rows) == (1, [])
    assert {item.line_no: item.waybill for item in house.items()} == {"a": "300000010634", "b": good_number(7)}
