"""C18-C24, N20: runs of 할당 on a real PostgreSQL: who gets what, what is written, what changed meanwhile."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.making import make_line
from tests.stock.ledger import fill

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import SetPart, Sku
from jumun.core.errors import ConflictError, NotFoundError
from jumun.orders.actions.divide import divide
from jumun.orders.actions.hold import hold
from jumun.orders.models import OrderItem, TimelineEvent
from jumun.orders.selection import Selection
from jumun.stock import allocating
from jumun.stock.allocating import fail_run, perform_run, start_run
from jumun.stock.allocation_models import AllocationResult, AllocationRun
from jumun.stock.allocation_queries import get_run, list_results
from jumun.stock.criteria import BEST, Criteria, read_criteria
from jumun.stock.explaining import explain_text
from jumun.stock.models import Balance, Reservation
from jumun.stock.saving import SavedFields, forget_criteria, is_due, run_due, save_criteria
from jumun.stock.splitting import split_unallocated


@pytest.fixture
def goods(house):
    """SKUs A and B, none of them there yet."""
    put_products(
        house.company, [ProductFields("P", "상품", [SkuFields(code, ship_from="main") for code in ("A", "B")])]
    )
    return house


def order(house, number, *skus, quantity=1, hours=5, amount=10_000, **more):
    """An order of one line for each SKU, placed some hours ago."""
    at = house.at - timedelta(hours=hours)
    lines = [
        make_line(
            number, f"{number}{sku}", at, seller_code=sku, quantity=quantity, remaining=quantity, ordered_at=at,
            amount=Decimal(amount), option_code=sku, **more,
        )
        for sku in skus
    ]  # fmt: skip
    house.store(lines)


def have(house, **stock):
    """This much is there."""
    for sku, number in stock.items():
        fill(house, number, sku)


def run(house, *, dry_run=False, **criteria):
    """A run from start to end."""
    made = start_run(Criteria(**criteria), by=house.owner, at=house.at, dry_run=dry_run)
    perform_run(made, at=house.at)
    return get_run(made)


def allocations():
    """What each line's item has."""
    return dict(OrderItem.objects.order_by("line_no").values_list("line_no", "allocation"))


def reserved():
    """Of each SKU, by balances and by reservations, which agree."""
    balances = dict(Balance.objects.filter(reserved__gt=0).values_list("sku__code", "reserved"))
    rows = {}
    for sku, number in Reservation.objects.values_list("sku__code", "quantity"):
        rows[sku] = rows.get(sku, 0) + number
    assert balances == rows
    return rows


def test_full_first_then_partial_and_written(goods):
    """C18, C19, C24: who gets what stands in the run, in the reservations and on the items; who does not is told why."""
    order(goods, "N1", "A", "B", hours=5)
    order(goods, "N2", "B", hours=9)
    have(goods, A=1, B=1)
    done = run(goods)
    assert (done.state, done.full, done.partial, done.none, done.auto, done.unallocated) == ("done", 1, 1, 0, 2, 1)
    assert allocations() == {"N1A": "full", "N1B": "none", "N2B": "full"}
    assert reserved() == {"A": 1, "B": 1}
    [row] = list_results(done.id, state="unallocated")
    assert (row.order_number, row.shipment_state) == ("N1", "partial")
    assert explain_text(row.why, "en") == "short 1 of B; taken by orders N2"
    assert [row.order_number for row in list_results(done.id, shipments="full")] == ["N2"]


def test_a_dry_run_says_the_same_and_writes_nothing(goods):
    """C18: the result first."""
    order(goods, "N1", "A", quantity=2)
    have(goods, A=2)
    told = run(goods, dry_run=True)
    assert (told.full, told.dry_run, told.batch, reserved()) == (1, True, None, {})
    assert run(goods).full == 1 and reserved() == {"A": 2}


def test_twice_is_once_and_a_second_run_goes_on(goods):
    """R21: a run carried out again changes nothing; the next one gives only what is still missing."""
    order(goods, "N1", "A")
    order(goods, "N2", "A", hours=3)
    have(goods, A=1)
    first = run(goods)
    perform_run(first.id, at=goods.at)
    assert reserved() == {"A": 1} and AllocationResult.objects.count() == 2
    have(goods, A=2)
    second = run(goods)
    assert (second.full, second.auto, second.unallocated) == (2, 2, 0) and reserved() == {"A": 2}


def test_what_was_given_is_given_anew_only_where_asked(goods):
    """C20: full shipments, partial ones, or none; the urgent order comes first then."""
    order(goods, "N1", "A")
    have(goods, A=1)
    run(goods)
    order(goods, "N2", "A", hours=40)
    assert run(goods).none == 1 and allocations() == {"N1A": "full", "N2A": "none"}
    run(goods, again=("partial",))
    assert allocations() == {"N1A": "full", "N2A": "none"}
    run(goods, again=("full",), dry_run=True)
    assert allocations() == {"N1A": "full", "N2A": "none"}
    run(goods, again=("full",))
    assert allocations() == {"N1A": "none", "N2A": "full"} and reserved() == {"A": 1}


@pytest.mark.parametrize(
    ("criteria", "taking_part"),
    [
        ({}, "OLD BIG LATE"),
        ({"held": True}, "OLD BIG LATE HELD"),
        ({"days": 2}, "BIG LATE"),
        ({"quantity_from": 5}, "BIG"),
        ({"quantity_to": 4}, "OLD LATE"),
        ({"amount_from": 50_000, "amount_to": 50_000}, "LATE"),
        ({"accounts": (2**40,)}, ""),
        ({"suppliers": ("NOBODY",)}, ""),
        ({"option_tags": ("none",)}, ""),
        ({"since": datetime(2030, 1, 1, tzinfo=UTC)}, ""),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, ""),
    ],
    ids=str,
)
def test_who_takes_part(goods, criteria, taking_part):
    """C18, C21, C23: period, accounts, suppliers, option tags, held ones, quantity and amount of the whole order."""
    order(goods, "OLD", "A", hours=100)
    order(goods, "BIG", "A", quantity=5)
    order(goods, "LATE", "A", amount=50_000, hours=1)
    order(goods, "HELD", "A")
    hold(Selection(ids=(goods.items("HELD")[0].id,)), reason="customer", by=goods.owner, at=goods.at)
    have(goods, A=99)
    done = run(goods, **criteria)
    assert (
        {row.order_number for row in list_results(done.id)}
        == set(taking_part.split())
        == {item.order_number for item in goods.items() if item.allocation == "full"}
    )


def test_an_unmatched_line_gets_none(goods):
    """C24: no stock would help it."""
    order(goods, "N1", "A", "UNKNOWN")
    have(goods, A=1)
    done = run(goods)
    assert done.auto == 1 and [row.why.code for row in list_results(done.id) if row.state != "auto"] == ["unmatched"]


def test_a_set_takes_its_parts(goods):
    """A set has no stock of its own: one A is two B."""
    a, b = Sku.objects.filter(code__in=("A", "B")).order_by("code")
    SetPart.objects.create(company_id=goods.company, sku=a, part=b, quantity=2)
    order(goods, "N1", "A", quantity=2)
    have(goods, A=9, B=3)
    assert run(goods).none == 1
    have(goods, B=4)
    assert run(goods).full == 1 and reserved() == {"B": 4}


def test_at_its_best_more_ship_and_the_bound_is_told(goods):
    """C19: one large order before two small ones, or both small ones."""
    order(goods, "LARGE", "A", "B", hours=9)
    order(goods, "S1", "A")
    order(goods, "S2", "B")
    have(goods, A=1, B=1)
    assert run(goods, dry_run=True).full == 1
    best = run(goods, strategy=BEST)
    assert best.full == 2 and (best.proof["bound"], best.proof["proven"]) == (2, True)


def test_what_changed_meanwhile_is_left_alone(goods, monkeypatch):
    """R22: an item that was held by another action since, and stock that is gone, get nothing and are named."""
    order(goods, "N1", "A")
    order(goods, "N2", "B", hours=2)
    have(goods, A=1, B=1)
    real = allocating.decide

    def late(criteria, *, at):
        decided = real(criteria, at=at)
        hold(Selection(ids=(goods.items("N1")[0].id,)), reason="customer", by=goods.owner, at=goods.at)
        have(goods, B=0)
        return decided

    monkeypatch.setattr(allocating, "decide", late)
    done = run(goods)
    assert (done.auto, done.unallocated, done.none) == (0, 2, 2) and reserved() == {}
    assert {row.why.code for row in list_results(done.id)} == {"changed"}


def test_the_unallocated_rest_is_split_off(goods):
    """C22: per order, for all, or with the run; shipments that wait as a whole stay whole."""
    for number in ("N1", "N2", "N3"):
        order(goods, number, "A", "B")
    order(goods, "N4", "B")
    goods.store([make_line("N4", "N4C", goods.at, seller_code="B", option_code="C")])
    have(goods, A=3)
    assert run(goods).partial == 3
    assert split_unallocated(orders=["N1"], by=goods.owner, at=goods.at, dry_run=True).done == 1
    assert split_unallocated(orders=["N1"], by=goods.owner, at=goods.at).done == 1
    shipments = {number: len({item.shipment_id for item in goods.items(number)}) for number in ("N1", "N2", "N4")}
    assert shipments == {"N1": 2, "N2": 1, "N4": 1}
    assert split_unallocated(by=goods.owner, at=goods.at).done == 2
    assert split_unallocated(by=goods.owner, at=goods.at).done == 0
    order(goods, "N5", "A", "B")
    have(goods, A=4)
    assert run(goods, split=True).split == 1


def test_an_item_is_divided_where_the_rest_is_split_off(goods):
    """C22: three of five ship now; quantities and amounts of the line add up, the rest waits in a shipment of its own."""
    order(goods, "N1", "A", quantity=5, amount=10_001)
    have(goods, A=3)
    assert run(goods).none == 1
    told = run(goods, split=True, dry_run=True)
    assert (told.partial, told.split, len(goods.items("N1"))) == (1, 1, 1)
    done = run(goods, split=True)
    assert (done.partial, done.auto, done.split) == (1, 1, 1)
    [row] = list_results(done.id)
    assert (row.quantity, row.units, explain_text(row.why, "en")) == (5, 3, "short 2 of A")
    kept, rest = goods.items("N1")
    assert (kept.quantity, kept.amount, kept.allocation) == (3, 6000, "full")
    assert (rest.quantity, rest.amount, rest.allocation, rest.line_id) == (2, 4001, "none", kept.line_id)
    assert kept.shipment_id != rest.shipment_id and reserved() == {"A": 3}
    assert rest.component_set.count() == 1
    assert {event.action for event in TimelineEvent.objects.filter(item_id=rest.id)} >= {"divide", "take_out"}


def test_only_what_may_be_divided_is(goods):
    """DESIGN, Claims: after 상품준비 only a claim divides; a held item keeps its reasons."""
    order(goods, "N1", "A", quantity=5)
    item = goods.items("N1")[0].id
    assert (
        divide({item: 5}, by=None, at=goods.at)
        == divide({item: 0}, by=None, at=goods.at)
        == divide({}, by=None, at=goods.at)
        == {}
    )
    goods.put(status="ready")
    have(goods, A=3)
    assert run(goods, split=True).none == 1 and divide({item: 3}, by=None, at=goods.at) == {}


def test_statements_do_not_grow_with_items(goods):
    """A run of forty orders takes as many statements as one of two."""

    def count(number):
        for each in range(number):
            order(goods, f"N{number}-{each}", "A", "B")
        have(goods, A=1000, B=number)
        with CaptureQueriesContext(connection) as captured:
            run(goods)
        return len(captured)

    assert count(2) == count(40)


def test_saved_criteria_run_by_the_clock(goods):
    """C18, C23: kept by name, run at their times of day once."""
    order(goods, "N1", "A")
    have(goods, A=1)
    criteria = Criteria(days=3, accounts=(goods.account,), since=goods.at, strategy=BEST)
    assert read_criteria(criteria.as_json()) == criteria
    saved = save_criteria(SavedFields("아침", Criteria(days=3), ("12:30", "09:00")), by=goods.owner, at=goods.at)
    with pytest.raises(ConflictError):
        save_criteria(SavedFields("아침", Criteria()), by=goods.owner, at=goods.at)
    later = saved.due_from.replace(hour=3, minute=31) + timedelta(days=1)
    assert run_due(at=goods.at) == 0
    assert (run_due(at=later - timedelta(minutes=3)), run_due(at=later), run_due(at=later)) == (0, 1, 0)
    [begun] = AllocationRun.objects.all()
    assert (begun.saved_id, begun.by_id, begun.criteria["days"]) == (saved.id, None, 3)
    forget_criteria(saved.id)
    with pytest.raises(NotFoundError):
        forget_criteria(saved.id)


def test_times_of_day_are_koreas():
    """00:05 in Korea is 15:05 of the day before in UTC; each moment counts once."""
    midnight = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert is_due(["00:05"], midnight, midnight + timedelta(minutes=5))
    assert not is_due(["00:05"], midnight + timedelta(minutes=5), midnight + timedelta(minutes=10))
    assert not is_due(["00:05"], midnight - timedelta(minutes=5), midnight)


def test_a_run_that_breaks_off_says_so(goods):
    """It is not left waiting; one that is done stays done."""
    made = start_run(Criteria(), by=None, at=goods.at)
    fail_run(made, at=goods.at)
    perform_run(made, at=goods.at)
    assert get_run(made).state == "failed"
    done = run(goods)
    fail_run(done.id, at=goods.at)
    assert get_run(done.id).state == "done"


def test_a_run_whose_task_was_lost_is_told_as_failed(goods):
    """What a page waits for ends some day; a run begun a moment ago goes on."""
    old = start_run(Criteria(), by=goods.owner, at=goods.at - timedelta(hours=2))
    new = start_run(Criteria(), by=goods.owner, at=goods.at)
    allocating.fail_stale(at=goods.at)
    assert (get_run(old).state, get_run(new).state) == ("failed", "waiting")
    perform_run(old, at=goods.at)
    assert get_run(old).state == "failed"


def test_what_is_divided_costs_what_it_did(goods):
    """C22, I8: quantities and whole won of the line still add up."""
    order(goods, "ODD", "A", quantity=3, amount=10_001)
    (item,) = goods.items("ODD")
    divide({item.id: 1}, by=goods.owner, at=goods.at)
    assert sorted((each.quantity, each.amount) for each in goods.items("ODD")) == [(1, 3_333), (2, 6_668)]
