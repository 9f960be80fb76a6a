"""Reading a mix: which shares of a batch of orders have which stage or trait, whatever the mall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from jumun.simulator.clock import read_iso
from jumun.simulator.people import Person, make_person

GROUP = 4  # so many orders to one recipient, unless all of them are wanted
ENVELOPE = ("channel", "account", "count", "seed")


def refuse_unknown(wanted: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise ValueError for a key no mix has."""
    names = tuple(known)
    unknown = set(wanted) - set(names)
    if unknown:
        raise ValueError(f"no such mix key: {', '.join(sorted(unknown))}; known: {', '.join(names)}")


def read_count(wanted: Mapping[str, Any]) -> int:
    """Return how many orders to make."""
    count = wanted.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 100_000:
        raise ValueError("count is a whole number from 1 to 100000")
    return count


def read_order_times(wanted: Mapping[str, Any], count: int, rng: Random, now_ms: int) -> tuple[int, ...]:
    """Return the orders' times, sorted: `ordered_at`, or `age` seconds ago, or spread over ordered_from … ordered_to."""
    if "ordered_at" in wanted or "age" in wanted:
        at_ms = read_iso(wanted["ordered_at"]) if "ordered_at" in wanted else now_ms - int(float(wanted["age"]) * 1000)
        return (at_ms,) * count
    until = read_iso(wanted["ordered_to"]) if "ordered_to" in wanted else now_ms
    since = read_iso(wanted["ordered_from"]) if "ordered_from" in wanted else until
    if since > until:
        raise ValueError("ordered_from is after ordered_to")
    return tuple(sorted(rng.randint(since, until) for _ in range(count)))


def choose(
    wanted: Mapping[str, Any],
    count: int,
    rng: Random,
    *,
    stages: tuple[str, ...],
    traits: tuple[str, ...],
    not_cancellable: tuple[str, ...],
) -> dict[str, frozenset[int]]:
    """Choose exactly the wanted share of orders. Stages shut each other out; traits fall where they like.

    Only `cancel_requested` keeps away from the stages of `not_cancellable`.
    """
    shares = {name: read_share(wanted.get(name, 0), name) for name in (*stages, *traits)}
    if sum(shares[name] for name in stages) > 1.000_001:
        raise ValueError(f"{', '.join(stages)} together are more than 1")
    chosen: dict[str, frozenset[int]] = {}
    free = list(range(count))
    rng.shuffle(free)
    for name in stages:
        size = min(round(shares[name] * count), len(free))
        chosen[name] = frozenset(free[:size])
        free = free[size:]
    can_cancel = sorted(set(range(count)).difference(*(chosen[name] for name in not_cancellable)))
    for name in traits:
        pool = can_cancel if name == "cancel_requested" else range(count)
        chosen[name] = frozenset(rng.sample(pool, min(round(shares[name] * count), len(pool))))
    return chosen


def choose_shared(numbers: Iterable[int], count: int, rng: Random) -> dict[int, Person]:
    """Return one recipient for each group of orders that share him; one for all when all of them do."""
    ordered = sorted(numbers)
    size = max(count, 1) if len(ordered) == count else GROUP
    shared: dict[int, Person] = {}
    for start in range(0, len(ordered), size):
        shared.update(dict.fromkeys(ordered[start : start + size], make_person(rng)))
    return shared


def read_share(value: object, name: str) -> float:
    """Return a share from 0 to 1; a bare yes or no is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{name} is a share from 0 to 1")
    return float(value)


def read_range(value: Any, name: str, *, least: int) -> tuple[int, int]:
    """Return [least, most] of a whole number or a pair."""
    low, high = (value, value) if isinstance(value, int) else value
    if not isinstance(low, int) or not isinstance(high, int) or not least <= low <= high:
        raise ValueError(f"{name} is a whole number or [least, most], from {least}")
    return low, high
