"""Reading items: lists by cursor in any order, and counts that stop at 10,000."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from jumun.core.errors import JumunError
from jumun.core.masking import mask_name
from jumun.orders.filters import NONE, Clause, ItemFilter, where
from jumun.orders.searching import is_a_number
from jumun.orders.sorting import ALL_STATUSES, NEWEST, Ordered, Sort, order_page, read_cursor, write_cursor
from jumun.orders.states import PIPELINE, Status

MOST = 200
"""Longest page of a list (DESIGN §5)."""

COUNTED_TO = 10_000
"""Counts beyond this read "10,000+"."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as lists show it. `recipient` and `address` are masked; `amount` is in `currency`."""

    id: int
    order_id: int
    order_number: str
    channel: str
    channel_account: int
    account_name: str
    line_no: str
    origin: str
    status: str
    status_since: datetime
    quantity: int
    amount: Decimal
    currency: str
    product_name: str
    option_text: str
    sku: str
    matched: bool
    shipment_id: int
    shipment: str
    carrier: str
    waybill: str
    claim: str
    claim_open: bool
    held: bool
    holds: list[str]
    push: str
    push_code: str
    method: str
    reprint: bool
    allocation: str
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    recipient: str
    address: str

    @property
    def cancelled_at(self) -> datetime | None:
        """취소 일시: since when it is cancelled (Q35)."""
        return self.status_since if self.status == Status.CANCELLED else None


class ItemPage(NamedTuple):
    """Some items and the cursor of the next ones; None at the end."""

    items: list[ItemRow]
    next_cursor: str | None


_PAGE = """
SELECT i.id, i.order_id, i.order_number, i.channel, i.account_id, a.name, i.line_no, i.origin, i.status, i.status_since,
       i.quantity, i.amount, i.currency, i.product_name, i.option_text, i.sku_code, i.matched, i.shipment_id, i.bundle_no,
       i.carrier, i.waybill, i.claim, i.claim_open, i.held,
       CASE WHEN i.held THEN ARRAY(SELECT h.reason FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL
                                    ORDER BY h.id) ELSE '{{}}' END,
       i.push, i.push_code, i.method, i.reprint, i.allocation, i.ordered_at, i.paid_at, i.ship_by, r.name, r.address1, i.sort_value
  FROM ({source}) AS i
  JOIN channels_channelaccount a ON a.id = i.account_id
  JOIN orders_recipient r ON r.order_id = i.order_id
 ORDER BY {order}
"""


def list_items(
    wanted: ItemFilter,
    *,
    ids: Sequence[int] | None = None,
    cursor: str | None = None,
    limit: int = 50,
    sort: Sort = NEWEST,
) -> ItemPage:
    """Items in order. With `ids`, only those. Raises JumunError("bad_cursor"), JumunError("too_many_to_sort")."""
    clause = where(wanted)
    if ids is not None:
        clause = Clause(f"{clause.sql} AND {{i}}.id = ANY(%(ids)s::bigint[])", clause.params | {"ids": list(ids)})
    length = max(1, min(limit, MOST))
    ordered = page_of(clause, wanted, sort, cursor, length=length, few=ids is not None)
    with connection.cursor() as run:
        run.execute(_PAGE.format(source=ordered.source, order=ordered.order), clause.params | ordered.params)
        found = run.fetchall()
    rows = [_masked(row) for row in found[:length]]
    more = len(found) > length
    return ItemPage(rows, write_cursor(sort, found[length - 1][-1], rows[-1].id) if more else None)


def page_of(
    clause: Clause, wanted: ItemFilter, sort: Sort, cursor: str | None, *, length: int, few: bool = False
) -> Ordered:
    """The SQL of one page of a filter, one row longer than the page. `few`: the clause is narrower than its filter.

    Raises JumunError("bad_cursor") and JumunError("too_many_to_sort").
    """
    place = read_cursor(cursor, sort) if cursor else None
    if sort.most is not None and not few and count_items(wanted, most=sort.most) > sort.most:
        raise JumunError("too_many_to_sort", most=f"{sort.most:,}")
    return order_page(clause.over("i"), sort, place, limit=length + 1, statuses=None if few else _merged(wanted, sort))


_NARROW = (
    "number", "shipment", "line_no", "sku", "numbers", "recipient", "memo", "moved_by", "refused_by", "hold", "push",
    "claim", "held", "reprint", "allocation",
)  # fmt: skip
"""Filters that mean few items, found by an index of their own."""


def _merged(wanted: ItemFilter, sort: Sort) -> Sequence[str] | None:
    """The statuses to merge a page from: none for one status, None where the filter has an index of its own."""
    narrow = any(getattr(wanted, name) for name in _NARROW) or wanted.matched is False or is_a_number(wanted.q)
    if narrow or wanted.waybill not in ("", NONE):
        return None
    if len(wanted.status) == 1 or (sort.key == "ordered" and not wanted.status):
        return ()
    return wanted.status or ALL_STATUSES


def _masked(row: tuple[Any, ...]) -> ItemRow:
    """The row without its sort value, its recipient masked."""
    return ItemRow(*(*row[:-3], mask_name(row[-3]), row[-2]))


def count_items(wanted: ItemFilter, *, most: int = COUNTED_TO) -> int:
    """How many items the filter means, counted no further than `most` + 1."""
    clause = where(wanted)
    with connection.cursor() as run:
        run.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE {clause.over('i')} LIMIT %(most)s) AS counted",
            clause.params | {"most": most + 1},
        )
        return int(run.fetchone()[0])


def count_views(wanted: Sequence[ItemFilter], *, most: int = COUNTED_TO) -> list[int]:
    """How many items each filter means, counted no further than `most` + 1. One statement."""
    if not wanted:
        return []
    parts: list[str] = []
    params: dict[str, Any] = {"most": most + 1}
    for place, each in enumerate(wanted):
        clause = where(each)
        sql = clause.over("i").replace("%(", f"%(v{place}_")
        params |= {f"v{place}_{name}": value for name, value in clause.params.items()}
        parts.append(
            f"SELECT {place}, (SELECT count(*) FROM"
            f" (SELECT 1 FROM orders_orderitem i WHERE {sql} LIMIT %(most)s) AS counted)"
        )
    with connection.cursor() as run:
        run.execute(" UNION ALL ".join(parts), params)
        found = dict(run.fetchall())
    return [int(found[place]) for place in range(len(wanted))]


@dataclass(frozen=True, slots=True)
class Steps:
    """The flow strip: items by status, and open claims by kind. Counts above 10,000 stop at 10,001."""

    statuses: Mapping[str, int]
    claims: Mapping[str, int]


def count_steps() -> Steps:
    """Live counts of the pipeline and of open claims; each stops at 10,001, so that old rows cost nothing."""
    parts = " UNION ALL ".join(
        f"SELECT '{status.value}', (SELECT count(*) FROM (SELECT 1 FROM orders_orderitem WHERE status = '{status.value}'"
        f" LIMIT {COUNTED_TO + 1}) AS s)"
        for status in PIPELINE
    )
    with connection.cursor() as run:
        run.execute(parts)
        statuses = dict(run.fetchall())
        run.execute("SELECT split_part(claim, '_', 1), count(*) FROM orders_orderitem WHERE claim_open GROUP BY 1")
        claims = {"cancel": 0, "exchange": 0, "return": 0} | dict(run.fetchall())
    return Steps(statuses, claims)


def list_items_of(order_ids: Sequence[int]) -> list[ItemRow]:
    """Every item of these orders, order by order."""
    source = "SELECT i.*, i.id AS sort_value FROM orders_orderitem i WHERE i.order_id = ANY(%(orders)s::bigint[])"
    with connection.cursor() as run:
        run.execute(_PAGE.format(source=source, order="i.order_id, i.id"), {"orders": list(order_ids)})
        return [_masked(row) for row in run.fetchall()]
