"""Lists of cancels, returns, withdrawn returns and exchanges (channels.md §2.4, §2.5, §10.17, §10.21)."""

from __future__ import annotations

from typing import Any

from jumun.simulator.coupang.claim_details import write_exchange, write_receipt, write_withdrawal
from jumun.simulator.coupang.gateway import Asked, BadRequest
from jumun.simulator.coupang.state import Receipt
from jumun.simulator.coupang.windows import read_size, read_window, take_page
from jumun.simulator.misbehaving import Answer

# status → receiptStatus of what it lists: an open stop-shipment request stands under RU and UC (§10.17)
RETURN_STATUSES: dict[str, frozenset[str]] = {
    "RU": frozenset({"RELEASE_STOP_UNCHECKED"}),
    "UC": frozenset({"RELEASE_STOP_UNCHECKED", "RETURNS_UNCHECKED", "VENDOR_WAREHOUSE_CONFIRM"}),
    "CC": frozenset({"RETURNS_COMPLETED"}),
    "PR": frozenset({"REQUEST_COUPANG_CHECK"}),
}
EXCHANGE_STATUSES = frozenset({"RECEIPT", "PROGRESS", "SUCCESS", "REJECT", "CANCEL"})


def list_receipts(asked: Asked) -> Answer:
    """GET returnRequests: by creation of the receipt, with one status, or cancelType=CANCEL, or of one order."""
    query = asked.query
    status, order_id = query.get("status"), query.get("orderId")
    cancels = query.get("cancelType") == "CANCEL"
    if cancels and (status is not None or order_id is not None):
        raise BadRequest("status and orderId should not be sent with cancelType=CANCEL.")
    if not cancels and status not in {*RETURN_STATUSES, None}:
        raise BadRequest(f"status should be one of {', '.join(RETURN_STATUSES)}.")
    if not cancels and order_id is None and status is None:
        raise BadRequest("status is required.")
    size: int | None = None
    if query.get("searchType") == "timeFrame":
        if any(name in query for name in ("nextToken", "maxPerPage", "orderId")):
            raise BadRequest("nextToken, maxPerPage and orderId are not supported with searchType=timeFrame.")
        window = read_window(asked, "minute", longest_days=31)
    else:
        window = read_window(asked, "day", longest_days=31)
        size = read_size(asked)

    def choose(receipt_id: str) -> dict[str, Any] | None:
        receipt = asked.vendor.receipts[receipt_id]
        if receipt.withdrawn_ms is not None or (receipt.kind == "CANCEL") != cancels:
            return None
        if order_id not in {None, receipt.order.order_no}:
            return None
        if status is not None and receipt.status not in RETURN_STATUSES[status]:
            return None
        return write_receipt(receipt, new=asked.is_new)

    timeline = sorted((receipt.created_ms, name) for name, receipt in asked.vendor.receipts.items())
    rows, token = take_page(asked, timeline, window, size, choose)
    return _say(rows, nextToken=token)


def read_receipt(asked: Asked) -> Answer:
    """GET returnRequests/{receiptId}: data is an array here too (§10.17)."""
    return _say([write_receipt(get_receipt(asked), new=asked.is_new)])


def get_receipt(asked: Asked) -> Receipt:
    """Return the receipt of the path."""
    receipt = asked.vendor.receipts.get(asked.path_params["receipt_id"])
    if receipt is None or receipt.withdrawn_ms is not None:
        raise BadRequest("취소반품접수번호를 확인해 주세요.", code=400)
    return receipt


def list_withdrawals(asked: Asked) -> Answer:
    """GET returnWithdrawRequests: dateFrom, dateTo (≤ 7 days), pages counted from 1."""
    since_ms, until_ms = read_window(asked, "day", longest_days=7, start="dateFrom", end="dateTo")
    size = read_size(asked, "sizePerPage", otherwise=10, most=100)
    page = asked.query.get("pageIndex", "1")
    if not page.isascii() or not page.isdigit() or int(page) < 1:
        raise BadRequest("pageIndex should be 1 or more.")
    hits = [
        receipt
        for receipt in asked.vendor.receipts.values()
        if receipt.withdrawn_ms is not None and since_ms <= receipt.withdrawn_ms <= until_ms
    ]
    hits.sort(key=lambda receipt: (receipt.withdrawn_ms, receipt.receipt_id))
    stop = int(page) * size
    rows = [write_withdrawal(receipt, asked.vendor) for receipt in hits[stop - size : stop]]
    return _say(rows, nextPageIndex=str(int(page) + 1) if len(hits) > stop else "")


def list_exchanges(asked: Asked) -> Answer:
    """GET exchangeRequests: ≤ 7 days to the second, ten a page unless told."""
    status, order_id = asked.query.get("status"), asked.query.get("orderId")
    if status not in {*EXCHANGE_STATUSES, None}:
        raise BadRequest(f"status should be one of {', '.join(sorted(EXCHANGE_STATUSES))}.")
    window = read_window(asked, "second", longest_days=7)
    size = read_size(asked, otherwise=10)
    now_ms = asked.now_ms

    def choose(exchange_id: str) -> dict[str, Any] | None:
        exchange = asked.vendor.exchanges[exchange_id]
        if status not in {None, exchange.status} or order_id not in {None, exchange.order.order_no}:
            return None
        return write_exchange(exchange, asked.vendor, now_ms)

    timeline = sorted((exchange.created_ms, name) for name, exchange in asked.vendor.exchanges.items())
    rows, token = take_page(asked, timeline, window, size, choose)
    return _say(rows, nextToken=token)


def _say(data: object, **more: str) -> Answer:
    return Answer(200, {"code": 200, "message": "OK", "data": data, **more})
