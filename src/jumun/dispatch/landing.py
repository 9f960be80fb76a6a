"""What an answered effect does to its items: confirmed ones move, rejected ones keep their place with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from django.db import connection

from jumun.dispatch.ledger import Verdict, close, item_ids
from jumun.dispatch.models import Effect, EffectState
from jumun.dispatch.numbering import note_told, renumber_items
from jumun.jobs.actions import EntryRow, record_entries
from jumun.jobs.models import EntryOutcome
from jumun.orders.moving import COMPANY, Rider, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import GONE, MOVES, Status

_PUSHED = Rider(sets="push = 'confirmed', push_code = ''")
_CONFIRMED = Rider(sets="push = '', push_code = ''")


def hold(effects: Iterable[Effect]) -> None:
    """Lock what an answer about these effects will touch: shipments, lines, items, jobs, each in one order (I2).

    A sync that reads at the same moment, a collection that plans for the same job and another account's answer wait
    here. Every transaction that lands, parts or loses track of effects begins with it.
    """
    effects = list(effects)
    if not effects:
        return
    mine = "SELECT i.{column} FROM orders_orderitem i WHERE i.id = ANY(%(items)s)"
    with connection.cursor() as cursor:
        for table, wanted in (
            ("orders_shipment", mine.format(column="shipment_id")),
            ("orders_orderline", mine.format(column="line_id")),
            ("orders_orderitem", mine.format(column="id")),
            ("jobs_job", "SELECT unnest(%(jobs)s::bigint[])"),
        ):
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {table} t WHERE t.id IN ({wanted}) ORDER BY t.id FOR UPDATE) AS held",
                {"items": item_ids(effects), "jobs": sorted({effect.job_id for effect in effects})},
            )


def land(verdicts: Sequence[Verdict], *, at: datetime) -> None:
    """Close these effects, move the items of the confirmed, mark the items of the rejected, tell the job.

    A constant number of statements per person and verb; safe to repeat: an effect closes once.
    """
    hold(verdict.effect for verdict in verdicts)
    closed = close(verdicts, at=at)
    confirmed = [verdict for verdict in closed if verdict.state == EffectState.CONFIRMED]
    rejected = [verdict for verdict in closed if verdict.state == EffectState.REJECTED]
    for (verb, by), group in groupby(sorted(confirmed, key=_verb_and_person), key=_verb_and_person):
        verdicts_of = list(group)
        if verb == "correct":
            renumber_items(verdicts_of, by=by or None, at=at)
        else:
            _move(verb, verdicts_of, by=by or None, at=at)
    note_told([verdict for verdict in confirmed if verdict.effect.verb != "confirm"], at=at)
    _reject(rejected, at=at)
    _tell_jobs(closed, at=at)


def _verb_and_person(verdict: Verdict) -> tuple[str, int]:
    return verdict.effect.verb, verdict.effect.by_id or 0


def _move(verb: str, verdicts: Sequence[Verdict], *, by: int | None, at: datetime) -> None:
    """The channel has accepted: guards no longer matter, and nothing but an end may stand in the way."""
    move = MOVES["confirm" if verb == "confirm" else "transmit"]
    sources = frozenset(status for status in move.sources if status not in GONE)
    if verb == "dispatch":
        sources |= {Status.LABELLED}
    chosen = Selection(ids=tuple(item_ids(verdict.effect for verdict in verdicts)))
    rider = _CONFIRMED if verb == "confirm" else _PUSHED
    move_items(chosen, replace(move, guards=(), sources=sources), by=by, at=at, rider=rider)
    # Caught up meanwhile by a reading: moved already, but the channel has our number, and nothing is open any more.
    push, was = (
        ("", "push IN ('planned', 'sending', 'unknown')") if verb == "confirm" else ("confirmed", "push <> 'confirmed'")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE orders_orderitem SET push = %s, push_code = '' WHERE id = ANY(%s) AND {was}",
            [push, list(chosen.ids or ())],
        )


def _reject(verdicts: Sequence[Verdict], *, at: datetime) -> None:
    """The channel has nothing of it: what a person did before may be taken back again (DESIGN §2, Undo)."""
    if not verdicts:
        return
    rows = [
        (int(line["item"]), verdict.code, verdict.message, line.get("prior"), verdict.effect.batch)
        for verdict in verdicts
        for line in verdict.effect.lines
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH given AS (SELECT * FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(words)s::text[],"
            " %(priors)s::uuid[], %(batches)s::uuid[]) AS g(id, code, words, prior, batch)), marked AS ("
            " UPDATE orders_orderitem i SET push = 'rejected', push_code = g.code,"
            "  last_batch = CASE WHEN i.last_batch = g.batch THEN g.prior ELSE i.last_batch END FROM given g"
            " WHERE i.id = g.id AND i.push IN ('planned', 'sending', 'unknown')"
            " RETURNING i.id, i.order_id, i.status, g.code, g.words)"
            " INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)"
            f" SELECT {COMPANY}, %(at)s, order_id, id, 'push_rejected', status, status,"
            " jsonb_build_object('code', code, 'message', words) FROM marked",
            {
                "ids": [row[0] for row in rows],
                "codes": [row[1] for row in rows],
                "words": [row[2] for row in rows],
                "priors": [row[3] for row in rows],
                "batches": [row[4] for row in rows],
                "at": at,
            },
        )


def tell_open(job_id: int, account_id: int, *, at: datetime) -> None:
    """Show on a job that stops waiting what of it was not told to this account's channel yet."""
    waiting = Effect.objects.filter(
        job_id=job_id, account_id=account_id, state__in=(EffectState.PLANNED, EffectState.SENDING)
    )
    _tell_jobs([Verdict(effect, EffectState.UNKNOWN, effect.code or "channel_busy") for effect in waiting], at=at)


def tell_unknown(effects: Sequence[Verdict], *, at: datetime) -> None:
    """Show on the job that these are being read back."""
    _tell_jobs(effects, at=at)


_OUTCOMES = {
    EffectState.CONFIRMED: EntryOutcome.DONE,
    EffectState.REJECTED: EntryOutcome.FAILED,
    EffectState.UNKNOWN: EntryOutcome.UNKNOWN,
}


def _tell_jobs(verdicts: Sequence[Verdict], *, at: datetime) -> None:
    by_job = sorted(verdicts, key=lambda verdict: verdict.effect.job_id)
    for job_id, group in groupby(by_job, key=lambda verdict: verdict.effect.job_id):
        rows = [
            EntryRow(
                target=f"effect:{verdict.effect.id}",
                label=_label(verdict),
                outcome=_OUTCOMES[verdict.state],
                code=verdict.code,
                message=verdict.message,
            )
            for verdict in group
        ]
        record_entries(job_id, rows, at=at)


def _label(verdict: Verdict) -> str:
    effect = verdict.effect
    return effect.order_number if effect.unit == effect.order_number else f"{effect.order_number} · {effect.unit}"
