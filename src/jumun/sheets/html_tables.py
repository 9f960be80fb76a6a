"""HTML tables that are named .xls, as many malls send them, inside the child: each table is a sheet (X07)."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jumun.sheets.errors import SheetError
from jumun.sheets.limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_FILE_BYTES, MOST_ROWS, MOST_TABLES
from jumun.sheets.opened import Opened

_START = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|table|body|style|div|\?xml|!--)", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "windows-949", "x-windows-949", "uhc"}
_UNSEEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SKIPPED = frozenset(("script", "style", "title", "xml"))


def looks_like_html(start: bytes) -> bool:
    """Does a file begin as a page does?"""
    text = (
        start.decode("utf-16", "ignore").encode() if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else start
    )
    return bool(_START.match(text.removeprefix(codecs.BOM_UTF8)))


def open_html(path: str) -> Opened:
    """A page's tables. Raises SheetError."""
    if Path(path).stat().st_size > MOST_FILE_BYTES // 2:
        raise SheetError("sheet_too_big")
    text, encoding = _decode(Path(path).read_bytes())
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise SheetError("sheet_unreadable", why="spreadsheet_2003_xml")
    reader = _Tables()
    reader.feed(text)
    reader.close()
    tables = [table for table in reader.tables if any(any(row) for row in table)]
    if not tables:
        raise SheetError("sheet_empty")

    def rows(nth: int) -> Iterator[list[Any]]:
        return iter([list(row) for row in tables[nth]])

    sheets = [(f"표 {nth}", False) for nth in range(1, len(tables) + 1)]
    return Opened(kind="html", sheets=sheets, rows=rows, encoding=encoding, notices=reader.notices)


def _decode(content: bytes) -> tuple[str, str]:
    """All of it in the encoding it names, else in utf-8, else in cp949; strictly."""
    tried = ["utf-8", "cp949"]
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        tried = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif named := _CHARSET.search(content[:4096]):
        tried.sort(key=lambda each: (each == "cp949") != (named[1].decode("ascii").lower() in _KOREAN))
    for encoding in tried:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SheetError("sheet_encoding")


class _Table:
    """One table while it is read: its rows, the cell that is open, and cells that reach down from above."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.spans = (1, 1)
        self.reaching: dict[int, tuple[int, str]] = {}

    def end_cell(self) -> None:
        if self.cell is None:
            return
        if not self.rows:
            self.rows.append([])
        text = _BLANKS.sub(" ", "".join(self.cell)).replace(" \v", "\v").replace("\v ", "\v").replace("\v", "\n")
        text = text.replace("\xa0", " ").strip()
        if len(text) > LONGEST_CELL:
            raise SheetError("sheet_hostile", why="long_cell")
        self.cell = None
        row = self.rows[-1]
        self._fill_from_above(row)
        across, down = self.spans
        if down > 1:
            self.reaching[len(row)] = (down - 1, text)
        row.extend([text, *[""] * (across - 1)])
        if len(row) > MOST_COLUMNS:
            raise SheetError("sheet_hostile", why="columns")

    def end_row(self) -> None:
        self.end_cell()
        if self.rows:
            self._fill_from_above(self.rows[-1])

    def _fill_from_above(self, row: list[str]) -> None:
        while (above := self.reaching.get(len(row))) is not None:
            left, text = above
            if left > 1:
                self.reaching[len(row)] = (left - 1, text)
            else:
                del self.reaching[len(row)]
            row.append("" if _counts(text) else text)


def _counts(text: str) -> bool:
    """A number that counts something is said once, not on every row of its cell."""
    digits = text.replace(",", "")
    return digits.isdecimal() and len(digits) < 9


class _Tables(HTMLParser):
    """Collects the tables of a page, those inside others for themselves."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.notices: list[str] = []
        self._open: list[_Table] = []
        self._cells = 0
        self._skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping = tag
        elif tag == "table":
            if len(self.tables) >= MOST_TABLES or len(self._open) >= MOST_TABLES:
                raise SheetError("sheet_hostile", why="tables")
            table = _Table()
            self._open.append(table)
            self.tables.append(table.rows)
        elif self._open:
            self._inside(self._open[-1], tag, dict(attrs))

    def _inside(self, table: _Table, tag: str, told: dict[str, str | None]) -> None:
        if tag == "tr":
            table.end_row()
            table.rows.append([])
            if _UNSEEN.search(told.get("style") or ""):
                self._notice("hidden_rows")
        elif tag in ("td", "th"):
            table.end_cell()
            table.cell = []
            table.spans = _number(told.get("colspan"), MOST_COLUMNS), _number(told.get("rowspan"), MOST_ROWS)
            self._cells += table.spans[0]
            if self._cells > MOST_CELLS // 4:
                raise SheetError("sheet_too_big")
            if table.spans[1] > 1:
                self._notice("merged_cells")
        elif tag in ("br", "p", "div") and table.cell:
            table.cell.append("\v")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._open[-1].end_cell()
        elif tag == "tr":
            self._open[-1].end_row()
        elif tag == "table":
            self._open.pop().end_row()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None and not self._skipping:
            self._open[-1].cell.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self._open.pop().end_row()

    def _notice(self, code: str) -> None:
        if code not in self.notices:
            self.notices.append(code)


def _number(told: str | None, most: int) -> int:
    text = (told or "").strip()
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 8 else 1
