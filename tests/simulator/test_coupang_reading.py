"""Order sheets: lists, pages, windows, forms of v4 and v5, what vanishes (channels.md §2.2, §10.13 to §10.16)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .wing import Wing, day, minute


def test_a_sheet_has_the_documented_shape_in_v4(wing: Wing) -> None:
    """§2.2, §10.14: plain money, dates without offset, null numbers, 18-digit box ids."""
    line = wing.order(lines=1, quantity=2)[0]
    sheet = wing.list()[0]
    order_no, item_no = line.split("-")
    assert len(str(sheet["shipmentBoxId"])) == 18
    assert str(sheet["orderId"]) == order_no
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", sheet["orderedAt"])
    assert (sheet["orderer"]["email"], sheet["receiver"]["receiverNumber"]) == ("", None)
    assert re.fullmatch(r"0503-\d{4}-\d{4}", sheet["receiver"]["safeNumber"])
    assert (sheet["remotePrice"], sheet["remoteArea"], sheet["splitShipping"]) == (None, False, False)
    item = sheet["orderItems"][0]
    assert str(item["vendorItemId"]) == item_no
    assert (item["shippingCount"], item["cancelCount"], item["holdCountForCancel"]) == (2, 0, 0)
    assert item["orderPrice"] == item["salesPrice"] * 2
    assert "sequenceNo" not in item
    assert item["vendorItemName"] == f"{item['sellerProductName']}, {item['sellerProductItemName']}"


def test_v5_changes_money_phones_and_dates(wing: Wing) -> None:
    """§2.1, §10.15."""
    line = wing.order(lines=1, remote_area=1)[0]
    old, new = wing.sheet(line), wing.sheet(line, v="v5")
    assert new["orderedAt"] == old["orderedAt"] + "+09:00"
    assert re.fullmatch(r"\+82\(503\)\d{4}-\d{4}", new["receiver"]["safeNumber"])
    assert new["remotePrice"] == {"currencyCode": "KRW", "units": old["remotePrice"], "nanos": 0}
    item = new["orderItems"][0]
    assert item["salesPrice"]["units"] == old["orderItems"][0]["salesPrice"]
    assert item["sequenceNo"] == "1"
    assert new["remoteArea"] is True
    assert [sheet["orderId"] for sheet in wing.list(v="v5")] == [new["orderId"]]


def test_every_box_comes_once_over_pages(wing: Wing) -> None:
    """§2.2: pages with an opaque nextToken; an empty one ends the list."""
    wing.order_lines(23)
    wing.settings(coupang__page=5)
    boxes = [sheet["shipmentBoxId"] for sheet in wing.list()]
    assert len(boxes) == len(set(boxes)) == 23
    assert len(wing.list(maxPerPage=2)) == 23


@pytest.mark.parametrize(("paging", "twice"), [("key", 0), ("offset", 2)])
def test_orders_that_arrive_between_pages(wing: Wing, paging: str, twice: int) -> None:
    """A newcomer comes at the end of the list, or pushes rows onto the next page once more."""
    wing.order_lines(6, age=60, lines=1)
    wing.settings(coupang__page=4, coupang__paging=paging)
    query = {"createdAtFrom": day(-1), "createdAtTo": day(0), "status": "ACCEPT"}
    first = wing.ask("GET", "/ordersheets", **query).json()
    wing.order_lines(2, lines=1)
    second = wing.ask("GET", "/ordersheets", **query, nextToken=first["nextToken"]).json()
    boxes = [sheet["shipmentBoxId"] for page in (first, second) for sheet in page["data"]]
    assert len(boxes) - len(set(boxes)) == twice
    assert second["nextToken"] == ""


def test_a_list_has_one_status_and_goes_by_creation(wing: Wing) -> None:
    """§2.2: one status a call, window over the order's creation."""
    old = wing.order(lines=1, age=10 * 86_400)[0]
    new = wing.order(lines=1, confirmed=1)[0]
    assert wing.list() == []
    assert [sheet["orderId"] for sheet in wing.list("INSTRUCT")] == [int(new.split("-")[0])]
    found = wing.list(createdAtFrom=day(-12), createdAtTo=day(-8))
    assert [sheet["orderId"] for sheet in found] == [int(old.split("-")[0])]


def test_a_time_frame_has_minutes_and_no_pages(wing: Wing) -> None:
    """§2.2: searchType=timeFrame."""
    wing.order_lines(60, lines=1, age=7_200)
    wing.order(lines=1, age=60)
    query = {"searchType": "timeFrame", "status": "ACCEPT"}
    body = wing.ask("GET", "/ordersheets", **query, createdAtFrom=minute(-7_300), createdAtTo=minute(-3_600)).json()
    assert (len(body["data"]), body["nextToken"]) == (60, "")
    late = {"createdAtFrom": minute(-7_300) + "+09:00", "createdAtTo": minute(60) + "+09:00"}
    assert len(wing.ask("GET", "/ordersheets", v="v5", **query, **late).json()["data"]) == 61


@pytest.mark.parametrize(
    ("query", "v"),
    [
        ({"status": None}, "v4"),
        ({"status": "PAID"}, "v4"),
        ({"createdAtFrom": None}, "v4"),
        ({"createdAtFrom": day(-32)}, "v4"),
        ({"createdAtFrom": day(1), "createdAtTo": day(0)}, "v4"),
        ({"createdAtFrom": "2026-13-01"}, "v4"),
        ({"createdAtFrom": "yesterday"}, "v4"),
        ({"createdAtFrom": day(-1) + "+09:00"}, "v4"),
        ({"createdAtFrom": day(-1)}, "v5"),
        ({"createdAtFrom": day(-1) + " 09:00", "createdAtTo": day(0) + "+09:00"}, "v5"),
        ({"maxPerPage": 51}, "v4"),
        ({"nextToken": "abc"}, "v4"),
        ({"searchType": "monthly"}, "v4"),
        ({"searchType": "timeFrame"}, "v4"),
        ({"searchType": "timeFrame", "createdAtFrom": minute(-90_000), "createdAtTo": minute(0)}, "v4"),
    ],
)
def test_a_wrong_question_is_a_400(wing: Wing, query: dict[str, Any], v: str) -> None:
    """§2.2, §2.6, §10.19: {code, message, transactionId}."""
    wanted = {"createdAtFrom": day(-1), "createdAtTo": day(0), "status": "ACCEPT"} | query
    sent = {name: value for name, value in wanted.items() if value is not None}
    answer = wing.ask("GET", "/ordersheets", v=v, **sent)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "transactionId"}


def test_31_days_are_allowed_and_a_token_is_for_its_own_list(wing: Wing) -> None:
    wing.order_lines(3, lines=1)
    wing.settings(coupang__page=1)
    query = {"createdAtFrom": day(-30), "createdAtTo": day(0), "status": "ACCEPT"}
    page = wing.ask("GET", "/ordersheets", **query).json()
    other = query | {"createdAtFrom": day(-29), "nextToken": page["nextToken"]}
    assert wing.ask("GET", "/ordersheets", **other).status_code == 400


def test_history_may_end(wing: Wing) -> None:
    """The setting coupang.history_days: an older start is a 400."""
    wing.settings(coupang__history_days=7)
    query = {"createdAtTo": day(0), "status": "ACCEPT"}
    assert wing.ask("GET", "/ordersheets", createdAtFrom=day(-9), **query).status_code == 400
    assert wing.ask("GET", "/ordersheets", createdAtFrom=day(-6), **query).status_code == 200


def test_an_order_has_boxes_and_a_box_has_items(wing: Wing) -> None:
    """§2.2: 1..n boxes of 1..3 vendor items; the line number is orderId-vendorItemId."""
    lines = wing.order(lines=7)
    sheets = wing.sheets(lines[0])
    assert [len(sheet["orderItems"]) for sheet in sheets] == [3, 3, 1]
    shown = {f"{sheet['orderId']}-{item['vendorItemId']}" for sheet in sheets for item in sheet["orderItems"]}
    assert shown == set(lines)
    assert len(wing.sheets(wing.order(lines=1, multi_box=1)[0])) == 2
    assert wing.ask("GET", f"/ordersheets/{wing.box(lines[0])}").json()["data"] == sheets[0]


def test_what_is_cancelled_vanishes(wing: Wing) -> None:
    """§10.16 and the official error: a cancelled order is in no list and a single read is a 400 that says so."""
    first, second = wing.order(lines=2)
    box = wing.box(first)
    wing.event("cancel", first)
    items = wing.sheet(second)["orderItems"]
    assert [(item["cancelCount"] == item["shippingCount"], item["canceled"]) for item in items] == [
        (True, True),
        (False, False),
    ]
    wing.event("cancel", second)
    assert wing.list() == []
    for path in (f"/ordersheets/{box}", f"/{first.split('-')[0]}/ordersheets", f"/ordersheets/{box}/history"):
        answer = wing.ask("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (400, 400)
        assert "취소 또는 반품" in answer.json()["message"]
    assert wing.ask("GET", "/ordersheets/640000000000000000").status_code == 400


def test_history_is_newest_first(wing: Wing) -> None:
    """§10.14."""
    line = wing.order(lines=1, dispatched=1)[0]
    wing.event("picked_up", line)
    wing.event("deliver", line)
    details = wing.ask("GET", f"/ordersheets/{wing.box(line)}/history").json()["data"]["details"]
    told = [row["deliveryStatus"] for row in details]
    assert told == ["FINAL_DELIVERY", "DELIVERING", "DEPARTURE", "INSTRUCT", "ACCEPT"]
    sheet = wing.sheet(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", sheet["deliveredDate"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", sheet["inTrasitDateTime"])


def test_time_carries_parcels_to_the_door(wing: Wing) -> None:
    """§2.6: DEPARTURE → DELIVERING → FINAL_DELIVERY by clock, when asked for."""
    line = wing.order(lines=1, dispatched=1)[0]
    wing.control("clock", advance_seconds=100_000)
    assert wing.line(line)["status"] == "DEPARTURE"
    wing.settings(coupang__auto_transit_seconds=150_000, auto_deliver_seconds=3_600)
    wing.control("clock", advance_seconds=51_000)
    assert wing.line(line)["status"] == "DELIVERING"
    wing.control("clock", advance_seconds=4_000)
    assert wing.line(line)["status"] == "FINAL_DELIVERY"
