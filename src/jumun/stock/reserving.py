"""Promising stock to items, and taking it back. Set-based, over temporary tables (R21, R22).

Items are locked first, then balances; what is judged afterwards cannot change until the transaction ends, and the
constraints of `stock_balance` stand behind it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from jumun.core.policies import COMPANY
from jumun.core.refusal import Refusal
from jumun.orders.states import IN_HOUSE
from jumun.stock.demand import demand_of
from jumun.stock.locking import lock_balances

_LOCK_ITEMS = """
SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE i.id IN (SELECT item_id FROM {table})
 ORDER BY i.id FOR UPDATE) AS locked
"""
_JUDGE = f"""
CREATE TEMP TABLE reserving_judged ON COMMIT DROP AS
WITH wanted AS (
    SELECT item_id, sku_id, ship_from_id, sum(quantity)::int AS quantity FROM reserving GROUP BY 1, 2, 3
), needed AS ({demand_of("SELECT item_id FROM reserving")})
, fitting AS (
    SELECT w.*, i.status, (n.item_id IS NOT NULL AND w.quantity > 0 AND i.status = ANY(%(in_house)s)
           AND w.quantity + coalesce(x.quantity, 0) <= n.quantity
           AND coalesce(x.ship_from_id, w.ship_from_id) = w.ship_from_id) AS theirs,
           coalesce(b.on_hand - b.reserved, 0) AS free
      FROM wanted w JOIN orders_orderitem i ON i.id = w.item_id
      LEFT JOIN needed n ON n.item_id = w.item_id AND n.sku_id = w.sku_id AND n.ship_from_id = w.ship_from_id
      LEFT JOIN stock_reservation x ON x.item_id = w.item_id AND x.sku_id = w.sku_id
      LEFT JOIN stock_balance b ON b.sku_id = w.sku_id AND b.ship_from_id = w.ship_from_id
)
SELECT f.item_id, f.sku_id, f.ship_from_id, f.quantity,
       CASE WHEN NOT f.theirs THEN 'not_needed'
            WHEN f.quantity > f.free OR sum(f.quantity) FILTER (WHERE f.theirs AND f.quantity <= f.free)
                 OVER (PARTITION BY f.sku_id, f.ship_from_id ORDER BY f.item_id) > f.free THEN 'out_of_stock'
            ELSE '' END AS refusal
  FROM fitting f
"""
_RESERVE = f"""
WITH taken AS (SELECT * FROM reserving_judged WHERE refusal = '')
, made AS (
    INSERT INTO stock_reservation AS t (company_id, item_id, sku_id, ship_from_id, quantity)
    SELECT {COMPANY}, item_id, sku_id, ship_from_id, quantity FROM taken
    ON CONFLICT (item_id, sku_id) DO UPDATE SET quantity = t.quantity + excluded.quantity
), told AS (
    INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause, item_id, batch, by_id)
    SELECT {COMPANY}, %(at)s, sku_id, ship_from_id, 'reserve', 0, quantity, %(cause)s, item_id, %(batch)s, %(by)s FROM taken
)
UPDATE stock_balance b SET reserved = b.reserved + s.quantity
  FROM (SELECT sku_id, ship_from_id, sum(quantity) AS quantity FROM taken GROUP BY 1, 2) s
 WHERE b.sku_id = s.sku_id AND b.ship_from_id = s.ship_from_id
"""
GIVING = """
DROP TABLE IF EXISTS pg_temp.giving;
CREATE TEMP TABLE giving ON COMMIT DROP AS {rows};
ANALYZE giving
"""
"""What leaves reservations: (item_id, sku_id, ship_from_id, quantity, kind, all_of_it), kind "release" or "ship"."""
_GIVE_UP = f"""
WITH gone AS (
    DELETE FROM stock_reservation r USING giving g WHERE r.item_id = g.item_id AND r.sku_id = g.sku_id AND g.all_of_it
), trimmed AS (
    UPDATE stock_reservation r SET quantity = r.quantity - g.quantity
      FROM giving g WHERE r.item_id = g.item_id AND r.sku_id = g.sku_id AND NOT g.all_of_it
), told AS (
    INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause, item_id, batch, by_id)
    SELECT {COMPANY}, %(at)s, sku_id, ship_from_id, kind, CASE kind WHEN 'ship' THEN -quantity ELSE 0 END, -quantity,
           %(cause)s, item_id, %(batch)s, coalesce(%(by)s::bigint, (SELECT by_id FROM orders_batch WHERE id = %(batch)s::uuid))
      FROM giving
)
UPDATE stock_balance b SET reserved = b.reserved - s.quantity, on_hand = b.on_hand - s.shipped
  FROM (SELECT sku_id, ship_from_id, sum(quantity) AS quantity, coalesce(sum(quantity) FILTER (WHERE kind = 'ship'), 0) AS shipped
          FROM giving GROUP BY 1, 2) s
 WHERE b.sku_id = s.sku_id AND b.ship_from_id = s.ship_from_id
"""
_KEEP = """
UPDATE orders_orderitem i SET allocation = k.allocation
  FROM (SELECT t.item_id, CASE WHEN count(r.id) = 0 THEN 'none'
                               WHEN bool_and(coalesce(r.quantity, 0) >= n.quantity) THEN 'full'
                               ELSE 'partial' END AS allocation
          FROM (SELECT DISTINCT item_id FROM {table}) t
          LEFT JOIN ({needed}) n USING (item_id)
          LEFT JOIN stock_reservation r ON r.item_id = n.item_id AND r.sku_id = n.sku_id AND r.ship_from_id = n.ship_from_id
         GROUP BY t.item_id) k
 WHERE i.id = k.item_id AND i.allocation <> k.allocation
"""


def start_reserving(cursor: Any) -> None:
    """An empty temporary table `reserving` for the caller to fill; COPY is welcome."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.reserving")
    cursor.execute(
        "CREATE TEMP TABLE reserving (item_id bigint, sku_id bigint, ship_from_id bigint, quantity int) ON COMMIT DROP"
    )


def list_releasing(cursor: Any, items: Sequence[int]) -> None:
    """The temporary table `releasing` of these items."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.releasing")
    cursor.execute(
        "CREATE TEMP TABLE releasing ON COMMIT DROP AS SELECT unnest(%s::bigint[]) AS item_id", [list(items)]
    )


def reserve_rows(cursor: Any, *, batch: UUID | None, by: int | None, at: datetime, cause: str = "") -> list[Refusal]:
    """Reserve the rows of the temporary table `reserving`; name every item a row of which was left, and why.

    Rows (item_id, sku_id, ship_from_id, quantity) are taken in order of their items while stock lasts
    (`out_of_stock`); what an item does not need, or of one that left the house, is left too (`not_needed`). Two at once
    never reserve the same unit (R21). Runs inside `acting_as` and a transaction; a constant number of statements.
    """
    cursor.execute("ANALYZE reserving")
    cursor.execute(_LOCK_ITEMS.format(table="reserving"))
    lock_balances(cursor, "reserving")
    cursor.execute("DROP TABLE IF EXISTS pg_temp.reserving_judged")
    cursor.execute(_JUDGE, {"in_house": [status.value for status in IN_HOUSE]})
    cursor.execute(_RESERVE, {"at": at, "by": by, "batch": batch, "cause": cause})
    keep_allocation(cursor, "reserving")
    cursor.execute("SELECT item_id, min(refusal) FROM reserving_judged WHERE refusal <> '' GROUP BY 1 ORDER BY 1")
    return [Refusal(*row) for row in cursor.fetchall()]


def release_rows(cursor: Any, *, batch: UUID | None, by: int | None, at: datetime, cause: str = "") -> None:
    """Give back all that is reserved for the items of the temporary table `releasing(item_id)`. Twice is safe."""
    cursor.execute(_LOCK_ITEMS.format(table="releasing"))
    rows = (
        "SELECT r.item_id, r.sku_id, r.ship_from_id, r.quantity, 'release'::text AS kind, true AS all_of_it"
        " FROM stock_reservation r WHERE r.item_id IN (SELECT item_id FROM releasing)"
    )
    for statement in GIVING.format(rows=rows).strip().split(";\n"):
        cursor.execute(statement)
    give_up(cursor, batch=batch, by=by, at=at, cause=cause)
    keep_allocation(cursor, "releasing")


def give_up(cursor: Any, *, batch: UUID | None, by: int | None, at: datetime, cause: str) -> None:
    """Take what `giving` names out of reservations; what is shipped leaves the shelf too (R22).

    The items are locked by the caller. `keep_allocation` is called after it.
    """
    lock_balances(cursor, "giving")
    cursor.execute(_GIVE_UP, {"at": at, "by": by, "batch": batch, "cause": cause})


def keep_allocation(cursor: Any, table: str) -> None:
    """Bring `OrderItem.allocation` of a temporary table's `item_id` up to what is reserved for them."""
    cursor.execute(_KEEP.format(table=table, needed=demand_of(f"SELECT item_id FROM {table}")))
