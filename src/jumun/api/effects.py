"""Effects (전송 내역): what channels were told and answered."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from ninja import Query
from pydantic import BaseModel, Field, field_validator

from jumun.api.auth import Call, speaks
from jumun.api.fields import Moment, PathId, Text
from jumun.api.paging import BIGGEST_ID, Page, PagingWithIds
from jumun.api.routes import Routes
from jumun.api.schemas import reason_of
from jumun.dispatch.queries import STATES, VERBS, EffectFilter, EffectRow, get_effect, list_effects

routes = Routes(tags=["effects"])

EffectStateName = StrEnum("EffectStateName", [(state.upper(), state) for state in STATES])  # type: ignore[misc]
VerbName = StrEnum("VerbName", [(verb.upper(), verb) for verb in VERBS])  # type: ignore[misc]


class Effect(BaseModel):
    """One thing told to a channel: confirm, dispatch (운송장 전송) or correct (운송장 정정).

    planned → sending → confirmed / rejected / unknown; unknown ones are read back, never sent again blind.
    """

    id: int
    verb: VerbName
    state: EffectStateName
    channel: str
    channel_account: int
    account_name: str
    order_id: int | None
    order_number: str
    unit: str = Field(description="the channel's own unit: a line, a box")
    revision: int
    carrier: str | None
    number: str | None
    lines: list[str] = Field(description="line keys it carried")
    items: list[int]
    code: str | None
    reason: str | None = Field(description="why, and what to do")
    message: str = Field(description="the channel's own words")
    attempt: int
    looks: int = Field(description="how often it was read back")
    planned_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    next_look_at: datetime | None
    job: int
    can_retry: bool = Field(description="rejected, and its items were not told anew since")


class EffectQuery(BaseModel):
    """Which effects. `open`: unknown ones, and rejected ones that wait for somebody."""

    state: list[EffectStateName] = []
    verb: list[VerbName] = []
    channel_account: list[Annotated[int, Field(ge=1, le=BIGGEST_ID)]] = []
    number: list[Text] = []
    job: Annotated[int, Field(ge=1, le=BIGGEST_ID)] | None = None
    planned_from: Moment | None = None
    planned_to: Moment | None = None
    open: bool = False

    @field_validator("state", "verb", "channel_account", "number", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if not isinstance(given, list):
            return given
        return [part for each in given for part in (each.split(",") if isinstance(each, str) else [each]) if part != ""]


@routes.read("/effects", Page[Effect])
def list_all_effects(request: Call, wanted: Query[EffectQuery], paging: Query[PagingWithIds]) -> Page[Effect]:
    """What channels were told, newest first. All filters together; values of one are alternatives."""
    chosen = EffectFilter(
        state=tuple(each.value for each in wanted.state),
        verb=tuple(each.value for each in wanted.verb),
        channel_account=tuple(wanted.channel_account),
        number=tuple(wanted.number),
        job=wanted.job,
        planned_from=wanted.planned_from,
        planned_to=wanted.planned_to,
        open=wanted.open,
    )
    found = list_effects(chosen, ids=paging.wanted(), cursor=paging.cursor or None, limit=paging.limit)
    language = speaks(request)
    return Page(items=[show_effect(row, language) for row in found.effects], next_cursor=found.next_cursor)


@routes.read("/effects/{bigid:effect_id}", Effect)
def get_one_effect(request: Call, effect_id: PathId) -> Effect:
    """One effect."""
    return show_effect(get_effect(effect_id), speaks(request))


def show_effect(row: EffectRow, language: str) -> Effect:
    """An effect as REST tells it."""
    values: dict[str, Any] = {name: getattr(row, name) for name in Effect.model_fields if name != "reason"}
    values |= {name: values[name] or None for name in ("carrier", "number", "code")}
    return Effect(**values, reason=reason_of(row.code, language, row.message))
