"""Collected lines become orders, lines, items and shipments: set-based, nothing lost, nothing twice (I1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.channels.port import ChannelLine
from jumun.orders.actions.catch_up import catch_up_incoming
from jumun.orders.actions.take_out import bundle_prefix
from jumun.orders.incoming import load_incoming
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, freshen_statistics


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing did: lines that came, items that are new, known items that moved forward, new ones unconfirmed."""

    lines: int
    new: int
    moved: int
    unconfirmed: int
    batch: UUID


GROWN = ("orders_order", "orders_recipient", "orders_orderline", "orders_shipment", "orders_orderitem")
"""Tables a collection fills."""

_ENTERING = f"""
CREATE TEMP TABLE entering ON COMMIT DROP AS
SELECT n.*, nextval(pg_get_serial_sequence('orders_orderline', 'id')) AS line_id,
       nextval(pg_get_serial_sequence('orders_orderitem', 'id')) AS item_id,
       k.id AS sku_id, coalesce(k.code, '') AS sku_code, coalesce(k.ship_from_id, a.ship_from_id) AS ship_from_id,
       NULL::bigint AS order_id, NULL::bigint AS shipment_id, NULL::text AS bundle_no
  FROM incoming n
  JOIN channels_channelaccount a ON a.id = %(account)s
  LEFT JOIN catalog_sku k ON k.company_id = {COMPANY} AND k.code = n.seller_code AND n.seller_code <> ''
 WHERE n.stage IN ('new', 'confirmed') AND n.remaining > 0
   AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.account_id = %(account)s
                    AND l.order_number = n.order_number AND l.line_key = n.line_key)
"""

_ORDERS = f"""
INSERT INTO orders_order (company_id, account_id, channel, number, currency, ordered_at, paid_at, shipping_fee, memo, created_at)
SELECT DISTINCT ON (e.order_number) {COMPANY}, %(account)s, a.channel, e.order_number, e.currency, e.ordered_at,
       e.paid_at, e.shipping_fee, '', %(at)s
  FROM entering e JOIN channels_channelaccount a ON a.id = %(account)s
ON CONFLICT (account_id, number) DO NOTHING;
UPDATE entering e SET order_id = o.id FROM orders_order o WHERE o.account_id = %(account)s AND o.number = e.order_number;
INSERT INTO orders_recipient (company_id, order_id, name, phone1, phone2, postcode, address1, address2, country, message,
                              buyer_name, sealed, revision)
SELECT DISTINCT ON (e.order_id) {COMPANY}, e.order_id, e.name, e.phone1, e.phone2, e.postcode, e.address1, e.address2,
       e.country, e.message, e.buyer_name, e.sealed, 1 FROM entering e
ON CONFLICT (order_id) DO NOTHING;
INSERT INTO orders_orderline (id, company_id, order_id, account_id, order_number, line_key, unit, quantity, remaining,
    amount, unit_price, currency, product_code, product_name, option_code, option_text, seller_code, stage, stage_raw,
    claim_kind, claim_stage, claim_id, claim_quantity, carrier, waybill, ship_by, changed_at, read_at)
OVERRIDING SYSTEM VALUE
SELECT e.line_id, {COMPANY}, e.order_id, %(account)s, e.order_number, e.line_key, e.unit, e.quantity, e.remaining,
    e.amount, e.unit_price, e.currency, e.product_code, e.product_name, e.option_code, e.option_text, e.seller_code,
    e.stage, e.stage_raw, e.claim_kind, e.claim_stage, e.claim_id, e.claim_quantity, e.carrier, e.waybill, e.ship_by,
    e.changed_at, %(at)s FROM entering e
"""

_SHIPMENTS = f"""
WITH wanted AS (
    SELECT e.order_id, e.ship_from_id FROM entering e GROUP BY 1, 2
), open AS (
    SELECT DISTINCT ON (w.order_id, w.ship_from_id) w.order_id, w.ship_from_id, s.id, s.bundle_no
      FROM wanted w JOIN orders_recipient r ON r.order_id = w.order_id
      JOIN orders_shipment s ON s.recipient_id = r.id AND s.ship_from_id IS NOT DISTINCT FROM w.ship_from_id
     WHERE s.waybill = '' AND EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id)
       AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id
                        AND i.status NOT IN ('awaiting_payment', 'paid', 'preparing', 'cancelled'))
     ORDER BY w.order_id, w.ship_from_id, s.id
), missing AS (
    SELECT w.* FROM wanted w LEFT JOIN open o ON o.order_id = w.order_id AND o.ship_from_id IS NOT DISTINCT FROM w.ship_from_id
     WHERE o.id IS NULL
), counted AS (
    UPDATE companies_company SET bundle_counter = bundle_counter + (SELECT count(*) FROM missing)
     WHERE id = {COMPANY} AND EXISTS (SELECT 1 FROM missing) RETURNING bundle_counter
), numbered AS (
    SELECT m.order_id, m.ship_from_id, nextval(pg_get_serial_sequence('orders_shipment', 'id')) AS id,
           %(prefix)s || jumun_bundle_no((SELECT bundle_counter FROM counted)
               - row_number() OVER (ORDER BY m.order_id DESC, m.ship_from_id DESC) + 1) AS bundle_no
      FROM missing m
), made AS (
    INSERT INTO orders_shipment (id, company_id, bundle_no, ship_from_id, recipient_id, carrier, waybill, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT n.id, {COMPANY}, n.bundle_no, n.ship_from_id, r.id, '', '', %(at)s
      FROM numbered n JOIN orders_recipient r ON r.order_id = n.order_id
), chosen AS (
    SELECT order_id, ship_from_id, id, bundle_no FROM open UNION ALL SELECT order_id, ship_from_id, id, bundle_no FROM numbered
)
UPDATE entering e SET shipment_id = c.id, bundle_no = c.bundle_no
  FROM chosen c WHERE c.order_id = e.order_id AND c.ship_from_id IS NOT DISTINCT FROM e.ship_from_id
"""

_ITEMS = f"""
INSERT INTO orders_orderitem (id, company_id, order_id, line_id, shipment_id, account_id, channel, order_number, line_no,
    unit, bundle_no, origin, status, status_since, last_batch, quantity, amount, currency, product_name, option_text,
    sku_id, sku_code, matched, ship_from_id, ordered_at, paid_at, ship_by, stored_at, claim, claim_open, held,
    needs_waybill, push, push_code, carrier, waybill)
OVERRIDING SYSTEM VALUE
SELECT e.item_id, {COMPANY}, e.order_id, e.line_id, e.shipment_id, %(account)s, a.channel, e.order_number, e.line_key,
    e.unit, e.bundle_no, 'line', CASE e.stage WHEN 'new' THEN 'paid' ELSE 'preparing' END, %(at)s, %(batch)s, e.remaining,
    e.amount, e.currency, e.product_name, e.option_text, e.sku_id, e.sku_code, e.sku_id IS NOT NULL, e.ship_from_id,
    e.ordered_at, e.paid_at, e.ship_by, %(at)s,
    CASE WHEN e.claim_kind = '' OR e.claim_stage = 'withdrawn' THEN '' ELSE e.claim_kind || '_' || e.claim_stage END,
    e.claim_kind <> '' AND e.claim_stage IN ('requested', 'collecting', 'approved'), e.hold_reason <> '',
    e.needs_waybill, '', '', '', ''
  FROM entering e JOIN channels_channelaccount a ON a.id = %(account)s;
INSERT INTO orders_component (company_id, item_id, sku_id, per_unit)
SELECT {COMPANY}, e.item_id, e.sku_id, 1 FROM entering e WHERE e.sku_id IS NOT NULL;
INSERT INTO orders_hold (company_id, item_id, reason, note, batch, created_at)
SELECT {COMPANY}, e.item_id, e.hold_reason, '', %(batch)s, %(at)s FROM entering e WHERE e.hold_reason <> '';
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
SELECT {COMPANY}, %(at)s, e.order_id, e.item_id, 'collected', '', CASE e.stage WHEN 'new' THEN 'paid' ELSE 'preparing' END,
       %(by)s, %(batch)s, jsonb_build_object('matched', e.sku_code) FROM entering e;
INSERT INTO orders_rawpayload (company_id, at, account_id, order_number, line_key, payload)
SELECT {COMPANY}, %(at)s, %(account)s, e.order_number, e.line_key, e.raw FROM entering e
"""


def store_lines(account_id: int, lines: Sequence[ChannelLine], *, by: int | None, at: datetime) -> Stored:
    """Store what a channel listed for one account, and bring the lines we know up to it.

    Only undispatched lines enter (P2), never cancelled or unpaid ones (P3); unconfirmed → 결제완료, confirmed →
    신규주문 (P6, P7). A line whose seller code is exactly one of our SKU codes is linked to it (C12). New items join
    their order's shipment of the same ship-from while that has not been released, else get a new one. A constant
    number of statements; the same lines again change nothing.
    """
    batch = uuid4()
    values = {"account": account_id, "at": at, "by": by, "batch": batch, "prefix": bundle_prefix(at)}
    with transaction.atomic(), connection.cursor() as cursor:
        count = load_incoming(lines)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('store lines', %(account)s))", values)
        caught = catch_up_incoming(account_id, at=at)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.entering")
        cursor.execute(_ENTERING, values)
        cursor.execute("ANALYZE entering")
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE stage = 'new') FROM entering")
        new, unconfirmed = cursor.fetchone()
        if new:
            for statement in (*_ORDERS.split(";\n"), _SHIPMENTS, *_ITEMS.split(";\n")):
                cursor.execute(statement, values)
            freshen_statistics(GROWN, new)
            cursor.execute(f"SELECT {COMPANY}")
            Batch.objects.create(
                id=batch, company_id=cursor.fetchone()[0], action="collected", at=at, by_id=by, done=new,
                params={"account": account_id},
            )
    return Stored(count, new, caught.moved, unconfirmed, batch)
