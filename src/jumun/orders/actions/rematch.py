"""Unshipped items follow their listing's link: components, SKU, ship-from and shipment in one go (C12, N19)."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from jumun.core.refusal import Outcome
from jumun.orders.actions.take_out import bundle_prefix
from jumun.orders.events import ItemsRematched, announce
from jumun.orders.listing_keys import OPTION_KEY, PRODUCT_KEY
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company, read_reasons, read_refusals
from jumun.orders.states import GONE, IN_HOUSE, Status

LINKS = (
    "link_id bigint, account_id bigint, product_key text, option_key text, kind text, sku_id bigint, code text,"
    " ship_from_id bigint, made text[]"
)
"""Columns of the temporary table `relinking` the caller fills; `made` is SKU id and number of each part, in order."""
PARTS = "link_id bigint, sku_id bigint, per_unit int"
"""Columns of `relinking_parts`."""

_REACH = f"""
  FROM relinking w
  JOIN orders_orderitem i ON i.account_id = w.account_id AND i.status = ANY(%(in_house)s) AND i.origin = 'line'
  JOIN orders_orderline l ON l.id = i.line_id AND {PRODUCT_KEY.format(l="l")} = w.product_key
   AND {OPTION_KEY.format(l="l")} = w.option_key
"""
# In steps over an analysed table: within one statement the planner nests loops over tables it takes for empty.
_LOCK = f"""
DROP TABLE IF EXISTS pg_temp.reaching;
CREATE TEMP TABLE reaching ON COMMIT DROP AS SELECT i.shipment_id, i.order_id {_REACH};
ANALYZE reaching;
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.recipient_id IN (
        SELECT o.recipient_id FROM reaching g JOIN orders_shipment o ON o.id = g.shipment_id
         UNION SELECT own.id FROM reaching g JOIN orders_recipient own ON own.order_id = g.order_id)
 ORDER BY s.id FOR UPDATE) AS locked
"""
_JUDGE = f"""
DROP TABLE IF EXISTS pg_temp.rematching;
CREATE TEMP TABLE rematching ON COMMIT DROP AS
SELECT j.*, CASE WHEN j.status = ANY(%(released)s) AND (j.kind = 'none' OR j.place IS DISTINCT FROM j.was_place)
                 THEN 'released_from_here' ELSE '' END AS refusal, NULL::bigint AS new_shipment, NULL::text AS new_bundle
  FROM (
    SELECT i.id, i.order_id, i.shipment_id, i.status, i.last_batch AS prior_batch, i.sku_code AS was, i.ship_from_id AS was_place,
           w.link_id, w.kind, w.sku_id, w.code, s.ship_from_id AS shipment_place, own.id AS recipient_id,
           CASE WHEN w.kind IN ('none', 'ignore') THEN coalesce(i.ship_from_id, s.ship_from_id, a.ship_from_id)
                ELSE coalesce(w.ship_from_id, a.ship_from_id) END AS place
      {_REACH}
      JOIN orders_shipment s ON s.id = i.shipment_id JOIN channels_channelaccount a ON a.id = i.account_id
      JOIN orders_recipient own ON own.order_id = i.order_id
     WHERE i.matched IS DISTINCT FROM (w.kind <> 'none') OR (i.ship_from_id IS NULL AND w.ship_from_id IS NOT NULL) OR w.made IS DISTINCT FROM (
           SELECT array_agg(c.sku_id || 'x' || c.per_unit ORDER BY c.sku_id) FROM orders_component c WHERE c.item_id = i.id)
     ORDER BY i.id FOR UPDATE OF i) j;
ANALYZE rematching
"""
# Items join what their recipient already gets from the new place, while that was not released. A shipment whose items all
# leave from the new place goes there as it is; of one that is torn apart, those of each new place leave together, into a
# shipment of their own. What leaves a parcel of several orders goes to its own order's recipient (C14).
_PLACES = f"""
UPDATE rematching r SET new_shipment = t.id, new_bundle = t.bundle_no
  FROM (SELECT DISTINCT m.shipment_id, m.place, m.recipient_id FROM rematching m
         WHERE m.refusal = '' AND m.place IS DISTINCT FROM m.shipment_place) w
  JOIN LATERAL (
       SELECT o.id, o.bundle_no FROM orders_shipment o
        WHERE o.recipient_id = w.recipient_id AND o.ship_from_id = w.place AND o.waybill = '' AND o.id <> w.shipment_id
          AND EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = o.id)
          AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = o.id AND i.status <> ALL(%(open)s))
        ORDER BY o.id LIMIT 1) t ON true
 WHERE r.shipment_id = w.shipment_id AND r.place = w.place AND r.recipient_id = w.recipient_id AND r.refusal = '';
UPDATE orders_shipment s SET ship_from_id = t.place
  FROM (SELECT i.shipment_id, min(coalesce(r.place, i.ship_from_id)) AS place
          FROM orders_orderitem i LEFT JOIN rematching r ON r.id = i.id AND r.refusal = ''
         WHERE i.shipment_id IN (SELECT m.shipment_id FROM rematching m WHERE m.refusal = ''
                                    AND m.place IS DISTINCT FROM m.shipment_place)
           AND i.status <> ALL(%(gone)s) AND r.new_shipment IS NULL
         GROUP BY i.shipment_id
        HAVING count(DISTINCT coalesce(r.place, i.ship_from_id, 0)) = 1) t
 WHERE s.id = t.shipment_id AND s.waybill = '';
WITH leaving AS (
    SELECT DISTINCT r.shipment_id, r.place, r.recipient_id FROM rematching r JOIN orders_shipment s ON s.id = r.shipment_id
     WHERE r.refusal = '' AND r.new_shipment IS NULL AND r.place IS NOT NULL AND s.ship_from_id IS DISTINCT FROM r.place
), counted AS (
    UPDATE companies_company SET bundle_counter = bundle_counter + (SELECT count(*) FROM leaving)
     WHERE id = {COMPANY} AND EXISTS (SELECT 1 FROM leaving) RETURNING bundle_counter
), numbered AS (
    SELECT l.shipment_id, l.place, l.recipient_id, nextval(pg_get_serial_sequence('orders_shipment', 'id')) AS new_id,
           %(prefix)s || jumun_bundle_no((SELECT bundle_counter FROM counted)
                         - row_number() OVER (ORDER BY l.shipment_id DESC, l.place DESC, l.recipient_id DESC) + 1) AS bundle_no
      FROM leaving l
), made AS (
    INSERT INTO orders_shipment (id, company_id, bundle_no, ship_from_id, recipient_id, carrier, waybill, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT n.new_id, {COMPANY}, n.bundle_no, n.place, n.recipient_id, '', '', %(at)s FROM numbered n
)
UPDATE rematching r SET new_shipment = n.new_id, new_bundle = n.bundle_no
  FROM numbered n
 WHERE n.shipment_id = r.shipment_id AND n.place = r.place AND n.recipient_id = r.recipient_id AND r.refusal = ''
   AND r.new_shipment IS NULL
"""
_WRITE = f"""
UPDATE orders_orderitem i
   SET sku_id = r.sku_id, sku_code = coalesce(r.code, ''), matched = r.kind <> 'none', ship_from_id = r.place,
       last_batch = %(batch)s, reprint = i.reprint OR i.status = 'labelled',
       shipment_id = coalesce(r.new_shipment, i.shipment_id), bundle_no = coalesce(r.new_bundle, i.bundle_no)
  FROM rematching r WHERE i.id = r.id AND r.refusal = '';
DELETE FROM orders_component c USING rematching r WHERE c.item_id = r.id AND r.refusal = '';
INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
SELECT {COMPANY}, r.id, p.sku_id, p.per_unit FROM rematching r JOIN relinking_parts p ON p.link_id = r.link_id
 WHERE r.refusal = '';
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, prior_batch, detail)
SELECT {COMPANY}, %(at)s, r.order_id, r.id, 'matched', r.status, r.status, %(by)s, %(batch)s, r.prior_batch,
       jsonb_build_object('matched', coalesce(r.code, ''), 'was', r.was, 'kind', r.kind)
  FROM rematching r WHERE r.refusal = '';
INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
SELECT {COMPANY}, %(batch)s, r.id, r.refusal FROM rematching r WHERE r.refusal <> ''
"""
_ANSWER = """
SELECT count(*) FILTER (WHERE refusal = ''), count(*) FILTER (WHERE refusal <> ''),
       coalesce(json_agg(json_build_array(id, refusal) ORDER BY id) FILTER (WHERE refusal <> '' AND nth <= 200), '[]'),
       (SELECT coalesce(json_object_agg(g.refusal, g.number), '{}')
          FROM (SELECT r.refusal, count(*) AS number FROM rematching r WHERE r.refusal <> '' GROUP BY 1) g)
  FROM (SELECT r.*, row_number() OVER (PARTITION BY r.refusal <> '' ORDER BY r.id) AS nth FROM rematching r) n
"""


def rematch(*, by: int | None, at: datetime) -> Outcome:
    """Bring every unshipped item of the listings in `relinking` to their links; what is so already stays untouched.

    Items not released move to a shipment of their new ship-from; released ones keep theirs, are marked for reprint when
    labelled, and are refused with `released_from_here` where the new SKU leaves from elsewhere. Announces
    `ItemsRematched`, by which reservations of other goods are released. A constant number of statements; the items stay
    listed in `rematching` until the transaction ends.
    """
    batch = uuid4()
    values: dict[str, Any] = {
        "at": at,
        "by": by,
        "batch": batch,
        "prefix": bundle_prefix(at),
        "in_house": [status.value for status in IN_HOUSE],
        "released": [Status.READY.value, Status.LABELLED.value],
        "open": [*(status.value for status in IN_HOUSE - {Status.READY, Status.LABELLED}), Status.CANCELLED.value],
        "gone": [status.value for status in GONE],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (part for text in (_LOCK, _JUDGE) for part in text.split(";\n")):
            cursor.execute(statement, values)
        cursor.execute(_ANSWER)
        done, refused, first, counted = cursor.fetchone()
        if not done and not refused:
            return Outcome(0)
        Batch.objects.create(
            id=batch, company_id=acting_company(), action="match", at=at, by_id=by, done=done, refused_total=refused
        )
        for statement in (part for text in (_PLACES, _WRITE) for part in text.split(";\n")):
            cursor.execute(statement, values)
        if done:
            announce(ItemsRematched(batch, at))
    return Outcome(done, read_refusals(first), refused, batch, reasons=read_reasons(counted))
