"""재고: what lies where, changes of it in bulk, and the ledger (I28, N20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.fields import NO_NUL, Body, Flag, Moment, Name, Text
from jumun.api.paging import Page, Paging
from jumun.api.routes import Routes
from jumun.companies.roles import May
from jumun.core.halves import received
from jumun.core.sentences import sentence
from jumun.stock import queries
from jumun.stock.actions import LONGEST_REASON, StockChanged, StockRow, change_stock, set_stock
from jumun.stock.changing import MOST
from jumun.stock.stock_sheets import put_stock_sheet

routes = Routes(tags=["stock"])
Units = Annotated[int, Field(strict=True, ge=-MOST, le=MOST)]
Reason = Annotated[str, Field(max_length=LONGEST_REASON, pattern=NO_NUL)]
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]


class SetRow(Body):
    """How many of a SKU there are at a ship-from, and how many are kept back; what is not said stays.

    `ship_from` "" is the SKU's own, or the only one there is.
    """

    sku: Name
    ship_from: Text = ""
    on_hand: Units | None = None
    safety: Units | None = None


class SetBody(Body):
    """Rows of any number."""

    stock: list[SetRow]


class ChangeRow(Body):
    """One change. `quantity` is what comes, goes, is there (count), or the difference (adjust); `to` is where it moves."""

    sku: Name
    ship_from: Text = ""
    quantity: Units
    to: Text = ""
    reason: Reason = ""


class ChangeBody(Body):
    """Rows of any number; `dry_run` says what would be refused and changes nothing."""

    rows: list[ChangeRow]
    dry_run: Flag = False


class RefusedStockRow(BaseModel):
    """A row that was left out: its place in the list from 0, and why."""

    row: int
    sku: str
    ship_from: str
    code: str
    reason: str


class ChangedAnswer(BaseModel):
    """How many rows were done; `refused` are the first 200 of those that were not."""

    done: int
    refused: list[RefusedStockRow]
    refused_total: int
    batch: str | None


class Stock(BaseModel):
    """One SKU at one ship-from. Of a set nothing lies anywhere: `on_hand` is null, `free` is what its parts make."""

    sku: str
    name: str
    option_text: str
    product: str
    barcode: str
    stocked: bool
    is_set: bool
    ship_from: str | None = Field(description="null while it was never counted, and of a set")
    on_hand: int | None
    reserved: int | None
    safety: int
    free: int = Field(description="on hand less reserved")
    sellable: int = Field(description="what a channel may be told: on hand less reserved less safety")
    low: bool


class StockFilter(BaseModel):
    """Which rows."""

    q: Words = Field("", description="words or initials of a code, name, option or barcode")
    sku: str = Field("", max_length=2000, pattern=NO_NUL, description="only these codes: `A,B`")
    ship_from: Words = ""
    supplier: Words = ""
    low: bool = Field(False, description="only what is down to its safety stock")


class StockMove(BaseModel):
    """One row of the ledger."""

    id: int
    at: datetime
    sku: str
    ship_from: str
    kind: str
    on_hand_by: int
    reserved_by: int
    cause: str
    item: int | None
    order_number: str | None
    by: str | None


class MoveFilter(BaseModel):
    """Which moves; several kinds are separated by commas."""

    sku: Words = ""
    kind: str = Field("", max_length=200, description=f"of {', '.join(queries.MOVE_KINDS)}", pattern="^[a-z_,]*$")
    since: Moment | None = None
    until: Moment | None = None


class StockSheetForm(Body):
    """How to read a sheet of stock."""

    dry_run: bool = False
    password: Text = ""


@routes.read("/stock", Page[Stock])
def list_all_stock(request: Call, wanted: Query[StockFilter], paging: Query[Paging]) -> Page[Stock]:
    """Stock by SKU, then ship-from; SKUs never counted stand with nothing."""
    del request
    skus = tuple(part for part in wanted.sku.split(",") if part)
    query = queries.StockQuery(wanted.q, skus, wanted.ship_from, wanted.supplier, wanted.low)
    found = queries.list_stock(query, cursor=paging.cursor or None, limit=paging.limit)
    return Page(items=[_show(row) for row in found.rows], next_cursor=found.next_cursor)


@routes.write("PUT", "/stock", ChangedAnswer, may=May.CATALOG)
def put_stock(request: Call, body: list[SetRow] | SetBody) -> ChangedAnswer:
    """Set what is there and what is kept back, in bulk; the ledger has the differences."""
    given = body.stock if isinstance(body, SetBody) else body
    rows = [StockRow(each.sku, each.ship_from, each.on_hand, each.safety) for each in given]
    return _tell(set_stock(rows, by=request.auth.person_id, at=request.at), speaks(request))


@routes.write("POST", "/stock/sheet", ChangedAnswer, may=May.CATALOG)
def put_sheet_of_stock(request: Call, form: Form[StockSheetForm], file: File[UploadedFile]) -> ChangedAnswer:
    """The same by a sheet: 품목코드 or 바코드, and 재고수량, 안전재고, 출고지. `row` is then the sheet's own number."""
    with received(file.chunks()) as path:
        done = put_stock_sheet(
            path,
            by=request.auth.person_id,
            at=request.at,
            dry_run=form.dry_run,
            password=form.password or None,
        )
    return _tell(done, speaks(request))


@routes.write("POST", "/stock/actions/{action}", ChangedAnswer, may=May.CATALOG)
def change_all_stock(
    request: Call, action: Literal["receive", "adjust", "count", "move", "scrap"], body: ChangeBody
) -> ChangedAnswer:
    """입고, 조정, 실사, 이동, 폐기: rows that cannot be done are named and leave the others."""
    rows = [StockRow(each.sku, each.ship_from, each.quantity, None, each.to, each.reason) for each in body.rows]
    done = change_stock(action, rows, by=request.auth.person_id, at=request.at, dry_run=body.dry_run)
    return _tell(done, speaks(request))


@routes.read("/stock/moves", Page[StockMove])
def list_stock_moves(request: Call, wanted: Query[MoveFilter], paging: Query[Paging]) -> Page[StockMove]:
    """The ledger, newest first."""
    del request
    found = queries.list_moves(
        sku=wanted.sku,
        kinds=[part for part in wanted.kind.split(",") if part],
        since=wanted.since,
        until=wanted.until,
        cursor=paging.cursor or None,
        limit=paging.limit,
    )
    rows = [
        StockMove(
            id=row.id,
            at=row.at,
            sku=row.sku,
            ship_from=row.ship_from,
            kind=row.kind,
            on_hand_by=row.on_hand_by,
            reserved_by=row.reserved_by,
            cause=row.cause,
            item=row.item_id,
            order_number=row.order_number or None,
            by=row.by_name or None,
        )
        for row in found.rows
    ]
    return Page(items=rows, next_cursor=found.next_cursor)


def _show(row: queries.StockShown) -> Stock:
    return Stock(
        sku=row.sku,
        name=row.name,
        option_text=row.option_text,
        product=row.product,
        barcode=row.barcode,
        stocked=row.stocked,
        is_set=row.made_of,
        ship_from=row.ship_from or None,
        on_hand=row.on_hand,
        reserved=row.reserved,
        safety=row.safety,
        free=row.free,
        sellable=row.tellable,
        low=row.low,
    )


def _tell(done: StockChanged, language: str) -> ChangedAnswer:
    shown: Sequence[RefusedStockRow] = [
        RefusedStockRow(
            row=each.row, sku=each.sku, ship_from=each.ship_from, code=each.code, reason=sentence(each.code, language)
        )
        for each in done.refused[:200]
    ]
    return ChangedAnswer(
        done=done.done,
        refused=list(shown),
        refused_total=len(done.refused),
        batch=str(done.batch) if done.batch else None,
    )
