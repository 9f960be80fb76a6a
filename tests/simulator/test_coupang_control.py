"""Mixes, events and faults of the fake Coupang (DESIGN.md §5)."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from .desk import Desk, iso_before
from .wing import Wing, codes, day

NUMBER = "680405450931"


def test_without_a_mix_orders_are_new(wing: Wing) -> None:
    """DESIGN §5: paid, unconfirmed, unclaimed, 1–3 lines of the demo catalogue by seller's code."""
    made = wing.control("orders", count=50, seed=3)["orders"]
    assert {len(order["lines"]) for order in made} == {1, 2, 3}
    assert all(line.split("-")[0] == order["order_no"] for order in made for line in order["lines"])
    rows = wing.state()["lines"].values()
    assert {(row["status"], row["claim"], row["carrier"], row["waybill"]) for row in rows} == {
        ("ACCEPT", None, None, None)
    }
    catalogue = {item["seller_code"] for item in wing.send("GET", "/control/catalogue").json()["items"]}
    sold = {item["externalVendorSkuCode"] for sheet in wing.list() for item in sheet["orderItems"]}
    assert sold == catalogue == {row["seller_code"] for row in rows}


def test_a_mix_falls_on_exactly_its_share(wing: Wing) -> None:
    mix = {"confirmed": 0.25, "cancelled": 0.1, "dispatched": 0.2, "cancel_requested": 0.1, "bad_seller_code": 0.1}
    wing.control("orders", count=100, seed=3, lines=1, unknown_product=0.5, old_postcode=0.5, remote_area=0.1, **mix)
    rows = list(wing.state()["lines"].values())
    assert sum(row["status"] == "CANCELED" for row in rows) == 10
    assert sum(row["status"] == "DEPARTURE" for row in rows) == 20
    assert sum(row["claim"] == "RELEASE_STOP_UNCHECKED" and row["status"] == "INSTRUCT" for row in rows) == 10
    sheets = wing.list() + wing.list("INSTRUCT") + wing.list("DEPARTURE")
    assert len(sheets) == 90
    assert sum("-" in sheet["receiver"]["postCode"] for sheet in sheets) > 30
    assert any("행사 증정" in sheet["orderItems"][0]["sellerProductName"] for sheet in sheets)


def test_the_same_seed_makes_the_same_orders(wing: Wing) -> None:
    def make() -> list[Any]:
        wing.control("reset")
        wing.settings(coupang__rps=10_000)
        wing.control("orders", count=20, seed=7, multi_box=0.5, same_recipient=0.5)
        return sorted(
            (sheet["receiver"]["name"], [item["vendorItemId"] for item in sheet["orderItems"]]) for sheet in wing.list()
        )

    assert make() == make()


def test_orders_go_to_the_same_recipient_at_the_time_asked(wing: Wing) -> None:
    at = iso_before(3_600)
    lines = wing.order_lines(3, lines=1, same_recipient=1, ordered_at=at)
    sheets = [wing.sheet(line) for line in lines]
    assert len({str(sheet["receiver"]) for sheet in sheets}) == 1
    assert {sheet["orderedAt"] for sheet in sheets} == {at[:19]}


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("orders", {"gift_without_address": 1}, 422, "bad_mix"),
        ("orders", {"confirmed": 0.6, "dispatched": 0.6}, 422, "bad_mix"),
        ("events", {"event": "explode"}, 422, "unknown_event"),
        ("events", {"event": "deliver", "line_no": "1"}, 404, "unknown_line"),
        ("events", {"event": "deliver", "order_no": "1"}, 404, "unknown_order"),
        ("accounts", {"key": "한글"}, 422, "bad_key"),
    ],
)
def test_a_mistake_is_named(wing: Wing, path: str, body: dict[str, Any], status: int, code: str) -> None:
    answer = wing.send("POST", f"/control/{path}", json={"channel": "coupang", "account": "wing-a"} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_coupang_settles_nothing(wing: Wing) -> None:
    """There is no purchase decision in the API: the reason says so."""
    line = wing.order(lines=1, dispatched=1)[0]
    assert "purchase decision" in wing.refused_event("settle", line)


def test_wing_confirms_ships_and_corrects(wing: Wing) -> None:
    """What the seller does by hand in Wing leaves no effect of ours."""
    lines = wing.order(lines=2)
    order_no = lines[0].split("-")[0]
    wing.control("events", event="confirm", order_no=order_no)
    assert {wing.line(line)["status"] for line in lines} == {"INSTRUCT"}
    wing.control("events", event="ship", order_no=order_no, carrier="HANJIN", waybill="531647410114")
    assert {wing.line(line)["waybill"] for line in lines} == {"531647410114"}
    wing.event("waybill_change", lines[0], carrier="CJGLS", waybill=NUMBER)
    shown = wing.line(lines[1])
    assert (shown["carrier"], shown["waybill"]) == ("CJGLS", NUMBER)
    wing.event("deliver", lines[0])
    assert wing.line(lines[1])["status"] == "FINAL_DELIVERY"
    assert wing.state()["effects"] == []
    fresh = wing.order(lines=1)[0]
    wing.event("ship", fresh)
    assert wing.line(fresh)["status"] == "DEPARTURE"
    wing.refused_event("waybill_change", wing.order(lines=1)[0], waybill=NUMBER)


def test_the_seller_centre_corrects_a_number_at_naver(desk: Desk) -> None:
    """The same event at the other mall: the detail tells, the feed does not."""
    line = desk.order_lines(1, lines=1, dispatched=1)[0]
    before = desk.changes()
    desk.event("wrong_number", line)
    desk.event("waybill_change", line, carrier="HANJIN", waybill="531647410114")
    assert (desk.line(line)["carrier"], desk.line(line)["waybill"]) == ("HANJIN", "531647410114")
    assert desk.detail(line)["delivery"]["isWrongTrackingNumber"] is False
    assert desk.changes() == before


def test_naver_may_forget_too(desk: Desk) -> None:
    """The setting naver.history_days: 400 104139."""
    desk.settings(naver__history_days=7)
    old = {"lastChangedFrom": iso_before(8 * 86_400), "lastChangedTo": iso_before(7.5 * 86_400)}
    refused = desk.seller("GET", "/last-changed-statuses", params=old)
    assert (refused.status_code, refused.json()["code"]) == (400, "104139")
    assert desk.changes(lastChangedFrom=iso_before(6 * 86_400))["count"] == 0


def acknowledge(wing: Wing, line: str) -> Any:
    return wing.put("/ordersheets/acknowledgement", shipmentBoxIds=[int(wing.box(line))])


@pytest.mark.parametrize(
    ("fault", "status", "applied"),
    [
        ({"fault": "timeout", "seconds": 0}, 504, False),
        ({"fault": "timeout_after", "seconds": 0}, 200, True),
        ({"fault": "error500"}, 500, False),
        ({"fault": "error503", "apply": True}, 503, True),
        ({"fault": "error521", "apply": True}, 521, True),
        ({"fault": "html200"}, 200, False),
        ({"fault": "truncated_json"}, 200, True),
        ({"fault": "rate_limit"}, 429, False),
        ({"fault": "unauthorized"}, 401, False),
        ({"fault": "expired_signature"}, 401, False),
        ({"fault": "ip_not_allowed"}, 403, False),
        ({"fault": "access_denied"}, 403, False),
        ({"fault": "clock_skew"}, 200, True),
        ({"fault": "empty"}, 200, False),
    ],
)
def test_a_fault_meets_one_call_and_is_gone(wing: Wing, fault: dict[str, Any], status: int, applied: bool) -> None:
    line = wing.order(lines=1)[0]
    wing.control("faults", call="acknowledgement", **fault)
    assert len(wing.list()) == 1, "another call passes"
    assert acknowledge(wing, line).status_code == status
    assert wing.line(line)["status"] == ("INSTRUCT" if applied else "ACCEPT")
    assert len(wing.state()["effects"]) == int(applied)
    assert wing.send("GET", "/control/faults").json()["faults"] == []


CALLS = [
    ("GET", "/ordersheets", "ordersheets"),
    ("GET", "/ordersheets/1", "ordersheets"),
    ("GET", "/1/ordersheets", "ordersheets"),
    ("PUT", "/ordersheets/acknowledgement", "acknowledgement"),
    ("POST", "/orders/invoices", "invoices"),
    ("POST", "/orders/updateInvoices", "updateInvoices"),
    ("GET", "/returnRequests", "returnRequests"),
    ("GET", "/returnRequests/1", "returnRequests"),
    ("GET", "/exchangeRequests", "exchangeRequests"),
    ("GET", "/returnWithdrawRequests", "returnWithdrawRequests"),
]


@pytest.mark.parametrize(("method", "path", "call"), CALLS)
def test_every_call_is_named_by_its_last_word(wing: Wing, method: str, path: str, call: str) -> None:
    wing.control("faults", call=call, fault="error503")
    assert wing.ask(method, path).status_code == 503
    assert wing.ask(method, path).status_code != 503


def test_trouble_speaks_coupangs_words(wing: Wing) -> None:
    """§2.1, §10.19."""
    line = wing.order(lines=1)[0]
    wing.control("faults", call="acknowledgement", fault="expired_signature")
    wing.control("faults", call="acknowledgement", fault="access_denied")
    wing.control("faults", call="acknowledgement", fault="timeout", seconds=0)
    assert acknowledge(wing, line).json()["message"] == "Specified signature is expired."
    blocked = acknowledge(wing, line).json()
    assert (blocked["status"], blocked["message"]) == (403, "403 Forbidden")
    assert "Access Denied" in blocked["body"]
    late = acknowledge(wing, line).json()
    assert (late["code"], late["message"].startswith("Request timed out")) == ("ERROR", True)


def test_a_wrong_date_header(wing: Wing, desk: Desk) -> None:
    for answer in (
        _ask_with_skew(wing.control, lambda: wing.ask("GET", "/ordersheets"), "ordersheets"),
        _ask_with_skew(desk.control, lambda: desk.seller("POST", "/query", json={"productOrderIds": ["1"]}), "query"),
    ):
        told = parsedate_to_datetime(answer.headers["Date"]).timestamp()
        assert abs(told - time.time() + 7_200) < 5


def _ask_with_skew(control: Any, ask: Any, call: str) -> Any:
    control("faults", call=call, fault="clock_skew", seconds=-7_200)
    return ask()


def test_an_expired_signature_at_naver(desk: Desk) -> None:
    """There only the token call is signed; the others say that the token is no good."""
    desk.control("faults", call="token", fault="expired_signature")
    told = desk.ask_token()
    assert (told.status_code, told.json()["invalidInputs"][0]["name"]) == (400, "timestamp")
    desk.control("faults", call="query", fault="expired_signature")
    assert desk.seller("POST", "/query", json={"productOrderIds": ["1"]}).status_code == 401


def test_one_refused_line_stops_its_box_only(wing: Wing) -> None:
    """A per-item failure: the box of the named line fails with the code asked for."""
    lines = wing.order_lines(3, lines=1, confirmed=1, same_recipient=1)
    wing.control(
        "faults", call="invoices", fault="refuse_line", line_no=lines[1], code="PERMISSION_DENIED", message="권한 없음"
    )
    data = wing.upload(*(wing.row(line, NUMBER) for line in lines))
    assert (data["responseCode"], codes(data)) == (1, ["OK", "PERMISSION_DENIED", "OK"])
    assert data["responseList"][1]["resultMessage"] == "권한 없음"
    assert codes(wing.upload(wing.row(lines[1], NUMBER))) == ["OK"]
    fresh = wing.order(lines=1)[0]
    wing.control("faults", call="acknowledgement", fault="refuse_line")
    assert codes(wing.acknowledge(wing.box(fresh))) == ["UNDEFINED_ERROR_OCCUR"]


def test_fields_go_missing_and_words_are_new(wing: Wing) -> None:
    """Faults of fields, for one line or for all."""
    first, second = wing.order_lines(2, lines=1)
    wing.control("faults", call="ordersheets", fault="null_fields")
    assert [sheet["receiver"]["safeNumber"] for sheet in wing.list()] == [None, None]
    wing.control("faults", call="ordersheets", fault="unknown_enum", line_no=second)
    query = {"createdAtFrom": day(-1), "createdAtTo": day(0), "status": "ACCEPT"}
    sheets = wing.ask("GET", "/ordersheets", **query).json()["data"]
    odd = [str(sheet["orderId"]) for sheet in sheets if sheet["status"] == "SOMETHING_NEW"]
    assert odd == [second.split("-")[0]]
