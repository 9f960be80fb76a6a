"""`jumun web`: pages and REST on granian, WSGI (measured in reference/stack.md, h)."""

import argparse
import fcntl
import hashlib
import logging
import os
from pathlib import Path

from jumun.cli.starting import application
from jumun.core.serving import PAGES, STREAMS
from jumun.jobs.supervisor import die_with_supervisor

LONGEST_REQUEST = 20
"""Seconds a request may still take after SIGTERM."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen and with how many processes."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=count_workers(), help="processes of 4 threads each")


def count_workers() -> int:
    """One process per core, four at most: each holds up to `pool_max` connections."""
    return min(4, os.cpu_count() or 1)


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces

    die_with_supervisor()
    logging.getLogger("_granian").addFilter(_is_news)
    with application():
        collect_static()
        Granian(
            "jumun.config.wsgi:application",
            address=options.host,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=options.workers,
            blocking_threads=PAGES + STREAMS,
            respawn_failed_workers=True,
            workers_kill_timeout=LONGEST_REQUEST,
            log_access=False,
        ).serve()
    return 0


def _is_news(record: logging.LogRecord) -> bool:
    """All but the server's warning of many threads: those of streams only wait (core.serving)."""
    return "Python threads" not in record.getMessage()


def collect_static() -> None:
    """Bring scripts and styles into the data folder, when they changed since the last time. One process at a time."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        print_of_sources, kept = _fingerprint(), root / ".sources"
        if kept.exists() and kept.read_text() == print_of_sources:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        kept.write_text(print_of_sources)


def _fingerprint() -> str:
    """What the static files are made from: names, sizes, times, and the way they are stored."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    found = hashlib.sha256(str(settings.STORAGES["staticfiles"]["BACKEND"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: str(pair[0])):
            state = Path(storage.path(name)).stat()
            found.update(f"{name}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return found.hexdigest()
