"""What every kind of file looks like once it is open, inside the child."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Opened:
    """A file that is open: its sheets, what was noticed, and how to read the rows of one."""

    kind: str
    sheets: list[tuple[str, bool]]
    """Name, and whether it is hidden."""
    rows: Callable[[int], Iterator[list[Any]]]
    """Rows of the sheet at this place, all of them, from the first row and column on."""
    encoding: str = ""
    notices: list[str] = field(default_factory=list)
