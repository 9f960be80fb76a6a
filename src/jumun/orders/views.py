"""탭: saved views of a person and of the company, and how a list is laid out. Reading; writes are in view_actions."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jumun.core.errors import JumunError, NotFoundError
from jumun.orders.models import StepLayout, View

ROWS = ("", "low", "normal", "high")
WIDTHS = range(24, 2001)
MOST_COLUMNS = 100
ASIDE = -1
"""Position of rows that are no tabs (orders.number_lists)."""
_KEY = re.compile(r"[a-z_0-9]{1,40}")
_SORT = re.compile(r"(-?[a-z_]{1,40})?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; `width` in px, None as it comes."""

    key: str
    width: int | None = None
    hidden: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is laid out. Empty fields say nothing: the list's own order, no groups, the person's row height.

    sort    `orders.sorting`: "-ordered"
    row     one of ROWS
    """

    columns: tuple[Column, ...] = ()
    sort: str = ""
    group: str = ""
    row: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept and what a page is given."""
        columns = [
            {"key": each.key, "width": each.width, "hidden": each.hidden, "pinned": each.pinned}
            for each in self.columns
        ]
        return {"columns": columns, "sort": self.sort, "group": self.group, "row": self.row}


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A tab. `query` is its filter as an address (orders.filter_address)."""

    id: int
    owner_id: int
    owner: str
    name: str
    shared: bool
    query: str
    position: int
    layout: Layout = field(default_factory=Layout)

    def may_change(self, person: int, *, manages: bool) -> bool:
        """Whose it is changes it; one shared with the company also whoever manages people."""
        return self.owner_id == person or (self.shared and manages)


def read_layout(stored: Mapping[str, Any], known: Collection[str] | None = None) -> Layout:
    """A layout from what is kept: what is no longer understood, and columns that are not `known`, are left out."""
    try:
        layout = check_layout({name: value for name, value in stored.items() if name in Layout.__dataclass_fields__})
    except JumunError:
        return Layout()
    if known is None:
        return layout
    return Layout(tuple(each for each in layout.columns if each.key in known), layout.sort, layout.group, layout.row)


def check_layout(given: object) -> Layout:
    """A layout from a caller. Raises JumunError("invalid") naming what is wrong."""
    if not isinstance(given, Mapping) or not set(given) <= set(Layout.__dataclass_fields__):
        raise JumunError("invalid", field="layout")
    columns = given.get("columns") or []
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS:
        raise JumunError("invalid", field="columns")
    read = tuple(_column(each) for each in columns)
    if len({each.key for each in read}) < len(read):
        raise JumunError("invalid", field="columns")
    sort, group, row = (given.get(name) or "" for name in ("sort", "group", "row"))
    if not isinstance(sort, str) or not _SORT.fullmatch(sort):
        raise JumunError("invalid", field="sort")
    if not isinstance(group, str) or (group and not _KEY.fullmatch(group)):
        raise JumunError("invalid", field="group")
    if row not in ROWS:
        raise JumunError("invalid", field="row")
    return Layout(read, sort, group, row)


def _column(given: object) -> Column:
    if not isinstance(given, Mapping):
        raise JumunError("invalid", field="columns")
    key, width = given.get("key"), given.get("width")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise JumunError("invalid", field="columns.key")
    if isinstance(width, float):
        width = round(width) if abs(width) < WIDTHS.stop else 0
    if width is not None and (isinstance(width, bool) or not isinstance(width, int) or width not in WIDTHS):
        raise JumunError("invalid", field="columns.width")
    hidden, pinned = given.get("hidden", False), given.get("pinned", False)
    if not isinstance(hidden, bool) or not isinstance(pinned, bool):
        raise JumunError("invalid", field="columns")
    return Column(key, width, hidden, pinned)


def list_views(person: int, *, ids: Collection[int] | None = None) -> list[ViewShown]:
    """A person's own tabs in their order, then the others' that are shared: few enough to be read at once."""
    found = View.objects.filter(Q(owner_id=person) | Q(shared=True), position__gt=ASIDE).select_related("owner")
    if ids is not None:
        found = found.filter(id__in=ids)
    return sorted((show_view(view) for view in found), key=lambda view: place_of(view, person))


def place_of(view: ViewShown, person: int) -> tuple[int, int, int]:
    """Where a tab stands in a person's list."""
    return int(view.owner_id != person), view.position, view.id


def find_view(view_id: int, person: int) -> ViewShown | None:
    """A tab this person may see, or None."""
    found = list_views(person, ids=[view_id])
    return found[0] if found else None


def get_view(view_id: int, person: int) -> ViewShown:
    """The same. Raises NotFoundError."""
    view = find_view(view_id, person)
    if view is None:
        raise NotFoundError("not_found")
    return view


def find_step_layout(person: int, step: str) -> Mapping[str, Any]:
    """How a person laid out a built-in tab, as it is kept; empty when they never did."""
    return StepLayout.objects.filter(person_id=person, step=step).values_list("layout", flat=True).first() or {}


def show_view(view: View) -> ViewShown:
    """A tab as it is shown."""
    return ViewShown(
        id=view.id,
        owner_id=view.owner_id,
        owner=view.owner.name,
        name=view.name,
        shared=view.shared,
        query=view.query,
        position=view.position,
        layout=read_layout(view.layout),
    )
