"""Claims: cancels, returns and exchanges as the channels tell them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from ninja import Query
from pydantic import BaseModel, Field, field_validator

from jumun.api.auth import Call
from jumun.api.fields import PathId
from jumun.api.paging import BIGGEST_ID, Page, PagingWithIds
from jumun.api.routes import Routes
from jumun.channels.port import ClaimKind, ClaimStage
from jumun.claims.queries import ClaimFilter, ClaimRow, get_claim, list_claims

routes = Routes(tags=["claims"])

ClaimState = StrEnum(  # type: ignore[misc]
    "ClaimState", [("OPEN", "open"), ("CLOSED", "closed"), *((each.name, each.value) for each in ClaimStage)]
)


class ClaimedItem(BaseModel):
    """An item of ours that stands under a claimed line; the claim may be about part of it."""

    id: int
    status: str
    quantity: int
    shipment: str = Field(description="bundle number (묶음번호)")


class ClaimedLine(BaseModel):
    """How much of one line a claim is about. `ordered` is the line's original quantity."""

    line_no: str
    product_name: str
    option_text: str
    quantity: int
    ordered: int
    items: list[ClaimedItem]


class Claim(BaseModel):
    """A claim (클레임) as its channel tells it. `buyer` is masked; empty texts of what is not there are null."""

    id: int
    kind: ClaimKind
    stage: ClaimStage
    stage_raw: str = Field(description="the channel's own word")
    open: bool
    claim_id: str | None = Field(description="the channel's id")
    channel: str
    channel_account: int
    account_name: str
    order_id: int
    order_number: str
    quantity: int
    reason: str | None
    fault: str | None = Field(description="buyer, seller or channel, where the channel says so")
    requested_at: datetime
    changed_at: datetime | None
    closed_at: datetime | None
    read_at: datetime
    collect_carrier: str | None
    collect_waybill: str | None
    resend_carrier: str | None
    resend_waybill: str | None
    buyer: str
    parts: list[ClaimedLine]


class ClaimQuery(BaseModel):
    """Which claims. `state` is open, closed or a stage; `q` an order number, a claim id or a returning parcel's number."""

    kind: ClaimKind | None = None
    state: ClaimState | None = None
    channel_account: list[Annotated[int, Field(ge=1, le=BIGGEST_ID)]] = []
    q: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""

    @field_validator("channel_account", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if not isinstance(given, list):
            return given
        return [part for each in given for part in (each.split(",") if isinstance(each, str) else [each]) if part != ""]


@routes.read("/claims", Page[Claim])
def list_all_claims(request: Call, wanted: Query[ClaimQuery], paging: Query[PagingWithIds]) -> Page[Claim]:
    """Claims, newest first, buyers masked. All filters together. Claims follow their channel at each sync."""
    chosen = ClaimFilter(
        kind=wanted.kind.value if wanted.kind else "",
        state=wanted.state.value if wanted.state else "",
        channel_account=tuple(wanted.channel_account),
        q=wanted.q,
    )
    rows = list_claims(chosen, ids=paging.wanted(), cursor=paging.cursor or None, limit=paging.limit)
    return Page(items=[show_claim(row) for row in rows.items], next_cursor=rows.next_cursor)


@routes.read("/claims/{bigid:claim_id}", Claim)
def get_one_claim(request: Call, claim_id: PathId) -> Claim:
    """One claim with its lines and the items that stand under them."""
    return show_claim(get_claim(claim_id))


_NULLED = ("claim_id", "reason", "fault", "collect_carrier", "collect_waybill", "resend_carrier", "resend_waybill")


def show_claim(row: ClaimRow) -> Claim:
    """A claim as REST tells it."""
    values: dict[str, Any] = {name: getattr(row, name) for name in Claim.model_fields if name != "parts"}
    values |= {name: values[name] or None for name in _NULLED}
    parts = [ClaimedLine.model_validate(part, from_attributes=True) for part in row.parts]
    return Claim(**values, parts=parts)
