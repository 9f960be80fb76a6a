"""Items: lists, counts, actions, and the batches actions leave behind."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from ninja import Query
from pydantic import BaseModel

from jumun.api.auth import Call, speaks
from jumun.api.filters import ItemFilterBody, ItemPaging, ItemQuery
from jumun.api.paging import Page, Paging, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import (
    ActionAnswer,
    ActionBody,
    Item,
    Refused,
    outcome_values,
    show_item,
)
from jumun.companies.roles import May, reaches
from jumun.core.errors import NotAllowedError
from jumun.core.sentences import sentence
from jumun.dispatch.doing import act
from jumun.dispatch.undoing import undo
from jumun.orders.batches import get_batch, list_refusals
from jumun.orders.filters import ItemFilter, read_filter
from jumun.orders.queries import COUNTED_TO, count_steps, list_items
from jumun.orders.selection import Selection
from jumun.orders.sorting import read_sort

routes = Routes(tags=["items"])


class Counts(BaseModel):
    """The flow strip: items by status and open claims by kind. A count above `counted_to` stops one beyond it."""

    statuses: dict[str, int]
    claims: dict[str, int]
    counted_to: int


class Batch(BaseModel):
    """One action with a set of items. `undoable` says whether its kind may be taken back at all."""

    id: UUID
    action: str
    at: datetime
    by: int | None
    done: int
    refused_total: int
    job: int | None
    undoes: UUID | None
    undoable: bool


@routes.read("/items", Page[Item])
def list_all_items(request: Call, wanted: Query[ItemQuery], paging: Query[ItemPaging]) -> Page[Item]:
    """Items in order, recipients masked. All filters together; values of one are alternatives.

    400 `bad_cursor`: a cursor of another sort. 400 `too_many_to_sort`: this sort takes fewer items than the filter means.
    """
    rows = list_items(
        _filter(wanted),
        ids=paging.wanted(),
        cursor=paging.cursor or None,
        limit=paging.limit,
        sort=read_sort(paging.sort.value),
    )
    return Page[Item].model_construct(items=[show_item(row) for row in rows.items], next_cursor=rows.next_cursor)


@routes.read("/items/counts", Counts)
def count_all_items(request: Call) -> Counts:
    """How many items stand where."""
    steps = count_steps()
    return Counts(statuses=dict(steps.statuses), claims=dict(steps.claims), counted_to=COUNTED_TO)


@routes.write("POST", "/items/actions/{action}", ActionAnswer, may=(May.MOVE, May.PACK))
def act_on_items(request: Call, action: str, body: ActionBody) -> ActionAnswer:
    """Do one action with any number of items: what may move moves, the rest is named with its reason.

    confirm and transmit answer a job that carries on; all others are done when this answers.
    """
    _check_reach(request, action)
    chosen = Selection(
        ids=tuple(body.ids) if body.ids is not None else None,
        filter=_filter(body.filter) if body.filter is not None else None,
        as_of=body.as_of,
    )
    params = body.params.model_dump(exclude_none=True, mode="json")
    outcome = act(action, chosen, params=params, by=request.auth.person_id, at=request.at, dry_run=body.dry_run)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.read("/batches/{uuid:batch_id}", Batch)
def get_one_batch(request: Call, batch_id: UUID) -> Batch:
    """What an action did."""
    return Batch.model_validate(get_batch(batch_id), from_attributes=True)


@routes.read("/batches/{uuid:batch_id}/refused", Page[Refused])
def list_refused(request: Call, batch_id: UUID, paging: Query[Paging]) -> Page[Refused]:
    """Every item the action left alone, and why."""
    rows, after = list_refusals(batch_id, after=read_id_cursor(paging.cursor) or 0, limit=paging.limit)
    language = speaks(request)
    items = [Refused(id=row.item_id, code=row.code, reason=sentence(row.code, language)) for row in rows]
    return Page(items=items, next_cursor=str(after) if after else None)


@routes.write("POST", "/batches/{uuid:batch_id}/undo", ActionAnswer, may=(May.MOVE, May.PACK))
def undo_batch(request: Call, batch_id: UUID) -> ActionAnswer:
    """Take an action back, item by item, where nothing happened since and no channel was told."""
    _check_reach(request, get_batch(batch_id).action)
    outcome = undo(batch_id, by=request.auth.person_id, at=request.at)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


def _check_reach(request: Call, action: str) -> None:
    if not reaches(request.auth.permissions, action):
        raise NotAllowedError("not_allowed")


def _filter(given: ItemQuery | ItemFilterBody) -> ItemFilter:
    """The filter asked for. Raises JumunError("invalid")."""
    return read_filter({field.name: getattr(given, field.name) for field in fields(ItemFilter)})
