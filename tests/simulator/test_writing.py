"""Confirm, dispatch, delay, claims: what is accepted, what is refused with which code, what it does."""

from __future__ import annotations

from typing import Any

import pytest

from .desk import Desk, codes, iso_before, make_row


def one_line(desk: Desk, **mix: Any) -> str:
    return desk.order_lines(1, lines=[1, 1], **mix)[0]


def test_confirm_takes_thirty_and_names_the_rest(desk: Desk) -> None:
    lines = desk.order_lines(10, lines=[2, 2])
    done = desk.confirm(*lines, "2026010100000001")
    infos = [{"productOrderId": line, "isReceiverAddressChanged": False} for line in lines]
    assert done["successProductOrderInfos"] == infos
    assert codes(done) == ["100001"]
    assert desk.line(lines[0])["place_status"] == "OK"
    assert desk.line(lines[0])["status"] == "PAYED"
    assert [effect["line_no"] for effect in desk.state()["effects"]] == lines
    many = desk.seller("POST", "/confirm", json={"productOrderIds": ["1"] * 31})
    assert (many.status_code, many.json()["code"]) == (400, "4000")


@pytest.mark.parametrize("code", ["105306", "104443"])
def test_a_repeated_confirm_fails_with_the_chosen_code(desk: Desk, code: str) -> None:
    desk.settings(naver__repeat_confirm_code=code)
    line = one_line(desk)
    desk.confirm(line)
    assert codes(desk.confirm(line)) == [code]
    assert len(desk.state()["effects"]) == 1


def test_an_address_changed_before_confirm_is_told_by_it(desk: Desk) -> None:
    line = one_line(desk)
    before = desk.detail(line)["productOrder"]["shippingAddress"]
    desk.event("address_change", line)
    row = desk.changes()["lastChangeStatuses"][0]
    assert (row["lastChangedType"], row["receiverAddressChanged"]) == ("DELIVERY_ADDRESS_CHANGED", True)
    after = desk.detail(line)["productOrder"]["shippingAddress"]
    assert (after["name"], after["tel1"]) == (before["name"], before["tel1"])
    assert after["baseAddress"] != before["baseAddress"]
    assert desk.confirm(line)["successProductOrderInfos"][0]["isReceiverAddressChanged"] is True
    late = desk.call(
        "POST",
        "/control/events",
        json={"channel": "naver", "account": "store-a", "line_no": line, "event": "address_change"},
    )
    assert (late.status_code, late.json()["code"]) == (409, "event_refused")


def test_dispatch_ships_once(desk: Desk) -> None:
    line = one_line(desk)
    assert codes(desk.dispatch(line)) == ["104443"], "not confirmed"
    desk.confirm(line)
    assert desk.dispatch(line)["successProductOrderIds"] == [line]
    delivery = desk.detail(line)["delivery"]
    assert (delivery["deliveryCompany"], delivery["trackingNumber"]) == ("CJGLS", "680405450931")
    assert codes(desk.dispatch(line)) == ["104442"]
    shown = desk.line(line)
    assert (shown["status"], shown["carrier"], shown["waybill"]) == ("DELIVERING", "CJGLS", "680405450931")
    sent = [effect for effect in desk.state()["effects"] if effect["call"] == "dispatch"]
    assert [(effect["line_no"], effect["carrier"], effect["waybill"]) for effect in sent] == [
        (line, "CJGLS", "680405450931")
    ]


def test_dispatch_may_confirm_by_itself(desk: Desk) -> None:
    desk.settings(naver__dispatch_before_confirm=True)
    line = one_line(desk)
    assert desk.dispatch(line)["successProductOrderIds"] == [line]
    assert desk.line(line)["place_status"] == "OK"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"deliveryCompanyCode": None}, "104118"),
        ({"deliveryCompanyCode": "CJ"}, "104119"),
        ({"trackingNumber": ""}, "104120"),
        ({"trackingNumber": "12345"}, "104122"),
        ({"trackingNumber": "68040545093A"}, "104122"),
        ({"deliveryMethod": "ROCKET"}, "104116"),
    ],
)
def test_a_wrong_carrier_or_number_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    line = one_line(desk, confirmed=1)
    assert codes(desk.dispatch(line, **changes)) == [code]
    assert desk.line(line)["status"] == "PAYED"


def test_a_wrong_check_digit_only_when_wanted(desk: Desk) -> None:
    first, second = one_line(desk, confirmed=1), one_line(desk, confirmed=1)
    assert desk.dispatch(first, number="680405450930")["successProductOrderIds"] == [first]
    desk.settings(naver__check_digit=True)
    assert codes(desk.dispatch(second, number="680405450932")) == ["104122"]


def test_a_number_belongs_to_one_receiver(desk: Desk) -> None:
    mine = desk.order_lines(2, confirmed=1, same_recipient=1)
    other = desk.control("orders", count=1, confirmed=1, seed=99)["orders"][0]["lines"][0]
    assert desk.dispatch(*mine)["successProductOrderIds"] == mine
    assert codes(desk.dispatch(other)) == ["104121"]


def test_other_ways_of_delivery_need_no_number(desk: Desk) -> None:
    line = one_line(desk, confirmed=1, direct_delivery=1)
    assert desk.detail(line)["productOrder"]["expectedDeliveryMethod"] == "DIRECT_DELIVERY"
    row = {"deliveryMethod": "DIRECT_DELIVERY", "deliveryCompanyCode": None, "trackingNumber": None}
    assert desk.dispatch(line, **row)["successProductOrderIds"] == [line]


def test_dispatch_refuses_nonsense_as_a_whole(desk: Desk) -> None:
    line = one_line(desk, confirmed=1)
    twice = desk.seller("POST", "/dispatch", json={"dispatchProductOrders": [make_row(line, "1"), make_row(line, "1")]})
    assert (twice.status_code, twice.json()["code"]) == (400, "104131")
    assert desk.seller("POST", "/dispatch", json={"dispatchProductOrders": []}).json()["code"] == "4000"
    assert desk.seller("POST", "/dispatch", content=b"{").json()["code"] == "4000"


def test_shipping_refuses_a_cancel_request(desk: Desk) -> None:
    line = one_line(desk, confirmed=1, cancel_requested=1)
    assert desk.detail(line)["currentClaim"]["cancel"]["claimStatus"] == "CANCEL_REQUEST"
    assert desk.dispatch(line)["successProductOrderIds"] == [line]
    shown = desk.line(line)
    assert (shown["status"], shown["claim"]) == ("DELIVERING", "CANCEL_REJECT")
    detail = desk.detail(line)
    assert "currentClaim" not in detail
    assert detail["completedClaims"][0]["claimStatus"] == "CANCEL_REJECT"


def test_a_cancelled_line_is_not_shipped(desk: Desk) -> None:
    line = one_line(desk, confirmed=1)
    desk.event("cancel", line)
    assert codes(desk.dispatch(line)) == ["104442"]
    row = desk.changes()["lastChangeStatuses"][0]
    assert (row["lastChangedType"], row["claimType"], row["claimStatus"], row["productOrderStatus"]) == (
        "CLAIM_COMPLETED",
        "CANCEL",
        "CANCEL_DONE",
        "CANCELED",
    )


def test_mall_logistics_and_waiting_gifts_are_not_the_sellers(desk: Desk) -> None:
    line = one_line(desk, mall_logistics=1)
    assert codes(desk.confirm(line)) == ["101011"]
    assert codes(desk.dispatch(line)) == ["105308"]
    gift = one_line(desk, gift_without_address=1)
    detail = desk.detail(gift)
    assert detail["productOrder"]["giftReceivingStatus"] == "WAIT_FOR_RECEIVING"
    assert "shippingAddress" not in detail["productOrder"]
    assert detail["order"]["ordererTel"].endswith("****")
    assert codes(desk.confirm(gift)) == ["104442"]
    desk.event("gift_received", gift)
    assert desk.detail(gift)["productOrder"]["shippingAddress"]["name"]
    assert desk.changes(lastChangedType="GIFT_RECEIVED")["count"] == 1


def test_a_delay_moves_the_due_date(desk: Desk) -> None:
    line = one_line(desk, confirmed=1)
    body = {"dispatchDueDate": iso_before(-5 * 86_400), "delayedDispatchReason": "PRODUCT_PREPARE"}
    assert desk.seller("POST", f"/{line}/delay", json=body).json()["data"]["successProductOrderIds"] == [line]
    product = desk.detail(line)["productOrder"]
    assert product["shippingDueDate"] == body["dispatchDueDate"]
    assert product["delayedDispatchReason"] == "PRODUCT_PREPARE"
    past = desk.seller("POST", f"/{line}/delay", json=body | {"dispatchDueDate": iso_before(5)}).json()
    assert codes(past["data"]) == ["104105"]


def test_part_of_a_line_is_cancelled_and_the_rest_ships(desk: Desk) -> None:
    line = one_line(desk, confirmed=1, quantity=[5, 5])
    desk.event("cancel_request", line, quantity=2)
    claim = desk.detail(line)["currentClaim"]["cancel"]
    assert (claim["claimStatus"], claim["requestQuantity"]) == ("CANCEL_REQUEST", 2)
    assert desk.claim(line, "cancel/approve")["data"]["successProductOrderIds"] == [line]
    product = desk.detail(line)["productOrder"]
    assert (product["quantity"], product["initialQuantity"], product["remainQuantity"]) == (5, 5, 3)
    assert product["remainProductAmount"] * 5 == product["initialProductAmount"] * 3
    assert (product["productOrderStatus"], product.get("claimStatus")) == ("PAYED", None)
    desk.event("cancel_partial", line, quantity=1)
    assert desk.line(line)["remaining"] == 2
    assert desk.dispatch(line)["successProductOrderIds"] == [line]


def test_a_seller_cancels_and_a_buyer_withdraws(desk: Desk) -> None:
    line, other = one_line(desk), one_line(desk)
    assert desk.claim(line, "cancel/request", cancelReason="ETC")["code"] == "4000"
    assert desk.claim(line, "cancel/request", cancelReason="SOLD_OUT")["data"]["successProductOrderIds"] == [line]
    assert desk.line(line)["status"] == "CANCELED"
    assert desk.detail(line, by_quantity=False)["cancel"]["cancelReason"] == "SOLD_OUT"
    desk.event("cancel_request", other)
    desk.event("cancel_withdraw", other)
    assert desk.line(other)["claim"] == "CANCEL_REJECT"
    assert codes(desk.claim(other, "cancel/approve")["data"]) == ["104442"]
    assert desk.changes(lastChangedType="CLAIM_REJECTED")["count"] == 1


def test_a_return_is_held_released_and_approved(desk: Desk) -> None:
    line = one_line(desk, dispatched=1)
    desk.event("deliver", line)
    desk.event("return_request", line)
    hold = {"holdbackClassType": "RETURN_DELIVERYFEE", "holdbackReturnDetailReason": "배송비 미동봉"}
    assert desk.claim(line, "return/holdback", **hold)["data"]["successProductOrderIds"] == [line]
    assert codes(desk.claim(line, "return/approve")["data"]) == ["104442"]
    assert desk.claim(line, "return/holdback/release")["data"]["successProductOrderIds"] == [line]
    assert desk.detail(line)["currentClaim"]["return"]["holdbackStatus"] == "RELEASED"
    assert desk.claim(line, "return/approve")["data"]["successProductOrderIds"] == [line]
    assert desk.line(line)["status"] == "RETURNED"


def test_a_return_is_made_by_the_seller_and_rejected(desk: Desk) -> None:
    line = one_line(desk, dispatched=1)
    body = {"returnReason": "BROKEN", "collectDeliveryMethod": "RETURN_INDIVIDUAL"}
    assert desk.claim(line, "return/request", **body)["data"]["successProductOrderIds"] == [line]
    assert desk.claim(line, "return/reject", rejectReturnReason="재확인")["data"]["successProductOrderIds"] == [line]
    assert (desk.line(line)["status"], desk.line(line)["claim"]) == ("DELIVERING", "RETURN_REJECT")


def test_an_exchange_goes_all_the_way(desk: Desk) -> None:
    line = one_line(desk, dispatched=1)
    desk.event("deliver", line)
    desk.event("exchange_request", line)
    send = {"reDeliveryMethod": "DELIVERY", "reDeliveryCompany": "HANJIN", "reDeliveryTrackingNumber": "531647410114"}
    assert codes(desk.claim(line, "exchange/dispatch", **send)["data"]) == ["104417"]
    assert desk.claim(line, "exchange/collect/approve")["data"]["successProductOrderIds"] == [line]
    assert desk.changes(lastChangedType="COLLECT_DONE")["count"] == 1
    assert desk.claim(line, "exchange/dispatch", **send)["data"]["successProductOrderIds"] == [line]
    assert desk.detail(line)["currentClaim"]["exchange"]["reDeliveryTrackingNumber"] == "531647410114"
    assert desk.changes(lastChangedType="CLAIM_REDELIVERING")["count"] == 1
    desk.event("exchange_done", line)
    assert desk.line(line)["status"] == "EXCHANGED"


def test_the_seller_centre_ships_and_the_number_is_wrong(desk: Desk) -> None:
    order = desk.control("orders", count=1, lines=[2, 2])["orders"][0]
    desk.control("events", event="ship", order_no=order["order_no"], carrier="HANJIN", number="531647410114")
    assert {desk.line(line)["waybill"] for line in order["lines"]} == {"531647410114"}
    desk.event("wrong_number", order["lines"][0])
    assert desk.detail(order["lines"][0])["delivery"]["isWrongTrackingNumber"] is True
    assert desk.state()["effects"] == [], "nothing the seller's program did"


def test_time_delivers_and_settles(desk: Desk) -> None:
    desk.settings(auto_deliver_seconds=3_600, auto_settle_seconds=7_200)
    line = one_line(desk, dispatched=1)
    desk.control("clock", advance_seconds=3_700)
    assert desk.line(line)["status"] == "DELIVERED"
    desk.control("clock", advance_seconds=7_200)
    assert desk.line(line)["status"] == "PURCHASE_DECIDED"
