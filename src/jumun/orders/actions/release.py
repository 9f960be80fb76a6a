"""출고지시 and its withdrawal."""

from datetime import datetime

from jumun.core.refusal import Outcome
from jumun.orders.moving import move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES


def release(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Hand items to their ship-from: preparing → ready (P17, P18). Whole shipments go or stay."""
    return move_items(chosen, MOVES["release"], by=by, at=at, dry_run=dry_run)


def withdraw(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Take a release back: ready → preparing."""
    return move_items(chosen, MOVES["withdraw"], by=by, at=at, dry_run=dry_run)
