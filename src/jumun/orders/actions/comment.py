"""Comments on an order: written, taken away by whoever wrote them, and brought back. Nothing of them is logged."""

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

from jumun.core.errors import JumunError, NotAllowedError, NotFoundError
from jumun.orders.comments import LONGEST
from jumun.orders.models import Order, OrderComment
from jumun.orders.moving import acting_company

if TYPE_CHECKING:
    from django.db.models import QuerySet


def add_comment(order_id: int, text: str, *, by: int | None, at: datetime) -> int:
    """Write one; answers its id. Raises NotFoundError, and JumunError("invalid") for an empty or too long text."""
    if not Order.objects.filter(id=order_id).exists():
        raise NotFoundError("not_found")
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not kept or len(kept) > LONGEST or "\x00" in kept:
        raise JumunError("invalid_comment", most=LONGEST)
    made = OrderComment.objects.create(company_id=acting_company(), order_id=order_id, by_id=by, at=at, text=kept)
    return int(made.id)


def delete_comment(order_id: int, comment_id: int, *, by: int | None, at: datetime) -> None:
    """Take one's own away; twice is once. Raises NotFoundError, NotAllowedError for another's."""
    _own(order_id, comment_id, by).filter(deleted_at=None).update(deleted_at=at)


def restore_comment(order_id: int, comment_id: int, *, by: int | None) -> None:
    """Bring one's own back. Raises NotFoundError, NotAllowedError for another's."""
    _own(order_id, comment_id, by).update(deleted_at=None)


def _own(order_id: int, comment_id: int, by: int | None) -> "QuerySet[OrderComment]":
    found = OrderComment.objects.filter(id=comment_id, order_id=order_id)
    whose = found.values_list("by_id", flat=True)[:1]
    if not whose:
        raise NotFoundError("not_found")
    if by is None or whose[0] != by:
        raise NotAllowedError("not_your_comment")
    return found
