"""Taking a batch back: what it planned to tell a channel is withdrawn first, by a guarded update (DESIGN §2)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.core.errors import NotFoundError
from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.actions import undo as orders_undo
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY
from jumun.orders.states import ENDS, MARKS, MOVES

# `push || ''`: by its key, please. The index of open pushes is thought empty just after ten thousand were planned.
_WITHDRAW = f"""
WITH parcels AS MATERIALIZED (
    SELECT s.id FROM orders_shipment s WHERE s.id = ANY(ARRAY(
        SELECT DISTINCT i.shipment_id FROM dispatch_effect e CROSS JOIN LATERAL jsonb_array_elements(e.lines) AS line
         CROSS JOIN LATERAL (SELECT i.shipment_id FROM orders_orderitem i WHERE i.id = (line->>'item')::bigint OFFSET 0) i
         WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s)) ORDER BY s.id FOR UPDATE
), mine AS MATERIALIZED (
    SELECT e.id, e.ordered_at, e.state, e.lines FROM dispatch_effect e
     WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s AND (SELECT count(*) FROM parcels) >= 0 ORDER BY e.id FOR UPDATE
), withdrawn AS (
    UPDATE dispatch_effect e SET state = 'withdrawn', answered_at = %(at)s FROM mine m
     WHERE e.id = m.id AND e.ordered_at = m.ordered_at AND m.state = 'planned' RETURNING e.id
), items AS (
    SELECT (line->>'item')::bigint AS id, (line->>'prior')::uuid AS prior, coalesce(line->>'push', 'confirmed') AS push, m.state FROM mine m, jsonb_array_elements(m.lines) AS line
), held AS MATERIALIZED (
    SELECT i.id FROM orders_orderitem i WHERE i.id IN (SELECT id FROM items WHERE state = 'planned') ORDER BY i.id FOR UPDATE
), freed AS (
    UPDATE orders_orderitem i SET push = CASE %(action)s WHEN 'correct' THEN t.push ELSE '' END, push_code = '',
           last_batch = CASE WHEN i.last_batch = %(batch)s THEN t.prior ELSE i.last_batch END FROM items t
     WHERE i.id = t.id AND t.state = 'planned' AND i.push || '' = 'planned' AND i.id IN (SELECT id FROM held) RETURNING i.id, i.order_id, i.status
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
    SELECT {COMPANY}, %(at)s, order_id, id, 'undo', status, status, %(by)s, %(undo)s,
           jsonb_build_object('undoes', %(action)s::text) FROM freed
), kept AS (
    INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
    SELECT {COMPANY}, %(undo)s, id, 'already_told' FROM items WHERE state NOT IN ('planned', 'withdrawn', 'rejected')
)
SELECT (SELECT count(*) FROM freed),
       (SELECT coalesce(array_agg(id ORDER BY id), '{{}}') FROM items WHERE state NOT IN ('planned', 'withdrawn', 'rejected'))
"""

_BACK = f"""
WITH judged AS MATERIALIZED (
    SELECT i.id, i.order_id, i.status, e.came_from, e.prior_batch,
           CASE WHEN i.status = ANY(%(ends)s) THEN 'final'
                WHEN i.push <> 'not_needed' THEN 'already_told'
                WHEN i.last_batch IS DISTINCT FROM %(batch)s THEN 'not_last' ELSE '' END AS refusal
      FROM orders_timelineevent e JOIN orders_orderitem i ON i.id = e.item_id
     WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s AND e.detail->>'push' IN ('not_needed', 'covered')
     ORDER BY i.id FOR UPDATE OF i
), moved AS (
    UPDATE orders_orderitem i SET status = j.came_from, status_since = %(at)s, push = '', last_batch = j.prior_batch
      FROM judged j WHERE i.id = j.id AND j.refusal = ''
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
    SELECT {COMPANY}, %(at)s, order_id, id, 'undo', status, came_from, %(by)s, %(undo)s,
           jsonb_build_object('undoes', %(action)s::text) FROM judged WHERE refusal = ''
), kept AS (
    INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
    SELECT {COMPANY}, %(undo)s, id, refusal FROM judged WHERE refusal <> ''
)
SELECT count(*) FILTER (WHERE refusal = ''),
       coalesce(array_agg(id ORDER BY id) FILTER (WHERE refusal <> ''), '{{}}'),
       coalesce(array_agg(refusal ORDER BY id) FILTER (WHERE refusal <> ''), '{{}}') FROM judged
"""
"""What moved at once because no channel had to be told."""


def undo(batch_id: UUID, *, by: int | None, at: datetime) -> Outcome:
    """Take a batch back. What a channel was told, or is being told, is refused by name.

    Raises NotFoundError, or JumunError("cannot_undo") for actions that are final by nature.
    """
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFoundError("not_found")
    rule = MOVES.get(batch.action) or MARKS.get(batch.action)
    if rule is None or not rule.remote:
        return orders_undo.undo(batch_id, by=by, at=at)
    made = uuid4()
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
        values: dict[str, Any] = {"batch": batch_id, "undo": made, "action": batch.action, "by": by, "at": at}
        cursor.execute(_WITHDRAW, values)
        withdrawn, told = cursor.fetchone()
        cursor.execute(_BACK, values | {"ends": [status.value for status in ENDS]})
        back, stayed, codes = cursor.fetchone()
        refused = [Refusal(item, "already_told") for item in told] + [
            Refusal(*pair) for pair in zip(stayed, codes, strict=True)
        ]
        Batch.objects.filter(id=made).update(done=withdrawn + back, refused_total=len(refused))
    return Outcome(withdrawn + back, refused[:SHOWN], len(refused), made)
