"""Queue entry points of intake."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from jumun.channels.account_jobs import account_entry
from jumun.channels.actions import note_state
from jumun.channels.patience import final_code, next_try
from jumun.companies.queries import list_company_ids
from jumun.core.clock import in_kst, now
from jumun.core.errors import ChannelError, ConflictError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.intake.actions import collect_due
from jumun.intake.collecting import Asked, Collected, collect_account, reread_lines
from jumun.intake.sheet_reading import note_unread, read_now
from jumun.intake.sheet_storing import commit_rows, end_commit
from jumun.jobs import queue
from jumun.jobs.actions import EntryRow, fail_part, finish_part, note_progress, record_entries, start_job
from jumun.jobs.models import EntryOutcome
from jumun.sheets.reading import SheetError


@queue.task(name="intake.collect", queue=queue.MALL)
def collect(
    *,
    company_id: int,
    account_id: int,
    job_id: int,
    start: str | None = None,
    end: str | None = None,
    confirm: bool = False,
    by: int | None = None,
    tries: int = 0,
    **_from_newer_code: object,
) -> None:
    """주문수집 of one account. What was stored before a failure stays; a busy channel is tried again later."""
    asked = Asked(account_id, job_id, _moment(start), _moment(end), confirm, by)
    again = {"start": start, "end": end, "confirm": confirm, "by": by}
    _run("intake.collect", collect_account, company_id, asked, again, tries)


@queue.task(name="intake.reread", queue=queue.MALL)
def reread(
    *,
    company_id: int,
    account_id: int,
    job_id: int,
    confirm: bool = False,
    by: int | None = None,
    tries: int = 0,
    **_from_newer_code: object,
) -> None:
    """다시 읽기 of one account's lines that did not come in."""
    asked = Asked(account_id, job_id, confirm=confirm, by=by)
    _run("intake.reread", reread_lines, company_id, asked, {"confirm": confirm, "by": by}, tries)


def _run(
    name: str,
    work: Callable[[int, Asked], Collected],
    company_id: int,
    asked: Asked,
    again: Mapping[str, Any],
    tries: int,
) -> None:
    """Ask the channel, and tell the job; `again` are the task's own arguments for another try."""
    account_id, job_id = asked.account_id, asked.job_id
    with acting_as(company_id):
        start_job(job_id, at=now())
    try:
        done = work(company_id, asked)
    except (ChannelError, NotFoundError) as problem:
        if (soon := next_try(problem, tries, at=now())) is not None:
            with acting_as(company_id):
                queue.defer_by_name(
                    name,
                    lock=queue.lane(account_id, "read"),
                    at=soon,
                    company_id=company_id,
                    account_id=account_id,
                    job_id=job_id,
                    tries=tries + 1,
                    **again,
                )
            return
        if isinstance(problem, ChannelError):
            note_state(company_id, account_id, problem)
        _failed(company_id, asked, final_code(problem))
        return
    with acting_as(company_id):
        rows = [account_entry(account_id, EntryOutcome.DONE, message=_told(done)), *_left_out(done)]
        record_entries(job_id, rows, at=now())
        finish_part(job_id, at=now())


def _left_out(done: Collected) -> Iterator[EntryRow]:
    """Lines nobody could read and stretches the channel no longer answers for, each by name."""
    for ref in done.unread:
        label = f"{ref.order_number} · {ref.line_key}"
        yield EntryRow(f"line:{ref.line_key}", label, EntryOutcome.FAILED, "line_unreadable")
    for missed in done.missed:
        label = f"{in_kst(missed.start):%Y-%m-%d %H:%M} ~ {in_kst(missed.end):%Y-%m-%d %H:%M}"
        yield EntryRow(f"gap:{missed.gap_id}", label, EntryOutcome.FAILED, "window_too_old")


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="intake.collect_due", queue=queue.HOUSE)
def collect_every_due(**_from_newer_code: object) -> None:
    """주문수집 of every account that asks for it by its switch. One that is being collected is left to that job."""
    for company_id in list_company_ids():
        with acting_as(company_id):
            collect_due(at=now())


def _failed(company_id: int, asked: Asked, code: str) -> None:
    with acting_as(company_id):
        record_entries(asked.job_id, [account_entry(asked.account_id, EntryOutcome.FAILED, code=code)], at=now())
        fail_part(asked.job_id, code=code, at=now())


def _told(done: Collected) -> str:
    waiting = f" waiting={done.waiting}" if done.waiting else ""
    return f"read={done.read} new={done.new} moved={done.moved}{waiting}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@queue.task(name="intake.read_sheet", queue=queue.HOUSE)
def read_sheet(*, company_id: int, upload_id: int, job_id: int, **_from_newer_code: object) -> None:
    """Read an uploaded sheet into staged rows. Run again before it was through it begins anew."""
    with acting_as(company_id):
        start_job(job_id, at=now())
    target, label = f"upload:{upload_id}", f"#{upload_id}"
    try:
        read_now(
            company_id,
            upload_id,
            at=now(),
            told=lambda rows: note_progress(job_id, done=rows, total=rows),
            job=job_id,
        )
    except (SheetError, NotFoundError, ConflictError) as problem:
        with acting_as(company_id):
            note_unread(upload_id, problem.code)
            record_entries(job_id, [EntryRow(target, label, EntryOutcome.FAILED, problem.code)], at=now())
            fail_part(job_id, code=problem.code, at=now())
        return
    with acting_as(company_id):
        record_entries(job_id, [EntryRow(target, label, EntryOutcome.DONE)], at=now())
        finish_part(job_id, at=now())


@queue.task(name="intake.commit_sheet", queue=queue.HOUSE)
def commit_sheet(
    *, company_id: int, upload_id: int, job_id: int, by: int | None = None, **_from_newer_code: object
) -> None:
    """등록 of an uploaded sheet, in transactions of whole orders. Run again it goes on where it was."""
    with acting_as(company_id):
        start_job(job_id, at=now())
    commit_rows(company_id, upload_id, by=by, at=now())
    with acting_as(company_id):
        end_commit(upload_id, job_id, at=now())
