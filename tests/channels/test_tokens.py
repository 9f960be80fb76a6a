"""One process asks for a token, the others wait for its answer (R12)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from jumun.channels.models import ChannelToken
from jumun.channels.speaking import KeptToken
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from tests.channels.talking import FEED, at_once, count, now, talk


@pytest.fixture
def tokens(desk):
    return KeptToken(desk.company, desk.account)


def row(desk):
    with acting_as(desk.company):
        return ChannelToken.objects.get()


def test_two_refused_at_once_ask_for_one_token(desk, tokens):
    """R12: both are told 401 for the old token; one asks, the other uses what it got."""
    tokens.put("revoked there", now() + timedelta(hours=1))
    desk.mall.fault("token", "slow", seconds=0.5)
    results = at_once(*[lambda: talk(desk)] * 2)
    assert results == [[], []]
    assert count(desk, "token") == 1
    assert count(desk) in (3, 4)  # three when the second looked for a token after the first was refused
    assert row(desk).renewing is None
    assert tokens.get() not in (None, "revoked there")


def test_many_without_a_token_ask_for_one(desk):
    """R12: the same before the first call."""
    desk.mall.fault("token", "slow", seconds=0.5)
    assert at_once(*[lambda: talk(desk)] * 4) == [[]] * 4
    assert (count(desk, "token"), count(desk)) == (1, 4)


def test_a_token_revoked_in_the_middle_is_renewed_once(desk):
    """R12: one 401, one new token, the call again."""
    talk(desk)
    desk.mall.fault(FEED, "unauthorized", revoke=True)
    assert talk(desk) == []
    assert count(desk, "token") == 2


def test_whoever_fails_to_get_one_lets_the_next_one_ask(desk, tokens):
    desk.mall.fault("token", "ip_not_allowed")
    with pytest.raises(ChannelError):
        talk(desk)
    assert row(desk).renewing is None
    assert tokens.get() is None
    assert talk(desk) == []


def test_the_lease_of_a_killed_process_is_taken_over(desk, tokens):
    """R12: older than the slowest call, it belongs to nobody."""
    talk(desk)
    tokens.forget(tokens.get())
    with acting_as(desk.company):
        ChannelToken.objects.update(renewing=uuid4(), renewing_until=now() - timedelta(seconds=1))
    assert talk(desk) == []
    assert row(desk).renewing is None


def test_whoever_waits_takes_what_the_other_put(desk, tokens):
    """R12: while a lease is held nobody else asks."""
    talk(desk)
    tokens.forget(tokens.get())
    with acting_as(desk.company):
        ChannelToken.objects.update(renewing=uuid4(), renewing_until=now() + timedelta(hours=1))

    def never():
        raise AssertionError("asked although another process was asking")

    def put():
        tokens.put("theirs", now() + timedelta(hours=1))

    assert at_once(lambda: tokens.renew(never), put) == ["theirs", None]


def test_forgetting_an_older_token_leaves_the_newer(desk, tokens):
    tokens.put("new", now() + timedelta(hours=1))
    tokens.forget("old")
    assert tokens.get() == "new"
    tokens.forget("new")
    assert (tokens.get(), row(desk).sealed) == (None, "")
