"""Turn an answer into trouble: carry out one fault around the work of one call, whatever the mall."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from jumun.simulator.clock import to_datetime
from jumun.simulator.faults import Fault
from jumun.simulator.world import World

REFUSALS = frozenset({"unauthorized", "ip_not_allowed", "access_denied", "expired_signature", "rate_limit", "empty"})
JSON = "application/json;charset=UTF-8"
HTML_PAGE = "<!doctype html><html><head><title>점검 중</title></head><body><h1>서비스 점검 중입니다</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a mall says: HTTP status, a body that becomes JSON, headers of its own."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Voice(Protocol):
    """How one mall words trouble, and which of its fields the field faults mean."""

    @property
    def phone_fields(self) -> Sequence[str]:
        """Return the names of the recipient's phones."""

    @property
    def status_fields(self) -> Sequence[str]:
        """Return the names of a line's status."""

    def say_error(self, status: int) -> Answer:
        """Return the mall's answer for 500, 503 or 504."""

    def say_unauthorized(self) -> Answer:
        """Return the mall's 401."""

    def say_ip_not_allowed(self) -> Answer:
        """Return the mall's 403 for a caller it does not know."""

    def say_blocked(self) -> Answer:
        """Return what a caller hears whom the mall shut out."""

    def say_signature_expired(self) -> Answer:
        """Return the answer to a signature whose time is over."""

    def say_rate_limited(self) -> Answer:
        """Return the mall's 429."""

    def say_nothing(self) -> Answer:
        """Return a 200 without data."""

    def revoke(self) -> None:
        """Drop the tokens of the calling account."""

    def speaks_of(self, row: bytes, line_no: str) -> bool:
        """Say whether a row of an answer, as JSON, is about that line."""


class Cut(Response):
    """No answer: the connection breaks after the first byte of a body that was promised longer.

    ASGI has no word for closing a connection; a body shorter than its content-length is the one way servers obey.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body and leave."""
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"65536")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def write_answer(answer: Answer) -> Response:
    """Return an answer as JSON over HTTP."""
    return Response(orjson.dumps(answer.body), status_code=answer.status, headers=dict(answer.headers), media_type=JSON)


async def carry_out(
    fault: Fault | None, *, world: World, request: Request, voice: Voice, work: Callable[[], Answer]
) -> Response:
    """Do the work of a call as `fault` wants it done; without one, as it should be."""
    if fault is None:
        return write_answer(work())
    kind = fault.fault
    if kind == "slow":
        await wait(world, request, fault.seconds("seconds", 3))
        return write_answer(work())
    if kind == "timeout":
        await wait(world, request, fault.seconds("seconds", 60))
        return write_answer(voice.say_error(504))
    if kind == "timeout_after":
        answer = work()
        await wait(world, request, fault.seconds("seconds", 60))
        return write_answer(answer)
    if kind == "apply_late":
        world.do_later(_work_later(fault.seconds("seconds", 2), work))
        await wait(world, request, fault.seconds("hang", 0))
        return Cut()
    if kind in {"cut", "cut_after"}:
        if kind == "cut_after":
            work()
        return Cut()
    if kind in {"error500", "error503", "error521", "html200"}:
        return _break_down(fault, voice, work)
    if kind in REFUSALS:
        return write_answer(_refuse(fault, voice))
    if kind == "clock_skew":
        return _misdate(fault, world, write_answer(work()))
    return _spoil(fault, voice, work())


async def wait(world: World, request: Request, seconds: float) -> None:
    """Wait `seconds`, less when the caller hangs up or the simulator is stopped first."""
    gone = asyncio.ensure_future(_disconnect(request))
    stopped = asyncio.ensure_future(world.stopping.wait())
    try:
        await asyncio.wait({gone, stopped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        stopped.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _work_later(seconds: float, work: Callable[[], Answer]) -> None:
    await asyncio.sleep(seconds)
    work()


def _break_down(fault: Fault, voice: Voice, work: Callable[[], Answer]) -> Response:
    if fault.options.get("apply"):
        work()
    if fault.fault == "html200":
        return Response(HTML_PAGE, media_type="text/html;charset=UTF-8")
    return write_answer(voice.say_error(int(fault.fault.removeprefix("error"))))


def _misdate(fault: Fault, world: World, response: Response) -> Response:
    """Put a wrong Date on an answer."""
    at_ms = world.clock.now_ms() + int(float(fault.options.get("seconds", 600)) * 1000)
    response.headers["Date"] = format_datetime(to_datetime(at_ms).astimezone(UTC), usegmt=True)
    return response


def _refuse(fault: Fault, voice: Voice) -> Answer:
    if fault.fault == "unauthorized":
        if fault.options.get("revoke"):
            voice.revoke()
        return voice.say_unauthorized()
    if fault.fault == "ip_not_allowed":
        return voice.say_ip_not_allowed()
    if fault.fault == "access_denied":
        return voice.say_blocked()
    if fault.fault == "expired_signature":
        return voice.say_signature_expired()
    if fault.fault == "empty":
        return voice.say_nothing()
    limited = voice.say_rate_limited()
    after = fault.seconds("retry_after", 1)
    return Answer(limited.status, limited.body, {**limited.headers, "Retry-After": f"{after:g}"})


def _spoil(fault: Fault, voice: Voice, answer: Answer) -> Response:
    """Spoil the body of an answer whose work was done."""
    if fault.fault == "truncated_json":
        whole = orjson.dumps(answer.body)
        return Response(whole[: max(1, len(whole) * 2 // 3)], status_code=answer.status, media_type=JSON)
    if fault.fault == "wrong_charset":
        text = orjson.dumps(answer.body).decode()
        return Response(text.encode("cp949", errors="replace"), status_code=answer.status, media_type=JSON)
    if fault.fault == "big_body":
        blanks = b" " * int(fault.seconds("megabytes", 50) * 1024 * 1024)
        return Response(orjson.dumps(answer.body) + blanks, status_code=answer.status, media_type=JSON)
    usual = voice.status_fields if fault.fault == "unknown_enum" else voice.phone_fields
    names = frozenset(fault.options.get("fields", usual))
    value = fault.options.get("value", "SOMETHING_NEW") if fault.fault == "unknown_enum" else None
    drop = fault.fault == "missing_fields"
    line_no = fault.line_no
    skip = None if line_no is None else lambda row: not voice.speaks_of(orjson.dumps(row), line_no)
    body = _change_fields(answer.body, names, value=value, drop=drop, skip=skip)
    return write_answer(Answer(answer.status, body, answer.headers))


def _change_fields(
    node: Any, names: frozenset[str], *, value: object, drop: bool, skip: Callable[[Any], bool] | None
) -> Any:
    """Return a copy with every field of `names` replaced or dropped, but for rows to `skip`."""
    if isinstance(node, list):
        return [
            item if skip is not None and skip(item) else _change_fields(item, names, value=value, drop=drop, skip=skip)
            for item in node
        ]
    if not isinstance(node, dict):
        return node
    changed: dict[str, Any] = {}
    for name, inner in node.items():
        if name in names:
            if not drop:
                changed[name] = value
        else:
            changed[name] = _change_fields(inner, names, value=value, drop=drop, skip=skip)
    return changed
