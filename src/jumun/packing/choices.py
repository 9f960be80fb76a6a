"""What people decided for good: which two stay apart, and which 확인필요 is combined without being asked (C15)."""

from collections.abc import Iterable
from datetime import datetime

from jumun.channels.models import ChannelAccount
from jumun.core.errors import JumunError, NotFoundError
from jumun.orders.moving import acting_company
from jumun.packing.loading import Scope
from jumun.packing.models import KeptApart, Standing
from jumun.packing.reasons import SETTLED_BY_KIND
from jumun.packing.rules import Rules


def load_rules(scope: Scope) -> Rules:
    """The rules of a scope with everything that was decided for good. Two statements."""
    return Rules(
        scope.across_accounts,
        caps=scope.caps,
        kept_apart=frozenset(KeptApart.objects.values_list("one_id", "other_id")),
        standing=frozenset(Standing.objects.values_list("account_id", "reason")),
    )


def keep_apart(pairs: Iterable[tuple[int, int]], *, by: int | None, at: datetime) -> None:
    """Remember that these shipments are not combined; what is remembered already stays."""
    company = acting_company()
    wanted = {(min(pair), max(pair)) for pair in pairs}
    KeptApart.objects.bulk_create(
        [KeptApart(company_id=company, one_id=one, other_id=other, by_id=by, at=at) for one, other in sorted(wanted)],
        ignore_conflicts=True,
    )


def let_together(pairs: Iterable[tuple[int, int]]) -> None:
    """Forget that these shipments were to stay apart."""
    wanted = {(min(pair), max(pair)) for pair in pairs}
    ones = {one for one, _ in wanted}
    found = KeptApart.objects.filter(one_id__in=ones).values_list("id", "one_id", "other_id")
    KeptApart.objects.filter(id__in=[row for row, *pair in found if tuple(pair) in wanted]).delete()


def set_standing(account: int, reason: str, *, on: bool, by: int | None, at: datetime) -> None:
    """Combine 확인필요 of this kind for this account from now on, or ask again. Safe to repeat.

    Raises NotFoundError for an account that is not there, JumunError("invalid") for what is no single reason.
    """
    if reason not in SETTLED_BY_KIND:
        raise JumunError("invalid", field="reason")
    if not ChannelAccount.objects.filter(id=account).exists():
        raise NotFoundError("not_found")
    if on:
        made = Standing(company_id=acting_company(), account_id=account, reason=reason, by_id=by, at=at)
        Standing.objects.bulk_create([made], ignore_conflicts=True)
    else:
        Standing.objects.filter(account_id=account, reason=reason).delete()


def list_standing() -> list[tuple[int, str]]:
    """Account and reason of everything that is combined without being asked, in one order."""
    return sorted(Standing.objects.values_list("account_id", "reason"))
