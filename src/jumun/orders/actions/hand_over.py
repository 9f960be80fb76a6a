"""출고완료: the parcel left the house."""

from datetime import datetime

from jumun.core.refusal import Outcome
from jumun.orders.moving import move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES


def hand_over(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Labelled → shipped (P30). An open claim, a hold or a missing number stops the whole shipment."""
    return move_items(chosen, MOVES["hand_over"], by=by, at=at, dry_run=dry_run)
