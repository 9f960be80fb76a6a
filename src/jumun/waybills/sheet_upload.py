"""송장 엑셀: a sheet of numbers is kept, read and previewed (P21–P23, C30, C31). Committing it is dispatch's: some are told."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.core.files import keep_file
from jumun.intake.sheet_reading import sheet_for_keeping
from jumun.intake.sheet_staging import clean
from jumun.sheets.reading import open_book
from jumun.waybills.carriers import CARRIERS
from jumun.waybills.models import State, WaybillUpload
from jumun.waybills.sheet_judging import check_rows, judge_rows
from jumun.waybills.sheet_reading import choose_sheet, stage_rows

LONGEST_NAME = 200


def start_upload(
    company_id: int,
    source: Path,
    name: str,
    *,
    carrier: str = "",
    password: str | None = None,
    by: int | None,
    at: datetime,
) -> int:
    """Keep a sheet of numbers and say what would become of each row; answers the upload.

    carrier    of rows that name none; "" when every row says its own
    password   of a locked file: it is used here and never kept

    Raises SheetError, and JumunError for a sheet without the columns it needs (P23): then nothing is kept.
    """
    _check_carrier(carrier)
    with sheet_for_keeping(source, password) as plain, open_book(plain) as book:
        sheet, columns = choose_sheet(book)
        upload = WaybillUpload.objects.create(
            company_id=company_id,
            name=clean(Path(name).name)[-LONGEST_NAME:],
            file="",
            kind=book.kind,
            sheet=sheet,
            headers=[clean(header) for header in columns.headers],
            columns={"header_row": columns.header_row, "places": dict(columns.places)},
            carrier=carrier,
            by_id=by,
            created_at=at,
        )
        upload.rows = stage_rows(upload, book, columns)
        if not upload.rows:
            raise JumunError("sheet_empty")
        judge_rows(upload)
        upload.file = keep_file(company_id, name, plain)
        upload.save(update_fields=["rows", "file"])
    return upload.id


def set_carrier(upload_id: int, carrier: str) -> None:
    """The carrier of rows that name none; every row gets its verdict anew. Raises NotFoundError, JumunError, ConflictError."""
    _check_carrier(carrier)
    upload = lock_upload(upload_id, State.READY)
    upload.carrier = carrier
    upload.save(update_fields=["carrier"])
    check_rows(upload)
    judge_rows(upload)


def lock_upload(upload_id: int, *states: str) -> WaybillUpload:
    """The upload, locked, in one of these states. Raises NotFoundError, ConflictError("sheet_busy" | "sheet_committed")."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an upload outside acting_as")
    found = WaybillUpload.objects.select_for_update(of=("self",), no_key=True).filter(id=upload_id).first()
    if found is None:
        raise NotFoundError("not_found")
    if found.state not in states:
        raise ConflictError("sheet_committed" if found.state == State.DONE else "sheet_busy")
    return found


def _check_carrier(carrier: str) -> None:
    if carrier and carrier not in CARRIERS:
        raise JumunError("unknown_carrier")
