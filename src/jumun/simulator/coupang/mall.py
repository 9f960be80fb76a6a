"""The fake Coupang as one mall: its vendors, its routes, and what control may do to it.

An account's base_url ends in `/coupang`; behind it come the official paths, `/v2/providers/openapi/apis/api/{version}/
vendors/{vendorId}/…`. The signature is made over the official path, without `/coupang`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jumun.simulator.coupang import claim_reading, claim_writing, events, moves, reading, seeding, writing
from jumun.simulator.coupang.gateway import Handler, Voice, finish, guard, log_call
from jumun.simulator.coupang.state import Exchange, Line, Vendor
from jumun.simulator.misbehaving import write_answer
from jumun.simulator.world import ControlError, World

DEFAULT_KEYS = ("wing-a", "wing-b")
BASE = "/v2/providers/openapi/apis/api/{version}/vendors/{{vendor_id}}"
# method(s), path below the vendor, versions, handler
CALLS: tuple[tuple[str, str, str, Handler], ...] = (
    ("GET", "/ordersheets", "v4 v5", reading.list_sheets),
    ("GET", "/ordersheets/{box_id}", "v4 v5", reading.read_box),
    ("GET", "/{order_id}/ordersheets", "v4 v5", reading.read_boxes_of_order),
    ("GET", "/ordersheets/{box_id}/history", "v4 v5", reading.read_history),
    ("PUT PATCH", "/ordersheets/acknowledgement", "v4 v5", writing.acknowledge),
    ("POST", "/orders/invoices", "v4", writing.upload_invoices),
    ("POST", "/orders/updateInvoices", "v4", writing.update_invoices),
    ("POST", "/completeLongTermUndelivery", "v4", writing.complete_long_term),
    ("POST", "/orders/{order_id}/cancel", "v5 v6", claim_writing.cancel_order),
    ("GET", "/returnRequests", "v4 v6", claim_reading.list_receipts),
    ("GET", "/returnRequests/{receipt_id}", "v4 v6", claim_reading.read_receipt),
    ("PUT PATCH", "/returnRequests/{receipt_id}/receiveConfirmation", "v4 v5", claim_writing.confirm_receipt),
    ("PUT PATCH", "/returnRequests/{receipt_id}/approval", "v4 v5", claim_writing.approve_receipt),
    ("PUT PATCH", "/returnRequests/{receipt_id}/stoppedShipment", "v4", claim_writing.stop_shipment),
    ("PUT PATCH", "/returnRequests/{receipt_id}/completedShipment", "v4", claim_writing.say_already_shipped),
    ("POST", "/return-exchange-invoices/manual", "v4", claim_writing.add_pickup_number),
    ("GET", "/returnWithdrawRequests", "v4", claim_reading.list_withdrawals),
    ("GET", "/exchangeRequests", "v4", claim_reading.list_exchanges),
    ("PUT PATCH", "/exchangeRequests/{exchange_id}/receiveConfirmation", "v4", claim_writing.confirm_exchange),
    ("PUT PATCH", "/exchangeRequests/{exchange_id}/rejection", "v4", claim_writing.reject_exchange),
    ("POST", "/exchangeRequests/{exchange_id}/invoices", "v4", claim_writing.send_exchange),
)


class CoupangMall:
    """All vendors of the fake Coupang."""

    channel = "coupang"
    base_path = "/coupang"

    def __init__(self, world: World) -> None:
        self._world = world
        self._vendors: dict[str, Vendor] = {}
        self._numbers: moves.Numbers = {}
        self.reset()

    def reset(self) -> None:
        """Forget everything but the default accounts."""
        self._vendors.clear()
        self._numbers.clear()
        for key in DEFAULT_KEYS:
            self.open_account(key)

    def open_account(self, key: str) -> dict[str, Any]:
        """Create the vendor when it is new; return its card."""
        if not key or len(key) > 40 or not key.isascii() or not key.isprintable():
            raise ControlError(422, "bad_key", "key is 1 to 40 ASCII letters")
        vendor = self._vendors.get(key)
        if vendor is None:
            seed = hashlib.sha256(f"sim-coupang-{key}".encode()).hexdigest()
            access_key = f"{seed[:8]}-{seed[8:12]}-{seed[12:16]}-{seed[16:20]}-{seed[20:32]}"
            vendor = Vendor(
                key=key, vendor_id=f"A{int(seed[:12], 16) % 10**8:08d}", access_key=access_key, secret_key=seed[24:]
            )
            self._vendors[key] = vendor
        return self._show_card(vendor)

    def list_accounts(self) -> list[dict[str, Any]]:
        """Return every vendor's card."""
        return [self._show_card(vendor) for vendor in self._vendors.values()]

    def make_orders(self, key: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make orders by a mix (`seeding`)."""
        orders = seeding.make_orders(self._get_vendor(key), self._world, self._numbers, wanted)
        return [{"order_no": order.order_no, "lines": [line.line_no for line in order.lines]} for order in orders]

    def apply_event(self, key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Do what buyers, carriers and Wing do (`events`)."""
        vendor = self._get_vendor(key)
        self.tick(vendor)
        return events.apply_event(vendor, self._world, self._numbers, wanted)

    def show_lines(self, key: str | None) -> dict[str, dict[str, Any]]:
        """Return status, box, carrier, waybill, claim and quantities by line number (orderId-vendorItemId)."""
        shown: dict[str, dict[str, Any]] = {}
        for vendor in self._vendors.values():
            if key in {None, vendor.key}:
                self.tick(vendor)
                shown.update((line.line_no, _show_line(line, vendor)) for line in vendor.lines.values())
        return shown

    def routes(self) -> list[Route]:
        """Return the wire, relative to `base_path`."""
        routes = []
        for methods, below, versions, handler in CALLS:
            for version in versions.split():
                path = BASE.format(version=version) + below
                endpoint = guard(self._world, self, path, version, handler)
                routes.append(Route(path, endpoint, methods=methods.split()))
        methods_known = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*routes, Route("/{rest:path}", self._answer_unknown, methods=methods_known)]

    def find_by_access_key(self, access_key: str) -> Vendor | None:
        """Return the vendor of a key."""
        return next((vendor for vendor in self._vendors.values() if vendor.access_key == access_key), None)

    def get_shared_numbers(self) -> moves.Numbers:
        """Return every waybill number sent on this mall with its last receiver."""
        return self._numbers

    def tick(self, vendor: Vendor) -> None:
        """Let parcels be picked up and arrive that are due by the `auto_…` settings."""
        pick_up_after = self._world.settings.optional_number("coupang.auto_transit_seconds")
        deliver_after = self._world.settings.optional_number("auto_deliver_seconds")
        if pick_up_after is None and deliver_after is None:
            return
        now_ms = self._world.clock.now_ms()
        for box in vendor.boxes.values():
            if pick_up_after is not None and box.status == "DEPARTURE" and box.sent_ms is not None:
                due_ms = box.sent_ms + int(pick_up_after * 1000)
                if due_ms <= now_ms:
                    moves.pick_up(box, due_ms)
            waiting = {"DELIVERING"} if pick_up_after is not None else {"DEPARTURE", "DELIVERING"}
            left_ms = box.transit_ms or box.sent_ms
            if deliver_after is not None and box.status in waiting and left_ms is not None:
                due_ms = left_ms + int(deliver_after * 1000)
                if due_ms <= now_ms:
                    moves.deliver(box, due_ms)

    async def _answer_unknown(self, request: Request) -> Response:
        voice = Voice(world=self._world, vendor=None, transaction_id=secrets.token_hex(16))
        row = log_call(request, voice, "unknown")
        return finish(voice, row, write_answer(voice.say(404, "Not Found")))

    def _get_vendor(self, key: str) -> Vendor:
        self.open_account(key)
        return self._vendors[key]

    def _show_card(self, vendor: Vendor) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "key": vendor.key,
            "base_path": self.base_path,
            "credentials": {
                "vendor_id": vendor.vendor_id,
                "access_key": vendor.access_key,
                "secret_key": vendor.secret_key,
            },
        }


def _show_line(line: Line, vendor: Vendor) -> dict[str, Any]:
    claim = line.claims[-1] if line.claims else None
    withdrawn = claim is not None and not isinstance(claim, Exchange) and claim.withdrawn_ms is not None
    return {
        "order_no": line.box.order.order_no,
        "account": vendor.key,
        "status": line.status,
        "box": line.box.box_id,
        "carrier": line.box.carrier,
        "waybill": line.box.number,
        "claim": None if claim is None else ("WITHDRAWN" if withdrawn else claim.status),
        "seller_code": line.seller_code,
        "quantity": line.quantity,
        "remaining": line.left,
        "held": line.held,
    }
