"""What each filter means; numbers that name nothing; groups; counts of many views at once (issue: filters over every axis)."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.making import good_number, make_line

from jumun.channels.port import Address
from jumun.core.errors import JumunError
from jumun.orders import queries_names
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.release import release
from jumun.orders.filters import MOST_NUMBERS, ItemFilter, read_filter
from jumun.orders.models import Order, OrderItem
from jumun.orders.queries import count_items, count_views, list_items
from jumun.orders.queries_groups import list_groups
from jumun.orders.queries_numbers import find_missing
from jumun.orders.selection import Selection
from jumun.orders.states import Status

KIM = Address(name="김서연", phone1="010-2222-3333", phone2="02-555-6666", postcode="1", address1="부산")


@pytest.fixture
def shelf(house):
    """Three orders: A of two shirts, B of a coffee to 김서연, C of an unknown mug in another currency."""
    noon = house.at
    house.order("A-100", "a1", "a2")
    coffee = {"product_name": "새벽 수제 커피 100%", "option_text": "원두 / 200g", "amount": Decimal(9_000)}
    house.store([make_line("B-200", "b1", noon, recipient=KIM, ship_by=noon + timedelta(days=2), **coffee)])
    mug = {"product_name": "머그_컵", "seller_code": "없음", "amount": Decimal("12.50"), "currency": "USD"}
    later = noon - timedelta(days=3)
    house.store([make_line("C-300", "c1", noon, ordered_at=later, paid_at=None, option_text="커피색", **mug)])
    return house


def lines(**given):
    """Line numbers of the items a filter means, in order; the count says the same."""
    wanted = read_filter(given)
    found = [item.line_no for item in list_items(wanted, limit=200).items]
    assert count_items(wanted) == len(found) == count_views([wanted])[0]
    return sorted(found)


ALL = ["a1", "a2", "b1", "c1"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ALL),
        ({"sku": "TSH-BLK-L"}, ["a1", "a2", "b1"]),
        ({"sku": ["TSH-BLK-L", "NONE"]}, ["a1", "a2", "b1"]),
        ({"matched": "false"}, ["c1"]),
        ({"reprint": "true"}, []),
        ({"reprint": False}, ALL),
        ({"amount_from": "9,000", "amount_to": 9000}, ["b1"]),
        ({"amount_from": "12.5", "amount_to": "12.50"}, ["c1"]),
        ({"amount_from": "12.501", "amount_to": "8999.999"}, []),
        ({"amount_to": Decimal(13)}, ["c1"]),
        ({"recipient": "김서연"}, ["b1"]),
        ({"recipient": "김"}, []),
        ({"recipient": "ㄱㅅㅇ"}, ["b1"]),
        ({"recipient": "김ㅅ"}, ["b1"]),
        ({"recipient": "ㅅㅇ"}, []),
        ({"recipient": "010 2222 3333"}, ["b1"]),
        ({"recipient": "02-555-6666"}, ["b1"]),
        ({"q": "커피"}, ["b1", "c1"]),
        ({"q": "0%"}, ["b1"]),
        ({"q": "머그_"}, ["c1"]),
        ({"q": "ㅅㅈ"}, ["b1"]),
        ({"q": "ㅅㅈ 커피"}, ["b1"]),
        ({"q": "ㅋㅍ"}, ["b1", "c1"]),
        ({"q": "ㄱㅅㅇ"}, ["b1"]),
        ({"q": "ㅎㄱㄷ"}, ["a1", "a2", "c1"]),
        ({"q": "홍길동"}, ["a1", "a2", "c1"]),
        ({"q": "없는 말"}, []),
        ({"q": "tsh"}, []),
        ({"q": "A-100"}, ["a1", "a2"]),
        ({"numbers": "A-100,b1"}, ["a1", "a2", "b1"]),
        ({"numbers": ["010-2222-3333", " C-300 ", "C-300"]}, ["b1", "c1"]),
        ({"numbers": ["TSH-BLK-L"], "recipient": "김서연"}, ["b1"]),
        ({"numbers": ["nothing"]}, []),
    ],
)
def test_a_filter_means(shelf, given, found):
    assert lines(**given) == found


def test_every_number_of_a_parcel_finds_it(shelf):
    """One paste takes order, line, bundle and waybill numbers, SKU codes and phones together."""
    from jumun.waybills.actions import GivenWaybill, save_waybills

    release(Selection(filter=ItemFilter(number=("B-200",))), by=shelf.owner, at=shelf.at)
    [item] = shelf.items("B-200")
    save_waybills([GivenWaybill("cj", good_number(7), item=item.id)], by=shelf.owner, at=shelf.at)
    dashed = f"{good_number(7)[:4]}-{good_number(7)[4:8]}-{good_number(7)[8:]}"
    for number in ("B-200", "b1", item.bundle_no, dashed, "01022223333", "02 555 6666"):
        assert lines(numbers=[number]) == ["b1"], number
        assert find_missing([number]) == []


def test_missing_numbers_are_told_in_their_order_each_once(shelf):
    given = ["Z9", "A-100", "a1", "010-9999-9999", "Z9", " ", "TSH-BLK-L", "Z1"]
    with CaptureQueriesContext(connection) as run:
        assert find_missing(given) == ["Z9", "010-9999-9999", "Z1"]
    assert len(run) == 1
    assert find_missing([]) == []


def test_a_thousand_numbers_are_one_statement_and_no_more_are_taken(shelf):
    numbers = [f"N{n}" for n in range(MOST_NUMBERS)]
    with CaptureQueriesContext(connection) as run:
        assert find_missing(numbers) == numbers
        assert list_items(read_filter({"numbers": numbers})).items == []
    assert len(run) == 2
    assert len(read_filter({"numbers": [*numbers, "N1"]}).numbers) == MOST_NUMBERS
    for refuse in (read_filter, lambda given: find_missing(given["numbers"])):
        with pytest.raises(JumunError) as refused:
            refuse({"numbers": [*numbers, "one more"]})
        assert (refused.value.code, refused.value.values) == ("invalid", {"field": "numbers"})


def test_periods_take_their_beginning_and_not_their_end(shelf):
    noon = shelf.at
    assert lines(ship_by_from=noon, ship_by_to=noon + timedelta(days=2)) == []
    assert lines(ship_by_from=noon + timedelta(days=2)) == ["b1"]
    assert lines(ship_by_to=noon + timedelta(days=2, seconds=1)) == ["b1"]
    assert lines(paid_from=noon - timedelta(hours=2)) == ["a1", "a2", "b1"]
    assert lines(paid_to=noon - timedelta(hours=2)) == []
    assert lines(status_since_from=noon) == ALL
    assert lines(status_since_to=noon) == []
    assert lines(ordered_to=(noon - timedelta(days=2)).isoformat()) == ["c1"]


def test_a_hold_is_found_by_its_reason_while_it_is_on(shelf):
    by = {"by": shelf.owner, "at": shelf.at}
    hold(Selection(filter=ItemFilter(number=("A-100",))), reason="other", **by)
    hold(Selection(filter=ItemFilter(line_no=("b1",))), reason="address", **by)
    assert lines(hold="other") == ["a1", "a2"]
    assert lines(hold="other,address") == ["a1", "a2", "b1"]
    assert lines(hold="stock") == []
    unhold(Selection(filter=ItemFilter(line_no=("a1",))), **by)
    assert lines(hold="other") == ["a2"]


def test_a_memo_is_found_by_its_words(shelf):
    Order.objects.filter(number="B-200").update(memo="문 앞 50% 할인")
    assert lines(memo="any") == ["b1"]
    assert lines(memo="50%") == ["b1"]
    assert lines(memo="5_%") == []


def test_a_batch_opens_as_what_it_moved_and_what_it_left_alone(shelf):
    """The refused ones as a view: a result leads to both lists."""
    outcome = release(Selection(filter=ItemFilter()), by=shelf.owner, at=shelf.at)
    assert lines(moved_by=str(outcome.batch)) == ["a1", "a2", "b1"]
    assert lines(refused_by=outcome.batch) == ["c1"]
    assert lines(moved_by=str(uuid4())) == lines(refused_by=str(uuid4())) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount_from", "much"),
        ("amount_from", "NaN"),
        ("amount_to", "1e30"),
        ("amount_to", True),
        ("moved_by", "7"),
        ("refused_by", 7),
        ("paid_from", "2026-11-23"),
        ("ship_by_to", "soon"),
        ("reprint", "maybe"),
        ("hold", "a\x00"),
        ("hold", ["a\x00"]),
        ("memo", "x" * 201),
        ("recipient", "\x00"),
        ("numbers", "1\x00"),
        ("numbers", ["9" * 201]),
        ("channel_account", [2**63]),
        ("colour", "red"),
    ],
)
def test_what_no_filter_takes_is_refused_by_name(name, value):
    with pytest.raises(JumunError) as refused:
        read_filter({name: value})
    assert (refused.value.code, refused.value.values) == ("invalid", {"field": name})


@pytest.mark.parametrize("few", [1, 2000])
@pytest.mark.parametrize("most", [1, 2, 50_000])
@pytest.mark.parametrize("q", ["커피", "ㅋㅍ", "ㅎㄱㄷ", "홍길동", "라운드", "ㄱ"])
def test_a_search_finds_the_same_however_it_looks(shelf, monkeypatch, few, most, q):
    """Few items by their ids, many by their names, and item by item where the names are too many."""
    whole = lines(q=q)
    monkeypatch.setattr(queries_names, "FEW", few)
    monkeypatch.setattr(queries_names, "MOST_NAMES", most)
    assert lines(q=q) == whole != []


def test_a_search_takes_one_statement_more_for_any_number_of_items(shelf):
    took = []
    for count in (1, 60):
        shelf.store(
            make_line(f"M{count}-{n}", f"m{count}-{n}", shelf.at, product_name=f"상품 {n}") for n in range(count)
        )
        with CaptureQueriesContext(connection) as run:
            list_items(ItemFilter(q="상품"))
        took.append(len(run))
    assert took == [2, 2]


def test_another_companys_names_are_not_looked_through(db, noon):
    from tests.making import open_house

    from jumun.core.tenancy import acting_as

    ours, theirs = (open_house(noon, slug=slug) for slug in ("ours", "theirs"))
    for house, number in ((ours, "A-100"), (theirs, "X-1")):
        with acting_as(house.company):
            house.order(number, f"{number}-1", product_name="커피")
    with acting_as(ours.company):
        assert lines(q="커피") == lines(q="ㅋㅍ") == lines(q="ㅎㄱㄷ") == ["A-100-1"]
        assert find_missing(["A-100", "X-1"]) == ["X-1"]


def test_views_are_counted_in_one_statement(shelf):
    """Tabs with live counts: one statement for any number of them, each capped."""
    wanted = [ItemFilter(), ItemFilter(number=("A-100",)), ItemFilter(status=("ready",)), ItemFilter(claim="open")]
    with CaptureQueriesContext(connection) as run:
        assert count_views(wanted) == [4, 2, 0, 0]
    assert len(run) == 1
    assert count_views(wanted, most=2) == [3, 2, 0, 0]
    assert count_views([]) == []


def test_a_period_without_a_status_means_every_status(shelf):
    """Ranges of what is indexed behind the status name all of them: none may be forgotten."""
    for status in Status.values:
        OrderItem.objects.filter(line_no="b1").update(status=status)
        assert lines(amount_from=1) == ALL


@pytest.mark.parametrize("by", ["channel_account", "sku", "recipient"])
def test_a_group_opens_as_exactly_its_items(shelf, by):
    with CaptureQueriesContext(connection) as run:
        groups = list_groups(ItemFilter(), by)
    assert len(run) == 1
    assert sum(group.items for group in groups) == 4
    assert [group.items for group in groups] == sorted((group.items for group in groups), reverse=True)
    for group in groups:
        assert "홍길동" not in repr(group) and "1234" not in group.query
        found = list_items(read_filter(dict(parse_qsl(group.query)))).items
        assert len(found) == group.items
        assert sum(item.quantity for item in found) == group.quantity


def test_groups_say_won_only_of_one_currency(shelf):
    [account] = list_groups(ItemFilter(), "channel_account")
    assert (account.amount, account.currency, account.label) == (None, "", "스마트스토어")
    shirts, mugs = list_groups(ItemFilter(), "sku")
    assert (shirts.items, shirts.currency, shirts.amount) == (3, "KRW", Decimal(34_800))
    assert (mugs.query, mugs.currency, mugs.amount) == ("matched=false", "USD", Decimal("12.50"))
    assert [group.label for group in list_groups(ItemFilter(number=("B-200",)), "recipient")] == ["김*연 0102222****"]
    with pytest.raises(JumunError):
        list_groups(ItemFilter(), "colour")


def test_a_name_longer_than_an_index_holds_is_cut_and_takes_no_good_line_with_it(house):
    """R17: a hostile name must not fail the import."""
    from random import Random

    noise = "".join(chr(Random(n).randrange(0x1F300, 0x1F5FF)) for n in range(5000))
    house.store([make_line("A1", "a", house.at), make_line("B1", "b", house.at, product_name=noise, option_text=noise)])
    assert [len(item.product_name) for item in house.items()] == [len("온산 순면 라운드 티셔츠"), 300]
    assert lines(q=noise[:50]) == ["b"]
