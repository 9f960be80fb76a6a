"""What happens to a shipment box: every change of status in one place, used by the wire and by control alike.

A move raises Refused with one of Coupang's resultCodes (channels.md §2.3), and then has changed nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from jumun.simulator.coupang.state import SENT, Box, Line, Vendor
from jumun.simulator.people import Person
from jumun.simulator.waybills import COUPANG_CARRIERS, is_coupang_number
from jumun.simulator.world import World

HALF_YEAR_MS = 183 * 86_400_000
# resultCode → retryRequired, message
RESULTS: dict[str, tuple[bool, str]] = {
    "OK": (False, "처리 완료"),
    "NOT_FOUND_SHIPMENT_BOX": (False, "배송번호를 찾을 수 없습니다."),
    "INVALID_STATUS": (False, "처리할 수 없는 배송상태입니다."),
    "PERMISSION_DENIED": (True, "권한이 없습니다."),
    "DUPLICATE_INVOICE_NUMBER": (True, "이미 사용된 송장번호입니다."),
    "INVALID_INVOICE_NUMBER": (True, "유효하지 않은 송장번호입니다."),
    "ORDER_DELIVERY_CANCELED": (False, "취소된 주문입니다."),
    "ORDER_DELIVERY_PARTIAL_STOP_REQUESTED": (True, "일부 상품이 출고중지 요청 상태입니다."),
    "ORDER_DELIVERY_CANCELED_HOLDING_FOR_CANCEL": (True, "출고중지 요청 상태입니다."),
    "UNDEFINED_ERROR_OCCUR": (True, "정의되지 않은 오류가 발생했습니다."),
    "NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD": (False, "송장번호를 다시 등록할 수 없습니다."),
    "NOT_FOUND_INVOICE_NUMBER": (False, "송장번호를 찾을 수 없습니다."),
    "NOT_FOUND_VENDOR_ITEM": (False, "옵션아이디를 찾을 수 없습니다."),
    "NOT_ALLOW_VENDOR_DIRECT": (False, "업체직송은 분리배송할 수 없습니다."),
    "PSD_NOT_ALLOW_TO_CHANGE": (False, "출고예정일은 변경할 수 없습니다."),
    "NOT_ALLOW_SEPARATE_AFTER_NORMAL_DELIVERY": (False, "일반배송 이후에는 분리배송할 수 없습니다."),
    "IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY": (False, "분리배송 시 분리배송 여부는 true 여야 합니다."),
    "NOT_ALLOW_SEPARATE_WHEN_ONE_VENDOR_ITEM": (False, "상품이 하나인 주문은 분리배송할 수 없습니다."),
}


class Refused(Exception):
    """One box refused: Coupang's resultCode and resultMessage."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.message = message or RESULTS.get(code, RESULTS["UNDEFINED_ERROR_OCCUR"])[1]
        super().__init__(self.message)


@dataclass(slots=True)
class Use:
    """Who had a waybill number last: receiver (name, address) and when."""

    receiver: tuple[str, str, str]
    at_ms: int


Numbers = dict[str, Use]


def acknowledge(box: Box, at_ms: int, *, shown_after_ms: int = 0) -> None:
    """상품준비중 처리: ACCEPT → INSTRUCT. Reads may go on showing ACCEPT for `shown_after_ms`."""
    if box.is_gone:
        raise Refused("ORDER_DELIVERY_CANCELED")
    if box.status != "ACCEPT":
        raise Refused("INVALID_STATUS")
    box.move("INSTRUCT", at_ms)
    box.accept_until_ms = at_ms + shown_after_ms


def refuse_unshippable(box: Box) -> None:
    """Refuse a first number for a box that is gone or not INSTRUCT."""
    if box.is_gone:
        raise Refused("ORDER_DELIVERY_CANCELED")
    if box.status != "INSTRUCT":
        raise Refused("INVALID_STATUS")


def refuse_held(box: Box, lines: list[Line]) -> None:
    """Refuse to send vendor items with an open stop-shipment request (holdCountForCancel)."""
    if not any(line.held for line in lines):
        return
    if all(line.held >= line.left for line in box.living):
        raise Refused("ORDER_DELIVERY_CANCELED_HOLDING_FOR_CANCEL")
    raise Refused("ORDER_DELIVERY_PARTIAL_STOP_REQUESTED")


def check_number(box: Box, numbers: Numbers, carrier: str, number: str, at_ms: int) -> None:
    """Refuse a number of the wrong form, or one that another receiver had within six months."""
    if carrier not in COUPANG_CARRIERS or not is_coupang_number(carrier, number):
        raise Refused("INVALID_INVOICE_NUMBER")
    used = numbers.get(number)
    if carrier == "DIRECT" or used is None or used.receiver == box.receiver.receiver_key:
        return
    if at_ms - used.at_ms < HALF_YEAR_MS:
        raise Refused("DUPLICATE_INVOICE_NUMBER")


def send(box: Box, numbers: Numbers, carrier: str, number: str, at_ms: int) -> None:
    """Put a number on a whole box: → DEPARTURE, with carrier DIRECT → NONE_TRACKING."""
    box.carrier, box.number = carrier, number
    box.sent_ms, box.transit_ms, box.delivered_ms = at_ms, None, None
    for line in box.lines:
        line.uploaded_ms = at_ms
    box.move("NONE_TRACKING" if carrier == "DIRECT" else "DEPARTURE", at_ms)
    if carrier != "DIRECT":
        numbers[number] = Use(box.receiver.receiver_key, at_ms)


def split_off(vendor: Vendor, world: World, box: Box, lines: list[Line]) -> Box:
    """Move vendor items into a new box: the part sent first gets the new shipmentBoxId (§2.3)."""
    part = Box(
        box_id=make_box_id(world, box.order.ordered_ms),
        order=box.order,
        receiver=box.receiver,
        status=box.status,
        shipping_price=0,
        remote_price=box.remote_price,
        postcode=box.postcode,
        lines=lines,
        history=list(box.history),
        split=True,
        accept_until_ms=box.accept_until_ms,
    )
    box.lines = [line for line in box.lines if line not in lines]
    box.split = True
    for line in lines:
        line.box = part
    box.order.boxes.append(part)
    vendor.add_box(part)
    return part


def correct_number(box: Box, numbers: Numbers, carrier: str, number: str, at_ms: int) -> None:
    """송장 수정: another number on a box already sent; it goes back to DEPARTURE (§10.12)."""
    if box.is_gone:
        raise Refused("ORDER_DELIVERY_CANCELED")
    if box.status not in SENT:
        raise Refused("INVALID_STATUS")
    check_number(box, numbers, carrier, number, at_ms)
    send(box, numbers, carrier, number, at_ms)


def pick_up(box: Box, at_ms: int) -> None:
    """DEPARTURE → DELIVERING: the carrier has the parcel."""
    if box.status != "DEPARTURE":
        raise Refused("INVALID_STATUS")
    box.transit_ms = at_ms
    box.move("DELIVERING", at_ms)


def deliver(box: Box, at_ms: int) -> None:
    """→ FINAL_DELIVERY; a carrier may tell nothing before that."""
    if box.status not in SENT - {"FINAL_DELIVERY"}:
        raise Refused("INVALID_STATUS")
    box.transit_ms = box.transit_ms or at_ms
    box.delivered_ms = at_ms
    box.move("FINAL_DELIVERY", at_ms)


def change_address(box: Box, receiver: Person) -> None:
    """The buyer moved: possible while ACCEPT (§2.6)."""
    if box.is_gone or box.status != "ACCEPT":
        raise Refused("INVALID_STATUS")
    box.receiver = receiver
    box.postcode = receiver.zip_code


def make_box_id(world: World, at_ms: int) -> str:
    """Return 18 digits (§2.2)."""
    return f"64{at_ms // 1000 % 10**8:08d}{world.next_number():08d}"
