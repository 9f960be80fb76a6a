"""What happened on the channel first is believed: items follow their line forward, never back (DESIGN §2, I9, P4, P34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.channels.port import OPEN_CLAIMS, ChannelLine, Stage
from jumun.orders.actions.adopt import adopt_lines
from jumun.orders.actions.follow_addresses import follow_addresses
from jumun.orders.actions.follow_holds import release_ended_holds
from jumun.orders.actions.split_off import split_off
from jumun.orders.events import ItemsMoved, LinesRead, announce
from jumun.orders.incoming import load_incoming
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY
from jumun.orders.states import ENDS, GONE, IN_HOUSE, PIPELINE, Status

TARGETS: dict[Stage, Status] = {
    Stage.CONFIRMED: Status.PREPARING,
    Stage.DISPATCHED: Status.IN_TRANSIT,
    Stage.IN_TRANSIT: Status.IN_TRANSIT,
    Stage.DELIVERED: Status.DELIVERED,
    Stage.SETTLED: Status.SETTLED,
    Stage.CANCELLED: Status.CANCELLED,
    Stage.RETURNED: Status.RETURNED,
    Stage.EXCHANGED: Status.EXCHANGED,
}
"""Where an item belongs when its line stands there; NEW, AWAITING_PAYMENT and UNKNOWN move nothing."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What a reading changed: lines known to us, items moved forward, items whose claim changed."""

    lines: int
    moved: int
    claims: int
    batch: UUID | None


_LOCK = f"""
SELECT count(*) FROM (
    SELECT 1 FROM orders_shipment s WHERE s.id IN (
        SELECT i.shipment_id FROM incoming n CROSS JOIN LATERAL (
            SELECT i.shipment_id FROM orders_orderitem i
             WHERE i.company_id = {COMPANY} AND i.order_number = n.order_number OFFSET 0) AS i)
     ORDER BY s.id FOR UPDATE) AS locked
"""
"""Shipments before items, in one order, as every move does: a line that comes late joins no parcel that just left."""

_KNOWN = """
DROP TABLE IF EXISTS pg_temp.known;
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT n.*, l.id AS line_id, l.order_id,
       (n.changed_at IS NULL OR l.changed_at IS NULL OR n.changed_at >= l.changed_at)
       AND (l.asked_at IS NULL OR l.asked_at <= %(asked)s) AS fresh
  FROM incoming n CROSS JOIN LATERAL (
       SELECT l.id, l.order_id, l.changed_at, l.asked_at FROM orders_orderline l
        WHERE l.account_id = %(account)s AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0) l;
ANALYZE known
"""
"""The lines we have, found by their key one by one and analysed: of an account it has no statistics of PostgreSQL
would expect one line, and join all with all. A reading is `fresh` when the channel dates it no earlier than the last, and
was asked for it no earlier: pages wait, and another lane reads meanwhile."""

_DOUBTS = """
UPDATE orders_orderline l SET claim_kind = n.claim_kind, claim_stage = n.claim_stage, claim_id = n.claim_id,
       claim_quantity = n.claim_quantity
  FROM known n
 WHERE l.id = n.line_id AND n.stage = 'unknown' AND n.claim_stage = ANY(%(open_claims)s)
   AND n.fresh
"""
"""A reading nobody understands changes nothing, but a claim in it stops the parcel."""

_NUMBERS = """
CREATE TEMP TABLE IF NOT EXISTS renumbered (line_id bigint) ON COMMIT DROP;
TRUNCATE renumbered;
INSERT INTO renumbered
SELECT l.id FROM known n JOIN orders_orderline l ON l.id = n.line_id
 WHERE n.waybill <> '' AND n.stage IN ('dispatched', 'in_transit', 'delivered')
   AND n.fresh
   AND (l.told_at IS NULL OR l.told_at < %(asked)s)
"""
"""Lines with a number, asked for after we told ours: another than the item's was given there by somebody (N11)."""

_LINES = """
UPDATE orders_orderline l SET
       unit = n.unit, remaining = n.remaining, amount = n.amount, stage = n.stage, stage_raw = n.stage_raw,
       claim_kind = CASE WHEN {says} THEN n.claim_kind ELSE l.claim_kind END,
       claim_stage = CASE WHEN {says} THEN n.claim_stage ELSE l.claim_stage END,
       claim_id = CASE WHEN {says} THEN n.claim_id ELSE l.claim_id END,
       claim_quantity = CASE WHEN {says} THEN n.claim_quantity ELSE l.claim_quantity END,
       carrier = CASE WHEN l.told_at >= %(asked)s THEN l.carrier ELSE n.carrier END,
       waybill = CASE WHEN l.told_at >= %(asked)s THEN l.waybill ELSE n.waybill END,
       ship_by = n.ship_by, read_at = %(at)s, asked_at = greatest(l.asked_at, %(asked)s),
       changed_at = coalesce(n.changed_at, l.changed_at)
  FROM known n
 WHERE l.id = n.line_id AND n.stage <> 'unknown'
   AND n.fresh
""".replace("{says}", "(n.claims_known OR n.claim_kind <> '')")
"""A reading that cannot tell that there is no claim leaves the one told before; one asked for before we told a number
says nothing about the number."""

_ITEMS = f"""
WITH targets AS (
    SELECT * FROM unnest(%(stages)s::text[], %(targets)s::text[], %(ranks)s::int[]) AS t(stage, target, rank)
), ranks AS (
    SELECT * FROM unnest(%(statuses)s::text[], %(places)s::int[]) AS r(status, place)
), judged AS MATERIALIZED (
    SELECT i.id, i.order_id, i.shipment_id, i.status, i.push, l.carrier, l.waybill, l.stage,
           CASE WHEN t.target IS NULL OR i.status = ANY(%(ends)s) OR i.push IN ('sending', 'unknown') THEN NULL
                WHEN t.target = 'cancelled' AND i.status <> ALL(%(in_house)s) THEN NULL
                WHEN t.target IN ('returned', 'exchanged') AND i.status = ANY(%(in_house)s) THEN NULL
                WHEN t.target IN ('cancelled', 'returned', 'exchanged') THEN t.target
                WHEN NOT alone.is_so AND i.status = ANY(%(in_house)s) AND t.target <> 'preparing' THEN NULL
                WHEN r.place < t.rank THEN t.target END AS target,
           CASE WHEN l.claim_kind = '' OR l.claim_stage = 'withdrawn' THEN ''
                WHEN l.claim_stage = 'done' AND l.remaining > 0 AND coalesce(t.target, '') <> ALL(%(gone)s) THEN ''
                ELSE l.claim_kind || '_' || l.claim_stage END AS claim,
           l.claim_kind <> '' AND l.claim_stage = ANY(%(open_claims)s)
               OR (t.target = 'cancelled' AND i.status <> ALL(%(in_house)s) AND i.status <> ALL(%(ends)s)) AS claim_open,
           i.claim AS had_claim, i.claim_open AS had_open,
           coalesce(l.ship_by, i.ship_by) AS ship_by, i.ship_by AS had_ship_by,
           l.unit, i.unit AS had_unit, i.waybill AS had_waybill, i.carrier AS had_carrier,
           m.line_id IS NOT NULL AND alone.is_so AND i.push NOT IN ('planned', 'sending', 'unknown')
               AND i.status IN ('in_transit', 'delivered') AND i.waybill <> l.waybill AS renumbered
      FROM known n
      JOIN orders_orderline l ON l.id = n.line_id
      JOIN orders_orderitem i ON i.line_id = l.id
      JOIN ranks r ON r.status = i.status
      LEFT JOIN targets t ON t.stage = l.stage
      LEFT JOIN renumbered m ON m.line_id = l.id
      CROSS JOIN LATERAL (
          SELECT NOT EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.line_id = l.id AND o.id <> i.id
                              AND o.status NOT IN ('cancelled', 'returned', 'exchanged')) AS is_so) AS alone
     WHERE i.status <> ALL(%(gone)s) OR i.claim_open
     ORDER BY i.id FOR UPDATE OF i
), changed AS (
    UPDATE orders_orderitem i SET
           status = coalesce(v.target, i.status),
           status_since = CASE WHEN v.target IS NULL THEN i.status_since ELSE %(at)s END,
           last_batch = CASE WHEN v.target IS NULL THEN i.last_batch ELSE %(batch)s END,
           claim = v.claim, claim_open = v.claim_open, ship_by = v.ship_by, unit = v.unit,
           carrier = CASE WHEN {{takes_number}} THEN v.carrier ELSE i.carrier END,
           waybill = CASE WHEN {{takes_number}} THEN v.waybill ELSE i.waybill END,
           push = CASE WHEN {{sent_there}} AND i.push IN ('', 'planned', 'rejected') THEN 'not_needed' ELSE i.push END,
           push_code = CASE WHEN {{sent_there}} THEN '' ELSE i.push_code END
      FROM judged v
     WHERE i.id = v.id AND (v.target IS NOT NULL OR v.claim <> v.had_claim OR v.claim_open <> v.had_open
                            OR v.ship_by IS DISTINCT FROM v.had_ship_by OR v.unit <> v.had_unit OR v.renumbered)
    RETURNING i.id
), staying AS (
    SELECT s.shipment_id FROM (SELECT shipment_id, count(*) FILTER (WHERE target IS NOT NULL AND status = ANY(%(here)s)) AS going
                                FROM judged GROUP BY 1) AS s
     WHERE going < (SELECT count(*) FROM orders_orderitem o WHERE o.shipment_id = s.shipment_id AND o.status = ANY(%(here)s))
), numbers AS (
    SELECT DISTINCT ON (v.carrier, v.waybill) v.shipment_id, v.carrier, v.waybill
      FROM judged v WHERE {{takes_number}} AND v.shipment_id NOT IN (SELECT shipment_id FROM staying) ORDER BY v.carrier, v.waybill, v.shipment_id
), shipments AS (
    UPDATE orders_shipment s SET carrier = m.carrier, waybill = m.waybill, waybill_at = %(at)s FROM numbers m
     WHERE s.id = m.shipment_id
       AND NOT EXISTS (SELECT 1 FROM orders_shipment o WHERE o.company_id = {COMPANY} AND o.id <> s.id
                        AND o.carrier = m.carrier AND o.waybill = m.waybill AND o.waybill <> ''
                      OFFSET 0)
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch, detail)
    SELECT {COMPANY}, %(at)s, v.order_id, v.id, 'caught_up', v.status, v.target, NULL::bigint, %(batch)s::uuid,
           jsonb_build_object('stage', v.stage) FROM judged v WHERE v.target IS NOT NULL
    UNION ALL
    SELECT {COMPANY}, %(at)s, v.order_id, v.id, 'claim', coalesce(v.target, v.status), coalesce(v.target, v.status), NULL::bigint, NULL::uuid,
           jsonb_build_object('claim', v.claim, 'was', v.had_claim) FROM judged v WHERE v.claim <> v.had_claim
    UNION ALL
    SELECT {COMPANY}, %(at)s, v.order_id, v.id, 'renumbered', coalesce(v.target, v.status), coalesce(v.target, v.status), NULL::bigint, NULL::uuid,
           jsonb_build_object('carrier', v.carrier, 'waybill', v.waybill, 'was_carrier', v.had_carrier,
                              'was_waybill', v.had_waybill) FROM judged v WHERE v.renumbered
)
SELECT count(DISTINCT v.id), count(*) FILTER (WHERE v.target IS NOT NULL), count(*) FILTER (WHERE v.claim <> v.had_claim)
  FROM judged v
""".replace(
    "{sent_there}",
    "(v.target IN ('in_transit', 'delivered', 'settled') AND v.status NOT IN ('in_transit', 'delivered'))",
).replace(
    "{takes_number}",
    "(v.renumbered OR (v.target IN ('in_transit', 'delivered', 'settled') AND v.waybill <> '' AND v.push <> 'confirmed'))",
)


def catch_up(account_id: int, lines: Sequence[ChannelLine], *, at: datetime, asked: datetime | None = None) -> CaughtUp:
    """Bring known lines and their items up to what the channel just said; lines we never collected are ignored (P4).

    Late and repeated readings change nothing: a line only takes a reading not older than its last, an item only moves
    forward, and items whose transmission is under way are left to the ledger. `asked` is when the channel was asked
    (`at` when nobody says): a reading asked for before we told a number says nothing about the number.
    """
    with transaction.atomic():
        load_incoming(lines)
        return catch_up_incoming(account_id, at=at, asked=asked)


def catch_up_incoming(account_id: int, *, at: datetime, asked: datetime | None = None) -> CaughtUp:
    """The same for lines already in `incoming`."""
    batch = uuid4()
    values: dict[str, Any] = {
        "account": account_id,
        "at": at,
        "asked": asked or at,
        "batch": batch,
        "gone": [status.value for status in GONE],
        "stages": [stage.value for stage in TARGETS],
        "targets": [status.value for status in TARGETS.values()],
        "ranks": [PIPELINE.index(status) if status in PIPELINE else 99 for status in TARGETS.values()],
        "statuses": list(Status.values),
        "places": [PIPELINE.index(Status(v)) if Status(v) in PIPELINE else 99 for v in Status.values],
        "ends": [status.value for status in ENDS],
        "in_house": [status.value for status in IN_HOUSE],
        "here": [*(status.value for status in IN_HOUSE), Status.SHIPPED.value],
        "open_claims": [stage.value for stage in OPEN_CLAIMS],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        adopt_lines(account_id, at=at)
        for statement in f"{_KNOWN};\n{_DOUBTS};\n{_NUMBERS}".split(";\n"):
            cursor.execute(statement, values)
        cursor.execute(_LINES, values)
        lines = cursor.rowcount
        cursor.execute(_ITEMS, values)
        _, moved, claims = cursor.fetchone()
        follow_addresses(at=at)
        split_off(at=at)
        release_ended_holds(at=at)
        announce_claims(account_id, at=at, changed=claims > 0)
        if moved:
            cursor.execute(f"SELECT {COMPANY}")
            company_id = cursor.fetchone()[0]
            Batch.objects.create(id=batch, company_id=company_id, action="caught_up", at=at, done=moved)
            announce(ItemsMoved("caught_up", batch, at))
    return CaughtUp(lines, moved, claims, batch if moved else None)


def announce_claims(account_id: int, *, at: datetime, changed: bool = False) -> None:
    """Tell who follows claims of those in `incoming_claims`, if there are any or an item's claim `changed`.

    Telling twice changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM incoming_claims)")
        if cursor.fetchone()[0] or changed:
            announce(LinesRead(account_id, at))
