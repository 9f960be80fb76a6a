"""Acknowledgement, invoices, corrected invoices: one result row a shipment box (channels.md §2.3, §10.11 to §10.13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jumun.simulator.coupang import moves, splitting
from jumun.simulator.coupang.gateway import Asked, BadRequest
from jumun.simulator.coupang.state import SENT, Box
from jumun.simulator.misbehaving import Answer
from jumun.simulator.waybills import COUPANG_CARRIERS

MOST_BOXES = 50
LONG_MS = 30 * 86_400_000
Result = dict[str, Any]


def acknowledge(asked: Asked) -> Answer:
    """PUT (older: PATCH) ordersheets/acknowledgement {vendorId, shipmentBoxIds ≤ 50}: ACCEPT → INSTRUCT."""
    ids = asked.read_object().get("shipmentBoxIds")
    if not isinstance(ids, list) or not all(isinstance(one, str | int) for one in ids):
        raise BadRequest("shipmentBoxIds 는 필수 항목입니다.")
    if len(ids) > MOST_BOXES:
        raise BadRequest(f"shipmentBoxIds 는 최대 {MOST_BOXES}개까지 입력할 수 있습니다.")
    shown_after_ms = int(asked.world.settings.number("coupang.ack_shows_late") * 1000)

    def change(box: Box) -> None:
        moves.acknowledge(box, asked.now_ms, shown_after_ms=shown_after_ms)
        for line in box.living:
            asked.note_effect(line)

    results = [_apply(asked, str(one), change) for one in dict.fromkeys(str(one) for one in ids)]
    for result in results:
        # The official sample of this call says true where the table says false (§10.11).
        result["retryRequired"] |= result["resultCode"] == "NOT_FOUND_SHIPMENT_BOX"
    return _say(results, code="200", response_key=_make_response_key(asked))


def upload_invoices(asked: Asked) -> Answer:
    """POST orders/invoices: INSTRUCT → DEPARTURE, a whole box or parts of it."""
    return _upload(asked, _send, code="200")


def update_invoices(asked: Asked) -> Answer:
    """POST orders/updateInvoices: another number for boxes already sent; answers code 200 as a number (§10.12)."""
    return _upload(asked, _correct, code=200)


def complete_long_term(asked: Asked) -> Answer:
    """POST completeLongTermUndelivery {shipmentBoxId, invoiceNumber}: → FINAL_DELIVERY after 30 days (§2.3)."""
    body = asked.read_json()
    box = asked.vendor.boxes.get(str(body.get("shipmentBoxId"))) if isinstance(body, dict) else None
    if box is None or box.is_gone or box.number != str(body.get("invoiceNumber")):
        raise BadRequest("shipmentBoxId, invoiceNumber 를 확인해 주세요.")
    if box.status not in SENT - {"FINAL_DELIVERY"} or asked.now_ms - (box.sent_ms or 0) < LONG_MS:
        raise BadRequest("장기미배송 배송완료 처리 대상이 아닙니다.")
    moves.deliver(box, asked.now_ms)
    for line in box.living:
        asked.note_effect(line, carrier=box.carrier, waybill=box.number)
    return Answer(200, {"code": "200", "message": "OK", "data": {"resultCode": "SUCCESS", "resultMessage": ""}})


def _upload(asked: Asked, work: Callable[[Asked, Box, list[splitting.Row]], None], *, code: str | int) -> Answer:
    raw = asked.read_object().get("orderSheetInvoiceApplyDtos")
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise BadRequest("orderSheetInvoiceApplyDtos 는 필수 항목입니다.")
    rows = [splitting.read_row(one) for one in raw]
    if any(row.number and row.carrier not in COUPANG_CARRIERS for row in rows):
        # The documents: a 500 on this call often means a wrong carrier code (§2.1).
        raise BadRequest("Internal Server Error", status=500)
    by_box: dict[str, list[splitting.Row]] = {}
    for row in rows:
        by_box.setdefault(row.box_id, []).append(row)
    results = [
        _apply(asked, box_id, lambda box, own=own: work(asked, box, own))  # type: ignore[misc]  # bound early
        for box_id, own in by_box.items()
    ]
    return _say(results, code=code)


def _send(asked: Asked, box: Box, rows: list[splitting.Row]) -> None:
    numbers = asked.accounts.get_shared_numbers()
    splitting.find_lines(box, rows)
    moves.refuse_unshippable(box)
    plan = splitting.plan(box, rows)
    moves.refuse_held(box, plan.sent)
    for carrier, number in plan.parts:
        moves.check_number(box, numbers, carrier, number, asked.now_ms)
    for line, date in plan.behind:
        line.estimated_date = line.estimated_date or date
    parts = list(plan.parts.items())
    for place, ((carrier, number), lines) in enumerate(parts):
        # What goes last keeps the old shipmentBoxId, everything sent before it gets a new one.
        is_rest = not plan.behind and place == len(parts) - 1
        part = box if is_rest else moves.split_off(asked.vendor, asked.world, box, lines)
        moves.send(part, numbers, carrier, number, asked.now_ms)
        for line in lines:
            asked.note_effect(line, carrier=carrier, waybill=number)


def _correct(asked: Asked, box: Box, rows: list[splitting.Row]) -> None:
    splitting.find_lines(box, rows)
    pairs = {(row.carrier, row.number) for row in rows}
    if len(pairs) != 1 or not rows[0].number:
        raise moves.Refused("INVALID_INVOICE_NUMBER")
    carrier, number = pairs.pop()
    moves.correct_number(box, asked.accounts.get_shared_numbers(), carrier, number, asked.now_ms)
    for line in box.living:
        asked.note_effect(line, carrier=carrier, waybill=number)


def _apply(asked: Asked, box_id: str, change: Callable[[Box], None]) -> Result:
    """Apply a change to one box; return its row of responseList."""
    try:
        box = asked.vendor.boxes.get(box_id)
        if box is None:
            raise moves.Refused("NOT_FOUND_SHIPMENT_BOX")
        wanted = asked.get_refusal(box.lines)
        if wanted is not None:
            raise moves.Refused(*wanted)
        change(box)
    except moves.Refused as refusal:
        return _write_result(box_id, refusal.code, refusal.message)
    return _write_result(box_id, "OK", "")


def _write_result(box_id: str, code: str, message: str) -> Result:
    return {
        "shipmentBoxId": int(box_id) if box_id.isascii() and box_id.isdigit() else 0,
        "succeed": code == "OK",
        "resultCode": code,
        "retryRequired": moves.RESULTS.get(code, moves.RESULTS["UNDEFINED_ERROR_OCCUR"])[0],
        "resultMessage": message,
    }


def _say(results: list[Result], *, code: str | int, response_key: int | None = None) -> Answer:
    """Return data with responseCode 0 all done, 1 some, 99 none, -1 nothing asked."""
    done = sum(result["succeed"] for result in results)
    if not results:
        summary = (-1, "처리 대상이 없습니다.")
    elif done == len(results):
        summary = (0, "SUCCESS")
    else:
        summary = (1, "PARTIAL ERROR") if done else (99, "FAIL")
    data: dict[str, Any] = {"responseCode": summary[0], "responseMessage": summary[1], "responseList": results}
    if response_key is not None:
        data["responseKey"] = response_key
    return Answer(200, {"code": code, "message": "OK", "data": data})


def _make_response_key(asked: Asked) -> int:
    """Return a signed 64-bit number (§10.11)."""
    key = int(asked.voice.transaction_id[:16], 16)
    return key - (1 << 64) if key >= 1 << 63 else key
