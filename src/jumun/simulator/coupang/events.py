"""What buyers, carriers and Wing do behind the seller's back: `POST /control/events`, names as the fake Naver's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from jumun.simulator.coupang import claims, moves
from jumun.simulator.coupang.state import Exchange, Line, Receipt, Vendor
from jumun.simulator.people import make_person
from jumun.simulator.waybills import COUPANG_CARRIERS, make_number
from jumun.simulator.world import ControlError, World

# Fields of an address_change body, by the names of either mall's wire → fields of a recipient.
ADDRESS_FIELDS = {
    "name": "name",
    "tel1": "tel",
    "safeNumber": "tel",
    "zipCode": "zip_code",
    "postCode": "zip_code",
    "baseAddress": "base_address",
    "addr1": "base_address",
    "detailedAddress": "detailed_address",
    "addr2": "detailed_address",
}
NO_SUCH_STEP = {
    "settle": "Coupang's API shows no purchase decision: a box ends as FINAL_DELIVERY",
    "pay": "Coupang lists an order once it is paid",
    "payment_expired": "Coupang lists an order once it is paid",
    "gift_received": "Coupang has no gifts that wait for an address",
    "wrong_number": "Coupang does not say that a carrier does not know a number",
}


@dataclass(slots=True)
class Doing:
    """One event on its lines. `boxes`, `orders`, `made`: what it has already met, for what is a box's or an order's."""

    vendor: Vendor
    world: World
    numbers: moves.Numbers
    wanted: Mapping[str, Any]
    boxes: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    made: dict[str, Receipt] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    @property
    def now_ms(self) -> int:
        """Return the mall's time."""
        return self.world.clock.now_ms()


Event = Callable[[Doing, Line], None]


def apply_event(vendor: Vendor, world: World, numbers: moves.Numbers, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Apply one event to the lines named by line_no, lines or order_no; return `{"done", "refused"}` by line."""
    name = str(wanted.get("event"))
    if name in NO_SUCH_STEP:
        raise ControlError(409, "event_refused", NO_SUCH_STEP[name])
    event = EVENTS.get(name)
    if event is None:
        raise ControlError(422, "unknown_event", f"no such event; known: {', '.join(EVENTS)}")
    doing = Doing(vendor, world, numbers, wanted)
    done: list[str] = []
    refused: list[dict[str, str]] = []
    for line in _get_lines(vendor, wanted):
        try:
            event(doing, line)
        except moves.Refused as refusal:
            refused.append({"line_no": line.line_no, "code": refusal.code, "reason": f"{refusal} ({line.status})"})
        else:
            done.append(line.line_no)
    if refused and not done:
        raise ControlError(409, "event_refused", refused[0]["reason"])
    return {"done": done, "refused": refused}


def _get_lines(vendor: Vendor, wanted: Mapping[str, Any]) -> list[Line]:
    if "order_no" in wanted:
        order = vendor.orders.get(str(wanted["order_no"]))
        if order is None:
            raise ControlError(404, "unknown_order", f"no such order of {vendor.key}: {wanted['order_no']}")
        return order.lines
    names = wanted["lines"] if "lines" in wanted else [wanted.get("line_no")]
    missing = [str(name) for name in names if str(name) not in vendor.lines]
    if missing:
        raise ControlError(404, "unknown_line", f"no such line of {vendor.key}: {', '.join(missing[:5])}")
    return [vendor.lines[str(name)] for name in names]


def _on_box(change: Callable[[Doing, Line], None]) -> Event:
    """Do a thing once to the box of the lines it is asked for."""

    def event(doing: Doing, line: Line) -> None:
        if line.box.box_id not in doing.boxes:
            change(doing, line)
            doing.boxes.add(line.box.box_id)

    return event


def _request_cancel(doing: Doing, line: Line) -> None:
    _make_receipt(doing, line, before=True)


def _request_return(doing: Doing, line: Line) -> None:
    _make_receipt(doing, line, before=False)


def _make_receipt(doing: Doing, line: Line, *, before: bool) -> None:
    """Ask for a cancel or return; lines of one order and one status become one receipt."""
    part = (line, claims.check_quantity(line, _read_quantity(doing.wanted)))
    reason = doing.wanted.get("reason")
    name = f"{line.box.order.order_no}:{line.box.status}"
    known = doing.made.get(name)
    order = line.box.order
    if before:
        made = claims.cancel(doing.vendor, doing.world, order, [part], fault_by="CUSTOMER", reason=reason)
    else:
        made = claims.request_return(doing.vendor, doing.world, order, [part], reason=reason)
    if known is None:
        doing.made[name] = made
        return
    known.parts.append(part)
    line.claims[-1] = known
    del doing.vendor.receipts[made.receipt_id]


def _finish_cancel(doing: Doing, line: Line) -> None:
    """Finish the stop-shipment request under way; without one, cancel at once."""
    claim = line.open_claim
    if not isinstance(claim, Receipt) or not claim.stop:
        claim = _last_ended(doing, line)
        if claim is None:
            _request_cancel(doing, line)
            claim = line.claims[-1]
    if isinstance(claim, Receipt) and claim.is_open:
        claims.finish(claim, doing.now_ms, complete_type="CS_CONFIRM")
        doing.ended.add(claim.receipt_id)


def _cancel_part(doing: Doing, line: Line) -> None:
    quantity = _read_quantity(doing.wanted)
    if quantity is None or quantity >= line.left:
        raise moves.Refused("INVALID_STATUS", f"quantity must be 1 to {line.left - 1}")
    _finish_cancel(doing, line)


def _withdraw_cancel(doing: Doing, line: Line) -> None:
    _withdraw(doing, line, stop=True)


def _withdraw_return(doing: Doing, line: Line) -> None:
    _withdraw(doing, line, stop=False)


def _withdraw(doing: Doing, line: Line, *, stop: bool) -> None:
    claim = line.open_claim
    if isinstance(claim, Receipt) and (claim.stop and not claim.released) == stop:
        claims.withdraw(claim, doing.now_ms)
        doing.ended.add(claim.receipt_id)
    elif _last_ended(doing, line) is None:
        raise claims.wrong_state()


def _last_ended(doing: Doing, line: Line) -> Receipt | None:
    """Return the line's last receipt when this very event ended it with another line."""
    last = line.claims[-1] if line.claims else None
    return last if isinstance(last, Receipt) and last.receipt_id in doing.ended else None


def _finish_return(doing: Doing, line: Line) -> None:
    """Finish the return under way; without one, ask for it and finish in one go."""
    if _last_ended(doing, line) is not None:
        return
    if line.open_claim is None:
        _request_return(doing, line)
    claim = line.open_claim
    if not isinstance(claim, Receipt) or (claim.stop and not claim.released):
        raise claims.wrong_state()
    claim.released = True
    claims.finish(claim, doing.now_ms, complete_type="VENDOR_CONFIRM")
    doing.ended.add(claim.receipt_id)


def _collect(doing: Doing, line: Line) -> None:
    claim = line.open_claim
    if isinstance(claim, Exchange):
        claims.take_in_exchange(doing.world, claim, doing.now_ms)
    elif isinstance(claim, Receipt):
        if claim.receipt_id not in doing.made:
            claims.take_in(claim, doing.now_ms)
            doing.made[claim.receipt_id] = claim
    else:
        raise claims.wrong_state()


def _request_exchange(doing: Doing, line: Line) -> None:
    quantity = claims.check_quantity(line, _read_quantity(doing.wanted))
    claims.request_exchange(doing.vendor, doing.world, line, quantity, reason=doing.wanted.get("reason"))


def _finish_exchange(doing: Doing, line: Line) -> None:
    if line.open_claim is None:
        _request_exchange(doing, line)
    claims.finish_exchange(_get_exchange(line), doing.now_ms)


def _withdraw_exchange(doing: Doing, line: Line) -> None:
    claims.end_exchange(_get_exchange(line), "CANCEL", doing.now_ms)


def _get_exchange(line: Line) -> Exchange:
    claim = line.open_claim
    if not isinstance(claim, Exchange):
        raise claims.wrong_state()
    return claim


def _change_address(doing: Doing, line: Line) -> None:
    """The buyer changes an order's address: every box of it that is still ACCEPT moves."""
    order = line.box.order
    if line.box.status != "ACCEPT" or line.box.is_gone:
        raise moves.Refused("INVALID_STATUS")
    if order.order_no in doing.orders:
        return
    doing.orders.add(order.order_no)
    named = {part: str(doing.wanted[wire]) for wire, part in ADDRESS_FIELDS.items() if wire in doing.wanted}
    known = line.box.receiver
    elsewhere = make_person(Random(f"{order.order_no}:{known.base_address}"))
    receiver = replace(known, **named) if named else replace(elsewhere, name=known.name, tel=known.tel)
    for box in order.boxes:
        if box.status == "ACCEPT" and not box.is_gone:
            moves.change_address(box, receiver)


def _confirm(doing: Doing, line: Line) -> None:
    moves.acknowledge(line.box, doing.now_ms)


def _ship(doing: Doing, line: Line) -> None:
    """The seller types a number in Wing, for the whole box and in one go with 상품준비중."""
    box = line.box
    carrier, number = _read_number(doing, line)
    if box.status != "ACCEPT":
        moves.refuse_unshippable(box)
    moves.refuse_held(box, box.living)
    moves.check_number(box, doing.numbers, carrier, number, doing.now_ms)
    if box.status == "ACCEPT":
        moves.acknowledge(box, doing.now_ms)
    moves.send(box, doing.numbers, carrier, number, doing.now_ms)


def _change_waybill(doing: Doing, line: Line) -> None:
    if not (doing.wanted.get("waybill") or doing.wanted.get("number")):
        raise ControlError(422, "missing_waybill", "waybill is the new number")
    carrier, number = _read_number(doing, line)
    moves.correct_number(line.box, doing.numbers, carrier, number, doing.now_ms)


def _read_number(doing: Doing, line: Line) -> tuple[str, str]:
    carrier = str(doing.wanted.get("carrier") or line.box.carrier or "CJGLS")
    if carrier not in COUPANG_CARRIERS:
        raise ControlError(422, "bad_carrier", f"no such carrier at Coupang: {carrier}")
    given = doing.wanted.get("number") or doing.wanted.get("waybill")
    return carrier, str(given or make_number(carrier, int(line.box.box_id[-8:])))


def _pick_up(doing: Doing, line: Line) -> None:
    moves.pick_up(line.box, doing.now_ms)


def _deliver(doing: Doing, line: Line) -> None:
    moves.deliver(line.box, doing.now_ms)


def _read_quantity(wanted: Mapping[str, Any]) -> int | None:
    quantity = wanted.get("quantity")
    if quantity is not None and (not isinstance(quantity, int) or isinstance(quantity, bool)):
        raise ControlError(422, "bad_quantity", "quantity is a whole number")
    return quantity


EVENTS: dict[str, Event] = {
    "address_change": _change_address,
    "cancel_request": _request_cancel,
    "cancel": _finish_cancel,
    "cancel_partial": _cancel_part,
    "cancel_withdraw": _withdraw_cancel,
    "confirm": _on_box(_confirm),
    "ship": _on_box(_ship),
    "waybill_change": _on_box(_change_waybill),
    "picked_up": _on_box(_pick_up),
    "deliver": _on_box(_deliver),
    "return_request": _request_return,
    "return_done": _finish_return,
    "return_withdraw": _withdraw_return,
    "exchange_request": _request_exchange,
    "exchange_done": _finish_exchange,
    "exchange_withdraw": _withdraw_exchange,
    "collected": _collect,
}
