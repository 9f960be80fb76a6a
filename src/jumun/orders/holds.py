"""Reading holds: why the items of an order must wait, who said so, and until when (N12)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from jumun.orders.models import Hold


@dataclass(frozen=True, slots=True)
class HoldShown:
    """One reason one person gave at one moment, for one or more items of an order. `by` is "" for the machine."""

    reason: str
    note: str
    by: str
    since: datetime
    until: datetime | None
    items: tuple[int, ...]


def list_holds(order_id: int) -> list[HoldShown]:
    """The open holds of an order's items, oldest first; what one batch held is one."""
    found = Hold.objects.filter(item__order_id=order_id, released_at=None).select_related("by")
    rows = list(found.order_by("created_at", "reason", "note", "until", "item_id"))
    return [
        HoldShown(reason, note, name, since, until, tuple(row.item_id for row in together))
        for (since, reason, note, until, name), together in groupby(rows, key=_key)
    ]


def _key(row: Hold) -> tuple[datetime, str, str, datetime | None, str]:
    return row.created_at, row.reason, row.note, row.until, row.by.name if row.by else ""
