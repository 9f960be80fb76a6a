"""The company's own days: one more day off, or a public holiday that is worked (N4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jumun.channels.calendar import SATURDAY, Changes, holiday_name, is_business_day
from jumun.channels.models import Holiday
from jumun.core.errors import JumunError

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not like others. `public`: the holiday's name; `changed`: the company said so."""

    day: date
    public: str
    name: str
    off: bool
    changed: bool


def read_changes() -> dict[date, bool]:
    """Every day the company changed. One statement."""
    return dict(Holiday.objects.values_list("day", "off"))


def list_days(first: date, last: date) -> list[Day]:
    """Public holidays and changed days from `first` to `last`; plain weekends are left out."""
    own = {row.day: row for row in Holiday.objects.filter(day__range=(first, last))}
    changes: Changes = {day: row.off for day, row in own.items()}
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        public = holiday_name(day)
        if public or day in own:
            name = own[day].name if day in own else ""
            found.append(Day(day, public, name, not is_business_day(day, changes), day in own))
    return found


def list_own() -> Sequence[Holiday]:
    """What the company changed, earliest first."""
    return list(Holiday.objects.order_by("day"))


def put_day(company_id: int, day: date, *, off: bool, name: str = "") -> None:
    """Make a day a day off or a working day. Raises JumunError("invalid")."""
    name = name.strip()
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise JumunError("invalid", field="name")
    Holiday.objects.update_or_create(company_id=company_id, day=day, defaults={"off": off, "name": name})


def drop_day(day: date) -> None:
    """Let a day be as the public calendar has it."""
    Holiday.objects.filter(day=day).delete()


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= SATURDAY
