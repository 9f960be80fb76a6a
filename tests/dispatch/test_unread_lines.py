"""What a collection could not read is named, asked for again, and nothing else waits for it (P1, I1)."""

from tests.dispatch.test_faults import collect, items
from tests.making import good_number

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import sync_account
from jumun.jobs.models import Job
from jumun.orders.models import OrderItem


def test_a_line_nobody_could_read_is_named_and_asked_for_again(desk):
    from datetime import timedelta as td

    from jumun.channels.models import ChannelAccount
    from jumun.intake.actions import start_collection
    from jumun.intake.tasks import collect as collect_task
    from jumun.jobs.models import JobEntry

    desk.mall.orders(1, lines=[1, 1])
    before = now() - td(hours=1)
    with acting_as(desk.company):
        ChannelAccount.objects.update(collected_until=before)
        job = start_collection([desk.account], by=None, at=now())
    desk.mall.fault("query", "unknown_enum", times=2)
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job)
    with acting_as(desk.company):
        assert JobEntry.objects.get(job_id=job, outcome="failed").code == "line_unreadable"
        assert Job.objects.get(id=job).status == "partly"
        assert ChannelAccount.objects.get().collected_until == before
        assert not OrderItem.objects.exists()
        job = start_collection([desk.account], by=None, at=now())
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job)
    with acting_as(desk.company):
        assert OrderItem.objects.count() == 1
        assert ChannelAccount.objects.get().collected_until > before


def test_a_line_read_at_the_second_asking_comes_in_at_once(desk):
    desk.mall.fault("query", "unknown_enum", times=1)
    assert len(collect(desk, count=1, lines=[1, 1])) == len(items(desk)) == 1


def test_confirming_that_goes_on_does_not_stop_the_next_collection(desk):
    from jumun.intake.actions import start_collection
    from jumun.intake.tasks import collect as collect_task

    desk.mall.orders(1, lines=[1, 1])
    with acting_as(desk.company):
        job = start_collection([desk.account], auto_confirm=True, by=None, at=now())
        assert start_collection([desk.account], by=None, at=now()) == job
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job, confirm=True)
    with acting_as(desk.company):
        assert Job.objects.get(id=job).status == "running"
        assert start_collection([desk.account], by=None, at=now()) != job


def test_a_sync_asks_again_for_what_it_could_not_read(desk):
    (line,) = collect(desk, count=1, lines=[1, 1], confirmed=1)
    desk.mall.event("ship", line_no=line, carrier="CJGLS", number=good_number(0))
    desk.mall.fault("query", "unknown_enum", times=1)
    sync_account(desk.company, desk.account)
    assert items(desk)[0].status == "in_transit"
