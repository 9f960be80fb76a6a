"""Holds a channel's own word ended: the gift has its address now, the pre-order may leave (N12)."""

from datetime import datetime

from django.db import connection

from jumun.orders.moving import COMPANY

FOLLOWS = ("gift_without_address", "pre_order")
"""Reasons that come from the channel and go with it. A partner's goods stay a partner's."""

_RELEASE = f"""
WITH ended AS MATERIALIZED (
    SELECT h.id, i.id AS item_id, i.order_id, i.status, h.reason
      FROM known n
      CROSS JOIN LATERAL (SELECT i.id, i.order_id, i.status FROM orders_orderitem i
                           WHERE i.line_id = n.line_id AND i.held OFFSET 0) i
      CROSS JOIN LATERAL (SELECT h.id, h.reason FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL
                             AND h.by_id IS NULL AND h.reason = ANY(%(follows)s) OFFSET 0) h
     WHERE n.fresh AND n.stage IN ('new', 'confirmed') AND h.reason <> ALL(n.hold_reasons)
), closed AS (
    UPDATE orders_hold h SET released_at = %(at)s, released_batch = gen_random_uuid() FROM ended e WHERE h.id = e.id
), freed AS (
    UPDATE orders_orderitem i SET held = EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL
                                                  AND h.id NOT IN (SELECT id FROM ended))
      FROM (SELECT DISTINCT item_id FROM ended) e WHERE i.id = e.item_id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
SELECT {COMPANY}, %(at)s, e.order_id, e.item_id, 'unhold', e.status, e.status, jsonb_build_object('reason', e.reason) FROM ended e
"""


def release_ended_holds(*, at: datetime) -> int:
    """End holds of lines in `known` whose reason the channel no longer gives; answers how many.

    A hold a person put on stays, whatever its reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"at": at, "follows": list(FOLLOWS)})
        return int(cursor.rowcount)
