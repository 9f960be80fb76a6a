"""Jobs: how they count and how they end."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from jumun.core.errors import JumunError, NotFoundError
from jumun.jobs import actions, queries
from jumun.jobs.actions import EntryRow
from jumun.jobs.models import EntryOutcome, Family, Job

DONE, REFUSED, FAILED, UNKNOWN = EntryOutcome.DONE, EntryOutcome.REFUSED, EntryOutcome.FAILED, EntryOutcome.UNKNOWN

Open = Callable[..., int]


@pytest.fixture
def open_one(company: int, noon: datetime) -> Open:
    """Opens a job of the company."""

    def made(parts: int = 1, kind: str = "transmit", family: Family = Family.MALL, **params: object) -> int:
        return actions.open_job(
            company_id=company, kind=kind, family=family, parts=parts, total=3, params=params, by=None, at=noon
        )

    return made


def test_job_goes_from_queued_over_running_to_done(open_one: Open, noon: datetime) -> None:
    job = open_one()
    assert queries.get_job(job).status == "queued"
    actions.start_job(job, at=noon)
    actions.start_job(job, at=noon + timedelta(minutes=1))
    actions.record_entries(job, [EntryRow("item:1", "2026-1", DONE), EntryRow("item:2", "2026-2", DONE)], at=noon)
    actions.finish_part(job, at=noon + timedelta(minutes=2))
    ended = queries.get_job(job)
    assert (ended.status, ended.done, ended.total, ended.parts_open) == ("done", 2, 3, 0)
    assert (ended.started_at, ended.finished_at) == (noon, noon + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([], "done"),
        ([DONE, DONE], "done"),
        ([DONE, REFUSED], "partly"),
        ([DONE, UNKNOWN], "partly"),
        ([REFUSED, FAILED], "failed"),
        ([UNKNOWN], "failed"),
    ],
)
def test_end_is_read_from_the_entries(
    open_one: Open, noon: datetime, outcomes: list[EntryOutcome], status: str
) -> None:
    job = open_one()
    rows = [EntryRow(f"item:{n}", "", outcome) for n, outcome in enumerate(outcomes)]
    actions.record_entries(job, rows, at=noon)
    actions.finish_part(job, at=noon)
    assert queries.get_job(job).status == status


def test_target_told_of_again_counts_once_and_the_latest_word_stands(open_one: Open, noon: datetime) -> None:
    job = open_one()
    actions.record_entries(job, [EntryRow("item:1", "a", UNKNOWN), EntryRow("item:2", "b", FAILED, "x", "y")], at=noon)
    assert queries.get_job(job).done == 1
    actions.record_entries(
        job, [EntryRow("item:1", "a", UNKNOWN), EntryRow("item:2", "b", DONE), EntryRow("item:1", "a", DONE)], at=noon
    )
    assert queries.get_job(job).done == 2
    actions.record_entries(job, [EntryRow("item:2", "b", UNKNOWN)], at=noon)
    assert queries.get_job(job).done == 1
    kept = [(entry.target, entry.outcome, entry.code) for entry in queries.list_entries(job).items]
    assert kept == [("item:1", "done", ""), ("item:2", "unknown", "")]


def test_entry_settled_after_the_end_corrects_it(open_one: Open, noon: datetime) -> None:
    job = open_one()
    actions.record_entries(job, [EntryRow("item:1", "", DONE), EntryRow("item:2", "", UNKNOWN)], at=noon)
    actions.finish_part(job, at=noon)
    assert queries.get_job(job).status == "partly"
    actions.record_entries(job, [EntryRow("item:2", "", DONE)], at=noon + timedelta(minutes=5))
    settled = queries.get_job(job)
    assert (settled.status, settled.done, settled.finished_at) == ("done", 2, noon)


def test_failed_part_spoils_the_end_and_keeps_the_first_reason(open_one: Open, noon: datetime) -> None:
    job = open_one(parts=3)
    actions.record_entries(job, [EntryRow("item:1", "", DONE)], at=noon)
    actions.fail_part(job, code="bad_credentials", at=noon)
    actions.fail_part(job, code="server_error", at=noon)
    assert queries.get_job(job).status == "running"
    actions.finish_part(job, at=noon)
    ended = queries.get_job(job)
    assert (ended.status, ended.reason) == ("partly", "bad_credentials")


def test_part_closed_twice_by_one_task_counts_once(open_one: Open, noon: datetime) -> None:
    job = open_one(parts=2)
    token = actions.running_part.set(77)
    try:
        actions.finish_part(job, at=noon)
        actions.finish_part(job, at=noon)
        actions.fail_part(job, code="server_error", at=noon)
    finally:
        actions.running_part.reset(token)
    held = queries.get_job(job)
    assert (held.status, held.parts_open, held.reason) == ("running", 1, "")


def test_parts_never_go_below_none(open_one: Open, noon: datetime) -> None:
    job = open_one()
    actions.finish_part(job, at=noon)
    actions.finish_part(job, at=noon)
    assert queries.get_job(job).parts_open == 0


def test_parts_added_after_the_end_open_the_job_again(open_one: Open, noon: datetime) -> None:
    job = open_one()
    actions.finish_part(job, at=noon)
    actions.add_parts(job, 2)
    actions.add_total(job, 4)
    again = queries.get_job(job)
    assert (again.status, again.parts_open, again.total, again.finished_at) == ("running", 2, 7, None)


def test_entries_do_not_end_a_job_that_still_waits_for_its_parts(open_one: Open, noon: datetime) -> None:
    job = open_one(parts=0)
    actions.start_job(job, at=noon)
    actions.record_entries(job, [EntryRow("account:1", "", REFUSED)], at=noon)
    assert queries.get_job(job).status == "running"


def test_recording_takes_three_statements_however_many_rows(
    open_one: Open, noon: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    job = open_one()
    with django_assert_num_queries(3):
        actions.record_entries(job, [EntryRow(f"item:{n}", str(n), DONE) for n in range(2000)], at=noon)
    assert queries.get_job(job).done == 2000


def test_unknown_job_is_named(company: int, noon: datetime) -> None:
    assert company
    for call in (
        lambda: queries.get_job(987654),
        lambda: actions.add_parts(987654, 1),
        lambda: actions.add_total(987654, 1),
        lambda: actions.finish_part(987654, at=noon),
        lambda: actions.record_entries(987654, [EntryRow("item:1", "", DONE)], at=noon),
    ):
        with pytest.raises(NotFoundError):
            call()


def test_running_job_of_an_account_is_found(open_one: Open, noon: datetime) -> None:
    ended, running = open_one(kind="collect", accounts=[3]), open_one(kind="collect", accounts=[3, 4])
    actions.finish_part(ended, at=noon)
    open_one(kind="sync", accounts=[5])
    assert queries.find_running("collect", 4) == running
    assert queries.find_running("collect", 3) == running
    assert queries.find_running("collect", 5) is None
    actions.finish_part(running, at=noon)
    assert queries.find_running("collect", 3) is None


def test_lists_are_paged_to_the_end(open_one: Open, noon: datetime) -> None:
    made = [open_one() for _ in range(5)]
    sheet = open_one(family=Family.SHEET)
    first = queries.list_jobs(Family.MALL, None, 2)
    second = queries.list_jobs(Family.MALL, first.next_cursor, 2)
    third = queries.list_jobs(Family.MALL, second.next_cursor, 2)
    seen = [job.id for page in (first, second, third) for job in page.items]
    assert (seen, third.next_cursor) == (made[::-1], None)
    assert queries.list_jobs(None).items[0].id == sheet
    rows = [EntryRow(f"item:{n}", "", DONE) for n in range(3)]
    actions.record_entries(sheet, rows, at=noon)
    page = queries.list_entries(sheet, None, 2)
    rest = queries.list_entries(sheet, page.next_cursor, 2)
    assert [entry.target for entry in (*page.items, *rest.items)] == ["item:0", "item:1", "item:2"]
    with pytest.raises(JumunError, match="cursor"):
        queries.list_jobs(None, "x")


def test_another_company_sees_nothing(open_one: Open) -> None:
    job = open_one()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jumun.company', '999999', true)")
    assert not Job.objects.filter(id=job).exists()
