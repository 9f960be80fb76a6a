"""xlsx, streamed: the Rust writer where it can, xlsxwriter where titles repeat or there is no row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from jumun.sheets.texts import Value

SHEET = "Sheet1"
HEAD_COLOR = "#E8EDF3"
FORMATS = {"text": "@", "number": "General", "date": "yyyy-mm-dd hh:mm"}
WIDTHS = {"text": 16.0, "number": 11.0, "date": 17.0}


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column as it looks."""

    title: str
    kind: str
    width: float | None

    @property
    def drawn_width(self) -> float:
        """In characters; Hangul in the title counts twice."""
        needed = sum(2 if ord(each) > 0x1100 else 1 for each in self.title) + 2
        return self.width or max(WIDTHS.get(self.kind, 16.0), min(needed, 40))


def write_xlsx(
    path: Path, columns: Sequence[ColumnShape], rows: Iterable[Sequence[Value]], *, sheet: str = SHEET
) -> None:
    """One sheet with titles and rows. Its strings are strings: nothing begins a formula (X09)."""
    titles = [column.title for column in columns]
    taken = iter(rows)
    first = list(islice(taken, 1))
    whole = chain(first, taken)
    if first and len(set(titles)) == len(titles) and all(titles):
        _write_fast(path, columns, whole, sheet)
    else:
        _write_plain(path, columns, whole, sheet)


def _write_fast(path: Path, columns: Sequence[ColumnShape], rows: Iterator[Sequence[Value]], name: str) -> None:
    from rustpy_xlsxwriter import Format, write_worksheet

    titles = [column.title for column in columns]
    empty: dict[str, Value] = dict.fromkeys(titles)
    with path.open("wb") as file:
        write_worksheet(
            ({**empty, **dict(zip(titles, row, strict=False))} for row in rows),
            file,
            sheet_name=name,
            freeze_row=1,
            header_format=Format().set_bold().set_background_color(HEAD_COLOR).set_num_format("@"),
            column_widths=[column.drawn_width for column in columns],
            column_formats=[Format().set_num_format(FORMATS.get(column.kind, "@")) for column in columns],
            ignore_errors=[column.title for column in columns if column.kind == "text"],
        )


def _write_plain(path: Path, columns: Sequence[ColumnShape], rows: Iterator[Sequence[Value]], name: str) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        head = book.add_format({"bold": True, "bg_color": HEAD_COLOR, "num_format": "@"})
        formats = [book.add_format({"num_format": FORMATS.get(column.kind, "@")}) for column in columns]
        for x, column in enumerate(columns):
            sheet.set_column(x, x, column.drawn_width, formats[x])
        for x, column in enumerate(columns):
            sheet.write_string(0, x, column.title, head)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate(row):
                write_cell(sheet, y, x, value, formats[x])


def write_cell(sheet: Any, y: int, x: int, value: Value, shape: Any) -> None:
    """One cell by the type of its value."""
    match value:
        case None:
            return
        case str():
            sheet.write_string(y, x, value, shape)
        case bool():
            sheet.write_boolean(y, x, value, shape)
        case datetime():
            sheet.write_datetime(y, x, value, shape)
        case _:
            sheet.write_number(y, x, value, shape)
