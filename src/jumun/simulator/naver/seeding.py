"""Make orders by a mix: which shares of them are confirmed, cancelled, gifts and so on. Same seed, same orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from jumun.simulator.catalogue import ITEMS, make_unknown
from jumun.simulator.clock import to_datetime, to_ms
from jumun.simulator.mixes import (
    ENVELOPE,
    choose,
    choose_shared,
    read_count,
    read_order_times,
    read_range,
    refuse_unknown,
)
from jumun.simulator.naver import moves
from jumun.simulator.naver.state import Claim, Delivery, Line, Order, Store
from jumun.simulator.people import MEMOS, Person, make_person
from jumun.simulator.waybills import make_number
from jumun.simulator.world import ControlError, World

STAGES = ("unpaid", "cancelled", "dispatched", "confirmed")
TRAITS = (
    "cancel_requested",
    "gift_without_address",
    "pre_order",
    "arrival_guarantee",
    "mall_logistics",
    "unknown_product",
    "direct_delivery",
    "same_recipient",
)
OTHER = ("lines", "quantity", "ordered_from", "ordered_to", "ordered_at", "age", "ship_by_days", *ENVELOPE)
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Mix:
    """A read mix: for each share the numbers of the orders it falls on."""

    count: int
    chosen: Mapping[str, frozenset[int]]
    lines: tuple[int, int]
    quantity: tuple[int, int]
    ordered_ms: tuple[int, ...]
    ship_by_days: tuple[int, int]


def make_orders(store: Store, world: World, wanted: Mapping[str, Any]) -> list[Order]:
    """Make `wanted["count"]` orders in a store; raise ControlError 422 for a mix that makes no sense."""
    store.batches += 1
    rng = Random(f"{world.seed}:{store.key}:{wanted.get('seed', store.batches)}")
    try:
        mix = _read_mix(wanted, rng, world.clock.now_ms())
    except (ValueError, TypeError) as error:
        raise ControlError(422, "bad_mix", str(error)) from error
    shared = choose_shared(mix.chosen["same_recipient"], mix.count, rng)
    orders = []
    for number in range(mix.count):
        order = _make_order(number, mix, shared.get(number), rng, world)
        store.add(order)
        _live(store, order, number, mix, rng, world)
        orders.append(order)
    return orders


def _read_mix(wanted: Mapping[str, Any], rng: Random, now_ms: int) -> Mix:
    refuse_unknown(wanted, (*STAGES, *TRAITS, *OTHER))
    count = read_count(wanted)
    return Mix(
        count=count,
        chosen=choose(
            wanted,
            count,
            rng,
            stages=STAGES,
            traits=TRAITS,
            not_cancellable=("unpaid", "cancelled", "dispatched"),
        ),
        lines=read_range(wanted.get("lines", (1, 3)), "lines", least=1),
        quantity=read_range(wanted.get("quantity", (1, 3)), "quantity", least=1),
        ordered_ms=read_order_times(wanted, count, rng, now_ms),
        ship_by_days=read_range(wanted.get("ship_by_days", 2), "ship_by_days", least=-365),
    )


def _make_order(number: int, mix: Mix, shared: Person | None, rng: Random, world: World) -> Order:
    person = shared or make_person(rng)
    ordered_ms = mix.ordered_ms[number]
    is_gift = number in mix.chosen["gift_without_address"]
    order = Order(
        order_no=_make_id(ordered_ms, world),
        ordered_ms=ordered_ms,
        orderer=make_person(rng) if is_gift else person,
        payment_means=rng.choice(("신용카드", "신용카드 간편결제", "계좌 간편결제", "휴대폰", "포인트/머니 결제")),
        mobile=rng.random() < 0.8,
        paid_ms=None if number in mix.chosen["unpaid"] else ordered_ms,
        mileage=rng.choice((0, 0, 0, 100, 500)),
        is_gift=is_gift,
    )
    if order.paid_ms is None:
        order.payment_means = "무통장입금"
    items = rng.sample(ITEMS, min(rng.randint(*mix.lines), len(ITEMS)))
    if number in mix.chosen["unknown_product"]:
        items[0] = make_unknown(rng.randint(1, 9_999))
    quantities = [rng.randint(*mix.quantity) for _ in items]
    total = sum(item.whole_price * quantity for item, quantity in zip(items, quantities, strict=True))
    memo = rng.choice(MEMOS)
    package_no = _make_id(ordered_ms, world)
    due_ms = _choose_due(number, mix, rng)
    for place, (item, quantity) in enumerate(zip(items, quantities, strict=True)):
        discount = item.whole_price * quantity * rng.choice((0, 0, 0, 5, 10)) // 100
        line = Line(
            line_no=_make_id(ordered_ms, world),
            order=order,
            item=item,
            quantity=quantity,
            remaining=quantity,
            discount=discount,
            delivery_fee=3_000 if place == 0 and total < 50_000 else 0,
            status="PAYMENT_WAITING" if order.paid_ms is None else "PAYED",
            recipient=None if is_gift else person,
            memo=memo,
            due_ms=due_ms,
            package_no=package_no,
        )
        _add_traits(line, number, mix)
        order.lines.append(line)
    return order


def _add_traits(line: Line, number: int, mix: Mix) -> None:
    if number in mix.chosen["gift_without_address"]:
        line.gift_status = "WAIT_FOR_RECEIVING"
    if number in mix.chosen["direct_delivery"]:
        line.delivery_method = "DIRECT_DELIVERY"
    if number in mix.chosen["pre_order"]:
        line.attribute = "PRE_ORDER"
        line.due_ms += 14 * DAY_MS
    if number in mix.chosen["arrival_guarantee"] or number in mix.chosen["mall_logistics"]:
        line.attribute = "ARRIVAL_GUARANTEE"
        line.arrival_ms = line.due_ms + DAY_MS
    if number in mix.chosen["mall_logistics"]:
        line.logistics_company = "SIMLOGIS"


def _live(store: Store, order: Order, number: int, mix: Mix, rng: Random, world: World) -> None:
    """Let a new order live through the stage its share wants, each step with its own change."""
    start = order.ordered_ms
    for line in order.lines:
        store.change(line, "PAY_WAITING" if order.paid_ms is None else "PAYED", start)
    if number in mix.chosen["confirmed"] or number in mix.chosen["dispatched"]:
        for line in order.lines:
            line.place_status = "OK"
            line.placed_ms = start
    if number in mix.chosen["dispatched"]:
        waybill = make_number("CJGLS", world.next_number() + rng.randrange(9) * 100_000_000)
        for line in order.lines:
            line.gift_status = "RECEIVED" if line.gift_status else None
            line.recipient = line.recipient or order.orderer
            line.logistics_company = None
            method = line.delivery_method
            parcel = method == "DELIVERY"
            delivery = Delivery(
                method=method,
                company="CJGLS" if parcel else None,
                number=waybill if parcel else None,
                sent_ms=start,
                status="DELIVERING" if parcel else "NOT_TRACKING",
            )
            moves.dispatch(store, line, delivery, unconfirmed_too=True)
    if number in mix.chosen["cancel_requested"]:
        moves.open_claim(store, order.lines[0], make_claim(order.lines[0], "CANCEL", start, world))
    if number in mix.chosen["cancelled"]:
        for line in order.lines:
            claim = make_claim(line, "CANCEL", start, world)
            moves.open_claim(store, line, claim)
            moves.complete_claim(store, line, claim, start)


def make_claim(
    line: Line, kind: str, at_ms: int, world: World, *, quantity: int | None = None, reason: str | None = None
) -> Claim:
    """Return a buyer's new claim on all that is left of a line, or on `quantity` of it."""
    usual = {"CANCEL": "INTENT_CHANGED", "RETURN": "COLOR_AND_SIZE", "EXCHANGE": "COLOR_AND_SIZE"}
    return Claim(
        claim_id=_make_id(at_ms, world),
        kind=kind,
        status=f"{kind}_REQUEST",
        quantity=line.remaining if quantity is None else quantity,
        reason=reason or usual[kind],
        detail="단순 변심" if kind == "CANCEL" else "사이즈가 맞지 않아요",
        requested_ms=at_ms,
        by_seller=False,
    )


def _make_id(at_ms: int, world: World) -> str:
    """Return 16 digits: yyyyMMdd in Seoul and eight more, unlike any other id of this process."""
    return f"{to_datetime(at_ms):%Y%m%d}{world.next_number():08d}"


def _choose_due(number: int, mix: Mix, rng: Random) -> int:
    """Return the end of the day, in Seoul, so many days after the order."""
    day = to_datetime(mix.ordered_ms[number] + rng.randint(*mix.ship_by_days) * DAY_MS)
    return to_ms(day.replace(hour=23, minute=59, second=59, microsecond=0))
