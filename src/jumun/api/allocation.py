"""할당: give stock to orders, see who got what and why not, split off the rest, keep criteria (C18-C24)."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.fields import NO_NUL, Body, Flag, Id, Ids, Moment, Name, PathId
from jumun.api.filters import ItemFilterBody
from jumun.api.paging import Page, Paging, cut, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import ActionAnswer, outcome_values
from jumun.companies.roles import May
from jumun.core.errors import JumunError
from jumun.orders.filters import ItemFilter, read_filter
from jumun.orders.selection import Selection
from jumun.stock import allocation_queries as queries
from jumun.stock.allocating import start_run
from jumun.stock.criteria import LONGEST_DAYS, Criteria
from jumun.stock.explaining import explain_text
from jumun.stock.freeing import free_items
from jumun.stock.saving import LONGEST_NAME, SavedFields, criteria_of, forget_criteria, save_criteria
from jumun.stock.splitting import split_unallocated

routes = Routes(tags=["allocation"])
Number = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Kind = Literal["full", "partial"]
Time = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class CriteriaBody(Body):
    """Whose orders, in which turn, and how; what is left out means all. `channel_accounts` in the order of priority."""

    since: Moment | None = None
    until: Moment | None = None
    days: Annotated[int, Field(strict=True, ge=0, le=LONGEST_DAYS)] = 0
    channel_accounts: Annotated[list[Id], Field(max_length=200)] = []
    suppliers: Annotated[list[Name], Field(max_length=200)] = []
    option_tags: Annotated[list[Name], Field(max_length=200)] = []
    held: Flag = False
    quantity_from: Number | None = None
    quantity_to: Number | None = None
    amount_from: Number | None = None
    amount_to: Number | None = None
    again: Annotated[
        list[Kind],
        Field(max_length=2, description="shipments whose stock is given out anew; not once released"),
    ] = []
    partial: Flag = True
    split: Flag = False
    strategy: Literal["greedy", "best"] = "greedy"

    def read(self) -> Criteria:
        """As the run takes them."""
        said = self.model_dump()
        accounts = said.pop("channel_accounts")
        said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        return Criteria(accounts=tuple(accounts), **said)


class AllocationBody(Body):
    """Criteria, or saved ones by id. A dry run reckons and writes nothing."""

    criteria: CriteriaBody | None = None
    saved: Id | None = None
    dry_run: Flag = False


class AllocationAnswer(BaseModel):
    """A run. `state` is "waiting", "done" or "failed"; shipments full, partial, none; items auto, unallocated, split off.

    `proof` is of the best strategy: full shipments there can be at most, and whether the choice is proven.
    """

    id: int
    at: datetime
    saved: int | None
    criteria: dict[str, Any]
    dry_run: bool
    state: str
    batch: UUID | None
    full: int
    partial: int
    none: int
    auto: int
    unallocated: int
    split: int
    proof: dict[str, Any]
    finished_at: datetime | None


class ShortSku(BaseModel):
    """A SKU that is short, by how many, and the orders that have it; `more` are not named."""

    sku: str
    missing: int
    taken_by: list[str]
    more: int


class AllocationResult(BaseModel):
    """자동 ("auto") or 미할당 ("unallocated") of one item, how many of the units it needed it got, and why not more."""

    item: int
    shipment: int
    order_number: str
    shipment_state: str
    state: str
    quantity: int
    units: int
    code: str
    reason: str
    short: list[ShortSku]


class ResultQuery(BaseModel):
    """Of which shipments, and which items of them."""

    shipments: Literal["", "full", "partial", "none"] = ""
    state: Literal["", "auto", "unallocated"] = ""


class SplitBody(Body):
    """Order numbers or ids of shipments; neither means all."""

    orders: Annotated[list[Name], Field(max_length=1000)] | None = None
    shipments: Annotated[list[Id], Field(max_length=1000)] | None = None
    dry_run: Flag = False


class FreeBody(Body):
    """Exactly one of `ids` of items and `filter`."""

    ids: Ids | None = None
    filter: ItemFilterBody | None = None


class SavedBody(Body):
    """Criteria with a name. At `times` of day in Korea ("09:00") they run by themselves."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL)]
    criteria: CriteriaBody = CriteriaBody()
    times: Annotated[list[Time], Field(max_length=24)] = []

    def read(self) -> SavedFields:
        """As they are kept."""
        return SavedFields(self.name, self.criteria.read(), tuple(self.times))


class SavedAnswer(BaseModel):
    """Saved criteria."""

    id: int
    name: str
    criteria: dict[str, Any]
    times: list[str]
    changed_at: datetime


@routes.write("POST", "/allocation/runs", AllocationAnswer, may=May.MOVE, status=202)
def start_allocation_run(request: Call, body: AllocationBody) -> AllocationAnswer:
    """Have stock given out in the background; read the run until it is done."""
    if body.saved is not None and body.criteria is not None:
        raise JumunError("invalid", field="saved")
    criteria = criteria_of(body.saved) if body.saved is not None else (body.criteria or CriteriaBody()).read()
    made = start_run(criteria, by=request.auth.person_id, at=request.at, dry_run=body.dry_run, saved=body.saved)
    return _run(queries.get_run(made))


@routes.read("/allocation/runs", Page[AllocationAnswer])
def list_allocation_runs(request: Call, paging: Query[Paging]) -> Page[AllocationAnswer]:
    """Runs, newest first."""
    rows = queries.list_runs(before=read_id_cursor(paging.cursor), limit=paging.limit)
    page, following = cut(rows, paging.limit, lambda row: str(row.id))
    return Page(items=[_run(row) for row in page], next_cursor=following)


@routes.read("/allocation/runs/{bigid:run_id}", AllocationAnswer)
def get_allocation_run(request: Call, run_id: PathId) -> AllocationAnswer:
    """One run and its figures."""
    return _run(queries.get_run(run_id))


@routes.read("/allocation/runs/{bigid:run_id}/results", Page[AllocationResult])
def list_allocation_results(
    request: Call, run_id: PathId, wanted: Query[ResultQuery], paging: Query[Paging]
) -> Page[AllocationResult]:
    """What each item got in a run, and why not."""
    queries.get_run(run_id)
    rows = queries.list_results(
        run_id,
        shipments=wanted.shipments,
        state=wanted.state,
        after=read_id_cursor(paging.cursor) or 0,
        limit=paging.limit,
    )
    page, following = cut(rows, paging.limit, lambda row: str(row.item))
    return Page(items=[_result(row, speaks(request)) for row in page], next_cursor=following)


@routes.write("POST", "/allocation/split-unallocated", ActionAnswer, may=May.MOVE)
def split_unallocated_items(request: Call, body: SplitBody) -> ActionAnswer:
    """미할당주문나누기: what has no stock gets shipments of its own, so that the rest ships (C22)."""
    outcome = split_unallocated(
        orders=body.orders,
        shipments=body.shipments,
        dry_run=body.dry_run,
        by=request.auth.person_id,
        at=request.at,
    )
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.write("POST", "/allocation/release", ActionAnswer, may=May.MOVE)
def free_allocated_items(request: Call, body: FreeBody) -> ActionAnswer:
    """할당 해제: give back what these items, or those of a filter, have reserved (C20)."""
    given = body.filter
    wanted = (
        None if given is None else read_filter({each.name: getattr(given, each.name) for each in fields(ItemFilter)})
    )
    chosen = Selection(ids=None if body.ids is None else tuple(body.ids), filter=wanted)
    outcome = free_items(chosen, by=request.auth.person_id, at=request.at)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.read("/allocation/criteria", Page[SavedAnswer])
def list_allocation_criteria(request: Call) -> Page[SavedAnswer]:
    """Saved criteria by name."""
    return Page(items=[_saved(each) for each in queries.list_saved()])


@routes.write("POST", "/allocation/criteria", SavedAnswer, may=May.MOVE, status=201)
def save_allocation_criteria(request: Call, body: SavedBody) -> SavedAnswer:
    """Keep criteria under a name."""
    made = save_criteria(body.read(), by=request.auth.person_id, at=request.at)
    return _saved(queries.show_saved(made))


@routes.write("PUT", "/allocation/criteria/{bigid:criteria_id}", SavedAnswer, may=May.MOVE)
def change_allocation_criteria(request: Call, criteria_id: PathId, body: SavedBody) -> SavedAnswer:
    """Put others in their place."""
    made = save_criteria(body.read(), saved=criteria_id, by=request.auth.person_id, at=request.at)
    return _saved(queries.show_saved(made))


@routes.write("DELETE", "/allocation/criteria/{bigid:criteria_id}", None, may=May.MOVE, status=204)
def delete_allocation_criteria(request: Call, criteria_id: PathId) -> None:
    """Forget saved criteria."""
    forget_criteria(criteria_id)


def _run(row: queries.RunShown) -> AllocationAnswer:
    return AllocationAnswer(**{name: getattr(row, name) for name in AllocationAnswer.model_fields})


def _saved(row: queries.SavedShown) -> SavedAnswer:
    return SavedAnswer(**{name: getattr(row, name) for name in SavedAnswer.model_fields})


def _result(row: queries.ResultShown, language: str) -> AllocationResult:
    return AllocationResult(
        item=row.item,
        shipment=row.shipment,
        order_number=row.order_number,
        shipment_state=row.shipment_state,
        state=row.state,
        quantity=row.quantity,
        units=row.units,
        code=row.why.code,
        reason=explain_text(row.why, language) if row.why.code else "",
        short=[
            ShortSku(sku=each.sku, missing=each.missing, taken_by=list(each.takers), more=each.more)
            for each in row.why.short
        ],
    )
