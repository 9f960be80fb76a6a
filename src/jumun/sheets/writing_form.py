"""A form to fill in: titles, examples, drop-downs and a sheet of notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from jumun.sheets.texts import Value, clean
from jumun.sheets.writing_xlsx import FORMATS, HEAD_COLOR, ColumnShape, write_cell

_FORM, _NOTES, _CHOICES = "주문서", "작성 안내", "선택 목록"
_LAST_ROW = 10_000
"""How far down drop-downs and text cells reach."""
_SHORT_LIST = 240
"""Characters a drop-down may hold by itself; a longer list stands on a hidden sheet."""
_REQUIRED_COLOR = "#FCE8D5"


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form."""

    title: str
    kind: str
    width: float | None
    choices: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class FormNote:
    """A line of the notes."""

    text: str


def write_form_book(
    path: Path, columns: Sequence[FormColumn], examples: Sequence[Sequence[Value]], notes: Sequence[FormNote]
) -> None:
    """The form, its notes and, where lists are long, a hidden sheet with them."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_FORM)
        sheet.freeze_panes(1, 0)
        for x, column in enumerate(columns):
            _write_column(book, sheet, x, column, [row[x] if x < len(row) else None for row in examples])
        lists = [(x, column) for x, column in enumerate(columns) if column.choices]
        if notes:
            _write_notes(book, notes)
        _write_choices(book, sheet, lists)


def _write_column(book: Any, sheet: Any, x: int, column: FormColumn, examples: Sequence[Value]) -> None:
    color = _REQUIRED_COLOR if column.required else HEAD_COLOR
    head = book.add_format({"bold": True, "bg_color": color, "border": 1, "num_format": "@"})
    shape = book.add_format({"num_format": FORMATS.get(column.kind, "@")})
    drawn = ColumnShape(column.title, column.kind, column.width)
    sheet.set_column(x, x, drawn.drawn_width, shape)
    sheet.write_string(0, x, clean(column.title), head)
    for y, value in enumerate(examples, 1):
        write_cell(sheet, y, x, value, shape)


def _write_notes(book: Any, notes: Sequence[FormNote]) -> None:
    sheet = book.add_worksheet(_NOTES)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 100, wrapped)
    for y, note in enumerate(notes):
        sheet.write_string(y, 0, clean(note.text), wrapped)


def _write_choices(book: Any, sheet: Any, lists: Sequence[tuple[int, FormColumn]]) -> None:
    """Drop-downs: short lists in the rule itself, long ones, or any with a comma, from a hidden sheet."""
    hidden: Any = None
    for nth, (x, column) in enumerate(lists):
        source: Any = [clean(each) for each in column.choices]
        if len(",".join(source)) > _SHORT_LIST or any("," in each for each in source):
            if hidden is None:
                hidden = book.add_worksheet(_CHOICES)
                hidden.hide()
            for y, each in enumerate(source):
                hidden.write_string(y, nth, each)
            source = f"='{_CHOICES}'!{xl_range_abs(0, nth, len(source) - 1, nth)}"
        sheet.data_validation(1, x, _LAST_ROW, x, {"validate": "list", "source": source})
