"""Collected lines become orders, lines, items and shipments: set-based, nothing lost, nothing twice (I1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db import connection, transaction

from jumun.channels.port import ChannelLine, LineRef
from jumun.matching.remembered import PARTS, apply_links
from jumun.orders.actions.catch_up import announce_claims, catch_up_incoming
from jumun.orders.actions.ship_by import reckon_new, wait_for_rules
from jumun.orders.actions.take_out import bundle_prefix
from jumun.orders.incoming import load_incoming
from jumun.orders.moving import COMPANY, freshen_statistics


class Way(StrEnum):
    """How orders come in; also the timeline's and the batch's word for it."""

    COLLECTED = "collected"
    """A channel listed them: what we know already is brought up to it."""
    SHEET = "sheet_registered"
    """An uploaded sheet: it says nothing about where a line stands, so what we know already is left alone."""
    SINGLE = "registered"
    """Typed in, or sent over REST."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing did: lines that came, items that are new, known items that moved forward, new ones unconfirmed."""

    lines: int
    new: int
    moved: int
    unconfirmed: int
    batch: UUID
    unread: tuple[LineRef, ...] = ()
    """Lines we do not have yet and could not make out: they are named to a person, never dropped in silence."""


GROWN = ("orders_order", "orders_recipient", "orders_orderline", "orders_shipment", "orders_orderitem")
"""Tables a collection fills."""

_ENTERING = f"""
CREATE TEMP TABLE entering ON COMMIT DROP AS
SELECT n.*, nextval(pg_get_serial_sequence('orders_orderline', 'id')) AS line_id,
       nextval(pg_get_serial_sequence('orders_orderitem', 'id')) AS item_id,
       k.id AS sku_id, coalesce(k.code, '') AS sku_code, coalesce(k.ship_from_id, a.ship_from_id) AS ship_from_id,
       k.id IS NOT NULL AS matched, NULL::bigint AS link_id,
       NULL::bigint AS order_id, NULL::bigint AS recipient_id, NULL::bigint AS shipment_id, NULL::text AS bundle_no
  FROM incoming n
  JOIN channels_channelaccount a ON a.id = %(account)s
  LEFT JOIN catalog_sku k ON k.company_id = {COMPANY} AND k.code = n.seller_code AND n.seller_code <> ''
 WHERE n.stage IN ('new', 'confirmed') AND n.remaining > 0
   AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.account_id = %(account)s
                    AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0)
"""

# Ids are given out here, in temporary tables that are analysed, and every look into a real table is one by its key
# (`OFFSET 0` keeps it one): PostgreSQL knows nothing yet of a company whose first rows these are, and would join all
# with all.
_ORDERS = f"""
DROP TABLE IF EXISTS pg_temp.entering_orders;
CREATE TEMP TABLE entering_orders ON COMMIT DROP AS
SELECT DISTINCT ON (e.order_number) e.*, false AS known FROM entering e ORDER BY e.order_number, e.arrived;
ANALYZE entering_orders;
UPDATE entering_orders e SET order_id = (SELECT o.id FROM orders_order o
                                          WHERE o.account_id = %(account)s AND o.number = e.order_number);
UPDATE entering_orders e SET known = true, recipient_id = (SELECT r.id FROM orders_recipient r WHERE r.order_id = e.order_id)
 WHERE e.order_id IS NOT NULL;
UPDATE entering_orders e SET order_id = nextval(pg_get_serial_sequence('orders_order', 'id')),
       recipient_id = nextval(pg_get_serial_sequence('orders_recipient', 'id')) WHERE NOT e.known;
INSERT INTO orders_order (id, company_id, account_id, channel, number, currency, ordered_at, paid_at, shipping_fee, memo,
                          created_at)
OVERRIDING SYSTEM VALUE
SELECT e.order_id, {COMPANY}, %(account)s, a.channel, e.order_number, e.currency, e.ordered_at,
       e.paid_at, e.shipping_fee, '', %(at)s
  FROM entering_orders e JOIN channels_channelaccount a ON a.id = %(account)s WHERE NOT e.known;
INSERT INTO orders_recipient (id, company_id, order_id, name, phone1, phone2, postcode, address1, address2, country,
                              message, buyer_name, sealed, revision)
OVERRIDING SYSTEM VALUE
SELECT e.recipient_id, {COMPANY}, e.order_id, e.name, e.phone1, e.phone2, e.postcode, e.address1, e.address2,
       e.country, e.message, e.buyer_name, e.sealed, 1 FROM entering_orders e WHERE NOT e.known;
UPDATE entering e SET order_id = o.order_id, recipient_id = o.recipient_id
  FROM entering_orders o WHERE o.order_number = e.order_number;
INSERT INTO orders_orderline (id, company_id, order_id, account_id, order_number, line_key, unit, quantity, remaining,
    amount, unit_price, currency, product_code, product_name, option_code, option_text, seller_code, product_url, carriage,
    stage, stage_raw, claim_kind, claim_stage, claim_id, claim_quantity, carrier, waybill, ship_by, changed_at, read_at, asked_at)
OVERRIDING SYSTEM VALUE
SELECT e.line_id, {COMPANY}, e.order_id, %(account)s, e.order_number, e.line_key, e.unit, e.quantity, e.remaining,
    e.amount, e.unit_price, e.currency, e.product_code, e.product_name, e.option_code, e.option_text, e.seller_code,
    e.product_url, e.carriage, e.stage, e.stage_raw, e.claim_kind, e.claim_stage, e.claim_id, e.claim_quantity, e.carrier, e.waybill, e.ship_by,
    e.changed_at, %(at)s, %(asked)s FROM entering e
"""

_SHIPMENTS = f"""
ANALYZE entering;
DROP TABLE IF EXISTS pg_temp.parcels;
CREATE TEMP TABLE parcels ON COMMIT DROP AS
SELECT DISTINCT e.order_id, e.recipient_id, e.ship_from_id, coalesce(e.ship_from_id, 0) AS place, o.known,
       NULL::bigint AS shipment_id, NULL::text AS bundle_no, false AS is_new
  FROM entering e JOIN entering_orders o ON o.order_number = e.order_number;
ANALYZE parcels;
UPDATE parcels p SET (shipment_id, bundle_no) = (
        SELECT s.id, s.bundle_no FROM orders_shipment s
         WHERE s.recipient_id = p.recipient_id AND coalesce(s.ship_from_id, 0) = p.place AND s.waybill = ''
           AND EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id)
           AND NOT EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id
                            AND i.status NOT IN ('awaiting_payment', 'paid', 'preparing', 'cancelled'))
         ORDER BY s.id LIMIT 1)
 WHERE p.known;
WITH missing AS (
    SELECT p.order_id, p.place, row_number() OVER (ORDER BY p.order_id DESC, p.place DESC) AS back
      FROM parcels p WHERE p.shipment_id IS NULL
), counted AS (
    UPDATE companies_company SET bundle_counter = bundle_counter + (SELECT count(*) FROM missing)
     WHERE id = {COMPANY} AND EXISTS (SELECT 1 FROM missing) RETURNING bundle_counter
)
UPDATE parcels p SET is_new = true, shipment_id = nextval(pg_get_serial_sequence('orders_shipment', 'id')),
       bundle_no = %(prefix)s || jumun_bundle_no((SELECT bundle_counter FROM counted) - m.back + 1)
  FROM missing m WHERE m.order_id = p.order_id AND m.place = p.place;
INSERT INTO orders_shipment (id, company_id, bundle_no, ship_from_id, recipient_id, carrier, waybill, created_at)
OVERRIDING SYSTEM VALUE
SELECT p.shipment_id, {COMPANY}, p.bundle_no, p.ship_from_id, p.recipient_id, '', '', %(at)s
  FROM parcels p WHERE p.is_new;
UPDATE entering e SET shipment_id = p.shipment_id, bundle_no = p.bundle_no
  FROM parcels p WHERE p.order_id = e.order_id AND p.place = coalesce(e.ship_from_id, 0)
"""

_ITEMS = f"""
INSERT INTO orders_orderitem (id, company_id, order_id, line_id, shipment_id, account_id, channel, order_number, line_no,
    unit, bundle_no, origin, status, status_since, last_batch, quantity, amount, currency, product_name, option_text,
    sku_id, sku_code, matched, ship_from_id, ordered_at, paid_at, ship_by, stored_at, claim, claim_open, held,
    method, needs_waybill, push, push_code, carrier, waybill)
OVERRIDING SYSTEM VALUE
SELECT e.item_id, {COMPANY}, e.order_id, e.line_id, e.shipment_id, %(account)s, a.channel, e.order_number, e.line_key,
    e.unit, e.bundle_no, 'line', CASE e.stage WHEN 'new' THEN 'paid' ELSE 'preparing' END, %(at)s, %(batch)s, e.remaining,
    e.amount, e.currency, e.product_name, e.option_text, e.sku_id, e.sku_code, e.matched, e.ship_from_id,
    e.ordered_at, e.paid_at, e.ship_by, %(at)s,
    CASE WHEN e.claim_kind = '' OR e.claim_stage IN ('withdrawn', 'done') THEN '' ELSE e.claim_kind || '_' || e.claim_stage END,
    e.claim_kind <> '' AND e.claim_stage IN ('requested', 'collecting', 'approved'), e.hold_reasons <> '{{}}',
    e.method, e.method = 'parcel', '', '', '', ''
  FROM entering e JOIN channels_channelaccount a ON a.id = %(account)s;
{PARTS.strip()};
INSERT INTO orders_hold (company_id, item_id, reason, note, batch, until, created_at)
SELECT {COMPANY}, e.item_id, r.reason, '', %(batch)s, CASE r.reason WHEN 'pre_order' THEN e.hold_until END, %(at)s
  FROM entering e CROSS JOIN LATERAL unnest(e.hold_reasons) AS r(reason);
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
SELECT {COMPANY}, %(at)s, e.order_id, e.item_id, %(action)s, '', CASE e.stage WHEN 'new' THEN 'paid' ELSE 'preparing' END,
       %(by)s, %(batch)s, jsonb_build_object('matched', e.sku_code) FROM entering e;
INSERT INTO orders_rawpayload (company_id, at, account_id, order_number, line_key, payload)
SELECT {COMPANY}, %(at)s, %(account)s, e.order_number, e.line_key, e.raw FROM entering e
"""

_BATCH = f"""
INSERT INTO orders_batch (id, company_id, action, at, by_id, params, done, refused_total)
VALUES (%(batch)s, {COMPANY}, %(action)s, %(at)s, %(by)s, %(params)s::jsonb, %(done)s, 0)
    ON CONFLICT (id) DO UPDATE SET done = orders_batch.done + excluded.done, at = excluded.at,
       params = CASE WHEN (orders_batch.params -> 'accounts') @> (excluded.params -> 'accounts') THEN orders_batch.params
                     ELSE orders_batch.params || jsonb_build_object(
                          'accounts', (orders_batch.params -> 'accounts') || (excluded.params -> 'accounts')) END
"""

_UNREAD = """
SELECT n.line_key, n.order_number, n.unit FROM incoming n
 WHERE n.stage = 'unknown' AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.account_id = %(account)s
                    AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0)
"""


def store_lines(
    account_id: int,
    lines: Sequence[ChannelLine],
    *,
    by: int | None,
    at: datetime,
    asked: datetime | None = None,
    way: Way = Way.COLLECTED,
) -> Stored:
    """Store what a channel listed for one account, and bring the lines we know up to it.

    Only undispatched lines enter (P2), never cancelled or unpaid ones (P3); unconfirmed → 결제완료, confirmed →
    신규주문 (P6, P7). A line whose listing is remembered gets what its link says, one whose seller code is exactly one of
    our SKU codes gets that SKU (C12). New items join their order's shipment of the same ship-from while that has not
    been released, else get a new one. A constant number of statements; the same lines again change nothing. `asked`:
    when the channel was asked for them. Lines that come another `way` than from a channel's own mouth change nothing of
    a line we know.
    """
    with transaction.atomic():
        load_incoming(lines)
        lock_storing(account_id)
        return store_incoming(account_id, by=by, at=at, asked=asked, way=way)


def lock_storing(account_id: int) -> None:
    """Until the transaction ends nobody else stores lines of this account: what is known now stays all that is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('store lines', %s))", [account_id])


def store_incoming(
    account_id: int,
    *,
    by: int | None,
    at: datetime,
    asked: datetime | None = None,
    way: Way = Way.COLLECTED,
    params: Mapping[str, object] | None = None,
    batch: UUID | None = None,
    freshen: bool = True,
) -> Stored:
    """The same for lines already in `incoming`, after `lock_storing`; `params` are told of in the batch.

    `batch`: the one these lines belong to with others stored before or after them. `freshen` False: PostgreSQL need not look at the tables again, because it did for a chunk like this one.
    """
    batch = batch or uuid4()
    told = way is Way.COLLECTED
    values: dict[str, Any] = {
        "account": account_id,
        "at": at,
        "asked": (asked or at) if told else None,
        "by": by,
        "batch": batch,
        "prefix": bundle_prefix(at),
        "action": way.value,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        wait_for_rules()
        moved = catch_up_incoming(account_id, at=at, asked=asked).moved if told else 0
        cursor.execute("DROP TABLE IF EXISTS pg_temp.entering")
        cursor.execute(_ENTERING, values)
        cursor.execute("ANALYZE entering")
        apply_links(account_id)
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE stage = 'new'), (SELECT count(*) FROM incoming) FROM entering"
        )
        new, unconfirmed, count = cursor.fetchone()
        if new:
            for statement in (part for text in (_ORDERS, _SHIPMENTS, _ITEMS) for part in text.split(";\n")):
                cursor.execute(statement, values)
            reckon_new(account_id)
            if freshen:
                freshen_statistics(GROWN, new)
            announce_claims(account_id, at=at)
            told_of = orjson.dumps({"accounts": [account_id], **(params or {})}).decode()
            cursor.execute(_BATCH, {**values, "done": new, "params": told_of})
        cursor.execute(_UNREAD, values)
        unread = tuple(LineRef(*row) for row in cursor.fetchall())
    return Stored(count, new, moved, unconfirmed, batch, unread)
