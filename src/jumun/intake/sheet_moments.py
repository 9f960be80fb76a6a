"""A cell as a moment on a Korean clock: real dates, serial numbers and the many ways people write them."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from jumun.core.clock import KST
from jumun.intake.sheet_values import EMPTY, Read, show
from jumun.sheets.cells import Cell

_EPOCH = datetime(1899, 12, 30)
_NOTHING = frozenset({"", "-", "--", "없음", "미입력", "n/a", "null", "none"})
_CLOCK = (
    r"(?P<half>오전|오후|am|pm)?\s*(?P<hour>\d{1,2})\s*[:시]\s*(?P<minute>\d{1,2})?\s*분?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*초?)?\s*(?P<late>am|pm)?\s*(?P<zone>z|utc|kst|[+-]\d\d:?\d\d)?"
)
_REST = rf"(?:\s*\(.{{1,3}}\)|\s*[월화수목금토일]요일)?(?:[t,\s]+{_CLOCK})?\Z"
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4}|\d{2})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*일?\.?" + _REST
)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-./](?P<two>\d{1,2})[-./](?P<year>\d{4}|\d{2})" + _REST)
_CLOSE = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)" + _REST)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NAMED = (
    re.compile(
        rf"(?:[a-z]{{3,9}},?\s+)?{_MONTH}[-\s]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[-\s]+(?P<year>\d{{4}})" + _REST
    ),
    re.compile(
        rf"(?:[a-z]{{3,9}},?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s]+{_MONTH},?[-\s]+(?P<year>\d{{4}})" + _REST
    ),
)
_DIGITS = {6: "%y%m%d", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def read_moment(cell: Cell, order: str = "") -> Read:
    """A moment as ISO text in Korean time; without a time of day it is midnight.

    order    what 05/06/2026 means in this sheet: "dmy", "mdy"; "" refuses it

    >>> read_moment("2026.11.22 오후 2:03").text, read_moment(20261122140311).text
    ('2026-11-22T14:03:00+09:00', '2026-11-22T14:03:11+09:00')
    >>> read_moment("22/11/2026").text, read_moment("05/06/2026").code, read_moment("내일").code
    ('2026-11-22T00:00:00+09:00', 'date_unusable', 'date_unusable')
    """
    if cell is None:
        return EMPTY
    if isinstance(cell, str) and cell.strip().lower() in _NOTHING:
        return EMPTY
    try:
        moment = _moment(cell, order)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 2000 <= moment.year < 2100:
        return Read(show(cell), "date_unusable")
    return Read(moment.astimezone(KST).isoformat(timespec="seconds"))


def _moment(cell: Cell, order: str) -> datetime | None:
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=KST)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=KST)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _from_number(cell)
    return _from_text(cell, order) if isinstance(cell, str) else None


def _from_number(number: float) -> datetime | None:
    if 30_000 <= number < 80_000:  # a serial: days since 1899-12-30
        return (_EPOCH + timedelta(seconds=round(number * 86_400))).replace(tzinfo=KST)
    return _from_digits(str(int(number))) if number == int(number) else None


def _from_digits(digits: str) -> datetime | None:
    if len(digits) == 13 and digits[0] == "1":
        return datetime.fromtimestamp(int(digits) // 1000, tz=KST)
    if len(digits) == 10 and digits[0] == "1":
        return datetime.fromtimestamp(int(digits), tz=KST)
    form = _DIGITS.get(len(digits))
    return datetime.strptime(digits, form).replace(tzinfo=KST) if form else None


def _from_text(written: str, order: str) -> datetime | None:
    text = unicodedata.normalize("NFKC", show(written)).removeprefix("'").lower().strip()
    if text.isdecimal():
        return _from_number(int(text)) if len(text) == 5 else _from_digits(text)
    if re.fullmatch(r"20\d{6}[\st_-]\d{4}(?:\d\d)?", text):
        return _from_digits(re.sub(r"\D", "", text))
    if re.fullmatch(r"\d{5}\.\d+", text):
        return _from_number(float(text))
    text = text.replace("下午", "오후").replace("上午", "오전").replace("午後", "오후").replace("午前", "오전")
    text = text.replace("a.m.", "am").replace("p.m.", "pm").replace("年", "년").replace("月", "월").replace("日", "일")
    found = _YEAR_FIRST.match(text) or _CLOSE.match(text)
    if found:
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        if year >= 100 or month <= 12:
            return _at(found, year, month, day)
    found = _YEAR_LAST.match(text)
    if found:
        one, two = int(found["one"]), int(found["two"])
        if one > 12 or (order == "dmy" and two <= 12):
            return _at(found, int(found["year"]), two, one)
        if two > 12 or order == "mdy" or one == two:
            return _at(found, int(found["year"]), one, two)
        return None
    for named in _NAMED:
        if found := named.match(text):
            return _at(found, int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    return None


def _at(found: re.Match[str], year: int, month: int, day: int) -> datetime:
    year += 2000 if year < 100 else 0
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    half = found["half"] or found["late"] or ""
    if half in {"오후", "pm"} and hour < 12:
        hour += 12
    elif half in {"오전", "am"} and hour == 12:
        hour = 0
    if hour == 24 and not minute:
        return datetime(year, month, day, tzinfo=KST) + timedelta(days=1)
    zone = found["zone"] or ""
    moment = datetime(year, month, day, hour, minute, second, tzinfo=KST)
    if zone and zone != "kst":
        offset = "+00:00" if zone in {"z", "utc"} else zone
        return datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset)
    return moment


def which_order(texts: list[str]) -> str:
    """What 05/06/2026 means by the other dates of the column: "dmy", "mdy", "" where it does not arise, "?" if unclear."""
    seen = set()
    for text in texts:
        if found := _YEAR_LAST.match(unicodedata.normalize("NFKC", text).strip().lower()):
            one, two = int(found["one"]), int(found["two"])
            if len(found["year"]) == 4 or one > 31:
                seen.add("dmy" if one > 12 else "mdy" if two > 12 else "same" if one == two else "?")
    if {"dmy", "mdy"} <= seen:
        return "?"
    return "dmy" if "dmy" in seen else "mdy" if "mdy" in seen else "?" if "?" in seen else ""


def clock_text(cell: Cell) -> str:
    """A cell that says a time of day or a date, as text that can stand beside the other one.

    >>> clock_text(0.5), clock_text("140311"), clock_text(date(2026, 11, 22))
    ('12:00:00', '14:03:11', '2026-11-22')
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, timedelta):
        cell = cell.total_seconds() / 86_400
    if isinstance(cell, float) and 0 <= cell < 1:
        seconds = round(cell * 86_400)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, int | float) and 30_000 <= cell < 80_000:
        return (_EPOCH + timedelta(days=int(cell))).date().isoformat()
    text = show(cell)
    if re.fullmatch(r"\d{5,6}", text):
        text = text.zfill(6)
        return f"{text[:2]}:{text[2:4]}:{text[4:]}"
    return text
