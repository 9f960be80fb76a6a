"""Reading over a worksheet's XML for what matters before it is parsed: how far it goes, what is hidden, its errors."""

import re

from jumun.sheets import limits
from jumun.sheets.errors import SheetError

_FILLED = rb"(?![^<>]*/>)"
_BROAD = re.compile(rb'r="([A-Za-z]{2,})[0-9]+"' + _FILLED)
_FAR = re.compile(rb'r="[A-Za-z]{1,3}([0-9]{6,})"' + _FILLED)
_ROW = re.compile(rb'<row [^<>]*?r="([0-9]+)"')
"""As Excel and every writer we know write it; these three are quick because they begin with a word."""
_BROAD_ANYHOW = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,})[0-9]+[\"']" + _FILLED)
_FAR_ANYHOW = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]+([0-9]{6,})[\"']" + _FILLED)
_ROW_ANYHOW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br\s*=\s*[\"']([0-9]+)[\"']")
_ODD = (b"r='", b"r =", b":row", b"<row\t", b"<row\n")
"""Signs, in a sheet's first megabyte, of a writer with habits of its own."""
_ALPHABET = 26
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NO_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b(?=[^<>]*\bt\s*=\s*[\"']e[\"'])[^<>]*\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]*>"
    rb"(?:<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>(#[^<]{1,20})</"
)


class SheetScan:
    """What one worksheet's XML says, told piece by piece."""

    def __init__(self) -> None:
        self.hidden_rows = self.hidden_columns = self.formulas_without_value = False
        self.errors: dict[tuple[int, int], str] = {}
        self._columns: set[bytes] = set()
        self._rows = 0
        self._odd: bool | None = None

    def look(self, piece: bytes, seen: int) -> None:
        """The next piece; its first `seen` bytes were in the one before. Raises SheetError."""
        if self._odd is None:
            self._odd = any(sign in piece for sign in _ODD)
        broad, far, rows = (_BROAD_ANYHOW, _FAR_ANYHOW, _ROW_ANYHOW) if self._odd else (_BROAD, _FAR, _ROW)
        self._columns.update(broad.findall(piece))
        for found in (*far.findall(piece), *rows.findall(piece)[-1:]):
            self._rows = max(self._rows, int(found[:12]))
        self._check_reach()
        if b"hidden" in piece:
            self.hidden_rows = self.hidden_rows or bool(_HIDDEN_ROW.search(piece))
            self.hidden_columns = self.hidden_columns or bool(_HIDDEN_COLUMN.search(piece))
        if not self.formulas_without_value and b"f>" in piece:
            self.formulas_without_value = bool(_NO_VALUE.search(piece))
        if b'"e"' in piece or b"'e'" in piece:
            self._note_errors(piece)

    def _check_reach(self) -> None:
        width = max((column_of(each) for each in self._columns), default=_ALPHABET)
        if width > limits.MOST_COLUMNS or self._rows > limits.MOST_ROWS:
            raise SheetError("sheet_hostile", why="far_cell")
        if width * self._rows > limits.MOST_CELLS:
            raise SheetError("sheet_too_big", why="far_cell")

    def _note_errors(self, piece: bytes) -> None:
        for letters, row, code in _ERROR.findall(piece):
            self.errors[int(row) - 1, column_of(letters) - 1] = code.decode("ascii", "replace")
        if len(self.errors) > limits.MOST_MARKS:
            raise SheetError("sheet_too_big", why="errors")


def column_of(letters: bytes) -> int:
    """The number of a column, from 1; letters beyond Excel's three are farther than anything."""
    if len(letters) > 3:
        return limits.MOST_COLUMNS + 1
    number = 0
    for each in letters.upper():
        number = number * 26 + each - 64
    return number
