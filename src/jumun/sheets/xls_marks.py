"""Reading over an xls for what its parser does not tell: error cells, hidden rows, macros."""

import struct
from typing import BinaryIO

import olefile

from jumun.sheets import limits
from jumun.sheets.errors import SheetError
from jumun.sheets.marks import Marks

_CODES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_FORMULA, _BOUNDSHEET, _BOOLERR, _ROW, _BOF = 0x0006, 0x0085, 0x0205, 0x0208, 0x0809
_HIDDEN = 0x20


def read_xls_marks(file: BinaryIO) -> Marks:
    """What was seen. Raises SheetError when it is no workbook."""
    try:
        with olefile.OleFileIO(file) as ole:
            name = next((each for each in ("Workbook", "Book") if ole.exists(each)), None)
            if name is None:
                raise SheetError("sheet_unreadable", why="no_workbook")
            marks = Marks(macros=ole.exists("_VBA_PROJECT_CUR"))
            _read_records(ole.openstream(name).read(), marks)
    except (OSError, struct.error, IndexError) as problem:
        raise SheetError("sheet_unreadable", why=type(problem).__name__) from None
    return marks


def _read_records(stream: bytes, marks: Marks) -> None:
    names: dict[int, str] = {}
    errors: dict[tuple[int, int], str] = {}
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind == _BOF:
            errors = marks.errors.setdefault(names[at], {}) if at in names else {}
        elif kind == _BOUNDSHEET and size > 8:
            names[struct.unpack_from("<I", stream, body)[0]] = _name(stream[body + 6 : body + size])
        elif kind == _ROW and size >= 16:
            marks.hidden_rows = marks.hidden_rows or bool(stream[body + 12] & _HIDDEN)
        elif kind in (_BOOLERR, _FORMULA):
            _note_error(stream, kind, body, size, errors)
            if len(errors) > limits.MOST_MARKS:
                raise SheetError("sheet_too_big", why="errors")
        at = body + size


def _note_error(stream: bytes, kind: int, body: int, size: int, errors: dict[tuple[int, int], str]) -> None:
    """An error cell: told as such, or what a formula came to."""
    if kind == _BOOLERR and size >= 8 and stream[body + 7] == 1:
        code = stream[body + 6]
    elif kind == _FORMULA and size >= 14 and stream[body + 6] == 2 and stream[body + 12 : body + 14] == b"\xff\xff":
        code = stream[body + 8]
    else:
        return
    row, column = struct.unpack_from("<HH", stream, body)
    errors[row, column] = _CODES.get(code, "#VALUE!")


def _name(told: bytes) -> str:
    """A sheet's name in BIFF8: length, width of characters, characters."""
    length, wide = told[0], told[1] & 1
    return told[2 : 2 + length * 2].decode("utf-16-le", "replace") if wide else told[2 : 2 + length].decode("latin-1")
