"""주문: the list of items, step by step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from jumun.companies.roles import May, reaches
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import COUNTED_TO
from jumun.orders.sorting import NEWEST, Sort
from jumun.orders.states import MARKS, TABLE, USUAL_NEXT, Mark, Move, Status
from jumun.web import grid_words, parcels, rows, words
from jumun.web.access import Desk, company_page
from jumun.web.columns import kind_of, list_columns
from jumun.web.flow import flow
from jumun.web.groups import groups_of
from jumun.web.shell import page, part
from jumun.web.tabs import list_head, read_list

GRID_ONLY = ("label", "relabel", "renumber", "correct")
"""Done by typing numbers into the grid (web.parcels), not by a button."""
RULES: tuple[Move | Mark, ...] = (*MARKS.values(), *reversed(TABLE))
"""What buttons are drawn from, in their order."""


@dataclass(frozen=True, slots=True)
class Button:
    """One action of the bulk bar."""

    action: str
    label: str
    usual: bool


@require_GET
@company_page(May.READ)
def items(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page, or for htmx its flow strip."""
    wanted = read_list(request, desk)
    if request.GET.get("part") == "flow":
        return part(request, desk, "web/parts/flow.html", **flow(request, wanted))
    return page(request, desk, "web/items.html", "items", **flow(request, wanted), **listing(request, desk, wanted))


def listing(request: HttpRequest, desk: Desk, wanted: ItemFilter) -> dict[str, Any]:
    """The first rows and what stands around them."""
    at = now()
    status = rows.step_of(wanted)
    head = list_head(request, desk, wanted)
    layout: dict[str, Any] = head["layout"]
    grouped = groups_of(request, wanted, layout["group"])
    first, sort, trouble = rows.Page(status, [], None, []), NEWEST, ""
    if not grouped["grouped"]:
        first, sort, trouble = first_page(request, desk, wanted, layout["sort"], at)
    total: int = head["total"]
    shipped = parcels.around(desk, status, first.shipped) if status in parcels.STEPS else {}
    return {
        **head,
        **grouped,
        **shipped,
        "step": status,
        "wanted": wanted,
        "total": total,
        "many": total > COUNTED_TO,
        "as_of": at.isoformat(),
        "buttons": buttons(desk, status),
        "carriers": parcels.carrier_options(),
        "fresh": not head["account_names"] or (total == 0 and head["bare"]),
        "shown": first,
        "grid_data": rows.write_data(
            {
                "rows": first.rows,
                "next": first.next_cursor,
                "total": words.tell_count(total),
                "sort": sort.write(),
                "trouble": trouble,
                "columns": list_columns(kind_of(status)),
                "row": desk.preferences.row,
                "home": f"/c/{desk.slug}",
                "query": head["query"],
                "words": grid_words.tell(),
            }
        ),
    }


def first_page(
    request: HttpRequest, desk: Desk, wanted: ItemFilter, usual: str, at: datetime
) -> tuple[rows.Page, Sort, str]:
    """The first rows; newest first, and why, where the order that was asked for is refused."""
    cursor = request.GET.get("cursor") or None
    sort = rows.read_wish(request, usual)
    try:
        return rows.read_page(desk, wanted, sort, cursor=cursor, at=at), sort, ""
    except JumunError as problem:
        if problem.code != "too_many_to_sort":
            raise
        return rows.read_page(desk, wanted, NEWEST, cursor=None, at=at), NEWEST, problem.reason(desk.language)


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
