"""합포 풀기: an order goes back to the shipment it came from (I16, C14), by hand or because an address changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import connection, transaction

from jumun.core.refusal import Outcome
from jumun.orders.actions.follow_addresses import REASON
from jumun.orders.actions.hold import hold
from jumun.orders.addresses import digest_sql
from jumun.orders.events import AddressesChanged, ItemsRematched
from jumun.orders.models import Hold, OrderItem
from jumun.orders.moving import COMPANY, Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import Guard, Mark, Status
from jumun.packing.choices import keep_apart
from jumun.packing.loading import NO_GOODS, read_goods_by_order
from jumun.packing.models import Candidate, Combination

MARK = Mark("uncombine", ("합포 풀기", "Un-combine"), frozenset({Status.PREPARING, Status.READY}))

_GUARDS = (
    Guard("told_already", "i.waybill = '' AND i.push IN ('', 'not_needed')"),
    Guard("combined_into_numbered", "here.waybill = '' AND t.waybill = ''"),
    Guard(
        "other_stage",
        "NOT EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = k.came_from_id"
        " AND o.status NOT IN ('cancelled', 'returned', 'exchanged') AND o.status <> i.status)",
    ),
)
_ENDED = """ended AS (
    UPDATE packing_combination e SET ended_at = %(at)s FROM final v WHERE e.id = v.combination AND v.verdict = ''
)"""
_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (
       SELECT unnest(ARRAY[c.shipment_id, c.came_from_id]) FROM packing_combination c WHERE c.id = ANY(%s::bigint[]))
 ORDER BY s.id FOR UPDATE) AS locked
"""
_CHANGED = f"""
SELECT c.id FROM packing_combination c
  JOIN orders_recipient r ON r.order_id = c.order_id
  JOIN orders_shipment s ON s.id = c.shipment_id JOIN orders_recipient b ON b.id = s.recipient_id
 WHERE c.company_id = {COMPANY} AND c.ended_at IS NULL
   AND (c.address <> {digest_sql("r")} OR c.base_address <> {digest_sql("b")})
"""


MOST_TOGETHER = 100
"""Shipments of one parcel that are kept apart each from each: beyond, the pairs would be too many to keep."""
_REMATCHED = f"""
SELECT c.id, c.shipment_id, c.order_id FROM packing_combination c
 WHERE c.company_id = {COMPANY} AND c.ended_at IS NULL AND c.shipment_id = ANY(ARRAY(
       SELECT i.shipment_id FROM orders_timelineevent e JOIN orders_orderitem i ON i.id = e.item_id
        WHERE e.company_id = {COMPANY} AND e.batch = %(batch)s AND e.at = %(at)s))
 ORDER BY c.id
"""


def uncombine(shipments: Sequence[int], *, by: int | None, at: datetime) -> Outcome:
    """Take shipments apart again: every order that joined one goes back, until a channel or carrier was told (I16).

    Those that went back stay apart in later runs.
    """
    found = Combination.objects.filter(shipment_id__in=list(shipments), ended_at=None)
    chosen = list(found.values_list("id", flat=True))
    with transaction.atomic():
        outcome = _leave(chosen, by=by, at=at)
        left = Combination.objects.filter(id__in=chosen).exclude(ended_at=None)
        pairs = set(left.values_list("came_from_id", "shipment_id"))
        keep_apart(_everyone_apart(pairs), by=by, at=at)
        told = Candidate.objects.filter(decision="combined", shipment_id__in={came_from for came_from, _ in pairs})
        gone = [row for row, *pair in told.values_list("id", "shipment_id", "base_id") if tuple(pair) in pairs]
        Candidate.objects.filter(id__in=gone).update(decision="apart", decided_by=by, decided_at=at)
    return outcome


def _everyone_apart(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """All that stood in one parcel, each from each: not only from its base. Of more than any parcel holds, from the base."""
    pairs = set(pairs)
    parcels: dict[int, set[int]] = {}
    for came_from, base in pairs:
        parcels.setdefault(base, {base}).add(came_from)
    every = {pair for each in parcels.values() if len(each) <= MOST_TOGETHER for pair in combinations(sorted(each), 2)}
    return every | {(min(pair), max(pair)) for pair in pairs}


def send_back(
    pairs: Sequence[tuple[int, int]], *, by: int | None, at: datetime
) -> tuple[Outcome, set[tuple[int, int]]]:
    """Take shipments (each with the base it joined) out again, with everything that had joined them before.

    Answers also the pairs that are apart now: those that were never together, and those that left.
    """
    wanted, bases = set(pairs), {base for _, base in pairs}
    open_ones = Combination.objects.filter(shipment_id__in=bases, ended_at=None)
    rows = list(open_ones.values_list("id", "came_from_id", "shipment_id", "order_id", "at"))
    earlier = Combination.objects.filter(shipment_id__in={each for each, _ in wanted}).exclude(ended_at=None)
    came_with = {
        (order, moment): shipment
        for shipment, order, moment in earlier.values_list("shipment_id", "order_id", "ended_at")
    }
    chosen = [
        row
        for row, came_from, base, order, moment in rows
        if (came_from, base) in wanted or (came_with.get((order, moment)), base) in wanted
    ]
    outcome = _leave(chosen, by=by, at=at)
    return outcome, wanted - set(open_ones.values_list("came_from_id", "shipment_id"))


def leave_changed(event: AddressesChanged) -> None:
    """An order whose address is no longer the one it was combined on leaves; when the base's changed, all who joined.

    What can no longer leave because of its number is held until a person decides.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED)
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return
    stayed = {each.id for each in _leave(ids, by=event.by, at=event.at).refused}
    stayed -= set(
        Hold.objects.filter(item_id__in=stayed, reason=REASON, released_at=None).values_list("item_id", flat=True)
    )
    if stayed:
        hold(Selection(ids=tuple(sorted(stayed))), reason=REASON, by=event.by, at=event.at)


def leave_unlike(event: ItemsRematched) -> None:
    """What is made of other goods now and no longer goes with the rest of its parcel leaves: frozen goods, what goes alone.

    When it is the base's, all who joined leave.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REMATCHED, {"batch": event.batch, "at": event.at})
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    if not rows:
        return
    leaving = []
    goods = read_goods_by_order(sorted({shipment for _, shipment, _ in rows}))
    for combination, shipment, order in rows:
        inside = goods.get(shipment, {})
        mine = inside.get(order, NO_GOODS)
        joined = {each for _, here, each in rows if here == shipment}
        rest = [each for number, each in inside.items() if number not in joined]
        if any(mine.alone or each.alone or mine.storages != each.storages for each in rest):
            leaving.append(combination)
    _leave(leaving, by=None, at=event.at)


def _leave(combinations: Sequence[int], *, by: int | None, at: datetime) -> Outcome:
    if not combinations:
        return Outcome(0)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(combinations)])
        pairs = Combination.objects.filter(id__in=list(combinations), ended_at=None).values_list(
            "shipment_id", "order_id"
        )
        wanted = set(pairs)
        items = OrderItem.objects.filter(
            shipment_id__in={shipment for shipment, _ in wanted}, order_id__in={order for _, order in wanted}
        ).exclude(status__in=("cancelled", "returned", "exchanged"))
        chosen = tuple(
            item for item, *pair in items.values_list("id", "shipment_id", "order_id") if tuple(pair) in wanted
        )
        params: dict[str, Any] = {"p_combinations": list(combinations)}
        rider = Rider(
            guards=_GUARDS,
            join="JOIN LATERAL (SELECT c.id, c.came_from_id FROM packing_combination c WHERE c.shipment_id = i.shipment_id"
            " AND c.order_id = i.order_id AND c.ended_at IS NULL AND c.id = ANY(%(p_combinations)s::bigint[])"
            " ORDER BY c.id LIMIT 1) k ON true"
            " JOIN orders_shipment t ON t.id = k.came_from_id JOIN orders_shipment here ON here.id = i.shipment_id",
            columns=(
                ("combination", "k.id"),
                ("came_from", "k.came_from_id"),
                ("back_bundle", "t.bundle_no"),
                ("was_bundle", "i.bundle_no"),
            ),
            sets="shipment_id = v.came_from, bundle_no = v.back_bundle",
            after=_ENDED,
            detail="jsonb_build_object('into', v.back_bundle, 'was', v.was_bundle)",
            params=params,
        )
        return move_items(Selection(ids=chosen), MARK, by=by, at=at, rider=rider)
