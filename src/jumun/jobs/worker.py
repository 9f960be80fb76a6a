"""The process that runs queue tasks: sync functions in threads, one Django connection each.

It leaves in good order on SIGTERM: fetches no more, lets the running tasks finish (a long one asks
`queue.asked_to_stop()`), and is gone after 25 s at the latest; what is cut off is rolled back and put back by a sweep.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app as django_app
from psycopg.conninfo import conninfo_to_dict

from jumun.core.clock import now
from jumun.core.database import connection_fields
from jumun.core.environment import Environment
from jumun.jobs import queue, reaper

log = logging.getLogger(__name__)

LONGEST_GOODBYE = 25.0
"""Seconds a task may still run after SIGTERM (R05: the process is gone within 30)."""
CUT_OFF = 75
"""Exit status of a worker whose tasks did not finish in that time."""


def run_worker(queues: Sequence[str] = queue.QUEUES, concurrency: int | None = None, name: str = "worker") -> int:
    """Run tasks until SIGTERM or SIGINT; answers the exit status.

    The threads share Django's pool with the queue's own clock, so that `concurrency` stays under `pool_max`. A worker
    that loses its database ends with status 1: whoever runs it starts it again. Raises reaper.BadTimersError.
    """
    env: Environment = settings.ENV
    reaper.check_timers(env)
    _sweep()
    wanted = min(concurrency or env.worker_concurrency, max(1, env.pool_max - 2))
    return asyncio.run(_work(env, list(queues), wanted, name))


async def _work(env: Environment, queues: list[str], concurrency: int, name: str) -> int:
    loop = asyncio.get_running_loop()
    # The loop's own pool has as many threads as there are cores, and a few: fewer than tasks that wait for a channel.
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 4, thread_name_prefix="task"))
    # Django's connections go through its pool, and a pooler does not carry LISTEN. The tasks themselves go on
    # enqueueing through Django's connection, in their own transaction: they belong to the app of the original.
    fields = _read_fields(env) | {"application_name": f"jumun {name}"}
    connector = PsycopgConnector(kwargs=fields, min_size=1, max_size=4)
    async with django_app.with_connector(connector).open_async() as app:
        work = app.run_worker_async(
            queues=queues,
            concurrency=concurrency,
            name=name,
            fetch_job_polling_interval=env.worker_poll,
            update_heartbeat_interval=env.worker_heartbeat,
            stalled_worker_timeout=env.stalled_after,
            install_signal_handlers=False,
        )
        going = _Going(asyncio.create_task(work), longest=longest_goodbye(env))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, going.leave, 0)
        loop.set_exception_handler(going.report)
        sweeping = asyncio.create_task(_keep_sweeping(env.reaper_every))
        try:
            return await going.wait()
        finally:
            sweeping.cancel()


def longest_goodbye(env: Environment) -> float:
    """Seconds between SIGTERM and the cut: over before anybody takes this worker, whose heart has stopped, for dead."""
    return min(LONGEST_GOODBYE, env.stalled_after - env.worker_heartbeat)


def _read_fields(env: Environment) -> dict[str, Any]:
    """The application's role and password, at the direct address where there is a pooler."""
    fields = connection_fields(env)
    if env.database_direct_url:
        place = conninfo_to_dict(env.database_direct_url)
        fields |= {key: value for key, value in place.items() if key not in ("user", "password")}
    return fields


class _Going:
    """The worker's run, and how it comes to its end: asked to, or because something broke."""

    def __init__(self, run: "asyncio.Task[None]", *, longest: float) -> None:
        self._run = run
        self._longest = longest
        self._status = 1

    async def wait(self) -> int:
        try:
            await self._run
        except asyncio.CancelledError:
            return self._status
        except Exception as failure:  # noqa: BLE001 whatever ended it, a new process takes over
            log.error("worker ends: %s", type(failure).__qualname__)
        return 1

    def leave(self, status: int) -> None:
        """Fetch no more and end when the running tasks have; a second call changes nothing."""
        if not self._run.cancelling():
            self._status = status
            queue.ask_to_stop()
            asyncio.get_running_loop().call_later(self._longest, self._cut_off)
            self._run.cancel()

    def report(self, _loop: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
        """A failure nobody waits for: a task whose end could not be written stays `doing` under a living worker, where
        no sweep would find it. So the worker goes, and a sweep puts the task back.
        """
        log.error("worker ends: %s (%s)", trouble.get("message"), type(trouble.get("exception")).__qualname__)
        self.leave(1)

    def _cut_off(self) -> None:
        """Threads can't be stopped, a process can: the server rolls back what they were in."""
        log.warning("tasks still ran after %g s: cut off, to be run again", self._longest)
        os._exit(CUT_OFF)


async def _keep_sweeping(every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await asyncio.to_thread(_sweep)
        except Exception as failure:  # noqa: BLE001 the next sweep comes soon
            log.warning("no sweep this time: %s", type(failure).__qualname__)


def _sweep() -> None:
    try:
        reaper.sweep(at=now())
    finally:
        close_old_connections()
