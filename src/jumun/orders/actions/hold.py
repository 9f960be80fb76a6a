"""Holds: several at once on one item, each with a reason, an owner, a note and perhaps an end (N12)."""

from datetime import datetime

from django.db import connection, transaction

from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.orders.moving import COMPANY, Rider, freshen_statistics, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MARKS, Guard

REASONS: dict[str, tuple[str, str]] = {
    "customer": ("고객 확인 필요", "Ask the customer"),
    "address": ("주소 확인 필요", "Check the address"),
    "stock": ("재고 부족", "Out of stock"),
    "payment": ("입금 확인", "Payment pending"),
    "fraud": ("의심 주문", "Suspicious"),
    "gift_without_address": ("선물하기: 주소 입력 전", "Gift without an address yet"),
    "pre_order": ("예약구매: 발송 시작 전", "Pre-order before its date"),
    "partner_ships": ("도착보장: 물류사가 발송", "Arrival guaranteed: a partner ships it"),
    "changed_there": ("쇼핑몰에서 내용이 바뀜", "Changed on the channel"),
    "other": ("기타", "Other"),
}
"""Why an item may be held. Codes are stable."""


def hold(
    chosen: Selection,
    *,
    reason: str,
    note: str = "",
    until: datetime | None = None,
    by: int | None,
    at: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Put one more hold on each item. Raises JumunError("invalid") for an unknown reason."""
    if reason not in REASONS or len(note) > 500 or "\x00" in note:
        raise JumunError("invalid", field="reason" if reason not in REASONS else "note")
    rider = Rider(
        sets="held = true",
        after=f"""opened AS (
            INSERT INTO orders_hold (company_id, item_id, reason, note, by_id, batch, until, created_at)
            SELECT {COMPANY}, v.id, %(reason)s, %(note)s, %(by)s, %(batch)s, %(until)s::timestamptz, %(at)s
              FROM final v WHERE v.verdict = '')""",
        detail="jsonb_build_object('reason', %(reason)s::text)",
        params={"reason": reason, "note": note, "until": until},
    )
    outcome = move_items(chosen, MARKS["hold"], by=by, at=at, params={"reason": reason}, dry_run=dry_run, rider=rider)
    freshen_statistics(("orders_hold",), outcome.done)
    return outcome


def unhold(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """End every hold of each item. An item that is not held is refused by name."""
    rider = Rider(
        guards=(Guard("not_held", "i.held"),),
        sets="held = false",
        after="""closed AS (
            UPDATE orders_hold h SET released_at = %(at)s, released_batch = %(batch)s
              FROM final v WHERE v.verdict = '' AND h.item_id = v.id AND h.released_at IS NULL)""",
    )
    return move_items(chosen, MARKS["unhold"], by=by, at=at, dry_run=dry_run, rider=rider)


_LOCK_DUE = """
SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT i.id FROM orders_orderitem i
     WHERE i.id IN (SELECT h.item_id FROM orders_hold h WHERE h.released_at IS NULL AND h.until <= %(at)s)
     ORDER BY i.id FOR UPDATE) AS locked
"""
"""Items before holds, as `move_items` does; with the lock no other hold can come between."""

_END_DUE = f"""
WITH ended AS (
    UPDATE orders_hold h SET released_at = %(at)s
     WHERE h.item_id = ANY(%(ids)s) AND h.released_at IS NULL AND h.until <= %(at)s RETURNING h.item_id
), freed AS (
    UPDATE orders_orderitem i SET held = false
     WHERE i.held AND i.id IN (SELECT item_id FROM ended)
       AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL
                          AND (h.until IS NULL OR h.until > %(at)s))
    RETURNING i.id, i.order_id, i.status
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
    SELECT {COMPANY}, %(at)s, order_id, id, 'unhold', status, status, '{{"reason": "until"}}' FROM freed
)
SELECT count(*) FROM freed
"""


def release_due_holds(*, at: datetime) -> int:
    """End the company's holds whose `until` has passed; answers how many items became free of their last one.

    `last_batch` stays: what a person did last to the item may still be taken back. Must run inside `acting_as`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK_DUE, {"at": at})
        ids = cursor.fetchone()[0]
        if not ids:
            return 0
        cursor.execute(_END_DUE, {"at": at, "ids": ids})
        return int(cursor.fetchone()[0])
