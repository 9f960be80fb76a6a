"""`jumun up`: everything on one machine. The database, its migrations, web, workers, and the sweep behind dead ones."""

import argparse
import http.client
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from jumun.cli.starting import application
from jumun.cli.web import count_workers
from jumun.core import environment
from jumun.core.clock import now
from jumun.core.embedded_postgres import EmbeddedPostgres
from jumun.jobs.supervisor import Child, Chore, StopSupervising, Supervisor

LOOK_AT_DATABASE_EVERY = 1.0
MOST_DEATHS_AT_START = 8
"""How often children may die before the first answer; then the start is given up with their last words on stderr."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What `jumun demo` adds: processes, ports to wait for, and a last step that answers lines to print."""

    children: Sequence[Child] = ()
    ports: Sequence[int] = ()
    last_step: Callable[[], Sequence[str]] = field(default=tuple)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen and how many processes to run."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--web-workers", type=int, default=count_workers(), help="web processes of 4 threads each")
    parser.add_argument("--queue-workers", type=int, default=1, help="worker processes")


def run(options: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C; prints `ready: http://127.0.0.1:N` once it answers."""
    return run_everything(options, Extra())


def run_everything(options: argparse.Namespace, extra: Extra) -> int:
    """Migrate, then keep every process alive. Answers the exit status."""
    for port in (options.port, *extra.ports):
        if not _is_free(options.host, port):
            print(f"jumun: port {port} is taken: end what uses it or choose another --port.", file=sys.stderr)
            return 1
    with application():
        from django.conf import settings

        from jumun.jobs.reaper import check_timers

        check_timers(settings.ENV)
        # A process of its own: the owner's rights never live in one that stays.
        status = subprocess.run(command("migrate"), check=False).returncode
        if status:
            return status
        ready = _Ready(options, extra)
        chores = [
            Chore("database", LOOK_AT_DATABASE_EVERY, _revive),
            Chore("sweep", settings.ENV.reaper_every, _sweep),
            Chore("ready", 0.1, ready.look),
        ]
        supervisor = ready.supervisor = Supervisor([*_children(options), *extra.children], chores)
        return supervisor.run()


def command(name: str, *arguments: str) -> list[str]:
    """The command line of another `jumun` process like this one."""
    return [sys.executable, "-m", "jumun.cli.main", name, *arguments]


def _children(options: argparse.Namespace) -> list[Child]:
    listen = ("--host", options.host, "--port", str(options.port), "--workers", str(options.web_workers))
    names = ["worker", *(f"worker-{number}" for number in range(2, options.queue_workers + 1))]
    return [
        Child("web", command("web", *listen)),
        *(Child(name, command("worker", "--name", name)) for name in names[: options.queue_workers]),
    ]


def _revive() -> None:
    """Start an embedded server that died under us."""
    env = environment.load()
    if not (env.database_url or env.database_app_url):
        EmbeddedPostgres(env.data / "postgres").ensure()


def _sweep() -> None:
    from django.db import close_old_connections

    from jumun.jobs.reaper import sweep

    try:
        sweep(at=now())
    finally:
        close_old_connections()


class _Ready:
    """Waits for the first answers, takes the last step, says so."""

    def __init__(self, options: argparse.Namespace, extra: Extra) -> None:
        self._host = _reach(options.host)
        self._port = options.port
        self._extra = extra
        self.supervisor: Supervisor | None = None

    def look(self) -> bool:
        """True when there is nothing left to wait for. Raises StopSupervising when it will not come."""
        if not all(_answers(self._host, port) for port in (self._port, *self._extra.ports)):
            if self.supervisor and self.supervisor.deaths > MOST_DEATHS_AT_START:
                print("jumun: it does not start; the lines above say why.", file=sys.stderr)
                raise StopSupervising(1)
            return False
        try:
            lines = self._extra.last_step()
        except subprocess.CalledProcessError as failure:
            print("jumun: the sample could not be made; the lines above say why.", file=sys.stderr)
            raise StopSupervising(1) from failure
        print(f"ready: http://{self._host}:{self._port}", *lines, sep="\n", flush=True)
        return True


def _reach(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether anything speaks HTTP there; which status is no matter."""
    asked = http.client.HTTPConnection(host, port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        try:
            asked.request("GET", "/livez")
            asked.getresponse()
            return True
        finally:
            asked.close()
    return False
