"""Asking channels for orders and for what became of them: both answer a job. And what a collection could not get."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.fields import Body, Flag, Id, Moment, PathId, Text
from jumun.api.paging import Page, PagingWithIds, cut, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import JobMade, reason_of
from jumun.companies.roles import May
from jumun.dispatch.actions import start_sync
from jumun.intake.actions import close_gap, start_collection, start_reread
from jumun.intake.queries import list_gaps, list_unread

if TYPE_CHECKING:
    from jumun.intake.models import Gap as GapRow

routes = Routes(tags=["intake"])
Accounts = Annotated[list[Id], Field(min_length=1, description="ids of channel accounts")]


class CollectionBody(Body):
    """What to collect: since the last collection (the first: seven days), or a period; without `to` it goes to now."""

    accounts: Accounts
    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    first_from: Moment | None = Field(
        None, description="where accounts that were never collected begin; the others go on from their last collection"
    )
    auto_confirm: Flag | None = Field(None, description="null: as each account's switch says")


class SyncBody(Body):
    """Which accounts to sync."""

    accounts: Accounts


class Gap(BaseModel):
    """A stretch nobody could collect. Closed by the owner with a reason, or by itself once it was collected."""

    id: int
    channel_account: int
    account_name: str
    start: datetime = Field(serialization_alias="from")
    end: datetime = Field(serialization_alias="to")
    code: str
    why: str
    opened_at: datetime
    job: int
    closed_at: datetime | None
    closed_by: int | None
    closed_reason: str | None


class GapQuery(BaseModel):
    """Which gaps: open ones (false), closed ones (true), or all (left out)."""

    closed: bool | None = None


class GapClosing(Body):
    """Why a stretch may be let go."""

    reason: Annotated[Text, Field(min_length=1, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class UnreadLine(BaseModel):
    """A line a channel named that did not come in yet. `why`: unreadable, or unconfirmed (발주확인 first)."""

    id: int
    channel_account: int
    account_name: str
    order_number: str
    line_no: str
    unit: str
    why: str
    channel_status: str
    first_seen: datetime
    last_seen: datetime
    times: int


class RereadBody(Body):
    """Of which accounts; all that have such lines when left out."""

    accounts: Accounts | None = None


@routes.write("POST", "/collections", JobMade, may=May.COLLECT, status=202)
def start_collections(request: Call, body: CollectionBody) -> JobMade:
    """주문수집. While one runs for an account, that job is answered."""
    job = start_collection(
        body.accounts,
        start=body.start,
        end=body.end,
        first=body.first_from,
        auto_confirm=body.auto_confirm,
        by=request.auth.person_id,
        at=request.at,
    )
    return JobMade(job=job)


@routes.write("POST", "/syncs", JobMade, may=May.COLLECT, status=202)
def start_syncs(request: Call, body: SyncBody) -> JobMade:
    """주문동기화. While one runs for an account, that job is answered."""
    return JobMade(job=start_sync(body.accounts, by=request.auth.person_id, at=request.at))


@routes.read("/gaps", Page[Gap])
def list_all_gaps(request: Call, wanted: Query[GapQuery], paging: Query[PagingWithIds]) -> Page[Gap]:
    """Stretches that could not be collected, oldest first."""
    after = read_id_cursor(paging.cursor) or 0
    found = list_gaps(closed=wanted.closed, after=after, limit=paging.limit + 1, ids=paging.wanted())
    page, following = cut(found, paging.limit, lambda row: str(row.id))
    return Page(items=[_gap(row, speaks(request)) for row in page], next_cursor=following)


@routes.write("POST", "/channel-accounts/{bigid:account_id}/gaps/{bigid:gap_id}/close", Gap, may=May.GAPS)
def close_one_gap(request: Call, account_id: PathId, gap_id: PathId, body: GapClosing) -> Gap:
    """Let a stretch go, with a reason. The owner only."""
    close_gap(account_id, gap_id, reason=body.reason, by=request.auth.person_id, at=request.at)
    [row] = list_gaps(closed=None, ids=[gap_id])
    return _gap(row, speaks(request))


@routes.read("/unread-lines", Page[UnreadLine])
def list_unread_lines(request: Call, paging: Query[PagingWithIds]) -> Page[UnreadLine]:
    """Lines the channels named that did not come in yet, oldest first."""
    after = read_id_cursor(paging.cursor) or 0
    found = list_unread(after=after, limit=paging.limit + 1, ids=paging.wanted())
    page, following = cut(found, paging.limit, lambda row: str(row.id))
    shown = [
        UnreadLine(
            id=row.id,
            channel_account=row.account_id,
            account_name=row.account.name,
            order_number=row.order_number,
            line_no=row.line_key,
            unit=row.unit,
            why=row.why,
            channel_status=row.stage_raw,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            times=row.times,
        )
        for row in page
    ]
    return Page(items=shown, next_cursor=following)


@routes.write("POST", "/unread-lines/read", JobMade, may=May.COLLECT, status=202)
def read_unread_lines(request: Call, body: RereadBody) -> JobMade:
    """다시 읽기: ask the channels for these lines again. While that runs for an account, its job is answered."""
    return JobMade(job=start_reread(body.accounts, by=request.auth.person_id, at=request.at))


def _gap(row: "GapRow", language: str) -> Gap:
    return Gap(
        id=row.id,
        channel_account=row.account_id,
        account_name=row.account.name,
        start=row.start,
        end=row.end,
        code=row.code,
        why=reason_of(row.code, language) or "",
        opened_at=row.opened_at,
        job=row.opened_job,
        closed_at=row.closed_at,
        closed_by=row.closed_by_id,
        closed_reason=row.reason or None,
    )
