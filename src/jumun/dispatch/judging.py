"""What a channel's own reading means for an effect: pure decisions about one line, and about all lines of an effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from jumun.channels.port import OPEN_CLAIMS, ChannelLine, ClaimKind, Method, Stage
from jumun.dispatch.models import EffectState

SENT = frozenset({Stage.DISPATCHED, Stage.IN_TRANSIT, Stage.DELIVERED, Stage.SETTLED})
GONE = frozenset({Stage.CANCELLED, Stage.RETURNED, Stage.EXCHANGED})
UNCONFIRMED = frozenset({Stage.NEW, Stage.AWAITING_PAYMENT, Stage.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Fate:
    """How a line, or a whole effect, ends without being sent."""

    state: EffectState
    code: str = ""


DONE = Fate(EffectState.CONFIRMED)


def _refuse(code: str) -> Fate:
    return Fate(EffectState.REJECTED, code)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an effect wants told. `shows_late`: the channel may still show a line as unconfirmed that is not."""

    verb: str
    number: str = ""
    method: Method = Method.PARCEL
    shows_late: bool = False


def judge_line(wish: Wish, line: ChannelLine | None) -> Fate | None:
    """Whether this line still may and must be told: None to tell it, else how it ends (N3, R08, R20)."""
    if line is None:
        return _refuse("line_gone")
    if line.stage in GONE:
        return _refuse("cancelled_there")
    if wish.verb == "confirm":
        return None if line.stage in UNCONFIRMED else DONE
    if wish.verb == "correct":
        return _judge_correction(wish, line)
    if line.stage in SENT:
        return judge_number(wish, line)
    if cancel_is_open(line):
        return _refuse("claim_open")
    if line.stage == Stage.UNKNOWN:  # it may be a cancel in a word nobody knows
        return _refuse("line_unreadable")
    if line.stage == Stage.NEW and not wish.shows_late:
        return _refuse("not_confirmed_there")
    return None


def _judge_correction(wish: Wish, line: ChannelLine) -> Fate | None:
    if line.stage == Stage.UNKNOWN:
        return _refuse("line_unreadable")
    if line.stage not in SENT:
        return _refuse("not_sent_there")
    return DONE if same_number(wish.number, line.waybill) else None


def judge_number(wish: Wish, line: ChannelLine) -> Fate:
    """A line the channel has as sent: by us if the number is ours (R08)."""
    if wish.method != Method.PARCEL or same_number(wish.number, line.waybill):
        return DONE
    return _refuse("sent_other_number")


def judge_after(wish: Wish, lines: Sequence[ChannelLine | None]) -> Fate | None:
    """What the channel shows of a call whose answer was lost; None when it shows nothing of it yet."""
    known = [line for line in lines if line is not None]
    if len(known) < len(lines):
        return None
    if all(line.stage in GONE for line in known):
        return _refuse("cancelled_there")
    if wish.verb == "correct":
        return DONE if all(same_number(wish.number, line.waybill) for line in known) else None
    if wish.verb == "confirm":
        return DONE if all(line.stage not in UNCONFIRMED for line in known) else None
    if all(line.stage in SENT for line in known):
        fates = [judge_number(wish, line) for line in known]
        return next((fate for fate in fates if fate != DONE), DONE)
    return None


def cancel_is_open(line: ChannelLine) -> bool:
    """Whether any cancel of the line is undecided: shipping it would refuse the cancel."""
    return any(claim.kind == ClaimKind.CANCEL and claim.stage in OPEN_CLAIMS for claim in line.claims)


def same_number(ours: str, theirs: str) -> bool:
    """Whether two waybill numbers are the same but for what stands between the digits."""
    return _plain(ours) == _plain(theirs)


def _plain(number: str) -> str:
    return "".join(character for character in number if character.isalnum()).upper()
