"""Sorted lists: page by page is the whole, in every order, with ties and what is missing (cursors never tear)."""

import base64
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.making import make_line

from jumun.core.errors import JumunError
from jumun.core.tenancy import acting_as
from jumun.orders import sorting
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, Recipient
from jumun.orders.queries import list_items
from jumun.orders.sorting import ANY_SIZE, LISTED, NEWEST, Sort, read_cursor, read_sort, write_cursor
from jumun.waybills.queries import list_parcels

SORTS = [Sort(key, descending) for key in LISTED for descending in (True, False)]
STATUSES = ("preparing", "ready", "settled")
FILTERS = [
    ItemFilter(),
    ItemFilter(status=("preparing",)),
    ItemFilter(status=("ready", "preparing")),
    ItemFilter(q="라운드"),
    ItemFilter(held=False),
]


@pytest.fixture(scope="module")
def mixed(django_db_setup, django_db_blocker, test_database):
    """40 items of 25 shipments with many ties, and some without what may be missing."""
    from tests.conftest import NOON
    from tests.making import open_house

    with django_db_blocker.unblock():
        test_database.empty()
        house = open_house(NOON, slug="mixed")
        with acting_as(house.company):
            house.store(make_line(f"N{n % 25:02}", f"L{n:02}", NOON) for n in range(40))
            for n, item in enumerate(OrderItem.objects.order_by("id")):
                spread(item, n, NOON)
        yield house
        connection.close()
        test_database.empty()


def spread(item, n, noon):
    """Values that tie in one key and differ in others, by the place of the item."""
    OrderItem.objects.filter(id=item.id).update(
        status=STATUSES[n % 3],
        ordered_at=noon - timedelta(hours=n % 4),
        paid_at=None if n % 5 == 0 else noon - timedelta(minutes=n % 3),
        ship_by=None if n % 2 else noon + timedelta(days=n % 3),
        status_since=noon - timedelta(days=n % 2),
        amount=Decimal(n % 6) * 1000 - 500,
        quantity=1 + n % 3,
        sku_code=("", "A", "나", "a")[n % 4],
        product_name=("라운드 " * 40 + str(n % 2), "온산 라운드", "|,\"'\\ 라운드")[n % 3],
        waybill=("", "6800", "6801")[n % 3],
    )
    Recipient.objects.filter(order_id=item.order_id).update(name=("홍길동", "김서연", "")[n % 3])


VALUES = {
    "ordered": lambda item: item.ordered_at,
    "paid": lambda item: item.paid_at,
    "ship_by": lambda item: item.ship_by,
    "status_since": lambda item: item.status_since,
    "amount": lambda item: item.amount,
    "order_number": lambda item: item.order_number,
    "channel_account": lambda item: item.account.name,
    "product": lambda item: item.product_name[: sorting.CUT],
    "sku": lambda item: item.sku_code or None,
    "quantity": lambda item: item.quantity,
    "recipient": lambda item: item.order.recipient.name,
    "waybill": lambda item: item.waybill or None,
    "bundle_no": lambda item: item.bundle_no,
}


def expected(wanted, sort):
    """The same by Python's own sorting."""
    items = OrderItem.objects.select_related("order__recipient", "account")
    if wanted.status:
        items = items.filter(status__in=wanted.status)
    value = VALUES[sort.key]
    rows = sorted(items, key=lambda item: item.id, reverse=sort.descending)
    some = sorted((item for item in rows if value(item) is not None), key=value, reverse=sort.descending)
    return [item.id for item in (*some, *(item for item in rows if value(item) is None))]


def walk(read, wanted, sort, limit):
    """Every page until the last."""
    rows, cursor = [], None
    while True:
        found, cursor = read(wanted, cursor=cursor, limit=limit, sort=sort)
        rows += found
        if cursor is None:
            return rows
        assert len(found) == limit and len(cursor) <= 500


def test_every_key_is_compared(mixed):
    assert set(VALUES) == set(LISTED)


@pytest.mark.parametrize("sort", SORTS, ids=Sort.write)
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(FILTERS) - 1), limit=st.integers(1, 41))
def test_page_by_page_is_the_whole_in_order(mixed, django_db_blocker, sort, place, limit):
    with django_db_blocker.unblock(), acting_as(mixed.company):
        rows = walk(list_items, FILTERS[place], sort, limit)
        assert [row.id for row in rows] == expected(FILTERS[place], sort)


@pytest.mark.parametrize("sort", SORTS, ids=Sort.write)
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(FILTERS) - 1), limit=st.integers(1, 26))
def test_every_parcel_stands_once_where_its_first_item_stands(mixed, django_db_blocker, sort, place, limit):
    with django_db_blocker.unblock(), acting_as(mixed.company):
        rows = walk(list_parcels, FILTERS[place], sort, limit)
        whole = expected(FILTERS[place], sort)
        meant = dict(OrderItem.objects.filter(id__in=whole).values_list("id", "shipment_id"))
        assert [row.shipment_id for row in rows] == [
            row.shipment_id for row in walk(list_parcels, FILTERS[place], sort, 200)
        ]
        assert sorted(row.shipment_id for row in rows) == sorted(set(meant.values()))
        if sort.key == "amount":
            amounts = [row.amount for row in rows]
            assert amounts == sorted(amounts, reverse=sort.descending)
        else:
            assert [row.shipment_id for row in rows] == list(dict.fromkeys(meant[each] for each in whole))


def test_ids_choose_within_any_order(mixed, django_db_blocker):
    with django_db_blocker.unblock(), acting_as(mixed.company):
        chosen = expected(ItemFilter(), Sort("amount", False))[5:15]
        found = list_items(ItemFilter(), ids=chosen, sort=Sort("amount", False)).items
        assert [row.id for row in found] == chosen


@pytest.mark.parametrize("sort", [Sort("product"), Sort("recipient", False)])
def test_a_key_without_an_index_sorts_only_what_is_few(mixed, django_db_blocker, monkeypatch, sort):
    """Columns sort within 5,000 rows; beyond, a sentence says so and nothing is half sorted."""
    monkeypatch.setattr(sorting, "MOST_SORTED", 20)
    with django_db_blocker.unblock(), acting_as(mixed.company):
        with pytest.raises(JumunError, match="20") as refused:
            list_items(ItemFilter(), sort=sort)
        assert refused.value.code == "too_many_to_sort"
        assert len(list_items(ItemFilter(status=("settled",)), sort=sort).items) == 13


def test_no_cursor_tells_a_name(mixed, django_db_blocker):
    """Personal data stands in no address."""
    with django_db_blocker.unblock(), acting_as(mixed.company):
        cursor = list_items(ItemFilter(), sort=Sort("recipient"), limit=2).next_cursor
    assert "홍길동" not in base64.urlsafe_b64decode(cursor + "==").decode()


@pytest.mark.parametrize("sort", SORTS, ids=Sort.write)
def test_a_sort_is_written_as_it_is_read(sort):
    assert read_sort(sort.write()) == sort
    assert read_sort("") == NEWEST


@pytest.mark.parametrize("text", ["-", "--ordered", "name", "ordered-", "-shipment_amount", "ORDERED"])
def test_an_unknown_sort_is_refused(text):
    with pytest.raises(JumunError) as refused:
        read_sort(text)
    assert refused.value.code == "invalid"


@given(st.text(max_size=80), st.sampled_from(SORTS))
def test_a_made_up_cursor_is_refused(text, sort):
    for cursor in (text, base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")):
        with pytest.raises(JumunError) as refused:
            read_cursor(cursor, sort)
        assert refused.value.code == "bad_cursor"


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), st.lists)


@given(JSON, JSON, st.sampled_from(SORTS))
def test_a_cursor_that_looks_like_one_is_read_or_refused(value, last, sort):
    import json

    cursor = base64.urlsafe_b64encode(json.dumps([sort.write(), value, last]).encode()).decode().rstrip("=")
    try:
        place = read_cursor(cursor, sort)
    except JumunError as refused:
        assert refused.code == "bad_cursor"
    else:
        assert isinstance(place.id, int)


@pytest.mark.parametrize("key", ANY_SIZE)
def test_a_cursor_of_another_order_is_refused(key):
    cursor = write_cursor(Sort(key, True), None if key in ("paid", "ship_by") else "7", 7)
    for other in SORTS:
        if other != Sort(key, True):
            with pytest.raises(JumunError):
                read_cursor(cursor, other)


def test_a_stored_cursor_survives_a_change_of_its_row(mixed, django_db_blocker):
    """The value travels with the cursor: a row that moves on does not take the list along."""
    with django_db_blocker.unblock(), acting_as(mixed.company):
        sort = Sort("status_since", False)
        first = list_items(ItemFilter(), sort=sort, limit=10)
        rest = list_items(ItemFilter(), sort=sort, limit=200, cursor=first.next_cursor).items
        last = OrderItem.objects.get(id=first.items[-1].id)
        OrderItem.objects.filter(id=last.id).update(status_since=last.status_since + timedelta(days=9))
        again = list_items(ItemFilter(), sort=sort, limit=200, cursor=first.next_cursor).items
        OrderItem.objects.filter(id=last.id).update(status_since=last.status_since)
        assert [row.id for row in again] == [*(row.id for row in rest), last.id]
