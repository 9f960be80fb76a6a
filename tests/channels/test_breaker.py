"""A channel that does not answer is left alone, and tried again by one at a time (R11)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from jumun.channels.actions import check_account
from jumun.channels.breaker import BreakerState, rest_of
from jumun.channels.models import Breaker
from jumun.channels.port import LineRef
from jumun.channels.speaking import speaking_for
from jumun.core.errors import ChannelBusy, ChannelError
from jumun.core.tenancy import acting_as
from jumun.dispatch.pushing import push_account
from tests.channels.talking import FEED, account, at_once, breaker, count, fails, let_rest_end, now, talk


def storm(desk, times=None, fault="error503"):
    desk.mall.fault(FEED, fault, times=times)


def opened(desk):
    """A mall whose storm opened the breaker and is over."""
    storm(desk, times=settings.ENV.breaker_after)
    for _ in range(settings.ENV.breaker_after):
        assert fails(desk).code == "channel_busy"
    return breaker(desk)


@pytest.mark.parametrize("fault", ["error500", "error503", "cut"])
def test_five_failures_in_a_row_open_it_and_nothing_reaches_the_mall(desk, fault):
    """R11: reading and writing share it; whoever asks is told when to come back."""
    storm(desk, fault=fault)
    for _ in range(4):
        fails(desk)
    assert breaker(desk).open_until is None
    fails(desk)
    assert 50 < (breaker(desk).open_until - now()).total_seconds() <= 60
    before = count(desk)
    resting = fails(desk)
    assert (resting.code, type(resting), resting.unclear) == ("channel_resting", ChannelBusy, False)
    assert 50 < resting.retry_after <= 60
    with pytest.raises(ChannelBusy, match="rests"), speaking_for(desk.company, desk.account) as line:
        list(line.connector.confirm([LineRef("1", "1", "1")]))
    assert (count(desk), count(desk, "confirm")) == (before, 0)
    assert breaker(desk).failures == 5


def test_a_success_between_failures_starts_the_count_anew(desk):
    """R11: five in a row, not five in all."""
    for _ in range(2):
        storm(desk, times=4)
        for _ in range(4):
            fails(desk)
        assert talk(desk) == []
    assert (breaker(desk).failures, breaker(desk).open_until) == (0, None)


def test_too_many_calls_is_no_failure(desk):
    """R09, R11: a 429 pauses by its own window; the mall is up."""
    desk.mall.fault(FEED, "rate_limit", times=6, retry_after=7)
    for _ in range(6):
        told = fails(desk)
        assert (told.code, told.retry_after, told.limited) == ("channel_busy", 7, True)
    with acting_as(desk.company):
        assert not Breaker.objects.exists()


def test_an_answer_that_refuses_or_cannot_be_read_says_the_mall_is_up_or_nothing(desk):
    """R11: only silence counts. A refusal proves that somebody is there; gibberish proves nothing."""
    storm(desk, times=4)
    for _ in range(4):
        fails(desk)
    desk.mall.fault(FEED, "html200")
    assert fails(desk).code == "channel_unreadable"
    assert breaker(desk).failures == 4
    desk.mall.fault(FEED, "ip_not_allowed")
    assert fails(desk).code == "ip_not_allowed"
    assert breaker(desk).failures == 0


def test_a_conversation_without_a_call_proves_nothing(desk):
    """R11: sending nothing is no success."""
    opened(desk)
    with speaking_for(desk.company, desk.account):
        pass
    assert push_account(desk.company, desk.account).again_at is None
    assert breaker(desk).open_until is not None


def test_when_the_rest_is_over_exactly_one_tries_and_its_success_closes(desk):
    """R11: half open, guarded in the database."""
    opened(desk)
    let_rest_end(desk)
    assert rest_of(account(desk), now()).state == BreakerState.HALF_OPEN
    desk.mall.fault(FEED, "slow", seconds=0.6)
    before = count(desk)
    results = at_once(*[lambda: talk(desk)] * 3)
    turned_away = [each for each in results if isinstance(each, ChannelBusy)]
    assert (results.count([]), len(turned_away)) == (1, 2), results
    assert {each.code for each in turned_away} == {"channel_resting"}
    assert all(1 <= each.retry_after <= 10 for each in turned_away)
    assert count(desk) == before + 1
    assert rest_of(account(desk), now()).state == BreakerState.CLOSED
    assert talk(desk) == []


def test_a_failed_try_rests_twice_as_long_up_to_ten_minutes(desk):
    """R11: 60, 120, 240 … 600 seconds."""
    first = opened(desk)
    assert first.openings == 1
    storm(desk)
    for rest in (120, 240, 480, 600, 600):
        let_rest_end(desk)
        assert fails(desk).code == "channel_busy"
        assert rest - 10 < (breaker(desk).open_until - now()).total_seconds() <= rest
        assert breaker(desk).probe is None


def test_a_429_while_trying_leaves_the_next_one_to_try(desk):
    """R11: the probe learned nothing, so it gives its place up at once."""
    opened(desk)
    let_rest_end(desk)
    desk.mall.fault(FEED, "rate_limit", retry_after=1)
    assert fails(desk).limited
    assert breaker(desk).probe is None
    assert talk(desk) == []


def test_a_probe_that_died_is_given_up(desk):
    """R11: a killed worker holds nobody up longer than its slowest call."""
    opened(desk)
    let_rest_end(desk)
    with acting_as(desk.company):
        Breaker.objects.update(probe=uuid4(), probe_until=now() + timedelta(seconds=30))
    assert fails(desk).code == "channel_resting"
    with acting_as(desk.company):
        Breaker.objects.update(probe_until=now() - timedelta(seconds=1))
    assert talk(desk) == []


def test_a_person_may_try_before_the_rest_is_over(desk):
    """R11: 연결 확인 is a probe; its success ends the rest, its failure begins a longer one."""
    opened(desk)
    storm(desk, times=1)
    with pytest.raises(ChannelError):
        check_account(desk.company, desk.account)
    assert 110 < (breaker(desk).open_until - now()).total_seconds() <= 120
    check_account(desk.company, desk.account)
    assert (breaker(desk).open_until, breaker(desk).failures, breaker(desk).openings) == (None, 0, 0)
    assert talk(desk) == []


def test_how_soon_and_how_long_is_a_setting(desk, monkeypatch):
    monkeypatch.setattr(settings.ENV, "breaker_after", 1)
    monkeypatch.setattr(settings.ENV, "breaker_rest", 5)
    storm(desk, times=1)
    fails(desk)
    assert 0 < (breaker(desk).open_until - now()).total_seconds() <= 5


def test_sending_comes_back_when_the_rest_is_over(desk):
    """R11: the write lane waits as long as the reading that opened it."""
    from jumun.dispatch.actions import confirm
    from jumun.orders.filters import ItemFilter
    from jumun.orders.selection import Selection
    from tests.dispatch.test_faults import collect

    collect(desk, count=1, confirmed=0)
    opened(desk)
    with acting_as(desk.company):
        confirm(Selection(filter=ItemFilter()), by=desk.owner, at=now())
    pushed = push_account(desk.company, desk.account)
    assert 50 < (pushed.again_at - now()).total_seconds() <= 60
    assert desk.mall.effects("confirm") == []
