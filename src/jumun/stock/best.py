"""할당 at its best: most full shipments, then their value, then the tighter deadlines, proven or with a gap (C18, C19). Pure.

What is not scarce decides nothing: only shipments that compete for a scarce slot go to the solver (HiGHS), in components
that share none. Shipments alike in needs, value and deadline are one whole number. The greedy answer is where it starts
and what it never falls below; what the chosen leave is given out by `stock.policy`.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jumun.stock.policy import DEFAULT, FULL, Allocation, Rules, Shipment, Slot, Wanted, fill, fits, group, in_turn
from jumun.stock.solving import Kind, Solved, solve

SECONDS = 20.0
"""What the solver may take for all components together."""
_TOGETHER = 200
"""Small components are solved in one go up to this many shipments: each call has its price."""


@dataclass(frozen=True, slots=True)
class Best:
    """The allocation, how many full shipments it has and how many there can be at most."""

    allocation: Allocation
    full: int
    bound: int
    value: int
    worth_bound: int
    """What as many full shipments can be worth at most."""
    proven: bool
    """No other choice has more full shipments, or as many of more value, or both and tighter deadlines."""
    components: int
    competing: int

    @property
    def gap(self) -> float:
        """How far the number of full shipments is below the bound, as a part of it."""
        return (self.bound - self.full) / self.bound if self.bound else 0.0

    def report(self) -> str:
        """One line for people who compare."""
        proof = "proven" if self.proven else "not proven"
        return (
            f"full {self.full:,} of at most {self.bound:,} (gap {self.gap:.2%}), value {self.value // 100:,} of at most"
            f" {self.worth_bound // 100:,}, {proof};"
            f" {self.competing:,} competing shipments in {self.components:,} components"
        )


def allocate_best(
    wanted: Iterable[Wanted], free: Mapping[Slot, int], rules: Rules = DEFAULT, *, seconds: float = SECONDS
) -> Best:
    """Choose the full shipments together, then give out the rest by priority."""
    until = time.monotonic() + seconds
    shipments = in_turn(group(wanted))
    contest = _contest(shipments, free)
    chosen = set(contest.easy)
    bound, proven, waiting = len(chosen), True, len(contest.competing)
    worth_bound = sum(worth(each) for each in shipments if each.id in chosen)
    for batch in _batches(contest.components):
        left = until - time.monotonic()
        share = max(left * len(batch) / waiting, min(1.0, left / 10))
        waiting -= len(batch)
        ids, answer = _choose(batch, contest, seconds=share)
        chosen |= ids
        bound += answer.bound
        worth_bound += answer.worth_bound
        proven &= answer.proven
    allocation = fill(shipments, free, rules, first=chosen)
    full = [each for each in shipments if allocation.shipments[each.id] == FULL]
    value = sum(worth(each) for each in full)
    return Best(
        allocation,
        full=len(full),
        bound=max(bound, len(full)),
        value=value,
        worth_bound=max(worth_bound, value),
        proven=proven,
        components=len(contest.components),
        competing=len(contest.competing),
    )


def worth(shipment: Shipment) -> int:
    """What its items are worth."""
    return sum(item.value for item in shipment.items)


@dataclass(slots=True)
class _Contest:
    easy: list[int] = field(default_factory=list)
    """Nothing they need is scarce."""
    competing: list[Shipment] = field(default_factory=list)
    limits: dict[Slot, int] = field(default_factory=dict)
    """What there is of each scarce slot."""
    components: list[list[Shipment]] = field(default_factory=list)
    last: datetime | None = None
    """The latest deadline: days before it are how urgent a shipment is."""

    def scarce_needs(self, shipment: Shipment) -> tuple[tuple[Slot, int], ...]:
        return tuple(sorted((slot, number) for slot, number in shipment.needs.items() if slot in self.limits))

    def urgency(self, shipment: Shipment) -> int:
        due = deadline(shipment)
        return (self.last - due).days if due and self.last else 0


def deadline(shipment: Shipment) -> datetime | None:
    """The earliest of its items'."""
    return min((item.ship_by for item in shipment.items if item.ship_by), default=None)


def _contest(shipments: Sequence[Shipment], free: Mapping[Slot, int]) -> _Contest:
    """Who competes for what: a shipment that could not be full alone frees the others of its demand."""
    able = [each for each in shipments if each.possible and fits(each.needs, free)]
    demand: Counter[Slot] = Counter()
    for each in able:
        demand.update(each.needs)
    found = _Contest(limits={slot: free.get(slot, 0) for slot in demand if demand[slot] > free.get(slot, 0)})
    for each in able:
        if any(slot in found.limits for slot in each.needs):
            found.competing.append(each)
        else:
            found.easy.append(each.id)
    found.last = max((due for each in found.competing if (due := deadline(each))), default=None)
    found.components = _components(found)
    return found


def _components(found: _Contest) -> list[list[Shipment]]:
    """Shipments joined by scarce slots (union-find), the small ones first."""
    parent = {slot: slot for slot in found.limits}

    def root(slot: Slot) -> Slot:
        while parent[slot] != slot:
            parent[slot] = parent[parent[slot]]
            slot = parent[slot]
        return slot

    for each in found.competing:
        (first, _), *others = found.scarce_needs(each)
        for slot, _ in others:
            parent[root(slot)] = root(first)
    groups: defaultdict[Slot, list[Shipment]] = defaultdict(list)
    for each in found.competing:
        groups[root(found.scarce_needs(each)[0][0])].append(each)
    return sorted(groups.values(), key=len)


def _batches(components: Iterable[list[Shipment]]) -> Iterator[list[Shipment]]:
    batch: list[Shipment] = []
    for component in components:
        if batch and len(batch) + len(component) > _TOGETHER:
            yield batch
            batch = []
        batch = batch + component
    if batch:
        yield batch


def _choose(batch: Sequence[Shipment], found: _Contest, *, seconds: float) -> tuple[set[int], Solved]:
    """Which of these are full, and what is known of it. Starts from the better of two greedy answers."""
    alike: defaultdict[Kind, list[Shipment]] = defaultdict(list)
    for each in batch:
        alike[Kind(found.scarce_needs(each), 0, worth(each), found.urgency(each))].append(each)
    greedy = max((_greedy(order, found) for order in (in_turn(batch), _modest_first(batch, found))), key=len)
    kinds = [Kind(kind.needs, len(inside), kind.value, kind.weight) for kind, inside in alike.items()]
    start = [sum(each.id in greedy for each in inside) for inside in alike.values()]
    answer = solve(kinds, found.limits, start, seconds=seconds)
    ids = {each.id for number, inside in zip(answer.taken, alike.values(), strict=True) for each in inside[:number]}
    return ids, answer


def _modest_first(batch: Iterable[Shipment], found: _Contest) -> list[Shipment]:
    """Those that take the smallest part of what is scarce first."""
    return sorted(
        batch, key=lambda each: (sum(n / found.limits[slot] for slot, n in found.scarce_needs(each)), each.turn)
    )


def _greedy(order: Iterable[Shipment], found: _Contest) -> set[int]:
    left, taken = dict(found.limits), set()
    for each in order:
        needs = dict(found.scarce_needs(each))
        if fits(needs, left):
            taken.add(each.id)
            for slot, number in needs.items():
                left[slot] -= number
    return taken
