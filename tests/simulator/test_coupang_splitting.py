"""분리배송: a box sent in parts (channels.md §2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from .wing import Wing, codes

FIRST, SECOND = "680405450931", "384091786506"


@pytest.fixture
def pair(wing: Wing) -> list[str]:
    """Two lines of one confirmed box."""
    return wing.order(lines=2, confirmed=1)


def test_the_part_sent_first_gets_the_new_box(wing: Wing, pair: list[str]) -> None:
    """§2.3: new shipmentBoxId for what goes first; the old one stays INSTRUCT, says splitShipping, and goes later."""
    old = wing.box(pair[0])
    assert wing.sheet(pair[0])["ableSplitShipping"] is True
    data = wing.upload(wing.row(pair[0], FIRST), wing.behind(pair[1], "2030-01-05"))
    assert (codes(data), data["responseList"][0]["shipmentBoxId"]) == (["OK"], int(old))
    assert wing.box(pair[1]) == old != wing.box(pair[0])
    gone, stays = wing.sheet(pair[0]), wing.sheet(pair[1])
    assert (gone["status"], gone["invoiceNumber"]) == ("DEPARTURE", FIRST)
    assert (stays["status"], stays["invoiceNumber"], stays["splitShipping"]) == ("INSTRUCT", "", True)
    assert stays["orderItems"][0]["estimatedShippingDate"] == "2030-01-05"
    assert wing.effects("invoices") == [(pair[0], "CJGLS", FIRST)]
    assert len(wing.sheets(pair[0])) == 2

    refused = wing.upload(wing.row(pair[1], SECOND))
    assert codes(refused) == ["IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY"]
    assert codes(wing.upload(wing.row(pair[1], SECOND, preSplitShipped=True))) == ["OK"]
    assert wing.box(pair[1]) == old
    assert wing.effects("invoices")[1:] == [(pair[1], "CJGLS", SECOND)]


def test_three_items_go_in_three_parts(wing: Wing) -> None:
    """§2.3: what is left behind twice keeps the old box to the end."""
    lines = wing.order(lines=3, confirmed=1)
    old = wing.box(lines[0])
    assert codes(wing.upload(wing.row(lines[0], FIRST), *(wing.behind(line) for line in lines[1:]))) == ["OK"]
    again = [wing.row(lines[1], SECOND, preSplitShipped=True), wing.behind(lines[2], "")]
    assert codes(wing.upload(*again)) == ["OK"]
    assert codes(wing.upload(wing.row(lines[2], "636826218033", preSplitShipped=True))) == ["OK"]
    assert len({wing.box(line) for line in lines}) == 3
    assert wing.box(lines[2]) == old
    assert {wing.line(line)["status"] for line in lines} == {"DEPARTURE"}


def test_two_numbers_in_one_call_are_a_split(wing: Wing, pair: list[str]) -> None:
    """§2.3: they must say so; the first number's part gets the new box."""
    old = wing.box(pair[0])
    plain = [wing.row(pair[0], FIRST), wing.row(pair[1], SECOND)]
    assert codes(wing.upload(*plain)) == ["IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY"]
    assert codes(wing.upload(*(row | {"splitShipping": True} for row in plain))) == ["OK"]
    assert [wing.line(line)["waybill"] for line in pair] == [FIRST, SECOND]
    assert wing.box(pair[1]) == old != wing.box(pair[0])


def test_a_date_is_said_once(wing: Wing) -> None:
    """§2.3: PSD_NOT_ALLOW_TO_CHANGE."""
    lines = wing.order(lines=3, confirmed=1)
    wing.upload(wing.row(lines[0], FIRST), *(wing.behind(line, "2030-01-05") for line in lines[1:]))
    later = [wing.row(lines[1], SECOND, preSplitShipped=True), wing.behind(lines[2], "2030-02-05")]
    assert codes(wing.upload(*later)) == ["PSD_NOT_ALLOW_TO_CHANGE"]
    assert wing.line(lines[1])["status"] == "INSTRUCT"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({"invoiceNumber": FIRST}, None, "NOT_FOUND_VENDOR_ITEM"),
        ({"invoiceNumber": FIRST}, {"vendorItemId": 1}, "NOT_FOUND_VENDOR_ITEM"),
        ({"invoiceNumber": FIRST}, {}, "IS_SEPARATE_MUST_BE_TRUE_WHEN_SEPARATE_DELIVERY"),
        ({"invoiceNumber": FIRST}, {"splitShipping": True}, "UNDEFINED_ERROR_OCCUR"),
        ({"invoiceNumber": ""}, {}, "INVALID_INVOICE_NUMBER"),
        (
            {"invoiceNumber": FIRST, "preSplitShipped": True},
            {"splitShipping": True, "estimatedShippingDate": "2030-01-05"},
            "NOT_ALLOW_SEPARATE_AFTER_NORMAL_DELIVERY",
        ),
        (
            {"invoiceNumber": FIRST, "deliveryCompanyCode": "DIRECT"},
            {"splitShipping": True, "estimatedShippingDate": "2030-01-05"},
            "NOT_ALLOW_VENDOR_DIRECT",
        ),
        (
            {"splitShipping": True, "estimatedShippingDate": "2030-01-05"},
            {"splitShipping": True, "estimatedShippingDate": "2030-01-05"},
            "INVALID_INVOICE_NUMBER",
        ),
    ],
)
def test_what_a_split_may_not_be(
    wing: Wing, pair: list[str], first: dict[str, Any], second: dict[str, Any] | None, code: str
) -> None:
    """§2.3: each rule has its resultCode, and nothing is changed."""
    rows = [wing.row(pair[0], **first)]
    if second is not None:
        rows.append(wing.row(pair[1], **second))
    assert codes(wing.upload(*rows)) == [code]
    assert wing.state()["effects"] == []
    assert wing.box(pair[0]) == wing.box(pair[1])


def test_one_vendor_item_cannot_be_split(wing: Wing) -> None:
    """§2.3: the quantity of one vendor item can't be sent in parts."""
    line = wing.order(lines=1, quantity=5, confirmed=1)[0]
    row = wing.row(line, FIRST, splitShipping=True)
    assert codes(wing.upload(row)) == ["NOT_ALLOW_SEPARATE_WHEN_ONE_VENDOR_ITEM"]
    assert wing.sheet(line)["ableSplitShipping"] is False


def test_a_bad_number_leaves_the_box_whole(wing: Wing, pair: list[str]) -> None:
    rows = [wing.row(pair[0], FIRST, splitShipping=True), wing.row(pair[1], "1", splitShipping=True)]
    assert codes(wing.upload(*rows)) == ["INVALID_INVOICE_NUMBER"]
    assert wing.box(pair[0]) == wing.box(pair[1])
    assert wing.line(pair[0])["status"] == "INSTRUCT"
