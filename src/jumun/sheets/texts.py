"""Values as cells can hold them: no control characters, not too long, no number that would lose digits."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from jumun.sheets.cells import MOST_EXACT
from jumun.sheets.limits import LONGEST_CELL

_SEOUL = ZoneInfo("Asia/Seoul")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CUT = "…"
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel's days are one off."""

Value = str | int | float | bool | Decimal | date | datetime | None


def as_cell(value: Value, kind: str) -> Value:
    """A value as a cell of a column of this kind: in a text column everything is text."""
    if value is None:
        return None
    if type(value) is str:
        return clean(value)
    if isinstance(value, datetime):
        value = value.astimezone(_SEOUL).replace(tzinfo=None) if value.tzinfo else value
        in_cell = kind == "date" and value.date() >= _FIRST_DAY
        return value.replace(microsecond=0) if in_cell else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return datetime.combine(value, time()) if kind == "date" and value >= _FIRST_DAY else value.isoformat()
    if isinstance(value, bool):
        return value if kind == "number" else ("TRUE" if value else "FALSE")
    if isinstance(value, int | float | Decimal):
        return _number(value, kind)
    return clean(str(value))


def _number(value: float | Decimal, kind: str) -> Value:
    """Numbers as numbers where no digit is lost by it."""
    if isinstance(value, Decimal):
        plain = format(value, "f")
        if kind != "number" or not value.is_finite() or len(value.as_tuple().digits) > 15:
            return plain
        return int(value) if value == value.to_integral_value() else float(value)
    if not isfinite(value) or abs(value) > MOST_EXACT or kind != "number":
        return _plain(value)
    return value


def _plain(value: float) -> str:
    return (
        f"{value:.0f}" if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_EXACT else str(value)
    )


def clean(text: str) -> str:
    """Text without what no cell holds: control characters, halves of characters, what is longer than a cell."""
    if not text.isprintable():
        text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    if len(text) * 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST_CELL:
        return text
    return units[: (LONGEST_CELL - 1) * 2].decode("utf-16-le", "ignore") + _CUT
