"""Opening a stranger's spreadsheet: parsed in a child process with limits, streamed from it row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jumun.sheets.cells import Row
from jumun.sheets.errors import SheetError
from jumun.sheets.packing import unpack_rows
from jumun.sheets.process import Child, reading_child

__all__ = ["Book", "SheetError", "SheetInfo", "open_book"]


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One worksheet; of an HTML file, one table; a csv has one without a name."""

    name: str
    hidden: bool = False


class Book:
    """An open file. One sheet is read at a time: a new question ends the reading before it."""

    def __init__(self, child: Child) -> None:
        told = child.hear()
        assert isinstance(told, dict)
        self._child = child
        self._asked = 0
        self.kind: str = told["kind"]
        """"xlsx", "xlsm", "xls", "csv", "tsv" or "html", by its bytes and not by its name."""
        self.encoding: str = told["encoding"]
        """Of a text file, else ""."""
        self.notices: tuple[str, ...] = tuple(told["notices"])
        """Codes of what a person should know: macros_dropped, hidden_rows, hidden_columns, hidden_sheets,
        merged_cells (known once a sheet was read from), formulas_without_value."""
        self.sheets: tuple[SheetInfo, ...] = tuple(SheetInfo(name, hidden) for name, hidden in told["sheets"])

    def head(self, name: str, rows: int = 200) -> list[Row]:
        """The first rows of a sheet. Raises SheetError."""
        return list(self._read(name, rows))

    def rows(self, name: str) -> Iterator[Row]:
        """All rows of a sheet, the empty ones too: `enumerate(rows, 1)` counts as the sheet does. Raises SheetError."""
        return self._read(name, None)

    def _read(self, name: str, most: int | None) -> Iterator[Row]:
        nth = next((nth for nth, each in enumerate(self.sheets) if each.name == name), None)
        if nth is None:
            raise SheetError("sheet_empty")
        self._asked += 1
        mine = self._asked
        self._child.ask({"sheet": nth, "most": most, "nth": mine})
        while True:
            answer = self._child.hear()
            assert isinstance(answer, dict)
            if answer["nth"] != mine:
                continue
            if answer.get("end"):
                self.notices = tuple(answer["notices"])
                return
            yield from unpack_rows(answer["rows"], answer["special"])
            if self._asked != mine:
                raise RuntimeError("another sheet of this book was asked for while this one was read")


@contextmanager
def open_book(path: Path, *, password: str | None = None) -> Iterator[Book]:
    """A file of any kind we read; its child lives as long as the block.

    Raises SheetError: sheet_password_needed, sheet_password_wrong, sheet_too_big, sheet_hostile, sheet_unreadable,
    sheet_encoding, sheet_empty.
    """
    with reading_child(path, password=password) as child:
        yield Book(child)
