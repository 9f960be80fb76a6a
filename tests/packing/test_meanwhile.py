"""C14, C22, R26: what happens between a look and a decision, and what was taken apart on purpose."""

from datetime import timedelta

import pytest
from tests.packing.test_combining import order, pack, shipments

from jumun.catalog.models import Sku
from jumun.orders.actions.take_out import take_out
from jumun.orders.models import Component
from jumun.orders.selection import Selection
from jumun.packing.combining import run_packing
from jumun.packing.deciding import decide_candidates, settle_review
from jumun.packing.joining import Joining, join_shipments
from jumun.packing.load import Load
from jumun.packing.loading import Scope, load_parcels
from jumun.packing.models import Candidate
from jumun.packing.queries import count_late_joiners, list_candidates


def ice(house, **flags):
    """A SKU that may not go with a shirt."""
    shirt = Sku.objects.get(code="TSH-BLK-L")
    return Sku.objects.create(
        company_id=house.company, product=shirt.product, code="ICE", name="얼음", ship_from_id=house.ship_from, **flags
    )


@pytest.mark.parametrize(
    ("flags", "code"), [({"storage": "frozen"}, "other_storage"), ({"never_combine": True}, "sku_alone")]
)
def test_goods_that_became_others_since_the_look_are_judged_anew(house, flags, code):
    """C14, R26: matched again between a run and a person's decision, to what may not go along."""
    order(house, "A")
    order(house, "B", phone1="010-0000-9999")
    run, _ = pack(house)
    group = list_candidates(run.id)[0].group
    Component.objects.filter(item__order_number="B").update(sku_id=ice(house, **flags).id)

    outcome = settle_review(group, "combine", by=house.owner, at=house.at)

    assert (outcome.done, outcome.reasons) == (0, {code: 1})
    assert len(set(shipments(house).values())) == 2


def test_what_is_full_says_so(house):
    """C14: a person's decision that the cap forbids is refused by name."""
    for number in "ABC":
        order(house, number, phone1=f"0502-1111-000{ord(number) % 10}")
    run = run_packing(Scope(caps=Load(2)), by=house.owner, at=house.at)[0]
    waiting = [row.id for row in list_candidates(run.id) if row.reasons != ("base",)]
    outcome = decide_candidates(waiting, "combine", by=house.owner, at=house.at)
    assert (outcome.done, outcome.refused_total, outcome.reasons) == (1, 1, {"too_many": 1})


def test_what_was_taken_out_is_asked_about(house):
    """C22: a shipment taken apart on purpose is not one again by the next run; a person may put it together."""
    order(house, "A")
    order(house, "B")
    pack(house)
    [item] = house.items("B")
    house.at += timedelta(minutes=1)
    assert take_out(Selection(ids=(item.id,)), by=house.owner, at=house.at).done == 1
    assert count_late_joiners() == 0
    house.at += timedelta(minutes=1)
    run, outcome = pack(house)
    assert (outcome.done, run.reviews) == (0, 1)
    [row] = Candidate.objects.filter(run=run, reasons=["taken_out"])

    assert decide_candidates([row.id], "combine", by=house.owner, at=house.at).done == 1
    assert len(set(shipments(house).values())) == 1
    house.at += timedelta(minutes=1)
    order(house, "C")
    assert pack(house)[1].done == 1


def test_a_parcel_taken_along_meanwhile_is_left_alone(house):
    """R26: goods changed after shipments were read and before they were locked are refused by the statement that moves them."""
    order(house, "A")
    order(house, "B")
    loaded = load_parcels(Scope())
    one, other = sorted(loaded.revisions)
    Component.objects.filter(item__order_number="B").update(sku_id=ice(house, storage="frozen").id)
    joining = [Joining(other, one, loaded.revisions[other], loaded.revisions[one])]
    assert join_shipments(joining, by=house.owner, at=house.at).reasons == {"other_storage": 1}
