"""Sheets of waybill numbers (송장 엑셀): upload → preview → commit; the result for ever, and the form to fill in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

from django.http import HttpResponseBase
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import NO_NUL, Body, PathId, Text
from jumun.api.files import XLSX, answer_file
from jumun.api.paging import Page, Paging, PagingWithIds, cut, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import JobMade, reason_of
from jumun.companies.roles import May, reaches
from jumun.companies.trail import note_access
from jumun.core.halves import received
from jumun.dispatch.waybill_sheets import start_commit
from jumun.waybills import sheet_queries
from jumun.waybills.sheet_result import write_result, write_waybill_form
from jumun.waybills.sheet_upload import set_carrier, start_upload

routes = Routes(tags=["waybills"])
SAVES = (May.PACK, May.MOVE)


class WaybillSheet(BaseModel):
    """An uploaded sheet of numbers. `columns`: the header each thing stands under; `counts`: rows by verdict.

    `to_commit`: rows a commit would save now; `doubts`: rows whose check digit does not fit.
    """

    id: int
    name: str
    state: str
    kind: str
    worksheet: str
    columns: dict[str, str]
    carrier: str
    rows: int
    counts: dict[str, int]
    codes: list["WaybillCode"]
    doubts: int
    to_commit: int
    saved: int
    job: int | None
    by: int | None
    by_name: str
    created_at: datetime
    committed_at: datetime | None


class WaybillCode(BaseModel):
    """How many rows are refused for a reason."""

    code: str
    reason: str | None
    rows: int


class WaybillSheetRow(BaseModel):
    """One row: the parcel it means, its number, the number that was there, what becomes of it and why not."""

    row: int
    key_kind: str
    key: str
    item: int | None
    shipment: int | None
    bundle_no: str
    said_carrier: str
    carrier: str
    number: str
    was_carrier: str
    was_number: str
    verdict: str
    code: str | None
    reason: str | None
    doubt: bool


class WaybillForm(BaseModel):
    """Beside the file: the carrier of rows that name none (its id), and the password of a locked file."""

    carrier: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    password: Annotated[str, Field(max_length=255, pattern=NO_NUL)] = ""


class WaybillSheetChange(Body):
    """The carrier of rows that name none."""

    carrier: Text


class WaybillRowQuery(BaseModel):
    """Which rows: of some verdicts (`refused,change`), of one reason."""

    verdict: str = Field("", max_length=100, pattern=r"^[a-z_,]*$")
    code: str = Field("", max_length=50, pattern=r"^[a-z_0-9]*$")


@routes.write("POST", "/waybill-sheets", WaybillSheet, may=SAVES, status=201)
def upload_waybill_sheet(request: Call, form: Form[WaybillForm], file: File[UploadedFile]) -> WaybillSheet:
    """Upload a sheet of numbers for its preview: each row named by 묶음번호, order number, line number or our row key.

    A sheet without the columns it needs is refused at once; everything else is said row by row.
    """
    with _on_disk(file) as path:
        made = start_upload(
            request.auth.company_id,
            path,
            file.name or "sheet",
            carrier=form.carrier,
            password=form.password or None,
            by=request.auth.person_id,
            at=request.at,
        )
    return _sheet(sheet_queries.get_upload(made), speaks(request))


@routes.read("/waybill-sheets", Page[WaybillSheet])
def list_waybill_sheets(request: Call, paging: Query[PagingWithIds]) -> Page[WaybillSheet]:
    """Uploaded sheets of numbers, newest first."""
    found = sheet_queries.list_uploads(
        cursor=read_id_cursor(paging.cursor), limit=paging.limit + 1, ids=paging.wanted()
    )
    page, following = cut(found, paging.limit, lambda row: str(row.id))
    return Page(items=[_sheet(each, speaks(request)) for each in page], next_cursor=following)


@routes.file("/waybill-sheets/form.xlsx", XLSX)
def get_waybill_form(request: Call) -> HttpResponseBase:
    """The form to fill in, with examples and the carriers to choose from."""
    return answer_file("waybills.xlsx", "xlsx", write_waybill_form(speaks(request)))


@routes.read("/waybill-sheets/{bigid:waybill_sheet_id}", WaybillSheet)
def get_waybill_sheet(request: Call, waybill_sheet_id: PathId) -> WaybillSheet:
    """One uploaded sheet of numbers, counted by what becomes of its rows."""
    return _sheet(sheet_queries.get_upload(waybill_sheet_id), speaks(request))


@routes.read("/waybill-sheets/{bigid:waybill_sheet_id}/rows", Page[WaybillSheetRow])
def list_waybill_sheet_rows(
    request: Call, waybill_sheet_id: PathId, wanted: Query[WaybillRowQuery], paging: Query[Paging]
) -> Page[WaybillSheetRow]:
    """Its rows in the sheet's order, each with its verdict and reason. What else stands in the sheet is not shown."""
    sheet_queries.get_upload(waybill_sheet_id)
    found = sheet_queries.list_rows(
        waybill_sheet_id,
        verdict=[each for each in wanted.verdict.split(",") if each] or None,
        code=wanted.code or None,
        cursor=read_id_cursor(paging.cursor),
        limit=paging.limit + 1,
    )
    page, following = cut(found, paging.limit, lambda row: str(row.row))
    return Page(items=[_row(each, speaks(request)) for each in page], next_cursor=following)


@routes.write("PATCH", "/waybill-sheets/{bigid:waybill_sheet_id}", WaybillSheet, may=SAVES)
def change_waybill_sheet(request: Call, waybill_sheet_id: PathId, body: WaybillSheetChange) -> WaybillSheet:
    """Choose the carrier of rows that name none; every row gets its verdict anew."""
    set_carrier(waybill_sheet_id, body.carrier)
    return _sheet(sheet_queries.get_upload(waybill_sheet_id), speaks(request))


@routes.write("POST", "/waybill-sheets/{bigid:waybill_sheet_id}/commit", JobMade, may=SAVES, status=202)
def commit_waybill_sheet(request: Call, waybill_sheet_id: PathId) -> JobMade:
    """Put the good numbers on their parcels, a few at once, many in the background. Again: the same job."""
    corrects = reaches(request.auth.permissions, "correct")
    who = request.auth.person_id
    return JobMade(job=start_commit(waybill_sheet_id, by=who, corrects=corrects, at=request.at))


@routes.file("/waybill-sheets/{bigid:waybill_sheet_id}/result.xlsx", XLSX)
def get_waybill_sheet_result(request: Call, waybill_sheet_id: PathId) -> HttpResponseBase:
    """The same sheet with 결과 and 사유, at any time; only parcel, carrier and number without `personal`."""
    clear = May.PERSONAL in request.auth.permissions
    made = write_result(waybill_sheet_id, language=speaks(request), cells=clear)
    if clear:
        note_access(looker(request), did="result", subject=f"waybill_sheet:{waybill_sheet_id}", at=request.at)
    return answer_file(f"waybills-{waybill_sheet_id}-result.xlsx", "xlsx", made)


def _sheet(each: sheet_queries.Upload, language: str) -> WaybillSheet:
    return WaybillSheet(
        id=each.id,
        name=each.name,
        state=each.state,
        kind=each.kind,
        worksheet=each.sheet,
        columns=dict(each.columns),
        carrier=each.carrier,
        rows=each.rows,
        counts=dict(each.counts),
        codes=[
            WaybillCode(code=code, reason=reason_of(code, language), rows=rows)
            for code, rows in sorted(each.codes.items())
        ],
        doubts=each.doubts,
        to_commit=each.to_commit,
        saved=each.saved,
        job=each.job,
        by=each.by,
        by_name=each.by_name,
        created_at=each.created_at,
        committed_at=each.committed_at,
    )


def _row(each: sheet_queries.Row, language: str) -> WaybillSheetRow:
    return WaybillSheetRow(
        row=each.row,
        key_kind=each.key_kind,
        key=each.key,
        item=each.item,
        shipment=each.shipment,
        bundle_no=each.bundle_no,
        said_carrier=each.said_carrier,
        carrier=each.carrier,
        number=each.number,
        was_carrier=each.was_carrier,
        was_number=each.was_number,
        verdict=each.verdict,
        code=each.code or None,
        reason=reason_of(each.code, language),
        doubt=each.doubt,
    )


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """The upload as a file that is gone afterwards."""
    with received(file.chunks()) as path:
        yield path
