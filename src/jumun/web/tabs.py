"""What stands above a list: tabs with their counts, the menu that reaches everything, chips, and the layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.filter_address import EVERYTHING, read_settled, read_text, write_text
from jumun.orders.filters import ItemFilter
from jumun.orders.number_lists import find_numbers
from jumun.orders.queries import count_views
from jumun.orders.states import Status
from jumun.orders.view_actions import LONGEST_NAME
from jumun.orders.views import Layout, ViewShown, find_step_layout, list_views, read_layout
from jumun.web import words
from jumun.web.access import Desk
from jumun.web.chips import list_chips
from jumun.web.columns import COLUMNS
from jumun.web.filter_panel import panel
from jumun.web.filtering import (
    list_query,
    read_address,
    settled_of,
    with_default,
    write_address,
)

COUNTED = 12
"""Tabs that stand in the row with their counts; more of them stand in a menu."""
HANDS_ON = (Status.PAID, Status.PREPARING, Status.READY, Status.LABELLED)
"""Steps before it leaves: where a deadline presses."""
QUICK = (
    ("held", "true"),
    ("claim", "open"),
    ("push", "rejected"),
    ("waybill", "none"),
    ("matched", "false"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view as the row shows it; `count` is None where nothing was counted."""

    id: int
    name: str
    address: str
    count: int | None
    on: bool
    shared: bool
    owner: str
    """Whose it is; empty for one's own."""
    may_change: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a list."""

    label: str
    address: str
    on: bool = False


def read_list(request: HttpRequest, desk: Desk) -> ItemFilter:
    """The filter of the list that was asked for, with its default period. Raises JumunError("bad_condition")."""
    return read_address(list_query(request.GET, desk.preferences.period))


def list_head(request: HttpRequest, desk: Desk, wanted: ItemFilter) -> dict[str, Any]:
    """The context of everything above the grid, its `layout`, and the `query` its rows and actions are read from."""
    asked = settled_of(request.GET)
    query = list_query(request.GET, desk.preferences.period)
    settled = settled_of(query)
    views = list_views(desk.person)
    here = _view_of(request.GET, views)
    layout = _layout(request.GET, desk, here, step_key(wanted))
    tabs, total = _tabs(desk, views, here, wanted)
    accounts = desk_accounts()
    return {
        "layout": layout.as_json(),
        "query": write_text(settled),
        "bare": not asked.keys() - {"period"},
        "step_key": step_key(wanted),
        "asked": write_text(asked),
        "built_in": _built_in(wanted, asked),
        "total": total,
        "tabs": tabs[:COUNTED],
        "more_tabs": tabs[COUNTED:],
        "tab": next((tab for tab in tabs if tab.on), None),
        "unsaved": here is not None and _differs(here, asked, layout),
        "longest_name": LONGEST_NAME,
        "everything": everything(wanted, asked),
        "chips": list_chips(request.GET, settled, wanted, accounts),
        "quick": _quick(request.GET, asked),
        "account_names": accounts,
        "unfiltered": write_text(_cleared(asked)),
        **panel(asked, settled, wanted, accounts, desk),
    }


def _cleared(asked: Mapping[str, str]) -> dict[str, str]:
    """The same step without conditions; where there were none but the default period, without that too."""
    step = {name: asked[name] for name in ("status",) if name in asked}
    return step if dict(asked) != step else step | {"period": EVERYTHING}


def desk_accounts() -> dict[int, str]:
    """The company's channel accounts by id."""
    return {account.id: account.name for account in list_accounts()}


def step_key(wanted: ItemFilter) -> str:
    """The built-in tab a list belongs to: a status, "claims" or "all"."""
    if len(wanted.status) == 1:
        return wanted.status[0]
    return "claims" if wanted.claim and not wanted.status else "all"


def _view_of(query: QueryDict, views: Sequence[ViewShown]) -> ViewShown | None:
    """The tab the address names, if the person may see it; the list is the same without it."""
    wanted = query.get("view", "")
    return next((view for view in views if str(view.id) == wanted), None)


def _layout(query: QueryDict, desk: Desk, here: ViewShown | None, step: str) -> Layout:
    """The tab's layout or the step's own; what the address says of order and groups goes before it."""
    stored = here.layout.as_json() if here else find_step_layout(desk.person, step)
    kept = read_layout(stored, COLUMNS)
    return Layout(
        kept.columns,
        query.get("sort", "").strip() or kept.sort,
        query.get("group", "").strip() or kept.group,
        kept.row or desk.preferences.row,
    )


def _differs(view: ViewShown, asked: Mapping[str, str], layout: Layout) -> bool:
    """Whether the list shows something else than its tab keeps. Columns are compared in the browser."""
    return view.query != write_text(asked) or (view.layout.sort, view.layout.group) != (layout.sort, layout.group)


def _tabs(desk: Desk, views: Sequence[ViewShown], here: ViewShown | None, wanted: ItemFilter) -> tuple[list[Tab], int]:
    """Saved views, own ones first, and how many items the list itself has: counted together.

    The one that is open is always among those counted.
    """
    shown = list(views)
    if here in shown[COUNTED:]:
        shown.remove(here)
        shown.insert(COUNTED - 1, here)
    filters = _filters(desk, shown[:COUNTED])
    total, *numbers = count_views([wanted, *filters.values()])
    counts = dict(zip(filters, numbers, strict=True))
    tabs = [
        Tab(
            view.id,
            view.name,
            view_address(view),
            counts.get(view.id),
            view is here,
            view.shared,
            "" if view.owner_id == desk.person else view.owner,
            view.may_change(desk.person, manages=May.PEOPLE in desk.may),
        )
        for view in shown
    ]
    return tabs, total


def count_tabs(desk: Desk, views: Sequence[ViewShown]) -> dict[int, int]:
    """How many items each view means, by its id. One whose conditions nobody can read any more is left out."""
    filters = _filters(desk, views)
    return dict(zip(filters, count_views(list(filters.values())), strict=True))


def _filters(desk: Desk, views: Sequence[ViewShown]) -> dict[int, ItemFilter]:
    settled = {view.id: with_default(read_stored(view.query), desk.preferences.period) for view in views}
    lists = find_numbers([each["list"] for each in settled.values() if "list" in each])
    filters: dict[int, ItemFilter] = {}
    for view, conditions in settled.items():
        try:
            filters[view] = read_settled(conditions, at=now(), numbers=lists.get(conditions.get("list", ""), ()))
        except JumunError:
            continue
    return filters


def view_address(view: ViewShown) -> str:
    """A tab's address: its conditions in full, so that whoever may not see the tab sees the same items."""
    more = {"view": str(view.id)}
    more |= {name: value for name, value in (("sort", view.layout.sort), ("group", view.layout.group)) if value}
    return write_text(read_stored(view.query) | more)


def read_stored(query: str) -> dict[str, str]:
    """A kept query; empty where it is of an older kind."""
    try:
        return read_text(query)
    except JumunError:
        return {}


def _built_in(wanted: ItemFilter, asked: Mapping[str, str]) -> Link:
    """The tab of the step itself."""
    step = step_key(wanted)
    if step == "claims":
        label = _("클레임")
        address = {"claim": asked["claim"]}
    elif step == "all":
        label, address = _("전체"), {}
    else:
        label, address = words.name_status(step), {"status": step}
    return Link(label, write_text(address), dict(asked) == address)


def everything(wanted: ItemFilter, asked: Mapping[str, str]) -> list[tuple[str, list[Link]]]:
    """전체 보기: every status, every claim, all, in groups."""
    ends = (Status.CANCELLED, Status.RETURNED, Status.EXCHANGED)
    only = dict(asked)

    def link(label: str, **conditions: str) -> Link:
        return Link(label, write_text(conditions), only == conditions)

    steps = [link(words.name_status(each), status=each.value) for each in Status if each not in ends]
    claims = [link(_("처리 중인 클레임 전체"), claim="open")]
    claims += [link(_("{kind} 처리 중").format(kind=label), claim=kind) for kind, label in words.CLAIMS.items()]
    waiting = [
        link(_("보류 중"), held="true"),
        link(_("매칭 안 됨"), matched="false"),
        link(_("쇼핑몰 전송 실패"), push="rejected"),
        link(_("쇼핑몰 전송 확인 중"), push="unknown"),
        link(_("발송기한 지남"), status=",".join(HANDS_ON), ship_by="late"),
    ]
    return [
        (_("단계"), steps),
        (_("모두"), [link(_("전체")), link(_("전체 (기간 제한 없음)"), period="all")]),
        (_("끝난 주문"), [link(words.name_status(each), status=each.value) for each in ends]),
        (_("클레임"), claims),
        (_("손이 가야 하는 것"), waiting),
    ]


def _quick(query: QueryDict, asked: Mapping[str, str]) -> list[Link]:
    """The filters a clerk uses all day, one click away while they are off."""
    labels = {
        "held": _("보류"),
        "claim": _("클레임"),
        "push": _("전송 실패"),
        "waybill": _("송장 미등록"),
        "matched": _("매칭 안 됨"),
    }
    return [
        Link(labels[name], write_address(query, changed={name: value})) for name, value in QUICK if name not in asked
    ]
