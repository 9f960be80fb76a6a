"""합포: whether two shipments become one parcel, with the reasons (C14-C17, N8). Pure.

A pair is `combine` only when name, address and every telephone number agree once spelling is taken away. One thing that
differs or is not known makes it `review` (확인필요); two things, or a rule that forbids it, make it `never`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from jumun.packing.load import NOTHING, ONE_PIECE, Load
from jumun.packing.people import is_masked, known_phones, plain_name
from jumun.packing.places import Place, read_place

COMBINE, REVIEW, NEVER = "combine", "review", "never"
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Parcel:
    """What the rules ask of a shipment. `bars` are the codes of what forbids it to be combined with anything."""

    id: int
    name: str
    phone1: str
    phone2: str
    postcode: str
    address1: str
    address2: str = ""
    account: int = 0
    brand: str = ""
    ship_from: int | None = None
    method: str = "parcel"
    stage: str = ""
    """The status of its items: a parcel whose items stand at different steps could not go on."""
    storage: str = ""
    payment: str = ""
    """Who pays the carrier: "" or "prepaid", "collect"."""
    load: Load = ONE_PIECE
    ship_by: datetime | None = None
    ordered_at: datetime | None = None
    taken_out: bool = False
    """Made by taking goods out of another shipment (묶음에서 빼기, 미할당 나누기): nobody puts it back unasked (C22)."""
    bars: tuple[str, ...] = field(default=())
    inside: tuple["Parcel", ...] = ()
    """Orders that joined it before, each as the shipment it came from: who gets them and where, nothing else."""

    @property
    def everyone(self) -> tuple["Parcel", ...]:
        """Itself and who is in it already."""
        return (self, *self.inside)

    @cached_property
    def who(self) -> str:
        """The name, plain."""
        return "" if is_masked(self.name) else plain_name(self.name)

    @cached_property
    def phones(self) -> tuple[frozenset[str], frozenset[str]]:
        """Numbers that tell a person, and safe numbers."""
        return known_phones(self.phone1, self.phone2)

    @cached_property
    def place(self) -> Place:
        """The address in parts."""
        return read_place(self.address1, self.address2, self.postcode)

    @property
    def rank(self) -> tuple[datetime, datetime, int]:
        """Base first: the earliest deadline wins, then the oldest order."""
        return (self.ship_by or _LATEST, self.ordered_at or _LATEST, self.id)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a company chose."""

    across_accounts: bool = False
    across_brands: bool = False
    caps: Load = NOTHING
    kept_apart: frozenset[tuple[int, int]] = frozenset()
    """Pairs of shipments a person decided to leave apart, the smaller id first."""
    standing: frozenset[tuple[int, str]] = frozenset()
    """Account and reason: 확인필요 of this kind is combined without being asked (C15)."""


DEFAULT = Rules()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`combine`, `review` or `never`, and why in codes (`packing.reasons`)."""

    kind: str
    reasons: tuple[str, ...]


def judge(one: Parcel, other: Parcel, rules: Rules = DEFAULT) -> Verdict:
    """What becomes of two shipments. The order of the two makes no difference (C14, C15)."""
    if barred := bars_between(one, other, rules):
        return Verdict(NEVER, barred)
    verdict = compare_people(one, other)
    reasons = list(verdict.reasons) if verdict.kind == REVIEW else []
    for mine, yours in _pairs_inside(one, other):
        if verdict.kind == NEVER:
            return verdict
        if _are_apart(mine, yours, rules):
            return Verdict(NEVER, ("kept_apart",))
        found = compare_people(mine, yours)
        if found.kind == NEVER:
            return found
        if found.kind == REVIEW:
            reasons += found.reasons
    return Verdict(REVIEW, tuple(dict.fromkeys(reasons))) if reasons else verdict


def would_mix(one: Parcel, other: Parcel) -> bool:
    """Whether somebody in one of them could never share a parcel with somebody in the other, these two left aside."""
    return any(compare_people(*pair).kind == NEVER for pair in _pairs_inside(one, other))


def _pairs_inside(one: Parcel, other: Parcel) -> Iterator[tuple[Parcel, Parcel]]:
    """Everyone of one with everyone of the other, but not the two themselves."""
    for mine in one.everyone:
        for yours in other.everyone:
            if mine is not one or yours is not other:
                yield mine, yours


def _are_apart(one: Parcel, other: Parcel, rules: Rules) -> bool:
    return (min(one.id, other.id), max(one.id, other.id)) in rules.kept_apart


def compare_people(one: Parcel, other: Parcel) -> Verdict:
    """By who gets them and where alone."""
    if not (one.who and other.who):
        return Verdict(NEVER, ("no_name",))
    if not (one.place.head and other.place.head):
        return Verdict(NEVER, ("no_address",))
    where, maybe = compare_places(one.place, other.place)
    if where == NEVER:
        return Verdict(NEVER, maybe)
    phones = _compare_phones(one, other)
    names = () if one.who == other.who else ("name_differs",)
    doubts = len(names) + bool(maybe) + (phones == "phone_differs")
    apart = ("taken_out",) if one.taken_out or other.taken_out else ()
    reasons = (*names, *maybe, *((phones,) if phones else ()), *apart)
    if doubts > 1 or (names and phones):
        return Verdict(NEVER, reasons)
    return Verdict(REVIEW, reasons) if reasons else Verdict(COMBINE, ("all_the_same",))


def bars_between(one: Parcel, other: Parcel, rules: Rules) -> tuple[str, ...]:
    """Codes of the never-combine rules these two break, in one order."""
    found = {*one.bars, *other.bars}
    over = () if one.id == other.id else (one.load + other.load).beyond(rules.caps)
    checks = (
        ("other_account", one.account != other.account and not rules.across_accounts),
        ("other_brand", one.brand != other.brand and not rules.across_brands),
        ("other_ship_from", one.ship_from != other.ship_from),
        ("no_ship_from", one.ship_from is None or other.ship_from is None),
        ("other_stage", one.stage != other.stage),
        ("other_method", one.method != other.method),
        ("other_storage", one.storage != other.storage),
        ("prepaid_and_collect", (one.payment or "prepaid") != (other.payment or "prepaid")),
        ("kept_apart", _are_apart(one, other, rules)),
    )
    return (*sorted(found), *(code for code, holds in checks if holds), *over)


def stands(one: Parcel, other: Parcel, reasons: Sequence[str], rules: Rules) -> bool:
    """Whether what is to be reviewed was settled for good: one reason, of a kind that stands for both accounts (C15)."""
    return len(reasons) == 1 and all((each.account, reasons[0]) in rules.standing for each in (one, other))


def differing(base: Parcel, other: Parcel) -> frozenset[str]:
    """Which of name, phone1, phone2 and address of the other are not the base's once spelling is taken away (N8)."""
    found = set()
    if base.who != other.who:
        found.add("name")
    known = base.phones[0] | base.phones[1]
    for field_name in ("phone1", "phone2"):
        mine = known_phones(getattr(other, field_name))
        if not (mine[0] | mine[1]) <= known or mine[1]:
            found.add(field_name)
    if not known <= other.phones[0] | other.phones[1] and not found & {"phone1", "phone2"}:
        found.add("phone2" if other.phone1 else "phone1")
    if compare_places(base.place, other.place)[0] != COMBINE:
        found.add("address")
    return frozenset(found)


def compare_places(one: Place, other: Place) -> tuple[str, tuple[str, ...]]:
    """`combine` for one place, `review` with the reason for what may be one, `never` for two."""
    if one.province and other.province and one.province != other.province:
        return NEVER, ("address_differs",)
    if one.kind != other.kind or not one.kind:
        return _compare_unlike(one, other)
    if one.site != other.site:
        return NEVER, ("address_differs",)
    unit = _compare_units(one, other)
    if unit == "unit_differs":
        return NEVER, (unit,)
    if one.words != other.words and one.words and other.words and not one.room:
        return NEVER, ("details_differ",)
    province = "province_missing" if one.province != other.province else ""
    named = (one.words and other.words) or not one.room  # at one door a building's name is there or not
    villages = one.village and other.village and one.village != other.village
    words = "details_differ" if villages or (one.words != other.words and named) else ""
    if not (one.province and other.province) and _codes_differ(one, other):  # 중구 is in six cities
        words = "details_differ"
    reasons = tuple(each for each in (province, unit, words) if each)
    return (REVIEW if reasons else COMBINE), reasons


def _codes_differ(one: Place, other: Place) -> bool:
    return len(one.postcode) == len(other.postcode) == 5 and one.postcode != other.postcode


def _compare_unlike(one: Place, other: Place) -> tuple[str, tuple[str, ...]]:
    """A road against a lot address (도로명, 지번), or addresses nobody could read."""
    if not (one.kind and other.kind):
        same = (one.kind, one.head, one.province, one.postcode) == (
            other.kind,
            other.head,
            other.province,
            other.postcode,
        )
        return (COMBINE, ()) if same else (NEVER, ("address_differs",))
    codes = len(one.postcode) == 5 and len(other.postcode) == 5
    near = one.postcode == other.postcode if codes else bool(one.district) and one.district == other.district
    if not near:
        return NEVER, ("address_differs",)
    unit = _compare_units(one, other)
    return (NEVER, (unit,)) if unit == "unit_differs" else (REVIEW, ("road_and_lot",))


def _compare_units(one: Place, other: Place) -> str:
    pairs = list(zip(one.unit, other.unit, strict=True))
    if any(mine and yours and mine != yours for mine, yours in pairs):
        return "unit_differs"
    return "unit_missing" if any(mine != yours for mine, yours in pairs) else ""


def _compare_phones(one: Parcel, other: Parcel) -> str:
    """Empty where every number is known and the same in both; safe numbers count as unknown (C15)."""
    (mine, my_safe), (yours, your_safe) = one.phones, other.phones
    if my_safe or your_safe:
        differ = bool(mine and yours) and not mine & yours
        return "phone_differs" if differ else "safe_number"
    if not (mine or yours):
        return "no_phone"
    return "" if mine == yours else "phone_differs"


def choose_base(parcels: Iterable[Parcel]) -> Parcel:
    """기준: the shipment with the earliest deadline, then the oldest order. Raises ValueError for none."""
    return min(parcels, key=lambda parcel: parcel.rank)
