"""The gateway in front of every call: authentication, token bucket, headers, faults (channels.md §1.2)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from jumun.simulator.clock import write_iso
from jumun.simulator.misbehaving import Answer, Cut, carry_out, write_answer
from jumun.simulator.naver.state import Line, Store
from jumun.simulator.world import CallCount, Effect, World

GATEWAY_MESSAGES = {
    "GW.AUTHN": "요청을 보낼 권한이 없습니다.",
    "GW.NOT_FOUND": "요청한 리소스를 찾을 수 없습니다.",
    "GW.IP_NOT_ALLOWED": "허용되지 않은 IP에서 호출했습니다.",
    "GW.RATE_LIMIT": "요청이 많아 서비스를 일시적으로 사용할 수 없습니다.",
    "GW.QUOTA_LIMIT": "요청 할당량을 초과했습니다.",
    "GW.INTERNAL_SERVER_ERROR": "알 수 없는 오류가 발생했습니다.",
    "GW.BLOCK.01": "서비스 점검 중입니다.",
    "GW.TIMEOUT.01": "응답 시간이 초과되었습니다.",
}
ERROR_CODES = {500: "GW.INTERNAL_SERVER_ERROR", 503: "GW.BLOCK.01", 504: "GW.TIMEOUT.01"}


class BadRequest(Exception):
    """A whole call refused by the API behind the gateway: HTTP 400 {code, message, timestamp, traceId}."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Accounts(Protocol):
    """Where the gateway looks callers up."""

    def find_by_token(self, token: str) -> Store | None:
        """Return the store whose living token this is."""

    def find_by_client(self, client_id: str) -> Store | None:
        """Return the store of an application."""

    def get_shared_numbers(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Return (carrier, number) → receiver, for every number dispatched on this mall."""


@dataclass(slots=True)
class Voice:
    """Naver's words for trouble, on behalf of one call."""

    world: World
    store: Store | None
    trace_id: str
    signed: bool = False
    phone_fields: tuple[str, ...] = ("tel1", "tel2")
    status_fields: tuple[str, ...] = ("productOrderStatus",)

    def say(
        self, status: int, code: str, message: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return an error body {code, message, timestamp, traceId}."""
        body = {
            "code": code,
            "message": message or GATEWAY_MESSAGES[code],
            "timestamp": write_iso(self.world.clock.now_ms()),
            "traceId": self.trace_id,
        }
        return Answer(status, body, headers or {})

    def say_error(self, status: int) -> Answer:
        """500 GW.INTERNAL_SERVER_ERROR, 503 GW.BLOCK.01, 504 GW.TIMEOUT.01; others in the words of 500."""
        return self.say(status, ERROR_CODES.get(status, ERROR_CODES[500]))

    def say_unauthorized(self) -> Answer:
        """401 GW.AUTHN."""
        return self.say(401, "GW.AUTHN")

    def say_ip_not_allowed(self) -> Answer:
        """403 GW.IP_NOT_ALLOWED."""
        return self.say(403, "GW.IP_NOT_ALLOWED")

    def say_rate_limited(self) -> Answer:
        """429 GW.RATE_LIMIT with nothing remaining."""
        return self.say(429, "GW.RATE_LIMIT", headers={"GNCP-GW-RateLimit-Remaining": "0"})

    def say_nothing(self) -> Answer:
        """200 {timestamp, traceId}."""
        return Answer(200, {"timestamp": write_iso(self.world.clock.now_ms()), "traceId": self.trace_id})

    def say_data(self, data: object) -> Answer:
        """200 {timestamp, traceId, data}."""
        answer = self.say_nothing()
        return Answer(200, {**answer.body, "data": data})

    def say_signature_expired(self) -> Answer:
        """400 for a token call, which is all that is signed; 401 GW.AUTHN for the others."""
        if not self.signed:
            return self.say_unauthorized()
        said = self.say(400, "BAD_REQUEST", "전자서명의 유효 시간이 지났습니다.")
        invalid = [{"name": "timestamp", "type": "INVALID", "message": said.body["message"]}]
        return Answer(400, {**said.body, "invalidInputs": invalid, "data": None})

    def say_blocked(self) -> Answer:
        """403 GW.IP_NOT_ALLOWED: Naver has no page of its own for callers it shut out."""
        return self.say_ip_not_allowed()

    def speaks_of(self, row: bytes, line_no: str) -> bool:
        """Say whether an answer's row is about a product order."""
        return line_no.encode() in row

    def revoke(self) -> None:
        """Drop the caller's tokens, so that the same one is not given again."""
        if self.store is not None:
            self.store.tokens.clear()


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that passed the gateway. `refusals`: line (or "*") → code, message that a fault wants for it."""

    world: World
    accounts: Accounts
    store: Store
    voice: Voice
    path: str
    path_params: Mapping[str, Any]
    query: QueryParams
    body: bytes
    refusals: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def read_json(self) -> dict[str, Any]:
        """Return the body as an object; raise BadRequest 4000."""
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadRequest("4000", "요청 본문을 읽을 수 없습니다.") from error
        if not isinstance(parsed, dict):
            raise BadRequest("4000", "요청 본문은 객체여야 합니다.")
        return parsed

    def note_effect(self, line: Line, *, carrier: str | None = None, waybill: str | None = None) -> None:
        """Log one accepted line of a write."""
        self.world.effects.append(
            Effect(
                channel="naver",
                account=self.store.key,
                call=self.path.rsplit("/", 1)[-1],
                path=self.path,
                line_no=line.line_no,
                carrier=carrier,
                waybill=waybill,
                at_ms=self.world.clock.now_ms(),
            )
        )


Handler = Callable[[Asked], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def guard(world: World, accounts: Accounts, path: str, handler: Handler) -> Endpoint:
    """Return the endpoint of one authenticated API; `path` is its template, the unit of the rate limit."""

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        store = accounts.find_by_token(token)
        voice = Voice(world=world, store=store, trace_id=make_trace_id(world))
        row = log_call(request, voice, path)
        if store is None:
            return finish(voice, row, None, write_answer(voice.say_unauthorized()))
        remaining = take_from_bucket(store, world, path)
        if remaining is None:
            return finish(voice, row, 0, write_answer(voice.say_rate_limited()))
        text = request.url.path + "\n" + body.decode(errors="replace")
        fault, refusing = world.faults.take(channel="naver", account=store.key, path=request.url.path, text=text)
        asked = Asked(
            world=world,
            accounts=accounts,
            store=store,
            voice=voice,
            path=path,
            path_params=request.path_params,
            query=request.query_params,
            body=body,
            refusals={
                str(one.line_no or "*"): (
                    str(one.options.get("code", "9999")),
                    str(one.options.get("message", "기타 오류")),
                )
                for one in refusing
            },
        )
        response = await carry_out(fault, world=world, request=request, voice=voice, work=lambda: work(handler, asked))
        return finish(voice, row, remaining, response)

    return endpoint


def work(handler: Handler, asked: Asked) -> Answer:
    """Run a handler; a call it refuses as a whole becomes a 400."""
    try:
        return handler(asked)
    except BadRequest as refusal:
        return asked.voice.say(400, refusal.code, refusal.message)


def log_call(request: Request, voice: Voice, path: str) -> CallCount:
    """Count a call on its arrival; `path` is its template."""
    key = "" if voice.store is None else voice.store.key
    return voice.world.log_call(channel="naver", account=key, method=request.method, path=path)


def finish(voice: Voice, row: CallCount, remaining: int | None, response: Response) -> Response:
    """Put the gateway's headers on and note the answer."""
    rate = voice.world.settings.number("naver.rps")
    headers = {
        "GNCP-GW-Trace-ID": voice.trace_id,
        "GNCP-GW-HttpClient-ResponseTime": "12",
        "GNCP-GW-RateLimit-Replenish-Rate": f"{rate:g}",
        "GNCP-GW-RateLimit-Burst-Capacity": f"{rate * 2:g}",
        "GNCP-GW-RateLimit-Remaining": str(remaining if remaining is not None else int(rate * 2)),
    }
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    row.note_answer(0 if isinstance(response, Cut) else response.status_code)
    return response


def take_from_bucket(store: Store, world: World, path: str) -> int | None:
    """Take one of this application's tokens for this API; return what is left, None when there was none."""
    rate = world.settings.number("naver.rps")
    burst = rate * 2
    now_ms = world.clock.now_ms()
    level, since_ms = store.buckets.get(path, (burst, now_ms))
    level = min(burst, level + rate * (now_ms - since_ms) / 1000)
    if level < 1:
        store.buckets[path] = (level, now_ms)
        return None
    store.buckets[path] = (level - 1, now_ms)
    return int(level - 1)


def make_trace_id(world: World) -> str:
    """Return a trace id in the form the gateway gives: cr3- and hexadecimal digits."""
    return f"cr3-{secrets.token_hex(3)}-{world.clock.now_ms():x}"
