"""Lenient readers of Coupang's JSON in the shapes of v4, v5 and v6. Pure: no network, no clock.

What is missing or of another type is "", None or an empty object: reading never raises for what a channel may send.
"""

from datetime import date, datetime, time
from decimal import Decimal

import orjson

from jumun.core.clock import KST
from jumun.core.json_fields import LAST_YEAR, UNDATED, Json, moment, text, whole


def money(row: Json, key: str) -> Decimal | None:
    """An amount: a plain number (v4) or `{currencyCode, units, nanos}` (v5, v6; channels.md §10.15)."""
    value = row.get(key)
    if not isinstance(value, dict):
        plain = whole(row, key)
        return None if plain is None else Decimal(plain)
    units, nanos = whole(value, "units"), whole(value, "nanos")
    return None if units is None else Decimal(units) + Decimal(nanos or 0).scaleb(-9)


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
