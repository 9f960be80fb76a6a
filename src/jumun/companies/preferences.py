"""How one person wants one company's pages: rows a page, default period, row height, shortcuts, start page.

Kept with the membership (`Member.preferences`), read with it, so that no page asks the database once more. What is
stored and no longer known reads as the default; what is saved is checked.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jumun.companies.models import Member
from jumun.core.errors import JumunError, NotFoundError

ROWS_A_PAGE = (50, 100, 200, 500)
PERIODS = ("1d", "7d", "1m", "3m", "all")
ROW_HEIGHTS = ("low", "normal", "high")
STARTS = ("home", "items", "ready", "ship_by", "claims")


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's settings in one company.

    period   default period of lists whose goods are done with: one of PERIODS
    row      row height of the grid: one of ROW_HEIGHTS
    start    the page that signing in leads to: one of STARTS
    """

    rows_a_page: int = 100
    period: str = "1m"
    shortcuts: bool = True
    row: str = "normal"
    start: str = "home"

    def check(self) -> None:
        """Raises JumunError("invalid") naming the first value that is not one of those offered."""
        for name, allowed in ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise JumunError("invalid", field=name)


ALLOWED: dict[str, tuple[object, ...]] = {
    "rows_a_page": ROWS_A_PAGE,
    "period": PERIODS,
    "shortcuts": (True, False),
    "row": ROW_HEIGHTS,
    "start": STARTS,
}
"""What each setting may be."""


def read_preferences(stored: Mapping[str, Any]) -> Preferences:
    """Preferences from what is stored; a value that is missing, of another type or unknown is the default."""
    default = asdict(Preferences())
    known = {
        name: stored[name]
        for name, allowed in ALLOWED.items()
        if type(stored.get(name)) is type(default[name]) and stored[name] in allowed
    }
    return Preferences(**(default | known))


def get_preferences(person_id: int) -> Preferences:
    """A person's preferences in the company acted for; the defaults for somebody who is no member."""
    stored = Member.objects.filter(person_id=person_id).values_list("preferences", flat=True).first()
    return read_preferences(stored or {})


def save_preferences(person_id: int, wanted: Preferences) -> None:
    """Keep a person's preferences in the company acted for.

    Raises JumunError("invalid") for a value that is not offered, NotFoundError for somebody who is no member.
    """
    wanted.check()
    if not Member.objects.filter(person_id=person_id).update(preferences=asdict(wanted)):
        raise NotFoundError("not_found")
