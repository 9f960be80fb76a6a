"""Comments on an order, and the list of batches: what people said and did."""

from datetime import datetime
from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call
from jumun.api.fields import Body, PathId
from jumun.api.items import Batch
from jumun.api.paging import BIGGEST_ID, Page, Paging, read_id_cursor
from jumun.api.routes import Routes
from jumun.companies.roles import May
from jumun.orders.actions.comment import add_comment, delete_comment
from jumun.orders.batches import list_batches
from jumun.orders.comments import LONGEST, CommentShown, get_comment, list_comments

routes = Routes(tags=["orders"])


class Comment(BaseModel):
    """What somebody wrote about an order. It may hold personal data."""

    id: int
    order_id: int
    at: datetime
    by: int | None
    by_name: str
    text: str


class NewComment(Body):
    """A comment to write."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$")]


class BatchQuery(BaseModel):
    """Whose batches."""

    by: Annotated[int, Field(ge=1, le=BIGGEST_ID)] | None = None


@routes.read("/orders/{bigid:order_id}/comments", Page[Comment])
def list_order_comments(request: Call, order_id: PathId, paging: Query[Paging]) -> Page[Comment]:
    """Comments of an order, newest first."""
    rows, before = list_comments(order_id, before=read_id_cursor(paging.cursor), limit=paging.limit)
    return Page(items=[_show(row) for row in rows], next_cursor=str(before) if before else None)


@routes.write("POST", "/orders/{bigid:order_id}/comments", Comment, may=(May.MOVE, May.PACK), status=201)
def add_order_comment(request: Call, order_id: PathId, body: NewComment) -> Comment:
    """Write a comment on an order."""
    made = add_comment(order_id, body.text, by=request.auth.person_id, at=request.at)
    return _show(get_comment(order_id, made))


@routes.write(
    "DELETE", "/orders/{bigid:order_id}/comments/{bigid:comment_id}", None, may=(May.MOVE, May.PACK), status=204
)
def delete_order_comment(request: Call, order_id: PathId, comment_id: PathId) -> None:
    """Take one's own comment away; another person's is refused with 403 `not_your_comment`."""
    delete_comment(order_id, comment_id, by=request.auth.person_id, at=request.at)


@routes.read("/batches", Page[Batch])
def list_all_batches(request: Call, wanted: Query[BatchQuery], paging: Query[Paging]) -> Page[Batch]:
    """What people did with items, newest first: how many went through, how many stayed."""
    found = list_batches(by=wanted.by, cursor=paging.cursor or None, limit=paging.limit)
    items = [Batch.model_validate(row, from_attributes=True) for row in found.items]
    return Page(items=items, next_cursor=found.next_cursor)


def _show(row: CommentShown) -> Comment:
    return Comment.model_validate(row, from_attributes=True)
