"""The only door to the queue (procrastinate on the same PostgreSQL).

A task takes ids as keywords and is safe to run twice. It is enqueued in the transaction that causes it, with one lock
per channel account and lane ("read", "write"), so that sending never stops collecting.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from procrastinate import App, Blueprint
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

MALL = "mall"
HOUSE = "house"
QUEUES = (MALL, HOUSE)

_tasks = Blueprint()
Run = TypeVar("Run", bound=Callable[..., Any])


def on_ready(app: App) -> None:
    """Called by procrastinate once Django is up: hand it our tasks."""
    app.add_tasks_from(_tasks, namespace="jumun")


def task(*, name: str, queue: str) -> Callable[[Callable[..., Any]], "Task[Any, Any, Any]"]:
    """Declare a queue task. Retrying is the action's own affair: a task that raises has failed for good."""
    return _tasks.task(name=name, queue=queue)


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


def lane(account_id: int, way: str) -> str:
    """The lock of one account and lane: "read" or "write"."""
    return f"account:{account_id}:{way}"
