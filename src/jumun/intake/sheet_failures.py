"""실패 파일: the rows that stayed out, on the same sheet, with the reason as the last column (Q31–Q34, X01)."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.utils.translation import override

from jumun.core.errors import NotFoundError
from jumun.core.files import forget_file, keep_file
from jumun.core.sentences import sentence
from jumun.intake.models import SheetRow, SheetUpload, Verdict
from jumun.intake.sheet_fields import Field, Plan
from jumun.intake.sheet_reading import REASON
from jumun.sheets.writing import SheetColumn, write_table

MOST_EXACT = 2**53


def write_failures(upload_id: int, *, language: str = "ko") -> str:
    """Write the refused rows, companions too, as they stood in the sheet with what was corrected since; answers where
    the file is kept. It may be asked for again at any time, and takes the place of the one before. Uploaded again it
    is read as the sheet it was made from. Raises NotFoundError.
    """
    upload = SheetUpload.objects.select_for_update(of=("self",), no_key=True).filter(id=upload_id).first()
    if upload is None or not upload.plan:
        raise NotFoundError("not_found")
    plan = Plan.from_json(upload.plan)
    refused = SheetRow.objects.filter(upload=upload, verdict=Verdict.REFUSED).order_by("row")
    width = max(len(plan.headers), 1)
    titles = [*(plan.headers or ("",)), REASON]
    with tempfile.TemporaryDirectory(prefix="jumun-") as folder, override(language):
        path = Path(folder) / "failures.xlsx"
        columns = [SheetColumn(title) for title in titles]
        write_table(path, columns, _rows(refused.iterator(chunk_size=2_000), plan, width, language), kind="xlsx")
        key = keep_file(upload.company_id, path.name, path)
    if upload.failures:
        with suppress(OSError):
            forget_file(upload.failures)
    upload.failures = key
    upload.save(update_fields=["failures"])
    return key


def reason_of(row_code: str, problem: Mapping[str, str] | None, language: str) -> str:
    """Why a row stayed out, as a person reads it: the column, the value as it stands there, and what to do."""
    told = sentence(row_code, language)
    if problem is None or problem.get("code") != row_code or not problem.get("column"):
        return told
    value = problem.get("value", "")
    return f"[{problem['column']}{': ' + value if value else ''}] {told}"


def _rows(refused: Iterator[SheetRow], plan: Plan, width: int, language: str) -> Iterator[list[str]]:
    for row in refused:
        cells = [text_of(cell) for cell in row.cells[:width]]
        cells += [""] * (width - len(cells))
        if row.fixed:
            _overlay(cells, row.fields, plan)
        yield [*cells, reason_of(row.code, row.problem, language)]


def _overlay(cells: list[str], fields: Mapping[str, str], plan: Plan) -> None:
    """What a person corrected stands in the file, where a field has a column of its own."""
    for name, source in plan.sources.items():
        if len(source.columns) == 1 and not source.split and not source.each and name is not Field.WAYBILL:
            told = fields.get(name.value, "")
            if told and source.columns[0] < len(cells):
                cells[source.columns[0]] = told


def text_of(cell: Any) -> str:
    """A kept cell as text: a number that lost digits keeps looking like one."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if abs(cell) > MOST_EXACT:
            return f"{cell:.14E}"
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell)
