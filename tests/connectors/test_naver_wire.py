"""Naver's JSON, read without a network: each field, each quirk, and rows nobody expected."""

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jumun.channels.port import Carriage, ClaimKind, ClaimStage, Hint, Stage
from jumun.connectors.naver import codes, wire
from jumun.core.clock import KST

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ROW: dict[str, Any] = {
    "order": {
        "orderId": "2026112000000001",
        "orderDate": "2026-11-20T10:00:00.000+09:00",
        "paymentDate": "2026-11-20T10:00:05.0+09:00",
        "ordererName": "김주문",
        "ordererTel": "010-1111-2222",
    },
    "productOrder": {
        "productOrderId": "2026112000000011",
        "productOrderStatus": "PAYED",
        "placeOrderStatus": "NOT_YET",
        "productId": "7001",
        "productName": "면 티셔츠",
        "productOption": "색상: 검정 / 사이즈: L",
        "optionCode": "900",
        "optionManageCode": "TS-BK-L",
        "sellerProductCode": "TS",
        "quantity": 3,
        "initialQuantity": 3,
        "remainQuantity": 2,
        "unitPrice": 10_000,
        "optionPrice": 500,
        "totalPaymentAmount": 30_000,
        "remainPaymentAmount": 20_000,
        "deliveryFeeAmount": 3_000,
        "shippingFeeType": "착불",
        "shippingDueDate": "2026-11-23T23:59:59.000+09:00",
        "shippingMemo": "부재 시 문 앞",
        "expectedDeliveryMethod": "DELIVERY",
        "deliveryAttributeType": "NORMAL",
        "shippingAddress": {
            "name": "이수령",
            "tel1": "010-3333-4444",
            "tel2": "02-555-6666",
            "zipCode": "06236",
            "baseAddress": "서울특별시 강남구 테헤란로 1",
            "detailedAddress": "101동 202호",
            "country": "대한민국",
            "pickupLocationType": "FRONT_OF_DOOR",
            "entryMethod": "LOBBY_PW",
            "entryMethodContent": "#1234",
        },
    },
}


def row(product: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """ROW with other fields in its productOrder; a field of None is taken out."""
    made = copy.deepcopy(ROW)
    made["productOrder"] |= product or {}
    made["productOrder"] = {key: value for key, value in made["productOrder"].items() if value is not None}
    return made | parts


def read(product: dict[str, Any] | None = None, **parts: Any) -> Any:
    line = wire.read_line(row(product, **parts), at=AT)
    assert line is not None
    return line


def test_reads_every_field_of_a_new_line():
    line = read()

    assert (line.line_key, line.order_number, line.unit) == ("2026112000000011", "2026112000000001", "2026112000000011")
    assert (line.stage, line.stage_raw) == (Stage.NEW, "PAYED/NOT_YET")
    assert (line.quantity, line.remaining) == (3, 2)
    assert line.carriage is Carriage.COLLECT
    assert (line.amount, line.currency, line.unit_price, line.shipping_fee) == (20_000, "KRW", 10_500, 3_000)
    assert isinstance(line.amount, Decimal)
    assert line.ordered_at == datetime(2026, 11, 20, 10, tzinfo=KST)
    assert line.paid_at == datetime(2026, 11, 20, 10, 0, 5, tzinfo=KST)
    assert line.ship_by == datetime(2026, 11, 23, 23, 59, 59, tzinfo=KST)
    assert (line.product_code, line.option_code, line.seller_code) == ("7001", "900", "TS-BK-L")
    assert line.option_text == "색상: 검정 / 사이즈: L"
    assert line.buyer_name == "김주문"
    assert (line.recipient.name, line.recipient.phone1, line.recipient.phone2) == (
        "이수령",
        "010-3333-4444",
        "02-555-6666",
    )
    assert (line.recipient.postcode, line.recipient.address2) == ("06236", "101동 202호")
    assert (line.recipient.country, line.recipient.message) == ("KR", "부재 시 문 앞")
    assert line.recipient.entrance == "문 앞 / 공동현관 #1234"
    assert (line.claim, line.hints, line.carrier, line.waybill) == (None, frozenset(), "", "")
    assert line.raw == ROW


@pytest.mark.parametrize(
    ("status", "place", "delivery", "stage"),
    [
        ("PAYMENT_WAITING", "NOT_YET", "", Stage.AWAITING_PAYMENT),
        ("PAYED", "NOT_YET", "", Stage.NEW),
        ("PAYED", "OK", "", Stage.CONFIRMED),
        ("PAYED", "CANCEL", "", Stage.UNKNOWN),
        ("PAYED", "", "", Stage.UNKNOWN),
        ("DELIVERING", "OK", "", Stage.DISPATCHED),
        ("DELIVERING", "OK", "COLLECT_WAIT", Stage.DISPATCHED),
        ("DELIVERING", "OK", "WRONG_INVOICE", Stage.DISPATCHED),
        ("DELIVERING", "OK", "TELEPORTED", Stage.DISPATCHED),
        ("DELIVERING", "OK", "COLLECT_CARGO", Stage.IN_TRANSIT),
        ("DELIVERING", "OK", "DELIVERING", Stage.IN_TRANSIT),
        ("DELIVERED", "OK", "DELIVERY_COMPLETION", Stage.DELIVERED),
        ("PURCHASE_DECIDED", "OK", "", Stage.SETTLED),
        ("EXCHANGED", "OK", "", Stage.EXCHANGED),
        ("CANCELED", "CANCEL", "", Stage.CANCELLED),
        ("CANCELED_BY_NOPAYMENT", "NOT_YET", "", Stage.CANCELLED),
        ("RETURNED", "OK", "", Stage.RETURNED),
        ("SOMETHING_NEW", "OK", "", Stage.UNKNOWN),
    ],
)
def test_reads_the_stage(status, place, delivery, stage):
    line = read({"productOrderStatus": status, "placeOrderStatus": place}, delivery={"deliveryStatus": delivery})

    assert line.stage is stage


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("CANCEL", "CANCEL_REQUEST", (ClaimKind.CANCEL, ClaimStage.REQUESTED)),
        ("CANCEL", "CANCELING", (ClaimKind.CANCEL, ClaimStage.APPROVED)),
        ("CANCEL", "CANCEL_DONE", (ClaimKind.CANCEL, ClaimStage.DONE)),
        ("CANCEL", "CANCEL_REJECT", (ClaimKind.CANCEL, ClaimStage.REFUSED)),
        ("ADMIN_CANCEL", "ADMIN_CANCELING", (ClaimKind.CANCEL, ClaimStage.APPROVED)),
        ("ADMIN_CANCEL", "ADMIN_CANCEL_REJECT", (ClaimKind.CANCEL, ClaimStage.REFUSED)),
        ("RETURN", "COLLECTING", (ClaimKind.RETURN, ClaimStage.COLLECTING)),
        ("RETURN", "COLLECT_DONE", (ClaimKind.RETURN, ClaimStage.COLLECTING)),
        ("RETURN", "RETURN_REJECT", (ClaimKind.RETURN, ClaimStage.REFUSED)),
        ("EXCHANGE", "EXCHANGE_REDELIVERING", (ClaimKind.EXCHANGE, ClaimStage.APPROVED)),
        ("EXCHANGE", "EXCHANGE_DONE", (ClaimKind.EXCHANGE, ClaimStage.DONE)),
        ("PURCHASE_DECISION_HOLDBACK", "PURCHASE_DECISION_HOLDBACK", None),
        ("PURCHASE_DECISION_HOLDBACK", "PURCHASE_DECISION_HOLDBACK_RELEASE", None),
    ],
)
def test_reads_the_claim(kind, status, expected):
    line = read({"claimType": kind, "claimStatus": status, "claimId": "C1"})

    assert (line.claim and (line.claim.kind, line.claim.stage)) == expected
    assert line.stage is Stage.NEW


def test_a_current_claim_tells_its_quantity_and_reason():
    claim = {
        "claimId": "C7",
        "claimStatus": "CANCEL_REQUEST",
        "requestQuantity": 1,
        "cancelReason": "INTENT_CHANGED",
        "claimRequestDate": "2026-11-21T09:00:00.000+09:00",
    }
    line = read({"claimType": "CANCEL", "claimStatus": "CANCEL_REQUEST"}, currentClaim={"cancel": claim})

    assert (line.claim.claim_id, line.claim.quantity, line.claim.reason) == ("C7", 1, "구매 의사 취소")
    assert line.claim.requested_at == datetime(2026, 11, 21, 9, tzinfo=KST)


def test_with_no_claim_open_the_last_completed_one_is_told():
    completed = [
        {"claimType": "CANCEL", "claimId": "C1", "claimStatus": "CANCEL_REJECT", "requestQuantity": 3},
        {"claimType": "CANCEL", "claimId": "C2", "claimStatus": "CANCEL_DONE", "requestQuantity": 1},
    ]
    line = read(completedClaims=completed)

    assert (line.claim.claim_id, line.claim.stage, line.claim.quantity) == ("C2", ClaimStage.DONE, 1)


def test_an_unknown_claim_word_stops_the_parcel_and_asks_a_person():
    new_status = read({"claimType": "CANCEL", "claimStatus": "CANCEL_BY_ROBOT"})
    new_kind = read({"claimType": "REPAIR", "claimStatus": "REPAIR_REQUEST"})

    assert (new_status.stage, new_status.claim.stage) == (Stage.UNKNOWN, ClaimStage.REQUESTED)
    assert (new_kind.stage, new_kind.claim) == (Stage.UNKNOWN, None)


@pytest.mark.parametrize(
    ("product", "hints"),
    [
        ({"giftReceivingStatus": "WAIT_FOR_RECEIVING", "shippingAddress": None}, {Hint.GIFT_WITHOUT_ADDRESS}),
        ({"giftReceivingStatus": "RECEIVED"}, set()),
        ({"deliveryAttributeType": "PRE_ORDER"}, {Hint.PRE_ORDER}),
        (
            {"deliveryAttributeType": "PRE_ORDER", "shippingStartDate": "2026-11-23T00:00:00.000+09:00"},
            {Hint.PRE_ORDER},
        ),
        ({"deliveryAttributeType": "PRE_ORDER", "shippingStartDate": "2026-11-21T00:00:00.000+09:00"}, set()),
        ({"deliveryAttributeType": "ARRIVAL_GUARANTEE", "logisticsCompanyId": "L1"}, {Hint.PARTNER_SHIPS}),
        ({"deliveryAttributeType": "ARRIVAL_GUARANTEE"}, set()),
    ],
)
def test_hints(product, hints):
    assert read(product).hints == hints


@pytest.mark.parametrize(
    "product",
    [
        {"quantity": None, "initialQuantity": None, "remainQuantity": None},
        {"initialQuantity": 0},
        {"remainPaymentAmount": None, "totalPaymentAmount": None},
        {"remainPaymentAmount": -1},
        {"remainPaymentAmount": 10**18, "totalPaymentAmount": 10**18},
    ],
)
def test_what_cannot_be_counted_is_for_a_person(product):
    assert read(product).stage is Stage.UNKNOWN


def test_an_unreadable_initial_quantity_falls_back_on_the_documented_twin():
    line = read({"initialQuantity": "three"})

    assert (line.stage, line.quantity) == (Stage.NEW, 3)


def test_without_remains_the_whole_counts():
    line = read({"remainQuantity": None, "remainPaymentAmount": None, "initialQuantity": None})

    assert (line.quantity, line.remaining, line.amount) == (3, 3, 30_000)


def test_a_carrier_outside_the_table_keeps_its_code():
    known = read(delivery={"deliveryCompany": "HYUNDAI", "trackingNumber": "123456789012"})
    other = read(delivery={"deliveryCompany": "TEAMFRESH", "trackingNumber": "1"})
    direct = read(delivery={"deliveryMethod": "DIRECT_DELIVERY"})

    assert [line.carrier for line in (known, other, direct)] == ["lotte", "TEAMFRESH", "direct"]
    assert known.waybill == "123456789012"


def test_carriers_are_told_apart_both_ways():
    assert len(codes.CARRIERS_BACK) == len(codes.CARRIERS)


def test_what_the_feed_names_and_the_query_leaves_out_is_not_silence():
    feed = {
        "2026112000000011": {"productOrderId": "2026112000000011", "orderId": "2026112000000001"},
        "2026112000000012": {
            "productOrderId": "2026112000000012",
            "orderId": "2026112000000001",
            "lastChangedDate": "2026-11-20T11:00:00.000+09:00",
        },
    }
    lines = wire.read_page([ROW], at=AT, feed=feed)

    assert [(line.line_key, line.stage) for line in lines] == [
        ("2026112000000011", Stage.NEW),
        ("2026112000000012", Stage.UNKNOWN),
    ]
    assert lines[1].ordered_at == lines[1].changed_at == datetime(2026, 11, 20, 11, tzinfo=KST)


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([]) | st.just({}) | st.just([{}])


def paths_of(value: object, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [before] if before else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths_of(inner, (*before, key))
    return found


FULL = row(
    {
        "claimType": "CANCEL",
        "claimStatus": "CANCEL_REQUEST",
        "claimId": "C1",
        "decisionDate": "2026-11-21T00:00:00+09:00",
    },
    delivery={"deliveryCompany": "CJGLS", "trackingNumber": "1", "deliveryStatus": "DELIVERING", "deliveredDate": "x"},
    currentClaim={"cancel": {"claimId": "C1", "claimStatus": "CANCEL_REQUEST", "requestQuantity": 1}},
    completedClaims=[{"claimType": "RETURN", "claimId": "C0"}],
)


@given(changes=st.lists(st.tuples(st.sampled_from(paths_of(FULL)), st.none() | JUNK, st.booleans()), max_size=5))
@settings(max_examples=400, deadline=None)
def test_no_change_to_one_row_stops_the_others(changes):
    odd = copy.deepcopy(FULL)
    for path, junk, drop in changes:
        holder: Any = odd
        for key in path[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
            if not drop:
                holder[path[-1]] = junk
    good = row({"productOrderId": "2026112000000099"})

    lines = wire.read_page([odd, good], at=AT, feed={})

    last = lines[-1]
    assert (last.line_key, last.stage) == ("2026112000000099", Stage.NEW)
    for line in lines:
        assert line.line_key and line.order_number
        assert 0 <= line.remaining <= line.quantity
        assert line.ordered_at.tzinfo is not None
        assert line.ordered_at.astimezone(UTC).year >= wire.UNDATED.year


@given(body=st.binary(max_size=80))
def test_no_body_makes_reading_raise(body):
    assert wire.read_json(body) is None or isinstance(wire.read_json(body), dict)


def test_nul_characters_are_taken_out_of_a_body():
    assert wire.read_json(b'{"a\\u0000": ["x\\u0000y", 1]}') == {"a": ["xy", 1]}
