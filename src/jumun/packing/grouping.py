"""Any number of shipments into what becomes one parcel and what a person must look at, by keys (C14-C17). Pure.

Two that are combined share every key, so they meet in one bucket. What is to be reviewed agrees in two of name, place
and telephone, so it meets in a block of two of them. Inside a block each is held against a base, never against all.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from jumun.packing.load import Load
from jumun.packing.rules import COMBINE, DEFAULT, NEVER, REVIEW, Parcel, Rules, judge

MOST_BASES = 20
"""Bases tried in one block; what fits none of them is left alone."""


@dataclass(slots=True)
class _Group:
    """What goes into one parcel so far. Its members are the same in every key, but for words one says and one does not,
    for pairs that were decided apart, and for who is in them already: only there each is held against all."""

    members: list[Parcel]
    load: Load
    words: str
    deep: bool

    def takes(self, parcel: Parcel, deep: bool, rules: Rules) -> bool:
        if (self.load + parcel.load).beyond(rules.caps):
            return False
        if self.words and parcel.place.words and self.words != parcel.place.words:
            return False
        against = self.members if deep or self.deep else self.members[:1]
        return all(judge(each, parcel, rules).kind == COMBINE for each in against)

    def add(self, parcel: Parcel, deep: bool) -> None:
        self.members.append(parcel)
        self.load += parcel.load
        self.words = self.words or parcel.place.words
        self.deep |= deep


@dataclass(frozen=True, slots=True)
class Finding:
    """One candidate against its base: what becomes of it and why. A base has itself as base."""

    parcel: int
    base: int
    verdict: str
    reasons: tuple[str, ...]


def group_parcels(parcels: Iterable[Parcel], rules: Rules = DEFAULT) -> list[Finding]:
    """What becomes of every candidate; a shipment nobody could join is not named."""
    ranked = sorted(parcels, key=lambda parcel: parcel.rank)
    found: dict[int, Finding] = {}
    bases: set[int] = set()
    leaders: set[int] = set()
    for members in _blocks(ranked, _sure_key):
        _combine(members, rules, found, bases)
    left = [parcel for parcel in ranked if parcel.id not in found or found[parcel.id].base == parcel.id]
    for key in (_name_and_place, _name_and_phone, _place_and_phone):
        for members in _blocks(left, key):
            _review(members, rules, found, bases, leaders)
    return [found[parcel.id] for parcel in ranked if parcel.id in found]


def _blocks(parcels: Iterable[Parcel], key: Callable[[Parcel], Hashable]) -> list[list[Parcel]]:
    blocks: dict[Hashable, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if (value := key(parcel)) is not None:
            blocks[value].append(parcel)
    return [members for members in blocks.values() if len(members) > 1]


def _sure_key(parcel: Parcel) -> Hashable:
    known, safe = parcel.phones
    place = parcel.place
    if parcel.bars or parcel.taken_out or safe or not (known and parcel.who and place.head):
        return None
    spot = (
        place.site,
        place.province,
        place.unit,
        "" if place.room else place.words,
        "" if place.kind else place.postcode,
    )
    return (parcel.who, known, spot)


def _name_and_place(parcel: Parcel) -> Hashable:
    place = parcel.place
    return (parcel.who, place.site) if parcel.who and place.head else None


def _name_and_phone(parcel: Parcel) -> Hashable:
    known = parcel.phones[0]
    return (parcel.who, min(known) if known else parcel.place.postcode) if parcel.who else None


def _place_and_phone(parcel: Parcel) -> Hashable:
    known = parcel.phones[0]
    return (parcel.place.site, known) if known and parcel.place.head else None


def _combine(members: Sequence[Parcel], rules: Rules, found: dict[int, Finding], bases: set[int]) -> None:
    """Put each with the first base it goes with while the caps hold; the others become bases of their own."""
    groups: list[_Group] = []
    apart = {each for pair in rules.kept_apart for each in pair}
    for parcel in members:
        deep = bool(parcel.inside) or parcel.id in apart
        for group in groups[-MOST_BASES:]:  # the oldest are full first
            if group.takes(parcel, deep, rules):
                base = group.members[0]
                group.add(parcel, deep)
                found[parcel.id] = Finding(parcel.id, base.id, COMBINE, ("all_the_same",))
                if base.id not in bases:
                    bases.add(base.id)
                    found[base.id] = Finding(base.id, base.id, COMBINE, ("base",))
                break
        else:
            groups.append(_Group([parcel], parcel.load, parcel.place.words, deep))
    first = groups[0]
    for group in groups[1:]:
        parcel = group.members[0]
        if parcel.id not in found:
            found[parcel.id] = Finding(parcel.id, first.members[0].id, NEVER, _why_not(first, parcel, rules))


def _why_not(group: _Group, parcel: Parcel, rules: Rules) -> tuple[str, ...]:
    """Why it is not in the first group of its block: a rule, a cap, or somebody who is in it."""
    against = (judge(each, parcel, rules) for each in group.members[:MOST_BASES])
    never = next((verdict.reasons for verdict in against if verdict.kind == NEVER), ())
    return never or (group.load + parcel.load).beyond(rules.caps) or ("details_differ",)


def _review(
    members: Sequence[Parcel], rules: Rules, found: dict[int, Finding], bases: set[int], leaders: set[int]
) -> None:
    """Hold what is still undecided against one base after the other."""
    waiting = [parcel for parcel in members if _open(found, parcel)]
    for _ in range(MOST_BASES):
        if len(waiting) < 2:
            return
        base, rest, waiting = waiting[0], waiting[1:], []
        for parcel in rest:
            verdict = judge(base, parcel, rules)
            if verdict.kind == REVIEW and parcel.id not in leaders:
                found[parcel.id] = Finding(parcel.id, base.id, REVIEW, verdict.reasons)
                leaders.add(base.id)
                if base.id not in bases:
                    bases.add(base.id)
                    found[base.id] = Finding(base.id, base.id, REVIEW, ("base",))
                continue
            if verdict.kind == NEVER:
                found.setdefault(parcel.id, Finding(parcel.id, base.id, NEVER, verdict.reasons))
            elif verdict.kind == COMBINE:  # the same in everything: a cap keeps them apart
                found.setdefault(parcel.id, Finding(parcel.id, base.id, NEVER, ("too_many",)))
            waiting.append(parcel)
        if base.id not in found:
            found[base.id] = Finding(base.id, rest[0].id, NEVER, judge(base, rest[0], rules).reasons)


def _open(found: dict[int, Finding], parcel: Parcel) -> bool:
    """Whether it may still lead or join a review: undecided, left alone so far, or a base."""
    said = found.get(parcel.id)
    return said is None or said.verdict == NEVER or said.base == parcel.id
