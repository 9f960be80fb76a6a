"""Naver's JSON and ours, both ways. Pure: no network, no clock. With `wire_claims` the only file that knows their field names.

Reading never raises for what a channel may have sent: a row whose essentials cannot be read becomes a line of
`Stage.UNKNOWN` as long as it has its ids, so that the other rows of the page go on and a person sees this one.
Shapes: Commerce API `product-orders/query`, `last-changed-statuses`, `confirm`, `dispatch` (channels.md §1, §10).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import orjson

from jumun.channels.port import (
    Address,
    Carriage,
    ChannelLine,
    Hint,
    LineResult,
    Method,
    Stage,
    WaybillNotice,
    Window,
)
from jumun.connectors.naver import codes
from jumun.connectors.naver.wire_claims import claim_is_unknown, read_claims
from jumun.core import json_fields as fields
from jumun.core.clock import in_kst
from jumun.core.json_fields import NOTHING, child, first, moment, text, whole

Json = fields.Json
UNDATED = fields.UNDATED
rows_of = fields.rows_of

CARRIAGES = {"선불": Carriage.PREPAID, "착불": Carriage.COLLECT}
"""shippingFeeType; 무료 says nothing of the carrier."""
LONGEST_SLICE = timedelta(hours=24)
_PHONE = re.compile(r"(?<!\d)(?:\+?82[-. ]?|0)\d{1,3}[-. ]?\d{3,4}[-. ]?\d{4}(?!\d)")


def read_json(body: bytes) -> Json | None:
    """A body as one JSON object, or None when it is none (HTML, cut short, another charset).

    NUL characters are taken out: no database column holds them, and one memo must not stop an account.
    """
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if b"\\u0000" in body:
        found = _without_nul(found)
    return found if isinstance(found, dict) else None


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value


def read_more(data: Json) -> tuple[str, str] | None:
    """The feed's continuation as (lastChangedFrom, moreSequence), or None on the last page."""
    more = child(data, "more")
    start, sequence = text(more, "moreFrom"), text(more, "moreSequence")
    return (start, sequence) if start and sequence else None


# Reading lines


def read_line(row: Json, *, at: datetime, feed: Json = NOTHING) -> ChannelLine | None:
    """One element of `data[]` of `product-orders/query` as a line, or None when it has no ids.

    at      now: a pre-order is held only until its shippingStartDate
    feed    the row of `last-changed-statuses` that named it, if one did: its ids and dates stand in for missing ones

    `quantity` is the initial one, `remaining` and `amount` are what is left of it (channels.md §10.5).
    """
    order, product = child(row, "order"), child(row, "productOrder")
    delivery = child(row, "delivery")
    line_key = text(product, "productOrderId") or text(feed, "productOrderId")
    order_number = text(order, "orderId") or text(feed, "orderId")
    if not line_key or not order_number:
        return None
    paid_at = moment(order, "paymentDate") or moment(feed, "paymentDate")
    ordered_at = moment(order, "orderDate") or paid_at
    quantity = first(whole(product, "initialQuantity"), whole(product, "quantity"))
    remaining = first(whole(product, "remainQuantity"), whole(product, "quantity"), quantity)
    amount = first(whole(product, "remainPaymentAmount"), whole(product, "totalPaymentAmount"))
    stage = choose_stage(product, delivery)
    unreadable = quantity is None or quantity < 1 or amount is None or amount < 0 or remaining is None or remaining < 0
    if unreadable or ordered_at is None or claim_is_unknown(row):
        stage = Stage.UNKNOWN
    ordered = max(quantity or 0, 0)
    return ChannelLine(
        line_key=line_key,
        order_number=order_number,
        unit=line_key,
        stage=stage,
        stage_raw=read_stage_words(product, delivery),
        quantity=ordered,
        remaining=min(max(remaining or 0, 0), ordered),
        amount=Decimal(amount or 0),
        currency="KRW",
        ordered_at=ordered_at or moment(feed, "lastChangedDate") or UNDATED,
        paid_at=paid_at,
        product_code=text(product, "productId"),
        product_name=text(product, "productName"),
        option_code=text(product, "optionCode") or text(product, "itemNo"),
        option_text=text(product, "productOption"),
        seller_code=text(product, "optionManageCode") or text(product, "sellerProductCode"),
        unit_price=Decimal((whole(product, "unitPrice") or 0) + (whole(product, "optionPrice") or 0)),
        recipient=read_address(product),
        buyer_name=text(order, "ordererName"),
        ship_by=moment(product, "shippingDueDate"),
        changed_at=moment(feed, "lastChangedDate"),
        carrier=read_carrier(delivery),
        waybill=text(delivery, "trackingNumber"),
        claims=read_claims(row),
        hints=choose_hints(product, at=at),
        hold_until=moment(product, "shippingStartDate"),
        method=choose_method(product),
        delivered_at=moment(delivery, "deliveredDate"),
        settled_at=moment(product, "decisionDate"),
        shipping_fee=Decimal(whole(product, "deliveryFeeAmount") or 0),
        carriage=CARRIAGES.get(text(product, "shippingFeeType")),
        raw=row,
    )


def by_line_key(page: Sequence[Json]) -> dict[str, Json]:
    """Rows of the feed by product order, the later one where a page has two; rows without an id left out."""
    return {key: row for row in page if (key := text(row, "productOrderId"))}


def read_page(rows: Sequence[Json], *, at: datetime, feed: Mapping[str, Json]) -> list[ChannelLine]:
    """The rows of one query as lines, and a line of `Stage.UNKNOWN` for what the feed names and no row is about."""
    found = {}
    for row in rows:
        told = feed.get(text(child(row, "productOrder"), "productOrderId"), NOTHING)
        line = read_line(row, at=at, feed=told)
        if line:
            found[line.line_key] = line
    missing = (read_line(NOTHING, at=at, feed=told) for key, told in feed.items() if key not in found)
    return [*found.values(), *(line for line in missing if line)]


def choose_stage(product: Json, delivery: Json) -> Stage:
    """Where the line stands (neutral status map, channels.md §0); a word not in the tables is `UNKNOWN`."""
    status = text(product, "productOrderStatus")
    if status == codes.PAYED:
        return codes.PLACE_ORDER_STAGES.get(text(product, "placeOrderStatus"), Stage.UNKNOWN)
    if status == codes.DELIVERING:
        moving = text(delivery, "deliveryStatus") in codes.MOVING
        return Stage.IN_TRANSIT if moving else Stage.DISPATCHED
    return codes.STAGES.get(status, Stage.UNKNOWN)


def read_stage_words(product: Json, delivery: Json) -> str:
    """The channel's own words for the stage, most general first: `PAYED/NOT_YET`, `DELIVERING/COLLECT_CARGO`."""
    status = text(product, "productOrderStatus")
    second = {codes.PAYED: (product, "placeOrderStatus"), codes.DELIVERING: (delivery, "deliveryStatus")}.get(status)
    return "/".join(word for word in (status, text(*second) if second else "") if word)


def read_carrier(delivery: Json) -> str:
    """Our carrier id; the channel's own code when it is not in the table; "direct" for 직접배송 without one."""
    theirs = text(delivery, "deliveryCompany")
    if not theirs and text(delivery, "deliveryMethod") == codes.METHODS[Method.DIRECT]:
        return codes.DIRECT
    return codes.CARRIERS_BACK.get(theirs, theirs)


def read_address(product: Json) -> Address:
    """`productOrder.shippingAddress` with the memo, the customs number and how to get in. Empty while a gift waits."""
    place = child(product, "shippingAddress")
    country = text(place, "country")
    entrance = (
        _told(place, "pickupLocationType", codes.PLACES, "pickupLocationContent"),
        _told(place, "entryMethod", codes.ENTRIES, "entryMethodContent"),
    )
    return Address(
        name=text(place, "name"),
        phone1=text(place, "tel1"),
        phone2=text(place, "tel2"),
        postcode=text(place, "zipCode"),
        address1=text(place, "baseAddress"),
        address2=text(place, "detailedAddress"),
        country="KR" if country in {"", "대한민국", "한국", "KOR"} else country,
        message=text(product, "shippingMemo"),
        customs_number=text(product, "individualCustomUniqueCode"),
        entrance=" / ".join(part for part in entrance if part),
    )


def _told(place: Json, kind: str, labels: Mapping[str, str], content: str) -> str:
    word = text(place, kind)
    return " ".join(part for part in (labels.get(word, word), text(place, content)) if part)


def choose_method(product: Json) -> Method:
    """How it goes to its buyer: `deliveryAttributeType` first, then `expectedDeliveryMethod`; a parcel otherwise."""
    attribute = text(product, "deliveryAttributeType")
    if attribute == "ARRIVAL_GUARANTEE" and text(product, "logisticsCompanyId"):
        return Method.PARTNER
    expected = codes.METHODS_BACK.get(text(product, "expectedDeliveryMethod"), Method.PARCEL)
    return codes.METHOD_ATTRIBUTES.get(attribute, expected)


def choose_hints(product: Json, *, at: datetime) -> frozenset[Hint]:
    """Why the line should be held."""
    attribute = text(product, "deliveryAttributeType")
    starts = moment(product, "shippingStartDate")
    found = {
        Hint.GIFT_WITHOUT_ADDRESS: text(product, "giftReceivingStatus") == "WAIT_FOR_RECEIVING",
        Hint.PRE_ORDER: attribute == "PRE_ORDER" and (starts is None or starts > at),
        Hint.PARTNER_SHIPS: attribute == "ARRIVAL_GUARANTEE" and bool(text(product, "logisticsCompanyId")),
    }
    return frozenset(hint for hint, holds in found.items() if holds)


# Writing


def write_moment(moment: datetime) -> str:
    """ISO-8601 with milliseconds and offset, in KST: `2026-01-02T03:04:05.000+09:00`."""
    return in_kst(moment).isoformat(timespec="milliseconds")


def write_slices(window: Window) -> list[tuple[str, str]]:
    """(lastChangedFrom, lastChangedTo) pairs that cover the window, each at most 24 h, oldest first.

    Both ends are inclusive on the channel, so one slice ends where the next begins: a row of exactly that moment comes
    twice, never not at all. Milliseconds are widened outwards for the same reason.
    """
    start = window.start.replace(microsecond=window.start.microsecond // 1000 * 1000)
    spare = -window.end.microsecond % 1000
    end = max(window.end + timedelta(microseconds=spare), start)
    slices = []
    while True:
        stop = min(start + LONGEST_SLICE, end)
        slices.append((write_moment(start), write_moment(stop)))
        if stop >= end:
            return slices
        start = stop


def write_dispatch(notice: WaybillNotice) -> dict[str, str]:
    """One element of `dispatchProductOrders`. A carrier not in the table travels as it is; the channel judges it."""
    method = codes.METHODS[Method.DIRECT if notice.carrier == codes.DIRECT else notice.method]
    row = {
        "productOrderId": notice.line.line_key,
        "deliveryMethod": method,
        "dispatchDate": write_moment(notice.shipped_at),
    }
    if method == codes.PARCEL_METHOD:
        row["deliveryCompanyCode"] = codes.CARRIERS.get(notice.carrier, notice.carrier)
        row["trackingNumber"] = notice.number
    return row


# Reading results


def read_results(data: Json, line_keys: Sequence[str], *, call: str) -> list[LineResult]:
    """What `confirm` or `dispatch` said of each line, in the order given.

    Success comes as `successProductOrderIds` (dispatch) or `successProductOrderInfos` (confirm), refusals as
    `failProductOrderInfos`. A line named nowhere may or may not have been taken: told as `already`, so that the
    caller reads it back. Named in both lists: refused, and read back too.
    """
    listed = data.get("successProductOrderIds")
    accepted = {str(key): False for key in listed if isinstance(key, str | int)} if isinstance(listed, list) else {}
    for info in rows_of(data, "successProductOrderInfos"):
        accepted[text(info, "productOrderId")] = info.get("isReceiverAddressChanged") is True
    refused = {text(info, "productOrderId"): info for info in rows_of(data, "failProductOrderInfos")}
    results = []
    for key in line_keys:
        if key in refused:
            info = refused[key]
            result = read_refusal(key, text(info, "code"), text(info, "message"), call=call, both=key in accepted)
        elif key in accepted:
            result = LineResult(key, ok=True, address_changed=accepted[key])
        else:
            result = LineResult(key, ok=False, code=codes.NO_ANSWER, already=True)
        results.append(result)
    return results


def read_refusal(line_key: str, code: str, message: str, *, call: str, both: bool = False) -> LineResult:
    """A line the channel refused. Its words are cut to 200 characters, and what looks like a telephone is hidden."""
    return LineResult(
        line_key,
        ok=False,
        code=code or "refused",
        message=_PHONE.sub("…", message)[:200],
        already=both or code in codes.ALREADY[call],
        retryable=code in codes.RETRYABLE,
    )
