"""The processes of one day: simulator, web, two workers; kept alive, and killed when the plan says so."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from jumun.cli.days.speaking import wait_for
from jumun.jobs.supervisor import PARENT

TIMERS = {
    "JUMUN_DEMO": "true",
    "JUMUN_CHANNEL_PACE": "200",
    "JUMUN_CHANNEL_TIMEOUT": "1",
    "JUMUN_SETTLE_DELAYS": "0.2,0.4" + ",0.6" * 30,
    "JUMUN_SETTLE_GRACE": "2.5",
    "JUMUN_WORKER_HEARTBEAT": "0.5",
    "JUMUN_STALLED_AFTER": "2",
    "JUMUN_REAPER_EVERY": "0.5",
    "JUMUN_WORKER_POLL": "0.2",
    "JUMUN_BREAKER_REST": "1",
    "JUMUN_LOG_LEVEL": "WARNING",
}
"""A day takes a minute, so its clocks run faster."""
WORKERS = 2


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Kept:
    """A process that is started again when it dies."""

    name: str
    command: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    ends: list[int] = field(default_factory=list)


class Processes:
    """All processes of a day on one database, with their words in `logs`."""

    def __init__(self, env: Mapping[str, str], logs: Path, crashes: list[str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._env = {**os.environ, **env, PARENT: str(os.getpid())}  # they die with us, whatever ends us
        self._logs = logs
        self._crashes = list(crashes)
        self._started = 0
        self.begun = 0.0
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._lock = threading.Lock()
        self.web_port, self.mall_port = free_port(), free_port()
        web = ("web", "--port", str(self.web_port), "--workers", "1")
        self._kept = {
            "simulator": Kept("simulator", ("simulator", "--port", str(self.mall_port))),
            "web": Kept("web", web),
            **{f"worker-{n}": Kept(f"worker-{n}", ("worker", "--name", f"worker-{n}")) for n in range(WORKERS)},
        }

    def run(self, *command: str) -> str:
        """One `jumun` command to its end; answers what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "jumun.cli.main", *command],
            env=self._env,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def start(self) -> None:
        """Start all; `wait_until_ready` says when they answer."""
        self.begun = time.monotonic()
        for kept in self._kept.values():
            self._start(kept)
        self._keeper.start()

    def wait_until_ready(self) -> None:
        """Until simulator and web answer. Raises StuckError."""
        for port, path in ((self.mall_port, "/control/health"), (self.web_port, "/livez")):
            wait_for(partial(_answers, port, path), 60, f"port {port}")

    def kill(self, name: str, how: str) -> None:
        """Send SIGKILL or SIGTERM to a process (with its children when killed); it is started again."""
        with self._lock:
            process = self._kept[name].process
            if process is None:
                return
            with suppress(ProcessLookupError):
                if how == "KILL":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.terminate()

    def deaths(self) -> dict[str, list[int]]:
        """Exit statuses of what died so far, by name; negative ones are signals."""
        return {kept.name: list(kept.ends) for kept in self._kept.values() if kept.ends}

    def stop(self) -> None:
        """End everything, at once: a day that was judged has nothing to say any more."""
        self._ending.set()
        if self._keeper.is_alive():
            self._keeper.join(10)
        living = [kept.process for kept in self._kept.values() if kept.process is not None]
        for process in living:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in living:
            process.wait()

    def _keep(self) -> None:
        while not self._ending.wait(0.1):
            with self._lock:
                for kept in self._kept.values():
                    status = kept.process.poll() if kept.process else None
                    if status is not None and not self._ending.is_set():
                        kept.ends.append(status)
                        self._start(kept)

    def _start(self, kept: Kept) -> None:
        env = dict(self._env)
        if kept.name.startswith("worker") and self._crashes:
            self._started += 1
            env["JUMUN_CRASH_AT"] = self._crashes.pop(0)
            env["JUMUN_CRASH_ONCE"] = str(self._logs / f"crashed-{self._started}")
        with (self._logs / f"{kept.name}.log").open("ab") as log:
            kept.process = subprocess.Popen(
                [sys.executable, "-m", "jumun.cli.main", *kept.command],
                env=env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


def _answers(port: int, path: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=5).is_success
    return False
