"""Feed, details, conditional list, ids of an order."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .desk import SELLER, Desk, iso_before


def read_all(desk: Desk, **query: Any) -> tuple[list[str], int]:
    seen: list[str] = []
    pages = 0
    while True:
        data = desk.changes(**query)
        pages += 1
        assert data["count"] == len(data["lastChangeStatuses"])
        seen += [row["productOrderId"] for row in data["lastChangeStatuses"]]
        if "more" not in data:
            return seen, pages
        query |= {"lastChangedFrom": data["more"]["moreFrom"], "moreSequence": data["more"]["moreSequence"]}


def test_every_line_comes_once_over_pages_of_one_instant(desk: Desk) -> None:
    lines = desk.order_lines(40)
    desk.settings(naver__page=7)
    seen, pages = read_all(desk)
    assert sorted(seen) == sorted(lines)
    assert pages == -(-len(lines) // 7)


def test_pages_end_and_start_where_the_times_differ(desk: Desk) -> None:
    lines = desk.order_lines(30, ordered_from=iso_before(3_000), ordered_to=iso_before(10))
    seen, _ = read_all(desk, limitCount=4)
    assert sorted(seen) == sorted(lines)
    rows = desk.changes(limitCount=1_000)["lastChangeStatuses"]
    assert [row["productOrderId"] for row in rows] == seen, "over 300 means 300"
    assert rows == sorted(rows, key=lambda row: (row["lastChangedDate"], row["productOrderId"]))
    first, last = rows[0], rows[-1]
    both = desk.changes(lastChangedFrom=first["lastChangedDate"], lastChangedTo=last["lastChangedDate"])
    assert both["count"] == len(rows), "both ends belong to the window"


def test_a_window_is_a_day(desk: Desk) -> None:
    old = desk.order_lines(1, ordered_from=iso_before(40 * 3600), ordered_to=iso_before(40 * 3600))
    fresh = desk.order_lines(1)
    assert set(read_all(desk, lastChangedFrom=iso_before(48 * 3600))[0]) == set(old)
    query = {"lastChangedFrom": iso_before(48 * 3600), "lastChangedTo": iso_before(0)}
    refused = desk.seller("GET", "/last-changed-statuses", params=query)
    assert (refused.status_code, refused.json()["code"]) == (400, "104139")
    desk.settings(naver__window_cap=False)
    assert set(read_all(desk, **query)[0]) == {*old, *fresh}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lastChangedFrom": "yesterday"},
        {"lastChangedFrom": "2026-01-02T03:04:05.000+09:00", "limitCount": "x"},
        {"lastChangedFrom": "2026-01-02T03:04:05.000+09:00", "lastChangedType": "NOPE"},
    ],
)
def test_a_senseless_query_is_a_400(desk: Desk, query: dict[str, str]) -> None:
    answer = desk.seller("GET", "/last-changed-statuses", params=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "4000")


def test_only_the_latest_change_stands_and_confirm_and_delivery_do_not_show(desk: Desk) -> None:
    line = desk.order_lines(1, lines=[1, 1])[0]
    paid = desk.changes()["lastChangeStatuses"][0]
    assert paid["lastChangedType"] == "PAYED"
    desk.confirm(line)
    assert desk.changes()["lastChangeStatuses"] == [paid]
    desk.dispatch(line)
    sent = desk.changes()["lastChangeStatuses"]
    assert [(row["lastChangedType"], row["productOrderStatus"]) for row in sent] == [("DISPATCHED", "DELIVERING")]
    desk.event("deliver", line)
    delivered = desk.changes()["lastChangeStatuses"][0]
    assert (delivered["lastChangedType"], delivered["lastChangedDate"]) == ("DISPATCHED", sent[0]["lastChangedDate"])
    assert delivered["productOrderStatus"] == "DELIVERED"
    desk.event("settle", line)
    assert desk.changes(lastChangedType="PURCHASE_DECIDED")["count"] == 1
    assert desk.changes(lastChangedType="PAYED")["count"] == 0


def test_no_hits_may_come_without_data(desk: Desk) -> None:
    assert desk.changes() == {"lastChangeStatuses": [], "count": 0}
    desk.settings(naver__no_hits_without_data=True)
    query = {"lastChangedFrom": iso_before(5)}
    assert set(desk.seller("GET", "/last-changed-statuses", params=query).json()) == {"timestamp", "traceId"}


def test_a_detail_adds_up(desk: Desk) -> None:
    lines = desk.order_lines(20, quantity=[2, 5])
    rows = desk.seller("POST", "/query", json={"productOrderIds": lines}).json()["data"]
    assert [row["productOrder"]["productOrderId"] for row in rows] == lines
    by_order: dict[str, int] = {}
    totals: dict[str, int] = {}
    for row in rows:
        order, product = row["order"], row["productOrder"]
        assert re.fullmatch(r"20\d{14}", order["orderId"])
        assert re.fullmatch(r"20\d{14}", product["productOrderId"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00", order["paymentDate"])
        assert (product["productOrderStatus"], product["placeOrderStatus"]) == ("PAYED", "NOT_YET")
        assert product["quantity"] == product["initialQuantity"] == product["remainQuantity"]
        whole = (product["unitPrice"] + product["optionPrice"]) * product["quantity"]
        assert product["totalProductAmount"] == whole
        assert product["totalPaymentAmount"] == whole - product["productDiscountAmount"]
        assert all(isinstance(value, int) for name, value in product.items() if name.endswith("Amount"))
        assert re.fullmatch(r"010-0000-\d{4}|050\d-0000-\d{4}", product["shippingAddress"]["tel1"])
        assert product["takingAddress"]["zipCode"]
        paid = product["totalPaymentAmount"] + product["deliveryFeeAmount"]
        by_order[order["orderId"]] = by_order.get(order["orderId"], 0) + paid
        totals[order["orderId"]] = order["generalPaymentAmount"] + order["naverMileagePaymentAmount"]
    assert by_order == totals


def test_seller_codes_are_those_of_the_catalogue(desk: Desk) -> None:
    items = desk.call("GET", "/control/catalogue").json()["items"]
    known = {item["seller_code"]: item for item in items}
    assert len(known) == 12
    lines = desk.order_lines(30)
    for row in desk.seller("POST", "/query", json={"productOrderIds": lines}).json()["data"]:
        product = row["productOrder"]
        item = known[product.get("optionManageCode") or product["sellerProductCode"]]
        assert product["productName"] == item["product_name"]
        assert product["unitPrice"] + product["optionPrice"] == item["price"]
        assert ("productOption" in product) == bool(item["option"])


def test_details_of_three_hundred_and_no_more(desk: Desk) -> None:
    assert desk.seller("POST", "/query", json={"productOrderIds": ["1"] * 300}).json()["data"] == []
    for ids in (["1"] * 301, [], None):
        answer = desk.seller("POST", "/query", json={"productOrderIds": ids})
        assert (answer.status_code, answer.json()["code"]) == (400, "4000")


def test_the_conditional_list_filters_and_pages(desk: Desk) -> None:
    lines = desk.order_lines(10, confirmed=0.5)
    query = {"from": iso_before(3600), "rangeType": "PAYED_DATETIME", "placeOrderStatusType": "NOT_YET", "pageSize": 3}
    state = desk.state()["lines"]
    wanted = {line for line in lines if state[line]["place_status"] == "NOT_YET"}
    assert 0 < len(wanted) < len(lines)
    seen: list[str] = []
    page = 0
    more = True
    while more:
        page += 1
        data = desk.seller("GET", "", params=query | {"page": page, "productOrderStatuses": "PAYED"}).json()["data"]
        assert data["pagination"]["page"] == page
        seen += [row["productOrderId"] for row in data["contents"]]
        assert all(row["content"]["productOrder"]["placeOrderStatus"] == "NOT_YET" for row in data["contents"])
        more = data["pagination"]["hasNext"]
    assert set(seen) == wanted
    assert len(seen) == len(wanted)
    assert desk.seller("GET", "", params=query | {"rangeType": "X"}).json()["code"] == "4000"
    assert (
        desk.seller("GET", "", params=query | {"productOrderStatuses": "DELIVERING"}).json()["data"]["contents"] == []
    )


def test_the_ids_of_an_order(desk: Desk) -> None:
    order = desk.control("orders", count=1, lines=[3, 3])["orders"][0]
    answer = desk.seller("GET", f"{SELLER}/orders/{order['order_no']}/product-order-ids")
    assert answer.json()["data"] == order["lines"]
    assert desk.seller("GET", f"{SELLER}/orders/1/product-order-ids").json()["code"] == "100003"
