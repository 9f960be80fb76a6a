"""The fake Naver as one mall: its accounts, its routes, and what control may do to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jumun.simulator.clock import read_wall_ms
from jumun.simulator.misbehaving import Answer, carry_out, write_answer
from jumun.simulator.naver import claiming, events, moves, reading, seeding, token, writing
from jumun.simulator.naver.gateway import Handler, Voice, finish, guard, log_call, make_trace_id, take_from_bucket
from jumun.simulator.naver.state import Store
from jumun.simulator.world import ControlError, World

DEFAULT_KEYS = ("store-a", "store-b")
TOKEN_PATH = "/v1/oauth2/token"
_SELLER = "/v1/pay-order/seller"
_ONE = f"{_SELLER}/product-orders/{{id}}"
HOUR_MS = 3_600_000
# method, path as in the official documents, handler
CALLS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", f"{_SELLER}/product-orders/last-changed-statuses", reading.list_changes),
    ("POST", f"{_SELLER}/product-orders/query", reading.query_details),
    ("GET", f"{_SELLER}/product-orders", reading.list_by_condition),
    ("GET", f"{_SELLER}/orders/{{order_id}}/product-order-ids", reading.list_ids_of_order),
    ("POST", f"{_SELLER}/product-orders/confirm", writing.confirm),
    ("POST", f"{_SELLER}/product-orders/dispatch", writing.dispatch),
    ("POST", f"{_ONE}/delay", writing.delay),
    ("POST", f"{_ONE}/claim/cancel/request", claiming.request_cancel),
    ("POST", f"{_ONE}/claim/cancel/approve", claiming.approve_cancel),
    ("POST", f"{_ONE}/claim/return/request", claiming.request_return),
    ("POST", f"{_ONE}/claim/return/approve", claiming.approve_return),
    ("POST", f"{_ONE}/claim/return/reject", claiming.reject_return),
    ("POST", f"{_ONE}/claim/return/holdback", claiming.hold_return),
    ("POST", f"{_ONE}/claim/return/holdback/release", claiming.release_return),
    ("POST", f"{_ONE}/claim/exchange/collect/approve", claiming.approve_collect),
    ("POST", f"{_ONE}/claim/exchange/dispatch", claiming.dispatch_exchange),
    ("POST", f"{_ONE}/claim/exchange/reject", claiming.reject_exchange),
    ("POST", f"{_ONE}/claim/exchange/holdback", claiming.hold_exchange),
    ("POST", f"{_ONE}/claim/exchange/holdback/release", claiming.release_exchange),
)


class NaverMall:
    """All stores of the fake Naver."""

    channel = "naver"
    base_path = "/naver/external"

    def __init__(self, world: World) -> None:
        self._world = world
        self._stores: dict[str, Store] = {}
        self._numbers: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget everything but the default accounts."""
        self._stores.clear()
        self._numbers.clear()
        for key in DEFAULT_KEYS:
            self.open_account(key)

    def open_account(self, key: str) -> dict[str, Any]:
        """Create the store when it is new; return its card."""
        if not key or len(key) > 40 or not key.isascii() or not key.isprintable():
            raise ControlError(422, "bad_key", "key is 1 to 40 ASCII letters")
        store = self._stores.get(key)
        if store is None:
            store = Store(key=key, client_id=f"sim-naver-{key}", client_secret=token.make_secret(key))
            self._stores[key] = store
        return self._show_card(store)

    def list_accounts(self) -> list[dict[str, Any]]:
        """Return every store's card."""
        return [self._show_card(store) for store in self._stores.values()]

    def make_orders(self, key: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make orders by a mix (`seeding`)."""
        orders = seeding.make_orders(self._get_store(key), self._world, wanted)
        for order in orders:
            for line in order.lines:
                delivery = line.delivery
                if delivery is not None and delivery.company and delivery.number and line.recipient is not None:
                    self._numbers[(delivery.company, delivery.number)] = line.recipient.receiver_key
        return [{"order_no": order.order_no, "lines": [line.line_no for line in order.lines]} for order in orders]

    def apply_event(self, key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Do what buyers, carriers and the seller centre do (`events`)."""
        store = self._get_store(key)
        self.tick(store)
        return events.apply_event(store, self._world, wanted)

    def show_lines(self, key: str | None) -> dict[str, dict[str, Any]]:
        """Return status, place status, carrier, waybill, claim and quantities by line number."""
        shown: dict[str, dict[str, Any]] = {}
        for store in self._stores.values():
            if key not in {None, store.key}:
                continue
            self.tick(store)
            for line in store.lines.values():
                delivery = line.delivery
                shown[line.line_no] = {
                    "order_no": line.order.order_no,
                    "account": store.key,
                    "status": line.status,
                    "place_status": line.place_status,
                    "carrier": None if delivery is None else delivery.company,
                    "waybill": None if delivery is None else delivery.number,
                    "claim": None if line.last_claim is None else line.last_claim.status,
                    "seller_code": line.item.seller_code,
                    "quantity": line.quantity,
                    "remaining": line.remaining,
                }
        return shown

    def routes(self) -> list[Route]:
        """Return the wire, relative to `base_path`."""
        routes = [Route(TOKEN_PATH, self._answer_token, methods=["POST"])]
        for method, path, handler in CALLS:
            routes.append(Route(path, guard(self._world, self, path, handler), methods=[method]))
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*routes, Route("/{rest:path}", self._answer_unknown, methods=methods)]

    def find_by_token(self, token: str) -> Store | None:
        """Return the store whose living token this is, brought up to the present."""
        now_ms = self._world.clock.now_ms()
        for store in self._stores.values():
            if any(known.text == token and known.expires_ms > now_ms for known in store.tokens):
                self.tick(store)
                return store
        return None

    def find_by_client(self, client_id: str) -> Store | None:
        """Return the store of an application."""
        return next((store for store in self._stores.values() if store.client_id == client_id), None)

    def get_shared_numbers(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Return (carrier, number) → receiver."""
        return self._numbers

    def tick(self, store: Store) -> None:
        """Let deliveries arrive and purchases be decided that are due by the `auto_…` settings."""
        now_ms = self._world.clock.now_ms()
        # A change is never dated before the last look, or a reader's cursor would already be past it.
        not_before, store.ticked_ms = store.ticked_ms, now_ms
        deliver_after = self._world.settings.optional_number("auto_deliver_seconds")
        settle_after = self._world.settings.optional_number("auto_settle_seconds")
        if deliver_after is None and settle_after is None:
            return
        for line in list(store.lines.values()):
            delivery = line.delivery
            if deliver_after is not None and line.status == "DELIVERING" and delivery is not None:
                due_ms = delivery.sent_ms + int(deliver_after * 1000)
                if due_ms <= now_ms:
                    moves.deliver(line, max(due_ms, not_before))
            arrived_ms = None if delivery is None else delivery.delivered_ms
            if settle_after is not None and line.status == "DELIVERED" and arrived_ms and line.open_claim is None:
                due_ms = arrived_ms + int(settle_after * 1000)
                if due_ms <= now_ms:
                    moves.settle(store, line, max(due_ms, not_before))

    async def _answer_token(self, request: Request) -> Response:
        body = await request.body()
        form = dict(parse_qsl(body.decode(errors="replace")))
        in_body = bool(form)
        form = form or dict(request.query_params)
        store = self.find_by_client(form.get("client_id", ""))
        voice = Voice(world=self._world, store=store, trace_id=make_trace_id(self._world), signed=True)
        row = log_call(request, voice, TOKEN_PATH)
        remaining = take_from_bucket(store, self._world, TOKEN_PATH) if store else None
        if store is not None and remaining is None:
            return finish(voice, row, 0, write_answer(voice.say_rate_limited()))
        odd = not in_body or (form.get("type") == "SELF" and bool(form.get("account_id")))
        key = "" if store is None else store.key
        fault, _ = self._world.faults.take(channel="naver", account=key, path=request.url.path, text=request.url.path)
        response = await carry_out(
            fault,
            world=self._world,
            request=request,
            voice=voice,
            work=lambda: self._issue(store, form, voice, odd=odd),
        )
        return finish(voice, row, remaining, response)

    def _issue(self, store: Store | None, form: Mapping[str, str], voice: Voice, *, odd: bool) -> Answer:
        now_ms = self._world.clock.now_ms()
        # Parameters in the query string, or account_id beside SELF: still served, once an hour (since 2026-08).
        if odd and store is not None and self._world.settings.flag("naver.token_quota"):
            if store.odd_token_calls is not None and now_ms - store.odd_token_calls < HOUR_MS:
                headers = {
                    "gncp-gw-quota-limit": "1",
                    "gncp-gw-quota-period": "HOURS",
                    "gncp-gw-quota-remaining": "0",
                }
                return voice.say(429, "GW.QUOTA_LIMIT", headers=headers)
            store.odd_token_calls = now_ms
        wrong = token.find_fault(form, store, now_ms=now_ms, wall_ms=read_wall_ms())
        if wrong is not None or store is None:
            name, message = wrong or ("client_id", "")
            said = voice.say(400, "BAD_REQUEST", message)
            invalid = [{"name": name, "type": "INVALID", "message": message}]
            return Answer(400, {**said.body, "invalidInputs": invalid, "data": None})
        return Answer(200, token.issue(store, self._world))

    async def _answer_unknown(self, request: Request) -> Response:
        voice = Voice(world=self._world, store=None, trace_id=make_trace_id(self._world))
        row = log_call(request, voice, "unknown")
        return finish(voice, row, None, write_answer(voice.say(404, "GW.NOT_FOUND")))

    def _get_store(self, key: str) -> Store:
        self.open_account(key)
        return self._stores[key]

    def _show_card(self, store: Store) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "key": store.key,
            "base_path": self.base_path,
            "credentials": {"client_id": store.client_id, "client_secret": store.client_secret},
        }
