"""A filter as the address of a list: names and texts, in one fixed order. Pure; pages, saved views and REST read it.

Four dates may be asked for: `ordered`, `paid`, `ship_by`, `status_since`. Each is a named period (`1d`, `7d`, `1m`,
`3m`; `ship_by` also `late`) or `from~to` in Korean time, to the day or to the minute, both ends meant, either left out.
Looking back, `7d` begins at midnight six days ago; `ship_by` looks ahead: `7d` is everything due within seven days and
what is late. `from`, `to`, `by` and `period` say the same of one date: `by=paid&period=7d` is `paid=7d`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jumun.core.clock import KST, in_kst
from jumun.core.errors import JumunError
from jumun.orders.filters import ItemFilter, read_filter

Given = Mapping[str, Iterable[str]]
MANY = ("status", "channel", "channel_account", "push", "allocation", "hold", "number", "shipment", "line_no", "sku")
PLAIN = (
    "claim",
    "held",
    "matched",
    "reprint",
    "carrier",
    "waybill",
    "amount_from",
    "amount_to",
    "recipient",
    "memo",
    "moved_by",
    "refused_by",
    "list",
    "q",
)
DATES = ("ordered", "paid", "ship_by", "status_since")
PERIODS = ("1d", "7d", "1m", "3m")
LATE = "late"
EVERYTHING = "all"
"""No period, said in so many words: where there is one by default."""
CUSTOM = "custom"
"""What a form says of a date whose two ends stand beside it."""
NAMES = (*MANY, *PLAIN, *DATES, "period")
LONGEST = 4000
_EARLIEST, _LATEST = 2000, 2100
_DAYS = {"1d": 0, "7d": 6}
_MONTHS = {"1m": 1, "3m": 3}


def settle(given: Given) -> dict[str, str]:
    """The same conditions in their one form and order: nothing empty, several values joined by commas."""
    texts = {name: [each.strip() for each in values if each.strip()] for name, values in given.items()}
    dates = _dates(texts)
    settled: dict[str, str] = {}
    for name in MANY:
        values = dict.fromkeys(part for value in texts.get(name, ()) for part in value.split(",") if part)
        if values:
            settled[name] = ",".join(values)
    for name in PLAIN:
        if texts.get(name):
            settled[name] = texts[name][-1]
    settled |= {name: dates[name] for name in DATES if dates.get(name, EVERYTHING) != EVERYTHING}
    if EVERYTHING in dates.values() and not any(name in settled for name in DATES):
        settled["period"] = EVERYTHING
    return settled


def _dates(texts: Mapping[str, list[str]]) -> dict[str, str]:
    """What is asked of each date: a period, "from~to", or "all"."""
    found: dict[str, str] = {}
    for name in DATES:
        said = _last(texts, name)
        ends = _last(texts, f"{name}_from"), _last(texts, f"{name}_to")
        if any(ends) and said in ("", CUSTOM):
            found[name] = "~".join(ends)
        elif said and said != CUSTOM:
            found[name] = said
    by = _last(texts, "by") or "ordered"
    if by not in DATES:
        raise JumunError("invalid", field="by")
    ends = _last(texts, "from"), _last(texts, "to")
    if _last(texts, "period") not in ("", CUSTOM):
        found[by] = _last(texts, "period")
    elif any(ends):
        found[by] = "~".join(ends)
    return found


def _last(texts: Mapping[str, list[str]], name: str) -> str:
    values = texts.get(name)
    return values[-1] if values else ""


def read_settled(settled: Mapping[str, str], *, at: datetime, numbers: tuple[str, ...] = ()) -> ItemFilter:
    """The filter these conditions stand for at a moment.

    numbers   what `list` stands for (orders.number_lists)

    Raises JumunError("invalid") naming the condition, JumunError("numbers_gone") for a list without numbers.
    """
    given: dict[str, Any] = {name: settled[name].split(",") for name in MANY if settled.get(name)}
    given |= {name: settled[name] for name in PLAIN if settled.get(name) and name != "list"}
    for name in DATES:
        if settled.get(name):
            since, until = read_period(name, settled[name], at=at)
            given |= {f"{name}_from": since, f"{name}_to": until}
    if settled.get("list"):
        if not numbers:
            raise JumunError("numbers_gone")
        given["numbers"] = list(numbers)
    return read_filter(given)


def read_text(text: str) -> dict[str, str]:
    """The conditions of a query string as they are kept with a view, in their one form.

    Raises JumunError("invalid") for what is no condition.
    """
    if len(text) > LONGEST or "\x00" in text:
        raise JumunError("invalid", field="query")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(text.removeprefix("?")):
        if name not in (*NAMES, "from", "to", "by"):
            raise JumunError("invalid", field=name[:40])
        given.setdefault(name, []).append(value)
    return settle(given)


def write_text(settled: Mapping[str, str]) -> str:
    """The query string of conditions."""
    return urlencode(settled, safe=",~:")


def read_period(name: str, text: str, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    """From (included) and to (not included) of a period or of "from~to". Raises JumunError("invalid")."""
    today = datetime.combine(in_kst(at).date(), time(), KST)
    if name == "ship_by" and text == LATE:
        return None, at
    if text in PERIODS:
        if name == "ship_by":
            return None, _ahead(today, text)
        return _back(today, text), None
    since, mark, until = text.partition("~")
    try:
        if not mark or not (since or until):
            raise ValueError(text)
        begin = _moment(since, last=False) if since else None
        end = _moment(until, last=True) if until else None
        if begin and end and begin >= end:
            raise ValueError(text)
    except ValueError as problem:
        raise JumunError("invalid", field=name) from problem
    return begin, end


def _back(today: datetime, period: str) -> datetime:
    return today - timedelta(days=_DAYS[period]) if period in _DAYS else _shift(today, -_MONTHS[period])


def _ahead(today: datetime, period: str) -> datetime:
    last = today + timedelta(days=_DAYS[period]) if period in _DAYS else _shift(today, _MONTHS[period])
    return last + timedelta(days=1)


def _shift(day: datetime, months: int) -> datetime:
    """The same day some months away, or the last one of a shorter month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return day.replace(year=year, month=month, day=min(day.day, (following - timedelta(days=1)).day))


def _moment(text: str, *, last: bool) -> datetime:
    """A day or a minute in Korea; as an end, the day or the minute is meant whole."""
    whole = timedelta(days=1) if len(text) <= len("2026-11-22") else timedelta(minutes=1)
    moment = datetime.fromisoformat(text)
    if not _EARLIEST <= moment.year < _LATEST or moment.tzinfo is not None:
        raise ValueError(text)
    return moment.replace(second=0, microsecond=0, tzinfo=KST) + (whole if last else timedelta(0))
