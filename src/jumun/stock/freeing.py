"""할당 해제: what is reserved for chosen items goes back to the shelf's free stock (C20)."""

from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.models import Batch
from jumun.orders.moving import acting_company, lock_shipments
from jumun.orders.selection import Selection
from jumun.stock.reserving import release_rows

_CHOSEN = """
CREATE TEMP TABLE releasing ON COMMIT DROP AS
SELECT i.id AS item_id,
       CASE WHEN NOT EXISTS (SELECT 1 FROM stock_reservation r WHERE r.item_id = i.id) THEN 'not_allocated'
            WHEN i.status IN ('ready', 'labelled')
             AND (SELECT c.release_needs_allocation FROM companies_company c WHERE c.id = i.company_id) THEN 'released_with_stock'
            ELSE '' END AS refusal
  FROM orders_orderitem i WHERE {clause}
UNION ALL
SELECT wanted, 'not_found' FROM unnest(%(unknown)s::bigint[]) AS wanted
 WHERE NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.id = wanted)
"""


@transaction.atomic
def free_items(chosen: Selection, *, by: int | None, at: datetime) -> Outcome:
    """Give back all that the chosen items have reserved; others are named: `not_allocated`, `not_found`, and
    `released_with_stock` where the company releases nothing without its stock.

    What left the house has nothing reserved any more. A constant number of statements.
    """
    lock_shipments(chosen)
    batch = uuid4()
    clause = chosen.clause()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.releasing")
        cursor.execute(_CHOSEN.format(clause=clause.over("i")), {**clause.params, "unknown": list(chosen.ids or ())})
        cursor.execute("SELECT refusal, count(*) FROM releasing GROUP BY 1")
        reasons: dict[str, int] = dict(cursor.fetchall())
        done = reasons.pop("", 0)
        without = sum(reasons.values())
        cursor.execute("SELECT item_id, refusal FROM releasing WHERE refusal <> '' ORDER BY 1 LIMIT %s", [SHOWN])
        refused = [Refusal(*row) for row in cursor.fetchall()]
        Batch.objects.create(
            id=batch, company_id=acting_company(), action="free", at=at, by_id=by, done=done, refused_total=without
        )
        if done:
            cursor.execute("DELETE FROM releasing WHERE refusal <> ''")
            release_rows(cursor, batch=batch, by=by, at=at, cause="free")
    return Outcome(done, refused, without, batch, reasons=reasons)
