"""What a person or the clock asks to come in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jumun.channels.account_jobs import open_account_job
from jumun.channels.queries import list_auto_collected
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.intake.models import Gap
from jumun.intake.queries import list_doubtful_accounts
from jumun.jobs import queue
from jumun.jobs.queries import count_entries, get_job, list_failed

OLDEST = timedelta(days=400)
"""How far back a period may begin: a mistyped year would keep a channel busy for hours."""


def start_collection(
    accounts: Sequence[int],
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    first: datetime | None = None,
    auto_confirm: bool | None = None,
    retry_of: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """주문수집 of these accounts (P5, P13); answers the job. An account being collected keeps its running job.

    start, end      a period instead of "since the last collection"; without an end it goes to now
    first           where accounts that were never collected begin, without a period (C2, C3)
    auto_confirm    발주확인 what comes in unconfirmed; None: as each account's switch says
    retry_of        the job of which this is another try

    Raises NotFoundError for an account of another company, JumunError for none, for one that is off or manual, or for
    a period that ends before it starts or starts over a year ago.
    """
    if start and end and end <= start:
        raise JumunError("invalid", field="to")
    for name, moment in (("from", start), ("first_from", first)):
        if moment and not at - OLDEST <= moment < at:
            raise JumunError("invalid", field=name)
    period = {"from": _text(start), "to": _text(end)}
    asked = {**period, "confirm": auto_confirm} | ({"first": _text(first)} if first else {})
    opened = open_account_job("collect", accounts, params=asked, retry_of=retry_of, by=by, at=at)
    for account in opened.accounts:
        queue.defer_by_name(
            "intake.collect",
            lock=queue.lane(account.id, "read"),
            company_id=account.company_id,
            account_id=account.id,
            job_id=opened.id,
            start=period["from"] or (_text(first) if account.collected_until is None and not end else None),
            end=period["to"],
            confirm=account.auto_confirm if auto_confirm is None else auto_confirm,
            by=by,
        )
    return opened.id


def retry_collection(job_id: int, *, by: int | None, at: datetime) -> int:
    """Collect again, for the same period, the accounts that failed in a collection job; so with reading again.

    Raises NotFoundError, JumunError("nothing_to_retry").
    """
    job = get_job(job_id)
    asked = job.params
    failed = list_failed(job_id, "account")
    if not failed and count_entries(job_id)["failed"]:
        failed = [int(account) for account in asked["accounts"]]  # lines or stretches of theirs that did not come in
    if not failed:
        raise JumunError("nothing_to_retry")
    if job.kind == "reread":
        return start_reread(failed, retry_of=job_id, by=by, at=at)
    return start_collection(
        failed,
        start=_moment(asked.get("from")),
        end=_moment(asked.get("to")),
        first=_moment(asked.get("first")),
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


def start_reread(
    accounts: Sequence[int] | None = None, *, retry_of: int | None = None, by: int | None, at: datetime
) -> int:
    """다시 읽기: ask for the lines that did not come in, of these accounts or of all; answers the job.

    Raises JumunError("nothing_unread") when there are none, else what `start_collection` raises.
    """
    chosen = list_doubtful_accounts() if accounts is None else list(accounts)
    if not chosen:
        raise JumunError("nothing_unread")
    opened = open_account_job("reread", chosen, retry_of=retry_of, by=by, at=at)
    for account in opened.accounts:
        queue.defer_by_name(
            "intake.reread",
            lock=queue.lane(account.id, "read"),
            company_id=account.company_id,
            account_id=account.id,
            job_id=opened.id,
            confirm=account.auto_confirm,
            by=by,
        )
    return opened.id


def close_gap(account_id: int, gap_id: int, *, reason: str, by: int, at: datetime) -> Gap:
    """The owner says why a stretch that could not be collected may be let go (R16).

    Raises NotFoundError, ConflictError("gap_closed"), JumunError("invalid") without a reason.
    """
    words = reason.strip()
    if not words:
        raise JumunError("invalid", field="reason")
    gap = Gap.objects.select_for_update(of=("self",)).filter(id=gap_id, account_id=account_id).first()
    if gap is None:
        raise NotFoundError("not_found")
    if gap.closed_at is not None:
        raise ConflictError("gap_closed")
    gap.closed_at, gap.closed_by_id, gap.reason = at, by, words
    gap.save(update_fields=["closed_at", "closed_by", "reason"])
    return gap


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
