"""Which items an action is about: ids, or a filter as of a moment ("all N matching")."""

from dataclasses import dataclass
from datetime import datetime

from jumun.core.errors import JumunError
from jumun.orders.filters import Clause, ItemFilter, where


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
        clause = where(self.filter or ItemFilter())
        if self.as_of is None:
            return clause
        return Clause(
            f"({clause.sql}) AND {{i}}.stored_at <= %(s_as_of)s AND {{i}}.status_since <= %(s_as_of)s",
            clause.params | {"s_as_of": self.as_of},
        )
