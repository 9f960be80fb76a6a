"""Reservations follow their items: what ends or changes gives back, what leaves the house is consumed (R22).

One rule for every way an item may go, read off where it stands after the move. Items that left the house consume
exactly what is reserved for them; cancelled and deleted ones give it back; the others keep no more than they need.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from jumun.core.policies import COMPANY
from jumun.orders.events import GoodsChanged, ItemsLeaving, ItemsMoved, ItemsRematched, QuantitiesChanged
from jumun.orders.states import IN_HOUSE, Status
from jumun.stock.demand import demand_of
from jumun.stock.locking import lock_balances, lock_both
from jumun.stock.reserving import GIVING, give_up, keep_allocation, reserve_rows

LEFT = tuple(status.value for status in Status if status not in IN_HOUSE and status is not Status.CANCELLED)
"""Statuses of goods that left the house; what came back is received again by a person."""

_HELD = "CROSS JOIN LATERAL (SELECT h.item_id FROM stock_reservation h WHERE h.item_id = {item} LIMIT 1) r"
_OF_BATCH = f"""
SELECT DISTINCT r.item_id FROM {{items}}
 WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s AND e.at = %(at)s
"""
_MOVED = _OF_BATCH.format(items=f"orders_timelineevent e {_HELD.format(item='e.item_id')}")
_KIN = _OF_BATCH.format(
    items="orders_timelineevent e"
    " CROSS JOIN LATERAL (SELECT i.line_id FROM orders_orderitem i WHERE i.id = e.item_id OFFSET 0) i"
    " CROSS JOIN LATERAL (SELECT o.id FROM orders_orderitem o WHERE o.line_id = i.line_id OFFSET 0) o"
    f" {_HELD.format(item='o.id')}"
)
"""Step by step by their keys: of a company it has no statistics of PostgreSQL would go through all items for every event."""
_LIST = """
DROP TABLE IF EXISTS pg_temp.following;
CREATE TEMP TABLE following ON COMMIT DROP AS {items}
"""
_TOUCHED = f"""
DROP TABLE IF EXISTS pg_temp.touched;
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT i.id AS item_id FROM orders_orderitem i
 WHERE i.company_id = {COMPANY} AND i.status = ANY(%(in_house)s) AND i.id = ANY(ARRAY(
       SELECT c.item_id FROM orders_component c WHERE c.sku_id = ANY(%(skus)s::bigint[] || ARRAY(
              SELECT p.sku_id FROM catalog_setpart p WHERE p.part_id = ANY(%(skus)s::bigint[])))))
 ORDER BY i.id FOR UPDATE;
ANALYZE touched
"""
_OF_TOUCHED = f"SELECT t.item_id FROM touched t {_HELD.format(item='t.item_id')}"
_ROWS = f"""
SELECT r.item_id, r.sku_id, r.ship_from_id, w.quantity, w.kind, w.quantity = r.quantity AS all_of_it
  FROM following f JOIN stock_reservation r ON r.item_id = f.item_id JOIN orders_orderitem i ON i.id = r.item_id
  LEFT JOIN ({demand_of("SELECT item_id FROM following")}) n
    ON n.item_id = r.item_id AND n.sku_id = r.sku_id AND n.ship_from_id = r.ship_from_id
 CROSS JOIN LATERAL (
    SELECT CASE WHEN i.status = ANY(%(left)s) OR i.status = 'cancelled' OR %(all)s
                  OR %(hold)s AND i.status = 'preparing' AND (SELECT c.hold_frees_stock FROM companies_company c WHERE c.id = {COMPANY}) THEN r.quantity
                ELSE greatest(r.quantity - coalesce(n.quantity, 0), 0) END AS quantity,
           CASE WHEN i.status = ANY(%(left)s) THEN 'ship' ELSE 'release' END AS kind) w
 WHERE w.quantity > 0
"""
_AGAIN = f"""
DROP TABLE IF EXISTS pg_temp.reserving;
CREATE TEMP TABLE reserving ON COMMIT DROP AS
SELECT n.item_id, n.sku_id, n.ship_from_id, n.quantity - coalesce(r.quantity, 0) AS quantity
  FROM ({demand_of("SELECT item_id FROM following")}) n
  LEFT JOIN stock_reservation r ON r.item_id = n.item_id AND r.sku_id = n.sku_id
 WHERE n.quantity > coalesce(r.quantity, 0)
"""
_RETURNING = f"""
DROP TABLE IF EXISTS pg_temp.unshipping;
CREATE TEMP TABLE unshipping ON COMMIT DROP AS
SELECT m.item_id, m.sku_id, m.ship_from_id, -sum(m.on_hand_by)::int AS quantity
  FROM orders_batch u JOIN orders_batch h ON h.id = u.undoes_id AND h.action = 'hand_over'
  JOIN stock_move m ON m.company_id = {COMPANY} AND m.batch = h.id AND m.at = h.at AND m.kind = 'ship'
 WHERE u.id = %(batch)s AND m.item_id = ANY(ARRAY(
       SELECT e.item_id FROM orders_timelineevent e WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s AND e.at = %(at)s))
 GROUP BY 1, 2, 3;
ANALYZE unshipping
"""
_UNSHIP = f"""
WITH held AS (
    INSERT INTO stock_reservation AS t (company_id, item_id, sku_id, ship_from_id, quantity)
    SELECT {COMPANY}, item_id, sku_id, ship_from_id, quantity FROM unshipping
    ON CONFLICT (item_id, sku_id) DO UPDATE SET quantity = t.quantity + excluded.quantity
), told AS (
    INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause, item_id, batch, by_id)
    SELECT {COMPANY}, %(at)s, sku_id, ship_from_id, 'unship', quantity, quantity, 'undo', item_id, %(batch)s,
           (SELECT by_id FROM orders_batch WHERE id = %(batch)s) FROM unshipping
)
UPDATE stock_balance b SET on_hand = b.on_hand + s.quantity, reserved = b.reserved + s.quantity
  FROM (SELECT sku_id, ship_from_id, sum(quantity) AS quantity FROM unshipping GROUP BY 1, 2) s
 WHERE b.sku_id = s.sku_id AND b.ship_from_id = s.ship_from_id
"""


def follow_moves(event: ItemsMoved) -> None:
    """Cancelled items give back, handed over ones consume; a hold frees where the company says so.

    An undone hand over puts the goods back on the shelf, still reserved for the same items.
    """
    _follow(event.batch, event.at, _MOVED, cause=event.action, hold=event.action == "hold")
    if event.action == "undo":
        _unship(event)


def follow_rematch(event: ItemsRematched) -> None:
    """Give back goods an item is no longer made of, and reserve its new ones while there are any (N19)."""
    if _follow(event.batch, event.at, _MOVED, cause="match", reserves=True):
        _reserve_again(event.batch, event.at, by=None, cause="match")


def follow_goods(event: GoodsChanged) -> None:
    """Items whose set is made of other parts now, or of what carries no stock, have what they need of it (I28).

    What they held and need no longer is free; what they need instead is reserved for those that held something, while
    there is any.
    """
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"skus": list(event.skus), "in_house": [status.value for status in IN_HOUSE]}
        for statement in _TOUCHED.strip().split(";\n"):
            cursor.execute(statement, values)
        batch = uuid4()
        if _follow(batch, event.at, _OF_TOUCHED, cause="goods", by=event.by, reserves=True):
            _reserve_again(batch, event.at, by=event.by, cause="goods")
        keep_allocation(cursor, "touched")


def _reserve_again(batch: UUID, at: datetime, *, by: int | None, cause: str) -> None:
    with connection.cursor() as cursor:
        for statement in _AGAIN.strip().split(";\n"):
            cursor.execute(statement)
        if cursor.rowcount:
            reserve_rows(cursor, batch=batch, by=by, at=at, cause=cause)


def follow_quantities(event: QuantitiesChanged) -> None:
    """Items of the lines in question keep no more than they need now."""
    _follow(event.batch, event.at, _KIN, cause="quantity")


def follow_leaving(event: ItemsLeaving) -> None:
    """Items about to be deleted give back all they have."""
    _follow(event.batch, event.at, _MOVED, cause="deleted", everything=True)


def _follow(
    batch: UUID,
    at: datetime,
    items: str,
    *,
    cause: str,
    by: int | None = None,
    hold: bool = False,
    everything: bool = False,
    reserves: bool = False,
) -> bool:
    """Bring reservations of a batch's items in line; answers whether any had one. `reserves`: the caller goes on to."""
    values: dict[str, Any] = {"batch": batch, "at": at, "left": list(LEFT), "hold": hold, "all": everything}
    with connection.cursor() as cursor:
        for statement in _LIST.format(items=items).strip().split(";\n"):
            cursor.execute(statement, values)
        if not cursor.rowcount:
            return False
        if reserves:
            lock_both(cursor, "following")
        for statement in GIVING.format(rows=_ROWS).strip().split(";\n"):
            cursor.execute(statement, values)
        give_up(cursor, batch=batch, by=by, at=at, cause=cause)
        keep_allocation(cursor, "following")
    return True


def _unship(event: ItemsMoved) -> None:
    with connection.cursor() as cursor:
        for statement in _RETURNING.strip().split(";\n"):
            cursor.execute(statement, {"batch": event.batch, "at": event.at})
        lock_balances(cursor, "unshipping")
        cursor.execute(_UNSHIP, {"batch": event.batch, "at": event.at})
        keep_allocation(cursor, "unshipping")
