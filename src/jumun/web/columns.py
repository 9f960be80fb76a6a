"""The columns a list can show: one table that the grid, its settings and its sorting are drawn from."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _l

from jumun.orders.states import Status

ITEMS_EARLY, ITEMS, TYPED, TOLD = "early", "items", "typed", "told"
"""Kinds of lists: items before any carrier, other items, parcels whose numbers are typed, parcels a channel was told of."""
EARLY_STEPS = (Status.AWAITING_PAYMENT, Status.PAID, Status.PREPARING)
TYPED_STEPS = (Status.READY, Status.LABELLED, Status.SHIPPED)
TOLD_STEPS = (Status.IN_TRANSIT, Status.DELIVERED)
OF_ITEMS = (ITEMS_EARLY, ITEMS)
OF_PARCELS = (TYPED, TOLD)
OF_ALL = (*OF_ITEMS, *OF_PARCELS)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    kinds    lists that can show it; `shown` those that do until a person says otherwise
    sort     name of the order it sorts by, "" for none (orders.sorting)
    grow     how much of the spare width it takes
    english  width in lists of items where words are longer than in Korean, 0 for no other
    """

    key: str
    label: str | Promise
    width: int
    kinds: tuple[str, ...] = OF_ALL
    shown: tuple[str, ...] = OF_ALL
    sort: str = ""
    grow: int = 0
    number: bool = False
    english: int = 0
    widths: dict[str, int] = field(default_factory=dict)


COLUMNS: dict[str, Column] = {
    each.key: each
    for each in (
        Column("bundle", _l("묶음번호"), 116, sort="bundle_no"),
        Column("status", _l("상태"), 148, english=208),
        Column("account", pgettext_lazy("column", "판매처"), 116, sort="channel_account"),
        Column("product", _l("상품 · 옵션"), 188, sort="product", grow=3, widths={TYPED: 150, TOLD: 160}),
        Column("quantity", _l("수량"), 56, sort="quantity", number=True),
        Column("recipient", _l("받는 분"), 76, sort="recipient"),
        Column("address", _l("주소"), 140, grow=2, widths={TOLD: 120}),
        Column(
            "due", _l("발송기한"), 106, kinds=(*OF_ITEMS, TYPED), shown=(*OF_ITEMS, TYPED), sort="ship_by", english=112
        ),
        Column("carrier", _l("택배사"), 112, shown=(ITEMS, TYPED, TOLD), widths={TYPED: 124}),
        Column(
            "waybill", _l("운송장번호"), 136, shown=(ITEMS, TYPED, TOLD), sort="waybill", widths={TYPED: 262, TOLD: 320}
        ),
        Column("amount", _l("금액"), 96, sort="amount", number=True, shown=(*OF_ITEMS, TYPED)),
        Column("number", _l("주문번호"), 152, sort="order_number"),
        Column("ordered", _l("주문일"), 116, sort="ordered", shown=()),
        Column("paid", _l("결제일"), 116, kinds=OF_ITEMS, shown=(), sort="paid"),
        Column("since", _l("상태 변경일"), 116, kinds=OF_ITEMS, shown=(), sort="status_since"),
        Column("sku", _l("SKU"), 130, kinds=OF_ITEMS, shown=(), sort="sku"),
        Column("holds", _l("보류 사유"), 140, shown=()),
        Column("line", _l("라인번호"), 150, kinds=OF_ITEMS, shown=()),
    )
}
"""Every column, in the order lists of items show them."""

FRONT = ("bundle", "status", "product", "quantity", "recipient", "due", "carrier", "waybill", "account", "address")
"""Where parcels are listed, their numbers stand where they are seen without scrolling."""
GROWING = {TYPED: "waybill", TOLD: "waybill"}


def kind_of(status: str) -> str:
    """The kind of list a step shows; "" is every step together."""
    if status in TYPED_STEPS:
        return TYPED
    if status in TOLD_STEPS:
        return TOLD
    return ITEMS_EARLY if status in EARLY_STEPS else ITEMS


def list_columns(kind: str) -> list[dict[str, Any]]:
    """The columns of a kind of list as the grid reads them, in their first order."""
    keys = [key for key, column in COLUMNS.items() if kind in column.kinds]
    if kind in OF_PARCELS:
        front = [key for key in FRONT if key in keys]
        keys = [*front, *(key for key in keys if key not in front)]
    return [_describe(COLUMNS[key], kind) for key in keys]


def _describe(column: Column, kind: str) -> dict[str, Any]:
    foreign = kind in OF_ITEMS and get_language() != "ko"
    return {
        "key": column.key,
        "label": str(column.label),
        "width": column.widths.get(kind) or (foreign and column.english) or column.width,
        "grow": 2 if GROWING.get(kind) == column.key else column.grow,
        "hidden": kind not in column.shown,
        "pinned": column.key == "bundle",
        "sort": column.sort,
        "number": column.number,
    }
