"""Part of a line ended on its channel: that part is split off and ends, the rest goes on (DESIGN §2, Claims; P34)."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from jumun.orders.events import QuantitiesChanged, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company
from jumun.orders.states import GONE, IN_HOUSE, PIPELINE

REASON = "changed_there"

# A line's live items bear what is missing one after another, the least advanced first. Of what already left, only a
# completed return or exchange takes a part, and no more than came back by all of them: a cancel of goods that are gone
# is for a person.
_CUTS = """
CREATE TEMP TABLE IF NOT EXISTS cuts (
    item_id bigint, order_id bigint, shipment_id bigint, line_id bigint, status text, quantity int, cut int,
    amount numeric, rest_amount numeric, target text, new_id bigint) ON COMMIT DROP;
TRUNCATE cuts;
INSERT INTO cuts
SELECT p.id, p.order_id, p.shipment_id, p.line_id, p.status, p.quantity, p.cut, p.amount,
       CASE WHEN p.remaining > 0 THEN trunc(p.line_amount * (p.quantity - p.cut) / p.remaining, CASE p.currency WHEN 'KRW' THEN 0 ELSE 2 END) ELSE 0 END,
       p.target, CASE WHEN p.cut < p.quantity THEN nextval(pg_get_serial_sequence('orders_orderitem', 'id')) END
  FROM (
    SELECT i.*, l.remaining, l.amount AS line_amount,
           least(i.quantity, greatest(0, least(i.live - l.remaining, CASE WHEN i.at_home THEN i.live
                   ELSE coalesce(came.back, nullif(l.claim_quantity, 0), i.live) - coalesce(ended.back, 0) END) - (i.upto - i.quantity)))::int AS cut,
           CASE WHEN i.at_home THEN 'cancelled' WHEN l.claim_kind = 'return' THEN 'returned' ELSE 'exchanged' END AS target
      FROM known n JOIN orders_orderline l ON l.id = n.line_id
      CROSS JOIN LATERAL (
          SELECT i.id, i.order_id, i.shipment_id, i.line_id, i.status, i.quantity, i.amount, i.currency, i.push,
                 i.status = ANY(%(in_house)s) AS at_home, sum(i.quantity) OVER () AS live,
                 sum(i.quantity) OVER (ORDER BY i.status <> ALL(%(in_house)s), array_position(%(in_house)s, i.status::text),
                                       array_position(ARRAY['none', 'partial', 'full'], i.allocation::text), i.id) AS upto
            FROM orders_orderitem i
           WHERE i.line_id = l.id AND i.origin = 'line' AND i.status <> ALL(%(gone)s) OFFSET 0) i
      CROSS JOIN LATERAL (
          SELECT nullif(sum(c.quantity), 0) AS back FROM incoming_claims c
           WHERE c.order_number = n.order_number AND c.line_key = n.line_key AND c.stage = 'done'
             AND c.kind IN ('return', 'exchange')) came
      CROSS JOIN LATERAL (
          SELECT sum(o.quantity) AS back FROM orders_orderitem o
           WHERE o.line_id = l.id AND o.origin = 'line' AND o.status IN ('returned', 'exchanged')) ended
     WHERE n.stage <> 'unknown' AND l.remaining > 0 AND l.remaining < i.live AND i.push NOT IN ('sending', 'unknown')
       AND (i.at_home OR (i.status <> 'settled' AND l.claim_kind IN ('return', 'exchange') AND l.claim_stage = 'done'))
  ) p WHERE p.cut > 0
"""

_SPLIT = f"""
WITH made AS (
    INSERT INTO orders_orderitem (id, company_id, order_id, line_id, shipment_id, account_id, channel, order_number, line_no,
        unit, bundle_no, origin, status, status_since, last_batch, quantity, amount, currency, product_name, option_text,
        sku_id, sku_code, matched, ship_from_id, ordered_at, paid_at, ship_by, stored_at, claim, claim_open, held, method,
        needs_waybill, reprint, push, push_code, carrier, waybill)
    OVERRIDING SYSTEM VALUE
    SELECT c.new_id, i.company_id, i.order_id, i.line_id, i.shipment_id, i.account_id, i.channel, i.order_number, i.line_no,
           i.unit, i.bundle_no, i.origin, c.target, %(at)s, %(batch)s, c.cut, greatest(0, i.amount - c.rest_amount), i.currency,
           i.product_name, i.option_text, i.sku_id, i.sku_code, i.matched, i.ship_from_id, i.ordered_at, i.paid_at,
           i.ship_by, i.stored_at, (CASE c.target WHEN 'cancelled' THEN 'cancel' WHEN 'returned' THEN 'return' ELSE 'exchange' END)
           || '_done', false, false, i.method, i.needs_waybill, false,
           CASE WHEN i.push IN ('planned', 'rejected') THEN '' ELSE i.push END, '', i.carrier, i.waybill
      FROM cuts c JOIN orders_orderitem i ON i.id = c.item_id WHERE c.new_id IS NOT NULL
), parts AS (
    INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
    SELECT p.company_id, c.new_id, p.sku_id, p.per_unit FROM cuts c JOIN orders_component p ON p.item_id = c.item_id
     WHERE c.new_id IS NOT NULL
), rest AS (
    UPDATE orders_orderitem i SET quantity = i.quantity - c.cut, amount = c.rest_amount
      FROM cuts c WHERE i.id = c.item_id AND c.new_id IS NOT NULL
), whole AS (
    UPDATE orders_orderitem i SET status = c.target, status_since = %(at)s, last_batch = %(batch)s, claim_open = false,
           claim = (CASE c.target WHEN 'cancelled' THEN 'cancel' WHEN 'returned' THEN 'return' ELSE 'exchange' END) || '_done'
      FROM cuts c WHERE i.id = c.item_id AND c.new_id IS NULL
), labels AS (
    UPDATE orders_orderitem i SET reprint = true
      FROM cuts c WHERE i.shipment_id = c.shipment_id AND i.status = 'labelled' AND (i.id <> c.item_id OR c.new_id IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM cuts d WHERE d.item_id = i.id)
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, batch, detail)
    SELECT {COMPANY}, %(at)s, c.order_id, coalesce(c.new_id, c.item_id), 'split_off', c.status, c.target, %(batch)s::uuid,
           jsonb_build_object('quantity', c.cut, 'of', c.item_id) FROM cuts c
    UNION ALL
    SELECT {COMPANY}, %(at)s, c.order_id, c.item_id, 'shrunk', c.status, c.status, NULL::uuid,
           jsonb_build_object('quantity', c.quantity - c.cut, 'was', c.quantity) FROM cuts c WHERE c.new_id IS NOT NULL
)
SELECT count(*) FROM cuts
"""

_RELABEL = """
UPDATE orders_orderitem i SET reprint = true FROM cuts c
 WHERE i.id = c.item_id AND c.new_id IS NOT NULL AND i.status = 'labelled'
"""

_MISSED = f"""
WITH short AS MATERIALIZED (
    SELECT i.id, i.order_id, i.status, l.remaining::text AS note
      FROM known n JOIN orders_orderline l ON l.id = n.line_id
      CROSS JOIN LATERAL (SELECT i.id, i.order_id, i.status, sum(i.quantity) OVER () AS live FROM orders_orderitem i
                     WHERE i.line_id = l.id AND i.origin = 'line' AND i.status <> ALL(%(gone)s) OFFSET 0) i
     WHERE n.stage IN ('new', 'confirmed') AND i.status = 'shipped' AND l.remaining > 0 AND l.remaining < i.live
       AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.reason = %(reason)s
                          AND h.note = l.remaining::text)
), opened AS (
    INSERT INTO orders_hold (company_id, item_id, reason, note, batch, created_at)
    SELECT {COMPANY}, s.id, %(reason)s, s.note, gen_random_uuid(), %(at)s FROM short s
), held AS (
    UPDATE orders_orderitem i SET held = true FROM short s WHERE i.id = s.id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
SELECT {COMPANY}, %(at)s, s.order_id, s.id, 'changed_there', s.status, s.status, jsonb_build_object('remaining', s.note)
  FROM short s
"""
"""Handed over with the old quantity before the channel was told: a person must know, once for each quantity."""


def split_off(*, at: datetime) -> int:
    """Split what ended on the channel off the items of lines in `known`; answers how many items were cut.

    In the house the part missing is cancelled; of goods that left, only a completed return or exchange takes a part.
    The rest keeps its status, its shipment and its number; the labels of its parcel are marked for reprint. Quantities
    and amounts of a line's items still add up. Items being told to the channel are left to the ledger.
    """
    batch = uuid4()
    values: dict[str, Any] = {
        "at": at,
        "batch": batch,
        "reason": REASON,
        "gone": [status.value for status in GONE],
        "in_house": [status.value for status in PIPELINE if status in IN_HOUSE],
    }
    with connection.cursor() as cursor:
        for statement in _CUTS.split(";\n"):
            cursor.execute(statement, values)
        cuts = int(cursor.rowcount)
        if cuts:
            cursor.execute(_SPLIT, values)
            cursor.execute(_RELABEL)
            Batch.objects.create(id=batch, company_id=acting_company(), action="split_off", at=at, done=cuts)
            announce(QuantitiesChanged(batch, at))
        cursor.execute(_MISSED, values)
    return cuts
