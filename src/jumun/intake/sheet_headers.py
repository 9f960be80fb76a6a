"""Where a sheet's header is: below titles and notices, in one row or in two with merged cells, or nowhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jumun.intake.sheet_columns import looks_like_data
from jumun.intake.sheet_fields import Field
from jumun.intake.sheet_people import PERSONAL, ROLES, place_kind
from jumun.intake.sheet_rules import RULES, fit, fit_amount
from jumun.intake.sheet_values import show
from jumun.intake.sheet_words import read_header
from jumun.sheets.cells import Row

DEEPEST = 60
"""Header rows are looked for among this many first rows."""
_HANGUL = re.compile(r"[가-힣]")
LEAST = 2.0
"""A header row names at least about three fields."""


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A sheet's header: its 1-based row (the lower of two, 0 for none), texts, and the group above each column."""

    row: int
    texts: tuple[str, ...]
    groups: tuple[str, ...]
    score: float


def find_header(head: Sequence[Row]) -> HeaderRow:
    """The row, or pair of rows, that names most fields; the first of equal ones."""
    best = HeaderRow(0, (), (), 0.0)
    rows = head[:DEEPEST]
    for place, row in enumerate(rows):
        texts = tuple(show(cell) for cell in row)
        alone = _score(row, texts, ("",) * len(texts))
        if alone > best.score + 0.01:
            best = HeaderRow(place + 1, texts, ("",) * len(texts), alone)
        if place and alone + 1.0 > 0 and _may_be_header(rows[place - 1]) and _may_be_header(row):
            pair = _pair(tuple(show(cell) for cell in rows[place - 1]), texts)
            both = _score(row, *pair)
            if both > best.score + (0.15 if best.row >= place else 0.01):
                best = HeaderRow(place + 1, *pair, both)
    if best.score < LEAST:
        return HeaderRow(0, (), (), best.score)
    return _with_band(_second_language(best, rows), rows)


def _second_language(found: HeaderRow, rows: Sequence[Row]) -> HeaderRow:
    """Of field keys over Korean names (order_no / 주문번호) the Korean row is the header."""
    if found.row >= len(rows) or _HANGUL.search("".join(found.texts)) or not _may_be_header(rows[found.row]):
        return found
    texts = tuple(show(cell) for cell in rows[found.row])
    score = _score(rows[found.row], texts, ("",) * len(texts))
    if not _HANGUL.search("".join(texts)) or score < 0.7 * found.score:
        return found
    return HeaderRow(found.row + 1, texts, ("",) * len(texts), score)


def _with_band(found: HeaderRow, rows: Sequence[Row]) -> HeaderRow:
    """Group titles over a header that stands by itself say whose its names and phones are."""
    if found.row < 2 or any(found.groups):
        return found
    above = tuple(show(cell) for cell in rows[found.row - 2])
    if sum(bool(text) for text in above) < 2 or not _may_be_header(rows[found.row - 2]):
        return found
    return HeaderRow(found.row, found.texts, _groups(above, found.texts), found.score)


def _may_be_header(row: Row) -> bool:
    said = [cell for cell in row if cell is not None and show(cell)]
    return len(said) >= 2 and not any(looks_like_data(cell) for cell in said)


def _groups(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """What stands over each column, merged cells filled to the right."""
    groups: list[str] = []
    current = ""
    for place, text in enumerate(below):
        over = above[place] if place < len(above) else ""
        if over:
            current = over
        groups.append(current if text else "")
        if not text and not over:
            current = ""
    return tuple(groups)


def _pair(above: Sequence[str], below: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two header rows as one: the lower text, else the upper; the upper one as group of the lower."""
    width = max(len(above), len(below))
    upper = [*above, *[""] * (width - len(above))]
    lower = [*below, *[""] * (width - len(below))]
    groups = _groups(upper, lower)
    texts = tuple(under or over for over, under in zip(upper, lower, strict=True))
    return texts, tuple(group if under else "" for group, under in zip(groups, lower, strict=True))


def _score(row: Row, texts: Sequence[str], groups: Sequence[str]) -> float:
    """How many different fields a row names, less for cells that hold data."""
    best: dict[str, float] = {}
    bonus = 0.0
    for place, text in enumerate(texts):
        if not text or len(text) > 60:
            continue
        name, weight = _means(text, role_of(groups[place]))
        if weight > best.get(name, 0.0):
            best[name] = weight
        elif weight:
            bonus += 0.05
    data = sum(looks_like_data(cell) for cell in row)
    if len(best) < 3:
        return 0.0
    return sum(best.values()) + min(bonus, 0.5) - 0.7 * data


@lru_cache(maxsize=8192)
def _means(text: str, role: str) -> tuple[str, float]:
    """The field a header most likely names, and how well."""
    header = read_header(text)
    if not header.concepts:
        return "", 0.0
    found = max(((fit(field, header, role), field.value) for field in RULES), default=(0.0, ""))
    words = header.concepts
    if words & {"PHONE", "MOBILE"}:
        whose = next((each for each in ROLES if each in words or each == role), "")
        found = max(found, (0.9 * (1 - header.unknown), f"phone{whose}"))
    if kind := place_kind(header):
        found = max(found, (0.9 * (1 - header.unknown), f"address{kind == 'detail'}"))
    kind, weight = fit_amount(header)
    found = max(found, (weight, f"amount{kind}"))
    if found[0] < 0.3 and words and header.unknown < 0.5:
        return "known", 0.3
    return found[1], found[0] if found[1] != Field.PRODUCT_NAME.value or found[0] > 0.6 else found[0] * 0.5


def role_of(text: str) -> str:
    """Whose the columns under a group title are: RECIPIENT, BUYER, SENDER, the PRODUCT's or nobody's."""
    if not text:
        return ""
    words = read_header(text).concepts
    for role in ROLES:
        if role in words:
            return role
    if words & {"DELIVERY", "ADDRESS"} and not words & {"KIND", "WAYBILL", "CARRIER", "SHIPFEE"}:
        return "RECIPIENT"
    if words in (frozenset({"PRODUCT"}), frozenset({"PRODUCT", "INFO"})):
        return "PRODUCT"
    return "BUYER" if words in (frozenset({"CUSTOMER"}), frozenset({"CUSTOMER", "INFO"})) else ""


def near_roles(texts: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Whose a column without a word for it is, by the last one before it that says so, with only personal ones between."""
    roles: list[str] = []
    current, since = "", 0
    for place, text in enumerate(texts):
        words = read_header(text).concepts if text else frozenset()
        own = next((role for role in ROLES if role in words), "") or role_of(groups[place])
        if own:
            current, since = own, 0
            roles.append("")
            continue
        since += 1
        personal = bool(words) and words <= PERSONAL | {"DETAIL", "BASE", "DELIVERY", "INFO"}
        if not personal or since > 6:
            current = ""
        roles.append(current if personal else "")
    return roles
