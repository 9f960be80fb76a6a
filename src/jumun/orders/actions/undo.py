"""되돌리기: take a batch back item by item, where it is still the item's last event (DESIGN §2, N17)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.core.errors import JumunError, NotFoundError
from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.events import ItemsMoved, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY
from jumun.orders.states import AWAY, ENDS, MARKS, MOVES

_LOCK = f"""
WITH touched AS MATERIALIZED (
    SELECT e.item_id FROM orders_timelineevent e WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s
), parcels AS MATERIALIZED (
    SELECT DISTINCT i.shipment_id FROM touched e
     CROSS JOIN LATERAL (SELECT i.shipment_id FROM orders_orderitem i WHERE i.id = e.item_id OFFSET 0) i
)
SELECT count(*) FROM (
    SELECT 1 FROM orders_shipment s WHERE s.id = ANY(ARRAY(SELECT shipment_id FROM parcels)) ORDER BY s.id FOR UPDATE) AS locked
"""
"""Shipments before items, in one order, as every move does. Step by step, by their keys: of a company PostgreSQL has no
statistics of yet it would go through all its items for every event."""

_UNDO = f"""
WITH judged AS MATERIALIZED (
    SELECT i.id, i.order_id, i.shipment_id, i.status, e.came_from, e.detail, e.prior_batch,
           CASE WHEN i.status = ANY(%(ends)s) THEN 'final'
                WHEN i.last_batch IS DISTINCT FROM %(batch)s THEN 'not_last'
                WHEN i.push IN ('planned', 'sending', 'unknown', 'confirmed') AND %(touches_waybill)s THEN 'already_told'
                WHEN %(is_label)s AND e.detail->>'was_waybill' <> '' AND EXISTS (
                     SELECT 1 FROM orders_shipment s WHERE s.company_id = {COMPANY} AND s.carrier = e.detail->>'was_carrier'
                        AND s.waybill = e.detail->>'was_waybill' AND s.waybill <> '' AND s.id <> i.shipment_id) THEN 'waybill_taken'
                ELSE '' END AS refusal
      FROM orders_timelineevent e JOIN orders_orderitem i ON i.id = e.item_id
     WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s
     ORDER BY i.id FOR UPDATE OF i
), final AS (
    SELECT j.*, CASE WHEN j.refusal <> '' THEN j.refusal
                     WHEN bool_or(j.refusal <> '' AND j.status <> ALL(%(away)s)) OVER (PARTITION BY j.shipment_id) AND %(widens)s THEN 'companion'
                     ELSE '' END AS verdict FROM judged j
), moved AS (
    UPDATE orders_orderitem t SET
           status_since = CASE WHEN t.status = v.came_from THEN t.status_since ELSE %(at)s END,
           status = v.came_from, last_batch = v.prior_batch,
           carrier = CASE WHEN %(is_label)s THEN v.detail->>'was_carrier' ELSE t.carrier END,
           waybill = CASE WHEN %(is_label)s THEN v.detail->>'was_waybill' ELSE t.waybill END,
           held = CASE WHEN %(action)s = 'unhold' THEN true
                       WHEN %(action)s = 'hold' THEN EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = t.id
                             AND h.released_at IS NULL AND h.batch <> %(batch)s)
                       ELSE t.held END
      FROM final v WHERE t.id = v.id AND v.verdict = ''
), shipments AS (
    UPDATE orders_shipment s SET carrier = v.detail->>'was_carrier', waybill = v.detail->>'was_waybill',
           waybill_at = CASE WHEN v.detail->>'was_waybill' = '' THEN NULL ELSE %(at)s END
      FROM final v WHERE s.id = v.shipment_id AND v.verdict = '' AND %(is_label)s
), holds AS (
    UPDATE orders_hold h SET
           released_at = CASE WHEN %(action)s = 'hold' THEN %(at)s ELSE NULL END,
           released_batch = CASE WHEN %(action)s = 'hold' THEN %(undo)s::uuid ELSE NULL END
      FROM final v WHERE h.item_id = v.id AND v.verdict = ''
       AND ((%(action)s = 'hold' AND h.batch = %(batch)s AND h.released_at IS NULL)
         OR (%(action)s = 'unhold' AND h.released_batch = %(batch)s))
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
    SELECT {COMPANY}, %(at)s, v.order_id, v.id, 'undo', v.status, v.came_from, %(by)s, %(undo)s,
           jsonb_build_object('undoes', %(action)s::text)
      FROM final v WHERE v.verdict = ''
), kept AS (
    INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
    SELECT {COMPANY}, %(undo)s, id, verdict FROM final WHERE verdict <> ''
)
SELECT (SELECT count(*) FROM final WHERE verdict = ''), (SELECT count(*) FROM final WHERE verdict <> ''),
       (SELECT array_agg(id) FROM (SELECT id FROM final WHERE verdict <> '' ORDER BY id LIMIT {SHOWN}) a),
       (SELECT array_agg(verdict) FROM (SELECT verdict FROM final WHERE verdict <> '' ORDER BY id LIMIT {SHOWN}) b)
"""


def undo(batch_id: UUID, *, by: int | None, at: datetime) -> Outcome:
    """Put every item of a batch back where it came from, if nothing happened to it since.

    Effects planned by the batch must have been withdrawn before (dispatch.undoing). Raises NotFoundError for a batch of
    another company and JumunError("cannot_undo") for an action that is final by nature.
    """
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFoundError("not_found")
    rule = MOVES.get(batch.action) or MARKS.get(batch.action)
    if rule is None or not rule.undo:
        raise JumunError("cannot_undo")
    made = uuid4()
    values: dict[str, Any] = {
        "batch": batch_id,
        "undo": made,
        "action": batch.action,
        "is_label": batch.action in ("label", "relabel", "renumber", "withdraw"),
        "touches_waybill": batch.action in ("label", "relabel", "renumber", "hand_over"),
        "widens": batch.action in MOVES and MOVES[batch.action].widens,
        "ends": [status.value for status in ENDS],
        "away": [status.value for status in AWAY],
        "by": by,
        "at": at,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        Batch.objects.create(
            id=made,
            company_id=batch.company_id,
            action="undo",
            at=at,
            by_id=by,
            undoes_id=batch_id,
            params={"undoes": batch.action},
        )
        cursor.execute(_LOCK, values)
        cursor.execute(_UNDO, values)
        done, refused_total, ids, codes = cursor.fetchone()
        Batch.objects.filter(id=made).update(done=done, refused_total=refused_total)
        if done:
            announce(ItemsMoved("undo", made, at))
    refused = [Refusal(*pair) for pair in zip(ids or (), codes or (), strict=True)]
    return Outcome(done, refused, refused_total, made)
