"""What a run of 할당 is about: whose orders, in which turn, how the stock is given out (C18-C23). Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

GREEDY, BEST = "greedy", "best"
STRATEGIES = (GREEDY, BEST)
LONGEST_DAYS = 366
"""A saved period is so many days back at most."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything left out means all.

    accounts     in the order of their priority; orders of others are left alone
    days         instead of `since`: orders of the last so many days, as a saved one needs
    suppliers, option_tags   shipments with an item of one of these
    held         whether shipments with a held item take part
    quantity_from … amount_to   of the whole order; the amount in its currency
    again        shipments whose stock is given back and given out anew: "full", "partial" (C20)
    partial      whether what is left goes to shipments that cannot be full (C19)
    split        whether what got nothing is taken out into shipments of its own (C22)
    """

    since: datetime | None = None
    until: datetime | None = None
    days: int = 0
    accounts: tuple[int, ...] = ()
    suppliers: tuple[str, ...] = ()
    option_tags: tuple[str, ...] = ()
    held: bool = False
    quantity_from: int | None = None
    quantity_to: int | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    again: tuple[str, ...] = ()
    partial: bool = True
    split: bool = False
    strategy: str = GREEDY

    def as_json(self) -> dict[str, Any]:
        """What a run or a saved one remembers; only what was said."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat()
            if isinstance(value, datetime)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in said.items()
            if value not in (None, ())
        }


def read_criteria(kept: Mapping[str, Any]) -> Criteria:
    """What `as_json` wrote; names nobody knows any more are left out."""
    known = {each.name for each in fields(Criteria)}
    values: dict[str, Any] = {name: value for name, value in kept.items() if name in known}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
        elif name in ("since", "until"):
            values[name] = datetime.fromisoformat(value)
    return Criteria(**values)
