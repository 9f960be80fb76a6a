"""출고지시 and its withdrawal."""

from datetime import datetime

from jumun.core.refusal import Outcome
from jumun.orders.actions.label import NOT_TOLD, NUMBERS
from jumun.orders.moving import Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES

_UNNUMBERED = Rider(
    guards=(NOT_TOLD,),
    sets="carrier = '', waybill = '', reprint = false",
    after="""cleared AS (
        UPDATE orders_shipment s SET carrier = '', waybill = '', waybill_at = NULL
          FROM (SELECT DISTINCT v.shipment_id FROM final v WHERE v.verdict = '') w WHERE s.id = w.shipment_id
    )""",
    detail=NUMBERS.format(carrier="''", waybill="''"),
)


def release(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Hand items to their ship-from: preparing → ready (P17, P18). Whole shipments go or stay."""
    return move_items(chosen, MOVES["release"], by=by, at=at, dry_run=dry_run)


def withdraw(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Take a release back, with the number if there is one: ready or labelled → preparing.

    The way out for a labelled parcel whose buyer wants to cancel: withdraw, take that item out, release the rest.
    """
    return move_items(chosen, MOVES["withdraw"], by=by, at=at, dry_run=dry_run, rider=_UNNUMBERED)
