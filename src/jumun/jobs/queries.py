"""Reading jobs, inside `acting_as(company)`. Lists are newest first for jobs, oldest first for a job's entries."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Count

from jumun.core.errors import JumunError, NotFoundError
from jumun.jobs.models import EntryOutcome, Family, Job, JobEntry, JobStatus

MOST = 200
"""Longest page of a list (DESIGN §5)."""

Row = TypeVar("Row")


class Page(NamedTuple, Generic[Row]):
    """Some rows, and the cursor of the next ones; None at the end."""

    items: list[Row]
    next_cursor: str | None


def get_job(job_id: int) -> Job:
    """The job. Raises NotFoundError."""
    found = Job.objects.filter(id=job_id).first()
    if found is None:
        raise NotFoundError("not_found", id=job_id)
    return found


def list_jobs(
    family: Family | str | None, cursor: str | None = None, limit: int = 50, *, ids: Sequence[int] | None = None
) -> Page[Job]:
    """Jobs, newest first, of one tab or of both; with `ids` only those. Raises JumunError("bad_cursor")."""
    chosen = Job.objects.order_by("-id")
    if family is not None:
        chosen = chosen.filter(family=family)
    if ids is not None:
        chosen = chosen.filter(id__in=ids)
    if cursor:
        chosen = chosen.filter(id__lt=_read_cursor(cursor))
    length = _length(limit)
    rows = list(chosen[: length + 1])
    return Page(rows[:length], str(rows[length - 1].id) if len(rows) > length else None)


def list_entries(job_id: int, cursor: str | None = None, limit: int = 50) -> Page[JobEntry]:
    """A job's entries in the order they were first told. Raises JumunError("bad_cursor").

    An unknown job has none: ask `get_job` first.
    """
    chosen = JobEntry.objects.filter(job_id=job_id).order_by("id")
    if cursor:
        chosen = chosen.filter(id__gt=_read_cursor(cursor))
    length = _length(limit)
    rows = list(chosen[: length + 1])
    return Page(rows[:length], str(rows[length - 1].id) if len(rows) > length else None)


def list_failed(job_id: int, kind: str) -> list[int]:
    """The ids of a job's targets of one kind ("account", "item") that failed."""
    targets = JobEntry.objects.filter(
        job_id=job_id, outcome=EntryOutcome.FAILED, target__startswith=f"{kind}:"
    ).order_by("id")
    return [int(target.partition(":")[2]) for target in targets.values_list("target", flat=True)]


def list_ended(job_ids: Sequence[int]) -> list[int]:
    """Those of these jobs that have ended."""
    ended = Job.objects.filter(id__in=job_ids, finished_at__isnull=False)
    return list(ended.values_list("id", flat=True))


def find_running(kind: str, account_id: int) -> int | None:
    """The newest job of this kind that is queued or running for this account, if there is one."""
    return (
        Job.objects.filter(
            status__in=[JobStatus.QUEUED, JobStatus.RUNNING], kind=kind, params__contains={"accounts": [account_id]}
        )
        .exclude(jobentry__target=f"account:{account_id}")  # this account is through: others, or confirming, go on
        .order_by("-id")
        .values_list("id", flat=True)
        .first()
    )


def _length(limit: int) -> int:
    return max(1, min(limit, MOST))


def _read_cursor(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise JumunError("bad_cursor")
    return int(cursor)


def count_running() -> int:
    """How many jobs are queued or running."""
    return Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).count()


def count_entries(job_id: int) -> dict[str, int]:
    """A job's entries by outcome; every outcome is there."""
    counted = JobEntry.objects.filter(job_id=job_id).values_list("outcome").annotate(number=Count("id"))
    return dict.fromkeys(EntryOutcome.values, 0) | dict(counted)


def list_troubles(job_id: int, limit: int = 50) -> list[JobEntry]:
    """The first entries of a job that are not done, oldest first."""
    found = JobEntry.objects.filter(job_id=job_id).exclude(outcome=EntryOutcome.DONE).order_by("id")
    return list(found[: _length(limit)])
