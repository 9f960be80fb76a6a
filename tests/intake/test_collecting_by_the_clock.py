"""Collections the clock starts, and another try of one that failed."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.making import open_house

from jumun.channels.actions import AccountFields, change_account
from jumun.channels.models import ChannelAccount
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import retry_job, start_sync
from jumun.intake.actions import collect_due, retry_collection, start_collection
from jumun.intake.tasks import collect_every_due
from jumun.jobs.actions import EntryRow, fail_part, record_entries
from jumun.jobs.models import EntryOutcome, Job


def queued(name="jumun:intake.collect"):
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("id")]


def fail(job, account, at):
    record_entries(job, [EntryRow(f"account:{account}", "스마트스토어", EntryOutcome.FAILED, "channel_busy")], at=at)
    fail_part(job, code="channel_busy", at=at)


def test_the_clock_collects_accounts_that_ask_for_it(house, noon):
    assert collect_due(at=noon) is None
    change_account(house.account, AccountFields(auto_collect=True))
    job = collect_due(at=noon)
    assert [row["account_id"] for row in queued()] == [house.account]
    assert Job.objects.get(id=job).by_id is None


@pytest.mark.parametrize("changed", [{"state": "reauth"}, {"state": "off"}, {"channel": "manual"}])
def test_the_clock_leaves_accounts_that_cannot_be_asked(house, noon, changed):
    ChannelAccount.objects.filter(id=house.account).update(auto_collect=True, **changed)
    assert collect_due(at=noon) is None


def test_the_clock_goes_from_company_to_company_and_starts_nothing_twice(db, noon):
    houses = [open_house(noon, slug) for slug in ("one", "two")]
    for house in houses:
        with acting_as(house.company):
            change_account(house.account, AccountFields(auto_collect=True))
    collect_every_due()
    collect_every_due()
    assert sorted(row["company_id"] for row in queued()) == sorted(house.company for house in houses)


def test_another_try_of_a_collection_keeps_its_period_and_its_choice(house, noon):
    start, end = noon - timedelta(days=3), noon - timedelta(days=2)
    first = start_collection([house.account], start=start, end=end, auto_confirm=True, by=house.owner, at=noon)
    fail(first, house.account, noon)
    second = retry_collection(first, by=house.owner, at=noon)
    before, again = queued()
    assert {**before, "job_id": second} == again
    assert again["confirm"] is True and again["start"] == start.isoformat() and again["end"] == end.isoformat()
    assert Job.objects.get(id=second).retry_of_id == first


def test_another_try_of_a_job_from_before_periods_were_kept(house, noon):
    first = start_collection([house.account], by=None, at=noon)
    fail(first, house.account, noon)
    Job.objects.filter(id=first).update(params={"accounts": [house.account]})
    retry_collection(first, by=None, at=noon)
    assert queued()[1]["start"] is None and queued()[1]["confirm"] is False


def test_another_try_of_a_sync_names_the_first(house, noon):
    first = start_sync([house.account], by=None, at=noon)
    fail(first, house.account, noon)
    second = retry_job(first, by=None, at=noon)
    assert Job.objects.get(id=second).retry_of_id == first
