"""주문서 업로드: a sheet is kept, read, previewed, corrected and committed; every step can be taken again (Q17–Q36, C8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from jumun.channels.queries import get_account
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.core.files import forget_file, keep_file
from jumun.intake.models import SheetRow, SheetUpload, UploadState, Verdict
from jumun.intake.sheet_fields import Field, Plan
from jumun.intake.sheet_judging import read_fields
from jumun.intake.sheet_reading import read_now, says_account, sheet_for_keeping
from jumun.intake.sheet_staging import as_json, base_key, clean, first_key, quantity_of
from jumun.intake.sheet_states import settle
from jumun.intake.sheet_templates import save_template
from jumun.intake.sheet_verdicts import judge_rows
from jumun.intake.storing import lock_storing
from jumun.jobs import queue
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family
from jumun.orders.actions.delete_lines import delete_lines

AT_ONCE = 2 * 1024 * 1024
"""Bytes of a file that is read in the request; a bigger one is read by a task."""
LONGEST_NAME = 200
KNOWN = ("skip", "update", "refuse")
OTHER = ("skip", "store", "refuse")
DUPLICATE = ("skip", "refuse")
OPEN = (UploadState.ASKING, UploadState.READY, UploadState.DONE)
"""States in which rows may be corrected and choices made."""
NAMED = 200
"""How many rows that moved on are named."""


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row of a batch that may not be deleted any more, and why."""

    row: int
    order_number: str
    code: str


@dataclass(frozen=True, slots=True)
class DeletedBatch:
    """What deleting a batch did; with `moved_total` nothing was deleted, and `moved` names the first of those rows."""

    lines: int
    orders: int
    moved: tuple[MovedRow, ...] = ()
    moved_total: int = 0


def start_upload(
    company_id: int,
    source: Path,
    name: str,
    *,
    account: int | None = None,
    password: str | None = None,
    template: int | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """Keep a sheet and read it, at once or, if it is big, by a job; answers the upload.

    account    whose orders they are; None where a column says so, or a person will
    password   of a locked file: it is used here and never kept
    template   reads it with this one instead of the one that fits

    Raises SheetError, NotFoundError; then nothing is kept.
    """
    if account is not None:
        get_account(account)
    with sheet_for_keeping(source, password) as plain:
        key = keep_file(company_id, name, plain)
        size = plain.stat().st_size
    upload = SheetUpload.objects.create(
        company_id=company_id,
        account_id=account,
        template_id=template,
        name=clean(Path(name).name)[-LONGEST_NAME:],
        file=key,
        by_id=by,
        created_at=at,
    )
    try:
        _read(upload, at_once=size <= AT_ONCE, by=by, at=at)
    except BaseException:
        forget_file(key)
        raise
    return upload.id


def map_columns(upload_id: int, plan: Plan, *, remember: str | None = None, by: int | None, at: datetime) -> None:
    """A person says which column is what; the sheet is read anew. `remember`: keep it as a template of this name.

    Raises NotFoundError, ConflictError("sheet_busy" | "sheet_committed").
    """
    upload = _lock(upload_id, UploadState.ASKING, UploadState.READY)
    if not plan.sources:
        raise JumunError("invalid", field="plan")
    upload.plan, upload.unsure = plan.to_json(), []
    if remember:
        several = says_account(plan)
        upload.template_id = save_template(
            upload.company_id,
            name=remember,
            plan=plan,
            account=None if several else upload.account_id,
            by=by,
            at=at,
        )
    upload.save(update_fields=["plan", "unsure", "template"])
    _read(upload, at_once=upload.rows <= 2_000, by=by, at=at)


def set_choices(
    upload_id: int,
    *,
    on_known: str | None = None,
    on_other: str | None = None,
    on_duplicate: str | None = None,
    account: int | None = None,
) -> None:
    """What to do with rows we know, of orders another account has, said twice; and whose orders they are.

    Raises NotFoundError, JumunError("invalid"), ConflictError("sheet_busy").
    """
    upload = _lock(upload_id, *OPEN)
    for name, told, allowed in (
        ("on_known", on_known, KNOWN),
        ("on_other", on_other, OTHER),
        ("on_duplicate", on_duplicate, DUPLICATE),
    ):
        if told is None:
            continue
        if told not in allowed:
            raise JumunError("invalid", field=name)
        setattr(upload, name, told)
    if account is not None and account != upload.account_id:
        upload.account_id = get_account(account).id
        if upload.state == UploadState.ASKING and not upload.unsure and upload.plan:
            upload.state = UploadState.READY
    upload.save(update_fields=["on_known", "on_other", "on_duplicate", "account", "state"])
    judge_rows(upload)


def fix_row(upload_id: int, row: int, fields: Mapping[str, str], *, by: int | None, at: datetime) -> None:
    """Correct what was understood of a row, in the preview or after the commit; it is judged anew, and so is its order.

    Raises NotFoundError, JumunError("invalid") for a field there is none of, ConflictError("sheet_busy" | "row_committed").
    """
    upload = _lock(upload_id, *OPEN)
    found = _open_row(upload_id, row)
    told = {Field(name): text for name, text in found.fields.items()}
    for name, text in fields.items():
        try:
            told[Field(name)] = text.strip()
        except ValueError as unknown:
            raise JumunError("invalid", field=name) from unknown
    known, problem = read_fields({name: text for name, text in told.items() if text})
    before = found.order_number
    found.fields = _json({name.value: text for name, text in (told | known).items() if text})
    found.order_number = clean(known.get(Field.ORDER_NO, ""))
    found.base_key = base_key(known)
    found.line_key = first_key(found.base_key)
    found.quantity = quantity_of(known.get(Field.QUANTITY, ""))
    found.problem = None
    if problem is not None:
        found.problem = _json(
            {"column": problem.column, "field": problem.field.value, "value": problem.value, "code": problem.code}
        )
    found.unsure, found.fixed, found.left_out = [], True, False
    found.save()
    judge_rows(upload, [before, found.order_number])


def leave_out_row(upload_id: int, row: int, *, out: bool = True) -> None:
    """Leave a row out of the commit, as if the sheet did not have it; or take it in again.

    Raises NotFoundError, ConflictError("sheet_busy" | "row_committed").
    """
    upload = _lock(upload_id, *OPEN)
    found = _open_row(upload_id, row)
    SheetRow.objects.filter(id=found.id).update(left_out=out)
    judge_rows(upload, [found.order_number])


def start_commit(upload_id: int, *, by: int | None, at: datetime) -> int:
    """등록: store every good order, by a job; answers it. While one runs: that one.

    Raises NotFoundError, ConflictError("sheet_busy" | "sheet_asking"), JumunError("nothing_to_commit").
    """
    upload = _lock(upload_id, *OPEN, UploadState.COMMITTING)
    if upload.state == UploadState.COMMITTING and upload.job_id is not None:
        return upload.job_id
    if upload.state == UploadState.ASKING:
        raise ConflictError("sheet_asking")
    orders = _orders_left(upload)
    if not orders:  # each chunk is judged anew; this is for a preview that has grown old
        judge_rows(upload)
        orders = _orders_left(upload)
    if not orders:
        raise JumunError("nothing_to_commit")
    job = open_job(
        company_id=upload.company_id,
        kind="sheet_import",
        family=Family.SHEET,
        parts=1,
        total=upload.orders + orders,
        params={"upload": upload_id},
        by=by,
        at=at,
    )
    upload.state, upload.job_id = UploadState.COMMITTING, job
    upload.save(update_fields=["state", "job_id"])
    queue.defer_by_name(
        "intake.commit_sheet",
        lock=f"sheet:{upload_id}",
        company_id=upload.company_id,
        upload_id=upload_id,
        job_id=job,
        by=by,
    )
    return job


def delete_batch(upload_id: int, *, by: int | None, at: datetime) -> DeletedBatch:
    """엑셀주문삭제: delete all orders a sheet brought, while nothing of them moved on (C8); else name what did.

    A sheet nothing of which was committed is thrown away. Raises NotFoundError, ConflictError("sheet_busy").
    """
    upload = _lock(upload_id, *OPEN, UploadState.FAILED, UploadState.READING)
    if upload.state == UploadState.READING and upload.job_id is not None:
        raise ConflictError("sheet_busy")  # without a job it was a command that was killed
    rows = SheetRow.objects.filter(upload=upload, verdict=Verdict.STORED, line_id__isnull=False)
    lines = [line for line in rows.values_list("line_id", flat=True) if line is not None]
    accounts = rows.values_list("account_id", flat=True).distinct()
    for account in sorted(each for each in accounts if each is not None):
        lock_storing(account)  # before their rows, as whoever stores does
    gone = delete_lines(lines, by=by, at=at) if lines else None
    if gone is not None and gone.moved:
        codes = {each.line_id: each.code for each in gone.moved}
        named = rows.filter(line_id__in=[each.line_id for each in gone.moved[:NAMED]]).order_by("row")
        moved = tuple(MovedRow(each.row, each.order_number, codes[each.line_id or 0]) for each in named)
        return DeletedBatch(0, 0, moved, len(gone.moved))
    rows.update(verdict=Verdict.DELETED, code="")
    upload.state, upload.deleted_at, upload.deleted_by_id = UploadState.DELETED, at, by
    upload.save(update_fields=["state", "deleted_at", "deleted_by"])
    return DeletedBatch(gone.lines if gone else 0, gone.orders if gone else 0)


def _read(upload: SheetUpload, *, at_once: bool, by: int | None, at: datetime) -> None:
    if at_once:
        read_now(upload.company_id, upload.id, at=at)
        return
    job = open_job(
        company_id=upload.company_id,
        kind="sheet_read",
        family=Family.SHEET,
        parts=1,
        params={"upload": upload.id},
        by=by,
        at=at,
    )
    upload.state, upload.job_id = UploadState.READING, job
    upload.save(update_fields=["state", "job_id"])
    queue.defer_by_name(
        "intake.read_sheet",
        lock=f"sheet:{upload.id}",
        company_id=upload.company_id,
        upload_id=upload.id,
        job_id=job,
    )


def _orders_left(upload: SheetUpload) -> int:
    wanted = SheetRow.objects.filter(upload=upload, verdict__in=(Verdict.NEW, Verdict.UPDATE))
    return wanted.values("account_id", "order_number").distinct().count()


def _lock(upload_id: int, *states: str) -> SheetUpload:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an upload outside acting_as")
    found = SheetUpload.objects.select_for_update(of=("self",), no_key=True).filter(id=upload_id).first()
    if found is None:
        raise NotFoundError("not_found")
    settle([found])
    if found.state not in states:
        code = "sheet_committed" if found.state in (UploadState.DONE, UploadState.DELETED) else "sheet_busy"
        raise ConflictError(code)
    return found


def _open_row(upload_id: int, row: int) -> SheetRow:
    found = SheetRow.objects.filter(upload_id=upload_id, row=row).exclude(verdict=Verdict.NONE).first()
    if found is None:
        raise NotFoundError("not_found")
    if found.verdict in (Verdict.STORED, Verdict.UPDATED, Verdict.DELETED):
        raise ConflictError("row_committed")
    return found


def _json(value: Any) -> Any:
    """The value as PostgreSQL takes it."""
    import json

    return json.loads(as_json(value))
