"""After a long outage: back-filled in legal slices; what is too old is a row the owner must close (R16)."""

from datetime import timedelta

import pytest
from tests.intake.collected import (
    DAY,
    HOUR,
    account,
    as_job,
    change_profile,
    collect,
    entries,
    forget,
    gaps,
    lines,
    put_watermark,
)

from jumun.core.clock import now
from jumun.core.errors import ChannelError, ConflictError, JumunError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.intake.actions import close_gap, retry_collection
from jumun.intake.collecting import EDGE
from jumun.intake.queries import count_doubts


def orders_each_day(desk, days):
    """One order for each of the last so many days, oldest first; answers their lines."""
    made = []
    for back in range(days, 0, -1):
        moment = (now() - back * DAY + HOUR).isoformat()
        (order,) = desk.mall.orders(1, seed=back, lines=[1, 1], ordered_from=moment, ordered_to=moment)
        made += order["lines"]
    return made


@pytest.fixture
def outage(desk):
    """The collector was down for eight days; the channel answers for six."""
    made = orders_each_day(desk, 8)
    put_watermark(desk, now() - 8 * DAY)
    return made


def down(desk, made):
    """What came in, and the gap, for an outage of eight days with a history of six."""
    assert lines(desk) == sorted(made[2:])
    (gap,) = gaps(desk)
    assert abs(gap.start - (now() - 8 * DAY)) < HOUR
    assert abs(gap.end - (now() - 6 * DAY)) < EDGE + timedelta(minutes=2)
    assert now() - account(desk).collected_until < HOUR
    return gap


def test_r16_a_long_outage_is_read_in_legal_slices(desk, outage, monkeypatch):
    asked = forget(monkeypatch, 400 * DAY)
    collect(desk)
    assert len(asked) == 9 and all(window.end - window.start <= DAY for window in asked)
    assert all(one.end == two.start for one, two in zip(asked, asked[1:], strict=False))
    assert lines(desk) == sorted(outage) and gaps(desk) == []


def test_r16_a_window_the_channel_refuses_becomes_a_gap(desk, outage):
    desk.mall.post("settings", **{"naver.history_days": 6})
    job = as_job(desk)
    gap = down(desk, outage)
    told = entries(desk, job)
    assert job.status == "partly" and told["account"].outcome == "done"
    assert (told["gap"].code, gap.opened_job) == ("window_too_old", job.id)
    with acting_as(desk.company):
        assert count_doubts() == 1
    assert collect(desk).missed == () and len(gaps(desk)) == 1


def test_r16_a_known_history_is_not_asked_beyond(desk, outage, monkeypatch):
    change_profile(monkeypatch, history=6 * DAY)
    asked = forget(monkeypatch, 6 * DAY)
    collect(desk)
    down(desk, outage)
    assert asked[0].start > now() - 6 * DAY


def test_r16_only_the_slice_with_the_edge_is_searched(desk, outage, monkeypatch):
    asked = forget(monkeypatch, 6 * DAY)
    collect(desk)
    down(desk, outage)
    assert len(asked) < 9 + 8


def test_r16_the_same_stretch_missed_again_stays_one_row(desk, outage):
    desk.mall.post("settings", **{"naver.history_days": 6})
    collect(desk)
    for back in (8, 7):
        put_watermark(desk, now() - back * DAY)
        collect(desk)
    collect(desk, start=now() - 9 * DAY)
    (gap,) = gaps(desk)
    assert abs(gap.start - (now() - 9 * DAY)) < HOUR


def test_r16_a_gap_that_is_collected_after_all_closes_by_itself(desk, outage):
    desk.mall.post("settings", **{"naver.history_days": 6})
    collect(desk)
    (gap,) = gaps(desk)
    desk.mall.post("settings", **{"naver.history_days": 0})
    collect(desk, start=gap.start + HOUR, end=gap.end)
    assert len(gaps(desk)) == 1, "not all of it was read"
    collect(desk, start=gap.start, end=gap.end)
    assert gaps(desk) == []
    (closed,) = gaps(desk, closed=True)
    assert (closed.closed_by_id, closed.reason) == (None, "")
    assert lines(desk) == sorted(outage)


def test_r16_a_period_that_is_all_too_old_is_a_gap_and_tried_again(desk):
    desk.mall.post("settings", **{"naver.history_days": 6})
    before = now() - HOUR
    put_watermark(desk, before)
    job = as_job(desk, start=now() - 9 * DAY, end=now() - 8 * DAY)
    (gap,) = gaps(desk)
    assert abs(gap.end - gap.start - DAY) < timedelta(seconds=2)
    assert account(desk).collected_until == before
    with acting_as(desk.company):
        assert retry_collection(job.id, by=desk.owner, at=now()) != job.id


def test_r16_a_channel_that_refuses_this_very_moment_is_not_believed(desk, monkeypatch):
    """Then it is about something else: nothing is passed over, the watermark stays."""
    before = now() - 3 * DAY
    put_watermark(desk, before)
    forget(monkeypatch, -DAY)
    with pytest.raises(ChannelError, match="period"):
        collect(desk)
    assert gaps(desk) == [] and account(desk).collected_until == before


def test_r16_the_owner_closes_a_gap_with_a_reason(desk, outage):
    desk.mall.post("settings", **{"naver.history_days": 6})
    collect(desk)
    (gap,) = gaps(desk)
    with acting_as(desk.company):
        with pytest.raises(JumunError, match="reason"):
            close_gap(desk.account, gap.id, reason="  ", by=desk.owner, at=now())
        with pytest.raises(NotFoundError):
            close_gap(desk.account + 1, gap.id, reason="x", by=desk.owner, at=now())
        close_gap(desk.account, gap.id, reason=" 판매자센터에서 확인함 ", by=desk.owner, at=now())
        with pytest.raises(ConflictError):
            close_gap(desk.account, gap.id, reason="again", by=desk.owner, at=now())
        assert count_doubts() == 0
    (closed,) = gaps(desk, closed=True)
    assert (closed.reason, closed.closed_by_id) == ("판매자센터에서 확인함", desk.owner)
    collect(desk, start=gap.start, end=gap.end)
    assert gaps(desk) == [], "what the owner let go does not come back"
