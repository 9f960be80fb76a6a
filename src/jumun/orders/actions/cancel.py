"""강제 취소: final, with its time (Q35, Q36)."""

from datetime import datetime

from jumun.core.refusal import Outcome
from jumun.orders.moving import Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES, Guard

NOT_TOLD = Guard("already_told", "i.push NOT IN ('planned', 'sending', 'unknown', 'confirmed')")


def cancel(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Cancel items in the house for good. The channel is not told: this is for orders it does not know any more."""
    return move_items(chosen, MOVES["cancel"], by=by, at=at, dry_run=dry_run, rider=Rider(guards=(NOT_TOLD,)))
