"""Leaving a channel alone that does not answer (R11). Counted and guarded in the database, by its clock.

A conversation (`speaking_for`) is what counts, reading and writing alike: so many in a row that the channel did not
answer, and the account rests; afterwards one at a time may try. Its success ends the rest, its failure begins a longer
one. A 429, an answer nobody could read and a call refused here say nothing about whether the channel is up.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from jumun.channels.models import Breaker, ChannelAccount
from jumun.core.errors import ChannelBusy, ChannelError
from jumun.core.tenancy import acting_as

LONGEST_REST = timedelta(minutes=10)
LONGEST_CALL = 3
"""Times the time-out of one read after which a connector gives an answer up that trickles in."""
PROBE_MARGIN = timedelta(seconds=15)
LOOK_AGAIN = 10.0
"""Seconds after which those turned away while somebody tries may ask again."""

DOWN = frozenset({"channel_busy", "channel_timeout"})
SILENT = frozenset({"channel_unreadable", "channel_resting"})
"""Codes that say neither that the channel is up nor that it is down."""

_LOOK = """
SELECT greatest(extract(epoch FROM open_until - clock_timestamp()), 0),
       greatest(extract(epoch FROM probe_until - clock_timestamp()), 0)
  FROM channels_breaker WHERE account_id = %(account)s AND open_until IS NOT NULL
"""
_CLAIM = """
UPDATE channels_breaker SET probe = %(mine)s, probe_until = clock_timestamp() + %(lease)s
 WHERE account_id = %(account)s AND open_until IS NOT NULL
   AND (probe = %(mine)s OR ((open_until <= clock_timestamp() OR %(eager)s)
                             AND (probe IS NULL OR probe_until <= clock_timestamp())))
"""
_FAIL = """
INSERT INTO channels_breaker (company_id, account_id, failures, openings) VALUES (%(company)s, %(account)s, 0, 0)
ON CONFLICT (account_id) DO NOTHING;
UPDATE channels_breaker b
   SET failures = b.failures + 1, openings = b.openings + d.opens::int,
       open_until = CASE WHEN d.opens THEN clock_timestamp() + least(%(rest)s * (2 ^ least(b.openings, 20)), %(most)s)
                         ELSE b.open_until END,
       probe = CASE WHEN d.tried THEN NULL ELSE b.probe END,
       probe_until = CASE WHEN d.tried THEN NULL ELSE b.probe_until END
  FROM (SELECT id, probe IS NOT DISTINCT FROM %(mine)s AS tried,
               probe IS NOT DISTINCT FROM %(mine)s OR (open_until IS NULL AND failures + 1 >= %(after)s) AS opens
          FROM channels_breaker WHERE account_id = %(account)s FOR UPDATE) d
 WHERE b.id = d.id
"""
_SUCCEED = """
UPDATE channels_breaker SET failures = 0, openings = 0, open_until = NULL, probe = NULL, probe_until = NULL
 WHERE account_id = %(account)s AND ((open_until IS NULL AND failures > 0) OR probe = %(mine)s)
"""
_LET_GO = """
UPDATE channels_breaker SET probe = NULL, probe_until = NULL WHERE account_id = %(account)s AND probe = %(mine)s
"""


class BreakerState(StrEnum):
    """Closed: spoken to as always. Open: left alone. Half open: the next conversation tries."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Rest:
    """How an account's breaker stands. `again_at`: when it may be tried, None while it is closed."""

    state: BreakerState
    failures: int = 0
    again_at: datetime | None = None


def rest_of(account: ChannelAccount, at: datetime) -> Rest:
    """How the account's breaker stands at a moment; without a query where the account was listed with it."""
    try:
        row = account.breaker
    except Breaker.DoesNotExist:
        return Rest(BreakerState.CLOSED)
    if row.open_until is None:
        return Rest(BreakerState.CLOSED, row.failures)
    return Rest(BreakerState.OPEN if at < row.open_until else BreakerState.HALF_OPEN, row.failures, row.open_until)


@dataclass(slots=True)
class Conversation:
    """One conversation with an account's channel, as the breaker sees it: ask before every call, judge at the end.

    eager    a person asks for it: it tries although the rest is not over
    """

    company_id: int
    account_id: int
    eager: bool = False
    called: bool = field(default=False, init=False)
    mine: UUID = field(default_factory=uuid4, init=False)

    def before_call(self) -> None:
        """Within `acting_as`. Raises ChannelBusy("channel_resting") while the channel is left alone."""
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, self._values())
            found = cursor.fetchone()
            if found is not None:
                cursor.execute(_CLAIM, self._values())
                if cursor.rowcount != 1:
                    resting, tried = (float(each or 0) for each in found)
                    raise ChannelBusy("channel_resting", retry_after=max(resting, min(tried, LOOK_AGAIN), 1.0))
        self.called = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.called or (problem is not None and not isinstance(problem, ChannelError)):
            return
        with acting_as(self.company_id), connection.cursor() as cursor:
            for statement in _judge(problem).split(";\n"):
                cursor.execute(statement, self._values())

    def _values(self) -> dict[str, Any]:
        return {
            "company": self.company_id,
            "account": self.account_id,
            "mine": self.mine,
            "eager": self.eager,
            "lease": timedelta(seconds=settings.ENV.channel_timeout * LONGEST_CALL) + PROBE_MARGIN,
            "after": settings.ENV.breaker_after,
            "rest": timedelta(seconds=settings.ENV.breaker_rest),
            "most": LONGEST_REST,
        }


def _judge(problem: ChannelError | None) -> str:
    """What an end of a conversation does: any answer but a 429 or gibberish proves that the channel is up."""
    if problem is None:
        return _SUCCEED
    limited = isinstance(problem, ChannelBusy) and problem.limited
    if problem.code in SILENT or limited:
        return _LET_GO
    return _FAIL if problem.code in DOWN else _SUCCEED
