"""주문동기화: by the clock for accounts that have the switch, slice by slice, and where the list goes by order (P33, C4)."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.intake.collected import (
    DAY,
    HOUR,
    account,
    change_profile,
    collect,
    doubts,
    forget,
    items,
    unreadable,
    without,
)
from tests.making import good_number

from jumun.channels.models import ChannelAccount
from jumun.channels.profile import Can
from jumun.connectors.naver.connector import NaverConnector
from jumun.core.clock import now
from jumun.core.errors import ChannelBusy
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import FARTHEST, LISTED, sync_account
from jumun.dispatch.tasks import sync_every_due
from jumun.orders.models import OrderItem


def queued():
    return [job.args["account_id"] for job in ProcrastinateJob.objects.filter(task_name="jumun:dispatch.sync")]


def run_the_clock():
    """As the queue does: for no company yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jumun.company', '', true)")
    sync_every_due()


def sync(desk):
    return sync_account(desk.company, desk.account)


def watch(monkeypatch):
    """The windows the channel's list is asked for."""
    return forget(monkeypatch, 4000 * DAY)


def put_synced(desk, moment):
    with acting_as(desk.company):
        ChannelAccount.objects.update(synced_until=moment)


def test_the_clock_syncs_accounts_with_the_switch_once_at_a_time(house, noon):
    ChannelAccount.objects.update(auto_collect=True)
    run_the_clock()
    run_the_clock()
    assert queued() == [house.account]


@pytest.mark.parametrize("changed", [{"auto_collect": False}, {"state": "reauth"}, {"state": "off"}])
def test_the_clock_leaves_the_others(house, changed):
    ChannelAccount.objects.update(**({"auto_collect": True} | changed))
    run_the_clock()
    assert queued() == []


def test_the_clock_leaves_a_channel_that_cannot(house, monkeypatch):
    change_profile(monkeypatch, can=without(Can.SYNC))
    ChannelAccount.objects.update(auto_collect=True)
    run_the_clock()
    assert queued() == []


def test_a_long_pause_is_made_good_in_slices_and_keeps_its_progress(desk):
    begun = now()
    put_synced(desk, begun - 3 * DAY)
    desk.mall.fault("last-changed-statuses", "error503", after=2)
    with pytest.raises(ChannelBusy):
        sync(desk)
    assert DAY < begun - account(desk).synced_until < DAY + HOUR
    sync(desk)
    assert account(desk).synced_until >= begun


def test_what_the_channel_no_longer_lists_is_read_line_by_line(desk, monkeypatch):
    """A confirmed order was cancelled while we were away for longer than the channel remembers."""
    desk.mall.orders(1, seed=1, lines=[1, 1], confirmed=1)
    collect(desk)
    (item,) = items(desk)
    desk.mall.event("cancel", line_no=item.line_no)
    put_synced(desk, now() - 8 * DAY)

    def changed(self, window, *, open_only=False):
        yield from ()

    with monkeypatch.context() as silent:
        silent.setattr(NaverConnector, "changed", changed)
        sync(desk)
    assert items(desk)[0].status == "preparing", "the control: a silent list says nothing of it"
    put_synced(desk, now() - 8 * DAY)
    forget(monkeypatch, 6 * DAY)
    sync(desk)
    assert items(desk)[0].status == "cancelled"


def test_where_the_list_goes_by_order_a_sync_reads_from_the_oldest_open_order(desk, monkeypatch):
    change_profile(monkeypatch, lists_changes=False)
    moment = (now() - 3 * DAY).isoformat()
    desk.mall.orders(1, seed=1, lines=[1, 1], ordered_from=moment, ordered_to=moment)
    collect(desk)
    put_synced(desk, now() - HOUR)
    asked = watch(monkeypatch)
    sync(desk)
    assert abs(asked[0].start - (now() - 3 * DAY)) < HOUR and len(asked) == 4
    with acting_as(desk.company):
        OrderItem.objects.update(ordered_at=now() - 2 * FARTHEST)
    for paused, back in ((HOUR, LISTED), (10 * DAY, LISTED + 10 * DAY), (2 * FARTHEST, FARTHEST)):
        asked.clear()
        put_synced(desk, now() - paused)
        sync(desk)
        assert timedelta(0) <= back - (now() - asked[0].start) + 2 * HOUR < 4 * HOUR, paused
    with acting_as(desk.company):
        OrderItem.objects.update(status="settled")
    asked.clear()
    sync(desk)
    assert asked == [], "nothing is open"


def test_a_line_a_sync_could_not_read_stands_on_the_list_until_it_can(desk, monkeypatch):
    desk.mall.orders(1, seed=1, lines=[1, 1], confirmed=1)
    collect(desk)
    (item,) = items(desk)
    desk.mall.event("ship", line_no=item.line_no, carrier="CJGLS", number=good_number(0))
    blurred = {item.line_no}
    unreadable(monkeypatch, blurred)
    sync(desk)
    assert [row.line_key for row in doubts(desk)] == [item.line_no]
    blurred.clear()
    put_synced(desk, now() - HOUR)
    sync(desk)
    assert doubts(desk) == [] and items(desk)[0].status == "in_transit"
