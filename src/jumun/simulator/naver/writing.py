"""Confirm, dispatch, delay: each product order succeeds or fails by itself under one HTTP 200 (channels.md §1.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jumun.simulator.clock import read_iso
from jumun.simulator.misbehaving import Answer
from jumun.simulator.naver import moves
from jumun.simulator.naver.gateway import Asked, BadRequest
from jumun.simulator.naver.reading import read_ids
from jumun.simulator.naver.state import Delivery, Line
from jumun.simulator.waybills import NAVER_CARRIERS, is_number

MOST_LINES = 30
LONGEST_DELAY_MS = 90 * 86_400_000
DISPATCH_METHODS = frozenset(["DELIVERY", "GDFW_ISSUE_SVC", "VISIT_RECEIPT", "DIRECT_DELIVERY", "QUICK_SVC", "NOTHING"])
DELAY_REASONS = frozenset(
    ["PRODUCT_PREPARE", "CUSTOMER_REQUEST", "CUSTOM_BUILD", "RESERVED_DISPATCH", "OVERSEA_DELIVERY", "ETC"]
)
Change = Callable[[Line], None]


def confirm(asked: Asked) -> Answer:
    """POST product-orders/confirm {productOrderIds ≤ 30}: successProductOrderInfos, unlike the others."""
    ids = read_ids(asked.read_json().get("productOrderIds"), most=MOST_LINES)
    now_ms = asked.world.clock.now_ms()
    repeat_code = asked.world.settings.word("naver.repeat_confirm_code")

    def change(line: Line) -> None:
        moves.confirm(line, now_ms, repeat_code=repeat_code)
        asked.note_effect(line)

    done, failed = apply_each(asked, ids, lambda _number: change)
    infos = [{"productOrderId": one.line_no, "isReceiverAddressChanged": one.address_changed} for one in done]
    return asked.voice.say_data({"successProductOrderInfos": infos, "failProductOrderInfos": failed})


def dispatch(asked: Asked) -> Answer:
    """POST product-orders/dispatch {dispatchProductOrders ≤ 30}."""
    rows = asked.read_json().get("dispatchProductOrders")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadRequest("4000", "dispatchProductOrders 는 필수 항목입니다.")
    if len(rows) > MOST_LINES:
        raise BadRequest("4000", f"dispatchProductOrders 는 최대 {MOST_LINES}개까지 입력할 수 있습니다.")
    ids = [str(row.get("productOrderId", "")) for row in rows]
    if len(set(ids)) != len(ids):
        raise BadRequest("104131", "중복된 상품주문번호가 있습니다.")
    unconfirmed_too = asked.world.settings.flag("naver.dispatch_before_confirm")

    def change_by(number: int) -> Change:
        def change(line: Line) -> None:
            delivery = _read_delivery(asked, line, rows[number])
            moves.dispatch(asked.store, line, delivery, unconfirmed_too=unconfirmed_too)
            remember_number(asked, line, delivery.company, delivery.number)
            asked.note_effect(line, carrier=delivery.company, waybill=delivery.number)

        return change

    for row in rows:
        _check_date(row.get("dispatchDate"), "dispatchDate")
    return say_results(asked, *apply_each(asked, ids, change_by))


def delay(asked: Asked) -> Answer:
    """POST product-orders/{id}/delay {dispatchDueDate, delayedDispatchReason, dispatchDelayedDetailedReason}."""
    body = asked.read_json()
    due_ms = _check_date(body.get("dispatchDueDate"), "dispatchDueDate")
    reason = body.get("delayedDispatchReason")
    if due_ms is None or reason not in DELAY_REASONS:
        raise BadRequest("4000", "dispatchDueDate, delayedDispatchReason 값을 확인해 주세요.")
    now_ms = asked.world.clock.now_ms()

    def change(line: Line) -> None:
        if line.status != "PAYED" or line.open_claim is not None:
            raise moves.wrong_status()
        if not now_ms <= due_ms <= now_ms + LONGEST_DELAY_MS:
            raise moves.Refused("104105", "발송기한의 범위를 벗어났습니다.")
        line.due_ms = due_ms
        line.delay_reason = str(reason)
        line.delay_detail = body.get("dispatchDelayedDetailedReason")
        asked.note_effect(line)

    return apply_one(asked, change)


def apply_one(asked: Asked, change: Change) -> Answer:
    """Apply a change to the product order of the path."""
    return say_results(asked, *apply_each(asked, [asked.path_params["id"]], lambda _number: change))


def apply_each(
    asked: Asked, ids: list[str], change_by: Callable[[int], Change]
) -> tuple[list[Line], list[dict[str, str]]]:
    """Apply changes one product order after the other; return the done ones and failProductOrderInfos."""
    done: list[Line] = []
    failed: list[dict[str, str]] = []
    for number, line_no in enumerate(ids):
        try:
            line = _get_line(asked, line_no)
            change_by(number)(line)
        except moves.Refused as refusal:
            failed.append({"productOrderId": line_no, "code": refusal.code, "message": refusal.message})
        else:
            done.append(line)
    return done, failed


def say_results(asked: Asked, done: list[Line], failed: list[dict[str, str]]) -> Answer:
    """Return the partial-success body of every write but confirm."""
    ids = [line.line_no for line in done]
    return asked.voice.say_data({"successProductOrderIds": ids, "failProductOrderInfos": failed})


def check_number(asked: Asked, line: Line, company: object, number: object) -> tuple[str, str]:
    """Return carrier code and number when they can be dispatched; refuse with 104118 to 104122."""
    if not company or not isinstance(company, str):
        raise moves.Refused("104118", "택배사 코드를 입력해 주세요.")
    if company not in NAVER_CARRIERS:
        raise moves.Refused("104119", "택배사 코드를 확인해 주세요.")
    if not number or not isinstance(number, str) or not number.strip():
        raise moves.Refused("104120", "송장번호를 입력해 주세요.")
    if not is_number(company, number, check_digit=asked.world.settings.flag("naver.check_digit")):
        raise moves.Refused("104122", "유효하지 않은 송장번호입니다.")
    used_by = asked.accounts.get_shared_numbers().get((company, number))
    if used_by is not None and (line.recipient is None or used_by != line.recipient.receiver_key):
        raise moves.Refused("104121", "이미 사용된 송장번호입니다.")
    return company, number


def remember_number(asked: Asked, line: Line, company: str | None, number: str | None) -> None:
    """Note whose parcel a number is on, so that nobody else's goes out under it."""
    if company is not None and number is not None and line.recipient is not None:
        asked.accounts.get_shared_numbers()[(company, number)] = line.recipient.receiver_key


def _get_line(asked: Asked, line_no: str) -> Line:
    wanted = asked.refusals.get(line_no) or asked.refusals.get("*")
    if wanted is not None:
        raise moves.Refused(*wanted)
    line = asked.store.lines.get(line_no)
    if line is None:
        raise moves.Refused("100001", "상품주문 정보를 찾을 수 없습니다.")
    return line


def _read_delivery(asked: Asked, line: Line, row: dict[str, Any]) -> Delivery:
    method = row.get("deliveryMethod")
    if method not in DISPATCH_METHODS:
        raise moves.Refused("104116", "배송방법을 변경해 주세요.")
    now_ms = asked.world.clock.now_ms()
    if method != "DELIVERY":
        return Delivery(method=str(method), company=None, number=None, sent_ms=now_ms, status="NOT_TRACKING")
    if line.status != "PAYED":
        # The status is looked at first: the same number sent twice is a matter of status, not of numbers.
        raise moves.wrong_status()
    company, number = check_number(asked, line, row.get("deliveryCompanyCode"), row.get("trackingNumber"))
    return Delivery(method="DELIVERY", company=company, number=number, sent_ms=now_ms, status="DELIVERING")


def _check_date(value: object, name: str) -> int | None:
    if value is None:
        return None
    try:
        return read_iso(str(value))
    except ValueError as error:
        raise BadRequest("4000", f"{name} 의 날짜 형식이 올바르지 않습니다.") from error
