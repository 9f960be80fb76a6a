"""C20, C22, N20: what orders have from before when stock is given out again, and what of a shipment is split off."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.allocation.test_runs import allocations, have, order, run
from tests.making import make_line
from tests.stock.ledger import balance_is_its_moves, shelf

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import Sku, Supplier
from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage
from jumun.companies.models import Company
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.hold import hold
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.stock.allocation_queries import list_results
from jumun.stock.criteria import Criteria
from jumun.stock.explaining import explain_text
from jumun.stock.freeing import free_items
from jumun.stock.saving import SavedFields, run_due, save_criteria
from jumun.stock.splitting import split_unallocated


@pytest.fixture
def goods(house):
    """SKUs A and B that carry stock, GIFT that does not (I28)."""
    made = [ProductFields("P", "상품", [SkuFields(code, ship_from="main") for code in ("A", "B")])]
    made.append(ProductFields("G", "각인", [SkuFields("GIFT", ship_from="main")], option_kind="independent"))
    put_products(house.company, made)
    return house


def relink(house, key, parts):
    """Say what the listing of this option code is made of."""
    listing = ListingRef(house.account, "P1", "온산 순면 라운드 티셔츠", key, "블랙 / L")
    return put_links([NewLink(listing=listing, kind="link", parts=parts)], by=house.owner, at=house.at)


def claimed(house, number, sku, *, hours=5, **more):
    """The channel tells of a claim an hour later."""
    at = house.at - timedelta(hours=hours)
    told = make_line(number, f"{number}{sku}", at, seller_code=sku, option_code=sku, ordered_at=at, **more)
    later = house.at + timedelta(hours=1)
    catch_up(house.account, [told], at=later, asked=later)


@pytest.mark.parametrize("step", ["ready", "labelled"])
def test_what_was_released_keeps_its_stock(goods, step):
    """C20: a parcel that is being packed does not lose its goods to an older order."""
    order(goods, "N1", "A")
    have(goods, A=1)
    run(goods)
    goods.put(status=step)
    order(goods, "N2", "A", hours=40)
    run(goods, again=("full", "partial"))
    assert allocations() == {"N1A": "full", "N2A": "none"}


def test_a_dry_run_does_not_promise_what_a_claim_holds(goods):
    """C18, C20: an item with an open claim keeps what it has, ahead and in earnest alike."""
    order(goods, "N1", "A")
    have(goods, A=1)
    run(goods)
    claimed(goods, "N1", "A", claim=ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1))
    order(goods, "N2", "A", hours=40)
    ahead = run(goods, again=("full",), dry_run=True)
    done = run(goods, again=("full",))
    assert (ahead.full, ahead.auto) == (done.full, done.auto)
    assert allocations()["N1A"] == "full"


def test_a_later_run_splits_what_an_earlier_one_left(goods):
    """C22: a shipment with stock from before is partial, whatever this run could give it."""
    order(goods, "N1", "A", "B")
    have(goods, A=1)
    assert run(goods).partial == 1
    ahead = run(goods, split=True, dry_run=True)
    later = run(goods, split=True)
    assert (ahead.partial, ahead.split) == (later.partial, later.split) == (1, 1)


def test_what_needs_no_stock_stays_where_it_is(goods):
    """I28, C22: it is neither split off nor does it make its shipment partial."""
    order(goods, "N1", "A", "B", "GIFT")
    order(goods, "N2", "A", "GIFT", hours=9)
    have(goods, A=2)
    assert run(goods, split=True).full == 1
    places = dict(OrderItem.objects.values_list("line_no", "shipment_id"))
    assert places["N1GIFT"] == places["N1A"] != places["N1B"]
    assert places["N2GIFT"] == places["N2A"]
    assert split_unallocated(by=goods.owner, at=goods.at).done == 0
    order(goods, "N3", "A", hours=40)
    run(goods, again=("partial",))
    assert allocations()["N2A"] == "full", "full is not partial for what it does not need"


def test_an_item_with_part_of_its_goods_gets_the_rest(goods):
    """C20: made of more goods since, it needs only what it does not have."""
    order(goods, "N1", "X1", quantity=2)
    relink(goods, "X1", [("A", 1)])
    have(goods, A=2)
    run(goods)
    relink(goods, "X1", [("A", 1), ("B", 3)])
    assert allocations()["N1X1"] == "partial"
    have(goods, B=6)
    done = run(goods)
    [row] = list_results(done.id)
    assert (done.full, row.quantity, row.units) == (1, 2, 2)
    assert (allocations()["N1X1"], shelf("A"), shelf("B")) == ("full", (2, 2), (6, 6))
    assert balance_is_its_moves()


def test_who_is_too_big_stands_in_nobodys_way(goods):
    """N19: of two that are made of other goods now, the one there is enough for has them."""
    order(goods, "N1", "X1", quantity=5)
    order(goods, "N2", "X1", hours=4)
    relink(goods, "X1", [("A", 1)])
    have(goods, A=6, B=3)
    run(goods)
    relink(goods, "X1", [("B", 1)])
    assert allocations() == {"N1X1": "none", "N2X1": "full"}


def test_who_gave_back_is_not_named_as_a_taker(goods):
    """N20: an order that lost its goods in this run has none of them."""
    order(goods, "N1", "A", hours=10)
    have(goods, A=1)
    run(goods)
    order(goods, "N2", "A", hours=40)
    order(goods, "N3", "A", hours=5)
    done = run(goods, again=("full",))
    told = {row.order_number: explain_text(row.why, "en") for row in list_results(done.id, state="unallocated")}
    assert told == {"N1": "short 1 of A; taken by orders N2", "N3": "short 1 of A; taken by orders N2"}


def test_a_part_that_is_cancelled_is_the_one_without_stock(goods):
    """R22: of a line divided for stock, the units that wait for goods end first."""
    order(goods, "N1", "A", quantity=3)
    have(goods, A=1)
    run(goods, split=True)
    claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.DONE, "C1", 1)
    claimed(goods, "N1", "A", quantity=3, remaining=2, claim=claim)
    live = OrderItem.objects.exclude(status="cancelled").order_by("id")
    assert list(live.values_list("quantity", "allocation")) == [(1, "full"), (1, "none")]
    assert shelf("A") == (1, 1)


def test_saved_again_a_time_that_has_come_is_not_lost(goods):
    """C18: criteria renamed at two past nine still run for nine o'clock; with other times they wait for these."""
    at = datetime(2026, 11, 23, 23, tzinfo=UTC)  # eight in the morning in Seoul
    saved = save_criteria(SavedFields("아침", Criteria(), ("09:00",)), by=goods.owner, at=at)
    later = at + timedelta(minutes=62)
    save_criteria(SavedFields("새 이름", Criteria(), ("09:00",)), by=goods.owner, at=later, saved=saved.id)
    assert run_due(at=later + timedelta(minutes=3)) == 1
    save_criteria(SavedFields("새 이름", Criteria(), ("09:01",)), by=goods.owner, at=later, saved=saved.id)
    assert run_due(at=later + timedelta(minutes=4)) == 0


def test_where_nothing_goes_without_stock_it_stays_with_what_was_released(goods):
    """C20: 할당 해제 and a hold leave a released order its goods where the company releases nothing without them."""
    Company.objects.update(hold_frees_stock=True, release_needs_allocation=True)
    order(goods, "N1", "A")
    have(goods, A=1)
    run(goods)
    goods.put(status="labelled")
    every = Selection(filter=ItemFilter())
    assert free_items(every, by=goods.owner, at=goods.at).reasons == {"released_with_stock": 1}
    hold(every, reason="customer", by=goods.owner, at=goods.at)
    assert (allocations()["N1A"], shelf("A")) == ("full", (1, 1))


def test_a_set_is_of_its_parts_supplier(goods):
    """C23: suppliers of what a set is made of count as its own."""
    supplier = Supplier.objects.create(company_id=goods.company, code="S1", name="공급사")
    put_products(goods.company, [ProductFields("SS", "세트", [SkuFields("SET", ship_from="main", parts=(("A", 1),))])])
    Sku.objects.filter(code="A").update(supplier=supplier)
    order(goods, "N1", "SET")
    have(goods, A=1)
    assert (run(goods, suppliers=("S1",)).full, allocations()["N1SET"]) == (1, "full")
