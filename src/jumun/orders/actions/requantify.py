"""Another quantity of a line nothing of which moved on: a sheet that came again says so, or the channel after it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.orders.events import QuantitiesChanged, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company

ACTION = "requantified"

UNMOVED = """
EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.line_id = {line}.id AND i.status IN ('awaiting_payment', 'paid', 'preparing')
           AND NOT i.claim_open AND i.push = '')
AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.line_id = {line}.id
                   AND (i.status NOT IN ('awaiting_payment', 'paid', 'preparing') OR i.claim_open OR i.push <> ''))
AND (SELECT count(*) FROM orders_orderitem i WHERE i.line_id = {line}.id) = 1
"""
"""SQL: nothing of a line moved on, and it is one item still."""


class Requantity(NamedTuple):
    """What a line's quantity becomes. `amount` None: the amount follows the price of one."""

    line_id: int
    quantity: int
    amount: Decimal | None = None


class Requantified(NamedTuple):
    """The lines that changed, and the batch; None when none did."""

    lines: tuple[int, ...]
    batch: UUID | None


_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (
       SELECT i.shipment_id FROM orders_orderitem i WHERE i.line_id = ANY(%(lines)s)) ORDER BY s.id FOR UPDATE) AS locked;
SELECT count(*) FROM (SELECT 1 FROM orders_orderline l WHERE l.id = ANY(%(lines)s) ORDER BY l.id FOR UPDATE) AS locked;
SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE i.line_id = ANY(%(lines)s) ORDER BY i.id FOR UPDATE) AS locked
"""

_CHANGE = f"""
WITH wanted AS MATERIALIZED (
    SELECT l.id, l.order_id, l.quantity AS was, w.quantity, i.id AS item_id, i.status, i.last_batch AS prior,
           coalesce(w.amount, CASE WHEN l.unit_price > 0 THEN l.unit_price * w.quantity
                                   ELSE round(l.amount * w.quantity / greatest(l.quantity, 1), 2) END) AS amount
      FROM unnest(%(lines)s::bigint[], %(quantities)s::int[], %(amounts)s::numeric[]) AS w(line_id, quantity, amount)
      JOIN orders_orderline l ON l.id = w.line_id
      JOIN orders_orderitem i ON i.line_id = l.id
     WHERE l.quantity <> w.quantity AND w.quantity >= 1 AND {UNMOVED.format(line="l")}
), lines AS (
    UPDATE orders_orderline l SET quantity = w.quantity, remaining = w.quantity, amount = w.amount,
           unit_price = CASE WHEN l.unit_price > 0 AND l.unit_price * w.quantity <> w.amount
                             THEN round(w.amount / w.quantity, 2) ELSE l.unit_price END
      FROM wanted w WHERE l.id = w.id
), items AS (
    UPDATE orders_orderitem i SET quantity = w.quantity, amount = w.amount, last_batch = %(batch)s
      FROM wanted w WHERE i.id = w.item_id
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch,
                                      prior_batch, detail)
    SELECT {COMPANY}, %(at)s, w.order_id, w.item_id, '{ACTION}', w.status, w.status, %(by)s, %(batch)s, w.prior,
           jsonb_build_object('was', w.was, 'now', w.quantity) FROM wanted w
)
SELECT coalesce(array_agg(id), '{{}}') FROM wanted
"""


@transaction.atomic
def requantify(wanted: Sequence[Requantity], *, by: int | None, at: datetime) -> Requantified:
    """Give lines another quantity where nothing of them moved on; the rest is left alone. A constant number of statements."""
    if not wanted:
        return Requantified((), None)
    batch = uuid4()
    values: dict[str, Any] = {
        "lines": [each.line_id for each in wanted],
        "quantities": [each.quantity for each in wanted],
        "amounts": [each.amount for each in wanted],
        "batch": batch,
        "by": by,
        "at": at,
    }
    with connection.cursor() as cursor:
        for statement in _LOCK.split(";\n"):
            cursor.execute(statement, values)
        cursor.execute(_CHANGE, values)
        changed = tuple(cursor.fetchone()[0])
    if not changed:
        return Requantified((), None)
    Batch.objects.create(id=batch, company_id=acting_company(), action=ACTION, at=at, by_id=by, done=len(changed))
    announce(QuantitiesChanged(batch, at))
    return Requantified(changed, batch)
