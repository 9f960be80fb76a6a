"""Korean business days (영업일): weekends, public holidays with their substitutes, and what a company changes of them (N4). Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from jumun.core.clock import KST, in_kst

SATURDAY = 5
MOST_DAYS = 60
"""Most business days a ship-by rule may give."""

Changes = Mapping[date, bool]
"""Days a company changed: True is a day off, False a working day."""


def holiday_name(day: date) -> str:
    """The public holiday of this day in Korean, "" for none. Source: PyPI `holidays`, South Korea."""
    return _public(day.year).get(day, "")


@cache
def _public(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("KR", years=year, language="ko").items())


def is_business_day(day: date, changes: Changes) -> bool:
    """Whether parcels leave on this day. The company's own word goes before weekend and holiday."""
    if day in changes:
        return not changes[day]
    return day.weekday() < SATURDAY and not holiday_name(day)


def next_business_day(day: date, changes: Changes) -> date:
    """This day, or the first business day after it."""
    for _ in range(366):  # a company that never works again must not hang us
        if is_business_day(day, changes):
            break
        day += timedelta(days=1)
    return day


def add_business_days(day: date, days: int, changes: Changes) -> date:
    """The business day `days` after this one; 0 is this day, or the first business day after it."""
    day = next_business_day(day, changes)
    for _ in range(days):
        day = next_business_day(day + timedelta(days=1), changes)
    return day


def count_business_days(start: date, end: date, changes: Changes) -> int:
    """Business days after `start` up to and with `end`; 0 when `end` is not later."""
    days = (end - start).days
    return sum(is_business_day(start + timedelta(days=more), changes) for more in range(1, days + 1))


def ship_by(paid: date, within: int, changes: Changes) -> datetime:
    """The end of the business day `within` days after a day of payment (KST).

    A payment after the cut-off belongs to the next day; the caller says which day it belongs to.
    """
    return end_of(add_business_days(paid, within, changes))


def end_of(day: date) -> datetime:
    """The last second of a day in Seoul."""
    return datetime.combine(day, time(23, 59, 59), KST)


def start_of(day: date) -> datetime:
    """The first moment of a day in Seoul."""
    return datetime.combine(day, time(), KST)


def today(at: datetime) -> date:
    """The day it is in Seoul."""
    return in_kst(at).date()
