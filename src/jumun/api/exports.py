"""Exports: any view as a sheet, written in the background; column layouts; who took what and why."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponseBase
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import NO_NUL, Body, Flag, Id, PathId, one_of
from jumun.api.files import CSV, XLSX, answer_file
from jumun.api.filters import ItemFilterBody, SortName
from jumun.api.paging import Page, PagingWithIds, cut_known, read_id_cursor
from jumun.api.routes import Routes
from jumun.companies.roles import May
from jumun.exports.actions import LONGEST_REASON, Wish, start_export, take_file
from jumun.exports.columns import LONGEST_TITLE, LONGEST_VALUE, MOST_COLUMNS, default_columns, offered, read_columns
from jumun.exports.layouts import (
    LONGEST_NAME,
    LayoutFields,
    LayoutShown,
    change_layout,
    create_layout,
    delete_layout,
    get_layout,
    list_layouts,
)
from jumun.exports.queries import ExportShown, get_export, list_exports
from jumun.exports.showing import pick
from jumun.orders.filters import ItemFilter, read_filter
from jumun.orders.selection import Selection
from jumun.orders.sorting import NEWEST, read_sort

routes = Routes(tags=["exports"])
What = Literal["items", "parcels"]
LayoutName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL)]


class ColumnBody(Body):
    """One column: its key (`GET /export-columns`), its title in the sheet, and for `fixed` what it says in every row."""

    key: Annotated[str, Field(pattern=r"^[a-z_0-9]{1,40}$")]
    title: Annotated[str, Field(max_length=LONGEST_TITLE, pattern=NO_NUL)] = ""
    value: Annotated[str, Field(max_length=LONGEST_VALUE, pattern=NO_NUL)] = ""


Columns = Annotated[list[ColumnBody], Field(min_length=1, max_length=MOST_COLUMNS)]


class NewExport(Body):
    """What to export: ids or a filter (its items as of this call), as rows of items or of parcels.

    Columns come from `columns`, else from `layout`, else the built-in ones. `reason` is needed where personal data
    stands in clear; `masked` masks it. A member without the permission `personal` gets it masked in any case.
    """

    model_config = ConfigDict(json_schema_extra=one_of(ids="array", filter="object"))

    what: What = "items"
    ids: Annotated[list[Id], Field(min_length=1)] | None = None
    filter: ItemFilterBody | None = None
    sort: SortName = SortName(NEWEST.write())
    columns: Columns | None = None
    layout: Id | None = None
    kind: Literal["xlsx", "csv"] = "xlsx"
    password: Annotated[str, Field(max_length=64, pattern=NO_NUL, description="AES; kept sealed until written")] = ""
    reason: Annotated[str, Field(max_length=LONGEST_REASON, pattern=NO_NUL)] = ""
    masked: Flag = False

    @model_validator(mode="after")
    def _one_of(self) -> "NewExport":
        if (self.ids is None) == (self.filter is None):
            raise ValueError("give either ids or filter")
        return self


class Export(BaseModel):
    """One line of the history. `done` of `total` rows are written; the file goes at `expires_at`, the line stays."""

    id: int
    by: int | None
    by_name: str
    what: str
    kind: str
    title: str
    titles: list[str] = Field(description="of its columns")
    personal: bool
    reason: str
    locked: bool
    state: Literal["waiting", "ready", "failed", "expired"]
    total: int
    rows: int | None
    done: int
    name: str
    size: int
    downloads: int
    job: int | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class ColumnKnown(BaseModel):
    """A column that may be chosen. `personal`: masked for whoever may not see it; else it needs a reason."""

    key: str
    title: str
    kind: str
    personal: bool


class ColumnChosen(BaseModel):
    """One column of a layout."""

    key: str
    title: str
    value: str


class Layout(BaseModel):
    """내려받기 양식: of one's own, or shared."""

    id: int
    owner: int
    owner_name: str
    name: str
    what: str
    columns: list[ColumnChosen]
    shared: bool


class NewLayout(Body):
    """A layout to keep for oneself."""

    name: LayoutName
    what: What = "items"
    columns: Columns
    shared: Flag = False


class LayoutChange(Body):
    """What of a layout becomes different; what is left out stays."""

    name: LayoutName | None = None
    columns: Columns | None = None
    shared: Flag | None = None


class WhatQuery(BaseModel):
    """Columns of which kind of rows."""

    what: What = "items"


class ColumnList(BaseModel):
    """The columns that are known, and the keys of the built-in layout."""

    items: list[ColumnKnown]
    default: list[str]


@routes.read("/exports", Page[Export])
def list_all_exports(request: Call, paging: Query[PagingWithIds]) -> Page[Export]:
    """One's own exports, newest first; everybody's with the permission `people`."""
    rows, after = list_exports(
        request.auth.person_id,
        everybodys=May.PEOPLE in request.auth.permissions,
        at=request.at,
        after=read_id_cursor(paging.cursor),
        ids=paging.wanted(),
        limit=paging.limit,
    )
    return Page(items=[_export(row) for row in rows], next_cursor=str(after) if after else None)


@routes.write("POST", "/exports", Export, may=May.READ, status=202)
def create_export(request: Call, body: NewExport) -> Export:
    """Have a sheet written; any number of rows. It can be taken at `/exports/{id}/file` when `state` is `ready`."""
    caller, language = request.auth, speaks(request)
    what: str = body.what
    given = [each.model_dump() for each in body.columns or ()]
    columns = read_columns(what, given, language) if given else default_columns(what, language)
    title = ""
    if not given and body.layout is not None:
        layout = get_layout(body.layout, caller.person_id)
        what, columns, title = layout.what, layout.columns, layout.name
    chosen = Selection(
        ids=tuple(body.ids) if body.ids is not None else None,
        filter=_filter(body.filter) if body.filter is not None else None,
    )
    wish = Wish(
        what=what,
        chosen=chosen,
        columns=columns,
        kind=body.kind,
        sort=read_sort(body.sort.value),
        title=title,
        password=body.password,
        reason=body.reason,
        masked=body.masked,
        language=language,
    )
    made = start_export(wish, who=looker(request), may=caller.permissions, at=request.at)
    return _export(get_export(made, caller.person_id, everybodys=False, at=request.at))


@routes.read("/exports/{bigid:export_id}", Export)
def get_one_export(request: Call, export_id: PathId) -> Export:
    """One export; somebody else's only with the permission `people`."""
    caller = request.auth
    everybodys = May.PEOPLE in caller.permissions
    return _export(get_export(export_id, caller.person_id, everybodys=everybodys, at=request.at))


@routes.file("/exports/{bigid:export_id}/file", XLSX, CSV)
def get_export_file(request: Call, export_id: PathId) -> HttpResponseBase:
    """The file, for the person who asked for it only, until it expires. Each time is noted in the access trail."""
    caller = request.auth
    found = take_file(export_id, who=looker(request), may=caller.permissions, at=request.at)
    return answer_file(found.name, found.kind, found.content)


@routes.read("/export-columns", ColumnList)
def list_export_columns(request: Call, wanted: Query[WhatQuery]) -> ColumnList:
    """Every column a sheet may have."""
    language = speaks(request)
    known = [
        ColumnKnown(key=each.key, title=pick(each.label, language), kind=each.kind, personal=each.mask is not None)
        for each in offered(wanted.what)
    ]
    return ColumnList(items=known, default=[each.key for each in default_columns(wanted.what)])


@routes.read("/export-layouts", Page[Layout])
def list_export_layouts(request: Call, paging: Query[PagingWithIds]) -> Page[Layout]:
    """One's own layouts and those others share."""
    rows, following = cut_known(list_layouts(request.auth.person_id), paging, lambda row: row.id)
    return Page(items=[_layout(row) for row in rows], next_cursor=following)


@routes.write("POST", "/export-layouts", Layout, may=May.READ, status=201)
def create_export_layout(request: Call, body: NewLayout) -> Layout:
    """Keep a layout for oneself, or share it."""
    person = request.auth.person_id
    made = create_layout(
        request.auth.company_id,
        body.what,
        LayoutFields(body.name, _given(body.columns), body.shared),
        by=person,
        at=request.at,
        language=speaks(request),
    )
    return _layout(get_layout(made, person))


@routes.write("PATCH", "/export-layouts/{bigid:layout_id}", Layout, may=May.READ)
def change_export_layout(request: Call, layout_id: PathId, body: LayoutChange) -> Layout:
    """Change one's own layout; a shared one also, with the permission `people`."""
    caller = request.auth
    changed = change_layout(
        layout_id,
        LayoutFields(body.name, _given(body.columns) if body.columns is not None else None, body.shared),
        by=caller.person_id,
        manages=May.PEOPLE in caller.permissions,
        at=request.at,
        language=speaks(request),
    )
    return _layout(changed)


@routes.write("DELETE", "/export-layouts/{bigid:layout_id}", None, may=May.READ, status=204)
def delete_export_layout(request: Call, layout_id: PathId) -> None:
    """Delete one's own layout; a shared one also, with the permission `people`."""
    caller = request.auth
    delete_layout(layout_id, by=caller.person_id, manages=May.PEOPLE in caller.permissions)


def _filter(given: ItemFilterBody) -> ItemFilter:
    return read_filter({field.name: getattr(given, field.name) for field in fields(ItemFilter)})


def _given(columns: list[ColumnBody]) -> list[dict[str, Any]]:
    return [each.model_dump() for each in columns]


def _export(row: ExportShown) -> Export:
    return Export.model_validate(row, from_attributes=True)


def _layout(row: LayoutShown) -> Layout:
    return Layout(
        id=row.id,
        owner=row.owner_id,
        owner_name=row.owner,
        name=row.name,
        what=row.what,
        columns=[ColumnChosen(key=each.key, title=each.title, value=each.value) for each in row.columns],
        shared=row.shared,
    )
