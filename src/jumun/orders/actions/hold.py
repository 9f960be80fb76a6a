"""Holds: several at once on one item, each with a reason, an owner, a note and perhaps an end (N12)."""

from datetime import datetime

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
    outcome = move_items(
        chosen, MARKS["hold"], by=by, at=at, params={"reason": reason}, dry_run=dry_run, rider=rider
    )
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
