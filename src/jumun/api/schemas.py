"""What goes in and out about orders, items, shipments, actions and jobs."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from jumun.api.fields import Body, Flag, Id, Moment, Text, one_of
from jumun.api.filters import ItemFilterBody
from jumun.core.refusal import Outcome
from jumun.core.refusal import Refusal as RefusalRow
from jumun.core.sentences import sentence
from jumun.orders.addresses import LONGEST
from jumun.orders.queries import ItemRow, OrderDetail, ShipmentRow

Money = int | str
"""Whole won as a number; any other currency as a decimal in a text."""


def money(amount: Decimal, currency: str) -> Money:
    """An amount as JSON tells it."""
    return int(amount) if currency == "KRW" else str(amount)


class Item(BaseModel):
    """An order item (주문 품목), the atom. `recipient` is masked; empty texts of what is not there yet are null."""

    id: int
    order_id: int
    order_number: str
    channel: str
    channel_account: int
    account_name: str
    line_no: str
    origin: str
    status: str
    status_since: datetime
    cancelled_at: datetime | None
    quantity: int
    amount: Money
    currency: str
    product_name: str
    option_text: str
    sku: str | None
    matched: bool
    shipment: str = Field(description="bundle number (묶음번호)")
    shipment_id: int
    carrier: str | None
    waybill: str | None
    claim: str | None
    claim_open: bool
    held: bool
    holds: list[str]
    push: str | None
    push_code: str | None
    method: str
    reprint: bool
    allocation: str = Field(description="none, partial or full: how much of its stock is reserved (할당)")
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    recipient: str
    address: str


_NULLED = ("sku", "carrier", "waybill", "claim", "push", "push_code")


def show_item(row: ItemRow) -> Item:
    """An item as REST tells it."""
    values: dict[str, Any] = {name: getattr(row, name) for name in Item.model_fields}
    values |= {name: values[name] or None for name in _NULLED}
    return Item.model_construct(**values | {"amount": money(row.amount, row.currency)})


class Shipment(BaseModel):
    """A shipment (묶음); its status is its least advanced live item's."""

    id: int
    bundle_no: str
    status: str
    carrier: str | None
    waybill: str | None
    waybill_at: datetime | None
    items: int
    quantity: int
    order_numbers: list[str]


def show_shipment(row: ShipmentRow) -> Shipment:
    """A shipment as REST tells it."""
    values: dict[str, Any] = {name: getattr(row, name) for name in Shipment.model_fields}
    return Shipment.model_construct(**values | {"carrier": row.carrier or None, "waybill": row.waybill or None})


class Recipient(BaseModel):
    """Who an order goes to; masked unless `clear`."""

    name: str
    phone1: str
    phone2: str
    postcode: str
    address1: str
    address2: str
    country: str
    message: str
    buyer_name: str
    clear: bool


class AddressSaid(BaseModel):
    """An address as a channel tells it."""

    name: str
    phone1: str
    phone2: str
    postcode: str
    address1: str
    address2: str
    message: str
    country: str


class RecipientInClear(Recipient):
    """The same in clear; `channel_address` is the channel's newer one while it waits beside a person's edit."""

    channel_address: AddressSaid | None


_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_PHONE = r"[()+-]*[0-9][0-9()+-]*"


class OrderEdit(Body):
    """What to change; fields left out stay. Phone numbers take digits and ( ) + - only."""

    revision: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1, description="GET's, or send If-Match")] | None = (
        None
    )
    name: Annotated[str, Field(min_length=1, max_length=LONGEST["name"], pattern=_LINE)] | None = None
    phone1: Annotated[str, Field(max_length=LONGEST["phone1"], pattern=f"^{_PHONE}$")] | None = None
    phone2: Annotated[str, Field(max_length=LONGEST["phone2"], pattern=f"^({_PHONE})?$")] | None = None
    postcode: Annotated[str, Field(max_length=LONGEST["postcode"], pattern=r"^[0-9A-Za-z -]+$")] | None = None
    address1: Annotated[str, Field(min_length=1, max_length=LONGEST["address1"], pattern=_LINE)] | None = None
    address2: Annotated[str, Field(max_length=LONGEST["address2"], pattern=_LINE)] | None = None
    message: Annotated[str, Field(max_length=LONGEST["message"], pattern=_LINES)] | None = None
    memo: Annotated[str, Field(max_length=LONGEST["memo"], pattern=_LINES)] | None = None


class Happened(BaseModel):
    """One row of a timeline."""

    at: datetime
    action: str
    came_from: str
    went_to: str
    item: int | None
    by: str
    batch: UUID | None
    detail: dict[str, Any]


class ToldChannel(BaseModel):
    """What the channel was told, and answered."""

    verb: str
    state: str
    unit: str
    carrier: str | None
    number: str | None
    code: str | None
    reason: str | None
    message: str
    attempt: int
    planned_at: datetime
    answered_at: datetime | None


class Order(BaseModel):
    """One channel order with its items. `amount` adds up the items'."""

    id: int
    number: str
    channel: str
    channel_account: int
    account_name: str
    status: str
    currency: str
    amount: Money
    shipping_fee: Money
    ordered_at: datetime
    paid_at: datetime | None
    memo: str
    items: list[Item]
    recipient: Recipient
    revision: int = Field(description="version of recipient and memo; a PATCH names it")
    address_differs: bool = Field(description="the channel changed its address after a person edited ours")


class OrderDetails(Order):
    """The same with its shipments, its timeline (newest first) and what its channel was told."""

    product_url: str = Field(description="the page it was sold on, where somebody said it")
    shipments: list[Shipment]
    timeline: list[Happened]
    told: list[ToldChannel]


def show_order(order: OrderDetail) -> Order:
    """An order as lists tell it."""
    return Order(**order_values(order))


def order_values(order: OrderDetail) -> dict[str, Any]:
    """What `Order` and `OrderDetails` have in common."""
    plain = {name: getattr(order, name) for name in Order.model_fields}
    return plain | {
        "amount": money(order.amount, order.currency),
        "shipping_fee": money(order.shipping_fee, order.currency),
        "items": [show_item(item) for item in order.items],
        "recipient": show_recipient(order.recipient),
    }


def show_recipient(recipient: object) -> Recipient:
    """A recipient as REST tells it."""
    return Recipient.model_validate(recipient, from_attributes=True)


def show_clear(recipient: object, other: Mapping[str, str]) -> RecipientInClear:
    """A recipient in clear as REST tells it; `other` is the channel's newer address, or empty."""
    shown = show_recipient(recipient).model_dump()
    return RecipientInClear(**shown, channel_address=AddressSaid(**other) if other else None)


class ActionParams(Body):
    """Parameters of an action; `hold` takes them."""

    reason: Text | None = None
    note: Text | None = None
    until: Moment | None = None


class ActionBody(Body):
    """Which items (ids, or a filter as of a moment), with what, and whether only to look."""

    model_config = ConfigDict(json_schema_extra=one_of(ids="array", filter="object"))

    ids: Annotated[list[Id], Field(min_length=1)] | None = None
    filter: ItemFilterBody | None = None
    as_of: Moment | None = None
    params: ActionParams = ActionParams()
    dry_run: Flag = False

    @model_validator(mode="after")
    def _one_of(self) -> "ActionBody":
        if (self.ids is None) == (self.filter is None):
            raise ValueError("give either ids or filter")
        return self


class Refused(BaseModel):
    """One target that was left alone, and why."""

    id: int
    code: str
    reason: str


class ActionAnswer(BaseModel):
    """What an action did: how many moved, the first 200 that did not, the batch to undo, the job that carries on."""

    done: int
    refused: list[Refused]
    refused_total: int
    batch: UUID | None
    job: int | None


class RefusedRow(BaseModel):
    """A row of the request (from 0) and why it was refused or doubted."""

    row: int
    code: str
    reason: str


class WaybillAnswer(ActionAnswer):
    """The same with rows refused before any move, and numbers whose check digit is doubtful (they were saved)."""

    rows: list[RefusedRow]
    doubts: list[RefusedRow]


def outcome_values(outcome: Outcome, language: str) -> dict[str, Any]:
    """An outcome as REST tells it."""
    return {
        "done": outcome.done,
        "refused": show_refusals(outcome.refused, language),
        "refused_total": outcome.refused_total,
        "batch": outcome.batch,
        "job": outcome.job,
    }


def show_refusals(refused: list[RefusalRow], language: str) -> list[Refused]:
    """Refusals with their sentences."""
    return [Refused(id=each.id, code=each.code, reason=each.reason(language)) for each in refused]


def reason_of(code: str, language: str, message: str = "") -> str | None:
    """A code's sentence, with the channel's own words where the code is the channel's; None without a code."""
    return sentence(code, language, message=message) if code else None


class JobMade(BaseModel):
    """The job that carries on with it."""

    job: int
