"""주문: the list of items, step by step."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May, reaches
from jumun.core.clock import now
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import COUNTED_TO, ItemRow, count_items, count_steps, list_items
from jumun.orders.states import MARKS, PIPELINE, TABLE, USUAL_NEXT, Mark, Move, Status
from jumun.web import parcels, words
from jumun.web.access import Desk, company_page
from jumun.web.filtering import list_chips, read_address, write_address
from jumun.web.shell import page, part

ROWS = 100
EARLY = (Status.AWAITING_PAYMENT, Status.PAID, Status.PREPARING)
"""Steps before any carrier: its columns would be empty."""
GRID_ONLY = ("label", "relabel", "renumber", "correct")
"""Done by typing numbers into the grid (web.parcels), not by a button."""
RULES: tuple[Move | Mark, ...] = (*MARKS.values(), *reversed(TABLE))
"""What buttons are drawn from, in their order."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow strip."""

    key: str
    label: str
    count: int
    address: str
    on: bool


@dataclass(frozen=True, slots=True)
class Button:
    """One action of the bulk bar."""

    action: str
    label: str
    usual: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the table."""

    item: ItemRow


@require_GET
@company_page(May.READ)
def items(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page, or for htmx one of its parts: flow, list, more."""
    wanted = read_address(request.GET)
    wish = request.GET.get("part", "")
    if wish == "flow":
        return part(request, desk, "web/parts/flow.html", **flow(request, wanted))
    listed = listing(request, desk, wanted)
    if wish == "more":
        return part(request, desk, f"web/parts/{'parcel_rows' if listed['grid'] else 'rows'}.html", **listed)
    if wish == "list":
        return part(request, desk, "web/parts/list.html", **listed)
    return page(request, desk, "web/items.html", "items", **flow(request, wanted), **listed)


def flow(request: HttpRequest, wanted: ItemFilter) -> dict[str, Any]:
    """The pipeline with live counts, and open claims apart."""
    counts = count_steps()
    chosen = wanted.status[0] if len(wanted.status) == 1 else ""
    steps = [
        Step(
            status.value,
            words.name_status(status),
            counts.statuses.get(status, 0),
            write_address(request.GET, without=("claim", "waybill", "push"), changed={"status": status.value}),
            chosen == status,
        )
        for status in PIPELINE
        if status != Status.AWAITING_PAYMENT or counts.statuses.get(status) or chosen == status
    ]
    claims = [
        Step(
            kind,
            str(words.CLAIMS[kind]),
            counts.claims.get(kind, 0),
            write_address(request.GET, without=("status", "waybill", "push"), changed={"claim": kind}),
            wanted.claim == kind,
        )
        for kind in words.CLAIMS
    ]
    return {
        "steps": steps,
        "claims": claims,
        "whole": sum(counts.statuses.values()),
        "all_on": not chosen and not wanted.claim,
        "flow_query": address(request),
    }


def listing(request: HttpRequest, desk: Desk, wanted: ItemFilter) -> dict[str, Any]:
    """The rows of one page and what stands around them."""
    at = now()
    cursor = request.GET.get("cursor") or None
    status = wanted.status[0] if len(wanted.status) == 1 else ""
    if status in parcels.STEPS:
        rows = parcels.parcels(desk, status, wanted, cursor)
    else:
        found = list_items(wanted, cursor=cursor, limit=ROWS)
        shown = [Shown(item) for item in found.items]
        rows = {"grid": False, "typed": False, "rows": shown, "next_cursor": found.next_cursor}
    accounts = {account.id: account.name for account in list_accounts()}
    total = count_items(wanted)
    return {
        **rows,
        "step": status,
        "early": status in EARLY,
        "wanted": wanted,
        "total": total,
        "many": total > COUNTED_TO,
        "as_of": at.isoformat(),
        "query": address(request),
        "chips": list_chips(request.GET, wanted, accounts),
        "quick": quick_filters(request, wanted),
        "account_names": accounts,
        "pushes": words.PUSHES,
        "buttons": buttons(desk, status),
        "carriers": parcels.carrier_options(),
        "fresh": not accounts or (total == 0 and address(request) == ""),
        "unfiltered": write_address(request.GET, without=tuple(set(FILTERS))),
        "given": {name: request.GET.get(name, "") for name in ("from", "to", "held", "claim", "waybill", "matched")},
    }


FILTERS = ("channel_account", "push", "claim", "held", "matched", "waybill", "carrier", "from", "to", "q", "channel")


def address(request: HttpRequest) -> str:
    """The list's own query string."""
    return write_address(request.GET)


def quick_filters(request: HttpRequest, wanted: ItemFilter) -> list[Step]:
    """The filters a clerk uses all day, as switches."""
    switches = [
        ("held", _("보류"), "true", wanted.held is True),
        ("claim", _("클레임"), "open", wanted.claim == "open"),
        ("push", _("전송 실패"), "rejected", wanted.push == ("rejected",)),
        ("waybill", _("송장 미등록"), "none", wanted.waybill == "none"),
        ("matched", _("매칭 안 됨"), "false", wanted.matched is False),
    ]
    return [
        Step(name, label, 0, write_address(request.GET, changed={name: "" if on else value}), on)
        for name, label, value, on in switches
    ]


def buttons(desk: Desk, status: str) -> list[Button]:
    """What the bulk bar offers with items of this status: the state table's moves and marks, the usual one last."""
    usual = USUAL_NEXT.get(Status(status), "") if status else ""
    offered: list[Button] = []
    for rule in RULES:
        if rule.action in GRID_ONLY or not may_do(desk, rule.action):
            continue
        if status and status not in rule.sources:
            continue
        if not status and rule.action in ("withdraw", "cancel", "take_out"):
            continue
        offered.append(Button(rule.action, words.name_action(rule.action), rule.action == usual))
    return sorted(offered, key=lambda button: (button.usual, button.action != "cancel"))


def may_do(desk: Desk, action: str) -> bool:
    """Whether this role reaches an action."""
    return reaches(desk.may, action)


@require_GET
@company_page(May.READ)
def to_items(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """/c/<slug>/: to the list."""
    return redirect(f"/c/{desk.slug}/items")
