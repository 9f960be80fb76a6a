"""Frees what dead workers left behind. Our own loop outside the queue: it needs no worker and carries no lock.

A worker that is killed leaves its task `doing`, with the lock of its channel account held for ever. A worker is dead
when its row is gone or its heartbeat is older than `stalled_after`, by the database's own clock, so that no machine's
wrong clock kills a living worker. Any number of sweeps may run at once.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from jumun.core.environment import Environment
from jumun.core.errors import JumunError
from jumun.jobs.queue import MOST_TRIES, close_failed_part

log = logging.getLogger(__name__)

BATCH = 5000
LEAST_HEARTBEATS = 3


class BadTimersError(JumunError):
    """The reaper would take living workers for dead ones."""

    def __init__(self, env: Environment) -> None:
        self._values = (env.stalled_after, LEAST_HEARTBEATS, env.worker_heartbeat)
        super().__init__("bad_timers")

    def reason(self, language: str = "ko") -> str:
        """What to change."""
        stalled, times, heartbeat = self._values
        if language == "ko":
            return (
                f"JUMUN_STALLED_AFTER({stalled:g}초)가 JUMUN_WORKER_HEARTBEAT({heartbeat:g}초)의 {times}배보다 짧아 "
                f"살아 있는 작업자를 죽은 것으로 봅니다. {times * heartbeat:g}초 이상으로 정해 주세요."
            )
        return (
            f"JUMUN_STALLED_AFTER ({stalled:g} s) is under {times} times JUMUN_WORKER_HEARTBEAT ({heartbeat:g} s), so "
            f"that living workers would be taken for dead. Set it to {times * heartbeat:g} s or more."
        )


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: tasks put back, tasks given up, rows of dead workers removed."""

    put_back: int = 0
    given_up: int = 0
    workers: int = 0


def check_timers(env: Environment) -> None:
    """Raises BadTimersError when the threshold is under three heartbeats. Called before any worker or sweep starts."""
    if env.stalled_after < LEAST_HEARTBEATS * env.worker_heartbeat:
        raise BadTimersError(env)


def sweep(*, at: datetime) -> Swept:
    """Put the tasks of dead workers back into the queue, then forget those workers.

    Given up instead, and its job's part closed as failed: a task tried ten times, or one asked to be aborted. A task
    whose queueing key a newer one took is finished as failed; the newer one does its work, and closes its job's part if
    it is of the same job. Raises django.db.OperationalError when the database is away, and BadTimersError.
    """
    env: Environment = settings.ENV
    check_timers(env)
    put_back = given_up = 0
    with transaction.atomic():
        for task in _read_left(env.stalled_after):
            if _free(task, at=at):
                put_back += 1
            else:
                given_up += 1
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_WORKERS, {"seconds": env.stalled_after})
        swept = Swept(put_back, given_up, cursor.rowcount)
    if swept != Swept():
        log.warning("swept: %d put back, %d given up, %d dead workers", put_back, given_up, swept.workers)
    return swept


def forget_finished(*, before: datetime) -> int:
    """Delete queue rows, with their events, that ended before this moment; answers how many."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET_FINISHED, {"before": before, "most": BATCH})
            gone = int(cursor.rowcount)
        total += gone
        if gone < BATCH:
            return total


@dataclass(frozen=True, slots=True)
class _Left:
    id: int
    args: Mapping[str, Any]
    attempts: int
    aborted: bool
    key: str | None


def _read_left(seconds: float) -> list[_Left]:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"seconds": seconds})
        return [_Left(int(row[0]), json.loads(row[1]), int(row[2]), bool(row[3]), row[4]) for row in cursor.fetchall()]


def _free(task: _Left, *, at: datetime) -> bool:
    """Put the task back (True), or give it up (False). Its row is locked by this transaction."""
    if task.attempts < MOST_TRIES and not task.aborted:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, NULL, NULL, NULL, NULL)", [task.id])
        except IntegrityError:  # the index on the key decides: any look before would be too early
            log.warning("task %d gives way to a newer one of the same key", task.id)
        else:
            return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [task.id])
    if not _goes_on(task):
        try:
            with transaction.atomic():
                close_failed_part(task.args, at=at)
        except (ValueError, TypeError):  # arguments nobody understands must not keep the other tasks locked
            log.exception("task %d: its part cannot be closed", task.id)
    return False


def _goes_on(task: _Left) -> bool:
    """Whether a newer task of the same key works for the same job."""
    with connection.cursor() as cursor:
        cursor.execute(_GOES_ON, {"id": task.id, "key": task.key, "job": str(task.args.get("job_id"))})
        return cursor.fetchone() is not None


_LEFT = """
SELECT j.id, j.args::text, j.attempts, j.abort_requested, j.queueing_lock
  FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status = 'doing'
   AND (w.id IS NULL OR w.last_heartbeat < clock_timestamp() - make_interval(secs => %(seconds)s))
 ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
"""

_GOES_ON = """
SELECT 1 FROM procrastinate_jobs
 WHERE queueing_lock = %(key)s AND status IN ('todo', 'doing') AND id <> %(id)s AND args ->> 'job_id' = %(job)s
"""

_FORGET_WORKERS = """
DELETE FROM procrastinate_workers WHERE last_heartbeat < clock_timestamp() - make_interval(secs => %(seconds)s)
"""

_FORGET_FINISHED = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT j.id FROM procrastinate_jobs j
     WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
       AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= %(before)s)
     LIMIT %(most)s)
"""
