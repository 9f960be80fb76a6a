"""A line that shrank on its channel: its item must not leave with the old quantity (DESIGN §6)."""

from datetime import datetime

from django.db import connection

from jumun.orders.moving import COMPANY
from jumun.orders.states import GONE, IN_HOUSE

REASON = "changed_there"

_HOLD = f"""
WITH shrunk AS MATERIALIZED (
    SELECT i.id, i.order_id, i.status, l.remaining::text AS note
      FROM incoming n
      JOIN LATERAL (SELECT l.id, l.remaining FROM orders_orderline l
                     WHERE l.account_id = %(account)s AND l.order_number = n.order_number AND l.line_key = n.line_key
                    OFFSET 0) l ON true
      JOIN LATERAL (SELECT i.id, i.order_id, i.status, sum(i.quantity) OVER () AS live FROM orders_orderitem i
                     WHERE i.line_id = l.id AND i.origin = 'line' AND i.status <> ALL(%(gone)s) OFFSET 0) i ON true
     WHERE n.stage IN ('new', 'confirmed') AND i.status = ANY(%(in_house)s) AND l.remaining < i.live
       AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.reason = %(reason)s
                          AND h.note = l.remaining::text)
), opened AS (
    INSERT INTO orders_hold (company_id, item_id, reason, note, batch, created_at)
    SELECT {COMPANY}, s.id, %(reason)s, s.note, gen_random_uuid(), %(at)s FROM shrunk s
), held AS (
    UPDATE orders_orderitem i SET held = true FROM shrunk s WHERE i.id = s.id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
SELECT {COMPANY}, %(at)s, s.order_id, s.id, 'changed_there', s.status, s.status, jsonb_build_object('remaining', s.note)
  FROM shrunk s
"""


def hold_shrunk(account_id: int, *, at: datetime) -> int:
    """Hold unshipped items of lines in `incoming` of which less remains than the items hold; answers how many.

    Once for each remaining quantity: a person who released the hold knowingly is not asked again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD,
            {
                "account": account_id,
                "at": at,
                "reason": REASON,
                "gone": [status.value for status in GONE],
                "in_house": [status.value for status in IN_HOUSE],
            },
        )
        return int(cursor.rowcount)
