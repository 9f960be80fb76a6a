"""Correcting a number a channel was told (N11): told anew where its API can, named with what to do where it cannot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from jumun.channels.profile import Can
from jumun.channels.queries import list_by_sheet
from jumun.channels.registry import profiles
from jumun.core.errors import ConflictError
from jumun.core.refusal import Outcome
from jumun.dispatch.planning import NO_EFFECT_OPEN, RIDER_COLUMNS, Enqueue, Plan, carry_out
from jumun.orders.actions.label import FREE, NUMBERS, WANTED, NewWaybill
from jumun.orders.moving import Rider, judgement, lock_shipments, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import MARKS, MOVES, Guard, Mark

PARCEL_MATES = """
SELECT c.id FROM orders_orderitem c WHERE {chosen}
UNION
SELECT m.id FROM orders_orderitem c CROSS JOIN LATERAL (
       SELECT m.id FROM orders_orderitem m WHERE m.shipment_id = c.shipment_id AND m.status = ANY(%(sources)s)
          AND m.push <> 'not_needed' OFFSET 0) m
 WHERE {chosen}
"""
"""A parcel has one number: all of it that left is corrected. What nobody was told of follows when it is answered."""

_CAN = Guard(
    "cannot_correct",
    "i.push <> 'not_needed' AND (i.account_id = ANY(%(sheets)s) OR i.channel = ANY(%(able)s))",
)
_NOBODY_TOLD = Guard("already_told", "i.push = 'not_needed'")
_HERE = Mark("renumber", MOVES["renumber"].button, MARKS["correct"].sources, undo=True)
"""Its batch is taken back as any change of numbers is."""
_ANOTHER = Guard("same_number", "(w.carrier, w.number) IS DISTINCT FROM (i.carrier, i.waybill)")


_PART = """
SELECT w.place, (array_agg(m.id ORDER BY m.id) FILTER (WHERE m.push = 'not_needed')),
       min(m.id) FILTER (WHERE m.push <> 'not_needed')
  FROM unnest(%(items)s::bigint[]) WITH ORDINALITY AS w(item, place)
  JOIN orders_orderitem i ON i.id = w.item
 CROSS JOIN LATERAL (
       SELECT m.id, m.push FROM orders_orderitem m WHERE m.shipment_id = i.shipment_id AND m.status = ANY(%(sources)s) OFFSET 0) m
 GROUP BY w.place ORDER BY w.place
"""

_SHIPMENTS = """
saved AS (
    UPDATE orders_shipment s SET carrier = w.new_carrier, waybill = w.new_waybill, waybill_at = %(at)s
      FROM (SELECT DISTINCT v.shipment_id, v.new_carrier, v.new_waybill FROM final v WHERE v.verdict = '') w
     WHERE s.id = w.shipment_id
)
"""


def part_told(new: Sequence[NewWaybill]) -> tuple[list[NewWaybill], list[NewWaybill]]:
    """Numbers for items on their way of which nobody was told (typed in, or sold nowhere), and those a channel knows.

    A parcel of both goes with those a channel knows, so that it keeps one number.
    """
    here: list[NewWaybill] = []
    there: list[NewWaybill] = []
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "items": [row.item for row in new],
            "sources": [each.value for each in MARKS["correct"].sources],
        }
        cursor.execute(_PART, values)
        for place, untold, told in cursor.fetchall():
            row = new[place - 1]
            if told is not None:
                there.append(replace(row, item=told))
            else:
                here += [replace(row, item=item) for item in untold]
    return here, there


def correct_here(new: Sequence[NewWaybill], *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """Change the numbers of items on their way of which nobody was told: `part_told`. Nothing is sent.

    Raises ConflictError("waybill_taken") when somebody saves one of these numbers this moment.
    """
    chosen = Selection(ids=tuple(dict.fromkeys(row.item for row in new)))
    rider = Rider(
        guards=(_NOBODY_TOLD, FREE, _ANOTHER),
        before=WANTED,
        join="JOIN wanted w ON w.shipment_id = i.shipment_id",
        columns=(("new_carrier", "w.carrier"), ("new_waybill", "w.number")),
        sets="carrier = v.new_carrier, waybill = v.new_waybill",
        after=_SHIPMENTS,
        detail=NUMBERS.format(carrier="v.new_carrier", waybill="v.new_waybill"),
        params=_wanted(new),
    )
    try:
        with transaction.atomic():
            if not dry_run:
                lock_shipments(chosen)
            return move_items(chosen, _HERE, by=by, at=at, dry_run=dry_run, rider=rider)
    except IntegrityError as taken:
        raise ConflictError("waybill_taken") from taken


def _wanted(new: Sequence[NewWaybill]) -> dict[str, Any]:
    return {
        "w_items": [row.item for row in new],
        "w_carriers": [row.carrier for row in new],
        "w_numbers": [row.number for row in new],
    }


def plan_correct(
    new: Sequence[NewWaybill], *, by: int | None, at: datetime, enqueue: Enqueue, dry_run: bool = False
) -> Outcome:
    """Tell another number for shipments already told; answers the job that carries on.

    The item shows the new number when the channel accepted it. Items of channels whose API has no such call are
    refused with `cannot_correct`; accounts told by sheet get a sheet of what was corrected. A constant number of statements.
    """
    able = [profile.kind for profile in profiles() if Can.CORRECT_WAYBILL in profile.can]
    rider = Rider(
        guards=(NO_EFFECT_OPEN, _CAN, FREE, _ANOTHER),
        join="JOIN wanted w ON w.shipment_id = i.shipment_id",
        columns=(
            *RIDER_COLUMNS,
            ("is_local", "false"),
            ("new_carrier", "w.carrier"),
            ("new_waybill", "w.number"),
        ),
        params={
            "able": able,
            "sheets": list_by_sheet(),
            **_wanted(new),
        },
    )
    chosen = Selection(ids=tuple(dict.fromkeys(row.item for row in new)))
    sql, values = judgement(chosen, MARKS["correct"], replace(rider, before=WANTED), also=PARCEL_MATES)
    values["target"] = ""
    return carry_out(sql, values, Plan("correct", by, at, enqueue), job_id=None, dry_run=dry_run)
