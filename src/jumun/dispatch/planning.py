"""Deciding what to tell a channel: one effect per unit, written down before anything is sent (P10, P11, P31)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.channels.profile import Can, Unit
from jumun.channels.queries import list_by_sheet
from jumun.channels.registry import profiles
from jumun.core.refusal import Outcome
from jumun.dispatch.mall_sheet_jobs import SheetWish, open_sheet
from jumun.jobs.actions import add_parts, add_total, finish_part, open_job, start_job
from jumun.jobs.models import Family
from jumun.orders.events import LinesCollected
from jumun.orders.line_identity import BY_HAND
from jumun.orders.models import Batch
from jumun.orders.moving import ANSWER, COMPANY, Rider, acting_company, judgement, read_reasons, read_refusals
from jumun.orders.selection import Selection
from jumun.orders.states import MOVES, Guard

Enqueue = Callable[..., None]
"""enqueue(company_id=, account_id=, job_id=): put one account's pushing on the queue, in this transaction."""

NO_EFFECT_OPEN = Guard("already_told", "i.push NOT IN ('planned', 'sending', 'unknown')")

_GIFT_HAS_ADDRESS = Guard(
    "gift_waits",
    "NOT (i.held AND EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL"
    " AND h.by_id IS NULL AND h.reason = 'gift_without_address'))",
)
"""The channel refuses a confirmation before the address is there (104442)."""

UNIT_MATES = """
SELECT c.id FROM orders_orderitem c WHERE {chosen}
UNION
SELECT m.id FROM orders_orderitem c CROSS JOIN LATERAL (
       SELECT m.id FROM orders_orderitem m
        WHERE m.company_id = c.company_id AND m.order_number = c.order_number AND m.account_id = c.account_id
          AND m.unit = c.unit AND m.status = ANY(%(sources)s) AND m.push NOT IN ('planned', 'sending', 'unknown') OFFSET 0) m
 WHERE {chosen} AND c.channel = ANY(%(boxed)s) AND c.account_id <> ALL(%(sheets)s) AND c.status = ANY(%(sources)s)
"""
"""The action widens to the channel's own unit (DESIGN §2): what may go along of the same box does."""

# In steps over temporary tables that are analysed: as one statement, its parts would be joined blindly, ten thousand
# times ten thousand.
_JUDGED = """
CREATE TEMP TABLE telling ON COMMIT DROP AS {judge}
SELECT v.*, NULL::int AS place, false AS by_sheet FROM final v;
ANALYZE telling
"""

# An item goes with the first parcel of its line; what is of a line told already, or in a later parcel of it, is
# covered. Where a unit can be sent in parts, each parcel of it is told by itself. A line without a number of the
# channel's own (a sheet without that column brought it) can be named by no API: it goes by sheet, as all of an account
# does that has no connector.
_PLACES = """
CREATE TEMP TABLE telling_places ON COMMIT DROP AS
SELECT id, by_sheet, dense_rank() OVER (ORDER BY account_id, order_number, unit, parcel, by_sheet) AS place FROM (
    SELECT t.id, t.account_id, t.order_number, t.unit,
           CASE WHEN t.channel = ANY(%(splits)s) OR t.account_id = ANY(%(sheets)s) THEN t.shipment_id ELSE 0 END AS parcel, t.shipment_id,
           t.account_id = ANY(%(sheets)s) OR (%(verb)s <> 'confirm' AND t.line_no LIKE 's:%%') AS by_sheet,
           first_value(t.shipment_id) OVER (PARTITION BY t.account_id, t.order_number, t.line_no ORDER BY t.shipment_id, t.id) AS first_parcel,
           %(verb)s = 'dispatch' AND EXISTS (
               SELECT 1 FROM orders_orderitem o WHERE o.line_id = t.line_id AND o.id <> t.id
                  AND o.push IN ('planned', 'sending', 'unknown', 'confirmed')
                  AND NOT EXISTS (SELECT 1 FROM telling s WHERE s.id = o.id) OFFSET 0) AS line_told
      FROM telling t WHERE t.verdict = '' AND NOT t.is_local) AS sorted
 WHERE NOT line_told AND (%(verb)s <> 'dispatch' OR shipment_id = first_parcel);
ANALYZE telling_places;
UPDATE telling t SET place = p.place, by_sheet = p.by_sheet FROM telling_places p WHERE p.id = t.id;
CREATE TEMP TABLE telling_units ON COMMIT DROP AS
SELECT v.place, v.account_id, v.unit, v.order_number, bool_or(v.by_sheet) AS by_sheet, min(v.ordered_at) AS ordered_at,
       (array_agg(v.new_carrier ORDER BY v.id))[1] AS carrier, (array_agg(v.new_waybill ORDER BY v.id))[1] AS number,
       (array_agg(v.method ORDER BY v.id))[1] AS method,
       jsonb_agg(jsonb_build_object('line_key', v.line_no, 'order_number', v.order_number, 'item', v.id,
                                    'quantity', v.quantity, 'prior', v.prior_batch, 'push', v.was_push) ORDER BY v.id) AS lines
  FROM telling v WHERE v.place IS NOT NULL GROUP BY 1, 2, 3, 4;
ANALYZE telling_units
"""

_EFFECTS = f"""
INSERT INTO dispatch_effect (company_id, ordered_at, account_id, verb, unit, order_number, revision, state, lines,
    carrier, number, method, shipped_at, attempt, job_id, batch, by_id, code, message, planned_at, looks, by_sheet)
SELECT {COMPANY}, u.ordered_at, u.account_id, %(verb)s, u.unit, u.order_number,
       coalesce(p.revision, 0) + row_number() OVER (PARTITION BY u.account_id, u.unit, u.order_number ORDER BY u.place),
       'planned', u.lines, u.carrier, u.number, u.method, %(at)s, 0,
       %(job)s, %(batch)s, %(by)s, '', '', %(at)s, 0, u.by_sheet
  FROM telling_units u LEFT JOIN LATERAL (
       SELECT e.revision FROM dispatch_effect e
        WHERE e.account_id = u.account_id AND e.verb = %(verb)s AND e.unit = u.unit AND e.order_number = u.order_number
          AND e.ordered_at = u.ordered_at ORDER BY e.revision DESC LIMIT 1) p ON true
 ORDER BY u.place
"""

_MARK = f"""
WITH fate AS (
    SELECT v.id, v.order_id, v.status, v.prior_batch,
           CASE WHEN v.is_local THEN 'not_needed' WHEN v.place IS NOT NULL THEN 'planned' ELSE 'covered' END AS push
      FROM telling v WHERE v.verdict = ''
), moved AS (
    UPDATE orders_orderitem t SET push = f.push, push_code = '', last_batch = %(batch)s,
           status = CASE WHEN f.push = 'planned' OR %(target)s = '' THEN t.status ELSE %(target)s END,
           status_since = CASE WHEN f.push = 'planned' OR %(target)s = '' THEN t.status_since ELSE %(at)s END
      FROM fate f WHERE t.id = f.id
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, batch,
                                      prior_batch, detail)
    SELECT {COMPANY}, %(at)s, f.order_id, f.id, CASE WHEN f.push = 'planned' THEN %(verb)s || '_planned' ELSE %(action)s END,
           f.status, CASE WHEN f.push = 'planned' OR %(target)s = '' THEN f.status ELSE %(target)s END, %(by)s, %(batch)s,
           f.prior_batch, jsonb_build_object('push', f.push) FROM fate f
), refused AS (
    SELECT v.id, v.verdict AS code FROM telling v WHERE v.verdict <> '' AND (v.chosen OR v.refusal <> '')
    UNION ALL
    SELECT w.id, 'not_found' FROM unnest(%(ids)s::bigint[]) AS w(id) LEFT JOIN telling v ON v.id = w.id WHERE v.id IS NULL
), kept AS (
    INSERT INTO orders_batchrefusal (company_id, batch_id, item_id, code)
    SELECT {COMPANY}, %(batch)s, id, code FROM refused
), final AS (
    SELECT verdict FROM telling
)
"""

_OWN = ("account_id", "channel", "unit", "order_number", "line_no", "line_id", "quantity", "ordered_at", "method")
RIDER_COLUMNS = (*((name, f"i.{name}") for name in _OWN), ("was_push", "i.push"))


@dataclass(frozen=True, slots=True)
class Plan:
    """One thing to be told: what, whose wish, when, and how accounts are put on the queue."""

    verb: str
    by: int | None
    at: datetime
    enqueue: Enqueue

    @property
    def action(self) -> str:
        """The action of the state table whose wish it is."""
        return "transmit" if self.verb == "dispatch" else self.verb


def plan_confirm(
    chosen: Selection, *, by: int | None, at: datetime, enqueue: Enqueue, dry_run: bool = False
) -> Outcome:
    """발주확인 of the chosen items: plans one effect per unit and answers the job that carries on."""
    return _plan(chosen, Plan("confirm", by, at, enqueue), job_id=None, dry_run=dry_run)


def plan_transmit(
    chosen: Selection, *, by: int | None, at: datetime, enqueue: Enqueue, dry_run: bool = False
) -> Outcome:
    """운송장 전송 of the chosen items. Items of channels that are told nothing move at once (`not_needed`).

    An account that is told by sheet gets a sheet of the mall's, made by a job of its own (`mall_sheets`).
    """
    return _plan(chosen, Plan("dispatch", by, at, enqueue), job_id=None, dry_run=dry_run)


def confirm_collected(event: LinesCollected, *, enqueue: Enqueue) -> None:
    """Confirm what a collection just stored, as part of the same job (P13)."""
    if not event.confirm:
        return
    plan = Plan("confirm", event.by, event.at, enqueue)
    ids = tuple(_unconfirmed(event.batch))
    if ids:
        _plan(Selection(ids=ids), plan, job_id=event.job_id, dry_run=False)


def _unconfirmed(batch: UUID) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id FROM orders_timelineevent e JOIN orders_orderitem i ON i.id = e.item_id"
            f" WHERE e.company_id = {COMPANY} AND e.batch = %s AND i.status = 'paid' AND NOT i.claim_open",
            [batch],
        )
        return [row[0] for row in cursor.fetchall()]


def _plan(chosen: Selection, plan: Plan, *, job_id: int | None, dry_run: bool) -> Outcome:
    boxed = [profile.kind for profile in profiles() if profile.unit != Unit.LINE]
    sql, values = judgement(chosen, MOVES[plan.action], _rider(plan.verb), also=UNIT_MATES if boxed else "")
    values |= {"boxed": boxed, "target": MOVES[plan.action].target.value}
    return carry_out(sql, values, plan, job_id=job_id, dry_run=dry_run)


def carry_out(sql: str, values: dict[str, Any], plan: Plan, *, job_id: int | None, dry_run: bool) -> Outcome:
    """Plan what was judged (`orders.moving.judgement`): effects, their items' push axis, a job, and its queue.

    `values["target"]` is the status of items that need no telling, "" to leave it. With `job_id` it joins that job.
    """
    if dry_run:
        with connection.cursor() as cursor:
            cursor.execute(sql + ANSWER, values)
            done, refused_total, first, counted = cursor.fetchone()
        return Outcome(done, read_refusals(first), refused_total, reasons=read_reasons(counted))
    company_id, batch = acting_company(), uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        own = job_id is None
        if job_id is None:
            job_id = open_job(
                company_id=company_id,
                kind=plan.action,
                family=Family.MALL,
                parts=1,
                by=plan.by,
                at=plan.at,
                params={"batch": str(batch)},
            )
            start_job(job_id, at=plan.at)
        Batch.objects.create(
            id=batch, company_id=company_id, action=plan.action, at=plan.at, by_id=plan.by, job_id=job_id
        )
        values |= {
            "verb": plan.verb,
            "splits": [profile.kind for profile in profiles() if Can.SPLIT_UNIT in profile.can],
            "at": plan.at,
            "by": plan.by,
            "batch": batch,
            "job": job_id,
            "action": plan.action,
        }
        cursor.execute("DROP TABLE IF EXISTS pg_temp.telling, pg_temp.telling_places, pg_temp.telling_units")
        for text in (_JUDGED.format(judge=sql), _PLACES, _EFFECTS, _MARK + ANSWER):
            for statement in text.split(";\n"):
                cursor.execute(statement, values)
        done, refused_total, first, counted = cursor.fetchone()
        Batch.objects.filter(id=batch).update(done=done, refused_total=refused_total)
        _enqueue_accounts(company_id, job_id, batch, plan)
        if own:
            finish_part(job_id, at=plan.at)
    return Outcome(done, read_refusals(first), refused_total, batch, job_id, read_reasons(counted))


_TYPED_IN = f"""EXISTS (SELECT 1 FROM orders_orderline l
                         WHERE l.id = i.line_id AND l.stage_raw = '{BY_HAND}' OFFSET 0)"""
"""A line no channel has told us of by its own key: there is nobody to tell."""


def _rider(verb: str) -> Rider:
    needed = Can.CONFIRM if verb == "confirm" else Can.TRANSMIT
    able = [profile.kind for profile in profiles() if needed in profile.can]
    told = "(i.channel = ANY(%(able)s) OR i.account_id = ANY(%(sheets)s))"
    local = "false" if verb == "confirm" else f"(NOT {told} OR {_TYPED_IN})"
    guards: list[Guard] = [NO_EFFECT_OPEN]
    if verb == "confirm":
        guards += [
            Guard("no_confirm", "i.channel = ANY(%(able)s) AND i.account_id <> ALL(%(sheets)s)"),
            _GIFT_HAS_ADDRESS,
        ]
    columns = (*RIDER_COLUMNS, ("is_local", local), ("new_carrier", "i.carrier"), ("new_waybill", "i.waybill"))
    return Rider(guards=guards, columns=columns, params={"able": able, "sheets": list_by_sheet()})


def _enqueue_accounts(company_id: int, job_id: int, batch: UUID, plan: Plan) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT account_id, by_sheet, count(*) FROM dispatch_effect WHERE company_id = {COMPANY} AND batch = %s"
            " GROUP BY 1, 2 ORDER BY 1",
            [batch],
        )
        accounts: list[tuple[int, bool, int]] = cursor.fetchall()
    if not accounts:
        return
    add_parts(job_id, len(accounts))
    add_total(job_id, sum(1 if by_sheet else count for _, by_sheet, count in accounts))
    for account_id, by_sheet, count in accounts:
        if by_sheet:
            wish = SheetWish(company_id, account_id, job_id, batch, plan.verb, plan.by, plan.at)
            open_sheet(wish, total=count)
        else:
            plan.enqueue(company_id=company_id, account_id=account_id, job_id=job_id)
