"""A big list as a sheet: the browser may close, the worker may be killed; one file comes of it (X10)."""

import csv
import io
import signal
from pathlib import Path

import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.exports.models import Export
from jumun.jobs.queries import get_job
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import count_items
from tests.exports.making import ask_export
from tests.making import make_line
from tests.stories.running import wait_for


def job_of(desk, job_id):
    with acting_as(desk.company):
        job = get_job(job_id)
    return job if job.status in ("done", "partly", "failed") else None


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def store(desk, count):
    from jumun.intake.storing import store_lines

    at = now()
    with acting_as(desk.company):
        store_lines(desk.account, [make_line(f"N{n:06}", f"L{n}", at) for n in range(count)], by=None, at=at)


@pytest.mark.parametrize("place", ["export_written", "export_kept"])
def test_a_killed_export_starts_again_and_leaves_one_file(desk, running, place, tmp_path):
    """X10: killed before the file was kept, and after it was but before anybody could know."""
    store(desk, 300)
    folder = Path(running.env["JUMUN_DATA"]) / "files"
    before = files_in(folder)
    with acting_as(desk.company):
        made = ask_export(desk, now(), kind="csv", password="")
        wanted = count_items(ItemFilter())
    once = tmp_path / "crashed"
    victim = running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    store(desk, 320)  # what came after the click is not in it
    running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    ended = wait_for(lambda: job_of(desk, made.job_id), 60)
    assert (ended.status, ended.done, ended.total) == ("done", 300, 300)
    with acting_as(desk.company):
        row = Export.objects.get(id=made.id)
    assert (row.state, row.rows, wanted) == ("ready", 300, 300)
    assert files_in(folder) - before == {row.file}
    read = list(csv.reader(io.StringIO((folder / row.file).read_text("utf-8-sig"))))
    assert len(read) == 301
    assert len({line[0] for line in read[1:]}) == 300
    left = (Path(running.env["JUMUN_DATA"]) / "half-written").iterdir()
    assert not any(each.is_dir() for each in left)  # nor what was half written
