"""강제 취소: final, with its time (Q35, Q36)."""

from datetime import datetime

from django.db import transaction

from jumun.core.refusal import Outcome
from jumun.orders.moving import Rider, lock_shipments, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES, Guard

NOT_TOLD = Guard("already_told", "i.push NOT IN ('planned', 'sending', 'unknown', 'confirmed')")

_LABELS = """
labels AS (
    UPDATE orders_orderitem o SET reprint = true
     WHERE o.shipment_id IN (SELECT v.shipment_id FROM final v WHERE v.verdict = '' AND v.status = 'labelled')
       AND o.status = 'labelled' AND NOT o.reprint AND o.id NOT IN (SELECT v.id FROM final v WHERE v.verdict = '')
)"""
"""What stays in a parcel whose label is made already: the label says more than is in it."""


def cancel(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Cancel items in the house for good; `status_since` is then their 취소 일시.

    The channel is not told: this is for orders it does not know any more. Others of a labelled parcel are marked for
    reprint.
    """
    rider = Rider(guards=(NOT_TOLD,), after=_LABELS)
    with transaction.atomic():
        if not dry_run:
            lock_shipments(chosen)
        return move_items(chosen, MOVES["cancel"], by=by, at=at, dry_run=dry_run, rider=rider)
