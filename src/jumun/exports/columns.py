"""Every column a sheet may have: its name in both languages, its SQL over items and over parcels, how it is shown and masked.

Items: `i` the item, `o` its order, `l` its line, `r` its recipient, `a` its account, `s` its shipment, `k` its SKU,
`f` its ship-from. Parcels: `p` is what the live items of shipment `s` add up to, the others as for items. A column
without SQL for one of them is not offered there. A `FIXED` column says one text in every row: what a carrier's site
wants to read and no order says (운임구분, 박스타입).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jumun.core.errors import JumunError
from jumun.exports import showing as show
from jumun.exports.showing import DETAIL, HIDDEN, NAME, PHONE, STREET, Pair, pick

FIXED = "fixed"
CURRENCY = "currency"
MOST_COLUMNS = 100
LONGEST_TITLE = 60
LONGEST_VALUE = 100

Show = Callable[[Any, str], Any]
Mask = Callable[[Any], Any]


def _place(value: Any) -> Any:
    """An address in its two parts, each masked."""
    return [STREET(value[0]), DETAIL(value[1])] if value else value


@dataclass(frozen=True, slots=True)
class Column:
    """One column that may be chosen.

    items, parcels  its SQL; "" where there is none
    mask            of the value as it comes out of the database; None: no personal data
    money           its currency must stand beside it
    """

    key: str
    label: Pair
    group: str
    items: str = ""
    parcels: str = ""
    show: Show = show.as_text
    kind: Literal["text", "number", "date"] = "text"
    mask: Mask | None = None
    money: bool = False

    def sql(self, what: str) -> str:
        """Its SQL for rows of this kind."""
        return self.parcels if what == "parcels" else self.items


GROUPS: Mapping[str, Pair] = {
    "order": ("주문", "Order"),
    "goods": ("상품", "Goods"),
    "recipient": ("받는 분", "Recipient"),
    "parcel": ("배송", "Delivery"),
    "state": ("상태", "State"),
    "other": ("고정값", "Fixed text"),
}


def _who(key: str, label: Pair, sql: str, mask: Mask, how: Show = show.as_text) -> Column:
    return Column(key, label, "recipient", sql, sql, how, mask=mask)


def _when(key: str, label: Pair, items: str, parcels: str = "", group: str = "order") -> Column:
    return Column(key, label, group, items, parcels, show.as_moment, "date")


def _count(key: str, label: Pair, items: str, parcels: str, group: str = "goods") -> Column:
    return Column(key, label, group, items, parcels, show.as_number, "number")


def _money(key: str, label: Pair, items: str, parcels: str = "") -> Column:
    return Column(key, label, "goods", items, parcels, show.as_money, "number", money=True)


_NAMED = "concat_ws(' / ', nullif(i.product_name, ''), nullif(i.option_text, ''))"

# fmt: off
COLUMNS: tuple[Column, ...] = (
    Column("order_number", ("주문번호", "Order number"), "order", "i.order_number", "p.numbers", show.as_text),
    Column("line_no", ("상품주문번호", "Line number"), "order", "i.line_no", "p.lines"),
    Column("item_id", ("품목 ID", "Item id"), "order", "i.id"),
    Column("shipment_id", ("묶음 ID", "Parcel id"), "order", "s.id", "s.id"),
    Column("bundle_no", ("묶음번호", "Parcel number"), "order", "s.bundle_no", "s.bundle_no"),
    Column("channel", ("판매처", "Channel"), "order", "i.channel", "o.channel", show.as_channel),
    Column("account", ("판매처 계정", "Channel account"), "order", "a.name", "a.name"),
    Column("brand", ("브랜드", "Brand"), "order", "a.brand", "a.brand"),
    _when("ordered_at", ("주문일시", "Ordered"), "i.ordered_at", "p.ordered_at"),
    _when("paid_at", ("결제일시", "Paid"), "i.paid_at", "p.paid_at"),
    _when("stored_at", ("수집일시", "Collected"), "i.stored_at", "p.stored_at"),
    Column("origin", ("구분", "Kind"), "order", "i.origin", "", show.as_origin),
    Column("memo", ("주문메모", "Order memo"), "order", "o.memo", "o.memo", mask=DETAIL),

    Column("item_name", ("품목명", "Goods"), "goods", _NAMED, "p.goods"),
    Column("product_name", ("상품명", "Product"), "goods", "i.product_name", "p.product"),
    Column("option", ("옵션", "Option"), "goods", "i.option_text", "p.option"),
    _count("quantity", ("수량", "Quantity"), "i.quantity", "p.quantity"),
    _count("kinds", ("품목 수", "Items in it"), "", "p.kinds"),
    Column("sku", ("SKU 코드", "SKU code"), "goods", "i.sku_code", "p.skus"),
    Column("sku_name", ("SKU 이름", "SKU name"), "goods", "k.name"),
    Column("barcode", ("바코드", "Barcode"), "goods", "k.barcode"),
    Column("seller_code", ("판매자 상품코드", "Seller's code"), "goods", "l.seller_code"),
    Column("product_code", ("판매처 상품번호", "Channel's product number"), "goods", "l.product_code"),
    _money("unit_price", ("단가", "Unit price"), "l.unit_price"),
    _money("amount", ("금액", "Amount"), "i.amount", "p.amount"),
    _money("shipping_fee", ("배송비", "Shipping fee"), "o.shipping_fee", "o.shipping_fee"),
    Column(CURRENCY, ("통화", "Currency"), "goods", "i.currency", "o.currency"),

    _who("recipient", ("받는분 성명", "Recipient"), "r.name", NAME),
    _who("phone1", ("받는분 전화번호", "Phone"), "r.phone1", PHONE, show.as_phone),
    _who("phone2", ("받는분 기타연락처", "Other phone"), "r.phone2", PHONE, show.as_phone),
    Column("postcode", ("받는분 우편번호", "Postcode"), "recipient", "r.postcode", "r.postcode"),
    _who("address", ("받는분 주소", "Address"), "ARRAY[r.address1, r.address2]", _place, show.as_address),
    _who("address1", ("받는분 기본주소", "Address, street"), "r.address1", STREET),
    _who("address2", ("받는분 상세주소", "Address, unit"), "r.address2", DETAIL),
    Column("country", ("국가", "Country"), "recipient", "r.country", "r.country"),
    _who("message", ("배송메세지", "Delivery message"), "r.message", DETAIL),
    _who("buyer", ("주문자명", "Buyer"), "r.buyer_name", NAME),
    _who("customs_number", ("개인통관고유부호", "Customs number"), "r.sealed", HIDDEN, show.as_customs),
    _who("entrance", ("공동현관 출입", "How to get in"), "r.sealed", HIDDEN, show.as_entrance),

    Column("carrier", ("택배사", "Carrier"), "parcel", "i.carrier", "s.carrier", show.as_carrier),
    Column("waybill", ("운송장번호", "Waybill"), "parcel", "i.waybill", "s.waybill"),
    _when("waybill_at", ("운송장 입력일시", "Waybill entered"), "s.waybill_at", "s.waybill_at", "parcel"),
    Column("method", ("배송방법", "Delivered by"), "parcel", "i.method", "p.method", show.as_method),
    _when("ship_by", ("발송기한", "Ship by"), "i.ship_by", "p.ship_by", "parcel"),
    _count("boxes", ("박스수량", "Boxes"), "1", "1", "parcel"),
    Column("freight", ("운임구분", "Freight"), "parcel", "'신용'", "'신용'"),
    Column("ship_from", ("보내는분 성명", "Ship-from"), "parcel", "f.name", "f.name"),
    Column("ship_from_postcode", ("보내는분 우편번호", "Ship-from postcode"), "parcel", "f.postcode", "f.postcode"),
    Column("ship_from_address", ("보내는분 주소", "Ship-from address"), "parcel", "f.address", "f.address"),

    Column("status", ("상태", "Status"), "state", "i.status", "p.status", show.as_status),
    _when("status_since", ("상태 변경일시", "Status since"), "i.status_since", "p.status_since", "state"),
    Column("claim", ("클레임", "Claim"), "state", "i.claim", "p.claim", show.as_claim),
    Column("holds", ("보류", "Holds"), "state",
           "ARRAY(SELECT h.reason FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL ORDER BY h.id)",
           "ARRAY(SELECT DISTINCT h.reason FROM orders_hold h JOIN orders_orderitem x ON x.id = h.item_id"
           " WHERE x.shipment_id = s.id AND h.released_at IS NULL ORDER BY 1)", show.as_holds),
    Column("allocation", ("할당", "Stock allocated"), "state", "i.allocation",
           "(SELECT CASE WHEN min(x.allocation) = max(x.allocation) THEN min(x.allocation) ELSE 'partial' END"
           " FROM orders_orderitem x WHERE x.shipment_id = s.id AND x.status NOT IN ('cancelled', 'returned', 'exchanged'))",
           show.as_allocation),
    Column("push", ("쇼핑몰 전송", "Told the channel"), "state", "i.push", "p.push", show.as_push),

    Column(FIXED, ("고정값", "Fixed text"), "other", "''", "''"),
)
# fmt: on
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}

DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "items": (
        "order_number", "line_no", "bundle_no", "channel", "account", "ordered_at", "status", "product_name", "option",
        "sku", "quantity", "amount", "currency", "recipient", "phone1", "phone2", "postcode", "address", "message",
        "carrier", "waybill",
    ),
    "parcels": (
        "bundle_no", "recipient", "phone1", "phone2", "postcode", "address", "item_name", "quantity", "message",
        "freight", "order_number",
    ),
}  # fmt: skip
"""What is offered until somebody makes a layout: a whole list, and what a carrier's site asks for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One column of a layout. `value`: what it says in every row; only of FIXED and freight."""

    key: str
    title: str
    value: str = ""

    @property
    def column(self) -> Column:
        """What it is."""
        return BY_KEY[self.key]

    def as_json(self) -> dict[str, str]:
        """What is kept."""
        return {"key": self.key, "title": self.title} | ({"value": self.value} if self.value else {})


SAYS = (FIXED, "freight")
"""Columns whose text is chosen with the layout."""


def offered(what: str) -> list[Column]:
    """The columns rows of this kind may have, in the order they are offered. Raises JumunError("invalid")."""
    if what not in DEFAULTS:
        raise JumunError("invalid", field="what")
    return [column for column in COLUMNS if column.sql(what)]


def default_columns(what: str, language: str = "ko") -> tuple[Chosen, ...]:
    """The built-in layout."""
    return tuple(Chosen(key, pick(BY_KEY[key].label, language)) for key in DEFAULTS[what])


def read_columns(what: str, given: object, language: str = "ko") -> tuple[Chosen, ...]:
    """Columns from a caller: `[{"key", "title"?, "value"?}]`. An amount gets its currency beside it.

    Raises JumunError("invalid") naming what is wrong, JumunError("no_columns").
    """
    known = {column.key for column in offered(what)}
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)) or len(given) > MOST_COLUMNS:
        raise JumunError("invalid", field="columns")
    read = [_read_one(each, known, language) for each in given]
    if not read:
        raise JumunError("no_columns")
    keys = [each.key for each in read if each.key != FIXED]
    if len(set(keys)) < len(keys):
        raise JumunError("invalid", field="columns")
    return tuple(_with_currency(read, language))


def _read_one(given: object, known: set[str], language: str) -> Chosen:
    if not isinstance(given, Mapping) or not {"key"} <= set(given) <= {"key", "title", "value"}:
        raise JumunError("invalid", field="columns")
    key, title, value = given["key"], given.get("title") or "", given.get("value") or ""
    if not isinstance(key, str) or key not in known:
        raise JumunError("invalid", field="columns.key")
    if not isinstance(title, str) or len(title) > LONGEST_TITLE or not title.isprintable():
        raise JumunError("invalid", field="columns.title")
    if (
        not isinstance(value, str)
        or len(value) > LONGEST_VALUE
        or not value.isprintable()
        or (value and key not in SAYS)
    ):
        raise JumunError("invalid", field="columns.value")
    return Chosen(key, title.strip() or pick(BY_KEY[key].label, language), value.strip())


def _with_currency(read: Sequence[Chosen], language: str) -> list[Chosen]:
    money = [place for place, each in enumerate(read) if each.column.money]
    if not money or any(each.key == CURRENCY for each in read):
        return list(read)
    beside = Chosen(CURRENCY, pick(BY_KEY[CURRENCY].label, language))
    return [*read[: money[-1] + 1], beside, *read[money[-1] + 1 :]]


def has_personal(columns: Sequence[Chosen]) -> bool:
    """Whether personal data would stand in these columns."""
    return any(each.column.mask is not None for each in columns)
