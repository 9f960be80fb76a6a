"""What a cell holds."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MOST_EXACT = 2**53
"""A number cell beyond this has lost digits: it stays a float, so that nobody takes it for an order number."""
ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True, slots=True)
class CellError:
    """An error a spreadsheet computed, such as "#REF!"."""

    code: str

    def __str__(self) -> str:
        return self.code


Cell = str | int | float | bool | datetime | date | time | timedelta | CellError | None
"""One cell's value. A whole number up to 2**53 is an int, a bigger one stays the float it was."""
Row = tuple[Cell, ...]
"""One row from the sheet's first column on; its end may be shorter than the sheet is wide."""
