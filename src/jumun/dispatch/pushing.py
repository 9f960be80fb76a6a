"""Telling one account's channel what was planned, and finding out what became of it (R01, R02, R06–R10).

Runs on the account's write lane, one at a time. No transaction is open while the channel is spoken to. Killed at any
place it is started again: what was being sent becomes unknown, and unknown is read back, never sent again blind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from jumun.channels.actions import note_state
from jumun.channels.models import AccountState
from jumun.channels.port import ChannelLine, ClaimKind, ClaimStage, LineResult, Method, Stage, WaybillNotice
from jumun.channels.speaking import Line, speaking_for
from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.errors import ChannelBusy, ChannelError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.dispatch import ledger
from jumun.dispatch.landing import land, tell_unknown
from jumun.dispatch.ledger import Verdict
from jumun.dispatch.models import Effect, EffectState
from jumun.orders.actions.catch_up import catch_up

MOST_ATTEMPTS = 5
"""An effect the channel neither takes nor refuses is parked after this many calls (R10)."""

SENT = frozenset({Stage.DISPATCHED, Stage.IN_TRANSIT, Stage.DELIVERED, Stage.SETTLED})
GONE = frozenset({Stage.CANCELLED, Stage.RETURNED, Stage.EXCHANGED})
DEFAULT_BATCH = 30
NO_WORD = frozenset({"", "no_answer", "channel_timeout", "channel_unreadable"})
"""Codes of an unknown effect that say nothing about why; any other is the channel's own refusal, believed once the
line, read back, does not show the effect."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Where pushing stands: `again_at` is when there is something left to do, None when all is settled."""

    again_at: datetime | None
    failed_code: str = ""


def settle_delays() -> list[float]:
    """Seconds between the looks at an unknown effect."""
    return [float(part) for part in settings.ENV.settle_delays.split(",")]


def push_account(company_id: int, account_id: int) -> Pushed:
    """Settle what is due, send everything planned, and say when to come back.

    Raises nothing a channel does: a channel that cannot answer means coming back, one that refuses the account closes
    the planned effects with the reason, so that a clerk can act and try again.
    """
    with acting_as(company_id):
        ledger.orphan_sending(account_id, at=now())
    try:
        with speaking_for(company_id, account_id) as line:
            if line.account.state == AccountState.OFF:
                raise ChannelError("account_off")
            _settle_due(company_id, line)
            while _send_next(company_id, line):
                pass
    except ChannelBusy as busy:
        return Pushed(now() + timedelta(seconds=busy.retry_after or settle_delays()[0]))
    except ChannelError as refusal:
        note_state(company_id, account_id, refusal)
        _give_up(company_id, account_id, refusal.code)
        return Pushed(None, refusal.code)
    except NotFoundError as missing:
        _give_up(company_id, account_id, missing.code)
        return Pushed(None, missing.code)
    with acting_as(company_id):
        return Pushed(ledger.next_look(account_id))


def _send_next(company_id: int, line: Line) -> bool:
    """Send the next batch of planned effects. False when none is left."""
    account_id = line.account.id
    sizes = line.profile.batch
    with acting_as(company_id):
        planned = _apart(ledger.list_planned(account_id, limit=min(sizes.values(), default=DEFAULT_BATCH)))
    if not planned:
        return False
    fit = _look_first(company_id, line, planned)
    with acting_as(company_id):
        sending = ledger.begin_sending(fit, at=now())
    if not sending:
        return True
    crash_point("before_http")
    results: list[LineResult] = []
    try:
        for result in _call(line, sending):
            results.append(result)  # noqa: PERF402 - what came before a failure counts
    except ChannelError as problem:
        told = {result.line_key for result in results}
        answered = [effect for effect in sending if any(ref.line_key in told for ref in ledger.refs(effect))]
        _after_answer(company_id, answered, results)
        _after_failed_call(company_id, [effect for effect in sending if effect not in answered], problem)
        if isinstance(problem, ChannelBusy) and not problem.unclear:
            raise
        return True
    crash_point("after_http_before_commit")
    _after_answer(company_id, sending, results)
    return True


def _apart(planned: Sequence[Effect]) -> list[Effect]:
    """Effects whose lines a channel's answer can tell apart: a line key is its own only within its order."""
    kept: list[Effect] = []
    taken: set[str] = set()
    for effect in planned:
        keys = {ref.line_key for ref in ledger.refs(effect)}
        if not keys & taken:
            kept.append(effect)
            taken |= keys
    return kept


def _look_first(company_id: int, line: Line, planned: Sequence[Effect]) -> list[Effect]:
    """Read the lines again just before sending: an open cancel, another number or an end closes the effect (N3)."""
    seen = _read(company_id, line, planned)
    verdicts, fit = [], []
    for effect in planned:
        verdict = _judge_before(effect, [seen.get((ref.order_number, ref.line_key)) for ref in ledger.refs(effect)])
        if verdict is None:
            fit.append(effect)
        else:
            verdicts.append(verdict)
    with acting_as(company_id):
        land(verdicts, at=now())
    return fit


def _judge_before(effect: Effect, lines: Sequence[ChannelLine | None]) -> Verdict | None:
    """Whether an effect still may and must be sent: None to send it, else how it ends."""
    if any(each is None for each in lines):
        return Verdict(effect, EffectState.REJECTED, "line_gone")
    known = [each for each in lines if each is not None]
    if all(each.stage in GONE for each in known):
        return Verdict(effect, EffectState.REJECTED, "cancelled_there")
    if effect.verb == "confirm":
        done = all(each.stage not in (Stage.NEW, Stage.AWAITING_PAYMENT, Stage.UNKNOWN) for each in known)
        return Verdict(effect, EffectState.CONFIRMED) if done else None
    if all(each.stage in SENT for each in known):
        return _judge_number(effect, known)
    if any(_cancel_is_open(each) for each in known):
        return Verdict(effect, EffectState.REJECTED, "claim_open")
    if any(each.stage == Stage.UNKNOWN for each in known):  # it may be a cancel in a word nobody knows
        return Verdict(effect, EffectState.REJECTED, "line_unreadable")
    if any(each.stage == Stage.NEW for each in known):
        return Verdict(effect, EffectState.REJECTED, "not_confirmed_there")
    return None


def _judge_number(effect: Effect, lines: Sequence[ChannelLine]) -> Verdict:
    """A unit the channel has as sent: ours if the number is ours (R08)."""
    same = all(_digits(each.waybill) == _digits(effect.number) for each in lines)
    if same or effect.method != "parcel":
        return Verdict(effect, EffectState.CONFIRMED)
    return Verdict(effect, EffectState.REJECTED, "sent_other_number")


def _cancel_is_open(line: ChannelLine) -> bool:
    return (
        line.claim is not None
        and line.claim.kind == ClaimKind.CANCEL
        and line.claim.stage in (ClaimStage.REQUESTED, ClaimStage.COLLECTING, ClaimStage.APPROVED)
    )


def _call(line: Line, effects: Sequence[Effect]) -> Iterator[LineResult]:
    """The one call of this batch; all its effects have the same verb."""
    if effects[0].verb == "confirm":
        return line.connector.confirm([ref for effect in effects for ref in ledger.refs(effect)])
    return line.connector.dispatch(
        [
            WaybillNotice(
                ref, effect.carrier, effect.number, effect.shipped_at or effect.planned_at, Method(effect.method)
            )
            for effect in effects
            for ref in ledger.refs(effect)
        ]
    )


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
        land(verdicts, at=now())
        for (code, message), effects in unclear.items():
            _make_unknown(effects, code if code not in NO_WORD else "channel_timeout", message, delay=0)


def _after_failed_call(company_id: int, sending: Sequence[Effect], problem: ChannelError) -> None:
    with acting_as(company_id):
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
    seen = _read(company_id, line, due)
    verdicts, again, later = [], [], []
    for effect in due:
        lines = [seen.get((ref.order_number, ref.line_key)) for ref in ledger.refs(effect)]
        verdict = _judge_after(effect, lines)
        if verdict is not None:
            verdicts.append(verdict)
        elif effect.code not in NO_WORD:
            verdicts.append(Verdict(effect, EffectState.REJECTED, effect.code, effect.message))
        elif _certainly_did_not_happen(effect):
            again.append(effect)
        else:
            later.append(effect)
    at = now()
    tired = [effect for effect in again if effect.attempt >= MOST_ATTEMPTS]
    verdicts += [Verdict(effect, EffectState.REJECTED, "channel_timeout") for effect in tired]
    with acting_as(company_id):
        land(verdicts, at=at)
        ledger.plan_again([effect for effect in again if effect.attempt < MOST_ATTEMPTS], at=at)
        for looks in {effect.looks for effect in later}:
            same = [effect for effect in later if effect.looks == looks]
            ledger.look_later(same, next_look_at=at + timedelta(seconds=_delay(looks)))
        catch_up(line.account.id, list(seen.values()), at=at)  # what was left to the ledger until now


def _judge_after(effect: Effect, lines: Sequence[ChannelLine | None]) -> Verdict | None:
    """What the channel shows of a call whose answer was lost; None when it shows nothing of it yet."""
    known = [each for each in lines if each is not None]
    if len(known) < len(lines):
        return None
    if effect.verb == "confirm":
        return _judge_before(effect, lines)
    if all(each.stage in SENT for each in known):
        return _judge_number(effect, known)
    if all(each.stage in GONE for each in known):
        return Verdict(effect, EffectState.REJECTED, "cancelled_there")
    return None


def _certainly_did_not_happen(effect: Effect) -> bool:
    """A channel that accepted late would show it by now."""
    since = (now() - effect.sent_at).total_seconds() if effect.sent_at else 0
    return bool(since >= settings.ENV.settle_grace)


def _delay(looks: int) -> float:
    delays = settle_delays()
    return delays[min(looks + 1, len(delays) - 1)]


def _read(company_id: int, line: Line, effects: Sequence[Effect]) -> dict[tuple[str, str], ChannelLine]:
    """The lines as they are now, by order number and line key; what changed on the way is believed."""
    wanted = [ref for effect in effects for ref in ledger.refs(effect)]
    lines = list(line.connector.read_lines(wanted))
    with acting_as(company_id):
        catch_up(line.account.id, lines, at=now())
    return {(each.order_number, each.line_key): each for each in lines}


def _give_up(company_id: int, account_id: int, code: str) -> None:
    """The whole account cannot be spoken for: nothing was sent, so the planned effects end with the reason."""
    with acting_as(company_id):
        while planned := ledger.list_planned(account_id, limit=1000):
            land([Verdict(effect, EffectState.REJECTED, code) for effect in planned], at=now())


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isalnum()).upper()
