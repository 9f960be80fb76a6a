"""Views (탭): saved filters with columns and sort, of the token's person and shared with the company."""

from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call
from jumun.api.fields import NO_NUL, Body, Flag, PathId
from jumun.api.paging import Page, PagingWithIds, cut, read_text_cursor, write_text_cursor
from jumun.api.routes import Routes
from jumun.companies.roles import May
from jumun.core.errors import JumunError
from jumun.orders.view_actions import LONGEST_NAME, ViewFields, change_view, create_view, delete_view
from jumun.orders.views import Column, Layout, ViewShown, check_layout, get_view, list_views, place_of

routes = Routes(tags=["views"])
ViewName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL)]
ViewQuery = Annotated[
    str,
    Field(max_length=4000, pattern=NO_NUL, description="the list's address: `status=ready&held=false&ordered=7d`"),
]
Word = Annotated[str, Field(max_length=41, pattern=r"^(-?[a-z_0-9]{1,40})?$")]


class ColumnBody(Body):
    """One column of a list; `width` in px, null as it comes."""

    key: Annotated[str, Field(pattern=r"^[a-z_0-9]{1,40}$")]
    width: Annotated[int, Field(strict=True, ge=24, le=2000)] | None = None
    hidden: Flag = False
    pinned: Flag = False


class LayoutBody(Body):
    """How a list is laid out; empty words say nothing. `sort` is a key, descending with `-`: `-ordered`."""

    columns: Annotated[list[ColumnBody], Field(max_length=100)] = []
    sort: Word = ""
    group: Word = ""
    row: Annotated[str, Field(pattern=r"^(low|normal|high)?$")] = ""


class NewView(Body):
    """A view to make for oneself."""

    name: ViewName
    query: ViewQuery = ""
    layout: LayoutBody = LayoutBody()
    shared: Flag = False


class ViewChange(Body):
    """What of a view becomes different; what is left out stays."""

    name: ViewName | None = None
    query: ViewQuery | None = None
    layout: LayoutBody | None = None
    shared: Flag | None = None


class ColumnShown(BaseModel):
    """One column of a list."""

    key: str
    width: int | None
    hidden: bool
    pinned: bool


class LayoutShown(BaseModel):
    """How a list is laid out."""

    columns: list[ColumnShown]
    sort: str
    group: str
    row: str


class View(BaseModel):
    """A tab above the list. `query` is its filter as the address of the list, in its fixed order."""

    id: int
    owner: int
    owner_name: str
    name: str
    shared: bool
    query: str
    layout: LayoutShown
    position: int


@routes.read("/views", Page[View])
def list_saved_views(request: Call, paging: Query[PagingWithIds]) -> Page[View]:
    """One's own views in their order, then the others' that are shared."""
    person, after = request.auth.person_id, _read_place(paging.cursor)
    rows = [row for row in list_views(person, ids=paging.wanted()) if after is None or place_of(row, person) > after]
    page, following = cut(
        rows, paging.limit, lambda row: write_text_cursor("|".join(str(part) for part in place_of(row, person)))
    )
    return Page(items=[_view(row) for row in page], next_cursor=following)


@routes.write("POST", "/views", View, may=May.READ, status=201)
def create_saved_view(request: Call, body: NewView) -> View:
    """Make a view for oneself, behind one's others."""
    fields = ViewFields(body.name, body.query, _layout(body.layout), body.shared)
    made = create_view(request.auth.company_id, fields, by=request.auth.person_id, at=request.at)
    return _view(get_view(made, request.auth.person_id))


@routes.write("PATCH", "/views/{bigid:view_id}", View, may=May.READ)
def change_saved_view(request: Call, view_id: PathId, body: ViewChange) -> View:
    """Change one's own view; a shared one also, with the permission `people`."""
    caller = request.auth
    layout = _layout(body.layout) if body.layout is not None else None
    fields = ViewFields(body.name, body.query, layout, body.shared)
    changed = change_view(view_id, fields, by=caller.person_id, manages=May.PEOPLE in caller.permissions, at=request.at)
    return _view(changed)


@routes.write("DELETE", "/views/{bigid:view_id}", None, may=May.READ, status=204)
def delete_saved_view(request: Call, view_id: PathId) -> None:
    """Delete one's own view; a shared one also, with the permission `people`."""
    caller = request.auth
    delete_view(view_id, by=caller.person_id, manages=May.PEOPLE in caller.permissions)


def _read_place(cursor: str) -> tuple[int, int, int] | None:
    if not cursor:
        return None
    parts = read_text_cursor(cursor).split("|")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise JumunError("bad_cursor")
    others, position, last = (int(part) for part in parts)
    return others, position, last


def _layout(body: LayoutBody) -> Layout:
    return check_layout(body.model_dump())


def _view(row: ViewShown) -> View:
    return View(
        id=row.id,
        owner=row.owner_id,
        owner_name=row.owner,
        name=row.name,
        shared=row.shared,
        query=row.query,
        layout=LayoutShown(
            columns=[_column(each) for each in row.layout.columns],
            sort=row.layout.sort,
            group=row.layout.group,
            row=row.layout.row,
        ),
        position=row.position,
    )


def _column(row: Column) -> ColumnShown:
    return ColumnShown(key=row.key, width=row.width, hidden=row.hidden, pinned=row.pinned)
