"""The control panel: mixes, determinism, mistakes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from .desk import Desk, iso_before


def test_accounts_are_known_and_made_on_demand(desk: Desk) -> None:
    cards = desk.call("GET", "/control/accounts").json()
    assert [card["key"] for card in cards] == ["store-a", "store-b", "wing-a", "wing-b"]
    assert cards[0]["base_url"] == "http://sim/naver/external"
    assert cards[0]["credentials"]["client_id"] == "sim-naver-store-a"
    desk.control("orders", account="store-c", count=1)
    made = desk.control("accounts", key="store-c")
    assert made == desk.call("GET", "/control/accounts").json()[2]


def test_the_same_seed_makes_the_same_orders(desk: Desk) -> None:
    def make() -> list[tuple[Any, ...]]:
        desk.control("reset")
        desk.settings(naver__rps=1000)
        desk.log_in()
        lines = desk.order_lines(20, confirmed=0.3, cancel_requested=0.2, unknown_product=0.1)
        rows = desk.seller("POST", "/query", json={"productOrderIds": lines}).json()["data"]
        return [
            (
                row["order"]["ordererName"],
                row["productOrder"]["productName"],
                row["productOrder"]["quantity"],
                row["productOrder"]["placeOrderStatus"],
                row["productOrder"].get("claimStatus"),
            )
            for row in rows
        ]

    first = make()
    assert first == make()
    assert len(set(first)) > 20


def test_without_a_mix_orders_are_new(desk: Desk) -> None:
    made = desk.control("orders", count=50, seed=3)["orders"]
    assert {len(order["lines"]) for order in made} == {1, 2, 3}
    rows = desk.state()["lines"].values()
    assert {(row["status"], row["place_status"], row["claim"]) for row in rows} == {("PAYED", "NOT_YET", None)}
    codes = {item["seller_code"] for item in desk.call("GET", "/control/catalogue").json()["items"]}
    assert {row["seller_code"] for row in rows} == codes


def test_a_mix_falls_on_exactly_its_share(desk: Desk) -> None:
    mix = {"confirmed": 0.25, "cancelled": 0.1, "unpaid": 0.05, "dispatched": 0.2, "cancel_requested": 0.1}
    desk.control("orders", count=100, seed=3, lines=1, unknown_product=0.5, pre_order=0.1, **mix)
    rows = desk.state()["lines"].values()
    by_status = Counter(row["status"] for row in rows)
    assert by_status == {"PAYED": 65, "CANCELED": 10, "PAYMENT_WAITING": 5, "DELIVERING": 20}
    assert sum(row["claim"] == "CANCEL_REQUEST" for row in rows) == 10
    assert sum(row["place_status"] == "OK" for row in rows) == 45
    assert sum(row["seller_code"].startswith("UNK-") for row in rows) == 50


def test_orders_go_to_the_same_recipient(desk: Desk) -> None:
    lines = desk.order_lines(3, same_recipient=1)
    rows = desk.seller("POST", "/query", json={"productOrderIds": lines}).json()["data"]
    assert len({row["order"]["orderId"] for row in rows}) == 3
    assert len({str(row["productOrder"]["shippingAddress"]) for row in rows}) == 1


def test_orders_spread_over_a_time_with_their_due_dates(desk: Desk) -> None:
    since, until = iso_before(20_000), iso_before(100)
    lines = desk.order_lines(20, ordered_from=since, ordered_to=until, ship_by_days=[3, 3], pre_order=1)
    rows = desk.seller("POST", "/query", json={"productOrderIds": lines}).json()["data"]
    dates = [row["order"]["orderDate"] for row in rows]
    assert since <= min(dates) < max(dates) <= until
    assert dates == sorted(dates)
    assert all(row["productOrder"]["deliveryAttributeType"] == "PRE_ORDER" for row in rows)
    assert all(row["productOrder"]["shippingDueDate"].endswith("23:59:59.000+09:00") for row in rows)


def test_an_unpaid_order_is_paid_or_expires(desk: Desk) -> None:
    first, second = desk.order_lines(2, unpaid=1, lines=1)
    assert "paymentDate" not in desk.changes(lastChangedType="PAY_WAITING")["lastChangeStatuses"][0]
    desk.event("pay", first)
    desk.event("payment_expired", second)
    assert (desk.line(first)["status"], desk.line(second)["status"]) == ("PAYED", "CANCELED_BY_NOPAYMENT")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("orders", {"channel": "amazon"}, 404, "unknown_channel"),
        ("orders", {"account": None}, 422, "missing_account"),
        ("orders", {"confirmed": 2}, 422, "bad_mix"),
        ("orders", {"confirmed": 0.6, "unpaid": 0.6}, 422, "bad_mix"),
        ("orders", {"confrimed": 1}, 422, "bad_mix"),
        ("orders", {"count": 0}, 422, "bad_mix"),
        ("events", {"event": "explode"}, 422, "unknown_event"),
        ("events", {"event": "deliver", "line_no": "1"}, 404, "unknown_line"),
        ("events", {"event": "deliver", "order_no": "1"}, 404, "unknown_order"),
        ("clock", {"advance_seconds": -1}, 422, "bad_clock"),
        ("settings", {}, 422, "bad_setting"),
    ],
)
def test_a_mistake_is_named(desk: Desk, path: str, body: dict[str, Any], status: int, code: str) -> None:
    answer = desk.call("POST", f"/control/{path}", json={"channel": "naver", "account": "store-a"} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_settings_refuse_the_wrong_kind(desk: Desk) -> None:
    for wrong in ({"naver.rps": "2"}, {"naver.window_cap": 1}, {"naver.seller_cancel": "maybe"}):
        assert desk.call("POST", "/control/settings", json=wrong).status_code == 422
    assert desk.call("GET", "/control/settings").json()["naver.rps"] == 1000
