"""What a person should know of an account, and do something about: one list for pages, REST and `jumun doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jumun.channels.breaker import BreakerState, Rest, rest_of
from jumun.channels.models import AccountState, ChannelAccount
from jumun.channels.registry import find_profile
from jumun.core.clock import in_kst

MOST_SKEW = 60
"""Seconds our clock may be off a channel's before we say so (R31)."""
KEY_WARNINGS = (30, 14, 7, 1)
"""Days before the keys run out at which the warning gets more pressing."""
COLLECT_EVERY = timedelta(minutes=10)
"""The clock's beat (intake.collect_due)."""

_URGENCY = ("calm", "soon", "soon", "late")
"""How each of KEY_WARNINGS presses."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to see to: the code of its sentence, the sentence's blanks, and how it presses (calm, soon, late)."""

    code: str
    urgency: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Health:
    """How an account stands at a moment.

    days_left        of its keys; negative once they ran out, None when they do not
    next_collection  None while nobody collects it by the clock
    """

    concerns: tuple[Concern, ...]
    rest: Rest
    days_left: int | None
    next_collection: datetime | None

    @property
    def urgency(self) -> str:
        """The most pressing of its concerns; "" without any."""
        order = ("late", "soon", "calm")
        return min((each.urgency for each in self.concerns), key=order.index, default="")


def health_of(account: ChannelAccount, at: datetime) -> Health:
    """How the account stands. An account that is off, or has no connector, concerns nobody."""
    talks = find_profile(account.channel) is not None and not account.by_sheet and account.state != AccountState.OFF
    rest = rest_of(account, at)
    days_left = (account.keys_expire_on - in_kst(at).date()).days if account.keys_expire_on else None
    found = [*_say_state(account), *_say_rest(rest), *_say_keys(account, days_left), *_say_clock(account)]
    by_clock = talks and account.auto_collect and account.state == AccountState.OK
    return Health(tuple(found) if talks else (), rest, days_left, next_tick(at) if by_clock else None)


def next_tick(at: datetime) -> datetime:
    """When the clock next collects: whole ten minutes, the same in Seoul as in UTC."""
    whole = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    return whole + COLLECT_EVERY


def _say_state(account: ChannelAccount) -> list[Concern]:
    return [Concern(account.state_code or "bad_credentials", "late")] if account.state == AccountState.REAUTH else []


def _say_rest(rest: Rest) -> list[Concern]:
    return [] if rest.state == BreakerState.CLOSED else [Concern("channel_resting", "late")]


def _say_keys(account: ChannelAccount, days_left: int | None) -> list[Concern]:
    if days_left is None or days_left > KEY_WARNINGS[0]:
        return []
    day = f"{account.keys_expire_on:%Y-%m-%d}"
    if days_left < 0:
        return [Concern("keys_expired", "late", {"date": day})]
    if days_left == 0:
        return [Concern("keys_expire_today", "late")]
    urgency = [how for most, how in zip(KEY_WARNINGS, _URGENCY, strict=True) if days_left <= most][-1]
    return [Concern("keys_expiring", urgency, {"date": day, "days": days_left})]


def _say_clock(account: ChannelAccount) -> list[Concern]:
    skew = account.clock_skew
    return [Concern("clock_skew", "soon", {"seconds": abs(skew)})] if skew and abs(skew) > MOST_SKEW else []
