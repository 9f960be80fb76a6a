"""Jobs that speak with whole accounts (collect, sync): one at a time for each account and kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.channels.models import ChannelAccount
from jumun.channels.queries import open_accounts
from jumun.jobs.actions import EntryRow, open_job
from jumun.jobs.models import EntryOutcome, Family
from jumun.jobs.queries import find_running


@dataclass(frozen=True, slots=True)
class AccountJob:
    """A job and the accounts it is to speak with; none when it is a job that runs already."""

    id: int
    accounts: list[ChannelAccount]


def open_account_job(
    kind: str,
    accounts: Sequence[int],
    *,
    params: Mapping[str, object] | None = None,
    retry_of: int | None = None,
    by: int | None,
    at: datetime,
) -> AccountJob:
    """A job of this kind for those accounts that none of it runs for; with none free, the job that runs.

    Two askers at once wait for each other. Raises what `open_accounts` raises.
    """
    chosen = open_accounts(accounts)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, id)) FROM unnest(%s::bigint[]) AS id ORDER BY id",
            [f"job {kind}", [account.id for account in chosen]],
        )
    running = {account.id: find_running(kind, account.id) for account in chosen}
    free = [account for account in chosen if running[account.id] is None]
    if not free:
        return AccountJob(next(job for job in running.values() if job is not None), [])
    job_id = open_job(
        company_id=free[0].company_id,
        kind=kind,
        family=Family.MALL,
        parts=len(free),
        total=len(free),
        params={"accounts": [account.id for account in free], **(params or {})},
        by=by,
        at=at,
        retry_of=retry_of,
    )
    return AccountJob(job_id, free)


def account_entry(account_id: int, outcome: EntryOutcome, *, code: str = "", message: str = "") -> EntryRow:
    """A job's entry about one account, by its name."""
    name = ChannelAccount.objects.filter(id=account_id).values_list("name", flat=True).first() or str(account_id)
    return EntryRow(f"account:{account_id}", name, outcome, code, message)
