"""The only door to the queue (procrastinate on the same PostgreSQL).

A task takes ids as keywords and is safe to run twice. It is enqueued in the transaction that causes it, with one lock
per channel account and lane ("read", "write"), so that sending never stops collecting.
"""

import functools
import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from procrastinate import App, Blueprint, JobContext, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from jumun.core.clock import now
from jumun.core.database_away import DATABASE_AWAY
from jumun.core.errors import NotFoundError
from jumun.core.tenancy import acting_as

MALL = "mall"
HOUSE = "house"
QUEUES = (MALL, HOUSE)

MOST_TRIES = 10
"""A task that the database left in the lurch, or whose worker died, this often is given up."""

log = logging.getLogger(__name__)
_tasks = Blueprint()
_stopping = threading.Event()


class DatabaseAwayError(Exception):
    """The database broke off in the middle: nothing was committed, the task runs again in a moment."""


class TaskFailedError(Exception):
    """A task raised. Stands for the real exception, whose text may hold personal data, in the queue's own log."""


def on_ready(app: App) -> None:
    """Called by procrastinate once Django is up: hand it our tasks."""
    app.add_tasks_from(_tasks, namespace="jumun")


def task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], "Task[Any, Any, Any]"]:
    """Declare a queue task. Retrying is the action's own affair: a task that raises has failed for good.

    Then the part of the job it ran (its `company_id` and `job_id`) is closed as failed with `server_error`, so that no
    job runs for ever. Only a database that broke off in the middle is tried again here. Called directly, without the
    queue, the task is the plain function.
    """

    def declare(run: Callable[..., Any]) -> "Task[Any, Any, Any]":
        @functools.wraps(run)
        def guarded(context: JobContext | None = None, /, **ids: Any) -> None:
            if context is None:
                run(**ids)
            else:
                _run_guarded(run, context, ids)

        again = RetryStrategy(max_attempts=MOST_TRIES, linear_wait=1, retry_exceptions={DatabaseAwayError})
        return _tasks.task(name=name, queue=queue, pass_context=True, retry=again)(guarded)

    return declare


def periodic(*, cron: str) -> Callable[["Task[Any, Any, Any]"], "Task[Any, Any, Any]"]:
    """Have a task enqueued by the clock; `cron` is in UTC. It waits at most once and is given `timestamp`.

    A moment missed by more than ten minutes, because no worker ran, is left out.
    """

    def declare(entry: "Task[Any, Any, Any]") -> "Task[Any, Any, Any]":
        _tasks.periodic(cron=cron, queueing_lock=entry.name)(entry)
        return entry

    return declare


def defer(
    entry: "Task[Any, Any, Any]", *, lock: str, once: str | None = None, at: datetime | None = None, **ids: Any
) -> bool:
    """Enqueue in the caller's transaction.

    lock    tasks of one lock run one after another, in order
    once    a key under which the same work waits at most once; False is answered when it already does
    at      not before this moment

    The savepoint keeps the caller's transaction alive when the key is taken.
    """
    try:
        with transaction.atomic():
            entry.configure(lock=lock, queueing_lock=once, schedule_at=at).defer(**ids)
    except AlreadyEnqueued:
        return False
    return True


def defer_by_name(name: str, *, lock: str, once: str | None = None, at: datetime | None = None, **ids: Any) -> bool:
    """The same for actions, which lie below the tasks that call them and know them by name only ("intake.collect")."""
    from procrastinate.contrib.django import app  # needs Django's settings

    try:
        with transaction.atomic():
            app.configure_task(f"jumun:{name}", lock=lock, queueing_lock=once, schedule_at=at).defer(**ids)
    except AlreadyEnqueued:
        return False
    return True


def lane(account_id: int, way: str) -> str:
    """The lock of one account and lane: "read" or "write"."""
    return f"account:{account_id}:{way}"


def asked_to_stop() -> bool:
    """Whether this worker must leave: a long task finishes the target it is at and defers itself for the rest."""
    return _stopping.is_set()


def ask_to_stop() -> None:
    """Tell the running tasks of this process that it is about to leave. Called by the worker only."""
    _stopping.set()


def _run_guarded(run: Callable[..., Any], context: JobContext, ids: dict[str, Any]) -> None:
    from jumun.jobs import actions  # tables: this module is imported before Django has read them

    last_try = context.job.attempts >= MOST_TRIES
    token = actions.running_part.set(context.job.id)
    try:
        run(**ids)
    except Exception as failure:  # noqa: BLE001 - the job must end, whatever it was
        kind = type(failure).__qualname__
        # Not the exception itself: its text may be personal data.
        log.error("task %s failed: %s at %s", context.job.task_name, kind, _where(failure))
        if isinstance(failure, DATABASE_AWAY) and not last_try:
            raise DatabaseAwayError(kind) from None
        close_failed_part(ids, at=now())
        raise TaskFailedError(kind) from None
    finally:
        actions.running_part.reset(token)


def close_failed_part(ids: Mapping[str, Any], *, at: datetime) -> None:
    """Close the part of the job that these task arguments name as failed; nothing when they name none.

    Raises DatabaseAwayError when that can't be written now: then the task runs again, and closes it then.
    """
    from jumun.jobs import actions

    company_id, job_id = ids.get("company_id"), ids.get("job_id")
    if company_id is None or job_id is None:
        return
    try:
        with acting_as(int(company_id)):
            actions.fail_part(int(job_id), code="server_error", at=at)
    except NotFoundError:
        return
    except DATABASE_AWAY as away:
        raise DatabaseAwayError(type(away).__qualname__) from None


def _where(failure: BaseException) -> str:
    """The last five places of a traceback, innermost first, without a value."""
    frames = traceback.extract_tb(failure.__traceback__)[-5:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
