"""The gateway in front of every call: signature, throttle, headers, faults (channels.md §2.1, §10.19)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Protocol

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from jumun.simulator.clock import read_wall_ms, to_datetime
from jumun.simulator.coupang import signing
from jumun.simulator.coupang.moves import Numbers
from jumun.simulator.coupang.state import Line, Vendor
from jumun.simulator.misbehaving import Answer, Cut, carry_out, write_answer
from jumun.simulator.world import CallCount, Effect, World

ACCESS_DENIED = (
    "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>"
    "You don't have permission to access this server.</BODY></HTML>"
)
TIMED_OUT = "Request timed out, should retry, but if it keeps happening, please contact Coupang."
MESSAGES = {500: "Internal Server Error", 503: "Service Unavailable", 504: TIMED_OUT, 521: "Web server is down"}
WARN_AT = 0.9


class BadRequest(Exception):
    """A whole call refused by the API behind the gateway; `code` is a word or a number, both occur."""

    def __init__(self, message: str, *, status: int = 400, code: str | int = "ERROR") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


class Accounts(Protocol):
    """Where the gateway looks callers up."""

    def find_by_access_key(self, access_key: str) -> Vendor | None:
        """Return the vendor of a key."""

    def get_shared_numbers(self) -> Numbers:
        """Return every waybill number sent on this mall with its last receiver."""

    def tick(self, vendor: Vendor) -> None:
        """Bring a vendor's boxes up to the present."""


@dataclass(slots=True)
class Voice:
    """Coupang's words for trouble, on behalf of one call."""

    world: World
    vendor: Vendor | None
    transaction_id: str
    phone_fields: tuple[str, ...] = ("safeNumber",)
    status_fields: tuple[str, ...] = ("status", "receiptStatus", "exchangeStatus")

    def say(self, status: int, message: str, *, code: str | int = "ERROR") -> Answer:
        """Return an error body {code, message, transactionId}."""
        return Answer(status, {"code": code, "message": message, "transactionId": self.transaction_id})

    def say_error(self, status: int) -> Answer:
        """500, 503, 504 or 521 in the words of the documents."""
        return self.say(status, MESSAGES[status])

    def say_unauthorized(self) -> Answer:
        """401 Request is not authorized."""
        return self.say(401, signing.NOT_AUTHORIZED)

    def say_signature_expired(self) -> Answer:
        """401 Specified signature is expired."""
        return self.say(401, signing.EXPIRED)

    def say_ip_not_allowed(self) -> Answer:
        """403 [FORBIDDEN] Not allowed IP."""
        return self.say(403, "[FORBIDDEN] Not allowed IP")

    def say_blocked(self) -> Answer:
        """403 with an HTML page wrapped in JSON: what follows mass errors."""
        return Answer(403, {"status": 403, "message": "403 Forbidden", "body": ACCESS_DENIED})

    def say_rate_limited(self) -> Answer:
        """429."""
        return self.say(429, "Too many requests. Please try again later.")

    def say_nothing(self) -> Answer:
        """200 without data."""
        return Answer(200, {"code": 200, "message": "OK"})

    def revoke(self) -> None:
        """Nothing to drop: Coupang has no tokens."""

    def speaks_of(self, row: bytes, line_no: str) -> bool:
        """Say whether an answer's row names the order and the vendor item of a line."""
        return all(part.encode() in row for part in line_no.split("-"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that passed the gateway. `refusals`: line (or "*") → code, message that a fault wants for it."""

    world: World
    accounts: Accounts
    vendor: Vendor
    voice: Voice
    path: str
    version: str
    path_params: Mapping[str, Any]
    query: QueryParams
    body: bytes
    refusals: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)

    @property
    def now_ms(self) -> int:
        """Return the mall's time."""
        return self.world.clock.now_ms()

    @property
    def is_new(self) -> bool:
        """Say whether money, phones and dates have the form of v5 and v6."""
        return self.version != "v4"

    def read_json(self) -> Any:
        """Return the body; raise BadRequest when it is not JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadRequest("Request body is not readable.") from error

    def read_object(self) -> dict[str, Any]:
        """Return the body as an object that names this vendor."""
        body = self.read_json()
        if not isinstance(body, dict):
            raise BadRequest("Request body should be an object.")
        self.check_vendor(body)
        return body

    def check_vendor(self, body: Mapping[str, Any]) -> None:
        """Refuse a body of another vendor."""
        if body.get("vendorId") != self.vendor.vendor_id:
            raise BadRequest("vendorId 를 확인해 주세요.")

    def get_refusal(self, lines: list[Line]) -> tuple[str, str | None] | None:
        """Return what a fault wants for one of these lines."""
        return next(
            (self.refusals[name] for name in [*(line.line_no for line in lines), "*"] if name in self.refusals), None
        )

    def note_effect(self, line: Line, *, carrier: str | None = None, waybill: str | None = None) -> None:
        """Log one accepted line of a write."""
        self.world.effects.append(
            Effect(
                channel="coupang",
                account=self.vendor.key,
                call=self.path.rsplit("/", 1)[-1],
                path=self.path,
                line_no=line.line_no,
                carrier=carrier,
                waybill=waybill,
                at_ms=self.now_ms,
            )
        )


Handler = Callable[[Asked], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def guard(world: World, accounts: Accounts, path: str, version: str, handler: Handler) -> Endpoint:
    """Return the endpoint of one API; `path` is its official template."""
    call_path = path.rsplit("/{", 1)[0] if path.endswith("}") else path

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        vendor, wrong = find_caller(world, accounts, request)
        voice = Voice(world=world, vendor=vendor, transaction_id=secrets.token_hex(16))
        row = log_call(request, voice, path)
        if vendor is None or wrong is not None:
            return finish(voice, row, write_answer(voice.say(401, wrong or signing.NOT_AUTHORIZED)))
        if request.path_params["vendor_id"] != vendor.vendor_id:
            return finish(voice, row, write_answer(voice.say_unauthorized()))
        if not take_turn(vendor, world):
            return finish(voice, row, write_answer(voice.say_rate_limited()))
        accounts.tick(vendor)
        named = "\n".join([body.decode(errors="replace"), *name_lines(vendor, request, body)])
        fault, refusing = world.faults.take(channel="coupang", account=vendor.key, path=call_path, text=named)
        asked = Asked(
            world=world,
            accounts=accounts,
            vendor=vendor,
            voice=voice,
            path=path,
            version=version,
            path_params=request.path_params,
            query=request.query_params,
            body=body,
            refusals={
                str(one.line_no or "*"): (
                    str(one.options.get("code", "UNDEFINED_ERROR_OCCUR")),
                    one.options.get("message"),
                )
                for one in refusing
            },
        )
        response = await carry_out(fault, world=world, request=request, voice=voice, work=lambda: work(handler, asked))
        return finish(voice, row, response)

    return endpoint


def work(handler: Handler, asked: Asked) -> Answer:
    """Run a handler; a call it refuses as a whole becomes an error body."""
    try:
        return handler(asked)
    except BadRequest as refusal:
        return asked.voice.say(refusal.status, refusal.message, code=refusal.code)


def find_caller(world: World, accounts: Accounts, request: Request) -> tuple[Vendor | None, str | None]:
    """Return who calls and what is wrong with the signature, over the path without the mall's base path."""
    # With a skew of its own the mall's clock is the only right one; its Date header says what it is.
    skewed = world.settings.number("coupang.clock_skew_seconds")
    now_ms = read_now(world)
    return signing.find_caller(
        request.headers.get("authorization", ""),
        accounts.find_by_access_key,
        method=request.method,
        path=request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        query=request.scope["query_string"].decode("latin-1"),
        clocks_ms=(now_ms,) if skewed else (now_ms, read_wall_ms()),
    )


def read_now(world: World) -> int:
    """Return the time by the gateway's clock, which may be wrong by a setting."""
    return world.clock.now_ms() + int(world.settings.number("coupang.clock_skew_seconds") * 1000)


def name_lines(vendor: Vendor, request: Request, body: bytes) -> Iterator[str]:
    """Name the lines a call is about, so that a fault for one line finds it: by box, order, receipt or exchange."""
    params = request.path_params
    ids = {str(value) for name, value in params.items() if name != "vendor_id"}
    try:
        ids |= set(_list_ids(orjson.loads(body or b"null")))
    except orjson.JSONDecodeError:
        return
    for one in ids:
        if (box := vendor.boxes.get(one)) is not None:
            yield from (line.line_no for line in box.lines)
        elif (order := vendor.orders.get(one)) is not None:
            yield from (line.line_no for line in order.lines)
        elif (receipt := vendor.receipts.get(one)) is not None:
            yield from (line.line_no for line, _ in receipt.parts)
        elif (exchange := vendor.exchanges.get(one)) is not None:
            yield exchange.line.line_no


def _list_ids(node: Any) -> Iterator[str]:
    """Yield what a body names; an order's number only where it names no box, which says more."""
    if isinstance(node, list):
        for one in node:
            yield from _list_ids(one)
    elif isinstance(node, dict):
        for name, inner in node.items():
            if name != "orderId" or "shipmentBoxId" not in node:
                yield from _list_ids(inner)
    elif isinstance(node, str | int):
        yield str(node)


def log_call(request: Request, voice: Voice, path: str) -> CallCount:
    """Count a call on its arrival; `path` is its template."""
    key = "" if voice.vendor is None else voice.vendor.key
    return voice.world.log_call(channel="coupang", account=key, method=request.method, path=path)


def finish(voice: Voice, row: CallCount, response: Response) -> Response:
    """Put the gateway's headers on and note the answer."""
    at = to_datetime(read_now(voice.world)).astimezone(UTC)
    response.headers.setdefault("Date", format_datetime(at, usegmt=True))
    vendor = voice.vendor
    if vendor is not None and len(vendor.called_ms) >= get_limit(voice.world) * WARN_AT:
        response.headers.setdefault("X-CAG-Warnings", "Request rate is close to the limit.")
    row.note_answer(0 if isinstance(response, Cut) else response.status_code)
    return response


def take_turn(vendor: Vendor, world: World) -> bool:
    """Count one call of this vendor; say no when the last second is full or an earlier block still stands."""
    now_ms = world.clock.now_ms()
    while vendor.called_ms and vendor.called_ms[0] <= now_ms - 1000:
        vendor.called_ms.popleft()
    if now_ms < vendor.blocked_until_ms:
        return False
    if len(vendor.called_ms) >= get_limit(world):
        vendor.blocked_until_ms = now_ms + int(world.settings.number("coupang.block_seconds") * 1000)
        return False
    vendor.called_ms.append(now_ms)
    return True


def get_limit(world: World) -> int:
    """Return how many calls a second one vendor has."""
    return max(1, int(world.settings.number("coupang.rps")))
