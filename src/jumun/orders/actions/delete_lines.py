"""엑셀주문삭제: take lines out again as if they had never come, while nothing of them moved on (C8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.orders.events import ItemsLeaving, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company

ACTION = "deleted"


class MovedOn(NamedTuple):
    """A line that may not be deleted any more, and why: "moved_on", "claim_open", "told_by_mall", "commented"."""

    line_id: int
    code: str


class DeletedLines(NamedTuple):
    """How many lines and whole orders are gone; or, with `moved`, nothing is and these are why."""

    lines: int
    orders: int
    batch: UUID | None
    moved: tuple[MovedOn, ...] = ()


_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (
       SELECT i.shipment_id FROM orders_orderitem i WHERE i.line_id = ANY(%(lines)s)) ORDER BY s.id FOR UPDATE) AS locked;
SELECT count(*) FROM (SELECT 1 FROM orders_orderline l WHERE l.id = ANY(%(lines)s) ORDER BY l.id FOR UPDATE) AS locked;
SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE i.line_id = ANY(%(lines)s) ORDER BY i.id FOR UPDATE) AS locked
"""

_MOVED = """
SELECT i.line_id, min(CASE WHEN i.claim <> '' THEN 'claim_open'
                           WHEN i.status NOT IN ('awaiting_payment', 'paid', 'preparing') OR i.push <> '' OR i.waybill <> ''
                           THEN 'moved_on' WHEN l.asked_at IS NOT NULL THEN 'told_by_mall' ELSE 'commented' END)
  FROM orders_orderitem i JOIN orders_orderline l ON l.id = i.line_id
 WHERE i.line_id = ANY(%(lines)s)
   AND (i.status NOT IN ('awaiting_payment', 'paid', 'preparing') OR i.push <> '' OR i.waybill <> '' OR i.claim <> ''
        OR l.asked_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM orders_ordercomment c WHERE c.order_id = i.order_id AND c.deleted_at IS NULL))
 GROUP BY i.line_id ORDER BY i.line_id
"""

_LIST = f"""
DROP TABLE IF EXISTS pg_temp.leaving;
CREATE TEMP TABLE leaving ON COMMIT DROP AS
SELECT i.id AS item_id, i.order_id, i.shipment_id, i.line_id, i.status, i.last_batch FROM orders_orderitem i
 WHERE i.line_id = ANY(%(lines)s);
ANALYZE leaving;
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, prior_batch, detail)
SELECT {COMPANY}, %(at)s, v.order_id, v.item_id, '{ACTION}', v.status, '', %(by)s, %(batch)s, v.last_batch, '{{}}'::jsonb
  FROM leaving v
"""

_DELETE = """
DELETE FROM orders_component c USING leaving v WHERE c.item_id = v.item_id;
DELETE FROM orders_hold h USING leaving v WHERE h.item_id = v.item_id;
DELETE FROM orders_orderitem i USING leaving v WHERE i.id = v.item_id;
DELETE FROM orders_orderline l WHERE l.id = ANY(%(lines)s);
DELETE FROM orders_shipment s USING (SELECT DISTINCT shipment_id FROM leaving) v
 WHERE s.id = v.shipment_id AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id);
DROP TABLE IF EXISTS pg_temp.empty_orders;
CREATE TEMP TABLE empty_orders ON COMMIT DROP AS
SELECT DISTINCT v.order_id FROM leaving v
 WHERE NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.order_id = v.order_id)
   AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.order_id = v.order_id);
DELETE FROM orders_ordercomment c USING empty_orders e WHERE c.order_id = e.order_id;
DELETE FROM orders_recipient r USING empty_orders e WHERE r.order_id = e.order_id;
DELETE FROM orders_order o USING empty_orders e WHERE o.id = e.order_id
"""


@transaction.atomic
def delete_lines(line_ids: Sequence[int], *, by: int | None, at: datetime) -> DeletedLines:
    """Delete lines with their items, shipments and orders left empty; all of them, or none and what moved on by name.

    The timeline keeps that they were there. A bundle number is not given out again.
    """
    batch = uuid4()
    values: dict[str, Any] = {"lines": list(line_ids), "batch": batch, "by": by, "at": at}
    with connection.cursor() as cursor:
        for statement in _LOCK.split(";\n"):
            cursor.execute(statement, values)
        cursor.execute(_MOVED, values)
        moved = tuple(MovedOn(*row) for row in cursor.fetchall())
        if moved:
            return DeletedLines(0, 0, None, moved)
        for statement in _LIST.split(";\n"):
            cursor.execute(statement, values)
        announce(ItemsLeaving(batch, at))
        for statement in _DELETE.split(";\n"):
            cursor.execute(statement, values)
        orders = int(cursor.rowcount)
    done = len(values["lines"])
    Batch.objects.create(id=batch, company_id=acting_company(), action=ACTION, at=at, by_id=by, done=done)
    return DeletedLines(done, orders, batch)
