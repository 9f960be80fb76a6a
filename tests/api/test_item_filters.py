"""Every filter and every order of the list over REST, and the same filter for actions (the outside contract)."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from jumun.api.filters import ItemFilterBody, ItemQuery
from jumun.core.tenancy import acting_as
from jumun.orders import sorting
from jumun.orders.filters import MOST_NUMBERS, ItemFilter
from jumun.orders.sorting import LISTED
from tests.api.conftest import store
from tests.api.test_walls import DESCRIBED
from tests.making import make_line

FIELDS = set(ItemFilter.__slots__)


@pytest.fixture
def full(shop):
    """Twelve orders with prices and payments that tie."""
    with acting_as(shop.company):
        shop.store(
            make_line(
                f"N{n:02}", f"L{n:02}", shop.at, ordered_at=shop.at - timedelta(hours=n % 3),
                paid_at=None if n % 4 == 0 else shop.at - timedelta(minutes=n % 2), amount=Decimal(1000 * (1 + n % 5)),
                product_name="온산 커피" if n % 6 == 0 else "티셔츠",
            )
            for n in range(12)
        )  # fmt: skip
    return shop


def numbers_of(answer):
    assert answer.status == 200, answer.body
    return sorted(item["order_number"] for item in answer.body["items"])


def test_a_body_and_a_query_take_every_field_of_the_filter():
    assert set(ItemFilterBody.model_fields) == set(ItemQuery.model_fields) == FIELDS


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"sku": "TSH-BLK-L"}, 12),
        ({"sku": "none,TSH-BLK-L"}, 12),
        ({"amount_from": 5000}, 2),
        ({"amount_from": "1000.00", "amount_to": 2000}, 6),
        ({"recipient": "ㅎㄱㄷ"}, 12),
        ({"recipient": "김서연"}, 0),
        ({"numbers": "N01,L02,nothing"}, 2),
        ({"numbers": "010-0000-1234"}, 12),
        ({"memo": "any"}, 0),
        ({"hold": "other"}, 0),
        ({"reprint": False}, 12),
        ({"q": "ㅋㅍ"}, 2),
        ({"moved_by": "0b0e7a4c-0000-4000-8000-000000000000"}, 0),
        ({"refused_by": "0b0e7a4c-0000-4000-8000-000000000000"}, 0),
        ({"paid_from": "2020-01-01T00:00:00+09:00"}, 9),
        ({"ship_by_from": "2020-01-01T00:00:00+09:00"}, 0),
        ({"status_since_to": "2020-01-01T00:00:00+09:00"}, 0),
    ],
)
def test_a_list_and_an_action_mean_the_same_items(full, api, given, found):
    assert len(api.get(f"/items?{urlencode(given)}").body["items"]) == found
    dry = api.post("/items/actions/release", {"filter": given, "dry_run": True})
    assert (dry.status, dry.body["done"] + dry.body["refused_total"]) == (200, found)


@pytest.mark.parametrize("key", LISTED)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("limit", [5])
def test_pages_of_every_order_hold_every_row_once(full, api, key, sign, limit):
    rows = api.walk(f"/items?sort={sign}{key}", limit)
    whole = api.get(f"/items?sort={sign}{key}&limit=200").body["items"]
    assert [row["id"] for row in rows] == [row["id"] for row in whole]
    assert len({row["id"] for row in rows}) == 12


def test_an_order_is_what_it_says(full, api):
    amounts = [row["amount"] for row in api.get("/items?sort=amount").body["items"]]
    assert amounts == sorted(amounts)
    for sort in ("paid", "-paid"):
        paid = [row["paid_at"] for row in api.get(f"/items?sort={sort}").body["items"]]
        assert paid == [*sorted(filter(None, paid), reverse=sort == "-paid"), None, None, None]
    assert api.get("/items").body == api.get("/items?sort=-ordered").body


def test_a_cursor_of_another_order_is_refused(full, api):
    cursor = api.get("/items?sort=paid&limit=2").body["next_cursor"]
    for other in ("-paid", "amount", "-ordered"):
        assert api.get(f"/items?sort={other}&limit=2&cursor={cursor}").code == "bad_cursor"


def test_a_column_sorts_only_what_is_few(full, api, monkeypatch):
    monkeypatch.setattr(sorting, "MOST_SORTED", 5)
    refused = api.get("/items?sort=product", Accept_Language="en")
    assert (refused.status, refused.code) == (400, "too_many_to_sort")
    assert "5" in refused.body["detail"]
    assert len(api.get("/items?sort=product&amount_from=5000").body["items"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "sort=name",
        "sort=-shipment_amount",
        "amount_from=much",
        "amount_from=1.234",
        "amount_to=NaN",
        "moved_by=7",
        "paid_from=2026-11-23",
        "memo=" + "x" * 201,
        "numbers=" + ",".join(str(n) for n in range(MOST_NUMBERS + 1)),
        "recipent=typo",
    ],
)
def test_what_is_no_filter_is_refused(shop, api, query):
    refused = api.get(f"/items?{query}")
    assert (refused.status, refused.code) == (422, "invalid")


def test_an_action_takes_at_most_a_thousand_numbers():
    numbers = [str(n) for n in range(MOST_NUMBERS)]
    assert ItemFilterBody(numbers=numbers)
    with pytest.raises(ValidationError):
        ItemFilterBody(numbers=[*numbers, "more"])


def test_a_batch_opens_as_what_it_left_alone(shop, api):
    """The refused ones as a view."""
    store(shop, "A1", "a1")
    store(shop, "A2", "a2", seller_code="unknown")
    batch = api.post("/items/actions/release", {"filter": {}}).body["batch"]
    assert numbers_of(api.get(f"/items?moved_by={batch}")) == ["A1"]
    assert numbers_of(api.get(f"/items?refused_by={batch}")) == ["A2"]


def test_the_orders_are_described():
    [sort] = [each for each in DESCRIBED["paths"]["/api/v1/items"]["get"]["parameters"] if each["name"] == "sort"]
    named = sort["schema"]["allOf"][0]["enum"]
    assert set(named) == {f"{sign}{key}" for key in LISTED for sign in ("", "-")}
