"""One statement that moves any number of items, tells the timeline, and names every item left alone.

Every move of `states` and every mark goes through here. What an action adds of its own (waybills to write, holds to
open) is SQL in a `Rider`; judging, widening to whole shipments, refusing and recording are the same for all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.events import ItemsMoved, announce
from jumun.orders.models import Batch
from jumun.orders.selection import Selection
from jumun.orders.states import AWAY, Guard, Mark, Move


@dataclass(frozen=True, slots=True)
class Rider:
    """What an action adds to the statement. All SQL may use the item as `i` and named parameters.

    guards   further conditions on the item's row or on what `join` brings
    join     joined to the items while they are judged
    columns  named values taken from the join into the final rows: ("carrier", "w.carrier")
    sets     assignments beside status, over the final rows `v`
    before   CTEs put in front
    middle   data-modifying CTEs between `final` and the move; `moved_from` joins them to the items moved
    after    data-modifying CTEs put behind, over `final` rows whose verdict is ''
    detail   SQL for the timeline's detail, over the final rows `v`
    params   named parameters of all these
    """

    guards: Sequence[Guard] = ()
    join: str = ""
    columns: Sequence[tuple[str, str]] = ()
    sets: str = ""
    before: str = ""
    middle: str = ""
    moved_from: str = ""
    after: str = ""
    detail: str = "'{}'::jsonb"
    params: dict[str, Any] = field(default_factory=dict)


NOTHING = Rider()

_JUDGE = """
{before}
judged AS MATERIALIZED (
    SELECT i.id, i.order_id, i.shipment_id, i.status, i.last_batch AS prior_batch, i.carrier AS was_carrier, i.waybill AS was_waybill,
           ({chosen}) AS chosen, {columns}
           CASE {whens} ELSE '' END AS refusal
      FROM orders_orderitem i {join}
     WHERE {reach}
     ORDER BY i.id FOR UPDATE OF i
),
final AS (
    SELECT j.*, CASE WHEN j.refusal <> '' THEN j.refusal
                     WHEN {widens} AND bool_or(j.refusal <> '' AND j.status <> ALL(%(away)s))
                                       OVER (PARTITION BY j.shipment_id) THEN 'companion'
                     ELSE '' END AS verdict
      FROM judged j
),
refused AS (
    SELECT id, verdict AS code FROM final WHERE verdict <> '' AND (chosen OR refusal <> '')
    UNION ALL
    SELECT wanted, 'not_found' FROM unnest(%(ids)s::bigint[]) AS wanted
     WHERE NOT EXISTS (SELECT 1 FROM judged j WHERE j.id = wanted)
)
"""

_MOVE = """
{middle}, moved AS (
    UPDATE orders_orderitem t SET {status} last_batch = %(batch)s {sets}
      FROM final v {moved_from} WHERE t.id = v.id AND v.verdict = '' RETURNING t.id
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch,
                                      prior_batch, detail)
    SELECT {company}, %(at)s, v.order_id, v.id, %(action)s, v.status, {went_to}, %(by)s, %(batch)s, v.prior_batch, {detail}
      FROM final v WHERE v.verdict = ''
), kept AS (
    INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
    SELECT {company}, %(batch)s, id, code FROM refused
) {after}
"""

ANSWER = f"""
SELECT (SELECT count(*) FROM final WHERE verdict = ''), (SELECT count(*) FROM refused),
       (SELECT coalesce(json_agg(json_build_array(id, code)), '[]')
          FROM (SELECT id, code FROM refused ORDER BY id LIMIT {SHOWN}) AS first),
       (SELECT coalesce(json_object_agg(code, number), '{{}}')
          FROM (SELECT code, count(*) AS number FROM refused GROUP BY code) AS counted)
"""

COMPANY = "nullif(current_setting('jumun.company', true), '')::bigint"


def move_items(
    chosen: Selection,
    move: Move | Mark,
    *,
    by: int | None,
    at: datetime,
    params: dict[str, Any] | None = None,
    dry_run: bool = False,
    rider: Rider = NOTHING,
) -> Outcome:
    """Make one move with every chosen item that may, and say why for every item that may not.

    A constant number of statements for any number of items. Twice is safe: the second time refuses all. A move that
    widens takes the chosen items' whole shipments along, and leaves a shipment alone when one of its items may not
    move. Must run inside `acting_as`. A dry run changes and records nothing.
    """
    batch = uuid4()
    sql, values = _statement(chosen, move, rider, dry_run=dry_run)
    values |= {"at": at, "by": by, "batch": batch, "action": move.action, "target": _target(move)}
    with transaction.atomic(), connection.cursor() as cursor:
        if isinstance(move, Move) and move.widens and not dry_run:
            lock_shipments(chosen)
        if not dry_run:
            Batch.objects.create(
                id=batch, company_id=acting_company(), action=move.action, at=at, by_id=by, params=params or {}
            )
        cursor.execute(sql, values)
        done, refused_total, first, counted = cursor.fetchone()
        if not dry_run:
            Batch.objects.filter(id=batch).update(done=done, refused_total=refused_total)
            if done:
                announce(ItemsMoved(move.action, batch, at))
    return Outcome(done, read_refusals(first), refused_total, None if dry_run else batch, reasons=read_reasons(counted))


def read_refusals(first: Any) -> list[Refusal]:
    """The refusals of `ANSWER`'s third column."""
    rows = json.loads(first) if isinstance(first, str) else first
    return [Refusal(*row) for row in rows]


def read_reasons(counted: Any) -> dict[str, int]:
    """How many were refused by code: `ANSWER`'s fourth column."""
    return dict(json.loads(counted) if isinstance(counted, str) else counted)


def _statement(chosen: Selection, move: Move | Mark, rider: Rider, *, dry_run: bool) -> tuple[str, dict[str, Any]]:
    judge, values = judgement(chosen, move, rider)
    change = (
        ""
        if dry_run
        else _MOVE.format(
            status="status = %(target)s, status_since = %(at)s," if _target(move) else "",
            sets=f", {rider.sets}" if rider.sets else "",
            company=COMPANY,
            went_to="%(target)s" if _target(move) else "v.status",
            detail=rider.detail,
            middle=f", {rider.middle}" if rider.middle else "",
            moved_from=rider.moved_from,
            after=f", {rider.after}" if rider.after else "",
        )
    )
    return judge + change + ANSWER, values


def judgement(chosen: Selection, move: Move | Mark, rider: Rider, *, also: str = "") -> tuple[str, dict[str, Any]]:
    """The CTEs `judged`, `final` (with `verdict`) and `refused` for a selection, locked, and their parameters.

    For writes that do more than a move (dispatch.planning); the rest of the statement is the caller's. `also` is SQL for
    the ids of more items to judge, over the chosen ones as `c` (`{chosen}`).
    """
    clause = chosen.clause()
    widens = isinstance(move, Move) and move.widens
    reach = clause.over("i")
    if widens:
        reach = (
            f"i.shipment_id IN (SELECT c.shipment_id FROM orders_orderitem c WHERE {clause.over('c')})"
            f" AND (({clause.over('i')}) OR (i.status <> ALL(%(away)s)"
            " AND (i.status = ANY(%(sources)s) OR i.status <> %(target)s)))"
        )
    if also:
        reach = "i.id IN (SELECT id FROM reached)"
        reached = f"reached AS MATERIALIZED ({also.format(chosen=clause.over('c'))})"
        rider = replace(rider, before=f"{rider.before}, {reached}" if rider.before else reached)
    guards = (*(move.guards if isinstance(move, Move) else ()), *rider.guards)
    whens = ["WHEN i.status <> ALL(%(sources)s) THEN 'wrong_status'"]
    whens += [f"WHEN NOT ({guard.holds}) THEN '{guard.code}'" for guard in guards]
    judge = _JUDGE.format(
        before=f"{rider.before}," if rider.before else "",
        chosen=clause.over("i"),
        columns="".join(f"{source} AS {name}, " for name, source in rider.columns),
        whens=" ".join(whens),
        join=rider.join,
        reach=reach,
        widens="true" if widens else "false",
    )
    values: dict[str, Any] = {
        **clause.params,
        **rider.params,
        "ids": list(chosen.ids or ()),
        "away": [status.value for status in AWAY],
        "sources": [status.value for status in move.sources],
    }
    return "WITH " + judge, values


def _target(move: Move | Mark) -> str:
    return move.target.value if isinstance(move, Move) else ""


def lock_shipments(chosen: Selection) -> None:
    """Lock the chosen items' shipments.

    Shipments first, in one order: what combines, splits or moves them waits here (I2, R26).
    """
    clause = chosen.clause()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN ("
            f"SELECT c.shipment_id FROM orders_orderitem c WHERE {clause.over('c')}"
            ") ORDER BY s.id FOR UPDATE) AS locked",
            clause.params,
        )


def acting_company() -> int:
    """The company this transaction acts for. Raises RuntimeError outside `acting_as`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COMPANY}")
        company = cursor.fetchone()[0]
    if company is None:
        raise RuntimeError("a move outside acting_as")
    return int(company)


def freshen_statistics(tables: Sequence[str], more: int) -> None:
    """Have PostgreSQL look again at tables that grew by `more` rows at once.

    Rows of a company it has no statistics of would be planned for as if there were none, until autovacuum comes by:
    nested loops over ten thousand rows. The database decides whether it is worth it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_freshen_statistics(%s, %s)", [list(tables), more])
