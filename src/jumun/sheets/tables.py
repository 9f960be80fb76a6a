"""A sheet that is one table with a header: its rows as texts by what the header's words mean."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from jumun.sheets.cells import ERRORS, MOST_EXACT, Cell, CellError, Row
from jumun.sheets.errors import SheetError
from jumun.sheets.reading import open_book

HEADER_WITHIN = 30
LOST = "#DIGITS!"
"""A number that lost digits, or a code that a spreadsheet took for a day: nobody knows any more what it was."""

Names = Mapping[str, Sequence[str]]
"""Fields, and the header words of each in small letters and figures; of two that stand in one sheet the first counts."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the header by the sheet's own numbers, each with the text of every column that was found."""

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


class NoHeaderError(Exception):
    """No row within the first has the columns that must be there."""


class TooManyRowsError(Exception):
    """More rows than are taken."""


def read_table(
    source: Path, names: Names, *, needs: Sequence[frozenset[str]], most: int, password: str | None = None
) -> Table:
    """Read the first worksheet that is not hidden; empty rows are left out.

    needs   at least one column of each set must be there

    Raises NoHeaderError, TooManyRowsError, SheetError, among them `sheet_column_twice` for two columns of one name.
    """
    with _first_sheet(source, password) as given:
        rows = list(islice(given, most + HEADER_WITHIN + 1))
    start, places = _find_header(rows, names, needs)
    found = [
        (number, {what: _cell(row, column) for what, column in places.items()})
        for number, row in enumerate(rows[start:], start + 1)
    ]
    found = [(number, said) for number, said in found if any(said.values())]
    if len(found) > most:
        raise TooManyRowsError
    return Table(tuple(places), found)


def is_wrong(said: str) -> bool:
    """Whether a text is an error cell or something that lost what it was."""
    return said == LOST or said in ERRORS


@contextmanager
def _first_sheet(source: Path, password: str | None) -> Iterator[Iterator[Row]]:
    with open_book(source, password=password) as book:
        shown = next((sheet.name for sheet in book.sheets if not sheet.hidden), book.sheets[0].name)
        yield book.rows(shown)


def _find_header(rows: Sequence[Row], names: Names, needs: Sequence[frozenset[str]]) -> tuple[int, dict[str, int]]:
    meant = {name: (what, rank) for what, given in names.items() for rank, name in enumerate(given)}
    for start, row in enumerate(rows[:HEADER_WITHIN], 1):
        words = [_plain(_text(cell)) for cell in row]
        places: dict[str, tuple[int, int]] = {}
        for column, word in enumerate(words):
            what, rank = meant.get(word, ("", 0))
            if what and (what not in places or rank < places[what][0]):
                places[what] = (rank, column)
        if all(each & places.keys() for each in needs):
            twice = [_text(row[column]) for _, column in places.values() if words.count(words[column]) > 1]
            if twice:
                raise SheetError("sheet_column_twice", column=twice[0][:50])
            return start, {what: column for what, (_, column) in places.items()}
    raise NoHeaderError


def _plain(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())


def _cell(row: Row, column: int) -> str:
    return _text(row[column]) if column < len(row) else ""


def _text(cell: Cell) -> str:
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime | date):
        return LOST
    if isinstance(cell, float):
        return LOST if abs(cell) > MOST_EXACT else f"{cell:.15g}"
    return "" if cell is None else str(cell).replace("\x00", "").strip()
