"""Cancels, returns and exchanges: every step in one place, used by the wire and by control alike (§2.4, §2.5)."""

from __future__ import annotations

from jumun.simulator.clock import to_datetime
from jumun.simulator.coupang import moves
from jumun.simulator.coupang.moves import Refused
from jumun.simulator.coupang.state import SENT, Exchange, Line, Order, Receipt, Vendor
from jumun.simulator.world import World

STOP_OPEN = frozenset({"RELEASE_STOP_UNCHECKED", "RETURNS_UNCHECKED"})


def wrong_state() -> Refused:
    """Return the refusal of most things done at the wrong time."""
    return Refused("INVALID_STATUS")


def check_quantity(line: Line, quantity: int | None) -> int:
    """Return how many pieces a new claim takes, all that is free without a number; refuse more than that."""
    free = line.left - line.held
    wanted = free if quantity is None else quantity
    if line.open_claim is not None or not 1 <= wanted <= free:
        raise wrong_state()
    return wanted


def cancel(
    vendor: Vendor,
    world: World,
    order: Order,
    parts: list[tuple[Line, int]],
    *,
    fault_by: str,
    reason: str | None = None,
) -> Receipt:
    """Cancel before the number: at once while ACCEPT, as a stop-shipment request while INSTRUCT."""
    statuses = {line.box.status for line, _ in parts}
    if statuses == {"ACCEPT"}:
        receipt = _make_receipt(vendor, world, order, "CANCEL", "RETURNS_COMPLETED", fault_by, reason)
        receipt.parts = parts
        _take_away(receipt)
        receipt.completed_ms = receipt.created_ms
    elif statuses == {"INSTRUCT"}:
        receipt = _make_receipt(vendor, world, order, "RETURN", "RELEASE_STOP_UNCHECKED", fault_by, reason)
        receipt.stop, receipt.released, receipt.stop_status = True, False, "미처리"
        receipt.parts = parts
        for line, count in parts:
            line.held += count
    else:
        raise wrong_state()
    for line, _ in parts:
        line.claims.append(receipt)
    return receipt


def request_return(
    vendor: Vendor, world: World, order: Order, parts: list[tuple[Line, int]], *, reason: str | None = None
) -> Receipt:
    """Ask for a return of what was sent; while DEPARTURE it may not have left yet (releaseStatus N, §10.18)."""
    statuses = {line.box.status for line, _ in parts}
    if not statuses <= SENT:
        raise wrong_state()
    receipt = _make_receipt(vendor, world, order, "RETURN", "RETURNS_UNCHECKED", "CUSTOMER", reason)
    receipt.released = statuses != {"DEPARTURE"}
    receipt.stop_status = "비대상" if receipt.released else "미처리"
    receipt.parts = parts
    for line, _ in parts:
        line.claims.append(receipt)
    return receipt


def withdraw(receipt: Receipt, at_ms: int) -> None:
    """The buyer took it back: it moves to returnWithdrawRequests."""
    if not receipt.is_open:
        raise wrong_state()
    _let_go(receipt)
    receipt.withdrawn_ms = receipt.modified_ms = at_ms


def take_in(receipt: Receipt, at_ms: int) -> None:
    """입고확인: the goods are back."""
    if not receipt.is_open or receipt.status != "RETURNS_UNCHECKED":
        raise wrong_state()
    receipt.status = "VENDOR_WAREHOUSE_CONFIRM"
    receipt.modified_ms = at_ms


def finish(receipt: Receipt, at_ms: int, *, complete_type: str) -> None:
    """End a receipt: its pieces are cancelled or came back."""
    if not receipt.is_open:
        raise wrong_state()
    if receipt.stop and not receipt.released:
        receipt.stop_status = "처리(출고중지)"
    _let_go(receipt)
    receipt.status = "RETURNS_COMPLETED"
    receipt.completed_ms = receipt.modified_ms = at_ms
    receipt.complete_type = complete_type
    _take_away(receipt)


def stop_shipment(receipt: Receipt, at_ms: int) -> None:
    """출고중지 완료: we did stop it; also for a return that has not left (§10.18)."""
    _check_not_left(receipt)
    finish(receipt, at_ms, complete_type="VENDOR_CONFIRM")
    receipt.stop_status = "처리(출고중지)"


def say_already_shipped(receipt: Receipt, numbers: moves.Numbers, carrier: str, number: str, at_ms: int) -> None:
    """이미출고: too late to stop it. The box goes out under that number and the receipt becomes a return."""
    _check_not_left(receipt)
    boxes = {line.box.box_id: line.box for line, _ in receipt.parts}
    for box in boxes.values():
        moves.check_number(box, numbers, carrier, number, at_ms)
    _let_go(receipt)
    for box in boxes.values():
        if box.status == "INSTRUCT":
            moves.send(box, numbers, carrier, number, at_ms)
    receipt.status = "RETURNS_UNCHECKED"
    receipt.released = True
    receipt.stop_status = "처리(이미출고)"
    receipt.modified_ms = at_ms


def request_exchange(vendor: Vendor, world: World, line: Line, quantity: int, *, reason: str | None = None) -> Exchange:
    """Ask for an exchange of what was sent."""
    if line.box.status not in SENT:
        raise wrong_state()
    now_ms = world.clock.now_ms()
    exchange = Exchange(
        exchange_id=make_claim_id(world, now_ms),
        order=line.box.order,
        line=line,
        quantity=quantity,
        status="RECEIPT",
        created_ms=now_ms,
        modified_ms=now_ms,
        reason_code=reason or "DIFFERENTOPT",
        reason="색상/ 사이즈가 기대와 다름",
    )
    vendor.exchanges[exchange.exchange_id] = exchange
    line.claims.append(exchange)
    return exchange


def take_in_exchange(world: World, exchange: Exchange, at_ms: int) -> None:
    """The goods of an exchange are back: RECEIPT → PROGRESS, and a new box waits for a number."""
    if exchange.status != "RECEIPT":
        raise wrong_state()
    exchange.status = "PROGRESS"
    exchange.collect_status = "CompleteCollect"
    exchange.collected_ms = exchange.modified_ms = at_ms
    exchange.new_box_id = moves.make_box_id(world, at_ms)
    exchange.new_box_from_ms = at_ms + int(world.settings.number("coupang.exchange_box_late") * 1000)


def send_exchange(exchange: Exchange, carrier: str, number: str, at_ms: int) -> None:
    """The new goods go out."""
    if exchange.status != "PROGRESS" or exchange.number is not None:
        raise wrong_state()
    exchange.carrier, exchange.number = carrier, number
    exchange.delivery_status = "Delivering"
    exchange.modified_ms = at_ms


def finish_exchange(exchange: Exchange, at_ms: int) -> None:
    """The buyer has the new goods."""
    if not exchange.is_open:
        raise wrong_state()
    exchange.status = "SUCCESS"
    exchange.delivery_status = "CompleteDelivery"
    exchange.collect_status = "CompleteCollect"
    exchange.modified_ms = at_ms


def end_exchange(exchange: Exchange, status: str, at_ms: int, *, reject_code: str | None = None) -> None:
    """REJECT by the seller or CANCEL by the buyer, until the new goods are on their way."""
    if not exchange.is_open or exchange.number is not None:
        raise wrong_state()
    exchange.status = status
    exchange.collect_status = "Withdraw"
    exchange.reject_code = reject_code
    exchange.modified_ms = at_ms


def make_claim_id(world: World, at_ms: int) -> str:
    """Return 12 digits."""
    return f"5{to_datetime(at_ms):%j}{world.next_number():08d}"


def _make_receipt(
    vendor: Vendor, world: World, order: Order, kind: str, status: str, fault_by: str, reason: str | None
) -> Receipt:
    now_ms = world.clock.now_ms()
    receipt = Receipt(
        receipt_id=make_claim_id(world, now_ms),
        order=order,
        kind=kind,
        status=status,
        created_ms=now_ms,
        modified_ms=now_ms,
        reason_code=reason or "CHANGEMIND",
        reason="필요 없어짐 (단순 변심)",
        fault_by=fault_by,
        stop=False,
        released=False,
        stop_status="비대상",
    )
    vendor.receipts[receipt.receipt_id] = receipt
    return receipt


def _check_not_left(receipt: Receipt) -> None:
    if not receipt.is_open or receipt.status not in STOP_OPEN or receipt.released:
        raise wrong_state()


def _let_go(receipt: Receipt) -> None:
    """Free what an open stop-shipment request held."""
    if receipt.status == "RELEASE_STOP_UNCHECKED":
        for line, count in receipt.parts:
            line.held -= count


def _take_away(receipt: Receipt) -> None:
    came_back = receipt.kind == "RETURN" and receipt.released
    for line, count in receipt.parts:
        line.cancelled += count
        if came_back:
            line.returned += count
