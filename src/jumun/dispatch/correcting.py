"""Correcting a number a channel was told (N11): told anew where its API can, named with what to do where it cannot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from jumun.channels.profile import Can
from jumun.channels.queries import list_by_sheet
from jumun.channels.registry import profiles
from jumun.core.refusal import Outcome
from jumun.dispatch.planning import NO_EFFECT_OPEN, RIDER_COLUMNS, Enqueue, Plan, carry_out
from jumun.orders.actions.label import FREE, WANTED, NewWaybill
from jumun.orders.moving import Rider, judgement
from jumun.orders.selection import Selection
from jumun.orders.states import MARKS, Guard

PARCEL_MATES = """
SELECT c.id FROM orders_orderitem c WHERE {chosen}
UNION
SELECT m.id FROM orders_orderitem c CROSS JOIN LATERAL (
       SELECT m.id FROM orders_orderitem m WHERE m.shipment_id = c.shipment_id AND m.status = ANY(%(sources)s) OFFSET 0) m
 WHERE {chosen}
"""
"""A parcel has one number: all of it that left is corrected."""

_CAN = Guard(
    "cannot_correct",
    "CASE WHEN i.account_id = ANY(%(sheets)s) THEN i.push <> 'not_needed' ELSE i.channel = ANY(%(able)s) END",
)
_ANOTHER = Guard("same_number", "(w.carrier, w.number) IS DISTINCT FROM (i.carrier, i.waybill)")


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
            "w_items": [row.item for row in new],
            "w_carriers": [row.carrier for row in new],
            "w_numbers": [row.number for row in new],
        },
    )
    chosen = Selection(ids=tuple(dict.fromkeys(row.item for row in new)))
    sql, values = judgement(chosen, MARKS["correct"], replace(rider, before=WANTED), also=PARCEL_MATES)
    values["target"] = ""
    return carry_out(sql, values, Plan("correct", by, at, enqueue), job_id=None, dry_run=dry_run)
