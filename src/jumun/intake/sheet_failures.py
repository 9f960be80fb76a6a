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
from jumun.intake.sheet_fields import Field, Plan, Source
from jumun.intake.sheet_judging import judge
from jumun.intake.sheet_reading import REASON
from jumun.sheets.cells import MOST_EXACT
from jumun.sheets.writing import SheetColumn, write_table

KNOWN = (Verdict.STORED, Verdict.UPDATED, Verdict.SKIP)
"""Rows without a line's number count as the nth of their kind: those before a refused one go along, to be skipped."""


def write_failures(upload_id: int, *, language: str = "ko") -> str:
    """Write the refused rows, companions and known ones of their kind too, as they stood in the sheet with what was
    corrected since; answers where the file is kept. It may be asked for again at any time, and takes the place of the one before. Uploaded again it
    is read as the sheet it was made from. Raises NotFoundError.
    """
    upload = SheetUpload.objects.select_for_update(of=("self",), no_key=True).filter(id=upload_id).first()
    if upload is None or not upload.plan:
        raise NotFoundError("not_found")
    plan = Plan.from_json(upload.plan)
    rows = SheetRow.objects.filter(upload=upload)
    refused = rows.filter(verdict=Verdict.REFUSED)
    alike = refused.filter(base_key__startswith="s:").values("base_key")
    refused = (refused | rows.filter(verdict__in=KNOWN, left_out=False, base_key__in=alike)).order_by("row")
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
        code = row.code if row.verdict == Verdict.REFUSED else "already_known"
        yield [*cells, reason_of(code, row.problem, language)]


def _overlay(cells: list[str], fields: Mapping[str, str], plan: Plan) -> None:
    """What a person corrected or cleared stands in the file: in the first of a field's columns, or in its part of one."""
    before = next(judge([(plan.header_row + 1, tuple(cells))], plan)).fields
    for name, source in plan.sources.items():
        told = fields.get(name.value, "")
        if told == before.get(name, "") or source.each or name is Field.WAYBILL:
            continue
        first, *rest = (column for column in source.columns if column < len(cells))
        if source.split:
            cells[first] = _part_replaced(source.join.join(cells[each] for each in (first, *rest)), source, told)
        elif told or name in before:
            cells[first] = told
        else:  # what could not be read and was not corrected either
            continue
        for column in rest:
            cells[column] = ""


def _part_replaced(text: str, source: Source, told: str) -> str:
    parts = text.split(source.split)
    if -len(parts) <= source.part < len(parts):
        parts[source.part] = told
    return source.split.join(parts)


def text_of(cell: Any) -> str:
    """A kept cell as text: a number that lost digits keeps looking like one."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float() if abs(cell) > MOST_EXACT:
            return f"{cell:.14E}"
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell)
