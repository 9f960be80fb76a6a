"""Whose phone and whose address a column holds, and which of several make the recipient's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jumun.intake.sheet_columns import Column
from jumun.intake.sheet_fields import Field, Source, Unsure
from jumun.intake.sheet_words import Header

_PHONE_WORDS = frozenset({"PHONE", "MOBILE", "LANDLINE", "SAFE"})
_PHONE_MORE = _PHONE_WORDS | {
    "NUMBER",
    "INFO",
    "DELIVERY",
    "ADDRESS",
    "CUSTOMER",
    "ORDER",
    "RECIPIENT",
    "BUYER",
    "BASE",
    "ADDON",
    "NAME",
    "REMARK",
}
_PLACE_WORDS = frozenset({"ADDRESS", "ROAD", "LOT", "PART"})
_PLACE_MORE = _PLACE_WORDS | {
    "DETAIL",
    "BASE",
    "FULL",
    "RECIPIENT",
    "DELIVERY",
    "CUSTOMER",
    "BUYER",
    "INFO",
    "LINE",
    "TOTAL",
    "ORDER",
    "NUMBER",
}
PERSONAL = frozenset({"NAME", "EMAIL", "ID", "ZIP", "KANA", "NUMBER"}) | _PHONE_WORDS | _PLACE_WORDS
ROLES = ("RECIPIENT", "SENDER", "BUYER")
SURE = 0.5
WEAK = 0.25


@dataclass(frozen=True, slots=True)
class Seen:
    """A column with its header, its place and whose it is by its group (`role`) or its neighbours (`near`)."""

    header: Header
    column: Column
    role: str = ""
    near: str = ""

    @property
    def place(self) -> int:
        """The 0-based column."""
        return self.column.place

    @property
    def words(self) -> frozenset[str]:
        """All its header says, brackets included."""
        return self.header.concepts | self.header.aside


def _belongs(seen: Seen, *, buyers: float) -> float:
    """How surely a column is the recipient's, 0 … 1."""
    words = seen.words
    if "RECIPIENT" in words:
        return 1.0
    if "BUYER" in words or seen.role == "BUYER" or "ORDER" in words:
        return buyers
    if seen.role == "SENDER":
        return 0.0
    if seen.role == "RECIPIENT":
        return 0.97
    if seen.near == "SENDER":
        return 0.3
    if words & {"DELIVERY", "ADDRESS"} & words:
        return 0.94 if "DELIVERY" in words or seen.near != "BUYER" else 0.6
    if seen.near == "BUYER":
        return 0.6
    if seen.near == "RECIPIENT":
        return 0.95
    return 0.6 if "CUSTOMER" in words else 0.85


def fit_phone(seen: Seen) -> float:
    """How well a column is the recipient's phone."""
    words = seen.words
    if words == {"RECIPIENT", "NUMBER"} and seen.column.phone > 0.8:
        return 0.9
    if not words & _PHONE_WORDS or not words <= _PHONE_MORE | {"PER", "CHOICE"} or words & {"NAME"} == words:
        return 0.0
    if "NAME" in words and "PHONE" not in words and "MOBILE" not in words:
        return 0.0
    column = seen.column
    if column.said and column.phone < 0.4:
        return 0.0
    return (
        _belongs(seen, buyers=0.3) * (1.0 - 1.2 * min(seen.header.unknown, 0.8)) * (0.8 if "REMARK" in words else 1.0)
    )


def choose_phones(columns: Sequence[Seen]) -> tuple[dict[Field, Source], list[Unsure]]:
    """The recipient's phones: the mobile first, else the first; the other second."""
    scored = [(fit_phone(seen), seen) for seen in columns]
    found = [(score, seen) for score, seen in scored if score >= SURE]
    if not found:
        weak = tuple(seen.place for score, seen in scored if score >= WEAK)
        bare = tuple(
            seen.place for seen in columns if not seen.header.key and seen.column.said > 1 and seen.column.phone > 0.8
        )
        code = "weak" if weak or bare else "not_found"
        return {}, [Unsure(Field.PHONE1, code, weak or bare)]
    top = max(score for score, _ in found)
    kept = [seen for score, seen in found if score >= top - 0.1]
    places = {seen.place for seen in kept}
    kept += [
        seen
        for score, seen in found
        if seen.place not in places and score >= 0.68 and {seen.place - 1, seen.place + 1} & places
    ]
    kept.sort(key=_phone_order)
    if len(kept) > 1 and not (kept[0].words | kept[1].words) & {"MOBILE", "LANDLINE", "SAFE"}:
        first, second = kept[0].column, kept[1].column
        if first.mobile <= 0.3 and second.mobile >= 0.7 and first.said and second.said:
            kept[0], kept[1] = kept[1], kept[0]
    if len(kept) == 1:  # one header over two cells: 연락처
        kept += [
            seen
            for seen in columns
            if seen.place == kept[0].place + 1 and not seen.header.key and seen.column.said and seen.column.phone > 0.8
        ]
    chosen = {Field.PHONE1: Source((kept[0].place,))}
    if len(kept) > 1:
        chosen[Field.PHONE2] = Source((kept[1].place,))
    return chosen, []


def _phone_order(seen: Seen) -> tuple[int, int, int, int]:
    words = seen.words
    kind = 0 if "MOBILE" in words else 3 if words & {"SAFE", "REMARK", "ADDON"} else 2 if "LANDLINE" in words else 1
    return kind, 0 if seen.column.said else 1, seen.header.order, seen.place


@lru_cache(maxsize=4096)
def place_kind(header: Header) -> str:
    """What part of an address a header names: `full`, `address`, `base`, `detail`, `part`, `lot` or ""."""
    words = header.concepts | header.aside if header.aside & _PLACE_MORE else header.concepts
    if not words & _PLACE_WORDS or not header.concepts <= _PLACE_MORE | {"PER", "CHOICE", "NAME", "LANDLINE"}:
        return ""
    if "NAME" in words and not ({"ROAD", "PART"} & words):
        return ""
    if "PART" in words:
        return "part"
    if "DETAIL" in words:
        return "detail"
    if "FULL" in words or "TOTAL" in words:
        return "full"
    if "LOT" in words:
        return "lot"
    if "BASE" in words:
        return "base"
    return {1: "base", 2: "detail", 3: "detail"}.get(header.order, "address")


def fit_place(seen: Seen) -> float:
    """How well a column is (a part of) the recipient's address."""
    kind = place_kind(seen.header)
    if not kind:
        return 0.0
    column = seen.column
    if column.said and (
        column.phone > 0.5 or column.moment > 0.5 or (kind in {"full", "address", "base"} and column.letters < 0.5)
    ):
        return 0.0
    if column.said and kind in {"full", "address", "base", "lot"} and column.address < 0.15 and column.length < 5:
        return 0.2
    return _belongs(seen, buyers=0.25) * (1.0 - 0.8 * seen.header.unknown) * (0.9 if kind == "lot" else 1.0)


def choose_address(columns: Sequence[Seen]) -> tuple[dict[Field, Source], list[Unsure]]:
    """The column, or the columns joined, that make the recipient's address."""
    scored = [(fit_place(seen), place_kind(seen.header), seen) for seen in columns]
    good = [(score, kind, seen) for score, kind, seen in scored if score >= SURE]
    mains = [each for each in good if each[1] in {"full", "address", "base", "lot", "part"}]
    if not mains:  # an address called 상세주소 and no other
        mains = [(score, "full", seen) for score, kind, seen in good if seen.column.address > 0.6][:1]
    if not mains:
        weak = tuple(seen.place for score, _, seen in scored if score >= 0.2)
        bare = tuple(seen.place for seen in columns if not seen.header.key and seen.column.address > 0.7)
        return {}, [Unsure(Field.ADDRESS, "weak" if weak or bare else "not_found", weak or bare)]
    top = max(score for score, _, _ in mains)
    mains = [each for each in mains if each[0] >= top - 0.12]
    details = [seen for score, kind, seen in good if kind == "detail" and score >= top - 0.16]
    chosen = _mains(mains)
    if len(chosen) == 1:
        kind = next(kind for _, kind, seen in mains if seen is chosen[0])
        if kind != "full":
            chosen += details or _continued(chosen[0], columns)
    elif chosen:
        chosen += details
    chosen = _without_contained(chosen)
    if len(chosen) > 1:
        chosen.sort(key=lambda seen: seen.place)
    return {Field.ADDRESS: Source(tuple(dict.fromkeys(seen.place for seen in chosen)))}, []


def _mains(mains: Sequence[tuple[float, str, Seen]]) -> list[Seen]:
    """The main column of an address, or its parts."""
    parts = [seen for _, kind, seen in mains if kind == "part"]
    if parts:
        return parts + [seen for _, kind, seen in mains if kind in {"address", "base"}]
    order = {"full": 0, "address": 1, "base": 2, "lot": 3}
    said = [each for each in mains if each[2].column.said] or list(mains)
    return [min(said, key=lambda each: (order[each[1]], -round(each[0], 2), each[2].place))[2]]


def _continued(main: Seen, columns: Sequence[Seen]) -> list[Seen]:
    """The column after an address, where one header stands over both or it says 상세 alone."""
    after = next((seen for seen in columns if seen.place == main.place + 1), None)
    if after is None or not after.column.said:
        return []
    column = after.column
    bare = not after.header.key and column.said * 4 >= column.rows and column.number < 0.5
    texty = column.phone < 0.2 and column.postcode < 0.5 and column.moment < 0.2
    return [after] if texty and (bare or after.header.concepts == {"DETAIL"}) else []


def _without_contained(chosen: list[Seen]) -> list[Seen]:
    """Columns whose text another chosen one already holds are left out."""
    kept: list[Seen] = []
    for seen in chosen:
        others = [other for other in chosen if other is not seen and len(other.column.texts) == len(seen.column.texts)]
        if not any(_holds(other, seen) and not (_holds(seen, other) and seen.place < other.place) for other in others):
            kept.append(seen)
    return kept or chosen[:1]


def _holds(outer: Seen, inner: Seen) -> bool:
    pairs = [(a, b) for a, b in zip(outer.column.texts, inner.column.texts, strict=True) if b]
    return bool(pairs) and sum(b in a for a, b in pairs) >= 0.7 * len(pairs)
