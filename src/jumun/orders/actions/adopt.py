"""A line a sheet or a person brought first is the channel's line: it takes the channel's key and is not stored a second time (I1)."""

from datetime import datetime
from typing import Any

from django.db import connection

from jumun.orders.actions.requantify import Requantity, requantify
from jumun.orders.line_identity import BY_HAND, SHEET, pairs
from jumun.orders.moving import COMPANY

_OURS = f"""
DROP TABLE IF EXISTS pg_temp.sheet_lines;
CREATE TEMP TABLE sheet_lines ON COMMIT DROP AS
SELECT l.id, l.id AS place, l.line_key AS key, l.order_number, l.codes, l.name, l.option
  FROM (SELECT DISTINCT order_number FROM incoming) n CROSS JOIN LATERAL (
       SELECT l.id, l.line_key, l.order_number, ARRAY[l.seller_code, l.product_code] AS codes, l.product_name AS name,
              l.option_text AS option, l.stage_raw
         FROM orders_orderline l
        WHERE l.account_id = %(account)s AND l.order_number = n.order_number OFFSET 0) l
 WHERE l.stage_raw IN ('{SHEET}', '{BY_HAND}')
   AND NOT EXISTS (SELECT 1 FROM incoming n WHERE n.order_number = l.order_number AND n.line_key = l.line_key)
"""

_THEIRS = """
DROP TABLE IF EXISTS pg_temp.told_lines;
CREATE TEMP TABLE told_lines ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY n.order_number, n.line_key) AS id, 0 AS place, n.line_key AS key, n.order_number,
       ARRAY[n.seller_code, n.product_code] AS codes, n.product_name AS name, n.option_text AS option,
       n.unit, n.option_code, n.seller_code, n.product_code, n.quantity, n.remaining, n.amount
  FROM incoming n
 WHERE n.stage <> 'unknown' AND n.order_number IN (SELECT order_number FROM sheet_lines)
   AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.account_id = %(account)s
                    AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0)
"""

_ADOPT = f"""
WITH same AS MATERIALIZED (
    SELECT p.ours_id AS line_id, t.* FROM ({pairs("sheet_lines", "told_lines", group="order_number")}) p
      JOIN told_lines t ON t.id = p.theirs_id
), lines AS (
    UPDATE orders_orderline l SET line_key = s.key, unit = s.unit, option_code = s.option_code,
           product_code = CASE WHEN s.product_code = '' THEN l.product_code ELSE s.product_code END,
           seller_code = CASE WHEN s.seller_code = '' THEN l.seller_code ELSE s.seller_code END
      FROM same s WHERE l.id = s.line_id RETURNING l.id, l.quantity AS was
), items AS (
    UPDATE orders_orderitem i SET line_no = s.key, unit = s.unit FROM same s WHERE i.line_id = s.line_id
    RETURNING i.id, i.order_id, i.status, s.key
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
    SELECT {COMPANY}, %(at)s, i.order_id, i.id, 'adopted', i.status, i.status, jsonb_build_object('line_no', i.key)
      FROM items i
)
SELECT s.line_id, s.quantity, s.amount FROM same s JOIN lines l ON l.id = s.line_id
 WHERE s.quantity > l.was AND s.remaining = s.quantity
"""
"""The answer: lines of which the channel has more than the sheet told."""


def adopt_lines(account_id: int, *, at: datetime) -> None:
    """Give lines of orders in `incoming` that only a sheet told us of the channel's own key, before they are looked up.

    Same account, order, product, option and occurrence; a key that looks like the channel's own but is another is
    another line. Where the channel has more of it, the quantity follows as long as nothing of it moved on; where it
    has less, catching up sees to it.
    """
    values: dict[str, Any] = {"account": account_id, "at": at}
    with connection.cursor() as cursor:
        _run(cursor, _OURS, values)
        cursor.execute("SELECT EXISTS (SELECT 1 FROM sheet_lines)")
        if not cursor.fetchone()[0]:
            return
        _run(cursor, _THEIRS, values)
        cursor.execute(_ADOPT, values)
        more = [Requantity(*row) for row in cursor.fetchall()]
    requantify(more, by=None, at=at)


def _run(cursor: Any, statements: str, values: dict[str, Any]) -> None:
    for statement in statements.split(";\n"):
        cursor.execute(statement, values)
