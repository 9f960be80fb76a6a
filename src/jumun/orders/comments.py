"""Reading what people write to each other about an order. Comments may hold personal data: never in logs or events."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jumun.core.errors import NotFoundError
from jumun.orders.models import Order, OrderComment
from jumun.orders.queries import MOST

LONGEST = 2_000
"""Most characters of one comment."""


@dataclass(frozen=True, slots=True)
class CommentShown:
    """One comment; `by_name` is "" when the person is gone."""

    id: int
    order_id: int
    at: datetime
    by: int | None
    by_name: str
    text: str


def list_comments(
    order_id: int, *, before: int | None = None, limit: int = MOST
) -> tuple[list[CommentShown], int | None]:
    """Comments of an order that are not deleted, newest first, and the `before` of the next ones. Raises NotFoundError."""
    length = max(1, min(limit, MOST))
    found = OrderComment.objects.filter(order_id=order_id, deleted_at=None).select_related("by").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    rows = [_shown(row) for row in found[: length + 1]]
    if not rows and not Order.objects.filter(id=order_id).exists():
        raise NotFoundError("not_found")
    more, rows = len(rows) > length, rows[:length]
    return rows, rows[-1].id if more else None


def get_comment(order_id: int, comment_id: int) -> CommentShown:
    """One comment of an order, not deleted. Raises NotFoundError."""
    found = OrderComment.objects.filter(id=comment_id, order_id=order_id, deleted_at=None).select_related("by").first()
    if found is None:
        raise NotFoundError("not_found")
    return _shown(found)


def split_mentions(text: str, names: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, and whether a piece is an `@name` of one of these people. Longer names win."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    if not known:
        return [(text, False)] if text else []
    pattern = re.compile(f"(@(?:{'|'.join(re.escape(name) for name in known)}))")
    return [(piece, bool(pattern.fullmatch(piece))) for piece in pattern.split(text) if piece]


def _shown(row: OrderComment) -> CommentShown:
    return CommentShown(row.id, row.order_id, row.at, row.by_id, row.by.name if row.by else "", row.text)
