"""C14-C17, I16, N8: shipments put together, reviewed, taken apart, on a real PostgreSQL."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumun.catalog.models import SetPart, Sku
from jumun.channels.port import Address, Carriage
from jumun.orders.actions.edit import edit_order
from jumun.orders.models import OrderItem, Recipient, TimelineEvent
from jumun.packing.combining import run_packing
from jumun.packing.deciding import settle_kind, settle_review
from jumun.packing.leaving import uncombine
from jumun.packing.load import Load
from jumun.packing.loading import Scope, read_goods
from jumun.packing.models import Candidate, Combination
from jumun.packing.queries import find_late_joiners, list_candidates

HERE = {"name": "홍길동", "phone1": "010-0000-1234", "postcode": "04524"}
HERE |= {"address1": "서울 중구 세종대로 110", "address2": "101동 202호"}


def order(house, number, **change):
    at = {name: change.pop(name) for name in ("ordered_at", "carriage") if name in change}
    house.order(number, number.lower(), recipient=Address(**(HERE | change)), **at)


def pack(house, **scope):
    return run_packing(Scope(**scope), by=house.owner, at=house.at)


def shipments(house):
    return {item.order_number: item.bundle_no for item in house.items()}


def test_what_is_sure_goes_together(house):
    """C14, N8: one parcel of two orders, each order's item told in its timeline; a third is reviewed, a fourth not named."""
    order(house, "A")
    order(house, "B", phone1="+82 10 0000 1234", address1="서울특별시 중구 세종대로110", address2="101-202")
    order(house, "C", phone1="010-0000-9999")
    order(house, "D", name="이몽룡", phone1="010-7777-7777", address1="부산 중구 중앙대로 1")

    run, outcome = pack(house)
    now = shipments(house)

    assert (outcome.done, run.combined, run.reviews) == (1, 1, 1)
    assert now["A"] == now["B"] != now["C"]
    assert [(row.verdict, row.reasons) for row in Candidate.objects.order_by("id")] == [
        ("combine", ["base"]),
        ("combine", ["all_the_same"]),
        ("review", ["phone_differs"]),
    ]
    [told] = TimelineEvent.objects.filter(action="combine")
    assert told.detail["into"] == now["A"]
    assert pack(house)[1].done == 0


def test_a_review_is_settled_and_taken_apart(house):
    """C15, I16: combined against the base by a person; back in its own shipment when taken apart."""
    order(house, "A")
    order(house, "B", phone1="010-0000-9999")
    before = shipments(house)
    run, _ = pack(house)
    rows = list_candidates(run.id)
    group = rows[0].group

    assert settle_review(group, "combine", by=house.owner, at=house.at).done == 1
    assert settle_review(group, "combine", by=house.owner, at=house.at).done == 0
    assert len(set(shipments(house).values())) == 1
    [item] = house.items("A")
    assert uncombine([item.shipment_id], by=house.owner, at=house.at).done == 1
    assert shipments(house) == before
    assert TimelineEvent.objects.filter(action="uncombine").count() == 1


def test_all_of_a_kind_at_once(house):
    """C15: safe numbers of chosen accounts, settled together; another reason stays."""
    order(house, "A", phone1="0502-1111-2222")
    order(house, "B", phone1="0502-3333-4444")
    order(house, "C", name="홍길순", address1="서울 중구 세종대로 1", phone1="010-1-1")
    run, _ = pack(house)
    done = settle_kind(run.id, "safe_number", "combine", accounts=[house.account + 1], by=house.owner, at=house.at)
    assert done.done == 0
    done = settle_kind(run.id, "safe_number", "combine", accounts=[house.account], by=house.owner, at=house.at)
    assert done.done == 1
    assert len(set(shipments(house).values())) == 2


@pytest.mark.parametrize("changed", ["A", "B"])
def test_an_order_whose_address_changes_leaves(house, changed):
    """C14: the parcel was combined on an address; when an order's is another, it goes alone, whoever was the base."""
    order(house, "A")
    order(house, "B")
    before = shipments(house)
    pack(house)
    assert len(set(shipments(house).values())) == 1
    found = Recipient.objects.get(order__number=changed)
    edit_order(found.order_id, {"address2": "103동 1호"}, revision=found.revision, by=house.owner, at=house.at)
    assert shipments(house) == before
    assert not Combination.objects.filter(ended_at=None).exists()
    assert pack(house)[1].done == 0


def test_an_address_that_changes_after_the_label_is_held(house):
    """C14: what has a number cannot leave its parcel; it is held until a person decides."""
    order(house, "A")
    order(house, "B")
    pack(house)
    house.put(status="labelled")
    found = Recipient.objects.get(order__number="B")
    edit_order(found.order_id, {"address2": "103동 1호"}, revision=found.revision, by=house.owner, at=house.at)
    assert [item.held for item in house.items("B")] == [True]


def test_not_after_a_number(house):
    """I16: with a number on it a parcel neither takes orders in nor is taken apart."""
    order(house, "A")
    order(house, "B")
    pack(house)
    house.put(status="labelled")
    order(house, "C")
    run, outcome = pack(house)
    assert (outcome.done, run.combined) == (0, 0)
    refused = uncombine([house.items("A")[0].shipment_id], by=house.owner, at=house.at)
    assert (refused.done, [each.code for each in refused.refused]) == (0, ["wrong_status"])


def test_what_joins_what_joined_goes_back_to_its_own(house):
    """I16: C joined B, both joined A; taken apart, each is where it was stored."""
    order(house, "B", phone1="010-0000-9999")
    order(house, "C", phone1="010-0000-9999")
    pack(house)
    order(house, "A", ordered_at=house.at - timedelta(days=2))
    run, _ = pack(house)
    [base, _] = list_candidates(run.id)
    settle_review(base.group, "combine", by=house.owner, at=house.at)
    assert len(set(shipments(house).values())) == 1
    uncombine([house.items("A")[0].shipment_id], by=house.owner, at=house.at)
    assert len(set(shipments(house).values())) == 3


def test_a_late_order_could_still_join(house):
    """N8: the alert names it before anybody runs again, and the period leaves out what is older (C16)."""
    order(house, "A")
    order(house, "B")
    pack(house)
    assert find_late_joiners(Scope()) == []
    order(house, "C")
    assert len(find_late_joiners(Scope())) == 1
    assert pack(house, since=house.at)[1].done == 0
    assert pack(house)[1].done == 1


def test_as_many_statements_for_many(house):
    """R: a constant number of statements, whatever the number of shipments."""
    counts = []
    for size in (2, 12):
        for number in range(size):
            order(house, f"N{size}-{number}", name=f"사람{size}{number // 2}", phone1=f"010-{size:04}-{number // 2:04}")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            _, outcome = pack(house)
        assert outcome.done == size // 2
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_prepaid_and_collect_stay_apart(house):
    """C17: one label cannot be paid by both; what does not say is prepaid."""
    order(house, "A")
    order(house, "B", carriage=Carriage.COLLECT)
    order(house, "C", carriage=Carriage.PREPAID)
    run, _ = pack(house)
    assert run.combined == 1
    assert "prepaid_and_collect" in str(list(Candidate.objects.values_list("reasons", flat=True)))


def test_a_parcel_takes_no_more_than_a_run_allows(house):
    """C17: by pieces and by grams; a set weighs what its parts do unless it says so itself; a person is told too."""
    Sku.objects.filter(code="TSH-BLK-L").update(weight=400)
    for number in ("A", "B", "C"):
        order(house, number)
    run, _ = pack(house, caps=Load(0, 900))
    assert run.combined == 1
    assert "too_heavy" in str(list(Candidate.objects.values_list("reasons", flat=True)))
    weights = {goods.load.grams for goods in read_goods([item.shipment_id for item in house.items()]).values()}
    assert weights == {800, 400}
    sku = Sku.objects.get(code="TSH-BLK-L")
    part = Sku.objects.create(company_id=house.company, product_id=sku.product_id, code="P", name="P", weight=150)
    SetPart.objects.create(company_id=house.company, sku=sku, part=part, quantity=3)
    Sku.objects.filter(id=sku.id).update(weight=0)
    assert {goods.load.grams for goods in read_goods([item.shipment_id for item in house.items()]).values()} == {
        900,
        450,
    }


def test_a_person_is_told_that_a_parcel_would_be_too_heavy(house):
    """C17: counted under the lock, with all that lies in the base by then."""
    Sku.objects.filter(code="TSH-BLK-L").update(weight=450)
    for number, phone in (("A", "010-0000-1234"), ("B", "010-0000-1234"), ("D", "010-9999-9999")):
        order(house, number, phone1=phone)
    run, _ = pack(house, caps=Load(0, 1_000))
    assert (run.combined, run.reviews) == (1, 1)
    waiting = Candidate.objects.get(run=run, verdict="review", decision="", reasons=["phone_differs"])
    refused = settle_review(
        Candidate.objects.get(run=run, shipment_id=waiting.base_id).id, "combine", by=None, at=house.at
    )
    assert (refused.done, refused.reasons) == (0, {"too_heavy": 1})


def test_a_parcel_is_no_bigger_than_a_run_allows(house):
    """C17: sides are cm³; numbers no parcel has are added up all the same."""
    Sku.objects.filter(code="TSH-BLK-L").update(volume=9_999_999, weight=9_999_999)
    for number in ("A", "B", "C"):
        order(house, number)
    run, _ = pack(house, caps=Load(0, 0, 20_000_000))
    assert run.combined == 1
    reasons = list(Candidate.objects.values_list("reasons", flat=True))
    assert ["too_big"] in reasons and "too_heavy" not in str(reasons)
    OrderItem.objects.update(quantity=1_000_000_000)
    assert max(goods.load.volume for goods in read_goods([i.shipment_id for i in house.items()]).values()) > 10**16
