"""Opening a connector for one account: keys unsealed, token, pace and breaker shared by all processes in the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection

from jumun.channels.breaker import LONGEST_CALL, Conversation
from jumun.channels.models import ChannelAccount, ChannelToken
from jumun.channels.port import Connector, Session
from jumun.channels.profile import SHARED, CallRate, ChannelProfile
from jumun.channels.registry import connect, find_profile
from jumun.channels.unreadable import KeptUnreadable
from jumun.core.clock import now
from jumun.core.errors import ChannelBusy, ChannelError, NotFoundError
from jumun.core.secrets import seal, unseal, unseal_mapping
from jumun.core.tenancy import acting_as

TOKEN_MARGIN = timedelta(seconds=60)
RENEWAL_MARGIN = timedelta(seconds=30)
"""What asking for a token may take beside the call itself: waiting for its slot."""
LOOK_FOR_TOKEN = 0.1
"""Seconds between two looks for the token that another process asks for."""
CLOCK_NOISE = 5
"""Seconds a told time may differ from the last without meaning anything: it is written anew beyond that."""
FARTHEST_CLOCK = 10**9
"""More seconds than that are told as that."""

_TAKE_LEASE = """
INSERT INTO channels_channeltoken AS t (company_id, account_id, sealed, renewing, renewing_until)
VALUES (%(company)s, %(account)s, '', %(mine)s, clock_timestamp() + %(lease)s)
ON CONFLICT (account_id) DO UPDATE SET renewing = excluded.renewing, renewing_until = excluded.renewing_until
 WHERE t.renewing IS NULL OR t.renewing_until <= clock_timestamp()
"""


@dataclass(frozen=True, slots=True)
class KeptToken:
    """The account's access token in the database (port TokenStore)."""

    company_id: int
    account_id: int

    def get(self) -> str | None:
        """The token still good for a minute, or None."""
        with acting_as(self.company_id):
            found = ChannelToken.objects.filter(account_id=self.account_id, expires_at__gt=now() + TOKEN_MARGIN).first()
        return unseal(found.sealed) if found else None

    def put(self, token: str, expires_at: datetime) -> None:
        """Remember it until it expires."""
        with acting_as(self.company_id):
            ChannelToken.objects.update_or_create(
                account_id=self.account_id,
                defaults={"company_id": self.company_id, "sealed": seal(token), "expires_at": expires_at},
            )

    def forget(self, token: str) -> None:
        """Drop it, unless another process has put a newer one."""
        with acting_as(self.company_id):
            found = ChannelToken.objects.select_for_update().filter(account_id=self.account_id).first()
            if found and found.sealed and unseal(found.sealed) == token:
                ChannelToken.objects.filter(id=found.id).update(sealed="", expires_at=None)

    def renew(self, ask: Callable[[], str]) -> str:
        """The token of whoever asks first; all others wait for it (R12).

        Whoever asks holds a lease in the database and no transaction. A lease that outlived the slowest call belongs to
        a process that died: the next one takes it over. Raises ChannelBusy after two such leases without a token.
        """
        mine = uuid4()
        lease = timedelta(seconds=settings.ENV.channel_timeout * LONGEST_CALL) + RENEWAL_MARGIN
        give_up = time.monotonic() + 2 * lease.total_seconds()
        while not self._take_lease(mine, lease):
            if time.monotonic() > give_up:
                raise ChannelBusy("channel_busy")
            time.sleep(LOOK_FOR_TOKEN)
            token = self.get()
            if token is not None:
                return token
        try:
            return self.get() or ask()
        finally:
            with acting_as(self.company_id):
                ChannelToken.objects.filter(account_id=self.account_id, renewing=mine).update(
                    renewing=None, renewing_until=None
                )

    def _take_lease(self, mine: UUID, lease: timedelta) -> bool:
        values: dict[str, Any] = {
            "company": self.company_id,
            "account": self.account_id,
            "mine": mine,
            "lease": lease,
        }
        with acting_as(self.company_id), connection.cursor() as cursor:
            cursor.execute(_TAKE_LEASE, values)
            return bool(cursor.rowcount)


_NEXT_SLOT = """
INSERT INTO channels_rateslot AS r (company_id, account_id, call, next_at)
VALUES (%(company)s, %(account)s, %(call)s, clock_timestamp() + %(gap)s)
ON CONFLICT (account_id, call) DO UPDATE
   SET next_at = greatest(r.next_at, clock_timestamp() - %(slack)s) + %(gap)s
RETURNING extract(epoch FROM next_at - %(gap)s - clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class KeptPace:
    """The account's rate budget (port Pace): every call takes the next slot and waits for it.

    It is asked before every call, so it is also where a channel that does not answer is left alone (R11).
    """

    company_id: int
    account_id: int
    rates: dict[str, CallRate]
    conversation: Conversation

    def __call__(self, call: str) -> None:
        """Wait until this call may be made. Raises ChannelBusy("channel_resting")."""
        rate, shared = self.rates.get(call) or self.rates.get("*"), self.rates.get(SHARED)
        wanted = [(name, each) for name, each in ((call, rate), (SHARED, shared)) if each is not None]
        with acting_as(self.company_id):
            self.conversation.before_call()
            wait = max((self._next_slot(name, each) for name, each in wanted), default=0.0)
        if wait > 0:
            time.sleep(wait)

    def _next_slot(self, name: str, rate: CallRate) -> float:
        """Take the next slot of this name; answers the seconds until it comes."""
        gap = timedelta(seconds=1 / (rate.per_second * settings.ENV.channel_pace))
        values: dict[str, Any] = {
            "company": self.company_id,
            "account": self.account_id,
            "call": name,
            "gap": gap,
            "slack": gap * (rate.burst - 1),
        }
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_SLOT, values)
            return float(cursor.fetchone()[0])


@dataclass(slots=True)
class KeptClock:
    """How far our clock is from the channel's (port Hear). `known` is what is written already."""

    company_id: int
    account_id: int
    known: int | None

    def __call__(self, told: datetime) -> None:
        """Write the difference where it is new."""
        skew = round((now() - told).total_seconds())
        skew = max(-FARTHEST_CLOCK, min(skew, FARTHEST_CLOCK))
        if self.known is not None and abs(skew - self.known) <= CLOCK_NOISE:
            return
        with acting_as(self.company_id):
            ChannelAccount.objects.filter(id=self.account_id).update(clock_skew=skew)
        self.known = skew


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to a channel: the account's facts and its connector."""

    account: ChannelAccount
    profile: ChannelProfile
    connector: Connector


@contextmanager
def speaking_for(company_id: int, account_id: int, *, eager: bool = False) -> Iterator[Line]:
    """A connector for this account. Holds no transaction open while the channel is spoken to.

    eager    a person asks: the channel is tried although it is left alone at present

    Every call raises ChannelBusy("channel_resting") while it is; how this conversation ends decides on that (breaker).
    Raises NotFoundError for an account of another company or a kind without a connector, ChannelError("keys_unreadable")
    when its credentials were sealed with a key that is gone.
    """
    with acting_as(company_id):
        account = ChannelAccount.objects.filter(id=account_id).first()
    profile = find_profile(account.channel) if account else None
    if account is None or profile is None:
        raise NotFoundError("not_found" if account is None else "unknown_channel")
    try:
        credentials = unseal_mapping(account.credentials)
    except InvalidToken:
        raise ChannelError("keys_unreadable") from None
    conversation = Conversation(company_id, account_id, eager)
    session = Session(
        credentials=credentials,
        base_url=account.base_url or profile.default_base_url,
        tokens=KeptToken(company_id, account_id),
        pace=KeptPace(company_id, account_id, dict(profile.rates), conversation),
        timeout=settings.ENV.channel_timeout,
        hear=KeptClock(company_id, account_id, account.clock_skew),
        keep=KeptUnreadable(company_id, account_id),
    )
    with conversation, connect(account.channel, session) as connector:
        yield Line(account, profile, connector)
