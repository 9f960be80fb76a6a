"""Coupang's order sheets, read without a network: v4 and v5, each field, each quirk, and rows nobody expected."""

import copy
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jumun.channels.port import Hint, Method, Stage
from jumun.connectors.coupang import codes, wire
from jumun.connectors.coupang.wire_json import end_of_day, money, read_json
from jumun.core.clock import KST
from jumun.core.json_fields import moment, whole

ITEM: dict[str, Any] = {
    "vendorItemId": 3242596358,
    "vendorItemName": "기모 트레이닝 팬츠, 07 DARK GREY, 160호",
    "shippingCount": 3,
    "salesPrice": 19_000,
    "orderPrice": 57_000,
    "discountPrice": 3_000,
    "instantCouponDiscount": 2_000,
    "downloadableCouponDiscount": 1_000,
    "coupangDiscount": 0,
    "externalVendorSkuCode": "170816368810",
    "sellerProductId": 80240831,
    "sellerProductName": "기모 배색 팬츠",
    "sellerProductItemName": "07 DARK GREY 160호",
    "cancelCount": 1,
    "holdCountForCancel": 0,
    "estimatedShippingDate": "2026-11-24",
    "canceled": False,
}
SHEET: dict[str, Any] = {
    "shipmentBoxId": 642538970006401429,
    "orderId": 22000009546234,
    "orderedAt": "2026-11-20T10:00:00",
    "orderer": {"name": "김주문", "email": "", "safeNumber": "0503-1111-2222", "ordererNumber": None},
    "paidAt": "2026-11-20T10:00:05",
    "status": "ACCEPT",
    "shippingPrice": 3_000,
    "remotePrice": None,
    "remoteArea": False,
    "parcelPrintMessage": "문 앞",
    "splitShipping": False,
    "receiver": {
        "name": "이수령",
        "safeNumber": "0503-3333-4444",
        "receiverNumber": None,
        "addr1": "경기 오산시 가수동",
        "addr2": "109동 202호",
        "postCode": "447-700",
    },
    "orderItems": [ITEM],
    "overseaShippingInfoDto": {"personalCustomsClearanceCode": "P123456789012"},
    "deliveryCompanyName": "",
    "invoiceNumber": "",
    "deliveredDate": "",
    "shipmentType": "THIRD_PARTY",
}


def sheet(item: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """SHEET with other fields, also in its item; a field of None in the item is taken out."""
    made = copy.deepcopy(SHEET) | parts
    if "orderItems" not in parts:
        made["orderItems"] = [{key: value for key, value in (ITEM | (item or {})).items() if value is not None}]
    return made


def read(item: dict[str, Any] | None = None, **parts: Any) -> Any:
    (line,) = wire.read_sheet(sheet(item, **parts))
    return line


def test_reads_every_field_of_a_v4_sheet():
    line = read()

    assert (line.line_key, line.order_number, line.unit) == (
        *("22000009546234-3242596358", "22000009546234", "642538970006401429"),
    )
    assert (line.stage, line.stage_raw) == (Stage.NEW, "ACCEPT")
    assert (line.quantity, line.remaining) == (3, 2)
    assert (line.amount, line.currency, line.unit_price, line.shipping_fee) == (36_000, "KRW", 19_000, 3_000)
    assert isinstance(line.amount, Decimal)
    assert line.ordered_at == datetime(2026, 11, 20, 10, tzinfo=KST)
    assert line.paid_at == datetime(2026, 11, 20, 10, 0, 5, tzinfo=KST)
    assert line.ship_by == datetime(2026, 11, 24, 23, 59, 59, tzinfo=KST)
    assert (line.product_code, line.option_code, line.seller_code) == ("80240831", "3242596358", "170816368810")
    assert (line.product_name, line.option_text) == ("기모 배색 팬츠", "07 DARK GREY 160호")
    to = line.recipient
    assert (line.buyer_name, to.name, to.phone1, to.phone2) == ("김주문", "이수령", "0503-3333-4444", "")
    assert (to.postcode, to.address1, to.address2, to.country) == ("447-700", "경기 오산시 가수동", "109동 202호", "KR")
    assert (to.message, to.customs_number) == ("문 앞", "P123456789012")
    assert (line.claims, line.claims_known, line.hints, line.method) == ((), False, frozenset(), Method.PARCEL)
    assert (line.carrier, line.waybill, line.in_parts, line.delivered_at) == ("", "", False, None)
    assert line.raw["items"] == [ITEM]
    assert "orderItems" not in line.raw["sheet"]


def test_a_v5_sheet_says_the_same_in_other_words():
    def won(units: int) -> dict[str, Any]:
        return {"currencyCode": "KRW", "units": units, "nanos": 0}

    line = read(
        {
            "salesPrice": won(19_000),
            "orderPrice": won(57_000),
            "discountPrice": won(3_000),
            "instantCouponDiscount": won(2_000),
            "sequenceNo": "1",
            "confirmDate": "2026-11-30T14:17:13.973885-08:00",
        },
        orderedAt="2026-11-20T10:00:00.973885+09:00",
        paidAt="2026-11-19T17:00:05.973885-08:00",
        shippingPrice=won(3_000),
        receiver=SHEET["receiver"] | {"safeNumber": " +1(555)444-1234", "receiverNumber": "+82(10)2222-3333"},
    )

    assert (line.amount, line.unit_price, line.shipping_fee, line.currency) == (36_000, 19_000, 3_000, "KRW")
    assert line.paid_at == datetime(2026, 11, 20, 10, 0, 5, 973885, tzinfo=KST)
    assert line.settled_at == datetime(2026, 11, 30, 14, 17, 13, 973885, tzinfo=timezone(timedelta(hours=-8)))
    assert (line.recipient.phone1, line.recipient.phone2) == ("+1(555)444-1234", "+82(10)2222-3333")


@pytest.mark.parametrize(
    ("status", "stage", "method"),
    [
        ("ACCEPT", Stage.NEW, Method.PARCEL),
        ("INSTRUCT", Stage.CONFIRMED, Method.PARCEL),
        ("DEPARTURE", Stage.DISPATCHED, Method.PARCEL),
        ("DELIVERING", Stage.IN_TRANSIT, Method.PARCEL),
        ("FINAL_DELIVERY", Stage.DELIVERED, Method.PARCEL),
        ("NONE_TRACKING", Stage.DISPATCHED, Method.DIRECT),
        ("SOMETHING_NEW", Stage.UNKNOWN, Method.PARCEL),
        ("", Stage.UNKNOWN, Method.PARCEL),
        (None, Stage.UNKNOWN, Method.PARCEL),
    ],
)
def test_stages(status, stage, method):
    line = read(status=status)

    assert (line.stage, line.method, line.stage_raw) == (stage, method, status or "")


@pytest.mark.parametrize(
    ("item", "amount"),
    [
        ({}, 36_000),
        ({"cancelCount": 0}, 54_000),
        ({"cancelCount": 0, "discountPrice": None}, 54_000),
        ({"cancelCount": 0, "discountPrice": None, "coupangDiscount": 500}, 53_500),
        ({"cancelCount": 0, "orderPrice": None}, 54_000),
        ({"cancelCount": 2, "discountPrice": 3_001}, 17_999),
    ],
)
def test_the_amount_is_what_the_buyer_pays_for_what_is_left(item, amount):
    line = read(item)

    assert line.amount == amount
    assert line.amount == int(line.amount)


@pytest.mark.parametrize(
    "item",
    [
        {"shippingCount": None},
        {"shippingCount": 0},
        {"shippingCount": "drei"},
        {"cancelCount": -1},
        {"orderPrice": None, "salesPrice": None},
        {"orderPrice": -5},
        {"discountPrice": 60_000},
        {"canceled": True},
        {"orderPrice": {"units": None}, "salesPrice": "x"},
        {"salesPrice": 10**30, "orderPrice": None},
    ],
)
def test_what_makes_no_sense_is_told_as_unknown(item):
    assert read(item).stage is Stage.UNKNOWN


@pytest.mark.parametrize("parts", [{"orderedAt": "gestern", "paidAt": None}, {"shipmentBoxId": None}])
def test_a_sheet_without_its_essentials_is_told_as_unknown(parts):
    line = read(**parts)

    assert line.stage is Stage.UNKNOWN
    assert line.unit
    assert line.ordered_at


@pytest.mark.parametrize("parts", [{"orderId": None}, {"orderItems": None}, {"orderItems": ["x", {}]}])
def test_a_sheet_without_ids_is_left_out(parts):
    assert wire.read_sheet(sheet(**parts)) == []


@pytest.mark.parametrize("status", ["ACCEPT", "INSTRUCT"])
def test_a_line_of_which_nothing_is_left_before_it_went_is_cancelled(status):
    line = read({"cancelCount": 3, "canceled": True}, status=status)

    assert (line.stage, line.remaining, line.amount) == (Stage.CANCELLED, 0, 0)


def test_an_open_stop_request_takes_nothing_away_yet():
    line = read({"cancelCount": 0, "holdCountForCancel": 2})

    assert (line.remaining, wire.has_open_cancel(line), wire.shows_claim(line)) == (3, True, True)
    assert not wire.shows_claim(read({"cancelCount": 0}))
    assert wire.shows_claim(read())


def test_a_box_of_several_products_tells_its_fee_once():
    lines = wire.read_sheet(sheet(orderItems=[ITEM, ITEM | {"vendorItemId": "77"}], remotePrice={"units": 2_000}))

    assert [(line.option_code, line.shipping_fee) for line in lines] == [("3242596358", 5_000), ("77", 0)]
    assert {line.unit for line in lines} == {"642538970006401429"}


def test_two_rows_of_one_product_in_a_box_are_one_line():
    (line,) = wire.read_sheet(sheet(orderItems=[ITEM, ITEM | {"sequenceNo": "2", "cancelCount": 0}]))

    assert (line.quantity, line.remaining, line.amount) == (6, 5, 90_000)
    assert len(line.raw["items"]) == 2


def test_a_line_in_two_boxes_is_told_as_the_one_further_on_says():
    old, new = sheet(), sheet(status="DEPARTURE", shipmentBoxId=5, invoiceNumber="1")

    for both in ([old, new], [new, old]):
        (line,) = wire.read_sheets(both)
        assert (line.unit, line.stage) == ("5", Stage.DISPATCHED)


@pytest.mark.parametrize(
    ("written", "carrier"),
    [
        ("CJ 대한통운", "cj"),
        ("CJ대한통운", "cj"),
        ("한진택배", "hanjin"),
        ("롯데택배", "lotte"),
        ("HYUNDAI", "lotte"),
        ("우체국 택배", "epost"),
        ("업체직송", "direct"),
        ("번개택배", "번개택배"),
        ("", ""),
    ],
)
def test_a_carrier_is_named_not_coded(written, carrier):
    assert read(status="DEPARTURE", deliveryCompanyName=written).carrier == carrier


def test_what_was_sent_tells_its_number_and_dates():
    line = read(
        {"confirmDate": "2026-11-30 00:00:00"},
        status="FINAL_DELIVERY",
        invoiceNumber=340010913442,
        deliveredDate="2026-11-23 15:04:05",
        splitShipping=True,
    )

    assert (line.waybill, line.in_parts) == ("340010913442", True)
    assert line.delivered_at == datetime(2026, 11, 23, 15, 4, 5, tzinfo=KST)
    assert line.settled_at == datetime(2026, 11, 30, tzinfo=KST)


@pytest.mark.parametrize("kind", ["CGF", "CGF LITE", "cgf lite"])
def test_what_coupangs_centres_send_is_not_ours_to_send(kind):
    line = read(shipmentType=kind)

    assert (line.method, line.hints) == (Method.PARTNER, {Hint.PARTNER_SHIPS})


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({}, 24),
        ({"plannedShippingDate": "2026-11-30"}, 24),
        ({"estimatedShippingDate": "", "plannedShippingDate": "2026-11-30"}, 30),
        ({"estimatedShippingDate": None}, None),
    ],
)
def test_the_day_it_is_to_be_sent(dates, day):
    assert read(dates).ship_by == (None if day is None else datetime(2026, 11, day, 23, 59, 59, tzinfo=KST))


# Readers


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (5, 5),
        ("-5", -5),
        ({"units": -7, "nanos": 0}, -7),
        ({"units": "12", "nanos": 500_000_000}, Decimal("12.5")),
        ({"units": 1, "nanos": None}, 1),
        ({}, None),
        (None, None),
        ("12,000", None),
        (True, None),
        (float("nan"), None),
        ([1], None),
    ],
)
def test_money_of_every_version(written, read_as):
    assert money({"a": written}, "a") == read_as


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-11-24", 24), ("2026-11-24T10:00:00", 24), ("2026-11-24T20:00:00-08:00", 25), ("", None), ("bald", None)],
)
def test_the_end_of_a_day_is_seouls(written, day):
    found = end_of_day({"a": written}, "a")

    assert found == (None if day is None else datetime(2026, 11, day, 23, 59, 59, tzinfo=KST))


@pytest.mark.parametrize("written", ["0001-01-01", "9999-12-31T23:59:59", "2026-13-01", 5, None, "2026-11"])
def test_dates_beyond_sense_are_none(written):
    assert moment({"a": written}, "a") is None
    assert end_of_day({"a": written}, "a") is None


def test_whole_numbers():
    assert [whole({"a": value}, "a") for value in (5, "5", 5.0, 5.5, "5.5", None, True, 10**16, float("inf"))] == [
        *(5, 5, 5, None, None, None, None, None, None)
    ]


def test_a_body_that_is_no_object_is_none():
    assert read_json(b"<html></html>") is None
    assert read_json(b"[1]") is None
    assert read_json('{"a": "\xb0"}'.encode("cp949", errors="replace")) in ({"a": "°"}, {"a": "?"}, None)
    assert read_json(b'{"a": "x\\u0000y", "b": ["\\u0000"]}') == {"a": "xy", "b": [""]}


def test_every_status_has_a_stage_in_the_order_a_box_goes_through_them():
    assert list(codes.STAGES) == ["ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING"]


# Rows nobody expected

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(ITEM)), ANYTHING), st.dictionaries(st.sampled_from(sorted(SHEET)), ANYTHING)
)
def test_no_row_stops_a_page(item, parts):
    good = sheet(orderId=1)
    bad = copy.deepcopy(SHEET) | {"orderItems": [ITEM | item]} | parts

    lines = wire.read_sheets([bad, good])

    assert "1-3242596358" in {line.line_key for line in lines}
    for line in lines:
        assert line.line_key
        assert line.order_number
        assert line.unit
        assert 0 <= line.remaining <= line.quantity
        assert 0 <= line.amount < 10**16
        assert line.amount.is_finite()
        assert line.shipping_fee >= 0
        assert line.ordered_at.tzinfo is not None
        assert line.ordered_at >= datetime(1970, 1, 1, tzinfo=UTC)
