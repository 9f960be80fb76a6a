"""xlsx, xlsm and xls through calamine, inside the child: every row and column counts, the empty ones too."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jumun.sheets.cells import MOST_EXACT, CellError
from jumun.sheets.errors import SheetError
from jumun.sheets.limits import MOST_CELLS, MOST_MARKS
from jumun.sheets.marks import Marks
from jumun.sheets.opened import Opened
from jumun.sheets.xls_marks import read_xls_marks
from jumun.sheets.zip_check import check_zip

_COUNTS = 10**8
"""A number below this counts something (a quantity, an amount) and is not repeated down a merged area."""
_COUNTED = re.compile(r"[₩\\]?\s*(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,4}|0|\d+(?=\s*원))\s*(?:원|개|EA|ea)?")
"""A text that is an amount or a quantity."""


def open_xlsx(file: BinaryIO) -> Opened:
    """A zip with a workbook in it, checked first. Raises SheetError."""
    marks = check_zip(file)
    file.seek(0)
    return _open(file, "xlsm" if marks.macros else "xlsx", marks)


def open_xls(file: BinaryIO) -> Opened:
    """Excel 97–2003. Raises SheetError."""
    marks = read_xls_marks(file)
    file.seek(0)
    return _open(file, "xls", marks)


def _open(file: BinaryIO, kind: str, marks: Marks) -> Opened:
    try:
        book = _parse(file)
    except CalamineError as problem:
        raise SheetError("sheet_unreadable", why=type(problem).__name__) from None
    found = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if not found:
        raise SheetError("sheet_empty")
    sheets = [(each.name, each.visible != SheetVisibleEnum.Visible) for each in found]
    notices = marks.notices()
    if any(hidden for _, hidden in sheets):
        notices.append("hidden_sheets")
    opened = Opened(kind=kind, sheets=sheets, rows=lambda nth: iter(()), notices=notices)
    cache: dict[int, CalamineSheet] = {}

    def rows(nth: int) -> Iterator[list[Any]]:
        if nth not in cache:
            cache.clear()
            cache[nth] = _sheet(book, sheets[nth][0])
        return _rows(cache[nth], marks.errors.get(sheets[nth][0], {}), opened.notices)

    opened.rows = rows
    return opened


def _parse(file: BinaryIO) -> CalamineWorkbook:
    """From the disk where it lies there, so that it is not in memory beside its cells."""
    if isinstance(file, BytesIO) or not Path("/proc/self/fd").is_dir():
        return CalamineWorkbook.from_filelike(file)
    return CalamineWorkbook.from_path(f"/proc/self/fd/{file.fileno()}")


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        sheet = book.get_sheet_by_name(name)
    except CalamineError as problem:
        raise SheetError("sheet_unreadable", why=type(problem).__name__) from None
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise SheetError("sheet_too_big")
    return sheet


def _rows(sheet: CalamineSheet, errors: dict[tuple[int, int], str], notices: list[str]) -> Iterator[list[Any]]:
    """All rows; merged areas and error cells, which the parser leaves empty, are filled in."""
    last_error = max((row for row, _ in errors), default=-1)
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (y, x), code in errors.items():
        by_row.setdefault(y, []).append((x, code))
    start = sheet.start
    if start is None:
        for y in range(last_error + 1):
            yield _with_errors([], by_row.get(y, ()))
        return
    pad = [""] * start[1]
    merges = _merges(sheet)
    if merges and "merged_cells" not in notices:
        notices.append("merged_cells")
    running: list[tuple[int, int, Any]] = []
    y = -1
    for y, row in enumerate(sheet.iter_rows()):
        cells = pad + row if pad else row
        if y in by_row:
            cells = _with_errors(cells, by_row[y])
        if merges or running:
            cells, running = _fill(cells, y, merges.get(y, ()), running)
        yield cells
    for rest in range(y + 1, last_error + 1):
        yield _with_errors([], by_row.get(rest, ()))


def _with_errors(cells: list[Any], errors: Any) -> list[Any]:
    for x, code in errors:
        if x >= len(cells):
            cells = cells + [""] * (x + 1 - len(cells))
        if cells[x] == "":
            cells[x] = CellError(code)
    return cells


def _merges(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """By first row: column and last row of areas several rows high."""
    found = sheet.merged_cell_ranges or []
    if len(found) > MOST_MARKS:
        raise SheetError("sheet_too_big")
    by_row: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in found:
        if bottom > top:
            by_row.setdefault(top, []).append((left, bottom))
    return by_row


def _fill(
    cells: list[Any], y: int, begun: Any, running: list[tuple[int, int, Any]]
) -> tuple[list[Any], list[tuple[int, int, Any]]]:
    """Say a merged area's text on each of its rows; what only counts is said once (X04)."""
    running = [each for each in running if each[1] >= y]
    for x, _, said in running:
        if x < len(cells) and cells[x] == "":
            cells[x] = said
    for x, bottom in begun:
        if x < len(cells) and _is_repeated(cells[x]):
            running.append((x, bottom, cells[x]))
    return cells, running


def _is_repeated(cell: Any) -> bool:
    if isinstance(cell, bool) or cell == "" or (isinstance(cell, str) and _COUNTED.fullmatch(cell.strip())):
        return False
    return not isinstance(cell, int | float) or _COUNTS <= abs(cell) <= MOST_EXACT
