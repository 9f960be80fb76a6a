"""Coupang's order sheets as lines. Pure: no network, no clock. Knows their field names (with its `wire_…` siblings).

One sheet is one box (shipmentBoxId) with its vendor items; one vendor item of an order is one line, `orderId-vendorItemId`.
Reading never raises for what a channel may have sent: a row whose essentials cannot be read becomes a line of
`Stage.UNKNOWN` as long as it has its ids, so that the other rows go on and a person sees this one.
Shapes: ordersheets v4 and v5 (channels.md §2.2, §10.13–§10.16; the v5 page as copied in 2026-04).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from jumun.channels.port import Address, ChannelLine, Hint, Method, Stage
from jumun.connectors.coupang import codes
from jumun.connectors.coupang.wire_json import end_of_day, money
from jumun.core.json_fields import MOST, NOTHING, UNDATED, Json, child, moment, rows_of, text, whole

_ORDER = {stage: place for place, stage in enumerate(codes.STAGES.values())}


def write_line_key(order_number: str, vendor_item: str) -> str:
    """Our name of a vendor item of an order; the box is left out, for it changes when it is split (§2.3)."""
    return f"{order_number}-{vendor_item}"


def read_sheets(sheets: Iterable[Json]) -> list[ChannelLine]:
    """The lines of some boxes; a line met in two of them once, as the box that is further on tells it.

    The new box of an exchange, and a box read before and after a split, may name a vendor item twice.
    """
    found: dict[str, ChannelLine] = {}
    for sheet in sheets:
        for line in read_sheet(sheet):
            known = found.get(line.line_key)
            if known is None or _ORDER.get(line.stage, -1) >= _ORDER.get(known.stage, -1):
                found[line.line_key] = line
    return list(found.values())


def read_sheet(sheet: Json) -> list[ChannelLine]:
    """The lines of one box. The box's delivery fee is told with its first line, else it would count several times."""
    order_number = text(sheet, "orderId")
    items: dict[str, list[Json]] = {}
    for item in rows_of(sheet, "orderItems"):
        if vendor_item := text(item, "vendorItemId"):
            items.setdefault(vendor_item, []).append(item)
    if not order_number:
        return []
    fees = (money(sheet, "shippingPrice"), money(sheet, "remotePrice"))
    fee = max(_won(sum((part for part in fees if part is not None), Decimal(0))), Decimal(0))
    return [
        _read_line(sheet, rows, write_line_key(order_number, vendor_item), fee=Decimal(0) if place else fee)
        for place, (vendor_item, rows) in enumerate(items.items())
    ]


def _read_line(sheet: Json, items: Sequence[Json], line_key: str, *, fee: Decimal) -> ChannelLine:
    """One vendor item of a box; `items` are its rows, nearly always one (v5 numbers them by sequenceNo)."""
    item, order_number = items[0], text(sheet, "orderId")
    quantity = _add(items, lambda row: whole(row, "shippingCount"))
    cancelled = _add(items, lambda row: whole(row, "cancelCount") or 0)
    paid = _add_money(items)
    paid_at = moment(sheet, "paidAt")
    ordered_at = moment(sheet, "orderedAt") or paid_at
    unit = text(sheet, "shipmentBoxId")
    counted = quantity is not None and quantity > 0 and cancelled is not None and cancelled >= 0
    whole_number = max(quantity or 0, 0)
    remaining = max(whole_number - max(cancelled or 0, 0), 0)
    stage = codes.STAGES.get(text(sheet, "status"), Stage.UNKNOWN)
    # `canceled` beside pieces that are left contradicts itself: shipping and not shipping are both dear.
    doubtful = item.get("canceled") is True and remaining > 0
    if not counted or paid is None or paid < 0 or ordered_at is None or not unit or doubtful:
        stage = Stage.UNKNOWN
    elif remaining == 0 and stage in codes.IN_HOUSE:
        stage = Stage.CANCELLED
    return ChannelLine(
        line_key=line_key,
        order_number=order_number,
        unit=unit or line_key,
        stage=stage,
        stage_raw=text(sheet, "status"),
        quantity=whole_number,
        remaining=remaining,
        amount=_won(max(paid or Decimal(0), Decimal(0)) * remaining / whole_number) if whole_number else Decimal(0),
        currency=text(child(item, "orderPrice"), "currencyCode") or "KRW",
        ordered_at=ordered_at or UNDATED,
        paid_at=paid_at,
        product_code=text(item, "sellerProductId"),
        product_name=text(item, "sellerProductName") or text(item, "vendorItemName"),
        option_code=text(item, "vendorItemId"),
        option_text=text(item, "sellerProductItemName") or text(item, "vendorItemName"),
        seller_code=text(item, "externalVendorSkuCode"),
        unit_price=_won(money(item, "salesPrice") or Decimal(0)),
        recipient=read_address(sheet),
        buyer_name=text(child(sheet, "orderer"), "name"),
        ship_by=end_of_day(item, "estimatedShippingDate") or end_of_day(item, "plannedShippingDate"),
        carrier=read_carrier(sheet),
        waybill=text(sheet, "invoiceNumber"),
        claims_known=False,
        hints=frozenset({Hint.PARTNER_SHIPS} if _partner_ships(sheet) else ()),
        method=choose_method(sheet),
        in_parts=sheet.get("splitShipping") is True,
        delivered_at=moment(sheet, "deliveredDate"),
        settled_at=moment(item, "confirmDate"),
        shipping_fee=fee,
        raw={"sheet": {key: value for key, value in sheet.items() if key != "orderItems"}, "items": list(items)},
    )


def unreadable_line(order_number: str, line_key: str) -> ChannelLine:
    """A line nobody could read: by its ids only, so that a person sees it and the others go on."""
    return ChannelLine(
        line_key=line_key,
        order_number=order_number,
        unit="",
        stage=Stage.UNKNOWN,
        stage_raw="",
        quantity=1,
        remaining=0,
        amount=Decimal(0),
        currency="KRW",
        ordered_at=UNDATED,
        paid_at=None,
        product_code="",
        product_name="",
        option_code="",
        option_text="",
        seller_code="",
        unit_price=Decimal(0),
        recipient=Address(),
        claims_known=False,
    )


def _add(items: Sequence[Json], read: Callable[[Json], int | None]) -> int | None:
    found = [read(item) for item in items]
    return None if None in found else sum(value for value in found if value is not None)


def _add_money(items: Sequence[Json]) -> Decimal | None:
    """What the buyer pays for all pieces ordered: orderPrice less every discount the sheet tells.

    orderPrice is salesPrice × shippingCount, before discounts. `discountPrice` is the sum of instantCouponDiscount,
    downloadableCouponDiscount (the seller's) and coupangDiscount (Coupang's); it is null where nothing applies, and
    older sheets have only the parts. All three are subtracted, for the buyer pays none of them.
    """
    total = Decimal(0)
    for item in items:
        price, count = money(item, "orderPrice"), whole(item, "shippingCount")
        if price is None:
            each = money(item, "salesPrice")
            if each is None or count is None:
                return None
            price = each * count
        discount = money(item, "discountPrice")
        if discount is None:
            parts = ("instantCouponDiscount", "downloadableCouponDiscount", "coupangDiscount")
            discount = sum((money(item, part) or Decimal(0) for part in parts), Decimal(0))
        total += price - discount
    return total if -MOST <= total <= MOST else None


def _won(amount: Decimal) -> Decimal:
    return Decimal(int(amount)) if -MOST <= amount <= MOST else Decimal(0)


def read_address(sheet: Json) -> Address:
    """The receiver with the message for the parcel and the customs number. The safe number comes first (§2.2)."""
    place = child(sheet, "receiver")
    return Address(
        name=text(place, "name"),
        phone1=text(place, "safeNumber") or text(place, "receiverNumber"),
        phone2=text(place, "receiverNumber") if text(place, "safeNumber") else "",
        postcode=text(place, "postCode"),
        address1=text(place, "addr1"),
        address2=text(place, "addr2"),
        message=text(sheet, "parcelPrintMessage"),
        customs_number=text(child(sheet, "overseaShippingInfoDto"), "personalCustomsClearanceCode"),
    )


def read_carrier(sheet: Json) -> str:
    """Our carrier id for the name in `deliveryCompanyName`; the name itself when it is not in the table."""
    written = text(sheet, "deliveryCompanyName")
    if text(sheet, "status") == codes.NONE_TRACKING:
        return codes.DIRECT
    bare = re.sub(r"[\s()]", "", written).upper()
    return codes.CARRIER_NAMES.get(bare) or codes.CARRIERS_BACK.get(bare, written)


def choose_method(sheet: Json) -> Method:
    """A parcel, but for NONE_TRACKING (업체 직접배송) and what Coupang's centres send."""
    if _partner_ships(sheet):
        return Method.PARTNER
    return Method.DIRECT if text(sheet, "status") == codes.NONE_TRACKING else Method.PARCEL


def _partner_ships(sheet: Json) -> bool:
    return text(sheet, "shipmentType").upper() in codes.PARTNER_SHIPS


def open_cancel(line: ChannelLine) -> int:
    """How many pieces of an open stop request the sheet shows (holdCountForCancel)."""
    return sum(max(whole(item, "holdCountForCancel") or 0, 0) for item in _items(line))


def has_open_cancel(line: ChannelLine) -> bool:
    """Whether the sheet shows pieces of an open stop request."""
    return open_cancel(line) > 0


def shows_claim(line: ChannelLine) -> bool:
    """Whether the sheet shows that something of the line is claimed or was cancelled."""
    return has_open_cancel(line) or line.remaining < line.quantity or line.stage is Stage.CANCELLED


def _items(line: ChannelLine) -> list[Json]:
    return rows_of(line.raw, "items") or [NOTHING]
