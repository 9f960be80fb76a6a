"""Queue entry points of dispatch. Each is one call, safe to run twice."""

from datetime import datetime, timedelta

from django.db import connection

from jumun.channels.account_jobs import account_entry
from jumun.channels.actions import note_state
from jumun.channels.patience import final_code, next_try, settle_delays
from jumun.channels.profile import Can
from jumun.channels.queries import list_accounts, list_auto_collected
from jumun.channels.registry import find_profile
from jumun.companies.queries import list_company_ids
from jumun.core.clock import now
from jumun.core.database_away import DATABASE_AWAY
from jumun.core.errors import ChannelError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import enqueue_push, start_sync
from jumun.dispatch.landing import tell_open
from jumun.dispatch.mall_sheet_jobs import enqueue_left_behind
from jumun.dispatch.mall_sheets import make_sheet
from jumun.dispatch.pushing import Pushed, push_account
from jumun.dispatch.syncing import sync_account
from jumun.dispatch.waybill_sheets import commit_rows, give_up
from jumun.jobs import queue
from jumun.jobs.actions import fail_part, finish_part, record_entries, start_job
from jumun.jobs.models import EntryOutcome


@queue.task(name="dispatch.push", queue=queue.MALL)
def push(
    *, company_id: int, account_id: int, job_id: int | None = None, tries: int = 0, **_from_newer_code: object
) -> None:
    """Tell one account's channel what is planned; come back while something of it is open.

    After as many fruitless returns as there are delays the job is closed with what is known; the clock goes on looking.
    """
    pushed = push_account(company_id, account_id)
    tries = 0 if pushed.moved else tries
    with acting_as(company_id):
        if pushed.again_at and tries < len(settle_delays()):
            _come_back(company_id, account_id, job_id, pushed, tries)
        elif job_id is not None and pushed.failed_code:
            fail_part(job_id, code=pushed.failed_code, at=now())
        elif job_id is not None:
            tell_open(job_id, account_id, at=now())
            finish_part(job_id, at=now())


def _come_back(company_id: int, account_id: int, job_id: int | None, pushed: Pushed, tries: int) -> None:
    soonest = now() + timedelta(seconds=settle_delays()[min(tries, len(settle_delays()) - 1)])
    at: datetime = max(pushed.again_at or soonest, soonest)
    enqueue_push(company_id=company_id, account_id=account_id, job_id=job_id, tries=tries + 1, start=at)


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="dispatch.look_again", queue=queue.HOUSE)
def look_again(**_from_newer_code: object) -> None:
    """Go on with effects nobody is at: unknown ones whose time has come, planned ones left behind (I6)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM jumun_companies()")
        companies = [row[0] for row in cursor.fetchall()]
    for company_id in companies:
        with acting_as(company_id), connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT account_id FROM dispatch_effect WHERE (state = 'unknown' AND next_look_at <= now())"
                " OR (state IN ('planned', 'sending') AND NOT by_sheet AND planned_at < now() - interval '10 minutes')"
            )
            for (account_id,) in cursor.fetchall():
                enqueue_push(company_id=company_id, account_id=account_id, job_id=None, once=f"look again:{account_id}")
            enqueue_left_behind(at=now())


@queue.task(name="dispatch.mall_sheet", queue=queue.MALL)
def mall_sheet(*, company_id: int, sheet_id: int, **_from_newer_code: object) -> None:
    """Make one mall's bulk-dispatch sheet; its items leave when it was made."""
    make_sheet(company_id, sheet_id, at=now())


@queue.task(name="dispatch.sync", queue=queue.MALL)
def sync(*, company_id: int, account_id: int, job_id: int, tries: int = 0, **_from_newer_code: object) -> None:
    """주문동기화 of one account."""
    with acting_as(company_id):
        start_job(job_id, at=now())
    try:
        done = sync_account(company_id, account_id)
    except (ChannelError, NotFoundError) as problem:
        if (soon := next_try(problem, tries, at=now())) is not None:
            with acting_as(company_id):
                queue.defer_by_name(
                    "dispatch.sync",
                    lock=queue.lane(account_id, "read"),
                    at=soon,
                    company_id=company_id,
                    account_id=account_id,
                    job_id=job_id,
                    tries=tries + 1,
                )
            return
        _failed(company_id, account_id, job_id, problem)
        return
    with acting_as(company_id):
        row = account_entry(
            account_id, EntryOutcome.DONE, message=f"read={done.lines} moved={done.moved} claims={done.claims}"
        )
        record_entries(job_id, [row], at=now())
        finish_part(job_id, at=now())


@queue.periodic(cron="5,35 * * * *")
@queue.task(name="dispatch.sync_due", queue=queue.HOUSE)
def sync_every_due(**_from_newer_code: object) -> None:
    """주문동기화 every half hour of every account that is collected by the clock, by the same switch.

    Five minutes beside the collections. One that is being synced is left to that job.
    """
    for company_id in list_company_ids():
        with acting_as(company_id):
            clockwork = set(list_auto_collected())
            due = [account.id for account in list_accounts() if account.id in clockwork and _can_sync(account.channel)]
            if due:
                start_sync(due, by=None, at=now())


def _can_sync(channel: str) -> bool:
    profile = find_profile(channel)
    return profile is not None and Can.SYNC in profile.can


def _failed(company_id: int, account_id: int, job_id: int, problem: ChannelError | NotFoundError) -> None:
    if isinstance(problem, ChannelError):
        note_state(company_id, account_id, problem)
    with acting_as(company_id):
        row = account_entry(account_id, EntryOutcome.FAILED, code=final_code(problem))
        record_entries(job_id, [row], at=now())
        fail_part(job_id, code=final_code(problem), at=now())


@queue.task(name="dispatch.commit_waybill_sheet", queue=queue.HOUSE)
def commit_waybill_sheet(
    *,
    company_id: int,
    upload_id: int,
    by: int | None = None,
    corrects: bool = False,
    **_from_newer_code: object,
) -> None:
    """Save the numbers of an uploaded sheet. Run again it goes on where it was.

    A database that went away is tried again; anything else ends the job, and the sheet can be saved again.
    """
    try:
        commit_rows(company_id, upload_id, by=by, corrects=corrects, at=now())
    except DATABASE_AWAY:
        raise
    except Exception:
        with acting_as(company_id):
            give_up(upload_id)
        raise
