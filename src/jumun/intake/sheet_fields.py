"""What a sheet can tell us: the fields, where each comes from in a sheet, and what was understood of a row.

A plan says how one sheet's columns become our fields. It is made by `sheet_recognising`, shown to a person, kept as a
template, and read by `sheet_judging`. Nothing here reads a file or a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal


class Field(StrEnum):
    """One thing an order sheet may say of a row. The first 17 are what the command line tells, in its order."""

    ORDER_NO = "order_no"
    """The order's number as the buyer sees it."""
    LINE_NO = "line_no"
    """The channel's number of the row; a bundle's or a delivery's number is not one."""
    ORDERED_AT = "ordered_at"
    """When it was ordered, else paid."""
    PRODUCT_NAME = "product_name"
    OPTION = "option"
    PRODUCT_CODE = "product_code"
    """The seller's own code, else the channel's product number."""
    QUANTITY = "quantity"
    AMOUNT = "amount"
    """What the row's goods cost, after quantity."""
    RECIPIENT = "recipient"
    PHONE1 = "phone1"
    """The mobile, else the first."""
    PHONE2 = "phone2"
    POSTCODE = "postcode"
    ADDRESS = "address"
    MEMO = "memo"
    BUYER = "buyer"
    """A name, not an id."""
    CARRIER = "carrier"
    WAYBILL = "waybill"
    ACCOUNT = "account"
    """Which channel account the row belongs to, where one sheet serves several."""
    COUNTRY = "country"
    PRODUCT_URL = "product_url"
    CURRENCY = "currency"
    SHIPPING_FEE = "shipping_fee"
    CUSTOMS_NUMBER = "customs_number"
    ADDRESS2 = "address2"
    CARRIAGE = "carriage"
    """Who pays the carrier."""


FIELD_LABELS: Mapping[Field, tuple[str, str]] = MappingProxyType(
    {
        Field.ORDER_NO: ("주문번호", "Order number"),
        Field.LINE_NO: ("상품주문번호", "Line number"),
        Field.ORDERED_AT: ("주문일시", "Ordered at"),
        Field.PRODUCT_NAME: ("상품명", "Product"),
        Field.OPTION: ("옵션", "Option"),
        Field.PRODUCT_CODE: ("상품코드", "Product code"),
        Field.QUANTITY: ("수량", "Quantity"),
        Field.AMOUNT: ("상품금액", "Amount"),
        Field.RECIPIENT: ("수취인명", "Recipient"),
        Field.PHONE1: ("연락처1", "Phone 1"),
        Field.PHONE2: ("연락처2", "Phone 2"),
        Field.POSTCODE: ("우편번호", "Postcode"),
        Field.ADDRESS: ("주소", "Address"),
        Field.MEMO: ("배송메시지", "Delivery message"),
        Field.BUYER: ("구매자명", "Buyer"),
        Field.CARRIER: ("택배사", "Carrier"),
        Field.WAYBILL: ("송장번호", "Waybill"),
        Field.ACCOUNT: ("판매처 계정", "Channel account"),
        Field.COUNTRY: ("국가코드", "Country"),
        Field.PRODUCT_URL: ("상품URL", "Product URL"),
        Field.CURRENCY: ("통화", "Currency"),
        Field.SHIPPING_FEE: ("배송비", "Shipping fee"),
        Field.CUSTOMS_NUMBER: ("개인통관고유부호", "Customs number"),
        Field.ADDRESS2: ("상세주소", "Address detail"),
        Field.CARRIAGE: ("선불·착불", "Who pays the carrier"),
    }
)
"""Korean and English name of every field."""

PERSONAL = frozenset(
    {
        Field.RECIPIENT,
        Field.PHONE1,
        Field.PHONE2,
        Field.POSTCODE,
        Field.ADDRESS,
        Field.ADDRESS2,
        Field.MEMO,
        Field.BUYER,
        Field.CUSTOMS_NUMBER,
    }
)
"""What tells of a recipient or a buyer: shown to nobody who may not see personal data."""
REQUIRED = (Field.ORDER_NO, Field.RECIPIENT, Field.PHONE1, Field.ADDRESS, Field.PRODUCT_NAME, Field.QUANTITY)
"""Fields without which no row of a sheet is good."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's value comes from. Several columns are joined; numbers of an amount are added up.

    columns  0-based columns of the sheet
    join     what stands between the texts of several columns
    split    where not empty: the text is split here and `part` (0-based, from the end if negative) is taken
    each     an amount only: the columns are the price of one, and the amount is that times the quantity
    """

    columns: tuple[int, ...]
    join: str = " "
    split: str = ""
    part: int = 0
    each: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How one sheet becomes orders.

    header_row  1-based row of the header, the lower one of two; 0 where the sheet has none
    headers     text of each column's header, "" where it has none
    sources     columns of each field
    fixed       text that stands for a field in every row
    dates       order of 05/06/2026 in this sheet: "dmy", "mdy" or "" where it does not arise
    """

    header_row: int
    headers: tuple[str, ...]
    sources: Mapping[Field, Source]
    fixed: Mapping[Field, str] = field(default_factory=dict)
    dates: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "header_row": self.header_row,
            "headers": list(self.headers),
            "sources": {
                name.value: {
                    "columns": list(source.columns),
                    "join": source.join,
                    "split": source.split,
                    "part": source.part,
                    "each": source.each,
                }
                for name, source in self.sources.items()
            },
            "fixed": {name.value: text for name, text in self.fixed.items()},
            "dates": self.dates,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Plan":
        """The plan `to_json` told. Raises ValueError for what is none."""
        try:
            return cls(
                header_row=_whole(told["header_row"]),
                headers=tuple(str(text) for text in told["headers"]),
                sources={Field(name): _source(source) for name, source in dict(told["sources"]).items()},
                fixed={Field(name): str(text) for name, text in dict(told.get("fixed", {})).items()},
                dates=str(told.get("dates", "")) if told.get("dates", "") in {"", "dmy", "mdy"} else "",
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError("not a plan") from problem

    def headers_of(self, name: Field) -> tuple[str, ...]:
        """Header texts a field comes from; the column's letter where a column has no header."""
        source = self.sources.get(name)
        return tuple(header_text(self.headers, column) for column in source.columns) if source else ()


def _whole(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told <= 1_048_576:
        raise ValueError("not a row or column")
    return told


def _source(told: Mapping[str, Any]) -> Source:
    columns = tuple(_whole(column) for column in told["columns"])
    part = told.get("part", 0)
    if not columns or len(columns) > 20 or not isinstance(part, int):
        raise ValueError("not a source")
    return Source(columns, str(told.get("join", " ")), str(told.get("split", "")), part, bool(told.get("each", False)))


def header_text(headers: tuple[str, ...], column: int) -> str:
    """A column's header, or its letter where it has none.

    >>> header_text(("주문번호", ""), 0), header_text(("주문번호", ""), 1), header_text((), 27)
    ('주문번호', 'B', 'AB')
    """
    if column < len(headers) and headers[column]:
        return headers[column]
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Unsure:
    """A field a person should look at, why, and the columns it may come from.

    Of a sheet: `not_found`, `ambiguous` (several columns may be it), `weak` (one may be it), `date_order` (05/06/2026).
    Of a row: `digits_maybe_lost` (16 and more digits ending in 0), `phone_left_out` (one of two phones is unusable).
    """

    field: Field
    code: str
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was made out of a sheet's first rows. A field that is unsure is not in the plan.

    samples      some texts of each column, for a person to see what it holds
    fingerprint  equal for two sheets with the same headers
    score        how much it looks like an order sheet, 0 and more, to choose among sheets
    """

    plan: Plan
    unsure: tuple[Unsure, ...]
    samples: dict[int, list[str]]
    fingerprint: str
    score: float


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """How a sheet's headers differ from the template's."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: the column's header, our field, the value as shown and a code."""

    column: str
    field: Field
    value: str
    code: str


RowKind = Literal["line", "blank", "total", "header"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One row as understood. `fields` holds what has a value, as normalised text; of a row that is no line, nothing."""

    row: int
    kind: RowKind
    fields: dict[Field, str]
    problem: Problem | None = None
    unsure: tuple[Unsure, ...] = ()
