"""POST /orders: orders by hand over REST (Q1–Q16), one or a list, once under a key."""

import pytest

from jumun.channels.actions import AccountFields, create_account
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.models import Order, OrderItem

TO = {"name": "홍길동", "phone1": "010-0000-1234", "postcode": "04524", "address1": "서울 중구 세종대로 110"}
ORDER = {"channel_account": "phone", "number": "H-1", "recipient": TO, "lines": [{"sku": "TSH-BLK-L", "quantity": 2}]}


@pytest.fixture(autouse=True)
def phone(shop):
    """A manual account."""
    with acting_as(shop.company):
        return create_account(shop.company, "manual", AccountFields(name="전화", key="phone"), at=shop.at)


def test_q1_one_order_goes_in_and_is_in_the_list(shop, api):
    """Q1, Q16: the answer names its id; the item is a new order with its SKU."""
    made = api.post(
        "/orders", {**ORDER, "ordered_at": "2026-11-23T09:00:00+09:00", "paid_amount": 25800, "memo": "단골"}
    )

    assert made.status == 200, made.body
    [entered] = made.body["orders"]
    assert (made.body["done"], made.body["refused"], made.body["refused_total"]) == (1, [], 0)
    assert (entered["row"], entered["number"]) == (0, "H-1")
    order = api.get(f"/orders/{entered['id']}").body
    assert (order["status"], order["amount"], order["memo"]) == ("preparing", 25_800, "단골")
    assert order["ordered_at"].startswith("2026-11-23T00:00:00")
    [item] = api.get("/items?status=preparing").body["items"]
    assert (item["sku"], item["quantity"], item["matched"], item["cancelled_at"]) == ("TSH-BLK-L", 2, True, None)


def test_a_list_takes_the_good_and_names_the_bad(api, phone):
    """Each bad one by its place, its number, its fields, codes and sentences."""
    bad = {
        "number": "H-2",
        "channel_account": phone,
        "recipient": {**TO, "phone1": "없음"},
        "lines": [{"sku": "X", "quantity": 0}],
    }
    made = api.post("/orders", [ORDER, bad, ORDER, {**ORDER, "number": "H-3"}, {}], Accept_Language="en").body

    assert [(each["row"], each["number"]) for each in made["orders"]] == [(0, "H-1"), (3, "H-3")]
    assert [(each["row"], each["number"], each["code"]) for each in made["refused"]] == [
        (1, "H-2", "phone_unusable"),
        (2, "H-1", "order_number_twice"),
        (4, "", "account_missing"),
    ]
    assert [(fault["field"], fault["code"]) for fault in made["refused"][0]["faults"]] == [
        ("recipient.phone1", "phone_unusable"),
        ("lines.0.quantity", "quantity_unusable"),
        ("lines.0.sku", "sku_unknown"),
    ]
    assert made["refused"][0]["reason"].startswith("That is no usable phone number")
    assert (made["done"], made["refused_total"]) == (2, 3)


def test_a_taken_number_names_the_order_that_has_it(api):
    first = api.post("/orders", ORDER).body["orders"][0]["id"]
    again = api.post("/orders", {**ORDER, "recipient": {**TO, "name": "다른 사람"}}).body

    assert (again["done"], again["refused"][0]["code"], again["refused"][0]["known"]) == (
        0,
        "order_number_taken",
        first,
    )


def test_r24_the_same_call_under_its_key_is_done_once(shop, api):
    """Idempotency-Key: the saved answer, not a refusal."""
    once = api.post("/orders", ORDER, Idempotency_Key="o-1")
    again = api.post("/orders", ORDER, Idempotency_Key="o-1")

    assert once.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    with acting_as(shop.company):
        assert Order.objects.count() == 1


@pytest.mark.parametrize(("quantity", "kept"), [(3, 3), (3.0, 3), ("1,000", 1000), (1_000_000, 1_000_000)])
def test_q13_quantities_that_go_in(shop, api, quantity, kept):
    assert api.post("/orders", {**ORDER, "lines": [{"sku": "TSH-BLK-L", "quantity": quantity}]}).body["done"] == 1
    with acting_as(shop.company):
        assert OrderItem.objects.get().quantity == kept


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 1_000_001, "두 개", "", 1e30, "1e3"])
def test_q13_quantities_that_stay_out(api, quantity):
    made = api.post("/orders", {**ORDER, "lines": [{"sku": "TSH-BLK-L", "quantity": quantity}]})

    assert made.status == 200, made.body
    assert made.body["refused"][0]["code"] == "quantity_unusable"


@pytest.mark.parametrize(
    "body",
    [{**ORDER, "colour": "red"}, {**ORDER, "number": 12}, {**ORDER, "lines": [{"sku": "A", "quantity": True}]}, [1]],
)
def test_what_is_no_order_at_all_is_a_problem(api, body):
    """S18: unknown names and wrong kinds of values refuse the call."""
    assert (api.post("/orders", body).status, api.post("/orders", body).code) == (422, "invalid")


def test_q22_japan_over_rest(api):
    japan = {
        **ORDER,
        "recipient": {**TO, "country": "JP", "postcode": "100-0001"},
        "product_url": "https://shop.jp/1",
        "paid_amount": 1000,
    }
    made = api.post("/orders", [{**japan, "product_url": ""}, {**japan, "number": "J-2"}]).body

    assert made["refused"][0]["code"] == "url_missing"
    order = api.get(f"/orders/{made['orders'][0]['id']}").body
    assert (order["currency"], order["amount"], order["product_url"]) == ("JPY", "1000.00", "https://shop.jp/1")


def test_another_companys_account_and_skus_are_unknown(rival, api):
    """S01: neither its account nor its SKUs."""
    made = api.post("/orders", {**ORDER, "channel_account": rival.account}).body

    assert made["refused"][0]["code"] == "account_unknown"


def test_a_packer_registers_nothing(api_as):
    assert api_as(Role.PACKER).post("/orders", ORDER).status == 403
    assert api_as(Role.CLERK).post("/orders", ORDER).status == 200
