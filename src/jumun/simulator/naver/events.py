"""What buyers, carriers and the seller centre do behind the seller's back: `POST /control/events`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from jumun.simulator.naver import moves
from jumun.simulator.naver.seeding import make_claim
from jumun.simulator.naver.state import Delivery, Line, Store
from jumun.simulator.people import Person, make_person
from jumun.simulator.waybills import NAVER_CARRIERS, make_number
from jumun.simulator.world import ControlError, World

Event = Callable[[Store, World, Line, Mapping[str, Any]], None]
# Fields of an address_change body → fields of a recipient, by the wire's names.
ADDRESS_FIELDS = {
    "name": "name",
    "tel1": "tel",
    "tel2": "second_tel",
    "zipCode": "zip_code",
    "baseAddress": "base_address",
    "detailedAddress": "detailed_address",
}


def apply_event(store: Store, world: World, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Apply one event to the lines named by line_no, lines or order_no; return `{"done", "refused"}` by line."""
    event = EVENTS.get(str(wanted.get("event")))
    if event is None:
        raise ControlError(422, "unknown_event", f"no such event; known: {', '.join(EVENTS)}")
    done: list[str] = []
    refused: list[dict[str, str]] = []
    for line in _get_lines(store, wanted):
        try:
            event(store, world, line, wanted)
        except moves.Refused as refusal:
            refused.append({"line_no": line.line_no, "code": refusal.code, "reason": f"{refusal} ({line.status})"})
        else:
            done.append(line.line_no)
    if refused and not done:
        raise ControlError(409, "event_refused", refused[0]["reason"])
    return {"done": done, "refused": refused}


def _get_lines(store: Store, wanted: Mapping[str, Any]) -> list[Line]:
    if "order_no" in wanted:
        order = store.orders.get(str(wanted["order_no"]))
        if order is None:
            raise ControlError(404, "unknown_order", f"no such order in {store.key}: {wanted['order_no']}")
        return order.lines
    names = wanted["lines"] if "lines" in wanted else [wanted.get("line_no")]
    missing = [str(name) for name in names if str(name) not in store.lines]
    if missing:
        raise ControlError(404, "unknown_line", f"no such line in {store.key}: {', '.join(missing[:5])}")
    return [store.lines[str(name)] for name in names]


def _request(kind: str) -> Event:
    def request(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
        claim = make_claim(
            line, kind, world.clock.now_ms(), world, quantity=_read_quantity(wanted), reason=wanted.get("reason")
        )
        moves.open_claim(store, line, claim)

    return request


def _finish(kind: str) -> Event:
    """Finish the claim of that kind under way; without one, ask and finish in one go."""

    def finish(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
        now_ms = world.clock.now_ms()
        claim = line.open_claim
        if claim is None or claim.kind != kind:
            _request(kind)(store, world, line, wanted)
            claim = moves.get_open_claim(line, kind)
        if kind != "CANCEL" and claim.collected_ms is None:
            claim.collected_ms = now_ms
            claim.collect_status = "DELIVERED"
        moves.complete_claim(store, line, claim, now_ms)

    return finish


def _withdraw(kind: str) -> Event:
    def withdraw(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
        moves.reject_claim(store, line, moves.get_open_claim(line, kind), world.clock.now_ms())

    return withdraw


def _cancel_part(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    quantity = _read_quantity(wanted)
    if quantity is None or quantity >= line.remaining:
        raise moves.Refused("104133", f"quantity must be 1 to {line.remaining - 1}")
    _finish("CANCEL")(store, world, line, wanted)


def _collect(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    claim = line.open_claim
    if claim is None or claim.kind == "CANCEL":
        raise moves.wrong_status()
    moves.collect(store, line, claim, world.clock.now_ms())


def _change_address(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.change_address(store, line, _make_recipient(line, wanted), world.clock.now_ms())


def _receive_gift(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.receive_gift(store, line, _make_recipient(line, wanted), world.clock.now_ms())


def _make_recipient(line: Line, wanted: Mapping[str, Any]) -> Person:
    """Return the recipient with what the body names; with nothing named, the same person at another address."""
    # One order's lines move to one place, so the place is drawn by the order's number.
    elsewhere = make_person(Random(f"{line.order.order_no}:{line.changed_ms}"))
    named = {field: wanted[wire] for wire, field in ADDRESS_FIELDS.items() if wire in wanted}
    if line.recipient is None:
        return replace(elsewhere, **named)
    if named:
        return replace(line.recipient, **named)
    known = line.recipient
    return replace(elsewhere, name=known.name, tel=known.tel, second_tel=known.second_tel, login=known.login)


def _confirm(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.confirm(line, world.clock.now_ms(), repeat_code="105306")


def _ship(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    carrier = str(wanted.get("carrier", "CJGLS"))
    number = str(wanted.get("number") or wanted.get("waybill") or make_number(carrier, int(line.order.order_no[-8:])))
    now_ms = world.clock.now_ms()
    delivery = Delivery(method="DELIVERY", company=carrier, number=number, sent_ms=now_ms, status="DELIVERING")
    moves.dispatch(store, line, delivery, unconfirmed_too=True)


def _change_waybill(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    number = wanted.get("waybill") or wanted.get("number")
    known = None if line.delivery is None else line.delivery.company
    carrier = str(wanted.get("carrier") or known or "CJGLS")
    if not number or carrier not in NAVER_CARRIERS:
        raise ControlError(422, "missing_waybill", "waybill is the new number, carrier one of Naver's codes")
    moves.change_number(line, carrier, str(number))


def _deliver(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.deliver(line, world.clock.now_ms())


def _settle(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.settle(store, line, world.clock.now_ms())


def _report_wrong_number(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.report_wrong_number(line, world.clock.now_ms())


def _pay(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.pay(store, line, world.clock.now_ms())


def _expire_payment(store: Store, world: World, line: Line, wanted: Mapping[str, Any]) -> None:
    moves.expire_payment(store, line, world.clock.now_ms())


def _read_quantity(wanted: Mapping[str, Any]) -> int | None:
    quantity = wanted.get("quantity")
    if quantity is not None and (not isinstance(quantity, int) or isinstance(quantity, bool)):
        raise ControlError(422, "bad_quantity", "quantity is a whole number")
    return quantity


EVENTS: dict[str, Event] = {
    "pay": _pay,
    "payment_expired": _expire_payment,
    "gift_received": _receive_gift,
    "address_change": _change_address,
    "cancel_request": _request("CANCEL"),
    "cancel": _finish("CANCEL"),
    "cancel_partial": _cancel_part,
    "cancel_withdraw": _withdraw("CANCEL"),
    "confirm": _confirm,
    "ship": _ship,
    "waybill_change": _change_waybill,
    "wrong_number": _report_wrong_number,
    "deliver": _deliver,
    "settle": _settle,
    "return_request": _request("RETURN"),
    "return_done": _finish("RETURN"),
    "return_withdraw": _withdraw("RETURN"),
    "exchange_request": _request("EXCHANGE"),
    "exchange_done": _finish("EXCHANGE"),
    "exchange_withdraw": _withdraw("EXCHANGE"),
    "collected": _collect,
}
