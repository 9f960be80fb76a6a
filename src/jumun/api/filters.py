"""Which items a call means: the one filter of lists and actions, as a body and as query parameters."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from jumun.api.fields import NO_NUL, Flag, Ids, Moment, Text, Texts, split
from jumun.api.paging import BIGGEST_ID, PagingWithIds
from jumun.orders.filters import MOST_AMOUNT, MOST_NUMBERS
from jumun.orders.sorting import LISTED, MOST_SORTED, NEWEST, Sort
from jumun.orders.states import Allocation, Status

StatusName = StrEnum("StatusName", [(status.name, status.value) for status in Status])  # type: ignore[misc]
Statuses = Annotated[list[StatusName], BeforeValidator(split, json_schema_input_type=list[StatusName] | StatusName)]
AllocationName = StrEnum("AllocationName", [(each.name, each.value) for each in Allocation])  # type: ignore[misc]
Allocations = Annotated[
    list[AllocationName], BeforeValidator(split, json_schema_input_type=list[AllocationName] | AllocationName)
]
SortName = StrEnum(  # type: ignore[misc]
    "SortName", {sort.write(): sort.write() for key in LISTED for sort in (Sort(key, True), Sort(key, False))}
)
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Amount = Annotated[Decimal, Field(ge=-MOST_AMOUNT, le=MOST_AMOUNT, decimal_places=2, allow_inf_nan=False)]


class _Plain(BaseModel):
    """What a body and a query say in the same way."""

    claim: Annotated[Text, Field(description='a claim word, "open", or a kind: cancel, return, exchange')] = ""
    carrier: Text = ""
    waybill: Annotated[Words, Field(description='a number, or "none"')] = ""
    ordered_from: Moment | None = None
    ordered_to: Annotated[Moment | None, Field(description="before it, as every …_to of a moment")] = None
    paid_from: Moment | None = None
    paid_to: Moment | None = None
    ship_by_from: Moment | None = None
    ship_by_to: Moment | None = None
    ship_by_before: Moment | None = None
    status_since_from: Moment | None = None
    status_since_to: Moment | None = None
    amount_from: Amount | None = None
    amount_to: Annotated[Amount | None, Field(description="up to it")] = None
    recipient: Annotated[Words, Field(description="name or phone, exact, or a name's initials (초성)")] = ""
    memo: Annotated[Words, Field(description='words of the order\'s memo, or "any"')] = ""
    moved_by: Annotated[UUID | None, Field(description="a batch: items it moved or marked")] = None
    refused_by: Annotated[UUID | None, Field(description="a batch: items it left alone")] = None
    q: Annotated[Words, Field(description="every id, phone, name, product; initials (초성) too")] = ""


class ItemFilterBody(_Plain):
    """Which items are meant. Empty fields ask nothing; several values of one field are alternatives."""

    model_config = ConfigDict(extra="forbid")

    status: Statuses = Field(default_factory=list)
    channel: Texts = Field(default_factory=list)
    channel_account: Ids = Field(default_factory=list)
    push: Texts = Field(default_factory=list)
    allocation: Allocations = Field(default_factory=list)
    held: Flag | None = None
    hold: Annotated[Texts, Field(description="reasons of open holds")] = Field(default_factory=list)
    matched: Flag | None = None
    reprint: Flag | None = None
    number: Texts = Field(default_factory=list)
    shipment: Texts = Field(default_factory=list)
    line_no: Texts = Field(default_factory=list)
    sku: Texts = Field(default_factory=list)
    numbers: Annotated[Texts, Field(max_length=MOST_NUMBERS, description="numbers of any kind, phones too")] = Field(
        default_factory=list
    )


class ItemQuery(_Plain):
    """The same as query parameters: repeated, or separated by commas."""

    status: list[StatusName] = []
    channel: list[Text] = []
    channel_account: list[Annotated[int, Field(ge=1, le=BIGGEST_ID)]] = []
    push: list[Text] = []
    allocation: list[AllocationName] = []
    held: bool | None = None
    hold: list[Text] = Field([], description="reasons of open holds")
    matched: bool | None = None
    reprint: bool | None = None
    number: list[Text] = []
    shipment: list[Text] = []
    line_no: list[Text] = []
    sku: list[Text] = []
    numbers: list[Text] = Field([], max_length=MOST_NUMBERS, description="numbers of any kind, phones too")

    @field_validator(
        "status", "channel", "channel_account", "push", "allocation", "hold", "number", "shipment", "line_no", "sku", "numbers",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _split(cls, given: object) -> object:
        if not isinstance(given, list):
            return given
        return [part for each in given for part in (each.split(",") if isinstance(each, str) else [each]) if part != ""]


class ItemPaging(PagingWithIds):
    """The same for items, in any order."""

    sort: SortName = Field(
        SortName(NEWEST.write()),
        description='"-" is the other way round, what has no value comes last both ways. ordered, paid, ship_by,'
        f" status_since and amount sort any number of items, the others up to {MOST_SORTED:,}",
    )
