"""발송기한 by the account's rule where the channel names none (N4)."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import connection, transaction

from jumun.channels.calendar import MOST_DAYS, Changes, ship_by
from jumun.channels.days_off import drop_day, put_day, read_changes
from jumun.channels.models import ChannelAccount
from jumun.core.errors import JumunError, NotFoundError
from jumun.orders.states import IN_HOUSE, PIPELINE, Status

OPEN = tuple(status.value for status in PIPELINE if status in IN_HOUSE or status == Status.SHIPPED)
"""Items that are still to be sent in the channel's eyes."""

_PAID = "((coalesce(i.paid_at, i.ordered_at) AT TIME ZONE 'Asia/Seoul') + %(late)s * interval '1 second')::date"
"""The day a payment belongs to: after the cut-off, the next."""

_OURS = """
i.account_id = %(account)s AND i.status = ANY(%(open)s)
AND NOT EXISTS (SELECT 1 FROM orders_orderline l WHERE l.id = i.line_id AND l.ship_by IS NOT NULL)
"""


_MISSING = " AND i.ship_by IS NULL AND i.id IN (SELECT e.item_id FROM entering e)"
"""What was just stored (`entering`, intake.storing): nobody else sees it yet, so no lock is waited for."""

_TURN = "SELECT pg_advisory_xact_lock{shared}(hashtextextended('ship by', current_setting('jumun.company')::bigint))"
"""Whoever stores reads rules and calendar, many at once; whoever changes them waits for what is being stored."""

_LOCK = """
SELECT count(*) FROM (
    SELECT 1 FROM orders_orderitem i WHERE i.account_id = ANY(%(accounts)s) AND i.status = ANY(%(open)s)
     ORDER BY i.id FOR UPDATE) AS locked
"""
"""In the one order in which every move locks items."""


def reckon_ship_by(account: ChannelAccount, changes: Changes, *, only_new: bool = False) -> int:
    """Set ship-by of an account's open items whose channel names none. Two statements for any number of items.

    `only_new` means those just stored that have none. Without a rule they lose it. Answers how many changed.
    """
    values: dict[str, Any] = {"account": account.id, "open": list(OPEN), "late": _seconds_to_midnight(account.cut_off)}
    missing = _MISSING if only_new else ""
    with connection.cursor() as run:
        if account.ship_within is None:
            if not only_new:
                run.execute(
                    f"UPDATE orders_orderitem i SET ship_by = NULL WHERE {_OURS} AND i.ship_by IS NOT NULL", values
                )
            return 0 if only_new else int(run.rowcount)
        run.execute(f"SELECT DISTINCT {_PAID} FROM orders_orderitem i WHERE {_OURS}{missing}", values)
        days: list[date] = [row[0] for row in run.fetchall()]
        if not days:
            return 0
        values |= {"days": days, "ends": [ship_by(day, account.ship_within, changes) for day in days]}
        run.execute(
            "UPDATE orders_orderitem i SET ship_by = d.end_at FROM unnest(%(days)s::date[], %(ends)s::timestamptz[]) AS d(day, end_at)"
            f" WHERE {_OURS}{missing} AND {_PAID} = d.day AND i.ship_by IS DISTINCT FROM d.end_at",
            values,
        )
        return int(run.rowcount)


def wait_for_rules() -> None:
    """Before an item of this transaction is locked: the rule read later is the one in force when it commits."""
    with connection.cursor() as run:
        run.execute(_TURN.format(shared="_shared"))


def reckon_new(account_id: int) -> None:
    """Ship-by of what was just stored for an account, when it has a rule. `wait_for_rules` comes first."""
    account = ChannelAccount.objects.filter(id=account_id, ship_within__isnull=False).first()
    if account is not None:
        reckon_ship_by(account, read_changes(), only_new=True)


@transaction.atomic
def change_ship_by_rule(account_id: int, *, within: int | None, cut_off: time | None) -> int:
    """Give an account another rule, and its open items the ship-by that follows. Answers how many changed.

    Raises JumunError("invalid"), NotFoundError.
    """
    if within is not None and not 0 <= within <= MOST_DAYS:
        raise JumunError("invalid", field="ship_within")
    _take_turn()
    account = ChannelAccount.objects.select_for_update(no_key=True).filter(id=account_id).first()
    if account is None:
        raise NotFoundError("not_found")
    account.ship_within, account.cut_off = within, cut_off if within is not None else None
    account.save(update_fields=["ship_within", "cut_off"])
    return _reckon_all([account])


@transaction.atomic
def change_day(company_id: int, day: date, *, off: bool, name: str = "") -> int:
    """Make a day a day off or a working day; every ship-by by rule follows. Raises JumunError("invalid")."""
    _take_turn()
    put_day(company_id, day, off=off, name=name)
    return _reckon_all(list(ChannelAccount.objects.filter(ship_within__isnull=False).order_by("id")))


@transaction.atomic
def restore_day(day: date) -> int:
    """Let a day be as the public calendar has it; every ship-by by rule follows."""
    _take_turn()
    drop_day(day)
    return _reckon_all(list(ChannelAccount.objects.filter(ship_within__isnull=False).order_by("id")))


def _take_turn() -> None:
    with connection.cursor() as run:
        run.execute(_TURN.format(shared=""))


def _reckon_all(accounts: Sequence[ChannelAccount]) -> int:
    changes = read_changes()
    with connection.cursor() as run:
        run.execute(_LOCK, {"accounts": [account.id for account in accounts], "open": list(OPEN)})
    return sum(reckon_ship_by(account, changes) for account in accounts)


def _seconds_to_midnight(cut_off: time | None) -> int:
    if cut_off is None:
        return 0
    return 24 * 3600 - (cut_off.hour * 3600 + cut_off.minute * 60 + cut_off.second)
