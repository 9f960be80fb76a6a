"""The mall's own sheet back, with real workers killed at named places (P31 without an API)."""

import signal
from pathlib import Path

import pytest

from jumun.channels.models import ChannelAccount
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import transmit
from jumun.dispatch.mall_sheet_queries import list_sheets
from jumun.dispatch.models import Effect, MallSheet
from jumun.jobs.queries import get_job
from jumun.orders.models import OrderItem
from jumun.sheets.reading import open_book
from tests.dispatch.test_faults import SHIPPED, shipped
from tests.stories.running import wait_for


def job_of(desk, job_id):
    with acting_as(desk.company):
        job = get_job(job_id)
    return job if job.status in ("done", "partly", "failed") else None


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("place", ["mall_sheet_begun", "mall_sheet_kept"])
def test_a_killed_worker_leaves_one_sheet_and_moves_nothing_before_it_is_made(desk, running, place, tmp_path):
    """P31, R01: killed before the file was written, and after it was kept but before anybody could know."""
    lines = shipped(desk)
    folder = Path(running.env["JUMUN_DATA"]) / "files"
    before = files_in(folder)
    with acting_as(desk.company):
        ChannelAccount.objects.filter(id=desk.account).update(by_sheet=True)
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    once = tmp_path / "crashed"
    victim = running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    with acting_as(desk.company):
        assert set(OrderItem.objects.values_list("status", "push")) == {("shipped", "sending")}
        assert not MallSheet.objects.exclude(made_at=None).exists()
    running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert wait_for(lambda: job_of(desk, job), 60).status == "done"
    with acting_as(desk.company):
        assert set(OrderItem.objects.values_list("status", "push")) == {("in_transit", "confirmed")}
        assert set(Effect.objects.values_list("state", "code", "attempt")) == {("confirmed", "told_by_sheet", 1)}
        [sheet] = list_sheets(job)
        row = MallSheet.objects.get(job_id=sheet.job)
        assert get_job(sheet.job).status == "done"
    assert files_in(folder) - before == {row.file}
    with open_book(folder / row.file) as book:
        rows = list(book.rows(book.sheets[0].name))
    assert {line[0] for line in rows[1:]} == set(lines)
    assert len(rows) == len(lines) + 1
    assert not desk.mall.effects("dispatch")
