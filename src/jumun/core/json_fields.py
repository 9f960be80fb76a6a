"""Lenient readers of one JSON object: what is missing or of another type is "", None or an empty object. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

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
    """A text, or a number as text, without spaces around it."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def whole(row: Json, key: str) -> int | None:
    """A whole number, also one written as text."""
    value = row.get(key)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST <= value <= MOST:
        return None
    return int(value) if int(value) == value else None


def moment(row: Json, key: str) -> datetime | None:
    """An ISO-8601 moment; one without an offset is Korean time."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not UNDATED.year < read.year < LAST_YEAR:
        return None
    return read.replace(tzinfo=KST) if read.tzinfo is None else read.astimezone(KST)


def child(row: Json, key: str) -> Json:
    """An object inside the object."""
    value = row.get(key)
    return value if isinstance(value, dict) else NOTHING


def rows_of(holder: Json, key: str) -> list[Json]:
    """The objects of a JSON list; what is no list counts as empty, what is no object is left out."""
    value = holder.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def first(*values: int | None) -> int | None:
    """The first that is there."""
    return next((value for value in values if value is not None), None)
