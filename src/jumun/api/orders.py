"""Orders and shipments."""

from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, looker, speaks
from jumun.api.fields import PathId
from jumun.api.paging import Page, PagingWithIds, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import (
    Happened,
    Order,
    OrderDetails,
    Recipient,
    Shipment,
    ToldChannel,
    order_values,
    reason_of,
    show_order,
    show_recipient,
    show_shipment,
)
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.dispatch.queries import Told, list_told
from jumun.orders.queries import get_order, list_orders, list_shipments, see_recipient

routes = Routes(tags=["orders"])


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


@routes.read("/orders/{bigid:order_id}", OrderDetails)
def get_one_order(request: Call, order_id: PathId) -> OrderDetails:
    """One order with everything about it, its recipient masked."""
    order = get_order(order_id)
    shipments, _ = list_shipments(ids=[shipment.id for shipment in order.shipments], limit=len(order.shipments))
    return OrderDetails(
        **order_values(order),
        shipments=[show_shipment(row) for row in shipments],
        timeline=[Happened.model_validate(row, from_attributes=True) for row in order.timeline],
        told=[_told(row, speaks(request)) for row in list_told(order)],
    )


@routes.read("/orders/{bigid:order_id}/recipient", Recipient, may=May.PERSONAL)
def see_order_recipient(request: Call, order_id: PathId) -> Recipient:
    """The recipient in clear. The look is written to the access trail."""
    seen = see_recipient(order_id)
    note_access(looker(request), did="view", subject=f"order:{order_id}", at=request.at)
    return show_recipient(seen)


@routes.read("/shipments", Page[Shipment])
def list_all_shipments(request: Call, wanted: Query[ShipmentQuery], paging: Query[PagingWithIds]) -> Page[Shipment]:
    """Shipments (묶음), newest first."""
    ids = paging.wanted()
    rows, after = list_shipments(
        bundle_nos=_parts(wanted.bundle_no), ids=ids or (), after=read_id_cursor(paging.cursor), limit=paging.limit
    )
    return Page(items=[show_shipment(row) for row in rows], next_cursor=str(after) if after else None)


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
