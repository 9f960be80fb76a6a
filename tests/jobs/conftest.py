"""Real worker processes with short timers, and a company whose rows they see."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

TIMERS = {
    "JUMUN_WORKER_HEARTBEAT": "0.2",
    "JUMUN_STALLED_AFTER": "1",
    "JUMUN_REAPER_EVERY": "0.2",
    "JUMUN_WORKER_POLL": "0.1",
}
LONGEST = 25.0


def wait_until(look: Callable[[], bool], *, seconds: float = LONGEST) -> None:
    """Look every 50 ms; fails the test when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it did not come true in time"
        threading.Event().wait(0.05)


@dataclass
class Worker:
    """One worker process."""

    process: subprocess.Popen[str]

    def wait_for_death(self) -> int:
        """Its exit status, negative for a signal."""
        return self.process.wait(LONGEST)

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_for_death()

    def read_log(self) -> str:
        """Everything it said; only after its death."""
        assert self.process.stderr
        return self.process.stderr.read()


@dataclass
class Workers:
    """Starts worker processes on the tests' database."""

    env: dict[str, str]
    started: list[Worker] = field(default_factory=list)

    def start(self, **env: str) -> Worker:
        """A worker with the sample tasks; `env` on top, such as JUMUN_CRASH_AT."""
        script = Path(__file__).with_name("sample_worker.py")
        process = subprocess.Popen(
            [sys.executable, str(script)],
            env={**os.environ, **self.env, **TIMERS, "JUMUN_SUPERVISOR": str(os.getpid()), **env},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(Worker(process))
        return self.started[-1]


@pytest.fixture
def workers(committed: Any) -> Iterator[Workers]:
    """Worker processes, all killed afterwards."""
    made = Workers(committed.database_env)
    yield made
    for worker in made.started:
        worker.process.kill()
        worker.process.communicate()


@pytest.fixture
def founded(committed: Any, noon: datetime) -> int:
    """A committed company's id."""
    from jumun.companies.actions import found_company

    return found_company(
        name="한빛상회",
        slug="hanbit",
        owner_email="owner@hanbit.example",
        owner_name="한빛",
        password="pass-phrase-of-the-tests",
        at=noon,
    ).company_id


@pytest.fixture
def until() -> Callable[..., None]:
    """`wait_until`, bounded."""
    return wait_until


@pytest.fixture
def company(db: None, noon: datetime) -> Iterator[int]:
    """A company in a transaction that is rolled back, acted for."""
    from jumun.companies.actions import found_company
    from jumun.core.tenancy import acting_as

    made = found_company(
        name="한빛상회",
        slug="hanbit",
        owner_email="owner@hanbit.example",
        owner_name="한빛",
        password="pass-phrase-of-the-tests",
        at=noon,
    )
    with acting_as(made.company_id):
        yield made.company_id
