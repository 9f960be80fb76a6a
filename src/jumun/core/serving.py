"""What stands between the HTTP server and Django: as many pages at once as there were threads, and an end to streams.

A stream (web.live) keeps a thread of the server for minutes. So the server has threads for streams beside those for
pages, and pages wait here for one of their places: more of them at once would only wait for the database pool.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

PAGES = 4
"""Requests answered at once by one process; a stream counts only until it begins."""
STREAMS = 60
"""Streams open at once in one process; the next one is told to come again (503)."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def by_turns(application: Application, places: int = PAGES) -> Application:
    """The application, called by at most so many threads at once. What it answers is read outside of that."""
    free = threading.BoundedSemaphore(places)

    def inside(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with free:
            return application(environ, start_response)

    return inside


def on_leaving(then: Callable[[], None]) -> None:
    """Call this once SIGTERM or SIGINT arrives, beside whatever else handles them. From the main thread, once.

    The server sets its own handlers, later than we load and in the same place: a handler of ours would be replaced. The
    wake-up descriptor is written to whichever handler runs.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def watch() -> None:
        while arrived := os.read(reading, 64):
            if {signal.SIGTERM, signal.SIGINT} & set(arrived):
                then()
                return

    threading.Thread(target=watch, name="leaving", daemon=True).start()
