"""Every action of the state table by its name: what REST, pages and the command line call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError, NotFoundError
from jumun.core.refusal import Outcome
from jumun.dispatch.actions import confirm, transmit
from jumun.orders.actions.cancel import cancel
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.release import release, withdraw
from jumun.orders.actions.take_out import take_out
from jumun.orders.selection import Selection

PLAIN = {
    "confirm": confirm,
    "release": release,
    "withdraw": withdraw,
    "hand_over": hand_over,
    "transmit": transmit,
    "cancel": cancel,
    "unhold": unhold,
    "take_out": take_out,
}
"""Actions without parameters."""


def act(
    action: str,
    chosen: Selection,
    *,
    params: Mapping[str, Any] | None = None,
    by: int | None,
    at: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Do one action with a selection.

    `hold` takes the parameters reason, note and until (ISO 8601). Waybills are saved through `waybills.actions`.
    Raises NotFoundError("unknown_action") and JumunError("invalid") for a wrong parameter.
    """
    params = dict(params or {})
    if action == "hold":
        return hold(
            chosen,
            reason=str(params.pop("reason", "other")),
            note=str(params.pop("note", "")),
            until=_until(params.pop("until", None)),
            by=by,
            at=at,
            dry_run=dry_run,
        )
    if action not in PLAIN:
        raise NotFoundError("unknown_action", action=action)
    if params:
        raise JumunError("invalid", field=f"params.{next(iter(params))}")
    return PLAIN[action](chosen, by=by, at=at, dry_run=dry_run)


def _until(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = read_moment(str(value))
    except ValueError as problem:
        raise JumunError("invalid", field="params.until") from problem
    if moment.tzinfo is None or not 1970 <= moment.year <= 9000:  # far from the ends of time
        raise JumunError("invalid", field="params.until")
    return moment
