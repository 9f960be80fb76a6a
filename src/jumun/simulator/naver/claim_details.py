"""The claim objects: cancel, return, exchange under way, and completedClaims[], which has names of its own."""

from __future__ import annotations

from typing import Any

from jumun.simulator.clock import write_iso
from jumun.simulator.naver.addresses import SHIP_FROM, write_address
from jumun.simulator.naver.state import Claim, Line

_WORDS = {"CANCEL": "cancel", "RETURN": "return", "EXCHANGE": "exchange"}


def write_claim(line: Line, claim: Claim) -> dict[str, Any]:
    """Return the cancel, return or exchange object of §1.3."""
    word = _WORDS[claim.kind]
    written: dict[str, Any] = {
        "claimId": claim.claim_id,
        "claimStatus": claim.status,
        "claimRequestDate": write_iso(claim.requested_ms),
        "requestChannel": "API" if claim.by_seller else "구매회원",
        "requestQuantity": claim.quantity,
        f"{word}Reason": claim.reason,
        f"{word}DetailedReason": claim.detail,
        "refundExpectedDate": _maybe(claim.completed_ms),
    }
    if claim.kind == "CANCEL":
        written["cancelApprovalDate"] = _maybe(claim.admitted_ms)
        written["cancelCompletedDate"] = _maybe(claim.completed_ms)
    else:
        written.update(_write_collection(line, claim))
    if claim.kind == "RETURN":
        written["returnCompletedDate"] = _maybe(claim.completed_ms)
    if claim.kind == "EXCHANGE":
        written.update(_write_redelivery(line, claim))
    return {name: value for name, value in written.items() if value is not None}


def write_completed_claim(claim: Claim) -> dict[str, Any]:
    """Return one of completedClaims (§10.6)."""
    written = {
        "claimType": claim.kind,
        "claimId": claim.claim_id,
        "claimStatus": claim.status,
        "claimRequestDate": write_iso(claim.requested_ms),
        "claimRequestReason": claim.reason,
        "claimRequestDetailContent": claim.detail,
        "requestQuantity": claim.quantity,
        "claimRequestAdmissionDate": _maybe(claim.admitted_ms),
        "claimCompleteOperationDate": _maybe(claim.completed_ms),
        "holdbackStatus": claim.holdback_status,
        "holdbackReason": claim.holdback_reason,
        "collectStatus": None if claim.kind == "CANCEL" else claim.collect_status,
    }
    return {name: value for name, value in written.items() if value is not None}


def _write_collection(line: Line, claim: Claim) -> dict[str, Any]:
    word = _WORDS[claim.kind]
    return {
        f"{word}ImageUrl": [],
        "collectStatus": claim.collect_status,
        "collectAddress": None if line.recipient is None else write_address(line.recipient),
        "returnReceiveAddress": SHIP_FROM,
        "collectDeliveryMethod": claim.collect_method,
        "collectDeliveryCompany": claim.collect_company,
        "collectTrackingNumber": claim.collect_number,
        "collectCompletedDate": _maybe(claim.collected_ms),
        "claimDeliveryFeeDemandAmount": 3_000 if claim.reason in {"INTENT_CHANGED", "COLOR_AND_SIZE"} else 0,
        "claimDeliveryFeePayMeans": "환불금에서 차감",
        "claimDeliveryFeeProductOrderIds": line.line_no,
        "etcFeeDemandAmount": claim.extra_fee,
        "holdbackStatus": claim.holdback_status,
        "holdbackReason": claim.holdback_reason,
        "holdbackDetailedReason": claim.holdback_detail,
        "holdbackConfigDate": _maybe(claim.holdback_ms),
        "holdbackConfigurer": None if claim.holdback_ms is None else "판매자",
        "holdbackReleaseDate": _maybe(claim.holdback_released_ms),
        "holdbackReleaser": None if claim.holdback_released_ms is None else "판매자",
    }


def _write_redelivery(line: Line, claim: Claim) -> dict[str, Any]:
    if claim.redelivery_ms is None:
        return {}
    return {
        "reDeliveryMethod": claim.redelivery_method,
        "reDeliveryStatus": "DELIVERING" if claim.is_open else "DELIVERY_COMPLETION",
        "reDeliveryCompany": claim.redelivery_company,
        "reDeliveryTrackingNumber": claim.redelivery_number,
        "reDeliveryAddress": None if line.recipient is None else write_address(line.recipient),
        "reDeliveryOperationDate": write_iso(claim.redelivery_ms),
    }


def _maybe(ms: int | None) -> str | None:
    return None if ms is None else write_iso(ms)
