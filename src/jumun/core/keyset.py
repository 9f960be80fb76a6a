"""Cursors of lists that are read by moment and id, newest first."""

import base64
from datetime import datetime

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError


def write_cursor(moment: datetime, last: int) -> str:
    """Where a list goes on after this row."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{last}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """The moment and id to go on after. Raises JumunError("bad_cursor")."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, last = text.partition("|")
        read = read_moment(moment)
        number = int(last)
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
    if read.tzinfo is None or not 1970 <= read.year <= 9000 or not 0 <= number < 2**63:
        raise JumunError("bad_cursor")
    return read, number
