"""다시 시도 of a sheet of orders that broke off (Q17–Q36): it goes on by a new job, and loses nothing."""

import pytest
from tests.intake.uploaded import row, upload, write

from jumun.core.errors import JumunError
from jumun.intake import sheet_upload, tasks
from jumun.intake.models import SheetUpload
from jumun.intake.sheet_again import retry_sheet
from jumun.intake.sheet_upload import start_commit
from jumun.jobs.models import Job
from jumun.jobs.queue import close_failed_part
from jumun.orders.models import OrderItem


@pytest.fixture
def queued(monkeypatch):
    """What is put on the queue, with its task's name; nothing is done at once."""
    asked = []
    monkeypatch.setattr(sheet_upload.queue, "defer_by_name", lambda name, **more: asked.append((name, more)))
    return asked


def run(asked):
    """What a worker does with it."""
    name, args = asked
    task = {"intake.read_sheet": tasks.read_sheet, "intake.commit_sheet": tasks.commit_sheet}[name]
    task(**{each: value for each, value in args.items() if each != "lock"})


def retry(house, job):
    return retry_sheet(job, by=house.owner, at=house.at)


def test_a_commit_that_broke_off_goes_on(house, tmp_path, queued):
    made = upload(house, write(tmp_path, [row("A", "a"), row("B", "b")]))
    job = start_commit(made, by=house.owner, at=house.at)
    with pytest.raises(JumunError, match="nothing"):  # it runs
        retry(house, job)
    close_failed_part(queued[-1][1], at=house.at)
    again = retry(house, job)
    run(queued[-1])
    assert OrderItem.objects.count() == 2
    assert (Job.objects.get(id=again).status, Job.objects.get(id=again).retry_of_id) == ("done", job)
    for each in (job, again):  # it is through
        with pytest.raises(JumunError, match="nothing"):
            retry(house, each)


def test_a_reading_that_broke_off_begins_anew(house, tmp_path, queued, monkeypatch):
    monkeypatch.setattr(sheet_upload, "AT_ONCE", 0)
    made = upload(house, write(tmp_path, [row("A", "a")]))
    close_failed_part(queued[-1][1], at=house.at)
    job = SheetUpload.objects.get(id=made).job_id
    again = retry(house, job)
    run(queued[-1])
    found = SheetUpload.objects.get(id=made)
    assert (found.state, found.rows, found.code, found.job_id) == ("ready", 1, "", again)
    assert Job.objects.get(id=again).status == "done"
    with pytest.raises(JumunError, match="nothing"):
        retry(house, again)
