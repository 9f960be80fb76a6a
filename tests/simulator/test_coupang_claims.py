"""Cancels, stop requests, returns and exchanges (channels.md §2.3 to §2.5, §10.16 to §10.21)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .wing import Wing, codes, day, minute

NUMBER = "680405450931"


def receipt_path(row: dict[str, Any], verb: str) -> str:
    return f"/returnRequests/{row['receiptId']}/{verb}"


def settle(wing: Wing, row: dict[str, Any], verb: str, *, v: str = "v4", **more: Any) -> Any:
    return wing.put(receipt_path(row, verb), v=v, receiptId=row["receiptId"], **more)


def test_a_cancel_while_accept_is_done_at_once(wing: Wing) -> None:
    """§10.17, §10.20: it stands under cancelType=CANCEL, not among the returns."""
    line = wing.order(lines=1, quantity=3)[0]
    wing.event("cancel_request", line)
    shown = wing.line(line)
    assert (shown["status"], shown["remaining"], shown["claim"]) == ("CANCELED", 0, "RETURNS_COMPLETED")
    row = wing.returns(cancelType="CANCEL")[0]
    assert (row["receiptType"], row["receiptStatus"], row["cancelCountSum"]) == ("CANCEL", "RETURNS_COMPLETED", 3)
    assert [wing.returns(status) for status in ("RU", "UC", "CC", "PR")] == [[], [], [], []]


def test_a_stop_request_stands_under_ru_and_uc(wing: Wing) -> None:
    """§2.4, §10.17: RETURN, RELEASE_STOP_UNCHECKED, holdCountForCancel."""
    line = wing.order(lines=1, quantity=3, confirmed=1)[0]
    wing.event("cancel_request", line, quantity=2)
    row = wing.returns("RU")[0]
    assert wing.returns("UC") == [row]
    assert wing.returns("CC") == wing.returns(cancelType="CANCEL") == []
    assert (row["receiptType"], row["receiptStatus"]) == ("RETURN", "RELEASE_STOP_UNCHECKED")
    assert (row["releaseStopStatus"], row["returnItems"][0]["releaseStatus"]) == ("미처리", "N")
    item = wing.sheet(line)["orderItems"][0]
    assert (item["shippingCount"], item["cancelCount"], item["holdCountForCancel"]) == (3, 0, 2)
    assert (wing.line(line)["status"], wing.line(line)["held"]) == ("INSTRUCT", 2)


def test_we_stopped_it(wing: Wing) -> None:
    """§2.4, §10.18: stoppedShipment wants the receipt's total; the rest of the line ships."""
    line = wing.order(lines=1, quantity=3, confirmed=1)[0]
    wing.event("cancel_request", line, quantity=2)
    row = wing.returns("RU")[0]
    wrong = settle(wing, row, "stoppedShipment", cancelCount=1)
    assert wrong.status_code == 500
    assert wrong.json()["message"].startswith("[INTERNAL_SERVER_ERROR] 취소반품접수수량과 cancelCount")
    assert settle(wing, row, "stoppedShipment", cancelCount=2).json()["data"]["resultCode"] == "SUCCESS"
    item = wing.sheet(line)["orderItems"][0]
    assert (item["cancelCount"], item["holdCountForCancel"]) == (2, 0)
    assert wing.returns("CC")[0]["releaseStopStatus"] == "처리(출고중지)"
    assert wing.effects("stoppedShipment") == [(line, None, None)]
    assert settle(wing, row, "stoppedShipment", cancelCount=2).status_code == 400
    assert codes(wing.upload(wing.row(line, NUMBER))) == ["OK"]


def test_it_was_too_late_to_stop(wing: Wing) -> None:
    """§2.4, §10.18: completedShipment sends the box, the receipt becomes a return; code and message inside data."""
    line = wing.order(lines=1, confirmed=1)[0]
    wing.event("cancel_request", line)
    row = wing.returns("RU")[0]
    sent = {"deliveryCompanyCode": "CJGLS", "invoiceNumber": NUMBER}
    assert settle(wing, row, "completedShipment", **(sent | {"invoiceNumber": "1"})).status_code == 400
    body = settle(wing, row, "completedShipment", **sent).json()
    assert (list(body), body["data"]["code"]) == (["data"], "200")
    assert (wing.line(line)["status"], wing.line(line)["waybill"], wing.line(line)["held"]) == ("DEPARTURE", NUMBER, 0)
    told = wing.returns("UC")[0]
    assert (told["receiptStatus"], told["releaseStopStatus"]) == ("RETURNS_UNCHECKED", "처리(이미출고)")
    assert wing.returns("RU") == []
    assert wing.effects("completedShipment") == [(line, "CJGLS", NUMBER)]


def test_a_return_that_has_not_left_can_be_stopped(wing: Wing) -> None:
    """§10.18: also in RETURNS_UNCHECKED while releaseStatus is N."""
    first, second = wing.order_lines(2, lines=1, dispatched=1)
    wing.event("picked_up", second)
    for line in (first, second):
        wing.event("return_request", line)
    by_order = {str(row["orderId"]): row for row in wing.returns("UC")}
    fresh, late = by_order[first.split("-")[0]], by_order[second.split("-")[0]]
    assert settle(wing, late, "stoppedShipment", cancelCount=late["cancelCountSum"]).status_code == 400
    assert settle(wing, fresh, "stoppedShipment", cancelCount=fresh["cancelCountSum"]).status_code == 200
    assert wing.line(first)["status"] == "CANCELED"


def test_a_return_goes_all_the_way(wing: Wing) -> None:
    """§2.4, §10.16: receiveConfirmation, approval; then the order is in no list."""
    line = wing.order(lines=1, dispatched=1)[0]
    wing.event("deliver", line)
    wing.event("return_request", line)
    row = wing.returns("UC")[0]
    total = row["cancelCountSum"]
    assert (row["receiptStatus"], row["releaseStopStatus"]) == ("RETURNS_UNCHECKED", "비대상")
    assert settle(wing, row, "approval", v="v5", cancelCount=total).status_code == 400
    pickup = {"returnExchangeDeliveryType": "RETURN", "receiptId": row["receiptId"], "regNumber": ""}
    manual = wing.put(
        "/return-exchange-invoices/manual",
        method="POST",
        deliveryCompanyCode="CJGLS",
        invoiceNumber=NUMBER,
        **pickup,
    )
    assert manual.json()["data"]["invoiceNumber"] == NUMBER
    assert settle(wing, row, "receiveConfirmation", v="v5").status_code == 200
    told = wing.ask("GET", f"/returnRequests/{row['receiptId']}").json()["data"]
    assert isinstance(told, list)
    assert told[0]["receiptStatus"] == "VENDOR_WAREHOUSE_CONFIRM"
    assert told[0]["returnDeliveryDtos"] == [{"deliveryCompanyCode": "CJGLS", "deliveryInvoiceNo": NUMBER}]
    assert settle(wing, row, "approval", cancelCount=total + 1).status_code == 500
    assert settle(wing, row, "approval", cancelCount=total, method="PATCH").status_code == 200
    assert wing.returns("CC")[0]["completeConfirmType"] == "VENDOR_CONFIRM"
    assert wing.line(line)["status"] == "RETURNED"
    assert wing.list("FINAL_DELIVERY") == []
    assert "취소 또는 반품" in wing.ask("GET", f"/ordersheets/{wing.box(line)}").json()["message"]
    assert wing.effects("approval") == [(line, None, None)]


def test_returns_in_v6(wing: Wing) -> None:
    """§2.1, §10.15, §10.17: six digits of a second, any offset, money objects that can be negative."""
    lines = wing.order_lines(6, lines=1, dispatched=1)
    for line in lines:
        wing.event("deliver", line)
        wing.event("return_request", line)
    rows = wing.returns("UC", v="v6")
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(-08:00|\+09:00)"
    assert len(rows) == 6
    assert all(re.fullmatch(form, row["createdAt"]) for row in rows)
    assert rows[0]["returnShippingCharge"] == {"currencyCode": "KRW", "units": -3000, "nanos": 0}
    assert rows[0]["enclosePrice"]["units"] == 0
    assert rows[0]["requesterPhoneNumber"].startswith("+82(503)")
    assert "returnShippingCharge" not in wing.returns("UC")[0]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"status": "XX"},
        {"cancelType": "CANCEL", "status": "UC"},
        {"cancelType": "CANCEL", "orderId": "1"},
        {"status": "UC", "createdAtFrom": day(-32)},
        {"status": "UC", "searchType": "timeFrame"},
    ],
)
def test_wrong_questions_for_returns(wing: Wing, query: dict[str, Any]) -> None:
    """§2.4, §10.17."""
    wanted = {"createdAtFrom": day(-1), "createdAtTo": day(0)} | query
    assert wing.ask("GET", "/returnRequests", **wanted).status_code == 400


def test_returns_by_order_by_minute_and_by_page(wing: Wing) -> None:
    """§2.4, §10.17: orderId without status; timeFrame takes neither pages nor an order."""
    lines = wing.order_lines(3, lines=1, cancel_requested=1)
    order_no = lines[0].split("-")[0]
    assert [str(row["orderId"]) for row in wing.returns(orderId=order_no)] == [order_no]
    frame = {"searchType": "timeFrame", "createdAtFrom": minute(-600), "createdAtTo": minute(60), "status": "RU"}
    assert len(wing.ask("GET", "/returnRequests", **frame).json()["data"]) == 3
    for name in ("nextToken", "maxPerPage", "orderId"):
        assert wing.ask("GET", "/returnRequests", **frame, **{name: 1}).status_code == 400
    page = wing.ask(
        "GET", "/returnRequests", createdAtFrom=day(-1), createdAtTo=day(0), status="RU", maxPerPage=2
    ).json()
    assert len(page["data"]) == 2
    assert page["nextToken"]


def test_what_is_withdrawn_stands_elsewhere(wing: Wing) -> None:
    """§2.4: returnWithdrawRequests, ≤ 7 days, pages from 1."""
    lines = wing.order_lines(3, lines=1, confirmed=1)
    for line in lines:
        wing.event("cancel_request", line)
        wing.event("cancel_withdraw", line)
    assert wing.returns("RU") == []
    query = {"dateFrom": day(-2), "dateTo": day(0), "sizePerPage": 2}
    first = wing.ask("GET", "/returnWithdrawRequests", **query, pageIndex=1).json()
    second = wing.ask("GET", "/returnWithdrawRequests", **query, pageIndex=2).json()
    orders = [str(row["orderId"]) for page in (first, second) for row in page["data"]]
    assert sorted(orders) == sorted(line.split("-")[0] for line in lines)
    assert (first["nextPageIndex"], second["nextPageIndex"]) == ("2", "")
    assert wing.ask("GET", "/returnWithdrawRequests", dateFrom=day(-8), dateTo=day(0)).status_code == 400
    assert wing.line(lines[0])["claim"] == "WITHDRAWN"
    wing.event("cancel_request", lines[0])
    assert len(wing.returns("RU")) == 1


def test_lines_of_one_order_make_one_receipt(wing: Wing) -> None:
    lines = wing.order(lines=3, confirmed=1)
    order_no = lines[0].split("-")[0]
    wing.control("events", event="cancel_request", order_no=order_no)
    assert [len(row["returnItems"]) for row in wing.returns("RU")] == [3]
    wing.control("events", event="cancel", order_no=order_no)
    assert {wing.line(line)["status"] for line in lines} == {"CANCELED"}
    assert len(wing.returns("CC")) == 1


def test_a_part_is_cancelled_and_the_rest_goes_on(wing: Wing) -> None:
    """The parameter `quantity`, as at the fake Naver."""
    line = wing.order(lines=1, quantity=5)[0]
    wing.event("cancel_partial", line, quantity=2)
    wing.event("confirm", line)
    wing.event("cancel_partial", line, quantity=1)
    assert (wing.line(line)["status"], wing.line(line)["remaining"]) == ("INSTRUCT", 2)
    assert wing.sheet(line)["orderItems"][0]["cancelCount"] == 3
    wing.refused_event("cancel_partial", line, quantity=2)


def cancel_body(lines: list[str], counts: list[int], **changes: Any) -> dict[str, Any]:
    return {
        "orderId": int(lines[0].split("-")[0]),
        "vendorItemIds": [int(line.split("-")[1]) for line in lines],
        "receiptCounts": counts,
        "bigCancelCode": "CANERR",
        "middleCancelCode": "CCTTER",
        "userId": "wing",
    } | changes


def cancel(wing: Wing, lines: list[str], counts: list[int], *, v: str = "v6", **changes: Any) -> Any:
    path = f"/orders/{lines[0].split('-')[0]}/cancel"
    return wing.put(path, v=v, method="POST", **cancel_body(lines, counts, **changes))


def test_the_seller_cancels_a_whole_order_while_accept(wing: Wing) -> None:
    """§2.3, §10.20: only the whole of it."""
    lines = wing.order(lines=2, quantity=2)
    part = cancel(wing, lines[:1], [2]).json()
    assert (part["code"], part["data"]["failedVendorItemIds"]) == ("FAIL", [int(lines[0].split("-")[1])])
    whole = cancel(wing, lines, [2, 2], v="v5").json()
    assert (whole["code"], whole["data"]["failedVendorItemIds"]) == ("200", [])
    assert [made["receiptType"] for made in whole["data"]["receiptMap"].values()] == ["CANCEL"]
    assert {wing.line(line)["status"] for line in lines} == {"CANCELED"}
    assert wing.effects("cancel") == [(line, None, None) for line in lines]
    assert wing.returns(cancelType="CANCEL")[0]["faultByType"] == "VENDOR"


def test_the_seller_stops_part_of_an_instruct_order(wing: Wing) -> None:
    """§2.3, §10.20: a stop-shipment request; what can't be cancelled is named, code PARTIAL."""
    lines = wing.order(lines=2, quantity=3, confirmed=1)
    told = cancel(wing, lines, [1, 9]).json()
    assert (told["code"], told["data"]["failedVendorItemIds"]) == ("PARTIAL", [int(lines[1].split("-")[1])])
    assert [made["receiptType"] for made in told["data"]["receiptMap"].values()] == ["STOP_SHIPMENT"]
    assert wing.line(lines[0])["held"] == 1
    assert cancel(wing, lines, [1, 1], middleCancelCode="X").status_code == 400


def test_an_exchange_goes_all_the_way(wing: Wing) -> None:
    """§2.5: receiveConfirmation, a new box, invoices with the new box's id."""
    line = wing.order(lines=1, dispatched=1)[0]
    wing.settings(coupang__exchange_box_late=600)
    wing.event("deliver", line)
    wing.event("exchange_request", line)
    row = wing.exchanges("RECEIPT")[0]
    assert str(row["exchangeItemDtoV1s"][0]["originalShipmentBoxId"]) == wing.box(line)
    assert (row["collectStatus"], row["deliveryInvoiceGroupDtos"]) == ("BeforeDirection", [])
    path = f"/exchangeRequests/{row['exchangeId']}"
    confirmed = wing.put(f"{path}/receiveConfirmation", exchangeId=row["exchangeId"]).json()
    assert confirmed["data"]["resultCode"] == "SUCCESS"
    row = wing.exchanges("PROGRESS")[0]
    assert (row["collectStatus"], row["deliveryInvoiceGroupDtos"]) == ("CompleteCollect", []), "the box comes later"
    wing.control("clock", advance_seconds=601)
    new_box = wing.exchanges("PROGRESS")[0]["deliveryInvoiceGroupDtos"][0]["shipmentBoxId"]
    assert str(new_box) != wing.box(line)
    body = {
        "exchangeId": row["exchangeId"],
        "vendorId": wing.vendor_id,
        "shipmentBoxId": int(wing.box(line)),
        "goodsDeliveryCode": "CJGLS",
        "invoiceNumber": NUMBER,
    }
    assert wing.ask("POST", f"{path}/invoices", body=[body]).json()["data"]["resultCode"] == "FAIL"
    sent = wing.ask("POST", f"{path}/invoices", body=[body | {"shipmentBoxId": new_box}]).json()
    assert sent["data"]["resultCode"] == "SUCCESS"
    assert wing.effects("invoices") == [(line, "CJGLS", NUMBER)]
    wing.event("exchange_done", line)
    assert wing.exchanges("SUCCESS")[0]["deliveryStatus"] == "CompleteDelivery"
    assert wing.line(line)["status"] == "FINAL_DELIVERY", "the first goods' box stays as it was"


def test_an_exchange_is_rejected_or_withdrawn(wing: Wing) -> None:
    """§2.5: rejection SOLDOUT | WITHDRAW; ≤ 7 days."""
    first, second = wing.order_lines(2, lines=1, dispatched=1)
    wing.event("exchange_request", first)
    wing.event("exchange_request", second)
    row = wing.exchanges("RECEIPT", orderId=first.split("-")[0])[0]
    path = f"/exchangeRequests/{row['exchangeId']}/rejection"
    assert wing.put(path, exchangeId=row["exchangeId"], exchangeRejectCode="NO").status_code == 400
    done = wing.put(path, exchangeId=row["exchangeId"], exchangeRejectCode="SOLDOUT").json()
    assert done["data"]["resultCode"] == "SUCCESS"
    assert len(wing.exchanges("REJECT")) == 1
    wing.event("exchange_withdraw", second)
    assert len(wing.exchanges("CANCEL")) == 1
    query = {"createdAtFrom": day(-9) + "T00:00:00", "createdAtTo": day(0) + "T00:00:00", "status": "RECEIPT"}
    assert wing.ask("GET", "/exchangeRequests", **query).status_code == 400


def test_the_date_of_a_minute_is_a_400_where_days_are_wanted(wing: Wing) -> None:
    query = {"createdAtFrom": minute(-60), "createdAtTo": minute(0), "status": "RU"}
    assert wing.ask("GET", "/returnRequests", **query).status_code == 400
