"""Kinds and stages of a claim, and which stage follows which. Pure.

A claim stands on an axis of its own beside the items' status (DESIGN §2). What a channel tells comes late, twice and in
any order: of two messages about one claim the one of the later moment counts, and of two of the same moment, or of
unknown ones, the one further along `FORWARD`. So the last state is the same in whatever order they came (I9, R19).
"""

from jumun.channels.port import OPEN_CLAIMS, ClaimKind, ClaimStage

KINDS: dict[ClaimKind, tuple[str, str]] = {
    ClaimKind.CANCEL: ("취소", "Cancel"),
    ClaimKind.RETURN: ("반품", "Return"),
    ClaimKind.EXCHANGE: ("교환", "Exchange"),
}
"""Korean, English."""

STAGES: dict[ClaimStage, tuple[str, str]] = {
    ClaimStage.REQUESTED: ("요청", "requested"),
    ClaimStage.COLLECTING: ("수거중", "collecting"),
    ClaimStage.APPROVED: ("승인", "approved"),
    ClaimStage.REFUSED: ("거부", "refused"),
    ClaimStage.DONE: ("완료", "done"),
    ClaimStage.WITHDRAWN: ("철회", "withdrawn"),
}
"""Korean, English."""

FORWARD: tuple[ClaimStage, ...] = (
    ClaimStage.REQUESTED,
    ClaimStage.COLLECTING,
    ClaimStage.APPROVED,
    ClaimStage.WITHDRAWN,
    ClaimStage.REFUSED,
    ClaimStage.DONE,
)
"""The order a claim goes in; the last three end it."""

ENDED: frozenset[ClaimStage] = frozenset(ClaimStage) - frozenset(OPEN_CLAIMS)


def rank_of(stage: ClaimStage) -> int:
    """How far along a stage is."""
    return FORWARD.index(stage)
