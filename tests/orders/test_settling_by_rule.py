"""Seven days after delivery an item is settled, on channels that never say so."""

from datetime import timedelta

from tests.making import make_line

from jumun.channels.models import ChannelAccount
from jumun.channels.port import Stage
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.settle import settle_due
from jumun.orders.models import OrderItem, TimelineEvent

WEEK = timedelta(days=7)


def delivered(house, channel, *, synced_after=WEEK):
    house.order("A1", "a")
    catch_up(house.account, [make_line("A1", "a", house.at, stage=Stage.DELIVERED)], at=house.at)
    OrderItem.objects.update(channel=channel)
    ChannelAccount.objects.update(last_synced_at=house.at + synced_after)


def test_a_week_after_delivery_it_is_settled(house, noon):
    """DESIGN §2, I8: not a second earlier, once, and the timeline says by what."""
    delivered(house, "coupang")
    assert settle_due(at=noon + WEEK - timedelta(seconds=1)) == 0
    assert settle_due(at=noon + WEEK) == 1
    assert settle_due(at=noon + WEEK) == 0
    (item,) = house.items()
    assert item.status == "settled"
    assert TimelineEvent.objects.filter(action="settled_by_rule", went_to="settled").count() == 1


def test_an_open_claim_keeps_it_open(house, noon):
    delivered(house, "coupang")
    OrderItem.objects.update(claim="return_requested", claim_open=True)
    assert settle_due(at=noon + WEEK) == 0


def test_a_channel_that_tells_is_waited_for(house, noon):
    """Smartstore says 구매확정 itself; the buyer may still return there."""
    delivered(house, "naver")
    assert settle_due(at=noon + 2 * WEEK) == 0


def test_an_account_not_synced_since_settles_nothing(house, noon):
    """A return made meanwhile would find it final: first the channel is asked again."""
    delivered(house, "coupang", synced_after=timedelta(days=3))
    assert settle_due(at=noon + 2 * WEEK) == 0


def test_what_has_no_channel_to_ask_goes_by_the_clock_alone(house, noon):
    delivered(house, "manual", synced_after=timedelta(0))
    assert settle_due(at=noon + WEEK) == 1
