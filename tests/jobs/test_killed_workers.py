"""Workers that die in the middle, or are asked to leave: nothing is lost, nothing is done twice (R01, R03-R05, R28)."""

import signal
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from jumun.core.tenancy import acting_as
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family, Job, JobEntry

Until = Callable[..., None]


@pytest.fixture
def open_one(founded: int, noon: datetime) -> Callable[..., int]:
    """Opens a job of the company."""

    def made(parts: int = 1) -> int:
        with acting_as(founded):
            return open_job(company_id=founded, kind="sample", family=Family.MALL, parts=parts, by=None, at=noon)

    return made


def enqueue(name: str, *, once: str | None = None, **ids: Any) -> int:
    """Put a sample task into the queue, on the lane `sample`."""
    entry = app.configure_task(f"jumun:sample.{name}", queue="mall", lock="sample", queueing_lock=once)
    return entry.defer(**ids)


def read_job(company: int, job: int) -> tuple[str, int, int]:
    """Its status, parts open and targets done."""
    with acting_as(company):
        found = Job.objects.get(id=job)
        return found.status, found.parts_open, found.done


def read_queue(task: int) -> tuple[str, int]:
    """The queue's own status of a task and how often it was tried."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE id = %s", [task])
        row = cursor.fetchone()
    return str(row[0]), int(row[1])


def test_task_of_a_killed_worker_runs_again_and_frees_its_lane(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    first, second = open_one(), open_one()
    killed = enqueue("work", company_id=founded, job_id=first, target="item:1")
    enqueue("work", company_id=founded, job_id=second, target="item:2")
    assert workers.start(JUMUN_CRASH_AT="before_commit").wait_for_death() == -signal.SIGKILL
    assert read_job(founded, first) == ("queued", 1, 0)
    began = time.monotonic()
    workers.start()
    until(lambda: read_job(founded, second) == ("done", 0, 1))
    assert read_job(founded, first) == ("done", 0, 1)
    assert time.monotonic() - began < 15
    until(lambda: read_queue(killed) == ("succeeded", 2))


def test_part_closed_before_the_kill_is_not_closed_again(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    job = open_one(parts=2)
    killed = enqueue("work", company_id=founded, job_id=job, target="item:1")
    assert workers.start(JUMUN_CRASH_AT="after_commit").wait_for_death() == -signal.SIGKILL
    assert read_job(founded, job) == ("running", 1, 1)
    workers.start()
    until(lambda: read_queue(killed) == ("succeeded", 2))
    assert read_job(founded, job) == ("running", 1, 1)
    enqueue("work", company_id=founded, job_id=job, target="item:2")
    until(lambda: read_job(founded, job) == ("done", 0, 2))


def test_killed_task_gives_way_to_a_newer_one_of_its_key(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    old, new = open_one(), open_one()
    killed = enqueue("work", once="collect:1", company_id=founded, job_id=old, target="item:1")
    assert workers.start(JUMUN_CRASH_AT="before_commit").wait_for_death() == -signal.SIGKILL
    enqueue("work", once="collect:1", company_id=founded, job_id=new, target="item:1")
    workers.start()
    until(lambda: read_job(founded, new) == ("done", 0, 1))
    assert read_job(founded, old) == ("failed", 0, 0)
    assert read_queue(killed) == ("failed", 1)


def test_two_workers_killed_one_after_the_other_leave_nothing_stuck(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until, tmp_path: Path
) -> None:
    job = open_one()
    enqueue("work", company_id=founded, job_id=job, target="item:1")
    for _ in range(2):  # each sweeps as it starts, and is killed with the task it freed
        assert workers.start(JUMUN_CRASH_AT="before_commit").wait_for_death() == -signal.SIGKILL
    workers.start(JUMUN_CRASH_AT="before_commit", JUMUN_CRASH_ONCE=str(tmp_path / "once"))
    workers.start(JUMUN_CRASH_AT="before_commit", JUMUN_CRASH_ONCE=str(tmp_path / "once"))
    until(lambda: read_job(founded, job) == ("done", 0, 1))


def test_worker_asked_to_leave_finishes_its_target_and_hands_on_the_rest(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    job = open_one()
    enqueue("walk", company_id=founded, job_id=job, start=0, end=100)
    first = workers.start()
    until(lambda: read_job(founded, job)[2] > 3)
    began = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - began < 10
    status, parts, done = read_job(founded, job)
    assert (status, parts) == ("running", 1)
    assert done < 100
    workers.start()
    until(lambda: read_job(founded, job) == ("done", 0, 100))
    with acting_as(founded):
        assert JobEntry.objects.filter(job_id=job).count() == 100


def test_worker_whose_task_does_not_listen_is_cut_off(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    job = open_one()
    task = enqueue("hang", company_id=founded, job_id=job, seconds=60)
    deaf = workers.start(JUMUN_STALLED_AFTER="2")
    until(lambda: read_job(founded, job)[2] == 1)
    began = time.monotonic()
    assert deaf.stop() == 75
    assert time.monotonic() - began < 10
    assert read_queue(task)[0] == "doing"


def test_task_cut_off_from_the_database_runs_again(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    job = open_one()
    task = enqueue("walk", company_id=founded, job_id=job, start=0, end=100)
    workers.start()
    workers.start()
    until(lambda: read_job(founded, job)[2] > 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 2
    workers.start()  # a supervisor would: a worker may take a lost connection for its end
    until(lambda: read_job(founded, job) == ("done", 0, 100))
    until(lambda: read_queue(task)[0] == "succeeded")
    assert read_queue(task)[1] >= 2


@pytest.mark.parametrize("within", ["copy", "stream"])
def test_task_cut_off_within_a_copy_or_a_streamed_read_runs_again(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until, within: str
) -> None:
    """There psycopg speaks, not Django: taken for a fault of ours it ended jobs half done (R28)."""
    job = open_one()
    task = enqueue("cut", company_id=founded, job_id=job, within=within)
    workers.start()
    until(lambda: read_queue(task)[0] in ("succeeded", "failed"))
    assert read_queue(task) == ("succeeded", 2)
    assert read_job(founded, job) == ("done", 0, 1)


def test_task_that_raises_closes_its_part_and_says_nothing_personal(
    workers: Any, founded: int, open_one: Callable[..., int], until: Until
) -> None:
    job = open_one()
    task = enqueue("fail", company_id=founded, job_id=job)
    worker = workers.start()
    until(lambda: read_queue(task) == ("failed", 1))
    assert read_job(founded, job) == ("failed", 0, 0)
    with acting_as(founded):
        assert Job.objects.get(id=job).reason == "server_error"
    assert worker.stop() == 0
    said = worker.read_log()
    assert "ValueError at sample_tasks.py:" in said
    assert "홍길동" not in said
    assert "010-1234" not in said
