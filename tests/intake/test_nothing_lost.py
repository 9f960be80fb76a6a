"""Nothing lost, nothing twice, whatever the paging does; watermarks only over what was read (R14, R15, R17, R18)."""

from datetime import timedelta

import pytest
from tests.intake.collected import (
    DAY,
    HOUR,
    account,
    as_job,
    between_pages,
    collect,
    digest,
    doubts,
    entries,
    items,
    lines,
    put_watermark,
    unreadable,
)

from jumun.core.clock import now
from jumun.core.errors import ChannelBusy, ChannelError
from jumun.core.tenancy import acting_as
from jumun.intake.actions import start_reread
from jumun.intake.models import UnreadLine
from jumun.intake.tasks import reread


def every_line(made):
    return sorted(line for order in made for line in order["lines"])


def test_r14_the_same_window_twice_brings_nothing_new(desk):
    made = desk.mall.orders(5, confirmed=0.5)
    start, end = now() - HOUR, now()
    first = collect(desk, start=start, end=end)
    before = digest(desk)
    again = collect(desk, start=start, end=end)
    assert first.new == len(lines(desk)) and lines(desk) == every_line(made)
    assert (again.read, again.new, again.moved) == (first.read, 0, 0)
    assert digest(desk) == before


def test_r14_overlapping_windows_bring_nothing_new(desk):
    made = desk.mall.orders(4)
    collect(desk)
    before = digest(desk)
    for back in (HOUR, 3 * HOUR, 2 * DAY):
        assert collect(desk, start=now() - back).new == 0
    assert collect(desk).new == 0
    assert digest(desk) == before and lines(desk) == every_line(made)


@pytest.mark.parametrize("size", [1, 2, 300])
def test_r15_orders_that_come_between_pages_are_not_missed(desk, monkeypatch, size):
    """The list shifts while it is read: what comes late is within the next window, overlapped."""
    desk.mall.post("settings", **{"naver.page": size})
    made = desk.mall.orders(3, lines=[2, 2])

    def more(_place):
        made.extend(desk.mall.orders(1, seed=100 + len(made)))

    between_pages(monkeypatch, more, times=3)
    for _ in range(4):
        collect(desk)
    assert len(made) == 6
    assert lines(desk) == every_line(made)


def test_r15_a_line_that_changes_between_pages_leaves_its_place_and_is_found_again(desk, monkeypatch):
    desk.mall.post("settings", **{"naver.page": 1})
    made = desk.mall.orders(3, lines=[1, 1])
    last = every_line(made)[-1]

    def confirm(place):
        if place == 0:
            desk.mall.event("confirm", line_no=last)

    between_pages(monkeypatch, confirm)
    collect(desk)
    collect(desk)
    assert lines(desk) == every_line(made)
    assert {item.line_no: item.status for item in items(desk)}[last] == "preparing"


@pytest.mark.parametrize("fault", ["truncated_json", "html200", "big_body"])
def test_r17_a_body_nobody_can_read_moves_no_watermark(desk, fault):
    made = desk.mall.orders(2)
    collect(desk, end=now() - DAY, start=now() - 2 * DAY)
    before = now() - HOUR
    put_watermark(desk, before)
    desk.mall.fault("last-changed-statuses", fault, megabytes=21)
    with pytest.raises(ChannelError):
        collect(desk)
    assert account(desk).collected_until == before
    assert lines(desk) == []
    collect(desk)
    assert lines(desk) == every_line(made) and account(desk).collected_until > before


def test_r17_a_slice_that_was_read_is_not_asked_for_again(desk):
    """Three slices, the last one breaks off: the watermark stands at the end of the second."""
    begun = now()
    put_watermark(desk, begun - 2 * DAY - HOUR)
    desk.mall.fault("last-changed-statuses", "error503", after=2)
    with pytest.raises(ChannelBusy):
        collect(desk)
    reached = account(desk).collected_until
    assert timedelta(0) < begun - reached < 2 * HOUR


def test_r18_a_line_nobody_can_read_stands_on_a_list_and_stops_nobody(desk, monkeypatch):
    made = desk.mall.orders(3, lines=[1, 1])
    odd, *others = every_line(made)
    put_watermark(desk, now() - HOUR)
    blurred = {odd}
    unreadable(monkeypatch, blurred)
    job = as_job(desk)
    assert lines(desk) == others
    assert (job.status, entries(desk, job)["line"].code) == ("partly", "line_unreadable")
    (kept,) = doubts(desk)
    assert (kept.line_key, kept.stage_raw, kept.why, kept.times) == (odd, "SOMETHING_NEW", "unreadable", 2)
    as_job(desk)
    (kept,) = doubts(desk)
    assert kept.times == 4
    blurred.clear()
    collect(desk)
    assert lines(desk) == every_line(made)
    assert doubts(desk) == []
    with acting_as(desk.company):
        assert UnreadLine.objects.count() == 1


def test_r18_it_is_asked_for_for_a_day_though_the_watermark_moved_on(desk, monkeypatch):
    """The first collection waits for nobody; every later one asks for the line by name."""
    (odd,) = every_line(desk.mall.orders(1, lines=[1, 1]))
    blurred = {odd}
    unreadable(monkeypatch, blurred)
    collect(desk)
    put_watermark(desk, now() + HOUR)  # nothing is listed any more
    blurred.clear()
    assert collect(desk).new == 1
    assert lines(desk) == [odd] and doubts(desk) == []


def test_reading_again_brings_in_what_collections_gave_up(desk, monkeypatch):
    (odd,) = every_line(desk.mall.orders(1, lines=[1, 1]))
    blurred = {odd}
    unreadable(monkeypatch, blurred)
    collect(desk)
    with acting_as(desk.company):
        UnreadLine.objects.update(first_seen=now() - 2 * DAY)
    put_watermark(desk, now() + HOUR)
    blurred.clear()
    assert collect(desk).new == 0
    with acting_as(desk.company):
        job = start_reread(by=desk.owner, at=now())
        assert start_reread(by=desk.owner, at=now()) == job
    reread(company_id=desk.company, account_id=desk.account, job_id=job)
    assert lines(desk) == [odd] and doubts(desk) == []


def test_reading_again_says_which_are_still_out(desk, monkeypatch):
    from jumun.jobs.models import Job

    (odd,) = every_line(desk.mall.orders(1, lines=[1, 1]))
    unreadable(monkeypatch, {odd})
    collect(desk)
    with acting_as(desk.company):
        job = start_reread(by=desk.owner, at=now())
    reread(company_id=desk.company, account_id=desk.account, job_id=job)
    with acting_as(desk.company):
        told = Job.objects.get(id=job)
    assert told.status == "partly" and entries(desk, told)["line"].label.endswith(odd)


def test_a_line_that_is_made_out_and_may_not_enter_comes_off_the_list(desk, monkeypatch):
    """Cancelled before it was ever collected: P3, and no question is left."""
    (odd,) = every_line(desk.mall.orders(1, lines=[1, 1], cancelled=1))
    blurred = {odd}
    unreadable(monkeypatch, blurred)
    collect(desk)
    assert [row.line_key for row in doubts(desk)] == [odd]
    blurred.clear()
    collect(desk)
    assert lines(desk) == [] and doubts(desk) == []
