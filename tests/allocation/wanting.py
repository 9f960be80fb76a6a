"""Orders that want stock: made small for proofs, large for counts."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as some

from jumun.stock.policy import Wanted

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def want(item, shipment, *needs, quantity=1, rank=0, due=None, ordered=0, value=100, lacking=""):
    """An item that needs one of each SKU named, or (SKU, how many a unit)."""
    parts = tuple(((each, 1), 1) if isinstance(each, int) else ((each[0], 1), each[1]) for each in needs)
    ship_by = None if due is None else DAY + timedelta(days=due)
    return Wanted(item, shipment, quantity, parts, DAY + timedelta(minutes=ordered), ship_by, rank, value, lacking)


def stock(**have):
    """`stock(s1=3)`: three of SKU 1 at the one place."""
    return {(int(name[1:]), 1): number for name, number in have.items()}


def many(orders, skus, *, zipf=0.8, plenty=(0.5, 1.3), seed=1):
    """Orders of one to three SKUs, some SKUs much more wanted than others, and stock for a part of it."""
    rolled = random.Random(seed)
    picked = rolled.choices(range(skus), [1 / (n + 1) ** zipf for n in range(skus)], k=orders * 3)
    wanted, demand = [], {}
    for order in range(orders):
        for sku in sorted({*picked[order * 3 : order * 3 + rolled.choice((1, 1, 1, 2, 2, 3))]}):
            quantity = rolled.choice((1, 1, 1, 1, 2, 3))
            demand[sku] = demand.get(sku, 0) + quantity
            wanted.append(
                want(
                    len(wanted) + 1, order + 1, sku, quantity=quantity, rank=rolled.randrange(4),
                    due=rolled.randrange(5), ordered=rolled.randrange(10_000), value=rolled.randrange(50, 900) * quantity,
                )
            )  # fmt: skip
    return wanted, {(sku, 1): int(number * rolled.uniform(*plenty)) for sku, number in demand.items()}


@some.composite
def scenes(draw, *, shipments=6, skus=3):
    """A few shipments of a few items over a few SKUs, and stock that may be less, and more than is asked."""
    wanted = []
    for shipment in range(1, draw(some.integers(1, shipments)) + 1):
        for _ in range(draw(some.integers(1, 2))):
            needs = draw(some.dictionaries(some.integers(1, skus), some.integers(1, 2), max_size=2))
            wanted.append(
                want(
                    len(wanted) + 1, shipment, *needs.items(), quantity=draw(some.integers(1, 3)),
                    rank=draw(some.integers(0, 2)), due=draw(some.none() | some.integers(0, 3)),
                    ordered=draw(some.integers(0, 3)), value=draw(some.integers(0, 500)),
                    lacking=draw(some.sampled_from(["", "", "", "", "unmatched"])),
                )
            )  # fmt: skip
    free = draw(some.dictionaries(some.integers(1, skus), some.integers(0, 8)))
    return wanted, {(sku, 1): number for sku, number in free.items()}


def used(wanted, allocation):
    """What was given of each slot."""
    found = {}
    for item in wanted:
        for slot, per_unit in item.parts:
            found[slot] = found.get(slot, 0) + per_unit * allocation.units.get(item.item, 0)
    return found
