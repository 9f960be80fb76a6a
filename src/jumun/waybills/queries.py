"""Reading parcels: one row for each shipment, as numbers are put on them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from jumun.core.keyset import read_cursor, write_cursor
from jumun.core.masking import mask_name
from jumun.orders.filters import ItemFilter, where
from jumun.orders.queries import MOST
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
       p.reprint, p.needs_waybill, p.push, p.push_code, r.name, r.address1
  FROM (SELECT i.* FROM orders_orderitem i
         WHERE {condition} AND NOT EXISTS (
               SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = i.shipment_id AND {other}
                  AND o.ordered_at >= i.ordered_at AND (o.ordered_at > i.ordered_at OR o.id > i.id) OFFSET 0)
         ORDER BY i.ordered_at DESC, i.id DESC LIMIT %(limit)s) AS l
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
 ORDER BY l.ordered_at DESC, l.id DESC
"""

_PRESSING = ["rejected", "unknown", "sending", "planned", "confirmed", "covered", "not_needed", ""]


def list_parcels(wanted: ItemFilter, *, cursor: str | None = None, limit: int = 50) -> ParcelPage:
    """Shipments with an item the filter means, newest order first. Raises JumunError("bad_cursor")."""
    clause = where(wanted)
    length = max(1, min(limit, MOST))
    condition = clause.over("i")
    params: dict[str, Any] = clause.params | {
        "limit": length + 1,
        "gone": [status.value for status in GONE],
        "pressing": _PRESSING,
    }
    if cursor:
        moment, last = read_cursor(cursor)
        condition += " AND i.ordered_at <= %(c_at)s AND (i.ordered_at < %(c_at)s OR i.id < %(c_id)s)"
        params |= {"c_at": moment, "c_id": last}
    with connection.cursor() as run:
        run.execute(_PAGE.format(condition=condition, other=f"({clause.over('o')})"), params)
        rows = [ParcelRow(*(*row[:-2], mask_name(row[-2]), row[-1])) for row in run.fetchall()]
    more, rows = len(rows) > length, rows[:length]
    return ParcelPage(rows, write_cursor(rows[-1].ordered_at, rows[-1].item) if more else None)


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
