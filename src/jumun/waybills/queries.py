"""Reading parcels: one row for each shipment, as numbers are put on them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from jumun.core.masking import mask_name
from jumun.orders.filters import Clause, ItemFilter, where
from jumun.orders.queries import MOST
from jumun.orders.queries_items import page_of
from jumun.orders.sorting import KEYS, NEWEST, Sort, value_of, write_cursor
from jumun.orders.states import GONE


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A shipment as the waybill grid shows it; `recipient` is masked.

    item        its newest item that the filter means, which names it
    ids         its items that the filter means
    orders      numbers of the orders in it
    kinds       how many items are in it, `quantity` how many pieces
    push        the most pressing of its items' pushes
    """

    item: int
    shipment_id: int
    shipment: str
    order_id: int
    channel: str
    account_name: str
    status: str
    carrier: str
    waybill: str
    ordered_at: datetime
    currency: str
    ids: list[int]
    orders: list[str]
    product: str
    option: str
    kinds: int
    quantity: int
    amount: Decimal
    ship_by: datetime | None
    claim: str
    holds: list[str]
    reprint: bool
    needs_waybill: bool
    push: str
    push_code: str
    recipient: str
    address: str


class ParcelPage(NamedTuple):
    """Some parcels and the cursor of the next ones; None at the end."""

    parcels: list[ParcelRow]
    next_cursor: str | None


# `OFFSET 0`: shipment by shipment, by its index. As a join of everything with everything it would read the whole step.
_PAGE = """
SELECT l.id, l.shipment_id, l.bundle_no, l.order_id, l.channel, c.name, l.status, l.carrier, l.waybill, l.ordered_at,
       l.currency, p.ids, p.orders, p.product, p.option, p.kinds, p.quantity, p.amount, p.ship_by, p.claim,
       CASE WHEN p.held THEN ARRAY(SELECT DISTINCT h.reason FROM orders_hold h
                                    WHERE h.item_id = ANY(p.ids) AND h.released_at IS NULL ORDER BY 1) ELSE '{{}}' END,
       p.reprint, p.needs_waybill, p.push, p.push_code, r.name, r.address1, l.sort_value
  FROM (SELECT i.*, row_number() OVER (ORDER BY {order}) AS place FROM ({source}) AS i) AS l
  JOIN channels_channelaccount c ON c.id = l.account_id
  JOIN orders_recipient r ON r.order_id = l.order_id
 CROSS JOIN LATERAL (
       SELECT array_agg(o.id ORDER BY o.id) FILTER (WHERE {other}) AS ids, array_agg(DISTINCT o.order_number) AS orders,
              (array_agg(o.product_name ORDER BY o.id))[1] AS product, (array_agg(o.option_text ORDER BY o.id))[1] AS option,
              count(*) AS kinds, sum(o.quantity) AS quantity, sum(o.amount) AS amount, min(o.ship_by) AS ship_by,
              coalesce(max(o.claim) FILTER (WHERE o.claim_open), '') AS claim, bool_or(o.held) AS held,
              bool_or(o.reprint) AS reprint, bool_or(o.needs_waybill) AS needs_waybill,
              (array_agg(o.push ORDER BY array_position(%(pressing)s::text[], o.push::text)))[1] AS push,
              max(o.push_code) AS push_code
         FROM orders_orderitem o WHERE o.shipment_id = l.shipment_id AND o.status <> ALL(%(gone)s)) AS p
 ORDER BY l.place
"""

_PRESSING = ["rejected", "unknown", "sending", "planned", "confirmed", "covered", "not_needed", ""]


def list_parcels(wanted: ItemFilter, *, cursor: str | None = None, limit: int = 50, sort: Sort = NEWEST) -> ParcelPage:
    """Shipments with an item the filter means; each stands where the first of these would stand in a list of items.

    By amount it stands where its own belongs: that of all its live items.

    Raises JumunError("bad_cursor") and JumunError("too_many_to_sort").
    """
    clause = where(wanted)
    length = max(1, min(limit, MOST))
    if sort.key == "amount":
        sort = Sort("shipment_amount", sort.descending)
    first = Clause(f"{clause.sql} AND {only_first(clause, sort)}", clause.params)
    ordered = page_of(first, wanted, sort, cursor, length=length)
    sql = _PAGE.format(source=ordered.source, order=ordered.order, other=f"({clause.over('o')})")
    about = {"gone": [status.value for status in GONE], "pressing": _PRESSING}
    with connection.cursor() as run:
        run.execute(sql, clause.params | ordered.params | about)
        found = run.fetchall()
    rows = [ParcelRow(*(*row[:-3], mask_name(row[-3]), row[-2])) for row in found[:length]]
    more = len(found) > length
    return ParcelPage(rows, write_cursor(sort, found[length - 1][-1], rows[-1].item) if more else None)


def only_first(clause: Clause, sort: Sort) -> str:
    """The condition that no other item of the shipment that the filter means comes before `{i}` in this order."""
    mine, other = value_of(sort, "{i}"), value_of(sort, "o")
    beyond = ">" if sort.descending else "<"
    before = f"({other}, o.id) {beyond} ({mine}, {{i}}.id)"
    if KEYS[sort.key].of_shipment:
        before = f"o.id {beyond} {{i}}.id"
    elif KEYS[sort.key].nullable:
        before = f"({before} OR ({mine} IS NULL AND ({other} IS NOT NULL OR o.id {beyond} {{i}}.id)))"
    return (
        f"NOT EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = {{i}}.shipment_id"
        f" AND ({clause.over('o')}) AND {before} OFFSET 0)"
    )


@dataclass(frozen=True, slots=True)
class Numbered:
    """How the shipment of an item stands: what a typed row was typed over."""

    item: int
    shipment_id: int
    shipment: str
    order_id: int
    status: str
    carrier: str
    waybill: str
    push: str


def find_numbered(items: list[int]) -> dict[int, Numbered]:
    """These items' shipments, by item; unknown ones are left out."""
    with connection.cursor() as run:
        run.execute(
            "SELECT id, shipment_id, bundle_no, order_id, status, carrier, waybill, push FROM orders_orderitem"
            " WHERE id = ANY(%s::bigint[])",
            [items],
        )
        return {row[0]: Numbered(*row) for row in run.fetchall()}
