"""Opening a connector for one account: keys unsealed, token shared by all processes, pace kept in the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection

from jumun.channels.models import ChannelAccount, ChannelToken
from jumun.channels.port import Connector, Session
from jumun.channels.profile import CallRate, ChannelProfile
from jumun.channels.registry import connect, find_profile
from jumun.core.clock import now
from jumun.core.errors import ChannelError, NotFoundError
from jumun.core.secrets import seal, unseal, unseal_mapping
from jumun.core.tenancy import acting_as

TOKEN_MARGIN = timedelta(seconds=60)


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
            if found and unseal(found.sealed) == token:
                found.delete()

    def renew(self, ask: Callable[[], str]) -> str:
        """The token that `ask` gets."""
        return ask()


_NEXT_SLOT = """
INSERT INTO channels_rateslot AS r (company_id, account_id, call, next_at)
VALUES (%(company)s, %(account)s, %(call)s, clock_timestamp() + %(gap)s)
ON CONFLICT (account_id, call) DO UPDATE
   SET next_at = greatest(r.next_at, clock_timestamp() - %(slack)s) + %(gap)s
RETURNING extract(epoch FROM next_at - %(gap)s - clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class KeptPace:
    """The account's rate budget (port Pace): every call takes the next slot and waits for it."""

    company_id: int
    account_id: int
    rates: dict[str, CallRate]

    def __call__(self, call: str) -> None:
        """Wait until this call may be made."""
        rate = self.rates.get(call) or self.rates.get("*")
        if rate is None:
            return
        gap = timedelta(seconds=1 / (rate.per_second * settings.ENV.channel_pace))
        values: dict[str, Any] = {
            "company": self.company_id,
            "account": self.account_id,
            "call": call,
            "gap": gap,
            "slack": gap * (rate.burst - 1),
        }
        with acting_as(self.company_id), connection.cursor() as cursor:
            cursor.execute(_NEXT_SLOT, values)
            wait = float(cursor.fetchone()[0])
        if wait > 0:
            time.sleep(wait)


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to a channel: the account's facts and its connector."""

    account: ChannelAccount
    profile: ChannelProfile
    connector: Connector


@contextmanager
def speaking_for(company_id: int, account_id: int) -> Iterator[Line]:
    """A connector for this account. Holds no transaction open while the channel is spoken to.

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
    session = Session(
        credentials=credentials,
        base_url=account.base_url or profile.default_base_url,
        tokens=KeptToken(company_id, account_id),
        pace=KeptPace(company_id, account_id, dict(profile.rates)),
        timeout=settings.ENV.channel_timeout,
    )
    with connect(account.channel, session) as connector:
        yield Line(account, profile, connector)
