"""What others change, told to a page that is open: server-sent events, names of topics only.

One stream a browser: its tabs share it (live.js). A stream holds no database connection while it waits.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from http import HTTPStatus
from typing import cast

import orjson
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from jumun.companies.members import find_place
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.live_listener import Subscriber, listener
from jumun.core.serving import STREAMS
from jumun.core.tenancy import acting_as
from jumun.web.access import Desk, company_call

BEAT = 5.0
"""Seconds between two lines that only say the stream lives; a browser that left is noticed then."""
ASK_AGAIN = 60.0
"""Seconds after which membership and session are looked up again."""
LONGEST = 300.0
"""Seconds after which a stream ends and the browser opens another."""
GATHER = 0.5
"""Seconds in which changes are told as one."""
COME_AGAIN = 30
"""Seconds a browser that found no place waits."""

places = threading.BoundedSemaphore(STREAMS)


@require_GET
@company_call(May.READ)
def live(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The stream: `event: changed`, data `{"what": [topics]}`. 503 when this process has no place for one more.

    What changed since the page was made (`since`, seconds) or since the last event a browser saw is told first.
    """
    if not places.acquire(blocking=False):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(COME_AGAIN)})
    try:
        stream = Stream(desk.company_id, lambda: _may_stay(request, desk), since=_since(request))
    except BaseException:
        places.release()
        raise
    response = StreamingHttpResponse(stream, content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return cast("HttpResponse", response)


class Stream:
    """The lines of one stream. Takes a place, which `close` gives back: it is called even when nothing was read."""

    def __init__(self, company_id: int, may_stay: Callable[[], bool], *, since: float | None = None) -> None:
        self._company_id = company_id
        self._subscriber = listener.subscribe(company_id)
        if since is not None:
            self._subscriber.tell(listener.changed_since(company_id, since))
        self._lines = _lines(self._subscriber, may_stay)
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        """Subscribed no longer. Safe to call twice."""
        if self._open:
            self._open = False
            self._lines.close()
            listener.leave(self._company_id, self._subscriber)
            places.release()


def _lines(subscriber: Subscriber, may_stay: Callable[[], bool]) -> Generator[bytes]:
    connection.close()  # back to the pool: what comes now is waiting
    begun = asked = now().timestamp()
    yield b"retry: 2000\n" + _seen(begun) + b": here\n\n"
    while not subscriber.over:
        changed = subscriber.wait(BEAT)
        moment = now().timestamp()
        if subscriber.over or moment - begun > LONGEST:
            return
        if moment - asked > ASK_AGAIN:
            asked = moment
            if not may_stay():
                yield b"event: left\ndata: {}\n\n"
                return
        if changed:
            yield _seen(moment) + b"event: changed\ndata: " + orjson.dumps({"what": sorted(changed)}) + b"\n\n"
            subscriber.rest(GATHER)
        else:
            yield _seen(moment) + b": beat\n\n"


def _seen(moment: float) -> bytes:
    """Up to when a browser has seen everything; it says so when it comes again."""
    return b"id: %.3f\n" % moment


def _since(request: HttpRequest) -> float | None:
    try:
        return float(request.headers.get("Last-Event-ID") or request.GET["since"])
    except (KeyError, ValueError):
        return None


def _may_stay(request: HttpRequest, desk: Desk) -> bool:
    """Whether the session is still open and the person still a member. False too when the database is away."""
    try:
        if not request.session.exists(request.session.session_key or ""):
            return False
        with acting_as(desk.company_id):
            return find_place(desk.person) is not None
    except DatabaseError:
        return False
    finally:
        connection.close()
