"""Jobs: what is long or remote, and what became of each of its targets."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.http import HttpResponseBase
from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import PathId
from jumun.api.files import XLSX, answer_file
from jumun.api.paging import Page, Paging, PagingWithIds
from jumun.api.routes import Routes
from jumun.api.schemas import JobMade, reason_of
from jumun.companies.roles import May
from jumun.dispatch.mall_sheet_queries import list_sheets, open_sheet_file
from jumun.exports.job_results import write_job_result
from jumun.exports.job_retries import retry
from jumun.jobs.queries import get_job, list_entries, list_jobs

if TYPE_CHECKING:
    from jumun.jobs.models import Job as JobRow
    from jumun.jobs.models import JobEntry

routes = Routes(tags=["jobs"])


class Job(BaseModel):
    """One piece of work. `done` of `total` targets have a final answer; `partly`: some failed."""

    id: int
    kind: str
    family: str
    status: Literal["queued", "running", "done", "partly", "failed"]
    done: int
    total: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    by: int | None = Field(description="the person")
    code: str | None = Field(description="why the job failed as a whole")
    reason: str | None
    retry_of: int | None


class Entry(BaseModel):
    """What became of one target."""

    target: str
    label: str
    outcome: Literal["done", "refused", "failed", "unknown"]
    code: str | None
    reason: str | None
    message: str = Field(description="the channel's own words")
    at: datetime


class JobSheet(BaseModel):
    """A mall's bulk-dispatch sheet of a transmission: `GET /jobs/{job}/file` once it was made."""

    job: int
    channel_account: int
    rows: int
    made_at: datetime | None


class JobDetails(Job):
    """The same with a page of its targets, in the order they were first told."""

    sheets: list[JobSheet] = Field(description="its own, or those it asked for")
    entries: list[Entry]
    next_cursor: str | None


class JobQuery(BaseModel):
    """Which jobs: those about malls or those about sheets."""

    family: Literal["mall", "sheet"] | None = None


@routes.read("/jobs", Page[Job])
def list_all_jobs(request: Call, wanted: Query[JobQuery], paging: Query[PagingWithIds]) -> Page[Job]:
    """Jobs, newest first."""
    page = list_jobs(wanted.family, paging.cursor or None, paging.limit, ids=paging.wanted())
    language = speaks(request)
    return Page(items=[_job(row, language) for row in page.items], next_cursor=page.next_cursor)


@routes.read("/jobs/{bigid:job_id}", JobDetails)
def get_one_job(request: Call, job_id: PathId, paging: Query[Paging]) -> JobDetails:
    """One job with a page of its targets."""
    job, language = get_job(job_id), speaks(request)
    page = list_entries(job_id, paging.cursor or None, paging.limit)
    return JobDetails(
        **_job(job, language).model_dump(),
        sheets=[
            JobSheet(job=each.job, channel_account=each.account, rows=each.rows, made_at=each.made_at)
            for each in list_sheets(job_id)
        ],
        entries=[_entry(row, language) for row in page.items],
        next_cursor=page.next_cursor,
    )


@routes.file("/jobs/{bigid:job_id}/result.xlsx", XLSX)
def get_job_result(request: Call, job_id: PathId) -> HttpResponseBase:
    """What became of each target, as a sheet; at any time, for any job."""
    return answer_file(f"job-{job_id}.xlsx", "xlsx", write_job_result(job_id, speaks(request)))


@routes.file("/jobs/{bigid:job_id}/file", XLSX)
def get_job_file(request: Call, job_id: PathId) -> HttpResponseBase:
    """쇼핑몰 발송 엑셀: the mall's own sheet this job made, as often as wanted. It names orders and parcels, no person.

    Of a transmission that made several, each is had by its own job (`sheets`).
    """
    del request
    found = open_sheet_file(job_id)
    return answer_file(found.name, "xlsx", found.content)


@routes.write("POST", "/jobs/{bigid:job_id}/retry", JobMade, may=May.READ, status=202)
def retry_one_job(request: Call, job_id: PathId) -> JobMade:
    """Try again what failed of it, or go on with a sheet or an export that broke off; answers the new job.

    It takes what asking for it took: `collect` for collections and syncs, `pack` or `move` for sheets of numbers, having
    asked for an export, `move` for all else.
    """
    return JobMade(job=retry(job_id, who=looker(request), may=request.auth.permissions, at=request.at))


def _job(row: "JobRow", language: str) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        family=row.family,
        status=row.status,  # type: ignore[arg-type]
        done=row.done,
        total=row.total,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        by=row.by_id,
        code=row.reason or None,
        reason=reason_of(row.reason, language),
        retry_of=row.retry_of_id,
    )


def _entry(row: "JobEntry", language: str) -> Entry:
    return Entry(
        target=row.target,
        label=row.label,
        outcome=row.outcome,  # type: ignore[arg-type]
        code=row.code or None,
        reason=reason_of(row.code, language, row.message),
        message=row.message,
        at=row.at,
    )
