"""`jumun bench`'s look at 할당: by priority beside a bare loop over the same items, at its best beside by priority.

Nothing is read or written here: what is measured is the deciding. The line of the best one prints its bound and gap.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from jumun.stock.best import allocate_best
from jumun.stock.policy import Slot, Wanted, allocate

_FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def measure_allocation(items: int) -> list[tuple[str, float, float]]:
    """(what, seconds of ours, seconds of less) for this many items over a tenth as many SKUs, and a fifth as many orders."""
    if not items:
        return []
    wanted, free = _make(items // 2, items // 10)
    ours, _ = _timed(lambda: allocate(wanted, free))
    bare, _ = _timed(lambda: _first_come(wanted, dict(free)))
    rows = [(f"allocate {len(wanted):,} items by priority", ours, bare)]
    wanted, free = _make(items // 5, items // 10)
    less, _ = _timed(lambda: allocate(wanted, free))
    ours, best = _timed(lambda: allocate_best(wanted, free))
    rows.append((f"allocate {items // 5:,} orders at best: {best.report()}", ours, less))
    return rows


def _make(orders: int, skus: int) -> tuple[list[Wanted], dict[Slot, int]]:
    """Orders of one to three SKUs, some wanted more than others, and stock for a part of them."""
    rolled = random.Random(1)  # noqa: S311 - the same orders every time
    picked = rolled.choices(range(skus), [1 / (n + 1) ** 0.6 for n in range(skus)], k=orders * 3)
    wanted: list[Wanted] = []
    demand: dict[Slot, int] = {}
    for order in range(orders):
        for sku in sorted({*picked[order * 3 : order * 3 + rolled.choice((1, 2, 2, 3))]}):
            quantity = rolled.choice((1, 1, 1, 1, 2, 3))
            demand[sku, 1] = demand.get((sku, 1), 0) + quantity
            ordered = _FIRST + timedelta(seconds=rolled.randrange(1_000_000))
            due = _FIRST + timedelta(days=rolled.randrange(5))
            value = rolled.randrange(5_000, 90_000) * quantity * 100
            rank = rolled.randrange(4)
            wanted.append(Wanted(len(wanted), order, quantity, (((sku, 1), 1),), ordered, due, rank, value))
    return wanted, {slot: int(number * rolled.uniform(0.6, 1.2)) for slot, number in demand.items()}


def _first_come(wanted: Sequence[Wanted], left: dict[Slot, int]) -> int:
    """Each item takes what is there, whole shipments or not."""
    given = 0
    for item in sorted(wanted, key=lambda item: item.ordered_at):
        slot = item.parts[0][0]
        if left[slot] >= item.quantity:
            left[slot] -= item.quantity
            given += 1
    return given


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer
