"""Lenient readers of Coupang's JSON in the shapes of v4, v5 and v6. Pure: no network, no clock.

What is missing or of another type is "", None or an empty object: reading never raises for what a channel may send.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

import orjson

from jumun.core.clock import KST

Json = Mapping[str, object]
"""One JSON object as received."""

NOTHING: Json = {}
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a date that could not be read; only ever beside `Stage.UNKNOWN`."""

LAST_YEAR = 2200
MOST = 10**15
"""No quantity or sum of won is larger; what is was misread, and would not fit a database column."""


def text(row: Json, key: str) -> str:
    """A string or a number as text: ids come as either."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def whole(row: Json, key: str) -> int | None:
    """A whole number, also as text."""
    value = row.get(key)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST <= value <= MOST:
        return None
    return int(value) if int(value) == value else None


def money(row: Json, key: str) -> Decimal | None:
    """An amount: a plain number (v4) or `{currencyCode, units, nanos}` (v5, v6; channels.md §10.15)."""
    value = row.get(key)
    if not isinstance(value, dict):
        plain = whole(row, key)
        return None if plain is None else Decimal(plain)
    units, nanos = whole(value, "units"), whole(value, "nanos")
    return None if units is None else Decimal(units) + Decimal(nanos or 0).scaleb(-9)


def moment(row: Json, key: str) -> datetime | None:
    """A date-time with T or a blank in the middle; without an offset it is Seoul's (§10.14, §10.15)."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not UNDATED.year < found.year < LAST_YEAR:
        return None
    return found.replace(tzinfo=KST) if found.tzinfo is None else found.astimezone(KST)


def end_of_day(row: Json, key: str) -> datetime | None:
    """The last second in Seoul of a date, or of the day a date-time falls on."""
    exact = moment(row, key)
    if exact is None:
        try:
            day = date.fromisoformat(text(row, key)[:10])
        except ValueError:
            return None
        if not UNDATED.year < day.year < LAST_YEAR:
            return None
    else:
        day = exact.date()
    return datetime.combine(day, time(23, 59, 59), KST)


def child(row: Json, key: str) -> Json:
    """An object inside, or an empty one."""
    value = row.get(key)
    return value if isinstance(value, dict) else NOTHING


def rows_of(holder: Json, key: str) -> list[Json]:
    """The objects of a JSON list; an object counts as a list of one, what is no object is left out."""
    value = holder.get(key)
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def read_json(body: bytes) -> Json | None:
    """A body as one JSON object, or None when it is none (HTML, cut short, another charset).

    NUL characters are taken out: no database column holds them, and one memo must not stop an account.
    """
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if b"\\u0000" in body:
        found = _without_nul(found)
    return found if isinstance(found, dict) else None


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value
