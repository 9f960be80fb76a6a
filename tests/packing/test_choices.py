"""C14, C15, I16, N8: what a person decided stays decided; what stands settled is not asked again; what came late is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.packing.test_combining import order, pack, shipments

from jumun.catalog.models import SetPart, Sku
from jumun.channels.registry import find_profile
from jumun.core.errors import JumunError, NotFoundError
from jumun.orders.actions.hold import hold
from jumun.orders.selection import Selection
from jumun.packing import loading
from jumun.packing.choices import list_standing, set_standing
from jumun.packing.deciding import decide_candidates, settle_kind, settle_review
from jumun.packing.leaving import uncombine
from jumun.packing.load import Load
from jumun.packing.models import Candidate, KeptApart
from jumun.packing.queries import count_late_joiners, list_candidates


def parcels(house):
    return len(set(shipments(house).values()))


def member(run):
    """The candidate of a run that is no base."""
    return next(row for row in Candidate.objects.filter(run=run).order_by("id") if row.base_id != row.shipment_id)


def test_what_was_settled_apart_is_not_asked_again(house):
    """C15: the next run names it, with the reason, and leaves both alone; opened again it waits again."""
    order(house, "A")
    order(house, "B", phone1="010-0000-9999")
    run, _ = pack(house)
    [row, *_] = list_candidates(run.id)
    settle_review(row.group, "apart", by=house.owner, at=house.at)
    again, _ = pack(house)
    assert (again.reviews, again.apart) == (0, 2)
    assert Candidate.objects.filter(run=again, reasons=["kept_apart"]).count() >= 1
    assert decide_candidates([member(run).id], "open", by=house.owner, at=house.at).done == 1
    assert pack(house)[0].reviews == 1


def test_what_was_taken_apart_stays_apart(house):
    """I16: the next run does not undo what a person undid; deciding it together again does."""
    order(house, "A")
    order(house, "B")
    run, _ = pack(house)
    uncombine([house.items("A")[0].shipment_id], by=house.owner, at=house.at)
    assert member(run).decision == "apart"
    assert pack(house)[1].done == 0
    assert parcels(house) == 2

    assert decide_candidates([member(run).id], "combine", by=house.owner, at=house.at).done == 1
    assert (parcels(house), KeptApart.objects.count()) == (1, 0)
    assert decide_candidates([member(run).id], "open", by=house.owner, at=house.at).done == 1
    assert (parcels(house), member(run).decision) == (2, "")
    assert pack(house)[1].done == 1


def test_one_of_a_group_leaves_with_what_had_joined_it(house):
    """I16: C is B's person; when B leaves A, C does not stay behind with A."""
    order(house, "B", phone1="010-0000-9999")
    order(house, "C", phone1="010-0000-9999")
    pack(house)
    order(house, "A", ordered_at=house.at - timedelta(days=2))
    run, _ = pack(house)
    chosen = member(run)
    decide_candidates([chosen.id], "combine", by=house.owner, at=house.at)
    assert parcels(house) == 1
    decide_candidates([chosen.id], "apart", by=house.owner, at=house.at)
    assert parcels(house) == 3
    assert pack(house)[1].done == 1
    now = shipments(house)
    assert now["B"] == now["C"] != now["A"]


def test_settled_for_good_for_one_account(house):
    """C15: safe numbers of this account are combined by every run, another reason is still asked."""
    order(house, "A", phone1="0502-1111-2222")
    order(house, "B", phone1="0502-3333-4444")
    order(house, "C", phone1="010-0000-1", name="이몽룡", address1="부산 중구 중앙대로 1")
    order(house, "D", phone1="010-0000-2", name="이몽룡", address1="부산 중구 중앙대로 1")
    assert pack(house)[0].reviews == 2
    set_standing(house.account, "safe_number", on=True, by=house.owner, at=house.at)
    set_standing(house.account, "safe_number", on=True, by=house.owner, at=house.at)
    run, outcome = pack(house)
    assert (outcome.done, run.combined, run.reviews) == (1, 1, 1)
    assert list_standing() == [(house.account, "safe_number")]
    set_standing(house.account, "safe_number", on=False, by=house.owner, at=house.at)
    assert list_standing() == []


def test_what_stands_settled_holds_to_the_cap(house):
    """C14: a parcel that is full takes no more, whoever settled it."""
    for number in "ABC":
        order(house, number, phone1=f"0502-1111-000{ord(number) % 10}")
    set_standing(house.account, "safe_number", on=True, by=house.owner, at=house.at)
    run, outcome = pack(house, caps=Load(2))
    assert (outcome.done, run.reviews) == (1, 1)
    done = settle_kind(run.id, "safe_number", "combine", accounts=[house.account], by=house.owner, at=house.at)
    assert done.done == 0
    assert parcels(house) == 2


@pytest.mark.parametrize("reason", ["all_the_same", "claim_open", "nonsense"])
def test_only_what_is_asked_can_be_settled_for_good(house, reason):
    """C15: a rule that forbids it is never switched off."""
    with pytest.raises(JumunError):
        set_standing(house.account, reason, on=True, by=house.owner, at=house.at)


def test_what_is_not_there(house):
    """Ids of nothing are not found, words of nothing are refused."""
    with pytest.raises(NotFoundError):
        set_standing(2**40, "safe_number", on=True, by=house.owner, at=house.at)
    with pytest.raises(NotFoundError):
        decide_candidates([2**40], "combine", by=house.owner, at=house.at)
    with pytest.raises(JumunError):
        decide_candidates([1], "perhaps", by=house.owner, at=house.at)


def test_a_gift_order_goes_alone(house):
    """C14: what came as a gift is never put into another's parcel, also after its address arrived."""
    order(house, "A")
    [gift] = house.order("B", "b")
    hold(Selection(ids=(gift.id,)), reason="gift_without_address", by=None, at=house.at)
    run, outcome = pack(house)
    assert (outcome.done, run.apart) == (0, 2)
    assert Candidate.objects.filter(reasons__contains=["gift_order"]).exists()


@pytest.mark.parametrize(
    ("flags", "reason"), [({"storage": "frozen"}, "other_storage"), ({"never_combine": True}, "sku_alone")]
)
def test_what_the_sku_says(house, flags, reason):
    """C14: frozen never with what is not, and a SKU that goes alone goes alone; also as a part of a set."""
    whole = Sku.objects.get(code="TSH-BLK-L")
    part = Sku.objects.create(company_id=house.company, product=whole.product, code="ICE", name="얼음", **flags)
    ice = Sku.objects.create(
        company_id=house.company, product=whole.product, code="SET", name="세트", ship_from_id=house.ship_from
    )
    SetPart.objects.create(company_id=house.company, sku=ice, part=part)
    order(house, "A")
    [item] = house.order("B", "b", seller_code="SET")
    assert item.matched and item.sku_code == "SET"
    run, outcome = pack(house)
    assert (outcome.done, parcels(house)) == (0, 2)
    assert Candidate.objects.filter(run=run, reasons__contains=[reason]).exists()
    house.order("C", "c", seller_code="SET")
    assert pack(house)[1].done == (1 if reason == "other_storage" else 0)


def test_a_channel_may_forbid_it(house, monkeypatch):
    """C14: a capability of the channel."""
    forbids = replace(find_profile("naver"), combines=False)
    monkeypatch.setattr(loading, "find_profile", lambda _kind: forbids)
    order(house, "A")
    order(house, "B")
    assert pack(house)[1].done == 0
    assert Candidate.objects.filter(reasons=["channel_forbids"]).exists()


def test_who_came_after_the_run_is_told(house):
    """N8: none before the first run, then those who could join by that run's scope, in a constant number of statements."""
    order(house, "A")
    assert count_late_joiners() == 0
    pack(house)
    assert count_late_joiners() == 0
    house.at += timedelta(minutes=5)
    order(house, "B", phone1="+82 10 0000 1234")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert count_late_joiners() == 1 + number
        counts.append(len(caught))
        order(house, f"C{number}")
    assert counts[0] == counts[1]
    pack(house)
    assert count_late_joiners() == 0


def test_as_many_statements_for_many_decisions(house):
    """R: settling, taking apart and settled kinds take a constant number of statements."""
    counts = []
    for size in (2, 12):
        for number in range(size):
            about = {"name": f"사람{size}{number // 2}", "address1": f"서울 중구 세종대로 {number // 2 + 1}"}
            order(house, f"N{size}-{number}", phone1=f"010-{size:04}-{number:04}", **about)
        run, _ = pack(house)
        with CaptureQueriesContext(connection) as caught:
            done = settle_kind(
                run.id, "phone_differs", "combine", accounts=[house.account], by=house.owner, at=house.at
            )
            decided = list(Candidate.objects.filter(run=run, decision="combined").values_list("id", flat=True))
            decide_candidates(decided, "apart", by=house.owner, at=house.at)
        assert done.done == size // 2
        counts.append(len(caught))
    assert counts[0] == counts[1]
