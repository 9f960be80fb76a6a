"""Pages: `{"items": […], "next_cursor": null | "…"}`, `limit` ≤ 200, `cursor`, `ids=1,2,3` (DESIGN §5)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from jumun.api.problems import InvalidError
from jumun.core.errors import JumunError

BIGGEST_ID = 2**63 - 1
MOST = 200
MOST_IDS = 1000

Row = TypeVar("Row")
Shown = TypeVar("Shown", bound=BaseModel)


class Page(BaseModel, Generic[Shown]):
    """Some rows, and the cursor of the next ones; null at the end."""

    items: list[Shown]
    next_cursor: str | None = None


class Paging(BaseModel):
    """How every list is read."""

    limit: int = Field(50, ge=1, le=MOST)
    cursor: str = Field("", max_length=500, description="`next_cursor` of the page before")


class PagingWithIds(Paging):
    """The same for lists of things with an id."""

    ids: str = Field("", max_length=20_000, description="Only these: `1,2,3`")

    def wanted(self) -> list[int] | None:
        """The ids asked for, or None for all. Raises InvalidError."""
        if not self.ids:
            return None
        try:
            found = [int(part) for part in self.ids.split(",")]
        except ValueError as problem:
            raise InvalidError("invalid", field="ids") from problem
        if len(found) > MOST_IDS or any(not 0 < each <= BIGGEST_ID for each in found):
            raise InvalidError("invalid", field="ids")
        return found


def read_id_cursor(cursor: str) -> int | None:
    """The id to go on after; None at the start. Raises JumunError("bad_cursor")."""
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and 0 < int(cursor[:20]) <= BIGGEST_ID):
        raise JumunError("bad_cursor")
    return int(cursor)


def read_text_cursor(cursor: str) -> str:
    """The text to go on after; "" at the start. Raises JumunError("bad_cursor")."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as problem:
        raise JumunError("bad_cursor") from problem
    if "\x00" in text:
        raise JumunError("bad_cursor")
    return text


def write_text_cursor(text: str) -> str:
    """Where a list by text goes on."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cut(rows: Sequence[Row], limit: int, cursor_of: Callable[[Row], str]) -> tuple[Sequence[Row], str | None]:
    """A page of `limit` out of `limit + 1` rows read, and the next cursor."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor_of(rows[limit - 1])


def cut_known(
    rows: Sequence[Row], paging: PagingWithIds, id_of: Callable[[Row], int]
) -> tuple[Sequence[Row], str | None]:
    """A page of a short list that is all there already, by id."""
    wanted, after = paging.wanted(), read_id_cursor(paging.cursor) or 0
    left = sorted((row for row in rows if id_of(row) > after), key=id_of)
    if wanted is not None:
        left = [row for row in left if id_of(row) in wanted]
    return cut(left[: paging.limit + 1], paging.limit, lambda row: str(id_of(row)))
