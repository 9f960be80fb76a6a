"""할당 by priority: who gets the stock there is, full shipments first, then partial ones (C18-C20, C24). Pure.

A `Wanted` is what one item still needs. Shipments come in the order of their account's priority, their deadline and
their order date; each takes all it needs or, in the second round, what is left for its items.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Slot = tuple[int, int]
"""A SKU at a ship-from."""
AUTO, UNALLOCATED = "auto", "unallocated"
FULL, PARTIAL, NONE = "full", "partial", "none"
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an item still needs: `quantity` units of `parts` each. Without parts there is nothing to reserve."""

    item: int
    shipment: int
    quantity: int
    parts: tuple[tuple[Slot, int], ...]
    ordered_at: datetime
    ship_by: datetime | None = None
    rank: int = 0
    """The account's priority: the lower comes first."""
    value: int = 0
    """What the units are worth, in hundredths."""
    lacking: str = ""
    """Why it can get nothing whatever the stock ("unmatched", "no_ship_from"); its shipment is then never full."""
    divisible: bool = True
    """Some of its units may be given, where that is asked for."""
    held: bool = False
    """It has stock from before: a shipment with such an item is not without any."""
    lump: int = 0
    """It stands for so many units that only go together: what it has of its parts from before is uneven."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rounds are run. `divide` lets items that may be divided have some of their units (C22)."""

    full: bool = True
    partial: bool = True
    divide: bool = False


DEFAULT = Rules()


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment's items and where it stands in line."""

    id: int
    items: tuple[Wanted, ...]
    needs: Mapping[Slot, int]
    """All its items need, by slot."""
    possible: bool
    """No item lacks anything but stock."""

    @property
    def held(self) -> bool:
        """Something of it has stock from before."""
        return any(item.held for item in self.items)

    @property
    def turn(self) -> tuple[int, datetime, datetime, int]:
        """Account priority, deadline, order date; then the older number (C18)."""
        return (
            min(item.rank for item in self.items),
            min(item.ship_by or _LATEST for item in self.items),
            min(item.ordered_at for item in self.items),
            self.id,
        )


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units an item was given, in the order of giving; how each shipment came out; what is left."""

    units: dict[int, int] = field(default_factory=dict)
    shipments: dict[int, str] = field(default_factory=dict)
    left: dict[Slot, int] = field(default_factory=dict)

    def state(self, item: Wanted) -> str:
        """자동 or 미할당 (C24): an item with a part of its units is 자동 for these only."""
        return AUTO if item.item in self.units else UNALLOCATED


def allocate(wanted: Iterable[Wanted], free: Mapping[Slot, int], rules: Rules = DEFAULT) -> Allocation:
    """Give out what is free, by priority, in one pass a round (C18, C19)."""
    return fill(in_turn(group(wanted)), free, rules)


def group(wanted: Iterable[Wanted]) -> list[Shipment]:
    """The items by shipment, as they come."""
    items: defaultdict[int, list[Wanted]] = defaultdict(list)
    for each in wanted:
        items[each.shipment].append(each)
    return [_shipment(number, tuple(inside)) for number, inside in items.items()]


def in_turn(shipments: Iterable[Shipment]) -> list[Shipment]:
    """Who comes first."""
    return sorted(shipments, key=lambda shipment: shipment.turn)


def fill(
    shipments: Sequence[Shipment], free: Mapping[Slot, int], rules: Rules = DEFAULT, *, first: Iterable[int] = ()
) -> Allocation:
    """Give to shipments in this order; those named in `first` are served before the rest and must fit."""
    given = Allocation(left={slot: max(0, quantity) for slot, quantity in free.items()})
    chosen = set(first)
    for shipment in shipments:
        if shipment.id in chosen:
            _give_all(given, shipment)
    for shipment in shipments:
        if shipment.id in chosen:
            continue
        if rules.full and shipment.possible and fits(shipment.needs, given.left):
            _give_all(given, shipment)
        else:
            given.shipments[shipment.id] = PARTIAL if shipment.held else NONE
    if rules.partial:
        for shipment in shipments:
            if given.shipments[shipment.id] != FULL:
                given.shipments[shipment.id] = _give_some(given, shipment, rules)
    return given


def fits(needs: Mapping[Slot, int], left: Mapping[Slot, int]) -> bool:
    """Whether all of it is there."""
    return all(left.get(slot, 0) >= quantity for slot, quantity in needs.items())


def _shipment(number: int, items: tuple[Wanted, ...]) -> Shipment:
    needs: defaultdict[Slot, int] = defaultdict(int)
    for item in items:
        for slot, per_unit in item.parts:
            needs[slot] += per_unit * item.quantity
    return Shipment(number, items, dict(needs), not any(item.lacking for item in items))


def _give_all(given: Allocation, shipment: Shipment) -> None:
    for slot, quantity in shipment.needs.items():
        given.left[slot] -= quantity
    given.units.update((item.item, item.quantity) for item in shipment.items)
    given.shipments[shipment.id] = FULL


def _give_some(given: Allocation, shipment: Shipment, rules: Rules) -> str:
    """Each item in turn what is left for it. An item without parts needs none and makes no shipment partial."""
    got = whole = 0
    for item in shipment.items:
        units = 0 if item.lacking else _units(item, given.left, divide=rules.divide and item.divisible)
        if not units:
            continue
        for slot, per_unit in item.parts:
            given.left[slot] -= per_unit * units
        given.units[item.item] = units
        got += bool(item.parts)
        whole += units == item.quantity
    if whole == len(shipment.items):
        return FULL
    return PARTIAL if got or shipment.held else NONE


def _units(item: Wanted, left: Mapping[Slot, int], *, divide: bool) -> int:
    most = min((left.get(slot, 0) // per_unit for slot, per_unit in item.parts), default=item.quantity)
    return min(item.quantity, most) if divide or most >= item.quantity else 0
