"""What a person does about the ledger: send again what was rejected, look now at what is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.core.errors import JumunError
from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.dispatch.actions import confirm, enqueue_push, transmit
from jumun.dispatch.correcting import plan_correct
from jumun.dispatch.queries import STUCK, EffectFilter, where
from jumun.orders.actions.label import NewWaybill
from jumun.orders.selection import Selection


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which effects are meant: ids, or a filter as of a moment."""

    ids: tuple[int, ...] | None = None
    filter: EffectFilter | None = None
    as_of: datetime | None = None

    def condition(self) -> tuple[str, dict[str, Any]]:
        """The condition over effects (alias `e`) and its parameters. Raises JumunError("nothing_chosen")."""
        if self.ids is not None:
            if not self.ids:
                raise JumunError("nothing_chosen")
            return "e.id = ANY(%(e_ids)s::bigint[])", {"e_ids": list(self.ids)}
        if self.filter is None:
            raise JumunError("nothing_chosen")
        condition, params = where(self.filter)
        if self.as_of is not None:
            condition += " AND e.planned_at <= %(e_as_of)s"
            params["e_as_of"] = self.as_of
        return condition, params


@dataclass(frozen=True, slots=True)
class Again:
    """What became of sending again one verb's rejected effects."""

    verb: str
    outcome: Outcome


_REJECTED = f"""
SELECT e.verb, e.carrier, e.number, (line->>'item')::bigint, i.push = 'rejected' AND EXISTS ({STUCK})
  FROM dispatch_effect e CROSS JOIN jsonb_array_elements(e.lines) AS line
  JOIN orders_orderitem i ON i.id = (line->>'item')::bigint
 WHERE {{condition}} AND e.state = 'rejected' ORDER BY e.id
"""


def retry_effects(chosen: Chosen, *, by: int | None, at: datetime) -> list[Again]:
    """Tell the channels again what they rejected: one job a verb. What was told anew since is refused by name.

    Raises JumunError("nothing_to_retry") when none of it is rejected.
    """
    condition, params = chosen.condition()
    with connection.cursor() as run:
        run.execute(_REJECTED.format(condition=condition), params)
        rows: list[tuple[str, str, str, int, bool]] = run.fetchall()
    if not rows:
        raise JumunError("nothing_to_retry")
    made = []
    for verb in dict.fromkeys(row[0] for row in rows):
        stuck = [row for row in rows if row[0] == verb and row[4]]
        gone = list(dict.fromkeys(row[3] for row in rows if row[0] == verb and not row[4]))
        outcome = _again(verb, stuck, by=by, at=at) if stuck else Outcome(0)
        made.append(Again(verb, _with_refused(outcome, gone)))
    return made


def _again(verb: str, rows: Sequence[tuple[str, str, str, int, bool]], *, by: int | None, at: datetime) -> Outcome:
    items = tuple(dict.fromkeys(row[3] for row in rows))
    if verb == "correct":
        wanted = [NewWaybill(item, carrier, number) for _, carrier, number, item, _ in rows]
        return plan_correct(wanted, by=by, at=at, enqueue=enqueue_push)
    return (confirm if verb == "confirm" else transmit)(Selection(ids=items), by=by, at=at)


def _with_refused(outcome: Outcome, gone: Sequence[int]) -> Outcome:
    refused = [*outcome.refused, *(Refusal(item, "nothing_to_retry") for item in gone)]
    return Outcome(outcome.done, refused[:SHOWN], outcome.refused_total + len(gone), outcome.batch, outcome.job)


def look_now(chosen: Chosen, *, at: datetime) -> int:
    """Read unknown effects back now instead of when their time has come; answers how many are looked at.

    Nothing is sent: reading back only asks the channel. Twice is harmless: one look an account waits in the queue.
    """
    condition, params = chosen.condition()
    with connection.cursor() as run:
        run.execute(
            f"UPDATE dispatch_effect e SET next_look_at = %(at)s WHERE {condition} AND e.state = 'unknown'"
            " RETURNING e.company_id, e.account_id",
            params | {"at": at},
        )
        found: list[tuple[int, int]] = run.fetchall()
    for company_id, account_id in sorted(set(found)):
        enqueue_push(company_id=company_id, account_id=account_id, job_id=None, once=f"look again:{account_id}")
    return len(found)
