"""Linking items that wait to SKUs that came later, by exact own code (C12)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from jumun.orders.moving import COMPANY

_LINK = f"""
WITH found AS MATERIALIZED (
    SELECT i.id, i.order_id, i.shipment_id, i.status, k.id AS sku_id, k.code,
           coalesce(i.ship_from_id, k.ship_from_id, a.ship_from_id) AS ship_from_id
      FROM catalog_sku k
      JOIN orders_orderline l ON l.seller_code = k.code AND l.company_id = {COMPANY}
      JOIN orders_orderitem i ON i.line_id = l.id
      JOIN channels_channelaccount a ON a.id = i.account_id
     WHERE k.company_id = {COMPANY} AND k.code = ANY(%(codes)s)
       AND i.status IN ('awaiting_payment', 'paid', 'preparing') AND (NOT i.matched OR (i.ship_from_id IS NULL AND i.sku_code = k.code))
     ORDER BY i.id FOR UPDATE OF i
), linked AS (
    UPDATE orders_orderitem i SET sku_id = f.sku_id, sku_code = f.code, matched = true, ship_from_id = f.ship_from_id
      FROM found f WHERE i.id = f.id
), places AS (
    SELECT f.shipment_id, min(f.ship_from_id) AS ship_from_id FROM found f
     GROUP BY f.shipment_id HAVING count(DISTINCT f.ship_from_id) = 1
), shipments AS (
    UPDATE orders_shipment s SET ship_from_id = p.ship_from_id FROM places p
     WHERE s.id = p.shipment_id AND s.ship_from_id IS NULL
), components AS (
    INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
    SELECT {COMPANY}, f.id, f.sku_id, 1 FROM found f ON CONFLICT (item_id, sku_id) DO NOTHING
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, detail)
    SELECT {COMPANY}, %(at)s, f.order_id, f.id, 'matched', f.status, f.status, %(by)s, jsonb_build_object('matched', f.code)
      FROM found f
)
SELECT count(*) FROM found
"""


def link_waiting(codes: Sequence[str], *, by: int | None, at: datetime) -> int:
    """Link items whose line carries exactly one of these SKU codes and that have no SKU or no ship-from yet.

    Only items not released; answers how many. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINK, {"codes": list(codes), "by": by, "at": at})
        return int(cursor.fetchone()[0])
