"""R22: reservations follow their items through every way an item may go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.making import good_number, make_line
from tests.stock.ledger import balance_is_its_moves, fill, reserve_all, shelf

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import Sku
from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.companies.models import Company
from jumun.intake.catalogue import fill_catalogue
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.delete_lines import delete_lines
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.label import NewWaybill, label
from jumun.orders.actions.release import release, withdraw
from jumun.orders.actions.requantify import Requantity, requantify
from jumun.orders.actions.undo import undo
from jumun.orders.filters import ItemFilter
from jumun.orders.models import Batch, OrderItem, OrderLine
from jumun.orders.selection import Selection
from jumun.stock.models import Balance, Move

ALL = Selection(filter=ItemFilter())


def caught(house, *lines):
    return catch_up(house.account, list(lines), at=house.at + timedelta(hours=1), asked=house.at + timedelta(hours=1))


def test_an_undone_hand_over_is_on_the_shelf_again_for_the_same_item(house):
    """R22: taken back, the goods are there and reserved; handed over again, they leave once."""
    house.order("A", "1")
    fill(house, 3)
    reserve_all(house, house.items())
    house.put(status="shipped")
    assert shelf() == (2, 0)
    last = Batch.objects.get(action="hand_over")
    assert undo(last.id, by=house.owner, at=house.at + timedelta(minutes=1)).done == 1
    assert shelf() == (3, 1)
    assert house.items()[0].allocation == "full"
    assert Move.objects.filter(kind="unship", by_id=house.owner).count() == 1
    assert balance_is_its_moves()


def test_withdrawing_a_release_keeps_what_is_reserved(house):
    """C20: back in 신규주문 it is still allocated, and its undo changes nothing either."""
    house.order("A", "1")
    fill(house, 1)
    reserve_all(house, house.items())
    house.put(status="ready")
    back = withdraw(ALL, by=house.owner, at=house.at)
    assert (back.done, shelf()) == (1, (1, 1))
    undo(back.batch, by=house.owner, at=house.at)
    assert shelf() == (1, 1)
    assert balance_is_its_moves()


@pytest.mark.parametrize("frees", [False, True])
def test_a_hold_frees_stock_where_the_company_says_so(house, frees):
    """C21: by default a held order keeps its stock; where it does not, the end of the hold takes none."""
    house.order("A", "1")
    fill(house, 1)
    reserve_all(house, house.items())
    Company.objects.update(hold_frees_stock=frees)
    hold(ALL, reason="customer", by=house.owner, at=house.at)
    assert shelf() == (1, 0 if frees else 1)
    unhold(ALL, by=house.owner, at=house.at)
    assert house.items()[0].allocation == ("none" if frees else "full")
    assert balance_is_its_moves()


def test_what_the_channel_sent_itself_is_consumed(house):
    """I9: sent in the seller centre, over several steps at once: its stock leaves with it, once."""
    house.order("A", "1")
    fill(house, 2)
    reserve_all(house, house.items())
    for stage in (Stage.DISPATCHED, Stage.DELIVERED, Stage.DELIVERED):
        caught(house, make_line("A", "1", house.at, stage=stage))
    assert shelf() == (1, 0)
    assert balance_is_its_moves()


def test_a_part_cancelled_on_the_channel_gives_back_its_part(house):
    """P34: of three, one is cancelled there: two stay reserved, and the item stays fully allocated."""
    house.order("A", "1", quantity=3, remaining=3)
    fill(house, 3)
    reserve_all(house, house.items())
    gone = ClaimSnapshot(kind=ClaimKind.CANCEL, stage=ClaimStage.DONE, claim_id="C1", quantity=1)
    caught(house, make_line("A", "1", house.at, quantity=3, remaining=2, claim=gone))
    assert shelf() == (3, 2)
    assert sorted(OrderItem.objects.values_list("status", "quantity", "allocation")) == [
        ("cancelled", 1, "none"),
        ("preparing", 2, "full"),
    ]
    assert balance_is_its_moves()


def test_another_quantity_keeps_no_more_than_it_needs(house):
    """C8: of five for three, two go back; of three for four, one is missing."""
    house.order("A", "1", quantity=5, remaining=5)
    fill(house, 9)
    reserve_all(house, house.items())
    line = house.items()[0].line_id
    requantify([Requantity(line, 3)], by=house.owner, at=house.at)
    assert (shelf(), house.items()[0].allocation) == ((9, 3), "full")
    requantify([Requantity(line, 4)], by=house.owner, at=house.at)
    assert (shelf(), house.items()[0].allocation) == ((9, 3), "partial")
    assert balance_is_its_moves()


def test_a_deleted_line_gives_back_all(house):
    """C8: taken out again as if it had never come."""
    house.order("A", "1")
    fill(house, 1)
    reserve_all(house, house.items())
    OrderLine.objects.update(asked_at=None)  # as of a sheet
    assert delete_lines([house.items()[0].line_id], by=house.owner, at=house.at).lines == 1
    assert shelf() == (1, 0)
    assert balance_is_its_moves()


def test_a_re_linked_item_has_its_new_goods(house):
    """N19: the wrong goods go back, the right ones are reserved in the same go, as far as there are any."""
    put_products(house.company, [ProductFields("NEW", "새 상품", [SkuFields("NEW", ship_from="main")])])
    house.order("A", "1", seller_code="")
    listing = ListingRef(house.account, "P1", "온산 순면 라운드 티셔츠", "O1", "블랙 / L")
    put_links([NewLink(listing=listing, kind="link", parts=[("TSH-BLK-L", 2)])], by=house.owner, at=house.at)
    fill(house, 2)
    fill(house, 1, "NEW")
    reserve_all(house, house.items())
    assert (shelf(), house.items()[0].allocation) == ((2, 2), "full")
    put_links([NewLink(listing=listing, kind="link", parts=[("NEW", 1)])], by=house.owner, at=house.at)
    assert (shelf(), shelf("NEW"), house.items()[0].allocation) == ((2, 0), (1, 1), "full")
    put_links([NewLink(listing=listing, kind="link", parts=[("NEW", 2)])], by=house.owner, at=house.at)
    assert (shelf("NEW"), house.items()[0].allocation) == ((1, 1), "partial")
    put_links([NewLink(listing=listing, kind="none")], by=house.owner, at=house.at)
    assert (shelf("NEW"), house.items()[0].allocation) == ((1, 0), "none")
    assert balance_is_its_moves()


@pytest.mark.parametrize("needs", [False, True])
def test_release_demands_allocation_where_the_company_says_so(house, needs):
    """C18: an item without its stock stays behind with its whole shipment, by name; what carries no stock may go."""
    house.order("A", "1", "2")
    fill(house, 1)
    reserve_all(house, house.items())
    Company.objects.update(release_needs_allocation=needs)
    outcome = release(ALL, by=house.owner, at=house.at)
    refused = [refusal.code for refusal in outcome.refused]
    assert (outcome.done, refused) == ((0, ["companion", "unallocated"]) if needs else (2, []))


def test_what_needs_no_stock_is_released_without(house):
    """I28: the value of an independent option carries no stock, so none is asked for."""
    from jumun.catalog.models import Sku

    house.order("A", "1")
    Sku.objects.update(stocked=False)
    Company.objects.update(release_needs_allocation=True)
    assert release(ALL, by=house.owner, at=house.at).done == 1


def test_a_hand_over_of_many_with_stock_costs_as_many_statements_as_of_few(house):
    """R22: constant in the number of items."""
    counts = []
    for number, size in (("A", 2), ("B", 60)):
        items = house.order(number, *(f"{number}-{n}" for n in range(size)))
        if number == "A":
            fill(house, 100)
        reserve_all(house, items)
        chosen = Selection(ids=tuple(item.id for item in items))
        release(chosen, by=house.owner, at=house.at)
        label([NewWaybill(items[0].id, "cj", good_number(size))], by=house.owner, at=house.at)
        with CaptureQueriesContext(connection) as seen:
            assert hand_over(chosen, by=house.owner, at=house.at).done == size
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 24, counts
    assert shelf() == (38, 0)


def made_of(house, parts):
    given = [SkuFields("BOX"), SkuFields("MUG"), SkuFields("TSH-BLK-L", parts=parts)]
    fill_catalogue(house.company, [ProductFields("G", "선물", given)], by=house.owner, at=house.at)


def test_a_set_made_of_other_parts_holds_those(house):
    """I28: what orders hold follows what their set is made of, at once; the same said again moves nothing."""
    for number in ("A", "B", "C"):
        house.order(number, number)
    made_of(house, [("BOX", 1)])
    fill(house, 10, "BOX")
    fill(house, 10, "MUG")
    reserve_all(house, house.items()[:2])

    def held():
        return dict(Balance.objects.order_by("sku__code").values_list("sku__code", "reserved"))

    assert held() == {"BOX": 2, "MUG": 0}
    made_of(house, [("BOX", 1), ("MUG", 4)])
    assert held() == {"BOX": 2, "MUG": 8}
    moves = Move.objects.count()
    made_of(house, [("BOX", 1), ("MUG", 4)])
    assert Move.objects.count() == moves, "nothing changed, nothing moved"
    made_of(house, [("MUG", 6)])
    assert held() == {"BOX": 0, "MUG": 10}, "two more for the one there is enough for, the other keeps its four"
    assert sorted(item.allocation for item in house.items()) == ["full", "none", "partial"]
    assert balance_is_its_moves()


def test_values_of_independent_options_hold_nothing(house):
    """I28: a product that turns out to be of independent options frees what its orders held."""
    house.order("A", "1")
    fill(house, 3)
    reserve_all(house, house.items())
    assert shelf() == (3, 1)
    product = Sku.objects.get(code="TSH-BLK-L").product.code
    given = ProductFields(product, "", [SkuFields("TSH-BLK-L")], "independent")
    fill_catalogue(house.company, [given], by=house.owner, at=house.at)
    assert shelf() == (3, 0)
    assert house.items()[0].allocation == "none"
    assert balance_is_its_moves()


def test_an_item_may_need_more_than_a_number_holds(house):
    """O6: absurd quantities are short of stock and break nothing."""
    house.order("A", "1")
    OrderItem.objects.update(quantity=1_000_000_000)
    made_of(house, [("BOX", 9_999)])
    fill(house, 5, "BOX")
    reserve_all(house, house.items())
    assert house.items()[0].allocation == "none"
