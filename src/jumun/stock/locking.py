"""Balances are locked in one order, by everyone, so that nobody waits in a circle (R26)."""

from typing import Any

from psycopg import sql

from jumun.stock.demand import demand_of

_PAIRS = """
DROP TABLE IF EXISTS pg_temp.stock_locking;
CREATE TEMP TABLE stock_locking ON COMMIT DROP AS
SELECT r.sku_id, r.ship_from_id FROM stock_reservation r WHERE r.item_id IN (SELECT t.item_id FROM {table} t)
 UNION SELECT n.sku_id, n.ship_from_id FROM ({needed}) n;
ANALYZE stock_locking
"""


def lock_both(cursor: Any, table: str) -> None:
    """Lock all that a temporary table's items have reserved or need, for who gives back first and reserves then.

    Two locks after each other would be out of order, and two who do so could wait for each other (R22).
    """
    needed = demand_of(f"SELECT item_id FROM {table}")
    for statement in _PAIRS.format(table=table, needed=needed).strip().split(";\n"):
        cursor.execute(statement)
    lock_balances(cursor, "stock_locking")


def lock_balances(cursor: Any, pairs: str) -> None:
    """Lock the balances of a table's `sku_id`, `ship_from_id`, by SKU and ship-from. Items were locked before.

    What is read in a later statement of the transaction stays true until it ends.
    """
    cursor.execute(
        sql.SQL(
            "SELECT count(*) FROM (SELECT 1 FROM stock_balance b WHERE (b.sku_id, b.ship_from_id) IN"
            " (SELECT p.sku_id, p.ship_from_id FROM {} p) ORDER BY b.sku_id, b.ship_from_id FOR UPDATE) AS locked"
        ).format(sql.Identifier(pairs))
    )
