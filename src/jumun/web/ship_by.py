"""발송기한: the board by bucket, what to send first, what lateness would cost; and the rule of an account (N4)."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.calendar import today
from jumun.channels.penalties import list_rules
from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.insights.deadlines import Bucket, address_of, forecast, list_buckets, list_first, read_board
from jumun.orders.actions.ship_by import OPEN, change_ship_by_rule
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page

NEXT_STEP = {
    "paid": "confirm",
    "preparing": "release",
    "ready": "label",
    "labelled": "hand_over",
    "shipped": "transmit",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of the board and the list behind it."""

    bucket: str
    items: int
    amount: Decimal
    address: str


@require_GET
@company_page(May.READ)
def ship_by(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The board."""
    at = now()
    buckets = list_buckets(at)
    names = {account.id: account for account in list_accounts()}
    due = read_board(buckets)
    costs = [(names.get(each.account), each) for each in forecast(at)]
    return page(
        request,
        desk,
        "web/ship_by.html",
        "ship-by",
        buckets=[(bucket.key, _label(bucket.key)) for bucket in buckets],
        by_step=[
            (words.name_status(status), _row(buckets, [d for d in due if d.status == status], f"status={status}"))
            for status in OPEN
            if any(d.status == status for d in due)
        ],
        by_account=[
            (account, _row(buckets, [d for d in due if d.account == number], _of_account(number)))
            for number, account in names.items()
            if any(d.account == number for d in due)
        ],
        total=_row(buckets, due, f"status={','.join(OPEN)}"),
        first=[(item, words.name_action(NEXT_STEP[item.status])) for item in list_first() if item.status in NEXT_STEP],
        costs=costs,
        ruled=bool(list_rules(active_on=today(at))),
        all_open=f"status={','.join(OPEN)}&sort=ship_by",
        due=bool(due),
    )


def _of_account(number: int) -> str:
    return f"status={','.join(OPEN)}&channel_account={number}"


def _row(buckets: tuple[Bucket, ...], due: list[Any], query: str) -> list[Cell]:
    cells = []
    for bucket in buckets:
        here = [each for each in due if each.bucket == bucket.key]
        period = address_of(bucket)
        cells.append(
            Cell(
                bucket.key,
                sum(each.items for each in here),
                sum((each.amount for each in here), Decimal(0)),
                f"{query}&ship_by={period}&sort=ship_by" if period else "",
            )
        )
    return cells


def _label(key: str) -> str:
    return {
        "late": _("지남"),
        "today": _("오늘"),
        "next": _("다음 영업일"),
        "week": _("7일 안"),
        "later": _("그 뒤"),
        "none": _("기한 없음"),
    }[key]


@require_POST
@company_page(May.ACCOUNTS)
def rule(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Save an account's ship-by rule; open items follow at once."""
    within = request.POST.get("ship_within", "").strip()
    cut_off = request.POST.get("cut_off", "").strip()
    if within and not (within.isascii() and within.isdigit() and len(within) <= 3):
        raise JumunError("invalid", field=_("영업일 수"))
    try:
        clock = time.fromisoformat(cut_off) if cut_off else None
    except ValueError as problem:
        raise JumunError("invalid", field=_("마감 시각")) from problem
    if clock is not None and clock.tzinfo is not None:
        raise JumunError("invalid", field=_("마감 시각"))
    changed = change_ship_by_rule(account_id, within=int(within) if within else None, cut_off=clock)
    return redirect(f"/c/{desk.slug}/accounts/{account_id}?reckoned={changed}#ship-by")
