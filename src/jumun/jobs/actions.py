"""Writing jobs: opened, told of, closed part by part. All of it inside `acting_as(company)`, each call a statement or two.

A job's counters. `total` is the number of targets, as far as it is known. `done` is the number of targets that have a
final answer, whichever: entries with the outcome done, refused or failed. `unknown` counts once it is settled. So
`done / total` is the bar on the page, and the outcomes are read from the entries.

A job's end. It ends when its last part is closed: `done` when every entry is done and no part failed, `failed` when no
entry is done, `partly` otherwise. What is still `unknown` counts as not done; when it is settled later the end is
worked out again.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.core.errors import NotFoundError
from jumun.jobs.models import EntryOutcome, Family, Job, JobStatus

running_part: ContextVar[int | None] = ContextVar("running_part", default=None)
"""The queue's id of the task that runs now, if one does: a task run twice closes its part once."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What became of one target. `target` is its key ("item:12"), `label` what the clerk knows it by."""

    target: str
    label: str
    outcome: EntryOutcome
    code: str = ""
    message: str = ""


def open_job(
    *,
    company_id: int,
    kind: str,
    family: Family,
    parts: int,
    total: int = 0,
    params: Mapping[str, object] | None = None,
    by: int | None,
    at: datetime,
    retry_of: int | None = None,
) -> int:
    """A new job, queued; answers its id. With `parts=0` it ends at the first `finish_part` unless parts are added."""
    made = Job.objects.create(
        company_id=company_id,
        kind=kind,
        family=family,
        parts_open=parts,
        total=total,
        params=dict(params or {}),
        by_id=by,
        created_at=at,
        retry_of_id=retry_of,
    )
    return made.id


def start_job(job_id: int, *, at: datetime) -> None:
    """From queued to running; nothing for a job that is past that."""
    Job.objects.filter(id=job_id, status=JobStatus.QUEUED).update(status=JobStatus.RUNNING, started_at=at)


def add_parts(job_id: int, parts: int) -> None:
    """More parts are on their way; a job that had ended runs again. Raises NotFoundError."""
    _write_one(_ADD_PARTS, {"job": job_id, "parts": parts}, job_id)


def add_total(job_id: int, more: int) -> None:
    """More targets became known. Raises NotFoundError."""
    _write_one("UPDATE jobs_job SET total = total + %(more)s WHERE id = %(job)s", {"job": job_id, "more": more}, job_id)


def note_progress(job_id: int, *, done: int, total: int | None = None) -> None:
    """How far a job is whose targets get no entry each, rows of a sheet for one. Raises NotFoundError."""
    _write_one(
        "UPDATE jobs_job SET done = %(done)s, total = coalesce(%(total)s, total) WHERE id = %(job)s",
        {"job": job_id, "done": done, "total": total},
        job_id,
    )


def record_entries(job_id: int, rows: Sequence[EntryRow], *, at: datetime) -> None:
    """Write what became of these targets, each once a job: the latest word stands. Raises NotFoundError.

    The job's row is locked first: two parts that tell of the same target would else count it twice.
    """
    last = list({row.target: row for row in rows}.values())
    if not last:
        return
    _write_one("SELECT id FROM jobs_job WHERE id = %(job)s FOR NO KEY UPDATE", {"job": job_id}, job_id)
    values = {
        "job": job_id,
        "at": at,
        "target": [row.target for row in last],
        "label": [row.label for row in last],
        "outcome": [str(row.outcome) for row in last],
        "code": [row.code for row in last],
        "message": [row.message for row in last],
    }
    _write_one(_RECORD, values, job_id)
    _end_if_over(job_id, closing=False, at=at)


def finish_part(job_id: int, *, at: datetime) -> None:
    """One part is through; the last one ends the job. Raises NotFoundError.

    A task run again after a kill has the same queue id and closes nothing a second time; the count never goes below 0.
    """
    _close_part(job_id, "", at)


def fail_part(job_id: int, *, code: str, at: datetime) -> None:
    """One part broke off with this reason; the job keeps the first such reason. Raises NotFoundError."""
    _close_part(job_id, code, at)


def make_partitions(ahead: int = 3) -> None:
    """Make the monthly partitions of every growing table, this month's and `ahead` more. No company; safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_make_all_partitions(%s)", [ahead])


def _close_part(job_id: int, code: str, at: datetime) -> None:
    part = running_part.get()
    _write_one(_CLOSE_PART, {"job": job_id, "code": code, "part": part, "at": at}, job_id)
    _end_if_over(job_id, closing=True, at=at)


def _end_if_over(job_id: int, *, closing: bool, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_END, {"job": job_id, "closing": closing, "at": at})


def _write_one(statement: str, values: dict[str, Any], job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != 1:
            raise NotFoundError("not_found", id=job_id)


_ADD_PARTS = """
UPDATE jobs_job SET parts_open = parts_open + %(parts)s, finished_at = NULL,
       status = CASE WHEN finished_at IS NULL THEN status ELSE 'running' END
 WHERE id = %(job)s
"""

_RECORD = """
WITH told AS (
    SELECT * FROM unnest(%(target)s::text[], %(label)s::text[], %(outcome)s::text[], %(code)s::text[],
                         %(message)s::text[]) AS t (target, label, outcome, code, message)
), before AS (
    SELECT count(*) AS final FROM jobs_jobentry e
     WHERE e.job_id = %(job)s AND e.target = ANY (%(target)s::text[]) AND e.outcome <> 'unknown'
), kept AS (
    INSERT INTO jobs_jobentry (company_id, job_id, target, label, outcome, code, message, at)
    SELECT j.company_id, j.id, t.target, t.label, t.outcome, t.code, t.message, %(at)s
      FROM told t CROSS JOIN jobs_job j WHERE j.id = %(job)s
        ON CONFLICT (job_id, target) DO UPDATE
       SET label = excluded.label, outcome = excluded.outcome, code = excluded.code, message = excluded.message,
           at = excluded.at
    RETURNING outcome
)
UPDATE jobs_job SET done = done - (SELECT final FROM before)
                         + (SELECT count(*) FROM kept WHERE outcome <> 'unknown')
 WHERE id = %(job)s
"""

# `_closed` in params: queue ids of the tasks that closed a part, so that none does it twice.
_AGAIN = "coalesce(params -> '_closed' @> to_jsonb(%(part)s::bigint), false)"
_CLOSE_PART = f"""
UPDATE jobs_job SET
       parts_open = CASE WHEN {_AGAIN} THEN parts_open ELSE greatest(parts_open - 1, 0) END,
       reason = CASE WHEN reason <> '' OR {_AGAIN} THEN reason ELSE %(code)s END,
       started_at = coalesce(started_at, %(at)s),
       status = CASE WHEN status = 'queued' THEN 'running' ELSE status END,
       params = CASE WHEN %(part)s::bigint IS NULL OR {_AGAIN} THEN params
                     ELSE jsonb_set(params, '{{_closed}}',
                                    coalesce(params -> '_closed', '[]') || to_jsonb(%(part)s::bigint)) END
 WHERE id = %(job)s
"""

_END = """
UPDATE jobs_job SET finished_at = coalesce(finished_at, %(at)s),
       status = CASE WHEN reason = '' AND NOT EXISTS (SELECT 1 FROM jobs_jobentry e
                                                       WHERE e.job_id = jobs_job.id AND e.outcome <> 'done') THEN 'done'
                     WHEN EXISTS (SELECT 1 FROM jobs_jobentry e
                                   WHERE e.job_id = jobs_job.id AND e.outcome = 'done') THEN 'partly'
                     ELSE 'failed' END
 WHERE id = %(job)s AND parts_open = 0 AND (%(closing)s OR finished_at IS NOT NULL)
"""
