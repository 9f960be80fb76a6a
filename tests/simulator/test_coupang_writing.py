"""Acknowledgement, invoices, corrected invoices (channels.md §2.3, §10.11 to §10.13; carriers.md §1, §2)."""

from __future__ import annotations

from typing import Any

import pytest

from .wing import Wing, codes

NUMBER = "680405450931"


def confirmed(wing: Wing, **mix: Any) -> list[str]:
    return wing.order(confirmed=1, **({"lines": 1} | mix))


@pytest.mark.parametrize(("method", "v"), [("PUT", "v4"), ("PUT", "v5"), ("PATCH", "v4")])
def test_acknowledgement_makes_a_box_instruct(wing: Wing, method: str, v: str) -> None:
    """§2.3, §10.11: a row a box, code as text, responseKey; one effect a line."""
    lines = wing.order(lines=2)
    data = wing.acknowledge(wing.box(lines[0]), method=method, v=v)
    assert (data["responseCode"], codes(data)) == (0, ["OK"])
    assert -(2**63) <= data["responseKey"] < 2**63
    assert {wing.line(line)["status"] for line in lines} == {"INSTRUCT"}
    assert wing.effects("acknowledgement") == [(line, None, None) for line in lines]
    again = wing.acknowledge(wing.box(lines[0]), method=method, v=v)
    assert (again["responseCode"], codes(again)) == (99, ["INVALID_STATUS"])
    assert len(wing.effects("acknowledgement")) == 2


def test_one_box_fails_and_the_others_pass(wing: Wing) -> None:
    """§2.3, §10.11: responseCode 1; retryRequired is true for an unknown box here."""
    first, second = wing.order_lines(2, lines=1)
    data = wing.acknowledge(wing.box(first), "649999999999999999", wing.box(second))
    assert (data["responseCode"], codes(data)) == (1, ["OK", "NOT_FOUND_SHIPMENT_BOX", "OK"])
    assert data["responseList"][1]["retryRequired"] is True
    assert data["responseList"][1]["shipmentBoxId"] == 649999999999999999
    assert wing.acknowledge()["responseCode"] == -1


def test_calls_that_are_wrong_as_a_whole(wing: Wing) -> None:
    """§2.3: at most 50 boxes; the body names the vendor."""
    path = "/ordersheets/acknowledgement"
    assert wing.put(path, shipmentBoxIds=list(range(51))).status_code == 400
    assert wing.put(path, shipmentBoxIds="1").status_code == 400
    assert wing.put(path, vendorId="A00000000", shipmentBoxIds=[1]).status_code == 400
    assert wing.put("/orders/invoices", method="POST").status_code == 400


def test_the_mall_may_show_accept_for_long(wing: Wing) -> None:
    """§10.13: reads lag behind an accepted acknowledgement; the box is INSTRUCT all the same."""
    wing.settings(coupang__ack_shows_late=1_800)
    line = wing.order(lines=1)[0]
    assert codes(wing.acknowledge(wing.box(line))) == ["OK"]
    assert (wing.sheet(line)["status"], wing.line(line)["status"]) == ("ACCEPT", "INSTRUCT")
    assert (len(wing.list()), len(wing.list("INSTRUCT"))) == (1, 0)
    assert codes(wing.acknowledge(wing.box(line))) == ["INVALID_STATUS"]
    wing.control("clock", advance_seconds=1_801)
    assert wing.sheet(line)["status"] == "INSTRUCT"


def test_an_invoice_sends_a_box_and_answers_once_a_box(wing: Wing) -> None:
    """§10.11: a row a vendor item goes in, a row a box comes out."""
    lines = confirmed(wing, lines=3)
    data = wing.upload(*(wing.row(line, NUMBER) for line in lines))
    assert (data["responseCode"], codes(data)) == (0, ["OK"])
    sheet = wing.sheet(lines[0])
    assert (sheet["status"], sheet["invoiceNumber"], sheet["deliveryCompanyName"]) == (
        "DEPARTURE",
        NUMBER,
        "CJ 대한통운",
    )
    assert sheet["orderItems"][0]["invoiceNumberUploadDate"]
    assert wing.effects("invoices") == [(line, "CJGLS", NUMBER) for line in lines]
    assert (wing.line(lines[0])["carrier"], wing.line(lines[0])["waybill"]) == ("CJGLS", NUMBER)
    assert codes(wing.upload(*(wing.row(line, NUMBER) for line in lines))) == ["INVALID_STATUS"]


def test_only_instruct_takes_an_invoice(wing: Wing) -> None:
    """§2.3: ACCEPT is INVALID_STATUS, a cancelled box is ORDER_DELIVERY_CANCELED, a strange one not found."""
    line, gone = wing.order(lines=1)[0], wing.order(lines=1)[0]
    wing.event("cancel", gone)
    rows = [wing.row(line, NUMBER), wing.row(gone, NUMBER), wing.row(line, NUMBER, shipmentBoxId=1)]
    data = wing.upload(*rows)
    assert codes(data) == ["INVALID_STATUS", "ORDER_DELIVERY_CANCELED", "NOT_FOUND_SHIPMENT_BOX"]
    assert [row["retryRequired"] for row in data["responseList"]] == [False, False, False]
    assert codes(wing.upload(wing.row(line, NUMBER, orderId=1))) == ["NOT_FOUND_SHIPMENT_BOX"]
    assert wing.effects("invoices") == []


@pytest.mark.parametrize(
    ("carrier", "number", "good"),
    [
        ("CJGLS", "6804054509", True),
        ("CJGLS", "6804-0545-0931", True),
        ("CJGLS", "68040545093", False),
        ("CJGLS", "68040545093A", False),
        ("HANJIN", "534000964792", True),
        ("HYUNDAI", "2000165000031", True),
        ("KGB", "92816272404", True),
        ("KGB", "928162724041", False),
        ("EPOST", "6900004147609", True),
        ("EPOST", "690000414760", False),
        ("CVS", "6804054509", True),
        ("CHUNIL", "12345678901", True),
        ("DAESIN", "123456789012", False),
        ("KDEXP", "12345678", True),
        ("KDEXP", "1234567", False),
        ("DHL", "AB12345678", True),
        ("UPS", "1Z9999999999999999", True),
        ("UPS", "1Z99999999", False),
    ],
)
def test_each_carrier_has_its_lengths(wing: Wing, carrier: str, number: str, good: bool) -> None:
    """carriers.md §2: lengths only; a wrong one is INVALID_INVOICE_NUMBER with retryRequired."""
    data = wing.upload(wing.row(confirmed(wing)[0], number, deliveryCompanyCode=carrier))
    assert codes(data) == (["OK"] if good else ["INVALID_INVOICE_NUMBER"])
    assert data["responseList"][0]["retryRequired"] is not good


def test_a_wrong_carrier_code_is_a_500_and_nothing_is_done(wing: Wing) -> None:
    """§2.1: a 500 on invoice upload often means a wrong carrier code."""
    first, second = confirmed(wing), confirmed(wing)
    rows = [wing.row(first[0], NUMBER), wing.row(second[0], NUMBER, deliveryCompanyCode="CUPARCEL")]
    answer = wing.put("/orders/invoices", method="POST", orderSheetInvoiceApplyDtos=rows)
    assert (answer.status_code, answer.json()["code"]) == (500, "ERROR")
    assert wing.line(first[0])["status"] == "INSTRUCT"


def test_direct_delivery_is_not_tracked(wing: Wing) -> None:
    """§2.3: carrier DIRECT, any digits → NONE_TRACKING."""
    line = confirmed(wing)[0]
    assert codes(wing.upload(wing.row(line, "1", deliveryCompanyCode="DIRECT"))) == ["OK"]
    assert wing.line(line)["status"] == "NONE_TRACKING"


def test_a_number_belongs_to_one_receiver_for_six_months(wing: Wing) -> None:
    """§2.3: DUPLICATE_INVOICE_NUMBER for another receiver; the same receiver may share it."""
    mine, mine_too = wing.order_lines(2, lines=1, confirmed=1, same_recipient=1)
    other = confirmed(wing)[0]
    assert codes(wing.upload(wing.row(mine, NUMBER), wing.row(mine_too, NUMBER))) == ["OK", "OK"]
    data = wing.upload(wing.row(other, NUMBER))
    assert (codes(data), data["responseList"][0]["retryRequired"]) == (["DUPLICATE_INVOICE_NUMBER"], True)
    wing.control("clock", advance_seconds=184 * 86_400)
    assert codes(wing.upload(wing.row(other, NUMBER))) == ["OK"]


def test_an_open_stop_request_keeps_its_item_back(wing: Wing) -> None:
    """§2.3: a row with a number for a held item is refused; the item left behind is no obstacle."""
    held, free = confirmed(wing, lines=2)
    wing.event("cancel_request", held)
    data = wing.upload(wing.row(held, NUMBER), wing.row(free, NUMBER))
    assert codes(data) == ["ORDER_DELIVERY_PARTIAL_STOP_REQUESTED"]
    assert codes(wing.upload(wing.row(free, NUMBER))) == ["NOT_FOUND_VENDOR_ITEM"]
    assert codes(wing.upload(wing.row(free, NUMBER), wing.behind(held))) == ["OK"]
    assert (wing.line(free)["status"], wing.line(held)["status"]) == ("DEPARTURE", "INSTRUCT")


def test_a_box_wholly_held_is_not_sent(wing: Wing) -> None:
    """§2.3: ORDER_DELIVERY_CANCELED_HOLDING_FOR_CANCEL; withdrawn, it may go."""
    line = confirmed(wing, quantity=2)[0]
    wing.event("cancel_request", line)
    assert wing.sheet(line)["orderItems"][0]["holdCountForCancel"] == 2
    assert codes(wing.upload(wing.row(line, NUMBER))) == ["ORDER_DELIVERY_CANCELED_HOLDING_FOR_CANCEL"]
    wing.event("cancel_withdraw", line)
    assert codes(wing.upload(wing.row(line, NUMBER))) == ["OK"]


def test_an_item_with_nothing_left_need_not_be_named(wing: Wing) -> None:
    """§2.3: every vendor item with shippingCount − cancelCount > 0 must be in the call."""
    gone, left = confirmed(wing, lines=2)
    wing.event("cancel", gone)
    assert codes(wing.upload(wing.row(gone, NUMBER), wing.row(left, NUMBER))) == ["ORDER_DELIVERY_CANCELED"]
    assert codes(wing.upload(wing.row(left, NUMBER))) == ["OK"]
    assert wing.effects("invoices") == [(left, "CJGLS", NUMBER)]


def test_a_corrected_number_puts_the_box_back(wing: Wing) -> None:
    """§10.12: updateInvoices → DEPARTURE, code 200 as a number; not for INSTRUCT."""
    line = confirmed(wing)[0]
    new = "340010913442"
    assert codes(wing.upload(wing.row(line, new), call="updateInvoices")) == ["INVALID_STATUS"]
    wing.upload(wing.row(line, NUMBER))
    wing.event("deliver", line)
    row = wing.row(line, new, deliveryCompanyCode="HANJIN")
    answer = wing.put("/orders/updateInvoices", method="POST", orderSheetInvoiceApplyDtos=[row]).json()
    assert (answer["code"], codes(answer["data"])) == (200, ["OK"])
    shown = wing.line(line)
    assert (shown["status"], shown["carrier"], shown["waybill"]) == ("DEPARTURE", "HANJIN", new)
    assert wing.sheet(line)["deliveredDate"] == ""
    assert wing.effects("updateInvoices") == [(line, "HANJIN", new)]
    assert codes(wing.upload(wing.row(line, "123"), call="updateInvoices")) == ["INVALID_INVOICE_NUMBER"]


def test_an_address_changes_until_the_box_is_instruct(wing: Wing) -> None:
    """§2.6: address edits while ACCEPT."""
    line = wing.order(lines=1)[0]
    before = wing.sheet(line)["receiver"]
    wing.event("address_change", line)
    moved = wing.sheet(line)["receiver"]
    assert (moved["name"], moved["addr1"] == before["addr1"]) == (before["name"], False)
    wing.event("address_change", line, addr2="101동 101호")
    assert wing.sheet(line)["receiver"] == moved | {"addr2": "101동 101호"}
    wing.event("confirm", line)
    wing.refused_event("address_change", line)


def test_a_parcel_lost_for_a_month_is_closed(wing: Wing) -> None:
    """§2.3: completeLongTermUndelivery after 30 days."""
    line = confirmed(wing)[0]
    wing.upload(wing.row(line, NUMBER))
    body = {"shipmentBoxId": int(wing.box(line)), "invoiceNumber": NUMBER}
    assert wing.put("/completeLongTermUndelivery", method="POST", **body).status_code == 400
    wing.control("clock", advance_seconds=31 * 86_400)
    assert wing.put("/completeLongTermUndelivery", method="POST", **body).json()["data"]["resultCode"] == "SUCCESS"
    assert wing.line(line)["status"] == "FINAL_DELIVERY"
