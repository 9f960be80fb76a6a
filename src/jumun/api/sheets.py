"""Sheets of orders (주문서): upload → preview → commit; failure file, batch deletion, templates."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import HttpResponseBase
from ninja import File, Form, Query
from ninja.files import UploadedFile

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import PathId
from jumun.api.files import XLSX, answer_file
from jumun.api.paging import Page, Paging, PagingWithIds, cut, cut_known, read_id_cursor
from jumun.api.problems import InvalidError
from jumun.api.routes import Routes
from jumun.api.schemas import JobMade, reason_of
from jumun.api.sheet_schemas import (
    Deleted,
    MovedRow,
    RowChange,
    RowQuery,
    Sheet,
    SheetChange,
    SheetRow,
    Template,
    TemplateBody,
    UploadForm,
    show_row,
    show_sheet,
    show_template,
)
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.errors import NotFoundError
from jumun.core.files import open_kept
from jumun.intake import sheet_queries, sheet_upload
from jumun.intake.sheet_failures import write_failures
from jumun.intake.sheet_templates import delete_template, get_template, save_template

routes = Routes(tags=["sheets"])


@routes.write("POST", "/sheets", Sheet, may=May.MOVE, status=201)
def upload_sheet(request: Call, form: Form[UploadForm], file: File[UploadedFile]) -> Sheet:
    """Upload a sheet of orders for its preview. A big one is read by a job: `state` is `reading` until then."""
    with _on_disk(file) as path:
        made = sheet_upload.start_upload(
            request.auth.company_id,
            path,
            file.name or "sheet",
            account=form.account,
            password=form.password or None,
            template=form.template,
            by=request.auth.person_id,
            at=request.at,
        )
    return show_sheet(sheet_queries.get_upload(made), speaks(request))


@routes.read("/sheets", Page[Sheet])
def list_sheets(request: Call, paging: Query[PagingWithIds]) -> Page[Sheet]:
    """Uploaded sheets, newest first."""
    found = sheet_queries.list_uploads(
        cursor=read_id_cursor(paging.cursor), limit=paging.limit + 1, ids=paging.wanted()
    )
    page, following = cut(found, paging.limit, lambda row: str(row.id))
    return Page(items=[show_sheet(each, speaks(request)) for each in page], next_cursor=following)


@routes.read("/sheets/{bigid:sheet_id}", Sheet)
def get_sheet(request: Call, sheet_id: PathId) -> Sheet:
    """One uploaded sheet with what becomes of its rows. Samples of its cells, which nothing else answers, only for whoever
    may see personal data: the look is written to the trail.
    """
    found = sheet_queries.get_upload(sheet_id)
    clear = May.PERSONAL in request.auth.permissions
    if clear and found.samples:
        note_access(looker(request), did="view", subject=f"sheet:{sheet_id}", at=request.at)
    return show_sheet(found, speaks(request), clear=clear)


@routes.read("/sheets/{bigid:sheet_id}/rows", Page[SheetRow], may=May.PERSONAL)
def list_sheet_rows(request: Call, sheet_id: PathId, wanted: Query[RowQuery], paging: Query[Paging]) -> Page[SheetRow]:
    """Its rows in the sheet's order, recipients in clear: the look is written to the trail."""
    sheet_queries.get_upload(sheet_id)
    found = sheet_queries.list_rows(
        sheet_id,
        verdict=[each for each in wanted.verdict.split(",") if each] or None,
        code=wanted.code or None,
        cursor=read_id_cursor(paging.cursor),
        limit=paging.limit + 1,
    )
    page, following = cut(found, paging.limit, lambda row: str(row.row))
    note_access(looker(request), did="view", subject=f"sheet:{sheet_id}", at=request.at)
    return Page(items=[show_row(each, speaks(request), clear=True) for each in page], next_cursor=following)


@routes.write("PATCH", "/sheets/{bigid:sheet_id}", Sheet, may=May.MOVE)
def change_sheet(request: Call, sheet_id: PathId, body: SheetChange) -> Sheet:
    """Say what to do with known rows, whose orders they are, or which column is what: the sheet is judged anew."""
    who, at = request.auth.person_id, request.at
    if body.remember is not None and body.plan is None:
        raise InvalidError("invalid", field="remember")
    sheet_upload.set_choices(
        sheet_id,
        on_known=body.on_known,
        on_other=body.on_other,
        on_duplicate=body.on_duplicate,
        account=body.account,
    )
    if body.plan is not None:
        sheet_upload.map_columns(sheet_id, body.plan.read(), remember=body.remember, by=who, at=at)
    return show_sheet(sheet_queries.get_upload(sheet_id), speaks(request))


@routes.write("PATCH", "/sheets/{bigid:sheet_id}/rows/{bigid:row}", SheetRow, may=May.MOVE)
def change_sheet_row(request: Call, sheet_id: PathId, row: PathId, body: RowChange) -> SheetRow:
    """Correct what was understood of a row, or leave it out; its order is judged anew. Answers nothing of the recipient."""
    if body.fields:
        fields = {name.value: text for name, text in body.fields.items()}
        sheet_upload.fix_row(sheet_id, row, fields, by=request.auth.person_id, at=request.at)
    if body.left_out is not None:
        sheet_upload.leave_out_row(sheet_id, row, out=body.left_out)
    found = sheet_queries.list_rows(sheet_id, rows=[row])
    if not found:
        raise NotFoundError("not_found")
    return show_row(found[0], speaks(request))


@routes.write("POST", "/sheets/{bigid:sheet_id}/commit", JobMade, may=May.MOVE, status=202)
def commit_sheet(request: Call, sheet_id: PathId) -> JobMade:
    """Store every good order, whole. While that runs: its job."""
    return JobMade(job=sheet_upload.start_commit(sheet_id, by=request.auth.person_id, at=request.at))


@routes.file("/sheets/{bigid:sheet_id}/failures.xlsx", XLSX, may=May.PERSONAL)
def get_sheet_failures(request: Call, sheet_id: PathId) -> HttpResponseBase:
    """The rows that stayed out, on the same sheet, with the reason as the last column; at any time."""
    key = write_failures(sheet_id, language=speaks(request))
    note_access(looker(request), did="failures", subject=f"sheet:{sheet_id}", at=request.at)
    return answer_file(f"failures-{sheet_id}.xlsx", "xlsx", open_kept(key))


@routes.write("DELETE", "/sheets/{bigid:sheet_id}", Deleted, may=May.MOVE)
def delete_sheet(request: Call, sheet_id: PathId) -> Deleted:
    """엑셀주문삭제: delete all orders the sheet brought while nothing of them moved on; else nothing, and what did by name."""
    done = sheet_upload.delete_batch(sheet_id, by=request.auth.person_id, at=request.at)
    language = speaks(request)
    moved = [
        MovedRow(row=each.row, order_number=each.order_number, code=each.code, reason=reason_of(each.code, language))
        for each in done.moved
    ]
    return Deleted(lines=done.lines, orders=done.orders, moved=moved, moved_total=done.moved_total)


@routes.read("/sheet-templates", Page[Template])
def list_sheet_templates(request: Call, paging: Query[PagingWithIds]) -> Page[Template]:
    """Saved ways to read a sheet."""
    page, following = cut_known(sheet_queries.list_templates(), paging, lambda row: row.id)
    return Page(items=[show_template(each) for each in page], next_cursor=following)


@routes.write("POST", "/sheet-templates", Template, may=May.MOVE, status=201)
def create_sheet_template(request: Call, body: TemplateBody) -> Template:
    """Keep a plan under a name; one of that name is replaced."""
    return show_template(get_template(_save(request, body, None)))


@routes.write("PATCH", "/sheet-templates/{bigid:template_id}", Template, may=May.MOVE)
def change_sheet_template(request: Call, template_id: PathId, body: TemplateBody) -> Template:
    """Replace a template."""
    return show_template(get_template(_save(request, body, template_id)))


@routes.write("DELETE", "/sheet-templates/{bigid:template_id}", None, may=May.MOVE, status=204)
def delete_sheet_template(request: Call, template_id: PathId) -> None:
    """Forget a template; sheets read with it stay."""
    delete_template(template_id)


def _save(request: Call, body: TemplateBody, template: int | None) -> int:
    return save_template(
        request.auth.company_id,
        name=body.name,
        plan=body.plan.read(),
        account=body.account,
        by=request.auth.person_id,
        at=request.at,
        template=template,
    )


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """The upload as a file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jumun-") as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path
