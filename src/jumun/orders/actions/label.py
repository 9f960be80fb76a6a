"""Waybills on shipments: the first box's carrier and number, and the move to 운송장출력 (P20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from jumun.core.errors import ConflictError
from jumun.core.refusal import Outcome
from jumun.orders.moving import COMPANY, Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES, Guard


@dataclass(frozen=True, slots=True)
class NewWaybill:
    """A number to put on a shipment: already normalised and checked (waybills.numbers)."""

    item: int
    """Any item of the shipment."""
    carrier: str
    number: str


WANTED = """
given AS (
    SELECT w.item, w.carrier, w.number, w.place, i.shipment_id
      FROM unnest(%(w_items)s::bigint[], %(w_carriers)s::text[], %(w_numbers)s::text[]) WITH ORDINALITY
           AS w(item, carrier, number, place)
      JOIN orders_orderitem i ON i.id = w.item
), first_given AS (
    SELECT DISTINCT ON (shipment_id) shipment_id, carrier, number, place FROM given ORDER BY shipment_id, place
), wanted AS MATERIALIZED (
    SELECT f.*, f.number <> '' AND (
               row_number() OVER (PARTITION BY f.carrier, f.number ORDER BY f.place) > 1
               OR EXISTS (SELECT 1 FROM orders_shipment s
                           WHERE s.company_id = {company} AND s.carrier = f.carrier AND s.waybill = f.number AND s.waybill <> ''
                             AND s.id <> f.shipment_id)) AS clashes
      FROM first_given f
)
""".replace("{company}", COMPANY)

_SAVE = """
saved AS (
    UPDATE orders_shipment s SET carrier = w.new_carrier, waybill = w.new_waybill, waybill_at = %(at)s
      FROM (SELECT DISTINCT v.shipment_id, v.new_carrier, v.new_waybill FROM final v WHERE v.verdict = '') w
     WHERE s.id = w.shipment_id
)
"""

NUMBERS = (
    "jsonb_build_object('carrier', {carrier}, 'waybill', {waybill},"
    " 'was_carrier', v.was_carrier, 'was_waybill', v.was_waybill)"
)
"""A timeline detail that says which number an item got and which it had, for the undo."""

TRIES = 5
"""How often a save is judged again when others take the same numbers at the same time."""

FREE = Guard("waybill_taken", "NOT w.clashes")
NOT_TOLD = Guard("already_told", "i.push NOT IN ('planned', 'sending', 'unknown', 'confirmed')")


def label(new: Sequence[NewWaybill], *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Put numbers on the shipments of these items: ready → labelled. One shipment takes the first number given for it.

    A number another shipment of the company already has with the same carrier is refused (R27); the database's unique
    key has the last word when two people save at once.
    """
    return _put(new, "label", by=by, at=at, dry_run=dry_run)


def relabel(new: Sequence[NewWaybill], *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Change the numbers of labelled shipments no channel has been told of."""
    return _put(new, "relabel", by=by, at=at, dry_run=dry_run)


def renumber(new: Sequence[NewWaybill], *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Change the numbers of shipments that left and that no channel was told of: refused ones get a right one."""
    return _put(new, "renumber", by=by, at=at, dry_run=dry_run)


def _put(new: Sequence[NewWaybill], action: str, *, by: int | None, at: datetime, dry_run: bool) -> Outcome:
    rider = Rider(
        guards=(FREE, NOT_TOLD),
        before=WANTED,
        join="JOIN wanted w ON w.shipment_id = i.shipment_id",
        columns=(("new_carrier", "w.carrier"), ("new_waybill", "w.number")),
        sets="carrier = v.new_carrier, waybill = v.new_waybill, reprint = false",
        after=_SAVE,
        detail=NUMBERS.format(carrier="v.new_carrier", waybill="v.new_waybill"),
        params={
            "w_items": [row.item for row in new],
            "w_carriers": [row.carrier for row in new],
            "w_numbers": [row.number for row in new],
        },
    )
    chosen = Selection(ids=tuple(dict.fromkeys(row.item for row in new)))
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return move_items(chosen, MOVES[action], by=by, at=at, dry_run=dry_run, rider=rider)
        except IntegrityError:
            continue  # somebody saved one of these numbers this moment: judged again, that one is now taken
    raise ConflictError("waybill_taken")
