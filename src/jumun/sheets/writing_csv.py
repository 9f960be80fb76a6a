"""csv for Excel: utf-8 with its mark, CRLF, and no text that a spreadsheet would run (X09)."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from jumun.sheets.neutral import neutralise
from jumun.sheets.texts import Value


def write_csv(path: Path, titles: Sequence[Value], rows: Iterable[Sequence[Value]]) -> None:
    """Titles, then rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([_said(title) for title in titles])
        out.writerows([_said(value) for value in row] for row in rows)


def _said(value: Value) -> Value:
    """Text is made harmless; a number keeps its sign."""
    if isinstance(value, str):
        return neutralise(value)
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
