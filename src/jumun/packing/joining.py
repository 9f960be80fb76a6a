"""Moving the items of shipments into the one they join, and remembering on which addresses (C14, I16). Set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from jumun.core.refusal import Outcome
from jumun.orders.addresses import digest_sql
from jumun.orders.models import OrderItem
from jumun.orders.moving import COMPANY, Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import NO_CLAIM, Guard, Mark, Status
from jumun.packing.loading import NO_GOODS, read_goods

SOURCES = frozenset({Status.PREPARING, Status.READY})
MARK = Mark("combine", ("합포", "Combine"), SOURCES)

_GUARDS = (
    NO_CLAIM,
    Guard("has_waybill", "i.waybill = '' AND t.waybill = ''"),
    Guard("other_ship_from", "i.ship_from_id IS NOT DISTINCT FROM t.ship_from_id"),
    Guard("sku_alone", "i.shipment_id <> ALL(%(p_alone)s::bigint[])"),
    Guard("other_storage", "i.shipment_id <> ALL(%(p_stored_apart)s::bigint[])"),
    Guard("address_changed", "r.revision = j.revision AND tr.revision = j.base_revision"),
    Guard(
        "other_stage",
        "EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = j.base_id"
        " AND o.status NOT IN ('cancelled', 'returned', 'exchanged')) AND NOT EXISTS (SELECT 1 FROM orders_orderitem o"
        " WHERE o.shipment_id IN (j.base_id, j.shipment_id) AND o.status NOT IN ('cancelled', 'returned', 'exchanged')"
        " AND (o.status <> i.status OR o.method <> i.method OR o.waybill <> '' OR o.claim_open))",
    ),
)
_JOINING = """
SELECT u.shipment_id, u.base_id, u.revision, u.base_revision
  FROM unnest(%(p_shipments)s::bigint[], %(p_bases)s::bigint[], %(p_revisions)s::int[], %(p_base_revisions)s::int[])
    AS u(shipment_id, base_id, revision, base_revision)
"""
# An order that was taken out of the base before and comes again joins anew.
# An order that came here from elsewhere goes back to its own shipment, not to the one it joined on the way.
_REMEMBER = f"""stale AS (
    UPDATE packing_combination c SET ended_at = %(at)s FROM final v
     WHERE c.shipment_id = v.base_id AND c.order_id = v.order_id AND c.ended_at IS NULL AND v.verdict = ''
       AND NOT EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = c.shipment_id AND o.order_id = c.order_id)
), flattened AS (
    UPDATE packing_combination c SET ended_at = %(at)s FROM final v
     WHERE c.shipment_id = v.shipment_id AND c.order_id = v.order_id AND c.ended_at IS NULL AND v.verdict = ''
), remembered AS (
    INSERT INTO packing_combination (company_id, shipment_id, order_id, came_from_id, address, base_address, at, by_id)
    SELECT DISTINCT {COMPANY}, v.base_id, v.order_id, coalesce(c.came_from_id, v.shipment_id), {digest_sql("own")}, {digest_sql("br")}, %(at)s::timestamptz,
           %(by)s::bigint
      FROM final v JOIN orders_recipient own ON own.order_id = v.order_id
      JOIN orders_shipment b ON b.id = v.base_id JOIN orders_recipient br ON br.id = b.recipient_id
      LEFT JOIN packing_combination c ON c.shipment_id = v.shipment_id AND c.order_id = v.order_id AND c.ended_at IS NULL
     WHERE v.verdict = ''
)"""
_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id = ANY(%s::bigint[]) ORDER BY s.id FOR UPDATE) AS locked
"""

_JOINED = "SELECT came_from_id, shipment_id FROM packing_combination WHERE ended_at IS NULL AND shipment_id = ANY(%s)"
_CLOSE = """
UPDATE packing_candidate SET decision = %(decision)s, decided_by_id = %(by)s, decided_at = %(at)s
 WHERE id = ANY(%(ids)s) AND (NOT %(waiting)s OR decision = '')
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate that is no base: its id, its shipment, the shipment it is held against."""

    id: int
    shipment: int
    base: int


@dataclass(frozen=True, slots=True)
class Joining:
    """One shipment on its way into another, as its recipients were when it was judged."""

    shipment: int
    base: int
    revision: int
    base_revision: int


def join_shipments(joining: Sequence[Joining], *, by: int | None, at: datetime) -> Outcome:
    """Move the live items of each shipment into its base's, judged anew under the lock; remember the addresses."""
    if not joining:
        return Outcome(0)
    ids = sorted({each.shipment for each in joining} | {each.base for each in joining})
    with transaction.atomic():
        lock_parcels(ids)
        goods = read_goods(ids)
        together = [(each, goods.get(each.shipment, NO_GOODS), goods.get(each.base, NO_GOODS)) for each in joining]
        items = OrderItem.objects.filter(shipment_id__in=[each.shipment for each in joining], status__in=SOURCES)
        chosen = tuple(items.values_list("id", flat=True))
        rider = Rider(
            guards=_GUARDS,
            before=f"joining AS ({_JOINING})",
            join="JOIN joining j ON j.shipment_id = i.shipment_id JOIN orders_shipment t ON t.id = j.base_id"
            " JOIN orders_recipient tr ON tr.id = t.recipient_id"
            " JOIN orders_shipment f ON f.id = i.shipment_id JOIN orders_recipient r ON r.id = f.recipient_id",
            columns=(("base_id", "j.base_id"), ("base_bundle", "t.bundle_no"), ("was_bundle", "i.bundle_no")),
            sets="shipment_id = v.base_id, bundle_no = v.base_bundle",
            after=_REMEMBER,
            detail="jsonb_build_object('into', v.base_bundle, 'was', v.was_bundle)",
            params={
                "p_shipments": [each.shipment for each in joining],
                "p_bases": [each.base for each in joining],
                "p_revisions": [each.revision for each in joining],
                "p_base_revisions": [each.base_revision for each in joining],
                "p_alone": [each.shipment for each, mine, base in together if mine.alone or base.alone],
                "p_stored_apart": [each.shipment for each, mine, base in together if mine.storages != base.storages],
            },
        )
        return move_items(Selection(ids=chosen), MARK, by=by, at=at, rider=rider)


def lock_parcels(shipments: Sequence[int]) -> None:
    """Lock these shipments in one order: whoever combines, splits, matches or moves them waits (R26)."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(shipments)])


def close_candidates(members: Sequence[Member], *, by: int | None, at: datetime) -> int:
    """Write down which of them are in their base now; the others that waited were refused. Answers how many are."""
    if not members:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, [[each.base for each in members]])
        joined = set(cursor.fetchall())
        done = [each.id for each in members if (each.shipment, each.base) in joined]
        cursor.execute(_CLOSE, {"decision": "combined", "ids": done, "by": by, "at": at, "waiting": False})
        left = [each.id for each in members if (each.shipment, each.base) not in joined]
        cursor.execute(_CLOSE, {"decision": "refused", "ids": left, "by": by, "at": at, "waiting": True})
    return len(done)
