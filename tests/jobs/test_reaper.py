"""The sweep: what it frees, what it gives up, what it leaves alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from jumun.core.environment import Environment
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family, Job
from jumun.jobs.reaper import BadTimersError, Swept, check_timers, forget_finished, sweep

NEW_TASK = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, attempts, worker_id)
VALUES ('mall', 'jumun:sample', %s, %s, %s::jsonb, %s::procrastinate_job_status, %s, %s) RETURNING id
"""

pytestmark = pytest.mark.usefixtures("company")


def ask(statement: str, *values: Any) -> Any:
    """The first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def new_worker(*, seen: float) -> int:
    """A worker whose heart beat so many seconds ago."""
    return ask(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - make_interval(secs => %s))"
        " RETURNING id",
        seen,
    )


def new_task(
    worker: int | None,
    *,
    status: str = "doing",
    lock: str = "a",
    key: str | None = None,
    args: str = "{}",
    tries: int = 0,
) -> int:
    """A row of the queue."""
    return ask(NEW_TASK, lock, key, args, status, tries, worker)


def status_of(task: int) -> str:
    """Where the queue has it."""
    return ask("SELECT status::text FROM procrastinate_jobs WHERE id = %s", task)


@pytest.fixture
def new_job(company: int, noon: datetime) -> Callable[[], tuple[int, str]]:
    """Opens a job; its id, and task arguments that name it."""

    def made() -> tuple[int, str]:
        job = open_job(company_id=company, kind="collect", family=Family.MALL, parts=1, by=None, at=noon)
        return job, f'{{"company_id": {company}, "job_id": {job}}}'

    return made


def test_only_tasks_of_dead_workers_are_put_back(noon: datetime) -> None:
    dead, living = new_worker(seen=settings.ENV.stalled_after + 5), new_worker(seen=1)
    lost, orphan = new_task(dead, lock="a"), new_task(None, lock="b")
    running, waiting = new_task(living, lock="c"), new_task(None, lock="a", status="todo")
    assert sweep(at=noon) == Swept(put_back=2, given_up=0, workers=1)
    assert [status_of(task) for task in (lost, orphan, running, waiting)] == ["todo", "todo", "doing", "todo"]
    assert ask("SELECT array_agg(id) FROM procrastinate_workers") == [living]
    assert sweep(at=noon) == Swept()


def test_worker_late_by_two_heartbeats_is_left_alone(noon: datetime) -> None:
    late = new_worker(seen=settings.ENV.worker_heartbeat * 2)
    task = new_task(late)
    assert sweep(at=noon) == Swept()
    assert status_of(task) == "doing"


def test_task_whose_key_was_taken_fails_and_closes_its_part(
    noon: datetime, new_job: Callable[[], tuple[int, str]]
) -> None:
    (job, args), (_, newer_args) = new_job(), new_job()
    old = new_task(None, key="collect:1", args=args)
    newer = new_task(None, key="collect:1", args=newer_args, status="todo")
    assert sweep(at=noon) == Swept(given_up=1)
    assert [status_of(old), status_of(newer)] == ["failed", "todo"]
    closed = Job.objects.get(id=job)
    assert (closed.status, closed.reason, closed.finished_at) == ("failed", "server_error", noon)


def test_task_that_goes_on_under_its_key_leaves_its_part_open(
    noon: datetime, new_job: Callable[[], tuple[int, str]]
) -> None:
    job, args = new_job()
    old = new_task(None, key="transmit:1", args=args)
    new_task(None, key="transmit:1", args=args, status="todo")
    assert sweep(at=noon) == Swept(given_up=1)
    assert status_of(old) == "failed"
    assert Job.objects.get(id=job).parts_open == 1


def test_task_tried_ten_times_is_given_up(noon: datetime, new_job: Callable[[], tuple[int, str]]) -> None:
    job, args = new_job()
    ninth, tenth = new_task(None, lock="a", tries=9), new_task(None, lock="b", tries=10, args=args)
    assert sweep(at=noon) == Swept(put_back=1, given_up=1)
    assert [status_of(ninth), status_of(tenth)] == ["todo", "failed"]
    assert Job.objects.get(id=job).status == "failed"


def test_task_of_a_job_that_is_gone_does_not_stop_the_others(noon: datetime, company: int) -> None:
    gone = new_task(None, lock="a", tries=10, args=f'{{"company_id": {company}, "job_id": 987654}}')
    strange = new_task(None, lock="b", tries=10, args='{"company_id": "?", "job_id": 1}')
    other = new_task(None, lock="c")
    assert sweep(at=noon) == Swept(put_back=1, given_up=2)
    assert [status_of(task) for task in (gone, strange, other)] == ["failed", "failed", "todo"]


def test_timers_under_three_heartbeats_are_refused() -> None:
    check_timers(Environment(worker_heartbeat=10, stalled_after=30))
    with pytest.raises(BadTimersError, match=r"Set it to 30 s or more") as refused:
        check_timers(Environment(worker_heartbeat=10, stalled_after=29))
    assert "30초 이상" in refused.value.reason()


def test_only_tasks_that_ended_long_ago_are_forgotten(noon: datetime) -> None:
    ended, fresh, waiting = new_task(None, lock="a"), new_task(None, lock="b"), new_task(None, status="todo")
    for task in (ended, fresh):
        ask("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)::text", task)
    for task in (ended, waiting):
        ask("UPDATE procrastinate_events SET at = %s WHERE job_id = %s RETURNING id", noon - timedelta(days=8), task)
    ask("UPDATE procrastinate_events SET at = %s WHERE job_id = %s RETURNING id", noon, fresh)
    assert forget_finished(before=noon - timedelta(days=7)) == 1
    assert ask("SELECT array_agg(id ORDER BY id) FROM procrastinate_jobs") == [fresh, waiting]
