"""The SQL of changes to what lies on a shelf: rows in, judged, locked, judged against what is there, written."""

from jumun.core.policies import COMPANY

MOST = 1_000_000_000
"""Units one shelf may hold."""

ROWS = """
DROP TABLE IF EXISTS pg_temp.stock_rows;
CREATE TEMP TABLE stock_rows (n int, sku text, place text, target text, quantity bigint, safety bigint, reason text) ON COMMIT DROP
"""

# What lay there before a SKU became a set or carried no stock may still be taken off. A row without a ship-from means the SKU's own, or the only one there is.
JUDGE = f"""
ANALYZE stock_rows;
DROP TABLE IF EXISTS pg_temp.stock_judged;
CREATE TEMP TABLE stock_judged ON COMMIT DROP AS
SELECT o.*, CASE WHEN %(once)s AND o.wrong = ''
                  AND row_number() OVER (PARTITION BY o.sku_id, o.ship_from_id, o.wrong ORDER BY o.n) > 1 THEN 'stock_twice'
                 ELSE o.wrong END AS refusal
  FROM (
SELECT j.*, CASE WHEN j.sku_id IS NULL THEN 'unknown_sku'
                 WHEN NOT j.stocked AND NOT j.lessens THEN 'not_stocked'
                 WHEN j.made_of AND NOT j.lessens THEN 'set_has_no_stock'
                 WHEN j.ship_from_id IS NULL OR (j.target <> '' AND j.target_id IS NULL) THEN 'unknown_ship_from'
                 WHEN j.target_id = j.ship_from_id THEN 'same_place'
                 WHEN NOT coalesce(j.quantity BETWEEN %(least)s AND {MOST}, %(kind)s = 'set') OR (%(kind)s = 'adjust' AND j.quantity = 0)
                      OR NOT coalesce(j.safety BETWEEN 0 AND {MOST}, true) THEN 'bad_stock_number'
                 ELSE '' END AS wrong
  FROM (SELECT r.*, k.id AS sku_id, k.stocked, t.id AS target_id,
               (%(kind)s = 'scrap' OR %(kind)s = 'adjust' AND r.quantity < 0 OR %(kind)s IN ('count', 'set') AND r.quantity = 0)
               AND EXISTS (SELECT 1 FROM stock_balance b WHERE b.sku_id = k.id AND b.on_hand > 0) AS lessens,
               CASE WHEN r.place <> '' THEN f.id ELSE coalesce(k.ship_from_id, lone.id) END AS ship_from_id,
               EXISTS (SELECT 1 FROM catalog_setpart p WHERE p.sku_id = k.id) AS made_of
          FROM stock_rows r
          LEFT JOIN catalog_sku k ON k.company_id = {COMPANY} AND k.code = r.sku
          LEFT JOIN catalog_shipfrom f ON f.company_id = {COMPANY} AND f.code = r.place
          LEFT JOIN catalog_shipfrom t ON t.company_id = {COMPANY} AND t.code = r.target
          LEFT JOIN (SELECT min(id) AS id FROM catalog_shipfrom WHERE company_id = {COMPANY} HAVING count(*) = 1) lone ON true) j) o;
DROP TABLE IF EXISTS pg_temp.stock_pairs;
CREATE TEMP TABLE stock_pairs ON COMMIT DROP AS
SELECT sku_id, ship_from_id FROM stock_judged WHERE refusal = ''
 UNION SELECT sku_id, target_id FROM stock_judged WHERE refusal = '' AND target_id IS NOT NULL;
ANALYZE stock_pairs;
INSERT INTO stock_balance (company_id, sku_id, ship_from_id, on_hand, reserved, safety)
SELECT {COMPANY}, sku_id, ship_from_id, 0, 0, 0 FROM stock_pairs ORDER BY sku_id, ship_from_id
ON CONFLICT (sku_id, ship_from_id) DO NOTHING
"""

# Rows of one shelf are judged in their order. One that could not be done whatever became of those before it counts for
# nothing; one that was refused because of them still counts against those behind it.
WEIGH = f"""
DROP TABLE IF EXISTS pg_temp.stock_weighed;
CREATE TEMP TABLE stock_weighed ON COMMIT DROP AS
SELECT w.n, w.sku, w.place, w.sku_id, w.ship_from_id, w.target_id, w.change, w.safety, w.reason,
       CASE WHEN w.change < 0 AND w.later < 0 THEN 'below_zero'
            WHEN w.change < 0 AND w.later < w.reserved THEN 'below_reserved'
            WHEN w.later > {MOST} OR w.there > {MOST} THEN 'bad_stock_number' ELSE '' END AS refusal
  FROM (
    SELECT v.*, CASE WHEN v.hopeless THEN v.on_hand + v.change
                     ELSE v.on_hand + sum(v.change) FILTER (WHERE NOT v.hopeless) OVER (PARTITION BY v.sku_id, v.ship_from_id ORDER BY v.n)
                END AS later,
           v.target_has + sum(-v.change) FILTER (WHERE NOT v.hopeless) OVER (PARTITION BY v.sku_id, v.target_id ORDER BY v.n) AS there
      FROM (
        SELECT u.*, u.change < 0 AND u.on_hand + u.change
               + coalesce(sum(greatest(u.change, 0)) OVER (PARTITION BY u.sku_id, u.ship_from_id ORDER BY u.n ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW), 0)
               < u.reserved AS hopeless
          FROM (
            SELECT j.*, b.on_hand, b.reserved, t.on_hand AS target_has,
                   CASE WHEN %(kind)s IN ('set', 'count') THEN coalesce(j.quantity - b.on_hand, 0)
                        WHEN %(kind)s IN ('scrap', 'move') THEN -j.quantity ELSE j.quantity END AS change
              FROM stock_judged j JOIN stock_balance b ON b.sku_id = j.sku_id AND b.ship_from_id = j.ship_from_id
              LEFT JOIN stock_balance t ON t.sku_id = j.sku_id AND t.ship_from_id = j.target_id
             WHERE j.refusal = '') u) v) w
"""
WRITE = f"""
WITH good AS (SELECT * FROM stock_weighed WHERE refusal = '')
, changes AS (
    SELECT n, sku_id, ship_from_id, change, %(move_kind)s AS kind, safety, reason FROM good
    UNION ALL SELECT n, sku_id, target_id, -change, 'move_in', NULL, reason FROM good WHERE target_id IS NOT NULL
), told AS (
    INSERT INTO stock_move (company_id, at, sku_id, ship_from_id, kind, on_hand_by, reserved_by, cause, batch, by_id)
    SELECT {COMPANY}, %(at)s, sku_id, ship_from_id, kind, change, 0, reason, %(batch)s, %(by)s FROM changes WHERE change <> 0 ORDER BY n
)
UPDATE stock_balance b SET on_hand = b.on_hand + s.change, safety = coalesce(s.safety, b.safety)
  FROM (SELECT sku_id, ship_from_id, sum(change) AS change, max(safety) AS safety FROM changes GROUP BY 1, 2) s
 WHERE b.sku_id = s.sku_id AND b.ship_from_id = s.ship_from_id
"""
ANSWER = """
SELECT n, sku, place, refusal FROM stock_judged WHERE refusal <> ''
UNION ALL SELECT n, sku, place, refusal FROM stock_weighed WHERE refusal <> '' ORDER BY 1
"""
