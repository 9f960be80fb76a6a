"""Reading channel accounts, and what is known of their last conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jumun.channels.models import AccountState, ChannelAccount, Unreadable
from jumun.channels.profile import ChannelProfile
from jumun.channels.registry import find_profile
from jumun.core.errors import JumunError, NotFoundError
from jumun.jobs.models import Job, JobEntry

LOOK_BACK = 500
"""Jobs of the company looked through for those of one account, newest first: three days of the clock's."""


def list_accounts() -> list[ChannelAccount]:
    """Every account of the company, by name of channel, then its own."""
    return list(ChannelAccount.objects.select_related("breaker").order_by("channel", "id"))


def profile_of(account: ChannelAccount) -> ChannelProfile | None:
    """The profile of the connector that speaks for it; None where nobody does: by hand, or by sheet only."""
    return None if account.by_sheet else find_profile(account.channel)


def list_by_sheet() -> list[int]:
    """The ids of accounts whose malls are told in their own sheets."""
    return list(ChannelAccount.objects.filter(by_sheet=True).order_by("id").values_list("id", flat=True))


def list_auto_collected() -> list[int]:
    """The ids of accounts that are collected by the clock and may be spoken for now."""
    found = ChannelAccount.objects.filter(auto_collect=True, state=AccountState.OK).order_by("id")
    return [account.id for account in found if profile_of(account) is not None]


def get_account(account_id: int) -> ChannelAccount:
    """One account. Raises NotFoundError."""
    found = ChannelAccount.objects.select_related("breaker").filter(id=account_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return found


def open_accounts(accounts: Sequence[int]) -> list[ChannelAccount]:
    """These accounts, each with a connector and switched on. Refuses the lot when one is not."""
    wanted = list(dict.fromkeys(accounts))
    if not wanted:
        raise JumunError("nothing_chosen")
    found = list(ChannelAccount.objects.filter(id__in=wanted).order_by("id"))
    if len(found) != len(wanted):
        raise NotFoundError("not_found")
    for account in found:
        if account.by_sheet:
            raise JumunError("sheets_only")
        if find_profile(account.channel) is None:
            raise JumunError("unknown_channel")
        if account.state == AccountState.OFF:
            raise JumunError("account_off")
    return found


@dataclass(frozen=True, slots=True)
class LastCollection:
    """What became of the newest finished collection of an account. `code`: why not, where it failed."""

    job: int
    at: datetime
    outcome: str
    code: str
    message: str


def last_collections(accounts: Sequence[int]) -> dict[int, LastCollection]:
    """The newest finished collection of each account, as far back as LOOK_BACK collections of the company."""
    newest = Job.objects.filter(kind="collect").order_by("-id").values("id")[:LOOK_BACK]
    targets = {f"account:{account}": account for account in accounts}
    entries = JobEntry.objects.filter(job__in=newest, target__in=list(targets)).order_by("target", "-job_id")
    return {
        targets[entry.target]: LastCollection(entry.job_id, entry.at, entry.outcome, entry.code, entry.message)
        for entry in entries.distinct("target")
    }


def list_account_jobs(account_id: int, limit: int = 5) -> list[Job]:
    """The newest jobs that spoke with this account, among the company's newest LOOK_BACK."""
    newest = Job.objects.order_by("-id").values("id")[:LOOK_BACK]
    return list(Job.objects.filter(id__in=newest, params__contains={"accounts": [account_id]}).order_by("-id")[:limit])


def list_unreadable(account_id: int) -> list[Unreadable]:
    """The answers of this account's channel that nobody could read, newest first."""
    return list(Unreadable.objects.filter(account_id=account_id).order_by("-id"))
