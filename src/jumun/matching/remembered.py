"""What is remembered is applied where lines come in, before they get their shipments (C12)."""

from django.db import connection

from jumun.orders.listing_keys import OPTION_KEY, PRODUCT_KEY
from jumun.orders.moving import COMPANY

# A link whose SKUs have come to leave from different places since it was made says nothing any more: its lines wait.
_KNOWN = f"""
DROP TABLE IF EXISTS pg_temp.entering_links;
CREATE TEMP TABLE entering_links ON COMMIT DROP AS
SELECT e.item_id, k.id AS link_id, k.kind
  FROM entering e CROSS JOIN LATERAL (
       SELECT k.id, k.kind FROM matching_link k
        WHERE k.account_id = %(account)s AND k.product_key = {PRODUCT_KEY.format(l="e")}
          AND k.option_key = {OPTION_KEY.format(l="e")} AND k.kind <> 'none' OFFSET 0) k
"""
_APPLY = """
ANALYZE entering_links;
UPDATE entering e
   SET sku_id = n.sku_id, sku_code = coalesce(n.code, ''), matched = true, link_id = n.link_id,
       ship_from_id = CASE WHEN n.kind = 'ignore' THEN coalesce(
               (SELECT min(o.ship_from_id) FROM entering o WHERE o.order_number = e.order_number
                   AND NOT EXISTS (SELECT 1 FROM entering_links g WHERE g.item_id = o.item_id AND g.kind = 'ignore')),
               n.default_place)
            ELSE coalesce(n.ship_from_id, n.default_place) END
  FROM (SELECT l.item_id, l.link_id, l.kind, p.sku_id, p.code, p.ship_from_id, p.places, a.ship_from_id AS default_place
          FROM entering_links l JOIN channels_channelaccount a ON a.id = %(account)s
          LEFT JOIN (SELECT q.link_id, (array_agg(q.sku_id ORDER BY q.id))[1] AS sku_id,
                            string_agg(s.code, '+' ORDER BY q.id) AS code, min(s.ship_from_id) AS ship_from_id,
                            count(DISTINCT coalesce(s.ship_from_id, c.ship_from_id, 0)) AS places
                       FROM matching_linkpart q JOIN catalog_sku s ON s.id = q.sku_id
                       JOIN channels_channelaccount c ON c.id = %(account)s
                      WHERE q.link_id IN (SELECT g.link_id FROM entering_links g) GROUP BY q.link_id) p ON p.link_id = l.link_id) n
 WHERE n.item_id = e.item_id AND coalesce(n.places, 1) = 1
"""
PARTS = f"""
INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
SELECT {COMPANY}, e.item_id, e.sku_id, 1 FROM entering e WHERE e.sku_id IS NOT NULL AND e.link_id IS NULL
 UNION ALL
SELECT {COMPANY}, e.item_id, p.sku_id, p.quantity FROM entering e JOIN matching_linkpart p ON p.link_id = e.link_id
"""
"""SQL that says what the new items are made of: their link's SKUs, else the one of exactly their own code."""


def apply_links(account_id: int) -> None:
    """Match the rows of `entering` (intake.storing) whose listing is remembered; a link stands before an exact own code."""
    with connection.cursor() as cursor:
        for statement in _KNOWN.split(";\n"):
            cursor.execute(statement, {"account": account_id})
        if cursor.rowcount:
            for statement in _APPLY.split(";\n"):
                cursor.execute(statement, {"account": account_id})
