"""What goes in and out of POST /orders: orders by hand, each whole or refused by name (Q1–Q16)."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictFloat, StrictInt

from jumun.api.fields import NO_NUL, Body, Id, LongText, Text
from jumun.core.sentences import sentence
from jumun.intake.order_rules import HOME, MOST, Fault, TypedLine, TypedOrder
from jumun.intake.single_entry import Entered, RefusedOrder, Registered

Number = StrictInt | StrictFloat | Annotated[str, Field(max_length=40, pattern=NO_NUL)]
"""A number, or a text that tells one: what it must be is judged order by order."""


class EntryLine(Body):
    """One SKU (품목) of an order. `amount`: what its goods cost; all lines have one, or none."""

    sku: Text = Field(default="", description="one of GET /skus, by its code")
    quantity: Number = Field(default="", description="a whole number from 1 to 1,000,000")
    amount: Number = ""
    product_url: LongText = Field(
        default="", description="the page it was sold on; the order's where it has none of its own"
    )


class EntryRecipient(Body):
    """Who it goes to. `name` has 20 characters at most, a phone 15 of digits and ( ) + -, after normalisation."""

    name: Text = ""
    phone1: Text = ""
    phone2: Text = ""
    postcode: Text = ""
    address1: Text = ""
    address2: Text = ""
    country: Text = Field(default=HOME, description="two capital letters; JP asks for product_url and an amount in JPY")
    message: Text = ""
    buyer_name: Text = ""
    customs_number: Text = Field(default="", description="kept encrypted")


class EntryOrder(Body):
    """One order. Needed: account, number, lines, and the recipient's name, phone1, postcode and address1.

    Amounts are optional but for Japan: `order_amount` of the goods before discounts, `paid_amount` after them,
    `total_amount` with the shipping fee. They are shared over the lines; the shares add up exactly.
    """

    channel_account: Id | Text = Field(default="", description="a channel account's id or key")
    number: Text = Field(default="", description="the only one of its account: a second is refused, never overwritten")
    ordered_at: Text = Field(default="", description="RFC 3339; Seoul's clock without a zone; now when left out")
    product_url: LongText = ""
    recipient: EntryRecipient = EntryRecipient()
    lines: list[EntryLine] = []
    currency: Text = Field(default="", description="KRW, or JPY for Japan, when left out")
    order_amount: Number = ""
    paid_amount: Number = ""
    total_amount: Number = ""
    shipping_fee: Number = ""
    memo: LongText = ""


class EnteredOrder(BaseModel):
    """An order that went in; `row` is its place in the call, from 0."""

    row: int
    id: int
    number: str


class RefusedField(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="as the body names it: `recipient.name`, `lines.0.quantity`")
    code: str
    reason: str


class RefusedEntry(BaseModel):
    """An order that stayed out: `code` and `reason` of its first fault, and every fault."""

    row: int
    number: str
    code: str
    reason: str
    faults: list[RefusedField]
    known: int | None = Field(description="the order that has this number already")


class OrdersAnswer(BaseModel):
    """What went in and what did not, each in the order of the call."""

    done: int
    orders: list[EnteredOrder]
    refused: list[RefusedEntry]
    refused_total: int


def read_orders(body: list[EntryOrder] | EntryOrder) -> list[TypedOrder]:
    """The orders of a call, one or a list, as they were given."""
    return [_read(each) for each in (body if isinstance(body, list) else [body])]


def show_registered(done: Registered, language: str) -> OrdersAnswer:
    """What a registration did, as REST tells it."""
    return OrdersAnswer(
        done=len(done.entered),
        orders=[_entered(each) for each in done.entered],
        refused=[_refused(each, language) for each in done.refused],
        refused_total=len(done.refused),
    )


def _read(body: EntryOrder) -> TypedOrder:
    plain: dict[str, Any] = body.model_dump(exclude={"channel_account", "recipient", "lines"})
    return TypedOrder(
        account=str(body.channel_account),
        lines=tuple(
            TypedLine(line.sku, _text(line.quantity), _text(line.amount), line.product_url) for line in body.lines
        ),
        **{name: _text(value) for name, value in plain.items()},
        **body.recipient.model_dump(),
    )


def _text(value: float | str) -> str:
    """A number as a person would type it: JSON's 3.0 is 3."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _entered(each: Entered) -> EnteredOrder:
    return EnteredOrder(row=each.row, id=each.order_id, number=each.number)


def _refused(each: RefusedOrder, language: str) -> RefusedEntry:
    faults = [
        RefusedField(field=_place(fault), code=fault.code, reason=tell_fault(fault, language)) for fault in each.faults
    ]
    first = faults[0]
    return RefusedEntry(
        row=each.row, number=each.number, code=first.code, reason=first.reason, faults=faults, known=each.known
    )


def tell_fault(fault: Fault, language: str) -> str:
    """The sentence of a fault."""
    return sentence(fault.code, language, most=MOST.get(fault.field, ""))


def _place(fault: Fault) -> str:
    if fault.line is not None:
        return f"lines.{fault.line}.{fault.field}"
    if fault.field == "account":
        return "channel_account"
    return f"recipient.{fault.field}" if fault.field in EntryRecipient.model_fields else fault.field
