"""Reading channel accounts."""

from collections.abc import Sequence

from jumun.channels.models import AccountState, ChannelAccount
from jumun.channels.registry import find_profile
from jumun.core.errors import JumunError, NotFoundError


def list_accounts() -> list[ChannelAccount]:
    """Every account of the company, by name of channel, then its own."""
    return list(ChannelAccount.objects.order_by("channel", "id"))


def list_auto_collected() -> list[int]:
    """The ids of accounts that are collected by the clock and may be spoken for now."""
    found = ChannelAccount.objects.filter(auto_collect=True, state=AccountState.OK).order_by("id")
    return [account.id for account in found if find_profile(account.channel) is not None]


def get_account(account_id: int) -> ChannelAccount:
    """One account. Raises NotFoundError."""
    found = ChannelAccount.objects.filter(id=account_id).first()
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
        if find_profile(account.channel) is None:
            raise JumunError("unknown_channel")
        if account.state == AccountState.OFF:
            raise JumunError("account_off")
    return found
