"""Small tasks for real worker processes. Imported before Django is set up, so that the queue registers them."""

import threading
from collections.abc import Iterator

from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.tenancy import acting_as
from jumun.jobs import queue

STEP_SECONDS = 0.02


@queue.task(name="sample.work", queue=queue.MALL)
def work(*, company_id: int, job_id: int, target: str) -> None:
    """One part that tells of one target, with a place to be killed before and after its commit."""
    crash_point("before_commit")
    with acting_as(company_id):
        _record(job_id, target)
        _actions().finish_part(job_id, at=now())
    crash_point("after_commit")


@queue.task(name="sample.walk", queue=queue.MALL)
def walk(*, company_id: int, job_id: int, start: int, end: int) -> None:
    """One part over many targets, a commit each; asked to stop, it defers itself for the rest."""
    for step in range(start, end):
        with acting_as(company_id):
            if queue.asked_to_stop():
                ids = {"company_id": company_id, "job_id": job_id, "start": step, "end": end}
                queue.defer(walk, lock="sample", **ids)
                return
            _record(job_id, f"step:{step}")
        threading.Event().wait(STEP_SECONDS)
    with acting_as(company_id):
        _actions().finish_part(job_id, at=now())


@queue.task(name="sample.hang", queue=queue.MALL)
def hang(*, company_id: int, job_id: int, seconds: float) -> None:
    """One part that does not listen."""
    with acting_as(company_id):
        _record(job_id, "started")
    threading.Event().wait(seconds)


@queue.task(name="sample.fail", queue=queue.MALL)
def fail(*, company_id: int, job_id: int) -> None:
    """One part that breaks off with personal data in its exception."""
    with acting_as(company_id):
        _record(job_id, "rolled back")
        raise ValueError("홍길동 010-1234-5678")


@queue.task(name="sample.cut", queue=queue.MALL)
def cut(*, company_id: int, job_id: int, within: str) -> None:
    """One part whose connection is ended, the first time, in the middle of a COPY or of a streamed read."""
    from django.db import connection

    from jumun.core.copying import copy_rows

    with acting_as(company_id):
        first = not _actions().Job.objects.get(id=job_id).done
        if first:
            _record(job_id, "begun")
    with acting_as(company_id), connection.cursor() as cursor:
        if within == "copy":
            cursor.execute("CREATE TEMP TABLE pieces (n int) ON COMMIT DROP")
            copy_rows("pieces", _pieces(first))
        else:
            with connection.connection.cursor(name="streamed") as streamed:
                streamed.execute("SELECT generate_series(1, 5000)")
                for n, _ in enumerate(streamed):
                    if first and n == 200:
                        _end_connection()
        _actions().finish_part(job_id, at=now())


def _pieces(first: bool) -> Iterator[tuple[int]]:
    for n in range(50_000):
        if first and n == 10_000:
            _end_connection()
        yield (n,)


def _end_connection() -> None:
    """Another connection ends ours, as a server that goes down does."""
    import psycopg
    from django.db import connection

    info = connection.connection.info
    with psycopg.connect(info.dsn, password=info.password) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [info.backend_pid])


def _record(job_id: int, target: str) -> None:
    from jumun.jobs.models import EntryOutcome

    row = _actions().EntryRow(target, target, EntryOutcome.DONE)
    _actions().start_job(job_id, at=now())
    _actions().record_entries(job_id, [row], at=now())


def _actions():
    from jumun.jobs import actions

    return actions
