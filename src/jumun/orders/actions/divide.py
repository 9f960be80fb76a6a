"""나누기: an item becomes two of one line, the second in the same shipment until it is taken out (DESIGN §2, C22)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from jumun.orders.events import ItemsMoved, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company

ACTION = "divide"
DIVISIBLE = (
    "{i}.status = 'preparing' AND {i}.origin = 'line' AND NOT {i}.held AND NOT {i}.claim_open AND {i}.waybill = ''"
    " AND {i}.push IN ('', 'not_needed')"
)
"""SQL: an item may be divided. After 상품준비 only a claim divides."""

_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (
       SELECT i.shipment_id FROM orders_orderitem i WHERE i.id = ANY(%(items)s::bigint[])) ORDER BY s.id FOR UPDATE) AS locked;
SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE i.id = ANY(%(items)s::bigint[]) ORDER BY i.id FOR UPDATE) AS locked
"""
_DIVIDE = f"""
WITH wanted AS MATERIALIZED (
    SELECT i.id, i.order_id, i.status, i.last_batch AS prior, i.quantity AS was, w.keep,
           trunc(i.amount * w.keep / i.quantity, CASE i.currency WHEN 'KRW' THEN 0 ELSE 2 END) AS amount,
           nextval(pg_get_serial_sequence('orders_orderitem', 'id')) AS new_id
      FROM unnest(%(items)s::bigint[], %(keeps)s::int[]) AS w(item_id, keep)
      JOIN orders_orderitem i ON i.id = w.item_id
     WHERE w.keep BETWEEN 1 AND i.quantity - 1 AND {DIVISIBLE.format(i="i")}
), made AS (
    INSERT INTO orders_orderitem (id, company_id, order_id, line_id, shipment_id, account_id, channel, order_number, line_no,
        unit, bundle_no, origin, status, status_since, last_batch, quantity, amount, currency, product_name, option_text,
        sku_id, sku_code, matched, ship_from_id, ordered_at, paid_at, ship_by, stored_at, claim, claim_open, held, method,
        needs_waybill, reprint, push, push_code, carrier, waybill)
    OVERRIDING SYSTEM VALUE
    SELECT w.new_id, i.company_id, i.order_id, i.line_id, i.shipment_id, i.account_id, i.channel, i.order_number, i.line_no,
           i.unit, i.bundle_no, i.origin, i.status, i.status_since, %(batch)s, w.was - w.keep, i.amount - w.amount,
           i.currency, i.product_name, i.option_text, i.sku_id, i.sku_code, i.matched, i.ship_from_id, i.ordered_at,
           i.paid_at, i.ship_by, i.stored_at, i.claim, false, false, i.method, i.needs_waybill, i.reprint, i.push, '', '', ''
      FROM wanted w JOIN orders_orderitem i ON i.id = w.id
), parts AS (
    INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
    SELECT p.company_id, w.new_id, p.sku_id, p.per_unit FROM wanted w JOIN orders_component p ON p.item_id = w.id
), rest AS (
    UPDATE orders_orderitem i SET quantity = w.keep, amount = w.amount, last_batch = %(batch)s
      FROM wanted w WHERE i.id = w.id
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch,
                                      prior_batch, detail)
    SELECT {COMPANY}, %(at)s, w.order_id, each.item_id, '{ACTION}', w.status, w.status, %(by)s, %(batch)s, w.prior,
           jsonb_build_object('quantity', each.quantity, 'was', w.was)
      FROM wanted w CROSS JOIN LATERAL (VALUES (w.id, w.keep), (w.new_id, w.was - w.keep)) AS each (item_id, quantity)
)
SELECT id, new_id FROM wanted
"""


@transaction.atomic
def divide(keeps: Mapping[int, int], *, by: int | None, at: datetime) -> dict[int, int]:
    """Leave each item so many of its units and make another of the rest; answers the new item of each that was divided.

    Quantities and amounts of a line still add up. What may not be divided, or has no rest, stays as it is.
    """
    if not keeps:
        return {}
    batch = uuid4()
    items = sorted(keeps)
    values: dict[str, Any] = {
        "items": items,
        "keeps": [keeps[item] for item in items],
        "batch": batch,
        "by": by,
        "at": at,
    }
    with connection.cursor() as cursor:
        for statement in _LOCK.split(";\n"):
            cursor.execute(statement, values)
        cursor.execute(_DIVIDE, values)
        made: dict[int, int] = dict(cursor.fetchall())
    if made:
        Batch.objects.create(id=batch, company_id=acting_company(), action=ACTION, at=at, by_id=by, done=len(made))
        announce(ItemsMoved(ACTION, batch, at))
    return made
