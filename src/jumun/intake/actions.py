"""What a person or the clock asks to come in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jumun.channels.account_jobs import open_account_job
from jumun.channels.queries import list_auto_collected
from jumun.core.errors import JumunError
from jumun.jobs import queue
from jumun.jobs.queries import get_job, list_failed

OLDEST = timedelta(days=400)
"""How far back a period may begin: a mistyped year would keep a channel busy for hours."""


def start_collection(
    accounts: Sequence[int],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    auto_confirm: bool | None = None,
    retry_of: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """주문수집 of these accounts (P5, P13); answers the job. An account being collected keeps its running job.

    start, end      a period instead of "since the last collection"
    auto_confirm    발주확인 what comes in unconfirmed; None: as each account's switch says
    retry_of        the job of which this is another try

    Raises NotFoundError for an account of another company, JumunError for none, for one that is off or manual, or for
    a period that ends before it starts or starts over a year ago.
    """
    if start and end and end <= start:
        raise JumunError("invalid", field="to")
    if start and start < at - OLDEST:
        raise JumunError("invalid", field="from")
    period = {"from": start.isoformat() if start else None, "to": end.isoformat() if end else None}
    asked = {**period, "confirm": auto_confirm}
    opened = open_account_job("collect", accounts, params=asked, retry_of=retry_of, by=by, at=at)
    for account in opened.accounts:
        queue.defer_by_name(
            "intake.collect",
            lock=queue.lane(account.id, "read"),
            company_id=account.company_id,
            account_id=account.id,
            job_id=opened.id,
            start=period["from"],
            end=period["to"],
            confirm=account.auto_confirm if auto_confirm is None else auto_confirm,
            by=by,
        )
    return opened.id


def retry_collection(job_id: int, *, by: int | None, at: datetime) -> int:
    """Collect again, for the same period, the accounts that failed in a collection job.

    Raises NotFoundError, JumunError("nothing_to_retry").
    """
    asked = get_job(job_id).params
    failed = list_failed(job_id, "account")
    if not failed:
        raise JumunError("nothing_to_retry")
    return start_collection(
        failed,
        start=_moment(asked.get("from")),
        end=_moment(asked.get("to")),
        auto_confirm=asked.get("confirm"),
        retry_of=job_id,
        by=by,
        at=at,
    )


def collect_due(*, at: datetime) -> int | None:
    """Start collecting every account of the company that is collected by the clock; answers the job, None without any.

    An account that needs its keys anew, or is off, waits until a person has seen to it.
    """
    due = list_auto_collected()
    return start_collection(due, by=None, at=at) if due else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
