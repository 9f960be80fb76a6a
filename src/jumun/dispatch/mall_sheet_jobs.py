"""Opening a mall's bulk-dispatch sheet: its row, its job, and the queue. What is in it is up to `mall_sheets`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from jumun.core.files import plan_key
from jumun.dispatch.models import MallSheet
from jumun.jobs import queue
from jumun.jobs.actions import open_job, start_job
from jumun.jobs.models import Family

LEFT_BEHIND = timedelta(minutes=10)
"""A sheet not made this long after it was asked for is begun again."""


@dataclass(frozen=True, slots=True)
class SheetWish:
    """What is to be told to one account's mall, by whom and since when. `job_id` is the wish's own job."""

    company_id: int
    account_id: int
    job_id: int
    batch: UUID
    verb: str
    by: int | None
    at: datetime


def open_sheet(wish: SheetWish, *, total: int) -> int:
    """A sheet for the planned effects of this batch and account; answers its job. In the transaction of the plan.

    The effects join the sheet's job, so that each of them is one of its targets.
    """
    job_id = open_job(
        company_id=wish.company_id,
        kind="mall_sheet",
        family=Family.SHEET,
        parts=1,
        total=total,
        params={"accounts": [wish.account_id], "verb": wish.verb, "wish": wish.job_id},
        by=wish.by,
        at=wish.at,
    )
    start_job(job_id, at=wish.at)
    sheet = MallSheet.objects.create(
        company_id=wish.company_id,
        account_id=wish.account_id,
        job_id=job_id,
        wish_job_id=wish.job_id,
        verb=wish.verb,
        file=plan_key(wish.company_id),
        by_id=wish.by,
        created_at=wish.at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dispatch_effect SET job_id = %s WHERE batch = %s AND account_id = %s AND by_sheet",
            [job_id, wish.batch, wish.account_id],
        )
    _enqueue(sheet)
    return job_id


def enqueue_left_behind(*, at: datetime) -> None:
    """Go on with sheets nobody is at (I6): each waits at most once in the queue."""
    left = MallSheet.objects.filter(ended_at=None, created_at__lt=at - LEFT_BEHIND).order_by("id")
    for sheet in left:
        _enqueue(sheet, once=f"mall sheet:{sheet.id}")


def _enqueue(sheet: MallSheet, *, once: str | None = None) -> None:
    queue.defer_by_name(
        "dispatch.mall_sheet",
        lock=queue.lane(sheet.account_id, "write"),
        once=once,
        company_id=sheet.company_id,
        sheet_id=sheet.id,
    )
