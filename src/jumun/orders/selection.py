"""Which items an action is about: ids, or a filter as of a moment ("all N matching")."""

from dataclasses import dataclass
from datetime import datetime

from jumun.core.errors import JumunError
from jumun.orders.filters import Clause, ItemFilter, where

_NO_HOLD_SINCE = """ AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = {i}.id AND h.released_at IS NULL
 AND h.created_at > %(s_as_of)s)"""
"""Of what is held: a hold that came since was not shown, and must not be lifted with the others."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Exactly one of `ids` and `filter`. With a filter, items that changed after `as_of` are left out."""

    ids: tuple[int, ...] | None = None
    filter: ItemFilter | None = None
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        if (self.ids is None) == (self.filter is None):
            raise JumunError("nothing_chosen")
        if any(not 0 < each < 2**63 for each in self.ids or ()):
            raise JumunError("invalid", field="ids")

    def clause(self) -> Clause:
        """The condition it stands for."""
        if self.ids is not None:
            return Clause("{i}.id = ANY(%(s_ids)s::bigint[])", {"s_ids": list(self.ids)})
        wanted = self.filter or ItemFilter()
        clause = where(wanted)
        if self.as_of is None:
            return clause
        sql = f"({clause.sql}) AND {{i}}.stored_at <= %(s_as_of)s AND {{i}}.status_since <= %(s_as_of)s"
        if wanted.held or wanted.hold:
            sql += _NO_HOLD_SINCE
        return Clause(sql, clause.params | {"s_as_of": self.as_of})
