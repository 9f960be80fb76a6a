"""Make orders by a mix: which shares are confirmed, sent, in several boxes and so on. Same seed, same orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from jumun.simulator.catalogue import ITEMS, Item, make_unknown
from jumun.simulator.clock import to_datetime, to_ms
from jumun.simulator.coupang import claims, moves
from jumun.simulator.coupang.state import Box, Line, Order, Vendor, get_vendor_item_id
from jumun.simulator.mixes import (
    ENVELOPE,
    choose,
    choose_shared,
    read_count,
    read_order_times,
    read_range,
    refuse_unknown,
)
from jumun.simulator.people import MEMOS, Person, make_person
from jumun.simulator.waybills import make_number
from jumun.simulator.world import ControlError, World

STAGES = ("cancelled", "dispatched", "confirmed")
TRAITS = (
    "cancel_requested",  # the first line has a stop-shipment request; such an order is INSTRUCT whatever its stage
    "unknown_product",
    "same_recipient",
    "multi_box",  # two boxes or more, so at least two lines
    "remote_area",
    "bad_seller_code",  # the first line's externalVendorSkuCode is empty, blank-ridden or made up
    "old_postcode",  # 427-070
)
OTHER = ("lines", "quantity", "ordered_from", "ordered_to", "ordered_at", "age", "ship_by_days", *ENVELOPE)
MOST_IN_BOX = 3
FREE_SHIPPING = 19_800
REMOTE_STREETS = (("63122", "제주특별자치도 제주시 문연로"), ("40240", "경상북도 울릉군 울릉읍 도동길"))
BAD_CODES = ("", "  ", "판매자코드없음")
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

    def has(self, trait: str, number: int) -> bool:
        """Say whether a share falls on an order."""
        return number in self.chosen[trait]


def make_orders(vendor: Vendor, world: World, numbers: moves.Numbers, wanted: Mapping[str, Any]) -> list[Order]:
    """Make `wanted["count"]` orders of a vendor; raise ControlError 422 for a mix that makes no sense."""
    vendor.batches += 1
    rng = Random(f"{world.seed}:{vendor.key}:{wanted.get('seed', vendor.batches)}")
    try:
        mix = _read_mix(wanted, rng, world.clock.now_ms())
    except (ValueError, TypeError) as error:
        raise ControlError(422, "bad_mix", str(error)) from error
    shared = choose_shared(mix.chosen["same_recipient"], mix.count, rng)
    orders = []
    for number in range(mix.count):
        order = _make_order(number, mix, shared.get(number), rng, world)
        vendor.add(order)
        _live(vendor, order, number, mix, numbers, world)
        orders.append(order)
    return orders


def _read_mix(wanted: Mapping[str, Any], rng: Random, now_ms: int) -> Mix:
    refuse_unknown(wanted, (*STAGES, *TRAITS, *OTHER))
    count = read_count(wanted)
    return Mix(
        count=count,
        chosen=choose(wanted, count, rng, stages=STAGES, traits=TRAITS, not_cancellable=("cancelled", "dispatched")),
        lines=read_range(wanted.get("lines", (1, 3)), "lines", least=1),
        quantity=read_range(wanted.get("quantity", (1, 3)), "quantity", least=1),
        ordered_ms=read_order_times(wanted, count, rng, now_ms),
        ship_by_days=read_range(wanted.get("ship_by_days", 2), "ship_by_days", least=-365),
    )


def _make_order(number: int, mix: Mix, shared: Person | None, rng: Random, world: World) -> Order:
    person = shared or make_person(rng)
    ordered_ms = mix.ordered_ms[number]
    order = Order(
        order_no=f"2{ordered_ms // DAY_MS:05d}{world.next_number():08d}",
        ordered_ms=ordered_ms,
        paid_ms=ordered_ms,
        orderer=person,
        memo=rng.choice(MEMOS),
        refer=rng.choice(("안드로이드앱", "아이폰앱", "PC웹", "모바일웹")),
    )
    remote = mix.has("remote_area", number)
    if remote and shared is None:
        person = _move_away(person, rng)
        order.orderer = person
    items = rng.sample(ITEMS, min(max(rng.randint(*mix.lines), 2 if mix.has("multi_box", number) else 1), len(ITEMS)))
    if mix.has("unknown_product", number):
        items[0] = make_unknown(rng.randint(1, 9_999))
    due_ms = _choose_due(number, mix, rng)
    zip_code = person.zip_code
    for held in _share_out(items, rng, several=mix.has("multi_box", number)):
        box = Box(
            box_id=moves.make_box_id(world, ordered_ms),
            order=order,
            receiver=person,
            status="ACCEPT",
            shipping_price=0,
            remote_price=rng.choice((3_000, 5_000)) if remote else None,
            postcode=f"{zip_code[:3]}-{zip_code[2:]}" if mix.has("old_postcode", number) else zip_code,
            history=[("ACCEPT", order.paid_ms)],
        )
        for item in held:
            quantity = rng.randint(*mix.quantity)
            vendor_item_id = get_vendor_item_id(item)
            line = Line(
                line_no=f"{order.order_no}-{vendor_item_id}",
                vendor_item_id=vendor_item_id,
                box=box,
                item=item,
                quantity=quantity,
                discount=item.whole_price * quantity * rng.choice((0, 0, 0, 5, 10)) // 100,
                due_ms=due_ms,
                seller_code=item.seller_code,
            )
            box.lines.append(line)
        if sum(line.item.whole_price * line.quantity for line in box.lines) < FREE_SHIPPING:
            box.shipping_price = 3_000
        order.boxes.append(box)
    if mix.has("bad_seller_code", number):
        order.lines[0].seller_code = rng.choice(BAD_CODES)
    return order


def _share_out(items: list[Item], rng: Random, *, several: bool) -> list[list[Item]]:
    """Put items into boxes of one to three; in two boxes or more when `several`."""
    if several:
        cut = rng.randint(1, len(items) - 1)
        return [*_share_out(items[:cut], rng, several=False), *_share_out(items[cut:], rng, several=False)]
    return [items[start : start + MOST_IN_BOX] for start in range(0, len(items), MOST_IN_BOX)]


def _move_away(person: Person, rng: Random) -> Person:
    """Return the same person on an island (도서산간)."""
    zip_code, street = rng.choice(REMOTE_STREETS)
    return Person(
        name=person.name,
        tel=person.tel,
        second_tel=person.second_tel,
        zip_code=zip_code,
        base_address=f"{street} {rng.randrange(9_001, 9_999)} (가상아파트)",
        detailed_address=person.detailed_address,
        city=street.split()[1],
        state=street.split()[0],
        login=person.login,
    )


def _live(vendor: Vendor, order: Order, number: int, mix: Mix, numbers: moves.Numbers, world: World) -> None:
    """Let a new order live through the stage its share wants."""
    stopped = mix.has("cancel_requested", number)
    if mix.has("confirmed", number) or mix.has("dispatched", number) or stopped:
        for box in order.boxes:
            moves.acknowledge(box, order.paid_ms)
    if mix.has("dispatched", number):
        for box in order.boxes:
            moves.send(box, numbers, "CJGLS", make_number("CJGLS", world.next_number()), order.paid_ms)
    if stopped:
        first = order.lines[0]
        claims.cancel(vendor, world, order, [(first, first.left)], fault_by="CUSTOMER")
    if mix.has("cancelled", number):
        claims.cancel(vendor, world, order, [(line, line.left) for line in order.lines], fault_by="CUSTOMER")


def _choose_due(number: int, mix: Mix, rng: Random) -> int:
    """Return the end of the day, in Seoul, so many days after the order."""
    day = to_datetime(mix.ordered_ms[number] + rng.randint(*mix.ship_by_days) * DAY_MS)
    return to_ms(day.replace(hour=23, minute=59, second=59, microsecond=0))
