"""Queue entry points of intake."""

from datetime import datetime, timedelta

from django.conf import settings

from jumun.channels.account_jobs import account_entry
from jumun.channels.actions import note_state
from jumun.companies.queries import list_company_ids
from jumun.core.clock import now
from jumun.core.errors import ChannelBusy, ChannelError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.intake.actions import collect_due
from jumun.intake.collecting import Asked, Collected, collect_account
from jumun.jobs import queue
from jumun.jobs.actions import EntryRow, fail_part, finish_part, record_entries, start_job
from jumun.jobs.models import EntryOutcome


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
    with acting_as(company_id):
        start_job(job_id, at=now())
    try:
        done = collect_account(company_id, asked)
    except ChannelBusy as busy:
        delays = [float(part) for part in settings.ENV.settle_delays.split(",")]
        if tries < len(delays):
            wait = timedelta(seconds=busy.retry_after or delays[tries])
            with acting_as(company_id):
                queue.defer_by_name(
                    "intake.collect",
                    lock=queue.lane(account_id, "read"),
                    at=now() + wait,
                    company_id=company_id,
                    account_id=account_id,
                    job_id=job_id,
                    start=start,
                    end=end,
                    confirm=confirm,
                    by=by,
                    tries=tries + 1,
                )
            return
        _failed(company_id, asked, "channel_stayed_busy")
        return
    except (ChannelError, NotFoundError) as problem:
        if isinstance(problem, ChannelError):
            note_state(company_id, account_id, problem)
        _failed(company_id, asked, problem.code)
        return
    with acting_as(company_id):
        unread = [
            EntryRow(
                f"line:{ref.line_key}", f"{ref.order_number} · {ref.line_key}", EntryOutcome.FAILED, "line_unreadable"
            )
            for ref in done.unread
        ]
        record_entries(job_id, [account_entry(account_id, EntryOutcome.DONE, message=_told(done)), *unread], at=now())
        finish_part(job_id, at=now())


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
    return f"read={done.read} new={done.new} moved={done.moved}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
