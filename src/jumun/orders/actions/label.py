"""Waybills on shipments: the first box's carrier and number, and the move to 운송장출력 (P20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jumun.core.refusal import Outcome
from jumun.orders.moving import Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES, Guard


@dataclass(frozen=True, slots=True)
class NewWaybill:
    """A number to put on a shipment: already normalised and checked (waybills.numbers)."""

    item: int
    """Any item of the shipment."""
    carrier: str
    number: str


_WANTED = """
given AS (
    SELECT w.item, w.carrier, w.number, w.place, i.shipment_id
      FROM unnest(%(w_items)s::bigint[], %(w_carriers)s::text[], %(w_numbers)s::text[]) WITH ORDINALITY
           AS w(item, carrier, number, place)
      JOIN orders_orderitem i ON i.id = w.item
), wanted AS (
    SELECT DISTINCT ON (shipment_id) shipment_id, carrier, number, place FROM given ORDER BY shipment_id, place
), clashing AS (
    SELECT w.shipment_id FROM wanted w WHERE w.number <> '' AND (
        EXISTS (SELECT 1 FROM orders_shipment s
                 WHERE s.company_id = {company} AND s.carrier = w.carrier AND s.waybill = w.number
                   AND s.id <> w.shipment_id)
        OR EXISTS (SELECT 1 FROM wanted o
                    WHERE o.carrier = w.carrier AND o.number = w.number AND o.place < w.place))
)
""".replace("{company}", "nullif(current_setting('jumun.company', true), '')::bigint")

_SAVE = """
saved AS (
    UPDATE orders_shipment s SET carrier = w.carrier, waybill = w.number, waybill_at = %(at)s
      FROM wanted w
     WHERE s.id = w.shipment_id AND EXISTS (SELECT 1 FROM final v WHERE v.shipment_id = s.id AND v.verdict = '')
)
"""

FREE = Guard(
    "waybill_taken", "NOT EXISTS (SELECT 1 FROM clashing c WHERE c.shipment_id = i.shipment_id)"
)
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


def _put(new: Sequence[NewWaybill], action: str, *, by: int | None, at: datetime, dry_run: bool) -> Outcome:
    rider = Rider(
        guards=(FREE, NOT_TOLD),
        before=_WANTED,
        join="JOIN wanted w ON w.shipment_id = i.shipment_id",
        columns=(("new_carrier", "w.carrier"), ("new_waybill", "w.number")),
        sets="carrier = v.new_carrier, waybill = v.new_waybill",
        after=_SAVE,
        detail="jsonb_build_object('carrier', v.new_carrier, 'waybill', v.new_waybill,"
        " 'was_carrier', v.was_carrier, 'was_waybill', v.was_waybill)",
        params={
            "w_items": [row.item for row in new],
            "w_carriers": [row.carrier for row in new],
            "w_numbers": [row.number for row in new],
        },
    )
    chosen = Selection(ids=tuple(dict.fromkeys(row.item for row in new)))
    return move_items(chosen, MOVES[action], by=by, at=at, dry_run=dry_run, rider=rider)
