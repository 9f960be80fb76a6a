"""A clock gone wrong is seen in the channel's Date header and said everywhere (R31)."""

from datetime import timedelta

import pytest

from jumun.channels.health import health_of
from jumun.channels.models import ChannelAccount
from jumun.channels.speaking import KeptClock
from jumun.core.tenancy import acting_as
from tests.channels.talking import FEED, account, now, talk


def test_every_answers_date_is_heard(desk):
    """R31: what an ordinary conversation hears is about our own time."""
    assert account(desk).clock_skew is None
    talk(desk)
    assert abs(account(desk).clock_skew) <= 2


def test_a_clock_that_is_off_is_noted_and_told(desk):
    """R31: theirs ten minutes ahead is ours ten minutes behind; put right, the warning goes."""
    desk.mall.fault(FEED, "clock_skew", seconds=600)
    talk(desk)
    found = account(desk)
    assert -605 < found.clock_skew < -595
    (concern,) = health_of(found, now()).concerns
    assert (concern.code, concern.urgency) == ("clock_skew", "soon")
    talk(desk)
    assert health_of(account(desk), now()).concerns == ()


@pytest.mark.parametrize(("skew", "told"), [(60, False), (61, True), (-60, False), (-61, True), (None, False)])
def test_a_minute_is_the_limit(house, skew, told):
    found = ChannelAccount.objects.select_related("breaker").get()
    found.clock_skew = skew
    assert [each.code for each in health_of(found, house.at).concerns] == (["clock_skew"] if told else [])


def test_a_trembling_clock_is_written_once(desk):
    """R31: an answer's Date is seconds old anyway; only more than five seconds are news."""
    hear = KeptClock(desk.company, desk.account, None)
    hear(now() - timedelta(seconds=100))
    for seconds in (96, 104, 100, 105):
        with acting_as(desk.company):
            ChannelAccount.objects.update(clock_skew=-1)
        hear(now() - timedelta(seconds=seconds))
        assert account(desk).clock_skew == -1
    hear(now() - timedelta(seconds=110))
    assert account(desk).clock_skew == 110


def test_a_nonsense_date_breaks_nothing(desk):
    from datetime import UTC, datetime

    KeptClock(desk.company, desk.account, None)(datetime(1, 1, 2, tzinfo=UTC))
    assert account(desk).clock_skew == 10**9


def test_the_doctor_says_so(committed, noon):
    """R31: `jumun doctor` names the account and what to do."""
    from jumun.cli import doctor
    from jumun.core import environment
    from tests.making import open_house

    house = open_house(noon)
    assert doctor._check_channel_clocks(environment.load()) == (True, "none told the time yet")
    with acting_as(house.company):
        ChannelAccount.objects.update(clock_skew=3)
    assert doctor._check_channel_clocks(environment.load()) == (True, "1 accounts told the time, at most 3 s off")
    with acting_as(house.company):
        ChannelAccount.objects.update(clock_skew=95)
    right, words = doctor._check_channel_clocks(environment.load())
    assert not right
    assert "스마트스토어 +95 s" in words and "NTP" in words
