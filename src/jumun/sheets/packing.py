"""What the reading child and its parent tell each other: frames of JSON or bytes. Nothing is ever unpickled."""

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from jumun.sheets.cells import ERRORS, MOST_EXACT, Cell, CellError, Row

HEADER_BYTES = 5
JSON, BYTES = b"J", b"B"
Special = tuple[int, int, str, str | float]
"""Where in the chunk (row, column), what it is, and how it is written: what JSON has no word for."""


def frame(kind: bytes, body: bytes) -> bytes:
    """One message with its kind and length before it."""
    return kind + len(body).to_bytes(4, "big") + body


def read_header(header: bytes) -> tuple[bytes, int]:
    """Kind and length of the message that follows."""
    return header[:1], int.from_bytes(header[1:], "big")


def pack_rows(rows: Iterable[Iterable[Any]]) -> tuple[list[list[Any]], list[Special]]:
    """Rows as JSON can carry them, and the list of cells it cannot."""
    packed: list[list[Any]] = []
    special: list[Special] = []
    for y, row in enumerate(rows):
        cells = list(row)
        for x, cell in enumerate(cells):
            kind = type(cell)
            if kind is str:
                if not cell:
                    cells[x] = None
                elif cell[0] == "#" and cell in ERRORS:
                    cells[x] = None
                    special.append((y, x, "e", cell))
            elif kind is float:
                if math.isfinite(cell):
                    if cell.is_integer() and abs(cell) <= MOST_EXACT:
                        cells[x] = int(cell)
                else:
                    cells[x] = None
                    special.append((y, x, "e", "#NUM!"))
            elif cell is not None and kind is not bool:
                cells[x] = _pack_odd(cell, y, x, special)
        while cells and cells[-1] is None and not (special and special[-1][:2] == (y, len(cells) - 1)):
            cells.pop()
        packed.append(cells)
    return packed, special


def _pack_odd(cell: Any, y: int, x: int, special: list[Special]) -> int | float | None:
    match cell:
        case int():
            return cell if abs(cell) <= MOST_EXACT else float(cell)
        case datetime():
            special.append((y, x, "m", cell.isoformat()))
        case date():
            special.append((y, x, "d", cell.isoformat()))
        case time():
            special.append((y, x, "t", cell.isoformat()))
        case timedelta():
            special.append((y, x, "s", cell.total_seconds()))
        case CellError():
            special.append((y, x, "e", cell.code))
        case _:
            special.append((y, x, "e", "#VALUE!"))
    return None


def unpack_rows(packed: list[list[Any]], special: list[Special]) -> list[Row]:
    """The rows as they were packed."""
    for y, x, kind, told in special:
        packed[y][x] = _unpack_odd(kind, told)
    return [tuple(row) for row in packed]


def _unpack_odd(kind: str, told: str | float) -> Cell:
    match kind:
        case "m":
            return datetime.fromisoformat(str(told))
        case "d":
            return date.fromisoformat(str(told))
        case "t":
            return time.fromisoformat(str(told))
        case "s":
            return timedelta(seconds=float(told))
        case _:
            return CellError(str(told))
