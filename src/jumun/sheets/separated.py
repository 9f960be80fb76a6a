"""csv, tsv and their like, inside the child: the separator is found by itself, quoted line breaks stay in their cell."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from jumun.sheets.encodings import find_encoding
from jumun.sheets.errors import SheetError
from jumun.sheets.limits import LONGEST_TEXT, MOST_COLUMNS
from jumun.sheets.neutral import restore
from jumun.sheets.opened import Opened

_SEPARATORS = (",", "\t", ";", "|")
_LOOKED_AT = 50
_SAID_AS_FORMULA = re.compile(r'="([^"]*)"')
"""How malls keep Excel from reading a number as one: ="0012"."""


def open_separated(path: str, start: bytes) -> Opened:
    """A text file with a record per line. Raises SheetError."""
    encoding = find_encoding(path)
    csv.field_size_limit(LONGEST_TEXT)
    separator = _find_separator(path, encoding)

    def rows(nth: int) -> Iterator[list[Any]]:
        return _rows(path, encoding, separator)

    if not any(any(row) for row in islice(rows(0), 1_000)):
        raise SheetError("sheet_empty")
    return Opened(kind="tsv" if separator == "\t" else "csv", sheets=[("", False)], rows=rows, encoding=encoding)


def _records(path: str, encoding: str, separator: str) -> Iterator[list[str]]:
    with Path(path).open(encoding=encoding, errors="strict", newline="") as file:
        if file.read(1) != "\ufeff":
            file.seek(0)
        yield from csv.reader(file, delimiter=separator)


def _rows(path: str, encoding: str, separator: str) -> Iterator[list[Any]]:
    try:
        for nth, record in enumerate(_records(path, encoding, separator)):
            if nth == 0 and len(record) == 1 and record[0].lower().startswith("sep="):
                yield []
                continue
            if len(record) > MOST_COLUMNS:
                raise SheetError("sheet_hostile", why="columns")
            yield [_said(cell) if cell and cell[0] in "='" else cell for cell in record]
    except csv.Error:
        raise SheetError("sheet_unreadable", why="quotes") from None


def _said(cell: str) -> str:
    found = _SAID_AS_FORMULA.fullmatch(cell)
    return found[1] if found else restore(cell)


def _find_separator(path: str, encoding: str) -> str:
    """The one that splits most of the first records into equally many cells."""
    with Path(path).open(encoding=encoding, newline="") as file:
        first = file.readline(64).lstrip("\ufeff").strip().lower()
    if re.fullmatch(r"sep=[,;|\t]", first):
        return first[-1]
    best, most = ",", 0
    for separator in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in islice(_records(path, encoding, separator), _LOOKED_AT) if any(row))
        except csv.Error:
            continue
        good = max((count * (width - 1) for width, count in widths.items()), default=0)
        if good > most:
            best, most = separator, good
    return best
