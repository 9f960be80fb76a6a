"""The seller's part of cancels, returns and exchanges (channels.md §2.3 to §2.5, §10.18, §10.20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jumun.simulator.coupang import claims, moves
from jumun.simulator.coupang.claim_reading import get_receipt
from jumun.simulator.coupang.gateway import Asked, BadRequest
from jumun.simulator.coupang.state import Exchange, Line, Order, Receipt
from jumun.simulator.misbehaving import Answer
from jumun.simulator.waybills import COUPANG_CARRIERS

WRONG_COUNT = "[INTERNAL_SERVER_ERROR] 취소반품접수수량과 cancelCount가 일치하지 않습니다."
WRONG_STATUS = "처리할 수 없는 상태입니다."
REASONS = frozenset({"CCTTER", "CCPNER", "CCPRER"})
DONE = {"resultCode": "SUCCESS", "resultMessage": ""}


def cancel_order(asked: Asked) -> Answer:
    """POST orders/{orderId}/cancel: whole orders at once while ACCEPT, parts as stop-shipment while INSTRUCT (§10.20)."""
    body = asked.read_object()
    order = asked.vendor.orders.get(asked.path_params["order_id"])
    ids, counts = body.get("vendorItemIds"), body.get("receiptCounts")
    if order is None or str(body.get("orderId")) != order.order_no:
        raise BadRequest("orderId 를 확인해 주세요.")
    if not isinstance(ids, list) or not isinstance(counts, list) or not ids or len(ids) != len(counts):
        raise BadRequest("vendorItemIds, receiptCounts 를 확인해 주세요.")
    if body.get("bigCancelCode") != "CANERR" or body.get("middleCancelCode") not in REASONS or not body.get("userId"):
        raise BadRequest("bigCancelCode, middleCancelCode, userId 를 확인해 주세요.")
    wanted = {str(one): count for one, count in zip(ids, counts, strict=True)}
    good: list[tuple[Line, int]] = []
    failed: list[int] = []
    for one, count in wanted.items():
        line = asked.vendor.lines.get(f"{order.order_no}-{one}")
        if line is None or not _can_cancel(asked, order, line, count, wanted):
            failed.append(int(one) if one.isascii() and one.isdigit() else 0)
        else:
            good.append((line, count))
    receipts = _cancel(asked, order, good, str(body["middleCancelCode"]))
    data = {"receiptMap": receipts, "orderId": int(order.order_no), "failedVendorItemIds": failed}
    code = "200" if not failed else ("PARTIAL" if good else "FAIL")
    return Answer(200, {"code": code, "message": "OK" if code == "200" else "일부 취소 불가", "data": data})


def _can_cancel(asked: Asked, order: Order, line: Line, count: object, wanted: dict[str, Any]) -> bool:
    if asked.get_refusal([line]) is not None or line.open_claim is not None:
        return False
    if not isinstance(count, int) or not 1 <= count <= line.left - line.held:
        return False
    if line.box.status != "ACCEPT":
        return line.box.status == "INSTRUCT"
    # While ACCEPT the seller can cancel the whole order only.
    return all(wanted.get(str(one.vendor_item_id)) == one.left for box in order.boxes for one in box.living)


def _cancel(asked: Asked, order: Order, parts: list[tuple[Line, int]], reason: str) -> dict[str, Any]:
    receipts: dict[str, Any] = {}
    for status in ("ACCEPT", "INSTRUCT"):
        own = [(line, count) for line, count in parts if line.box.status == status]
        if not own:
            continue
        made = claims.cancel(asked.vendor, asked.world, order, own, fault_by="VENDOR", reason=reason)
        receipts[made.receipt_id] = {
            "receiptId": int(made.receipt_id),
            "receiptType": "CANCEL" if made.kind == "CANCEL" else "STOP_SHIPMENT",
            "vendorItemIds": [line.vendor_item_id for line, _ in own],
            "totalCount": made.total,
        }
        for line, _ in own:
            asked.note_effect(line)
    return receipts


def confirm_receipt(asked: Asked) -> Answer:
    """PUT returnRequests/{receiptId}/receiveConfirmation: the goods are back."""
    return _change_receipt(asked, lambda receipt, _body: claims.take_in(receipt, asked.now_ms))


def approve_receipt(asked: Asked) -> Answer:
    """PUT returnRequests/{receiptId}/approval {cancelCount}: needs VENDOR_WAREHOUSE_CONFIRM."""

    def change(receipt: Receipt, body: dict[str, Any]) -> None:
        if receipt.status != "VENDOR_WAREHOUSE_CONFIRM":
            raise claims.wrong_state()
        _check_count(receipt, body)
        receipt.released = True
        claims.finish(receipt, asked.now_ms, complete_type="VENDOR_CONFIRM")

    return _change_receipt(asked, change)


def stop_shipment(asked: Asked) -> Answer:
    """PUT returnRequests/{receiptId}/stoppedShipment {cancelCount}: we did stop it."""

    def change(receipt: Receipt, body: dict[str, Any]) -> None:
        _check_count(receipt, body)
        claims.stop_shipment(receipt, asked.now_ms)

    return _change_receipt(asked, change)


def say_already_shipped(asked: Asked) -> Answer:
    """PUT returnRequests/{receiptId}/completedShipment {deliveryCompanyCode, invoiceNumber}: too late.

    The sample has code and message inside data (§10.18).
    """
    body = asked.read_object()
    receipt = get_receipt(asked)
    carrier, number = _read_number(body, "deliveryCompanyCode")
    _refuse_by_fault(asked, [line for line, _ in receipt.parts])
    try:
        numbers = asked.accounts.get_shared_numbers()
        claims.say_already_shipped(receipt, numbers, carrier, number, asked.now_ms)
    except moves.Refused as refusal:
        raise BadRequest(refusal.message if refusal.code != "INVALID_STATUS" else WRONG_STATUS) from refusal
    for line, _ in receipt.parts:
        asked.note_effect(line, carrier=carrier, waybill=number)
    return Answer(200, {"data": {"code": "200", "message": "OK", **DONE}})


def add_pickup_number(asked: Asked) -> Answer:
    """POST return-exchange-invoices/manual: the number under which goods come back."""
    body = asked.read_json()
    if not isinstance(body, dict) or body.get("returnExchangeDeliveryType") not in {"RETURN", "EXCHANGE"}:
        raise BadRequest("returnExchangeDeliveryType 을 확인해 주세요.")
    carrier, number = _read_number(body, "deliveryCompanyCode")
    claim_id = str(body.get("receiptId"))
    receipt = asked.vendor.receipts.get(claim_id)
    exchange = asked.vendor.exchanges.get(claim_id)
    if receipt is not None and receipt.is_open:
        receipt.deliveries.append((carrier, number))
        lines = [line for line, _ in receipt.parts]
    elif exchange is not None and exchange.status == "RECEIPT":
        exchange.collect_status = "Collecting"
        lines = [exchange.line]
    else:
        raise BadRequest("receiptId 를 확인해 주세요.")
    for line in lines:
        asked.note_effect(line, carrier=carrier, waybill=number)
    data = {
        "deliveryCompanyCode": carrier,
        "invoiceNumber": number,
        "invoiceNumberId": int(asked.voice.transaction_id[:8], 16),
        "receiptId": int(claim_id),
        "regNumber": str(body.get("regNumber") or ""),
        "returnExchangeDeliveryType": body["returnExchangeDeliveryType"],
    }
    return Answer(200, {"code": 200, "message": "OK", "data": data})


def confirm_exchange(asked: Asked) -> Answer:
    """PUT exchangeRequests/{id}/receiveConfirmation: the goods are back, RECEIPT → PROGRESS."""
    body = asked.read_object()
    return _change_exchange(asked, body, lambda exchange: claims.take_in_exchange(asked.world, exchange, asked.now_ms))


def reject_exchange(asked: Asked) -> Answer:
    """PUT exchangeRequests/{id}/rejection {exchangeRejectCode SOLDOUT | WITHDRAW}."""
    body = asked.read_object()
    code = body.get("exchangeRejectCode")
    if code not in {"SOLDOUT", "WITHDRAW"}:
        raise BadRequest("exchangeRejectCode 를 확인해 주세요.")
    return _change_exchange(
        asked, body, lambda exchange: claims.end_exchange(exchange, "REJECT", asked.now_ms, reject_code=str(code))
    )


def send_exchange(asked: Asked) -> Answer:
    """POST exchangeRequests/{id}/invoices [{exchangeId, vendorId, shipmentBoxId (new), goodsDeliveryCode, …}]."""
    rows = asked.read_json()
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise BadRequest("교환 송장은 한 건씩 등록할 수 있습니다.")
    body = rows[0]
    asked.check_vendor(body)
    carrier, number = _read_number(body, "goodsDeliveryCode")

    def change(exchange: Exchange) -> None:
        box_id = exchange.new_box_id if asked.now_ms >= exchange.new_box_from_ms else None
        if box_id is None or str(body.get("shipmentBoxId")) != box_id:
            raise moves.Refused("NOT_FOUND_SHIPMENT_BOX")
        moves.check_number(exchange.line.box, asked.accounts.get_shared_numbers(), carrier, number, asked.now_ms)
        claims.send_exchange(exchange, carrier, number, asked.now_ms)

    return _change_exchange(asked, body, change, carrier=carrier, number=number)


def _change_receipt(asked: Asked, change: Callable[[Receipt, dict[str, Any]], None]) -> Answer:
    body = asked.read_object()
    receipt = get_receipt(asked)
    if str(body.get("receiptId")) != receipt.receipt_id:
        raise BadRequest("receiptId 를 확인해 주세요.")
    _refuse_by_fault(asked, [line for line, _ in receipt.parts])
    try:
        change(receipt, body)
    except moves.Refused as refusal:
        raise BadRequest(WRONG_STATUS) from refusal
    for line, _ in receipt.parts:
        asked.note_effect(line)
    return Answer(200, {"code": "200", "message": "OK", "data": dict(DONE)})


def _change_exchange(
    asked: Asked,
    body: dict[str, Any],
    change: Callable[[Exchange], None],
    *,
    carrier: str | None = None,
    number: str | None = None,
) -> Answer:
    exchange = asked.vendor.exchanges.get(asked.path_params["exchange_id"])
    if exchange is None or str(body.get("exchangeId")) != exchange.exchange_id:
        raise BadRequest("exchangeId 를 확인해 주세요.")
    _refuse_by_fault(asked, [exchange.line])
    try:
        change(exchange)
    except moves.Refused as refusal:
        message = refusal.message if refusal.code != "INVALID_STATUS" else WRONG_STATUS
        data = {"resultCode": "FAIL", "resultMessage": message}
        return Answer(200, {"code": "200", "message": "OK", "data": data})
    asked.note_effect(exchange.line, carrier=carrier, waybill=number)
    return Answer(200, {"code": "200", "message": "OK", "data": dict(DONE)})


def _refuse_by_fault(asked: Asked, lines: list[Line]) -> None:
    wanted = asked.get_refusal(lines)
    if wanted is not None:
        raise BadRequest(wanted[1] or WRONG_STATUS, code=wanted[0])


def _check_count(receipt: Receipt, body: dict[str, Any]) -> None:
    if body.get("cancelCount") != receipt.total:
        raise BadRequest(WRONG_COUNT, status=500)


def _read_number(body: dict[str, Any], field: str) -> tuple[str, str]:
    carrier, number = str(body.get(field) or ""), str(body.get("invoiceNumber") or "")
    if carrier not in COUPANG_CARRIERS or not number:
        raise BadRequest(f"{field}, invoiceNumber 를 확인해 주세요.")
    return carrier, number
