"""The claims a Naver product order carries: `currentClaim` and `completedClaims[]`, which has names of its own. Pure.

A product order has one claim under way at most, and any number of completed ones (channels.md §1.3, §10.6). The retired
top-level `cancel`, `return` and `exchange` only stand in for what is missing.
"""

from dataclasses import replace

from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage
from jumun.connectors.naver import codes
from jumun.core.json_fields import Json, child, moment, rows_of, text, whole

_DATES = (
    "claimRequestDate",
    "cancelApprovalDate",
    "cancelCompletedDate",
    "collectCompletedDate",
    "holdbackConfigDate",
    "holdbackReleaseDate",
    "reDeliveryOperationDate",
    "returnCompletedDate",
)
"""When something of a claim under way changed. That it is being collected, or was refused, has no date of its own."""


def claim_is_unknown(row: Json) -> bool:
    """Whether the claim the line is said to have is of a kind or in a state nobody here knows."""
    kind, status = _words(child(row, "productOrder"))
    return (bool(kind) and kind not in codes.CLAIM_KINDS) or (bool(status) and status not in codes.CLAIM_STAGES)


def read_claims(row: Json) -> tuple[ClaimSnapshot, ...]:
    """Every claim of the line, oldest first, none twice: the completed ones, then the one under way.

    `productOrder` names one of them, and its word on that one's stage counts. A claimStatus not in the table counts as
    requested: that stops the parcel, and the line is told as unknown besides.
    """
    product, current = child(row, "productOrder"), child(row, "currentClaim")
    word, status = _words(product)
    named, named_id = codes.CLAIM_KINDS.get(word), text(product, "claimId")
    ended = [claim for each in rows_of(row, "completedClaims") if (claim := _read_completed(each))]
    if all(claim.requested_at for claim in ended):
        ended.sort(key=lambda claim: claim.requested_at.timestamp() if claim.requested_at else 0)
    # A kind nobody knows hides what is under way: the line is unknown, and a person looks.
    under_way = [
        _read_current(kind, detail, status if kind == named else "", named_id if kind == named else "")
        for kind in ClaimKind
        if (detail := child(current, kind.value)) and (named or not word)
    ]
    if named and not any(_is_named(claim, named, named_id) for claim in under_way):
        stage = _stage_of(status)
        last = [claim for claim in ended if _is_named(claim, named, named_id) and (named_id or claim.stage == stage)]
        if last:
            ended.remove(last[-1])
            ended.append(replace(last[-1], stage=stage, stage_raw=status) if status else last[-1])
        else:
            under_way.append(_read_current(named, child(row, named.value), status, named_id))
    found = [*ended, *under_way]
    return tuple({(claim.kind, claim.claim_id or str(place)): claim for place, claim in enumerate(found)}.values())


def _words(product: Json) -> tuple[str, str]:
    """ClaimType and claimStatus, both empty for 구매확정 보류, which claims nothing."""
    kind, status = text(product, "claimType"), text(product, "claimStatus")
    if f"{kind}_".startswith(codes.NO_CLAIM_PREFIX) or status.startswith(codes.NO_CLAIM_PREFIX):
        return "", ""
    return kind, status


def _is_named(claim: ClaimSnapshot, kind: ClaimKind, claim_id: str) -> bool:
    return claim.kind == kind and (not claim_id or claim.claim_id == claim_id)


def _stage_of(status: str, otherwise: ClaimStage = ClaimStage.REQUESTED) -> ClaimStage:
    return codes.CLAIM_STAGES.get(status, otherwise)


def _read_current(kind: ClaimKind, detail: Json, status: str, claim_id: str) -> ClaimSnapshot:
    """`currentClaim.{cancel|return|exchange}`, or the retired object of that name."""
    own_id = text(detail, "claimId")
    own_status = text(detail, "claimStatus")
    word = own_status if claim_id and own_id and own_id != claim_id else status or own_status
    reason = text(detail, f"{kind.value}Reason") or text(detail, "claimRequestReason")
    dates = [date for name in _DATES if (date := moment(detail, name))]
    return ClaimSnapshot(
        kind=kind,
        stage=_stage_of(word),
        claim_id=own_id or claim_id,
        quantity=max(whole(detail, "requestQuantity") or 0, 0),
        reason=codes.CLAIM_REASONS.get(reason, reason),
        requested_at=moment(detail, "claimRequestDate"),
        changed_at=max(dates, default=None),
        stage_raw=word,
        collect_carrier=_read_carrier(detail, "collectDeliveryCompany"),
        collect_waybill=text(detail, "collectTrackingNumber"),
        resend_carrier=_read_carrier(detail, "reDeliveryCompany"),
        resend_waybill=text(detail, "reDeliveryTrackingNumber"),
    )


def _read_completed(row: Json) -> ClaimSnapshot | None:
    """One of completedClaims[]; None when its kind is not known. Without its own date nobody knows when it ended."""
    kind = codes.CLAIM_KINDS.get(text(row, "claimType"))
    if kind is None:
        return None
    status, reason = text(row, "claimStatus"), text(row, "claimRequestReason")
    return ClaimSnapshot(
        kind=kind,
        stage=_stage_of(status, ClaimStage.DONE),
        claim_id=text(row, "claimId"),
        quantity=max(whole(row, "requestQuantity") or 0, 0),
        reason=codes.CLAIM_REASONS.get(reason, reason),
        requested_at=moment(row, "claimRequestDate"),
        changed_at=moment(row, "claimCompleteOperationDate"),
        stage_raw=status,
    )


def _read_carrier(detail: Json, name: str) -> str:
    """Our carrier id, or the channel's own code when it is not in the table."""
    theirs = text(detail, name)
    return codes.CARRIERS_BACK.get(theirs, theirs)
