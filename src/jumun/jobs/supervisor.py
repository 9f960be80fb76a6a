"""Keeps a handful of processes alive: what `jumun up` does, and systemd would do. Knows no Django and no database.

A child that dies is started again, soon at first and then less often. Chores are short calls repeated between. One
thread, one loop: it sleeps until the next thing is due, and a signal or a child's death wakes it.
"""

import ctypes
import logging
import math
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

PARENT = "JUMUN_SUPERVISOR"
"""Environment variable that tells a child its supervisor's process id."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive; `env` comes on top of ours."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chore:
    """A short call repeated every so many seconds, until it answers True. What it raises is logged by type and changes
    nothing else, unless it is a `StopSupervising`.
    """

    name: str
    every: float
    call: Callable[[], bool | None]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: before the first and the longest restart; how long alive makes a child healthy again; how long a child
    may take to leave.
    """

    first: float = 0.2
    longest: float = 10
    healthy: float = 60
    goodbye: float = 30


class StopSupervising(Exception):
    """Raised by a chore to end everything with this exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Kept:
    """A child and its present process."""

    def __init__(self, child: Child, pace: Pace) -> None:
        self.child = child
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.due = 0.0
        self._pace = pace
        self._wait = pace.first
        self._born = 0.0

    def start(self, now: float) -> None:
        env = {**os.environ, **self.child.env, PARENT: str(os.getpid())}
        # A session of its own: Ctrl-C reaches us only, and its own children can be found when it dies.
        # What it says goes to our stderr: our stdout is for the lines that scripts read.
        self.process = subprocess.Popen(list(self.child.command), env=env, start_new_session=True, stdout=2)
        self._born = now

    def bury(self, now: float) -> bool:
        """Whether the child died: then what it leaves behind is removed and its next start is set."""
        if self.process is None or self.process.poll() is None:
            return False
        if now - self._born >= self._pace.healthy:
            self._wait = self._pace.first
        log.warning("%s ended with %s; again in %g s", self.child.name, self.process.returncode, self._wait)
        self.signal_group(signal.SIGKILL)
        self.process, self.due = None, now + self._wait
        self._wait = min(self._wait * 2, self._pace.longest)
        self.deaths += 1
        return True

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_leave(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.terminate()


class Supervisor:
    """Run children and chores until SIGTERM, SIGINT, or a chore that raises StopSupervising."""

    def __init__(self, children: Sequence[Child], chores: Sequence[Chore] = (), *, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._kept = [_Kept(child, self._pace) for child in children]
        self._chores = list(chores)
        self._status: int | None = None

    @property
    def deaths(self) -> int:
        """How often a child has died so far."""
        return sum(kept.deaths for kept in self._kept)

    def find_pid(self, name: str) -> int | None:
        """The process of this child, while it has one."""
        found = [kept.process.pid for kept in self._kept if kept.child.name == name and kept.process is not None]
        return found[0] if found else None

    def run(self) -> int:
        """Keep them alive; blocks, in the main thread. Answers 0 after a signal, else what the chore asked for."""
        due = dict.fromkeys(range(len(self._chores)), 0.0)
        with _waking(self._note) as bell:
            try:
                while self._status is None:
                    self._look_after_children()
                    for index, chore in enumerate(self._chores):
                        if self._status is None and time.monotonic() >= due[index]:
                            done = self._run_chore(chore)
                            due[index] = math.inf if done else time.monotonic() + chore.every
                    self._wait(bell, [*due.values(), *(kept.due for kept in self._kept if kept.process is None)])
            finally:
                self._dismiss(bell)
        return self._status or 0

    def _note(self, number: int) -> None:
        if number != signal.SIGCHLD:
            self._status = 0

    def _look_after_children(self) -> None:
        for kept in self._kept:
            now = time.monotonic()
            kept.bury(now)
            if kept.process is None and now >= kept.due:
                kept.start(now)

    def _run_chore(self, chore: Chore) -> bool:
        try:
            return chore.call() is True
        except StopSupervising as wish:
            self._status = wish.status
        except Exception as failure:  # noqa: BLE001 the next turn may go better, and the children matter more
            log.warning("%s: %s", chore.name, type(failure).__qualname__)
        return False

    def _wait(self, bell: int, due: Sequence[float]) -> None:
        if self._status is None:
            pause = max(0.0, min((moment - time.monotonic() for moment in due), default=1.0))
            _listen(bell, min(pause, 1.0))

    def _dismiss(self, bell: int) -> None:
        """Ask all to leave, wait, and kill those that stay, with whatever they started."""
        for kept in self._kept:
            kept.ask_to_leave()
        until = time.monotonic() + self._pace.goodbye
        while self._living() and time.monotonic() < until:
            _listen(bell, min(0.2, max(0.0, until - time.monotonic())))
        for kept in self._kept:
            if kept.process is not None and kept.process.poll() is None:
                log.warning("%s does not leave: killed", kept.child.name)
            kept.signal_group(signal.SIGKILL)
            if kept.process is not None:
                kept.process.wait()

    def _living(self) -> bool:
        return any(kept.process is not None and kept.process.poll() is None for kept in self._kept)


def die_with_supervisor() -> None:
    """Called by a child as it starts: when its supervisor is killed without a chance to say so, it gets SIGTERM.

    Only Linux can do that; elsewhere such children live on. Does nothing without a supervisor.
    """
    parent = os.environ.get(PARENT)
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before we asked
        sys.exit(0)


@contextmanager
def _waking(note: Callable[[int], None]) -> Iterator[int]:
    """Signals ring a bell (a pipe's end) as long as the block lasts, so that nothing happens between look and sleep."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
    bell, hammer = os.pipe()
    os.set_blocking(bell, False)
    os.set_blocking(hammer, False)
    before = {number: signal.signal(number, lambda got, _frame: note(got)) for number in numbers}
    old_hammer = signal.set_wakeup_fd(hammer, warn_on_full_buffer=False)
    try:
        yield bell
    finally:
        signal.set_wakeup_fd(old_hammer)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(bell)
        os.close(hammer)


def _listen(bell: int, seconds: float) -> None:
    ready, _, _ = select.select([bell], [], [], seconds)
    if ready:
        with suppress(BlockingIOError):
            os.read(bell, 4096)
