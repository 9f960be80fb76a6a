"""Coupang's receipts, exchanges and withdrawals as claims, without a network."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jumun.channels.port import ClaimKind, ClaimStage, Stage
from jumun.connectors.coupang import wire, wire_claims
from jumun.connectors.coupang.wire_claims import ClaimRows
from jumun.core.clock import KST

RECEIPT: dict[str, Any] = {
    "receiptId": 365937,
    "orderId": 500004398,
    "receiptType": "RETURN",
    "receiptStatus": "RETURNS_UNCHECKED",
    "createdAt": "2026-11-20T10:00:00",
    "modifiedAt": "2026-11-21T10:00:00.000001-08:00",
    "cancelReasonCategory1": "고객변심",
    "cancelReasonCategory2": "단순변심(사유없음)",
    "cancelReason": "이웃집 홍길동이 쓰던 것과 달라요",
    "reasonCode": "CHANGEMIND",
    "reasonCodeText": "필요 없어짐 (단순 변심)",
    "releaseStopStatus": "비대상",
    "faultByType": "CUSTOMER",
    "returnItems": [
        {
            "vendorItemId": 3000000233,
            "vendorItemName": "면 티셔츠 검정 L",
            "cancelCount": 2,
            "purchaseCount": 3,
            "shipmentBoxId": 700,
            "sellerProductId": 80240831,
            "sellerProductName": "면 티셔츠",
            "releaseStatus": "Y",
        }
    ],
    "returnDeliveryDtos": [{"deliveryCompanyCode": "CJGLS", "deliveryInvoiceNo": "611373805580"}],
}
EXCHANGE: dict[str, Any] = {
    "exchangeId": 100702705,
    "orderId": 500004398,
    "exchangeStatus": "PROGRESS",
    "faultType": "VENDOR",
    "reasonCode": "WRONGOPT",
    "reasonEtcDetail": "홍길동에게 주려던 것",
    "createdAt": "2026-11-22T02:10:15",
    "modifiedAt": "2026-11-23T02:10:15",
    "exchangeItemDtoV1s": [{"orderItemId": 3000000233, "quantity": 1}],
    "collectInformationsDto": {"returndeliveryItemDtos": [{"vendorItemId": 3000000233, "count": 1}]},
    "returnDeliveryDtos": [{"deliveryCompanyCode": "HANJIN", "deliveryInvoiceNo": "1"}],
    "deliveryStatus": "BeforeDirection",
    "collectStatus": "Collecting",
    "deliveryInvoiceGroupDtos": [],
}
WITHDRAWAL: dict[str, Any] = {
    "cancelId": 365937,
    "orderId": 500004398,
    "refundDeliveryDuty": "CUS",
    "createdAt": "2026-11-22T23:50:39",
    "vendorItemIds": [3000000233],
}


def receipt(item: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    made = copy.deepcopy(RECEIPT) | parts
    if "returnItems" not in parts:
        made["returnItems"][0] |= item or {}
    return made


def line(status: str = "FINAL_DELIVERY", *, cancelled: int = 0) -> Any:
    (found,) = wire.read_sheet(
        {
            "shipmentBoxId": 700,
            "orderId": 500004398,
            "orderedAt": "2026-11-19T10:00:00",
            "status": status,
            "orderItems": [
                {"vendorItemId": 3000000233, "shippingCount": 3, "cancelCount": cancelled, "orderPrice": 9_000}
            ],
        }
    )
    return found


def attach(status: str = "FINAL_DELIVERY", cancelled: int = 0, **rows: Any) -> Any:
    told = ClaimRows(**{name: tuple(found) for name, found in rows.items()})
    return wire_claims.attach(line(status, cancelled=cancelled), told)


def test_reads_every_field_of_a_return():
    found = attach(receipts=[receipt()])

    (claim,) = found.claims
    assert (claim.kind, claim.stage, claim.claim_id, claim.quantity) == (
        *(ClaimKind.RETURN, ClaimStage.REQUESTED, "365937", 2),
    )
    assert (claim.reason, claim.fault) == ("필요 없어짐 (단순 변심)", "buyer")
    assert claim.requested_at == datetime(2026, 11, 20, 10, tzinfo=KST)
    assert claim.changed_at == datetime(2026, 11, 21, 18, 0, 0, 1, tzinfo=UTC)
    assert (claim.collect_carrier, claim.collect_waybill) == ("cj", "611373805580")
    assert claim.stage_raw == "RETURN/RETURNS_UNCHECKED/비대상"
    assert (found.claims_known, found.stage) == (True, Stage.DELIVERED)


@pytest.mark.parametrize(
    ("status", "words", "item", "kind", "stage"),
    [
        ("INSTRUCT", {"receiptStatus": "RELEASE_STOP_UNCHECKED", "releaseStopStatus": "미처리"}, {"releaseStatus": "N"},
         ClaimKind.CANCEL, ClaimStage.REQUESTED),
        ("INSTRUCT", {"receiptStatus": "RETURNS_COMPLETED", "releaseStopStatus": "처리(출고중지)"}, {"releaseStatus": "N"},
         ClaimKind.CANCEL, ClaimStage.DONE),
        ("INSTRUCT", {"receiptStatus": "RETURNS_UNCHECKED", "releaseStopStatus": "처리(출고중지)"}, {"releaseStatus": "S"},
         ClaimKind.CANCEL, ClaimStage.DONE),
        ("DEPARTURE", {"receiptStatus": "RETURNS_UNCHECKED", "releaseStopStatus": "처리(이미출고)"}, {"releaseStatus": "Y"},
         ClaimKind.RETURN, ClaimStage.REQUESTED),
        ("DEPARTURE", {"receiptStatus": "RETURNS_UNCHECKED", "releaseStopStatus": "자동처리(이미출고)"}, {"releaseStatus": "N"},
         ClaimKind.RETURN, ClaimStage.REQUESTED),
        ("DEPARTURE", {"receiptStatus": "RELEASE_STOP_UNCHECKED", "releaseStopStatus": "미처리"}, {"releaseStatus": "N"},
         ClaimKind.RETURN, ClaimStage.REQUESTED),
        ("ACCEPT", {"receiptType": "CANCEL", "receiptStatus": "RETURNS_COMPLETED"}, {"releaseStatus": "N"},
         ClaimKind.CANCEL, ClaimStage.DONE),
        ("ACCEPT", {"receiptType": "CANCEL", "receiptStatus": "RELEASE_STOP_UNCHECKED"}, {"releaseStatus": "N"},
         ClaimKind.CANCEL, ClaimStage.REQUESTED),
        ("FINAL_DELIVERY", {"receiptStatus": "VENDOR_WAREHOUSE_CONFIRM"}, {}, ClaimKind.RETURN, ClaimStage.COLLECTING),
        ("FINAL_DELIVERY", {"receiptStatus": "REQUEST_COUPANG_CHECK"}, {}, ClaimKind.RETURN, ClaimStage.COLLECTING),
        ("FINAL_DELIVERY", {"receiptStatus": "RETURNS_COMPLETED"}, {}, ClaimKind.RETURN, ClaimStage.DONE),
    ],
)  # fmt: skip
def test_what_a_receipt_means(status, words, item, kind, stage):
    (claim,) = attach(status, receipts=[receipt(item, **words)]).claims

    assert (claim.kind, claim.stage) == (kind, stage)


@pytest.mark.parametrize(
    "words", [{"receiptStatus": "NEW_WORD"}, {"receiptType": "SWAP"}, {"releaseStopStatus": "처리(보류)"}]
)
def test_an_unknown_word_stops_the_parcel_and_is_told_as_unknown(words):
    found = attach("INSTRUCT", receipts=[receipt({"releaseStatus": "N"}, **words)])

    assert found.stage is Stage.UNKNOWN
    assert found.claim.stage is ClaimStage.REQUESTED


@pytest.mark.parametrize(
    ("words", "fault", "reason"),
    [
        ({"faultByType": "VENDOR"}, "seller", "필요 없어짐 (단순 변심)"),
        ({"faultByType": "COUPANG", "reasonCodeText": None}, "channel", "고객변심 / 단순변심(사유없음)"),
        ({"faultByType": "WMS", "reasonCodeText": "", "cancelReasonCategory1": None}, "channel", "단순변심(사유없음)"),
        (
            {"faultByType": "GENERAL", "reasonCodeText": "", "cancelReasonCategory1": "", "cancelReasonCategory2": ""},
            *("", "단순 변심"),
        ),
    ],
)
def test_reasons_are_from_a_list_and_never_the_buyers_own_words(words, fault, reason):
    (claim,) = attach(receipts=[receipt(**words)]).claims

    assert (claim.fault, claim.reason) == (fault, reason)


def test_what_was_taken_back_is_withdrawn_with_or_without_its_receipt():
    told, alone = attach(receipts=[receipt()], withdrawals=[WITHDRAWAL]), attach(withdrawals=[WITHDRAWAL])

    for found in (told, alone):
        (claim,) = found.claims
        assert (claim.claim_id, claim.stage, claim.kind) == ("365937", ClaimStage.WITHDRAWN, ClaimKind.RETURN)
        assert claim.changed_at == datetime(2026, 11, 22, 23, 50, 39, tzinfo=KST)
        assert claim.fault == "buyer"
    assert attach("INSTRUCT", withdrawals=[WITHDRAWAL]).claim.kind is ClaimKind.CANCEL
    assert attach(withdrawals=[WITHDRAWAL | {"vendorItemIds": [1]}]).claims == ()


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ({"exchangeStatus": "RECEIPT"}, ClaimStage.REQUESTED),
        ({}, ClaimStage.COLLECTING),
        ({"deliveryStatus": "CompleteDirection"}, ClaimStage.COLLECTING),
        ({"deliveryStatus": "Delivering"}, ClaimStage.APPROVED),
        ({"exchangeStatus": "SUCCESS"}, ClaimStage.DONE),
        ({"exchangeStatus": "REJECT"}, ClaimStage.REFUSED),
        ({"exchangeStatus": "CANCEL"}, ClaimStage.WITHDRAWN),
        ({"exchangeStatus": "NEU"}, ClaimStage.REQUESTED),
    ],
)
def test_stages_of_an_exchange(words, stage):
    found = attach(exchanges=[EXCHANGE | words])

    (claim,) = found.claims
    assert (claim.kind, claim.stage, claim.quantity) == (ClaimKind.EXCHANGE, stage, 1)
    assert (claim.fault, claim.reason, claim.claim_id) == ("seller", "옵션 잘못 선택", "100702705")
    assert (found.stage is Stage.UNKNOWN) is (words.get("exchangeStatus") == "NEU")


def test_both_parcels_of_an_exchange():
    groups = [
        {
            "shipmentBoxId": 9,
            "deliveryInvoiceDtos": [{"invoiceNumber": None}, {"invoiceNumber": "2", "deliverCode": "KGB"}],
        }
    ]
    (claim,) = attach(exchanges=[EXCHANGE | {"deliveryInvoiceGroupDtos": groups}]).claims

    assert (claim.collect_carrier, claim.collect_waybill) == ("hanjin", "1")
    assert (claim.resend_carrier, claim.resend_waybill) == ("logen", "2")


def test_an_exchange_without_a_collection_names_its_order_item():
    (claim,) = attach(exchanges=[EXCHANGE | {"collectInformationsDto": None}]).claims

    assert claim.quantity == 1
    assert attach(exchanges=[EXCHANGE | {"collectInformationsDto": None, "exchangeItemDtoV1s": []}]).claims == ()


def test_what_was_exchanged_as_a_whole_has_ended():
    all_of_it = {"returndeliveryItemDtos": [{"vendorItemId": 3000000233, "count": 3}]}

    assert attach(exchanges=[EXCHANGE | {"exchangeStatus": "SUCCESS"}]).stage is Stage.DELIVERED
    done = EXCHANGE | {"exchangeStatus": "SUCCESS", "collectInformationsDto": all_of_it}
    assert attach(exchanges=[done]).stage is Stage.EXCHANGED


def test_claims_come_oldest_first_and_the_open_one_counts():
    found = attach(receipts=[receipt(receiptId=2, createdAt="2026-11-25T10:00:00", receiptStatus="RETURNS_COMPLETED")],
                   exchanges=[EXCHANGE])  # fmt: skip

    assert [claim.claim_id for claim in found.claims] == ["100702705", "2"]
    assert found.claim.kind is ClaimKind.EXCHANGE


def test_a_line_of_which_nothing_is_left_ends_as_its_claims_say():
    done = receipt({"cancelCount": 3}, receiptStatus="RETURNS_COMPLETED")

    assert attach(cancelled=3, receipts=[done]).stage is Stage.RETURNED
    assert attach("INSTRUCT", cancelled=3).stage is Stage.CANCELLED
    assert attach(cancelled=3).stage is Stage.DELIVERED


def test_two_rows_of_one_product_in_a_receipt_are_one_claim():
    items = [RECEIPT["returnItems"][0] | {"cancelCount": 1}] * 2
    (claim,) = attach(receipts=[receipt(returnItems=items)]).claims

    assert claim.quantity == 2


# Orders no box shows any more


def gone(*receipts: dict[str, Any], known: tuple[str, ...] = (), **more: Any) -> Any:
    return wire_claims.read_gone(ClaimRows(receipts=receipts, **more), "500004398", known=known)


def test_an_order_that_came_back_is_built_from_its_receipts():
    (found,) = gone(receipt({"cancelCount": 3}, receiptStatus="RETURNS_COMPLETED"))

    assert (found.line_key, found.order_number, found.unit) == ("500004398-3000000233", "500004398", "700")
    assert (found.stage, found.quantity, found.remaining, found.amount) == (Stage.RETURNED, 3, 0, 0)
    assert (found.product_name, found.product_code, found.option_code) == ("면 티셔츠", "80240831", "3000000233")
    assert found.ordered_at == datetime(2026, 11, 20, 10, tzinfo=KST)
    assert found.recipient.name == ""
    assert found.claims_known


def test_an_order_cancelled_at_once_or_stopped_is_cancelled():
    at_once = receipt(receiptType="CANCEL", receiptStatus="RETURNS_COMPLETED")
    stopped = receipt({"releaseStatus": "N"}, receiptStatus="RETURNS_COMPLETED", releaseStopStatus="처리(출고중지)")

    assert [line.stage for line in gone(at_once)] == [Stage.CANCELLED]
    assert [line.stage for line in gone(stopped)] == [Stage.CANCELLED]


def test_what_is_not_over_or_has_no_date_is_unknown():
    assert [line.stage for line in gone(receipt())] == [Stage.UNKNOWN]
    assert [line.stage for line in gone(receipt(receiptStatus="RETURNS_COMPLETED", createdAt=None))] == [Stage.UNKNOWN]


def test_what_a_box_shows_or_was_taken_back_is_not_built_again():
    assert gone(receipt(), known=("500004398-3000000233",)) == []
    assert gone(receipt(), withdrawals=(WITHDRAWAL,)) == []


def test_lists_are_sorted_by_order_and_a_later_word_replaces_an_earlier():
    later = receipt(receiptStatus="RETURNS_COMPLETED")
    found = wire_claims.by_order([receipt(), later, {"receiptId": 1}], [EXCHANGE], [WITHDRAWAL])

    assert set(found) == {"500004398"}
    assert found["500004398"] == ClaimRows((later,), (EXCHANGE,), (WITHDRAWAL,))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(RECEIPT)), ANYTHING),
    st.dictionaries(st.sampled_from(sorted(RECEIPT["returnItems"][0])), ANYTHING),
    st.dictionaries(st.sampled_from(sorted(EXCHANGE)), ANYTHING),
    st.dictionaries(st.sampled_from(sorted(WITHDRAWAL)), ANYTHING),
)
def test_no_row_stops_an_order(parts, item, exchange, withdrawal):
    good = receipt(receiptId=1)
    bad = copy.deepcopy(RECEIPT)
    bad["returnItems"][0] |= item
    rows = wire_claims.by_order([bad | parts, good], [EXCHANGE | exchange], [WITHDRAWAL | withdrawal])

    found = wire_claims.attach(line(), rows["500004398"])

    assert "1" in {claim.claim_id for claim in found.claims}
    assert all(claim.quantity >= 0 for claim in found.claims)
    for built in wire_claims.read_gone(rows["500004398"], "500004398", known=()):
        assert 0 <= built.remaining <= built.quantity
        assert built.ordered_at.tzinfo is not None
