"""Telling one account's channel what was planned, and finding out what became of it (R01, R02, R06–R10).

Runs on the account's write lane, one at a time. No transaction is open while the channel is spoken to. Killed at any
place it is started again: what was being sent becomes unknown, and unknown is read back, never sent again blind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from jumun.channels.actions import note_state
from jumun.channels.models import AccountState
from jumun.channels.patience import settle_delays
from jumun.channels.port import WHOLE_ORDER, ChannelLine, LineRef, LineResult, Method, Part, Stage, WaybillNotice
from jumun.channels.profile import Can, ChannelProfile
from jumun.channels.speaking import Line, speaking_for
from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.errors import ChannelBusy, ChannelError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.dispatch import ledger
from jumun.dispatch.judging import DONE, GONE, SENT, Fate, Wish, judge_after, judge_line
from jumun.dispatch.landing import hold, land, tell_unknown
from jumun.dispatch.ledger import Verdict
from jumun.dispatch.models import Effect, EffectState
from jumun.jobs import queue
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.models import OrderItem, OrderLine
from jumun.orders.states import Status

MOST_ATTEMPTS = 5
"""An effect the channel neither takes nor refuses is parked after this many calls (R10)."""

DEFAULT_BATCH = 30
REREAD_AT_ONCE = 100
SPLIT_DELAY = timedelta(days=1)
"""When the part of a box that stays behind is expected to follow, where its order names no day."""

Seen = dict[tuple[str, str], ChannelLine]
"""Lines as they are now, by order number and line key."""

ACCOUNT_WIDE = frozenset({"bad_credentials", "ip_not_allowed", "clock_skew", "keys_unreadable", "account_off"})
"""What no call of the account will get past before a person has acted."""

NO_WORD = frozenset({"", "no_answer", "channel_timeout", "channel_unreadable"})
"""Codes of an unknown effect that say nothing about why; any other is the channel's own refusal, believed once the
line, read back, does not show the effect."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Where pushing stands: `again_at` is when there is something left to do, None when all is settled.

    `moved`: the channel answered some of it this time.
    """

    again_at: datetime | None
    failed_code: str = ""
    moved: bool = False


def push_account(company_id: int, account_id: int) -> Pushed:
    """Settle what is due, send everything planned, and say when to come back.

    Raises nothing a channel does: a channel that cannot answer means coming back, one that refuses the account closes
    the planned effects with the reason, so that a clerk can act and try again.
    """
    with acting_as(company_id):
        ledger.orphan_sending(account_id, at=now())
    moved = False
    try:
        with speaking_for(company_id, account_id) as line:
            if line.account.state == AccountState.OFF:
                raise ChannelError("account_off")
            _settle_due(company_id, line)
            while _send_next(company_id, line):
                moved = True
                if queue.asked_to_stop():  # the rest goes with the next worker (R05)
                    return Pushed(now(), moved=True)
            _read_confirmed(company_id, line)
    except ChannelBusy as busy:
        return Pushed(now() + timedelta(seconds=busy.retry_after or settle_delays()[0]), moved=moved)
    except ChannelError as refusal:
        if refusal.code not in ACCOUNT_WIDE:  # one answer says nothing about the other effects
            return Pushed(now() + timedelta(seconds=settle_delays()[0]), moved=moved)
        note_state(company_id, account_id, refusal)
        _give_up(company_id, account_id, refusal.code)
        return Pushed(None, refusal.code)
    except NotFoundError as missing:
        _give_up(company_id, account_id, missing.code)
        return Pushed(None, missing.code)
    with acting_as(company_id):
        return Pushed(ledger.next_look(account_id), moved=moved)


def _send_next(company_id: int, line: Line) -> bool:
    """Send the next batch of planned effects. False when none is left."""
    with acting_as(company_id):
        planned = _apart(ledger.list_planned(line.account.id, batch=line.profile.batch, otherwise=DEFAULT_BATCH))
    if not planned:
        return False
    seen: Seen = {}
    fit = list(planned)
    if not _spares_the_look(line, planned[0].verb):
        seen, _ = _read(company_id, line, planned)
        fit = _sort_out(company_id, line, planned, seen)
    with acting_as(company_id):
        sending = ledger.begin_sending(fit, at=now())
        notices = write_notices(line.profile, sending, seen, at=now())
    if not sending:
        return True
    crash_point("before_http")
    results: list[LineResult] = []
    try:
        for result in _call(line, sending, notices):
            results.append(result)  # noqa: PERF402 - what came before a failure counts
    except ChannelError as problem:
        told = {result.line_key for result in results}
        answered = [effect for effect in sending if any(ref.line_key in told for ref in ledger.refs(effect))]
        _after_answer(company_id, answered, results)
        _after_failed_call(company_id, [effect for effect in sending if effect not in answered], problem)
        if isinstance(problem, ChannelBusy):  # not one batch after another into a channel that does not answer
            raise
        return True
    crash_point("after_http_before_commit")
    _after_answer(company_id, sending, results)
    return True


def _spares_the_look(line: Line, verb: str) -> bool:
    """A confirmation twice does no harm, so where lines are read one by one it is sent without a look."""
    return verb == "confirm" and line.profile.batch.get("read") == 1


def _apart(planned: Sequence[Effect]) -> list[Effect]:
    """Effects whose answers can be told apart: a line key is its own only within its order, a box is told once a call."""
    kept: list[Effect] = []
    taken: set[str] = set()
    for effect in planned:
        keys = {ref.line_key for ref in ledger.refs(effect)} | {f"{effect.order_number} {effect.unit}"}
        if not keys & taken:
            kept.append(effect)
            taken |= keys
    return kept


def _sort_out(company_id: int, line: Line, planned: Sequence[Effect], seen: Seen) -> list[Effect]:
    """Close what may not or need not be told any more, line by line; answers what is left to send (N3).

    Lines of a unit that end otherwise than the rest get an effect of their own, where the channel takes parts of a unit;
    where it does not, one line that may not go stops its unit.
    """
    verdicts, fit = [], []
    with acting_as(company_id):
        hold(planned)
        for effect in planned:
            wish = _wish(effect, line.profile)
            fates = {ref.line_key: judge_line(wish, seen.get(_key(ref))) for ref in ledger.refs(effect)}
            ended = {key: fate for key, fate in fates.items() if fate is not None}
            if effect.verb == "confirm" and len(ended) < len(fates):
                ended = {key: fate for key, fate in ended.items() if fate != DONE}
            if len(ended) < len(fates) and ended and not _takes_parts(line.profile, effect):
                worst = next((fate for fate in ended.values() if fate != DONE), None)
                ended = dict.fromkeys(fates, worst) if worst else {}
            verdicts += _part_ways(effect, ended, whole=len(ended) == len(fates))
            if len(ended) < len(fates):
                fit.append(effect)
        land(verdicts, at=now())
    return fit


def _part_ways(effect: Effect, ended: Mapping[str, Fate], *, whole: bool) -> list[Verdict]:
    """Lines that end give an effect to each of their fates; when all end, the last fate is the effect's own."""
    verdicts = []
    fates = list(dict.fromkeys(ended.values()))
    for fate in fates:
        keys = [key for key, other in ended.items() if other == fate]
        own = whole and fate == fates[-1]
        part = effect if own else ledger.part_off(effect, keys, at=now())
        if part is not None:
            verdicts.append(Verdict(part, fate.state, fate.code))
    return verdicts


def _takes_parts(profile: ChannelProfile, effect: Effect) -> bool:
    return effect.verb != "dispatch" or Can.SPLIT_UNIT in profile.can


def _wish(effect: Effect, profile: ChannelProfile) -> Wish:
    return Wish(effect.verb, effect.number, Method(effect.method), shows_late=bool(profile.shows_late))


def write_notices(
    profile: ChannelProfile, effects: Sequence[Effect], seen: Seen, *, at: datetime
) -> list[WaybillNotice]:
    """What to tell of these effects' lines, in the units they are in now; with what of a unit stays behind."""
    notices = []
    for effect in effects:
        refs = ledger.refs(effect)
        for ref in refs:
            there = seen.get(_key(ref))
            notices.append(
                WaybillNotice(
                    LineRef(ref.line_key, ref.order_number, there.unit if there else ref.unit),
                    effect.carrier,
                    effect.number,
                    effect.shipped_at or effect.planned_at,
                    Method(effect.method),
                    after_split=bool(there and there.in_parts),
                )
            )
        if effect.verb == "dispatch" and Can.SPLIT_UNIT in profile.can:
            units = {notice.line.unit for notice in notices[-len(refs) :]}
            notices += _left_behind(effect, units, {ref.line_key for ref in refs}, seen, at=at)
    return notices


def _left_behind(effect: Effect, units: set[str], sent: set[str], seen: Seen, *, at: datetime) -> list[WaybillNotice]:
    """The lines of the same units that do not go now, as the channel has them now."""
    return [
        WaybillNotice(
            LineRef(each.line_key, each.order_number, each.unit),
            "",
            "",
            effect.shipped_at or effect.planned_at,
            part=Part.LEFT,
            expected_at=max(each.ship_by or at, at + SPLIT_DELAY),
        )
        for each in seen.values()
        if each.order_number == effect.order_number
        and each.unit in units
        and each.line_key not in sent
        and each.stage not in SENT | GONE
        and each.remaining > 0
    ]


def _call(line: Line, effects: Sequence[Effect], notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
    """The one call of this batch; all its effects have the same verb."""
    verb = effects[0].verb
    if verb == "confirm":
        return line.connector.confirm([ref for effect in effects for ref in ledger.refs(effect)])
    return line.connector.correct(notices) if verb == "correct" else line.connector.dispatch(notices)


def _after_answer(company_id: int, sending: Sequence[Effect], results: Sequence[LineResult]) -> None:
    """Line by line: accepted, refused, or unclear enough to be read back (P32, R07)."""
    by_line = {result.line_key: result for result in results}
    verdicts: list[Verdict] = []
    unclear: dict[tuple[str, str], list[Effect]] = {}
    for effect in sending:
        answers = [by_line.get(ref.line_key) for ref in ledger.refs(effect)]
        refused = next((answer for answer in answers if answer is not None and not answer.ok), None)
        if any(answer is None or answer.already for answer in answers):
            word = (refused.code, refused.message) if refused and refused.already else ("", "")
            unclear.setdefault(word, []).append(effect)
        elif refused is not None:
            verdicts.append(Verdict(effect, EffectState.REJECTED, refused.code or "channel_refused", refused.message))
        else:
            verdicts.append(Verdict(effect, EffectState.CONFIRMED))
    with acting_as(company_id):
        hold(sending)
        land(verdicts, at=now())
        for (code, message), effects in unclear.items():
            _make_unknown(effects, code if code not in NO_WORD else "channel_timeout", message, delay=0)


def _after_failed_call(company_id: int, sending: Sequence[Effect], problem: ChannelError) -> None:
    with acting_as(company_id):
        hold(sending)
        if problem.unclear:
            _make_unknown(sending, problem.code, delay=settle_delays()[0])
        elif isinstance(problem, ChannelBusy):
            tired = [effect for effect in sending if effect.attempt >= MOST_ATTEMPTS]
            ledger.plan_again([effect for effect in sending if effect.attempt < MOST_ATTEMPTS], at=now())
            land([Verdict(effect, EffectState.REJECTED, "channel_stayed_busy") for effect in tired], at=now())
        else:
            land([Verdict(effect, EffectState.REJECTED, problem.code) for effect in sending], at=now())


def _make_unknown(effects: Sequence[Effect], code: str, message: str = "", *, delay: float) -> None:
    if not effects:
        return
    at = now()
    ledger.lose_track(effects, next_look_at=at + timedelta(seconds=delay), code=code, message=message, at=at)
    tell_unknown([Verdict(effect, EffectState.UNKNOWN, code, message) for effect in effects], at=at)


def _settle_due(company_id: int, line: Line) -> None:
    """Read unknown effects back by line key and close them, plan them again, or look later (R02, R06)."""
    with acting_as(company_id):
        due = ledger.list_due(line.account.id, at=now())
    if not due:
        return
    seen, asked = _read(company_id, line, due)
    verdicts, again, later = [], [], []
    for effect in due:
        fate = judge_after(_wish(effect, line.profile), [seen.get(_key(ref)) for ref in ledger.refs(effect)])
        if fate is not None:
            verdicts.append(Verdict(effect, fate.state, fate.code))
        elif effect.code not in NO_WORD and not _may_show_late(effect, line.profile):
            verdicts.append(Verdict(effect, EffectState.REJECTED, effect.code, effect.message))
        elif effect.code in NO_WORD and _certainly_did_not_happen(effect):
            again.append(effect)
        else:
            later.append(effect)
    at = now()
    tired = [effect for effect in again if effect.attempt >= MOST_ATTEMPTS]
    verdicts += [Verdict(effect, EffectState.REJECTED, "channel_timeout") for effect in tired]
    with acting_as(company_id):
        hold(due)
        land(verdicts, at=at)
        ledger.plan_again([effect for effect in again if effect.attempt < MOST_ATTEMPTS], at=at)
        for looks in {effect.looks for effect in later}:
            same = [effect for effect in later if effect.looks == looks]
            ledger.look_later(same, next_look_at=at + timedelta(seconds=_delay(looks)))
        catch_up(line.account.id, list(seen.values()), at=at, asked=asked)  # what was left to the ledger until now


def _may_show_late(effect: Effect, profile: ChannelProfile) -> bool:
    """An accepted confirmation the channel's readings need not show yet."""
    return effect.verb == "confirm" and effect.sent_at is not None and now() < effect.sent_at + profile.shows_late


def _certainly_did_not_happen(effect: Effect) -> bool:
    """A channel that accepted late would show it by now."""
    since = (now() - effect.sent_at).total_seconds() if effect.sent_at else 0
    return bool(since >= settings.ENV.settle_grace)


def _delay(looks: int) -> float:
    delays = settle_delays()
    return delays[min(looks + 1, len(delays) - 1)]


def _read(company_id: int, line: Line, effects: Sequence[Effect]) -> tuple[Seen, datetime]:
    """The lines as they are now, and when they were asked for; what changed on the way is believed. Where units go in parts, the whole order."""
    wanted = list(dict.fromkeys(ref for effect in effects for ref in ledger.refs(effect)))
    if Can.SPLIT_UNIT in line.profile.can and effects[0].verb == "dispatch":
        wanted += [LineRef(WHOLE_ORDER, number, "") for number in dict.fromkeys(ref.order_number for ref in wanted)]
    asked = now()
    lines = list(line.connector.read_lines(wanted))
    with acting_as(company_id):
        catch_up(line.account.id, lines, at=now(), asked=asked)
    return {(each.order_number, each.line_key): each for each in lines}, asked


def _read_confirmed(company_id: int, line: Line) -> None:
    """Where the recipient may change until 발주확인: read again what was confirmed and not read since."""
    while line.profile.reread_confirmed:
        with acting_as(company_id):
            rows = (
                OrderItem.objects.filter(
                    account_id=line.account.id,
                    status=Status.PREPARING,
                    line__stage=Stage.NEW.value,
                    line__read_at__lt=F("status_since"),
                )
                .order_by("id")
                .values_list("line_no", "order_number", "unit")[:REREAD_AT_ONCE]
            )
            wanted = [LineRef(*row) for row in rows]
        if not wanted:
            return
        asked = now()
        lines = list(line.connector.read_lines(wanted))
        with acting_as(company_id):
            catch_up(line.account.id, lines, at=now(), asked=asked)
            _note_asked(line.account.id, wanted)


def _note_asked(account_id: int, wanted: Sequence[LineRef]) -> None:
    """What the channel no longer knows, or tells in words nobody reads, is not asked for again at once."""
    OrderLine.objects.filter(
        account_id=account_id,
        order_number__in=[ref.order_number for ref in wanted],
        line_key__in=[ref.line_key for ref in wanted],
    ).update(read_at=now())


def _key(ref: LineRef) -> tuple[str, str]:
    return ref.order_number, ref.line_key


def _give_up(company_id: int, account_id: int, code: str) -> None:
    """The whole account cannot be spoken for: nothing was sent, so the planned effects end with the reason."""
    with acting_as(company_id):
        while planned := ledger.list_planned(account_id, batch={}, otherwise=1000):
            land([Verdict(effect, EffectState.REJECTED, code) for effect in planned], at=now())
