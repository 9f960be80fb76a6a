"""What a collection lets in, where it lands, how far back the first one goes (P2, P3, P6–P8, P13, C2–C5)."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.intake.collected import (
    DAY,
    HOUR,
    account,
    as_job,
    change_profile,
    collect,
    doubts,
    items,
    lines,
    put_watermark,
    without,
)

from jumun.channels.profile import Can
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.tenancy import acting_as
from jumun.dispatch.pushing import push_account
from jumun.intake.actions import OLDEST, start_collection


def aged(desk, **back):
    """One order so long ago; answers its line."""
    moment = (now() - timedelta(**back)).isoformat()
    seed = int(timedelta(**back).total_seconds())
    (order,) = desk.mall.orders(1, seed=seed, lines=[1, 1], ordered_from=moment, ordered_to=moment)
    return order["lines"][0]


def stages(desk):
    return {item.line_no: item.status for item in items(desk)}


def every_line(made):
    return sorted(line for order in made for line in order["lines"])


@pytest.mark.parametrize("share", ["dispatched", "cancelled", "unpaid"])
def test_p2_p3_sent_cancelled_and_unpaid_orders_do_not_come_in(desk, share):
    open_ones = every_line(desk.mall.orders(2, seed=1))
    desk.mall.orders(2, seed=2, **{share: 1})
    done = collect(desk)
    assert lines(desk) == open_ones and done.unread == ()


def test_p6_p7_where_an_order_lands_depends_on_its_confirmation(desk):
    new = every_line(desk.mall.orders(2, seed=1))
    confirmed = every_line(desk.mall.orders(2, seed=2, confirmed=1))
    collect(desk)
    assert stages(desk) == dict.fromkeys(new, "paid") | dict.fromkeys(confirmed, "preparing")


def test_p13_auto_confirm_confirms_in_the_same_job_and_lands_in_preparing(desk):
    made = every_line(desk.mall.orders(2, seed=1))
    job = as_job(desk, auto_confirm=True)
    push_account(desk.company, desk.account)
    assert stages(desk) == dict.fromkeys(made, "preparing")
    assert sorted(effect["line_no"] for effect in desk.mall.effects("confirm")) == made
    with acting_as(desk.company):
        job.refresh_from_db()
        push = ProcrastinateJob.objects.get(task_name="jumun:dispatch.push")
    assert push.args["job_id"] == job.id


@pytest.mark.parametrize("confirm", [False, True])
def test_p8_a_channel_that_allows_nothing_unconfirmed(desk, monkeypatch, confirm):
    """Confirm there first, or collect with auto-confirm; otherwise they are not collected, but not forgotten either."""
    change_profile(monkeypatch, can=without(Can.COLLECT_UNCONFIRMED))
    new = every_line(desk.mall.orders(2, seed=1))
    confirmed = every_line(desk.mall.orders(1, seed=2, confirmed=1))
    if confirm:
        as_job(desk, auto_confirm=True)
        assert lines(desk) == sorted(new + confirmed) and doubts(desk) == []
        return
    done = collect(desk)
    assert lines(desk) == confirmed and done.waiting == len(new) and done.unread == ()
    assert sorted((row.line_key, row.why) for row in doubts(desk)) == [(line, "unconfirmed") for line in new]
    for line in new:
        desk.mall.event("confirm", line_no=line)
    put_watermark(desk, now() + HOUR)  # as where a list goes by the time of the order: the change is not listed
    collect(desk)
    assert stages(desk) == dict.fromkeys(sorted(new + confirmed), "preparing") and doubts(desk) == []


def test_p8_auto_confirm_does_not_help_where_there_is_no_call_for_it(desk, monkeypatch):
    change_profile(monkeypatch, can=without(Can.COLLECT_UNCONFIRMED) - {Can.CONFIRM})
    desk.mall.orders(1, seed=1)
    assert collect(desk, confirm=True).new == 0 and doubts(desk)


def test_p8_a_line_cancelled_while_it_waits_is_no_question_any_more(desk, monkeypatch):
    change_profile(monkeypatch, can=without(Can.COLLECT_UNCONFIRMED))
    (line,) = every_line(desk.mall.orders(1, seed=1, lines=[1, 1]))
    collect(desk)
    desk.mall.event("cancel", line_no=line)
    collect(desk)
    assert doubts(desk) == [] and lines(desk) == []


def test_c2_the_first_collection_goes_back_a_week(desk):
    inside, outside = aged(desk, days=6, hours=20), aged(desk, days=7, hours=4)
    collect(desk)
    assert lines(desk) == [inside] and outside not in lines(desk)


def test_c2_c3_the_first_collection_goes_back_as_far_as_was_said_and_later_ones_go_on(desk):
    inside, outside = aged(desk, hours=11), aged(desk, hours=13)
    as_job(desk, first=now() - 12 * HOUR)
    assert lines(desk) == [inside]
    assert now() - account(desk).collected_until < HOUR
    late = aged(desk, minutes=1)
    as_job(desk, first=now() - 12 * HOUR)
    assert lines(desk) == sorted([inside, late])
    with acting_as(desk.company):
        later = ProcrastinateJob.objects.filter(task_name="jumun:intake.collect").latest("id")
    assert later.args["start"] is None, "the account was collected before"
    as_job(desk, start=now() - DAY)
    assert lines(desk) == sorted([inside, outside, late])


def test_c3_a_period_without_an_end_is_a_first_collection_too(desk):
    """REST: `from` alone on an account without a watermark."""
    as_job(desk, start=now() - 12 * HOUR)
    assert now() - account(desk).collected_until < HOUR


def test_a_period_that_joins_on_to_the_watermark_moves_it_and_no_other_does(desk):
    mark = now() - DAY
    for start, end, moves in (
        (now() - 3 * HOUR, None, False),
        (now() - 2 * DAY, now() - HOUR, False),
        (now() - 2 * DAY, None, True),
    ):
        put_watermark(desk, mark)
        collect(desk, start=start, end=end)
        assert (account(desk).collected_until > mark) is moves, (start, end)


def test_how_far_back_has_an_end(desk):
    with acting_as(desk.company):
        for asked in ({"start": now() - OLDEST - DAY}, {"first": now() - OLDEST - DAY}, {"first": now() + DAY}):
            with pytest.raises(JumunError):
                start_collection([desk.account], by=None, at=now(), **asked)
