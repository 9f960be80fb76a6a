"""The seller's part of cancels, returns and exchanges: `product-orders/{id}/claim/…` (channels.md §1.4)."""

from __future__ import annotations

from typing import Any

from jumun.simulator.misbehaving import Answer
from jumun.simulator.naver import moves
from jumun.simulator.naver.gateway import Asked, BadRequest
from jumun.simulator.naver.seeding import make_claim
from jumun.simulator.naver.state import Claim, Line
from jumun.simulator.naver.writing import apply_one, check_number, remember_number

SETTABLE_REASONS = frozenset(
    [
        "INTENT_CHANGED",
        "COLOR_AND_SIZE",
        "WRONG_ORDER",
        "PRODUCT_UNSATISFIED",
        "DELAYED_DELIVERY",
        "SOLD_OUT",
        "DROPPED_DELIVERY",
        "BROKEN",
        "INCORRECT_INFO",
        "WRONG_DELIVERY",
        "WRONG_OPTION",
    ]
)
# EXTRAFEEE is spelt so on the wire.
HOLDBACK_TYPES = frozenset(
    [
        "RETURN_DELIVERYFEE",
        "EXTRAFEEE",
        "RETURN_DELIVERYFEE_AND_EXTRAFEEE",
        "RETURN_PRODUCT_NOT_DELIVERED",
        "ETC",
        "EXCHANGE_DELIVERYFEE",
        "EXCHANGE_EXTRAFEE",
        "EXCHANGE_PRODUCT_READY",
        "EXCHANGE_PRODUCT_NOT_DELIVERED",
        "EXCHANGE_HOLDBACK",
        "SELLER_CONFIRM_NEED",
        "PURCHASER_CONFIRM_NEED",
        "SELLER_REMIT",
        "ETC2",
    ]
)


def request_cancel(asked: Asked) -> Answer:
    """POST claim/cancel/request {cancelReason, cancelDetailedReason?, cancelQuantity?}: the seller's own cancel."""
    body = asked.read_json()
    reason = _read_reason(body, "cancelReason")
    at_once = asked.world.settings.word("naver.seller_cancel") == "done"

    def change(line: Line) -> None:
        claim = _make_seller_claim(asked, line, "CANCEL", reason, body.get("cancelQuantity"))
        claim.detail = str(body.get("cancelDetailedReason") or "")
        moves.open_claim(asked.store, line, claim)
        if at_once:
            moves.complete_claim(asked.store, line, claim, asked.world.clock.now_ms())
        asked.note_effect(line)

    return apply_one(asked, change)


def approve_cancel(asked: Asked) -> Answer:
    """POST claim/cancel/approve."""

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, "CANCEL", frozenset({"CANCEL_REQUEST"}))
        moves.complete_claim(asked.store, line, claim, asked.world.clock.now_ms())
        asked.note_effect(line)

    return apply_one(asked, change)


def request_return(asked: Asked) -> Answer:
    """POST claim/return/request {returnReason, collectDeliveryMethod, collectDeliveryCompany, collectTrackingNumber, …}."""
    body = asked.read_json()
    reason = _read_reason(body, "returnReason")
    if not body.get("collectDeliveryMethod"):
        raise BadRequest("4000", "collectDeliveryMethod 는 필수 항목입니다.")

    def change(line: Line) -> None:
        claim = _make_seller_claim(asked, line, "RETURN", reason, body.get("returnQuantity"))
        claim.collect_method = str(body["collectDeliveryMethod"])
        claim.collect_company = body.get("collectDeliveryCompany")
        claim.collect_number = body.get("collectTrackingNumber")
        moves.open_claim(asked.store, line, claim)
        asked.note_effect(line)

    return apply_one(asked, change)


def approve_return(asked: Asked) -> Answer:
    """POST claim/return/approve: not while it is held back."""

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, "RETURN")
        moves.refuse_held(claim)
        moves.complete_claim(asked.store, line, claim, asked.world.clock.now_ms())
        asked.note_effect(line)

    return apply_one(asked, change)


def reject_return(asked: Asked) -> Answer:
    """POST claim/return/reject {rejectReturnReason}."""
    return _reject(asked, "RETURN", "rejectReturnReason")


def reject_exchange(asked: Asked) -> Answer:
    """POST claim/exchange/reject {rejectExchangeReason}."""
    return _reject(asked, "EXCHANGE", "rejectExchangeReason")


def hold_return(asked: Asked) -> Answer:
    """POST claim/return/holdback {holdbackClassType, holdbackReturnDetailReason, extraReturnFeeAmount?}."""
    return _hold(asked, "RETURN", "holdbackReturnDetailReason", "extraReturnFeeAmount")


def hold_exchange(asked: Asked) -> Answer:
    """POST claim/exchange/holdback {holdbackClassType, holdbackExchangeDetailReason, extraExchangeFeeAmount?}."""
    return _hold(asked, "EXCHANGE", "holdbackExchangeDetailReason", "extraExchangeFeeAmount")


def release_return(asked: Asked) -> Answer:
    """POST claim/return/holdback/release."""
    return _release(asked, "RETURN")


def release_exchange(asked: Asked) -> Answer:
    """POST claim/exchange/holdback/release."""
    return _release(asked, "EXCHANGE")


def approve_collect(asked: Asked) -> Answer:
    """POST claim/exchange/collect/approve: the goods came back."""

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, "EXCHANGE", frozenset({"EXCHANGE_REQUEST", "COLLECTING"}))
        moves.collect(asked.store, line, claim, asked.world.clock.now_ms())
        asked.note_effect(line)

    return apply_one(asked, change)


def dispatch_exchange(asked: Asked) -> Answer:
    """POST claim/exchange/dispatch {reDeliveryMethod, reDeliveryCompany, reDeliveryTrackingNumber}."""
    body = asked.read_json()
    method = str(body.get("reDeliveryMethod") or "")
    if not method:
        raise BadRequest("4000", "reDeliveryMethod 는 필수 항목입니다.")

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, "EXCHANGE", frozenset({"COLLECT_DONE"}))
        moves.refuse_held(claim)
        company: str | None = None
        number: str | None = None
        if method == "DELIVERY":
            given = body.get("reDeliveryTrackingNumber")
            company, number = check_number(asked, line, body.get("reDeliveryCompany"), given)
        claim.status = "EXCHANGE_REDELIVERING"
        claim.redelivery_method = method
        claim.redelivery_company = company
        claim.redelivery_number = number
        claim.redelivery_ms = asked.world.clock.now_ms()
        asked.store.change(line, "CLAIM_REDELIVERING", claim.redelivery_ms)
        remember_number(asked, line, company, number)
        asked.note_effect(line, carrier=company, waybill=number)

    return apply_one(asked, change)


def _reject(asked: Asked, kind: str, field: str) -> Answer:
    if not asked.read_json().get(field):
        raise BadRequest("4000", f"{field} 는 필수 항목입니다.")

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, kind)
        if claim.status == "EXCHANGE_REDELIVERING":
            raise moves.Refused("104417", "교환 상태를 확인해 주세요.")
        moves.reject_claim(asked.store, line, claim, asked.world.clock.now_ms())
        asked.note_effect(line)

    return apply_one(asked, change)


def _hold(asked: Asked, kind: str, detail_field: str, fee_field: str) -> Answer:
    body = asked.read_json()
    if body.get("holdbackClassType") not in HOLDBACK_TYPES or not body.get(detail_field):
        raise BadRequest("4000", f"holdbackClassType, {detail_field} 값을 확인해 주세요.")
    fee = body.get(fee_field) or 0
    if not isinstance(fee, int) or fee < 0:
        raise BadRequest("4000", f"{fee_field} 값을 확인해 주세요.")

    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, kind)
        moves.refuse_held(claim)
        claim.holdback_status = "HOLDBACK"
        claim.holdback_reason = str(body["holdbackClassType"])
        claim.holdback_detail = str(body[detail_field])
        claim.holdback_ms = asked.world.clock.now_ms()
        claim.extra_fee = fee
        asked.note_effect(line)

    return apply_one(asked, change)


def _release(asked: Asked, kind: str) -> Answer:
    def change(line: Line) -> None:
        claim = moves.get_open_claim(line, kind)
        if claim.holdback_status != "HOLDBACK":
            raise moves.wrong_status()
        claim.holdback_status = "RELEASED"
        claim.holdback_released_ms = asked.world.clock.now_ms()
        asked.note_effect(line)

    return apply_one(asked, change)


def _read_reason(body: dict[str, Any], field: str) -> str:
    reason = body.get(field)
    if reason not in SETTABLE_REASONS:
        raise BadRequest("4000", f"{field} 값이 올바르지 않습니다.")
    return str(reason)


def _make_seller_claim(asked: Asked, line: Line, kind: str, reason: str, quantity: object) -> Claim:
    if quantity is not None and (not isinstance(quantity, int) or isinstance(quantity, bool)):
        raise moves.Refused("104133", "클레임 수량을 확인해 주세요.")
    claim = make_claim(line, kind, asked.world.clock.now_ms(), asked.world, quantity=quantity, reason=reason)
    claim.by_seller = True
    return claim
