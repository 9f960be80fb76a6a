"""Reading how collections stand: what is missing, what is in doubt, what runs."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from jumun.channels.models import AccountState, ChannelAccount
from jumun.channels.queries import profile_of
from jumun.intake.models import Gap, UnreadLine
from jumun.jobs.queries import find_running


def list_gaps(
    *, closed: bool | None = False, after: int = 0, limit: int | None = None, ids: Sequence[int] | None = None
) -> list[Gap]:
    """Gaps of the company by id: open ones, closed ones, or (None) both."""
    found = Gap.objects.select_related("account", "closed_by").filter(id__gt=after).order_by("id")
    if closed is not None:
        found = found.filter(closed_at__isnull=not closed)
    if ids is not None:
        found = found.filter(id__in=ids)
    return list(found if limit is None else found[:limit])


def list_unread(*, after: int = 0, limit: int | None = None, ids: Sequence[int] | None = None) -> list[UnreadLine]:
    """Lines the channels named that did not come in yet, by id."""
    found = _unread().select_related("account").filter(id__gt=after).order_by("id")
    if ids is not None:
        found = found.filter(id__in=ids)
    return list(found if limit is None else found[:limit])


def list_doubtful_accounts() -> list[int]:
    """Accounts with such lines that may be spoken for."""
    wanted = _unread().order_by().values("account_id").distinct()
    found = ChannelAccount.objects.filter(id__in=wanted).exclude(state=AccountState.OFF).order_by("id")
    return [account.id for account in found if profile_of(account) is not None]


def count_doubts() -> int:
    """확인 필요: how many gaps are open and how many lines are out. One statement: every page asks."""
    with connection.cursor() as run:
        run.execute(
            "SELECT (SELECT count(*) FROM intake_gap WHERE closed_at IS NULL)"
            " + (SELECT count(*) FROM intake_unreadline WHERE settled_at IS NULL)"
        )
        return int(run.fetchone()[0])


def find_collections(accounts: Sequence[int]) -> dict[int, int]:
    """The job that collects now, for those of these accounts that one does."""
    running = {account: find_running("collect", account) for account in accounts}
    return {account: job for account, job in running.items() if job is not None}


def _unread() -> QuerySet[UnreadLine]:
    return UnreadLine.objects.filter(settled_at__isnull=True)
