"""The outbound-effect ledger: every state an effect may take, each step one guarded statement that fits the
attempt it is about, so that a worker taken for dead ends nothing that another has begun since.

planned → sending (committed before the call) → confirmed / rejected / unknown → confirmed / rejected / planned again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jumun.channels.port import LineRef
from jumun.dispatch.models import Effect, EffectState
from jumun.jobs.actions import add_total

FEWER = 8
"""By how much a call gets smaller with each attempt."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an effect."""

    effect: Effect
    state: EffectState
    code: str = ""
    message: str = ""


def refs(effect: Effect) -> list[LineRef]:
    """The lines an effect carried, each once."""
    keys = dict.fromkeys((line["line_key"], line["order_number"]) for line in effect.lines)
    return [LineRef(line_key, order_number, effect.unit) for line_key, order_number in keys]


def item_ids(effects: Iterable[Effect]) -> list[int]:
    """The items those effects are about."""
    return [int(line["item"]) for effect in effects for line in effect.lines]


def list_planned(account_id: int, *, batch: Mapping[str, int], otherwise: int = 1) -> list[Effect]:
    """The oldest planned effects of one verb of an account, at most a call's worth: confirmations go before dispatches.

    What was lost with a whole call (its code says so) goes in smaller ones, in the end alone: one row must not hold up the others (DESIGN §6).

    batch    most lines of a call, by verb; `otherwise` for a verb it does not name
    """
    planned = Effect.objects.filter(account_id=account_id, state=EffectState.PLANNED, by_sheet=False)
    first = planned.order_by("verb", "id").first()
    if first is None:
        return []
    if first.verb != "confirm":  # what stays behind in a box is not known while a part of it is in doubt
        doubtful = Effect.objects.filter(
            account_id=account_id, verb=first.verb, state__in=(EffectState.SENDING, EffectState.UNKNOWN)
        )
        planned = planned.exclude(order_number__in=doubtful.values("order_number"))
    room = max(1, batch.get(first.verb, otherwise) // FEWER ** (first.attempt if first.code else 0))
    found: list[Effect] = []
    for effect in planned.filter(verb=first.verb, attempt=first.attempt, code=first.code).order_by("id")[:room]:
        room -= len(refs(effect))
        if room < 0 and found:
            break
        found.append(effect)
    return found


def part_off(effect: Effect, line_keys: Collection[str], *, at: datetime) -> Effect | None:
    """Give these lines of a planned effect one of their own, so that they end by themselves; None if it is not planned.

    The rest of the effect is sent without them.
    """
    gone = [line for line in effect.lines if line["line_key"] in line_keys]
    kept = [line for line in effect.lines if line["line_key"] not in line_keys]
    if not kept or not gone:
        raise ValueError("an effect is parted into two that both carry something")
    with transaction.atomic():
        narrowed = Effect.objects.filter(
            id=effect.id, ordered_at=effect.ordered_at, attempt=effect.attempt, state=EffectState.PLANNED
        ).update(lines=kept)
        if not narrowed:
            return None
        last = (
            Effect.objects.filter(
                account_id=effect.account_id,
                verb=effect.verb,
                unit=effect.unit,
                order_number=effect.order_number,
                ordered_at=effect.ordered_at,
            )
            .order_by("-revision")
            .values_list("revision", flat=True)
            .first()
        )
        same = {field.attname: getattr(effect, field.attname) for field in Effect._meta.concrete_fields}
        del same["id"]
        made = Effect.objects.create(**(same | {"lines": gone, "revision": (last or 0) + 1, "planned_at": at}))
    add_total(effect.job_id, 1)
    effect.lines = kept
    return made


def list_due(account_id: int, *, at: datetime) -> list[Effect]:
    """Unknown effects of an account whose time to be read back has come."""
    return list(
        Effect.objects.filter(
            account_id=account_id, state=EffectState.UNKNOWN, by_sheet=False, next_look_at__lte=at
        ).order_by("id")
    )


def next_look(account_id: int) -> datetime | None:
    """When the next unknown effect of an account is to be read back."""
    return (
        Effect.objects.filter(account_id=account_id, state=EffectState.UNKNOWN)
        .order_by("next_look_at")
        .values_list("next_look_at", flat=True)
        .first()
    )


def begin_sending(effects: Sequence[Effect], *, at: datetime) -> list[Effect]:
    """Planned → sending for those still planned; answers them. The caller commits before it calls the channel."""
    won = _update(
        "state = 'sending', attempt = attempt + 1, sent_at = %(at)s, answered_at = NULL, code = '', message = ''",
        effects,
        was=[EffectState.PLANNED],
        at=at,
    )
    kept = [effect for effect in effects if effect.id in won]
    for effect in kept:
        effect.state, effect.attempt, effect.sent_at = EffectState.SENDING, effect.attempt + 1, at
    _mark_items(kept, "sending")
    return kept


def lose_track(
    effects: Sequence[Effect], *, next_look_at: datetime, code: str, message: str = "", at: datetime
) -> None:
    """Sending → unknown: whether the channel applied it is not known; it is read back at `next_look_at`."""
    won = _update(
        "state = 'unknown', next_look_at = %(look)s, code = %(code)s, message = %(message)s, answered_at = %(at)s",
        effects,
        was=[EffectState.SENDING],
        at=at,
        look=next_look_at,
        code=code,
        message=message,
    )
    _mark_items([effect for effect in effects if effect.id in won], "unknown")


def orphan_sending(account_id: int, *, at: datetime) -> int:
    """Sending → unknown for whatever a worker that died had begun. The account's write lane runs one task at a time."""
    orphans = list(Effect.objects.filter(account_id=account_id, state=EffectState.SENDING, by_sheet=False))
    if orphans:
        lose_track(orphans, next_look_at=at, code="channel_timeout", at=at)
    return len(orphans)


def look_later(effects: Sequence[Effect], *, next_look_at: datetime) -> None:
    """Stay unknown; look again then."""
    _update(
        "looks = looks + 1, next_look_at = %(look)s", effects, was=[EffectState.UNKNOWN], at=None, look=next_look_at
    )


def plan_again(effects: Sequence[Effect], *, at: datetime) -> None:
    """Sending or unknown → planned: the channel certainly did not apply it."""
    won = _update(
        "state = 'planned', next_look_at = NULL",
        effects,
        was=[EffectState.SENDING, EffectState.UNKNOWN],
        at=at,
    )
    _mark_items([effect for effect in effects if effect.id in won], "planned")


def close(verdicts: Sequence[Verdict], *, at: datetime) -> list[Verdict]:
    """Confirm or reject effects that are still open; answers those that this call closed."""
    if not verdicts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dispatch_effect e SET state = v.state, code = v.code, message = v.message, answered_at = %s,"
            " next_look_at = NULL FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::text[], %s::text[], %s::text[])"
            " AS v(id, ordered_at, attempt, state, code, message)"
            " WHERE e.id = v.id AND e.ordered_at = v.ordered_at AND e.attempt = v.attempt AND e.state IN ('planned', 'sending', 'unknown')"
            " RETURNING e.id",
            [
                at,
                [verdict.effect.id for verdict in verdicts],
                [verdict.effect.ordered_at for verdict in verdicts],
                [verdict.effect.attempt for verdict in verdicts],
                [verdict.state.value for verdict in verdicts],
                [verdict.code for verdict in verdicts],
                [verdict.message[:500] for verdict in verdicts],
            ],
        )
        closed = {row[0] for row in cursor.fetchall()}
    return [verdict for verdict in verdicts if verdict.effect.id in closed]


def _update(
    sets: str, effects: Sequence[Effect], *, was: Sequence[EffectState], at: datetime | None, **values: Any
) -> set[int]:
    if not effects:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE dispatch_effect e SET {sets} FROM unnest(%(ids)s::bigint[], %(months)s::timestamptz[], %(attempts)s::int[])"
            " AS v(id, ordered_at, try) WHERE e.id = v.id AND e.ordered_at = v.ordered_at AND e.attempt = v.try"
            " AND e.state = ANY(%(was)s)"
            " RETURNING e.id",
            {
                "ids": [effect.id for effect in effects],
                "months": [effect.ordered_at for effect in effects],
                "attempts": [effect.attempt for effect in effects],
                "was": [state.value for state in was],
                "at": at,
                **values,
            },
        )
        return {row[0] for row in cursor.fetchall()}


def _mark_items(effects: Sequence[Effect], push: str) -> None:
    """The push axis of the items follows their effect."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH locked AS MATERIALIZED (SELECT id FROM orders_orderitem WHERE id = ANY(%(ids)s)"
            "  AND push IN ('planned', 'sending', 'unknown', 'rejected') ORDER BY id FOR UPDATE)"
            " UPDATE orders_orderitem i SET push = %(push)s FROM locked l WHERE i.id = l.id",
            {"ids": item_ids(effects), "push": push},
        )
