"""Orders and shipments."""

from typing import Annotated

from ninja import Header, Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import PathId
from jumun.api.paging import Page, PagingWithIds, read_id_cursor
from jumun.api.problems import ChangedMeanwhileError, InvalidError, VersionMissingError
from jumun.api.routes import Routes
from jumun.api.schemas import (
    Happened,
    Order,
    OrderDetails,
    OrderEdit,
    RecipientInClear,
    Shipment,
    ToldChannel,
    order_values,
    reason_of,
    show_clear,
    show_order,
    show_shipment,
)
from jumun.api.single_entry import EntryOrder, OrdersAnswer, read_orders, show_registered
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.tenancy import acting_as
from jumun.dispatch.queries import Told, list_told
from jumun.intake.single_entry import register
from jumun.orders.actions.edit import EDITABLE, Edited, edit_order, see_other_address
from jumun.orders.addresses import mask_field
from jumun.orders.queries import get_order, list_orders, list_shipments, see_recipient

routes = Routes(tags=["orders"])


IfMatch = Annotated[str, Header(alias="If-Match", pattern=r'^("[1-9][0-9]{0,8}")?$', description="GET's ETag")]


class OrderQuery(BaseModel):
    """Which orders."""

    number: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$", description="channel numbers: `A,B`")] = ""


class ShipmentQuery(BaseModel):
    """Which shipments."""

    bundle_no: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$", description="bundle numbers: `A,B`")] = ""


@routes.read("/orders", Page[Order])
def list_all_orders(request: Call, wanted: Query[OrderQuery], paging: Query[PagingWithIds]) -> Page[Order]:
    """Orders, newest first, recipients masked."""
    rows, after = list_orders(
        numbers=_parts(wanted.number),
        ids=paging.wanted(),
        after=read_id_cursor(paging.cursor),
        limit=paging.limit,
    )
    return Page(items=[show_order(row) for row in rows], next_cursor=str(after) if after else None)


@routes.write("POST", "/orders", OrdersAnswer, may=May.MOVE)
def register_orders(request: Call, body: list[EntryOrder] | EntryOrder) -> OrdersAnswer:
    """Register orders by hand as 신규주문: one or a list. Every good one goes in, every bad one is named with its faults.

    Lines are linked to their SKUs at once. An order number is unique for each account: a second is refused.
    """
    done = register(read_orders(body), by=request.auth.person_id, at=request.at)
    return show_registered(done, speaks(request))


@routes.read("/orders/{bigid:order_id}", OrderDetails)
def get_one_order(request: Call, order_id: PathId) -> OrderDetails:
    """One order with everything about it, its recipient masked."""
    return _details(request, order_id)


@routes.write("PATCH", "/orders/{bigid:order_id}", OrderDetails, may=May.MOVE, remote=True)
def edit_one_order(request: Call, order_id: PathId, body: OrderEdit, if_match: IfMatch = "") -> OrderDetails:
    """Change recipient and memo while goods of it are in the house, on the version that was read.

    The version is GET's ETag as `If-Match`, or its `revision` in the body; without one 428 `revision_missing`. On
    another version 409 `changed_meanwhile` with what differs, and nothing changes. A recipient's values need their own
    permission to be told in clear. Where the channel's newer address waits beside ours (`address_differs`), giving any
    field of the address is the choice.
    """
    revision = _version(if_match, body.revision)
    values = body.model_dump(include=set(EDITABLE), exclude_none=True)
    clear = May.PERSONAL in request.auth.permissions
    with acting_as(request.auth.company_id):
        edited = edit_order(order_id, values, revision=revision, by=request.auth.person_id, at=request.at)
        if edited.changed:
            note_access(looker(request), did="edit", subject=f"order:{order_id}", at=request.at)
        if edited.stale and clear:
            note_access(looker(request), did="view", subject=f"order:{order_id}", at=request.at)
        if not edited.stale:
            return _details(request, order_id)
    raise ChangedMeanwhileError(_diff(edited, clear=clear), revision=edited.revision)


def _details(request: Call, order_id: int) -> OrderDetails:
    order = get_order(order_id)
    request.etag = f'"{order.revision}"'
    shipments, _ = list_shipments(ids=[shipment.id for shipment in order.shipments], limit=len(order.shipments))
    return OrderDetails(
        **order_values(order),
        product_url=order.product_url,
        shipments=[show_shipment(row) for row in shipments],
        timeline=[Happened.model_validate(row, from_attributes=True) for row in order.timeline],
        told=[_told(row, speaks(request)) for row in list_told(order)],
    )


@routes.read("/orders/{bigid:order_id}/recipient", RecipientInClear, may=May.PERSONAL)
def see_order_recipient(request: Call, order_id: PathId) -> RecipientInClear:
    """The recipient in clear, with the channel's newer address where one waits. The look is written to the trail."""
    seen = see_recipient(order_id)
    note_access(looker(request), did="view", subject=f"order:{order_id}", at=request.at)
    return show_clear(seen, see_other_address(order_id))


@routes.read("/shipments", Page[Shipment])
def list_all_shipments(request: Call, wanted: Query[ShipmentQuery], paging: Query[PagingWithIds]) -> Page[Shipment]:
    """Shipments (묶음), newest first."""
    ids = paging.wanted()
    rows, after = list_shipments(
        bundle_nos=_parts(wanted.bundle_no), ids=ids or (), after=read_id_cursor(paging.cursor), limit=paging.limit
    )
    return Page(items=[show_shipment(row) for row in rows], next_cursor=str(after) if after else None)


def _version(if_match: str, revision: int | None) -> int:
    """The version a call names. Raises VersionMissingError, InvalidError when it names two."""
    named = int(if_match.strip('"')) if if_match else None
    if named is not None and revision is not None and named != revision:
        raise InvalidError("invalid", field="revision")
    version = revision if named is None else named
    if version is None:
        raise VersionMissingError("revision_missing")
    return version


def _diff(edited: Edited, *, clear: bool) -> dict[str, dict[str, str]]:
    return {
        name: {
            side: value if clear else mask_field(name, value)
            for side, value in (("yours", each.yours), ("theirs", each.theirs))
        }
        for name, each in edited.differs.items()
    }


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _told(row: Told, language: str) -> ToldChannel:
    return ToldChannel(
        verb=row.verb,
        state=row.state,
        unit=row.unit,
        carrier=row.carrier or None,
        number=row.number or None,
        code=row.code or None,
        reason=reason_of(row.code, language, row.message),
        message=row.message,
        attempt=row.attempt,
        planned_at=row.planned_at,
        answered_at=row.answered_at,
    )
