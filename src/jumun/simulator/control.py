"""`/control/*`: what tests, the demo and a curious person do to the malls from outside (DESIGN.md §5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jumun.simulator.catalogue import show_catalogue
from jumun.simulator.clock import write_iso
from jumun.simulator.faults import KINDS
from jumun.simulator.world import ControlError, World

Body = dict[str, Any]
Work = Callable[[World, Request, Body], object]
Endpoint = Callable[[Request], Awaitable[Response]]


def make_routes(world: World) -> list[Route]:
    """Return the control routes of one world, relative to /control."""
    return [Route(path, _guard(world, work, status), methods=[method]) for method, path, status, work in CALLS]


def _guard(world: World, work: Work, status: int) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return _answer(work(world, request, await _read_body(request)), status)
        except ControlError as error:
            problem = {"status": error.status, "code": error.code, "detail": error.detail}
            return _answer(problem, error.status, media_type="application/problem+json")

    return endpoint


def _answer(body: object, status: int, *, media_type: str = "application/json") -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type=media_type)


async def _read_body(request: Request) -> Body:
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ControlError(400, "bad_json", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise ControlError(400, "bad_json", "the body is not an object")
    return body


def _get_key(body: Body, name: str = "account") -> str:
    key = body.get(name)
    if not isinstance(key, str):
        raise ControlError(422, "missing_account", f"{name} is the account's key")
    return key


def _list_accounts(world: World, request: Request, body: Body) -> object:
    return [_show_card(card, request) for mall in world.malls.values() for card in mall.list_accounts()]


def _open_account(world: World, request: Request, body: Body) -> object:
    return _show_card(world.get_mall(body.get("channel")).open_account(_get_key(body, "key")), request)


def _show_card(card: Body, request: Request) -> Body:
    """Return an account's card with the whole base_url, as this caller reaches us."""
    return {**card, "base_url": f"{request.url.scheme}://{request.url.netloc}{card['base_path']}"}


def _make_orders(world: World, request: Request, body: Body) -> object:
    return {"orders": world.get_mall(body.get("channel")).make_orders(_get_key(body), body)}


def _apply_event(world: World, request: Request, body: Body) -> object:
    return world.get_mall(body.get("channel")).apply_event(_get_key(body), body)


def _list_faults(world: World, request: Request, body: Body) -> object:
    return {"faults": world.faults.show(), "kinds": KINDS}


def _add_fault(world: World, request: Request, body: Body) -> object:
    try:
        return world.faults.add(body).show()
    except (ValueError, TypeError) as error:
        raise ControlError(422, "bad_fault", str(error)) from error


def _clear_faults(world: World, request: Request, body: Body) -> object:
    world.faults.clear()
    return {"faults": []}


def _show_state(world: World, request: Request, body: Body) -> object:
    channel = request.query_params.get("channel")
    account = request.query_params.get("account")
    malls = list(world.malls.values()) if channel is None else [world.get_mall(channel)]
    lines = {line_no: row for mall in malls for line_no, row in mall.show_lines(account).items()}
    effects = [
        effect.show()
        for effect in world.effects
        if channel in {None, effect.channel} and account in {None, effect.account}
    ]
    return {"lines": lines, "effects": effects}


def _show_calls(world: World, request: Request, body: Body) -> object:
    return {"calls": [row.show() for row in world.calls.values()]}


def _clear_calls(world: World, request: Request, body: Body) -> object:
    world.calls.clear()
    return {"calls": []}


def _show_settings(world: World, request: Request, body: Body) -> object:
    return world.settings.show()


def _change_settings(world: World, request: Request, body: Body) -> object:
    try:
        world.settings.change(body)
    except ValueError as error:
        raise ControlError(422, "bad_setting", str(error)) from error
    return world.settings.show()


def _show_clock(world: World, request: Request, body: Body) -> object:
    now_ms = world.clock.now_ms()
    return {"now": write_iso(now_ms), "advanced_seconds": world.clock.advanced_seconds, "rate": world.clock.rate}


def _advance_clock(world: World, request: Request, body: Body) -> object:
    try:
        world.clock.advance(float(body.get("advance_seconds", 0)))
    except (ValueError, TypeError) as error:
        raise ControlError(422, "bad_clock", str(error)) from error
    return _show_clock(world, request, body)


def _show_catalogue(world: World, request: Request, body: Body) -> object:
    return {"items": show_catalogue()}


def _reset(world: World, request: Request, body: Body) -> object:
    world.reset()
    return {"reset": True}


def _say_healthy(world: World, request: Request, body: Body) -> object:
    return {"status": "ok", "channels": sorted(world.malls)}


CALLS: tuple[tuple[str, str, int, Work], ...] = (
    ("GET", "/health", 200, _say_healthy),
    ("GET", "/accounts", 200, _list_accounts),
    ("POST", "/accounts", 200, _open_account),
    ("POST", "/orders", 201, _make_orders),
    ("POST", "/events", 200, _apply_event),
    ("GET", "/faults", 200, _list_faults),
    ("POST", "/faults", 201, _add_fault),
    ("DELETE", "/faults", 200, _clear_faults),
    ("GET", "/state", 200, _show_state),
    ("GET", "/calls", 200, _show_calls),
    ("DELETE", "/calls", 200, _clear_calls),
    ("GET", "/settings", 200, _show_settings),
    ("POST", "/settings", 200, _change_settings),
    ("GET", "/clock", 200, _show_clock),
    ("POST", "/clock", 200, _advance_clock),
    ("GET", "/catalogue", 200, _show_catalogue),
    ("POST", "/reset", 200, _reset),
)
