"""Numbers a channel accepted: kept on its lines, and put on items and shipments when they were corrected (N11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.dispatch.ledger import Verdict
from jumun.orders.moving import COMPANY

_GIVEN = """
WITH given AS (
    SELECT * FROM unnest(%(items)s::bigint[], %(carriers)s::text[], %(numbers)s::text[]) AS g(id, carrier, number)
)
"""

_NOTE = (
    _GIVEN
    + """
UPDATE orders_orderline l SET carrier = g.carrier, waybill = g.number, told_at = %(at)s
  FROM given g JOIN orders_orderitem i ON i.id = g.id WHERE l.id = i.line_id AND g.number <> ''
"""
)

_RENUMBER = (
    _GIVEN
    + f""", was AS MATERIALIZED (
    SELECT i.id, i.order_id, i.shipment_id, i.status, i.carrier AS was_carrier, i.waybill AS was_waybill, g.carrier, g.number
      FROM given g JOIN orders_orderitem i ON i.id = g.id
    UNION
    SELECT m.id, m.order_id, m.shipment_id, m.status, m.carrier, m.waybill, g.carrier, g.number
      FROM given g JOIN orders_orderitem i ON i.id = g.id CROSS JOIN LATERAL (
           SELECT m.* FROM orders_orderitem m WHERE m.shipment_id = i.shipment_id AND m.push = 'not_needed'
              AND m.status IN ('in_transit', 'delivered') OFFSET 0) m
), items AS (
    UPDATE orders_orderitem i SET carrier = w.carrier, waybill = w.number, push_code = '',
           push = CASE WHEN i.push = 'not_needed' THEN i.push ELSE 'confirmed' END
      FROM was w WHERE i.id = w.id
), shipments AS (
    UPDATE orders_shipment s SET carrier = w.carrier, waybill = w.number, waybill_at = %(at)s
      FROM (SELECT DISTINCT ON (carrier, number) shipment_id, carrier, number FROM was ORDER BY carrier, number, shipment_id) w
     WHERE s.id = w.shipment_id
       AND NOT EXISTS (SELECT 1 FROM orders_shipment o WHERE o.company_id = {COMPANY} AND o.id <> s.id
                        AND o.carrier = w.carrier AND o.waybill = w.number AND o.waybill <> '' OFFSET 0)
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, detail)
SELECT {COMPANY}, %(at)s, w.order_id, w.id, 'correct', w.status, w.status, %(by)s,
       jsonb_build_object('carrier', w.carrier, 'waybill', w.number, 'was_carrier', w.was_carrier, 'was_waybill', w.was_waybill)
  FROM was w
"""
)


def note_told(verdicts: Sequence[Verdict], *, at: datetime) -> None:
    """Remember on the channel's lines which number they have from us now: older readings say nothing about it."""
    if verdicts:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, _values(verdicts) | {"at": at})


def renumber_items(verdicts: Sequence[Verdict], *, by: int | None, at: datetime) -> None:
    """Put corrected numbers on their items and shipments, and on what left with them untold.

    One another shipment took meanwhile stays with the item only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, _values(verdicts) | {"at": at, "by": by})


def _values(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    rows = [
        (int(line["item"]), verdict.effect.carrier, verdict.effect.number)
        for verdict in verdicts
        for line in verdict.effect.lines
    ]
    return {
        "items": [item for item, _, _ in rows],
        "carriers": [carrier for _, carrier, _ in rows],
        "numbers": [number for _, _, number in rows],
    }
