"""Every claim of a Naver product order: the completed ones, which have names of their own, and the one under way."""

from datetime import datetime
from typing import Any

import pytest
from tests.connectors.test_naver_wire import AT, row

from jumun.channels.port import ClaimKind, ClaimStage
from jumun.connectors.naver import wire
from jumun.core.clock import KST

RETURN = {
    "claimId": "C2",
    "claimStatus": "COLLECT_DONE",
    "claimRequestDate": "2026-11-21T09:00:00.000+09:00",
    "requestQuantity": 2,
    "returnReason": "BROKEN",
    "returnDetailedReason": "서울 사는 김철수인데 깨져서 왔어요",
    "collectDeliveryCompany": "CJGLS",
    "collectTrackingNumber": "680405450931",
    "collectCompletedDate": "2026-11-22T09:00:00.000+09:00",
}
ENDED = {
    "claimType": "CANCEL",
    "claimId": "C1",
    "claimStatus": "CANCEL_DONE",
    "claimRequestDate": "2026-11-20T09:00:00.000+09:00",
    "claimRequestReason": "INTENT_CHANGED",
    "claimCompleteOperationDate": "2026-11-20T10:00:00.000+09:00",
    "requestQuantity": 1,
}


def claims(product: dict[str, Any] | None = None, **parts: Any) -> Any:
    line = wire.read_line(row(product, **parts), at=AT)
    assert line is not None
    return line.claims


def test_a_completed_and_a_current_claim_are_both_told():
    """C9, P34: a part cancelled before, a return under way now; oldest first, in our words."""
    product = {"claimType": "RETURN", "claimStatus": "COLLECT_DONE", "claimId": "C2"}
    first, second = claims(product, completedClaims=[ENDED], currentClaim={"return": RETURN})

    assert (first.kind, first.stage, first.claim_id, first.quantity) == (ClaimKind.CANCEL, ClaimStage.DONE, "C1", 1)
    assert (first.reason, first.stage_raw, first.fault) == ("구매 의사 취소", "CANCEL_DONE", "")
    assert first.requested_at == datetime(2026, 11, 20, 9, tzinfo=KST)
    assert first.changed_at == datetime(2026, 11, 20, 10, tzinfo=KST)
    assert (second.kind, second.stage, second.claim_id) == (ClaimKind.RETURN, ClaimStage.COLLECTING, "C2")
    assert (second.quantity, second.reason, second.stage_raw) == (2, "상품 파손", "COLLECT_DONE")
    assert (second.collect_carrier, second.collect_waybill) == ("cj", "680405450931")
    assert second.changed_at == datetime(2026, 11, 22, 9, tzinfo=KST)
    assert "김철수" not in repr((first, second))


def test_an_exchange_tells_the_parcel_that_goes_out_again():
    exchange = {
        "claimId": "C3",
        "claimStatus": "EXCHANGE_REDELIVERING",
        "collectDeliveryCompany": "TEAMFRESH",
        "reDeliveryCompany": "HANJIN",
        "reDeliveryTrackingNumber": "5123",
        "reDeliveryOperationDate": "2026-11-22T10:00:00.000+09:00",
    }
    [claim] = claims(currentClaim={"exchange": exchange})

    assert (claim.kind, claim.stage) == (ClaimKind.EXCHANGE, ClaimStage.APPROVED)
    assert (claim.collect_carrier, claim.resend_carrier, claim.resend_waybill) == ("TEAMFRESH", "hanjin", "5123")
    assert claim.changed_at == datetime(2026, 11, 22, 10, tzinfo=KST)


def test_no_claim_is_told_twice():
    product = {"claimType": "CANCEL", "claimStatus": "CANCEL_DONE", "claimId": "C1"}
    told = claims(product, completedClaims=[ENDED, ENDED], cancel={"claimId": "C1", "claimStatus": "CANCEL_DONE"})

    assert [(claim.claim_id, claim.stage, claim.quantity) for claim in told] == [("C1", ClaimStage.DONE, 1)]


def test_completed_claims_come_oldest_first_and_the_named_one_last():
    later = ENDED | {"claimId": "C5", "claimRequestDate": "2026-11-21T09:00:00.000+09:00"}

    assert [claim.claim_id for claim in claims(completedClaims=[later, ENDED])] == ["C1", "C5"]
    named = {"claimType": "CANCEL", "claimStatus": "CANCEL_DONE", "claimId": "C1"}
    assert [claim.claim_id for claim in claims(named, completedClaims=[later, ENDED])] == ["C5", "C1"]


def test_what_ended_without_a_date_has_none():
    undated = {name: value for name, value in ENDED.items() if name != "claimCompleteOperationDate"}
    [claim] = claims(completedClaims=[undated])

    assert (claim.stage, claim.changed_at) == (ClaimStage.DONE, None)


def test_a_claim_named_without_an_id_is_the_one_that_stands_there():
    [ended] = claims({"claimType": "CANCEL", "claimStatus": "CANCEL_DONE"}, completedClaims=[ENDED])
    first, asked = claims({"claimType": "CANCEL", "claimStatus": "CANCEL_REQUEST"}, completedClaims=[ENDED])

    assert ended.claim_id == first.claim_id == "C1"
    assert (first.stage, asked.stage, asked.claim_id) == (ClaimStage.DONE, ClaimStage.REQUESTED, "")


def test_the_line_counts_what_is_open_before_what_ended():
    line = wire.read_line(row(completedClaims=[ENDED], currentClaim={"return": RETURN}), at=AT)

    assert line.claim.claim_id == "C2"


def test_unknown_words_among_completed_claims():
    """A kind nobody knows is left out; a word nobody knows has ended all the same."""
    odd = ENDED | {"claimId": "C8", "claimStatus": "CANCEL_BY_ROBOT"}
    told = claims(completedClaims=[ENDED | {"claimType": "REPAIR"}, odd])

    assert [(claim.claim_id, claim.stage, claim.stage_raw) for claim in told] == [
        ("C8", ClaimStage.DONE, "CANCEL_BY_ROBOT")
    ]


@pytest.mark.parametrize("parts", [{"currentClaim": {"cancel": []}}, {"completedClaims": {"claimId": "C1"}}])
def test_shapes_nobody_expected_claim_nothing(parts):
    assert claims(**parts) == ()
