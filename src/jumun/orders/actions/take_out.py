"""묶음에서 빼기: an item that cannot go gets a shipment of its own, so that the others can (DESIGN §2)."""

from datetime import datetime

from django.db import transaction

from jumun.core.clock import in_kst
from jumun.core.refusal import Outcome
from jumun.orders.moving import COMPANY, Rider, lock_shipments, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MARKS, Guard

NOT_ALONE = Guard(
    "alone",
    "EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = i.shipment_id AND o.id <> i.id"
    " AND o.status NOT IN ('cancelled', 'returned', 'exchanged'))",
)


def take_out(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Move the chosen items of each shipment, together, into a new shipment of the same ship-from.

    It goes to their own order's recipient: what leaves a parcel of several orders leaves it order by order (C14).
    """
    rider = Rider(
        guards=(NOT_ALONE,),
        middle=f"""leaving AS (
            SELECT DISTINCT v.shipment_id, own.id AS recipient_id
              FROM final v JOIN orders_recipient own ON own.order_id = v.order_id WHERE v.verdict = ''
        ), counted AS (
            UPDATE companies_company SET bundle_counter = bundle_counter + (SELECT count(*) FROM leaving)
             WHERE id = {COMPANY} RETURNING bundle_counter
        ), numbered AS (
            SELECT l.shipment_id, l.recipient_id, nextval(pg_get_serial_sequence('orders_shipment', 'id')) AS new_id,
                   %(prefix)s || jumun_bundle_no((SELECT bundle_counter FROM counted) - row_number() OVER (ORDER BY l.shipment_id, l.recipient_id) + 1)
                       AS bundle_no
              FROM leaving l
        ), made AS (
            INSERT INTO orders_shipment (id, company_id, bundle_no, ship_from_id, recipient_id, carrier, waybill, created_at)
            OVERRIDING SYSTEM VALUE
            SELECT n.new_id, {COMPANY}, n.bundle_no, s.ship_from_id, n.recipient_id, '', '', %(at)s
              FROM numbered n JOIN orders_shipment s ON s.id = n.shipment_id
        )""",
        moved_from="JOIN orders_recipient own ON own.order_id = v.order_id"
        " JOIN numbered n ON n.shipment_id = v.shipment_id AND n.recipient_id = own.id",
        sets="shipment_id = n.new_id, bundle_no = n.bundle_no",
        params={"prefix": bundle_prefix(at)},
    )
    with transaction.atomic():
        if not dry_run:
            lock_shipments(chosen)
        return move_items(chosen, MARKS["take_out"], by=by, at=at, dry_run=dry_run, rider=rider)


def bundle_prefix(at: datetime) -> str:
    """`B2611-`: B, then year and month in Korea; the counter that follows has at least five digits."""
    return f"B{in_kst(at):%y%m}-"
