"""The supervisor, with real processes: it restarts what dies, leaves in good order and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from jumun.jobs.supervisor import Child, Chore, Pace, StopSupervising, Supervisor

QUICK = Pace(first=0.05, longest=0.2, healthy=60, goodbye=5)
Until = Callable[..., None]

# Both write their process id into the file they are given, once they are ready for a signal.
TELL = "import os, pathlib, signal, sys; told = pathlib.Path(sys.argv[1])\n"
WRITE = "fresh = told.with_suffix('.fresh'); fresh.write_text(str(os.getpid())); fresh.rename(told)\n"
STAY = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); signal.pause()"
POLITE = f"{TELL}signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n{WRITE}signal.pause()"
DEAF = f"{TELL}signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{WRITE}[signal.pause() for _ in range(9)]"
COUNT = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('x')"
# Starts a child of its own, tells both process ids, and stays.
NEST = f"""
import os, pathlib, subprocess, sys
inner = subprocess.Popen([sys.executable, '-c', {STAY!r}])
pathlib.Path(sys.argv[1]).write_text(f'{{os.getpid()}} {{inner.pid}}')
inner.wait()
"""
LOYAL = f"""
import pathlib, sys, os
from jumun.jobs.supervisor import die_with_supervisor
die_with_supervisor()
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
{STAY}
"""
SUPERVISE = """
import sys
from jumun.jobs.supervisor import Child, Supervisor
sys.exit(Supervisor([Child('loyal', [sys.executable, '-c', sys.argv[1], sys.argv[2]])]).run())
"""


def child(code: str, *arguments: object) -> Child:
    """A Python process."""
    return Child("child", [sys.executable, "-c", code, *map(str, arguments)])


def lives(pid: int) -> bool:
    """Whether that process runs (a zombie does not)."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class Stop:
    """A chore that ends everything once something came true, and fails when it does not."""

    def __init__(self, look: Callable[[], Any]) -> None:
        self._look = look
        self._deadline = time.monotonic() + 15

    def __call__(self) -> None:
        if self._look():
            raise StopSupervising(0)
        if time.monotonic() > self._deadline:
            raise StopSupervising(99)


@pytest.fixture
def other() -> Iterator[Callable[[Path], subprocess.Popen[bytes]]]:
    """Starts a supervisor in a process of its own, with a loyal child that writes its process id."""
    started = []

    def start(told: Path) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", SUPERVISE, LOYAL, str(told)]))
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_child_that_dies_is_started_again_and_again(tmp_path: Path) -> None:
    count = tmp_path / "count"
    supervisor = Supervisor(
        [child(COUNT, count)],
        [Chore("stop", 0.02, Stop(lambda: count.exists() and len(count.read_text()) >= 4))],
        pace=QUICK,
    )
    assert supervisor.run() == 0
    assert supervisor.deaths >= 3


def test_restarts_come_less_often_each_time(tmp_path: Path) -> None:
    count = tmp_path / "count"
    pace = Pace(first=0.4, longest=10, healthy=60, goodbye=5)
    began = time.monotonic()
    enough = Stop(lambda: count.exists() and len(count.read_text()) >= 3)
    assert Supervisor([child(COUNT, count)], [Chore("stop", 0.02, enough)], pace=pace).run() == 0
    assert time.monotonic() - began > 0.4 + 0.8


def test_children_are_asked_to_leave_and_the_deaf_one_is_killed(tmp_path: Path) -> None:
    deaf, polite = tmp_path / "deaf", tmp_path / "polite"
    both = Stop(lambda: deaf.exists() and polite.exists())
    pace = Pace(first=0.05, longest=0.2, healthy=60, goodbye=1)
    began = time.monotonic()
    assert Supervisor([child(DEAF, deaf), child(POLITE, polite)], [Chore("stop", 0.02, both)], pace=pace).run() == 0
    assert 1 < time.monotonic() - began < 5
    assert not any(lives(int(told.read_text())) for told in (deaf, polite))


def test_what_a_dead_child_left_behind_is_removed(tmp_path: Path) -> None:
    told, seen = tmp_path / "told", []

    def kill_outer() -> bool:
        if not told.exists() or len(told.read_text().split()) != 2:
            return False
        outer, inner = map(int, told.read_text().split())
        if not seen:
            seen.append(inner)
            os.kill(outer, signal.SIGKILL)
        return True

    gone = Stop(lambda: seen and not lives(seen[0]))
    chores = [Chore("kill", 0.05, kill_outer), Chore("stop", 0.05, gone)]
    assert Supervisor([child(NEST, told)], chores, pace=QUICK).run() == 0


def test_chore_that_breaks_is_tried_again_and_one_that_is_done_is_not() -> None:
    broken, done = [], []

    def breaks() -> None:
        broken.append(1)
        raise OSError("away")

    def finishes() -> bool:
        done.append(1)
        return True

    chores = [Chore("a", 0.02, breaks), Chore("b", 0.02, finishes), Chore("c", 0.02, Stop(lambda: len(broken) > 3))]
    assert Supervisor([child(STAY)], chores, pace=QUICK).run() == 0
    assert len(done) == 1


def test_chore_may_end_everything_with_a_status() -> None:
    def give_up() -> None:
        raise StopSupervising(3)

    assert Supervisor([child(STAY)], [Chore("give up", 1, give_up)], pace=QUICK).run() == 3


def test_supervisor_leaves_on_sigterm_with_its_children(
    tmp_path: Path, other: Callable[[Path], subprocess.Popen[bytes]], until: Until
) -> None:
    told = tmp_path / "told"
    supervisor = other(told)
    until(lambda: told.exists() and told.read_text() != "")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    assert not lives(int(told.read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_do_not_outlive_a_killed_supervisor(
    tmp_path: Path, other: Callable[[Path], subprocess.Popen[bytes]], until: Until
) -> None:
    told = tmp_path / "told"
    supervisor = other(told)
    until(lambda: told.exists() and told.read_text() != "")
    supervisor.kill()
    until(lambda: not lives(int(told.read_text())), seconds=10)
