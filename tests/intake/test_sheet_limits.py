"""What a row may say at most, so that one bad row never breaks a whole commit (Q4, Q13, Q32–Q34)."""

import pytest
from tests.intake.uploaded import HEADER, commit, row, upload, verdicts, write

from jumun.core.secrets import unseal_mapping
from jumun.intake.models import SheetRow, SheetUpload
from jumun.intake.sheet_upload import fix_row
from jumun.orders.models import Order, Recipient

MORE = (*HEADER, "통화", "배송비", "상품URL")


def sheet(folder, bad, **more):
    told = {"통화": "", "배송비": "", "상품URL": ""} | {key: more.pop(key) for key in list(more) if key in MORE[-3:]}
    lines = [[*row(f"G{n}", f"g{n}"), "", "", ""] for n in range(6)]
    return write(folder, [[*row(*bad, **more), *told.values()], *lines], header=MORE)


@pytest.mark.parametrize(
    ("bad", "more", "code"),
    [
        (("A", "a1"), {"상품금액": "1000000000000"}, "amount_unusable"),
        (("A", "a1"), {"배송비": "1000000000000000"}, "amount_unusable"),
        (("A", "a1"), {"상품금액": "12.900"}, "amount_unusable"),
        (("A", "a1"), {"상품금액": "1,000.5원"}, "amount_unusable"),
        (("A", "a1"), {"통화": "대한민국 원"}, "currency_unusable"),
        (("A" * 101, "a1"), {}, "field_long"),
        (("가" * 1900, "a1"), {}, "field_long"),
        (("A", "9" * 250), {}, "field_long"),
        (("A", "a1"), {"상품URL": "https://shop.example/" + "x" * 5000}, "url_unusable"),
        (("A", "a1"), {"수량": "10kg"}, "quantity_unusable"),
    ],
)
def test_a_row_beyond_the_limits_stays_out_and_the_others_go_in(house, tmp_path, bad, more, code):
    made = upload(house, sheet(tmp_path, bad, **more))
    assert verdicts(made)[2] == ("refused", code)
    commit(house, made)
    assert Order.objects.count() == 6


@pytest.mark.parametrize(
    ("more", "currency"), [({"상품금액": "12900.00"}, "KRW"), ({"상품금액": "12.50", "통화": "usd"}, "USD")]
)
def test_hundredths_are_kept_where_a_currency_has_them(house, tmp_path, more, currency):
    made = upload(house, sheet(tmp_path, ("A", "a1"), **more))
    commit(house, made)
    assert Order.objects.get(number="A").currency == currency


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "1000000000000000"}, "amount_unusable"),
        ({"currency": "대한민국 원"}, "currency_unusable"),
        ({"order_no": "가" * 1900}, "field_long"),
        ({"line_no": "x" * 300}, "field_long"),
    ],
)
def test_a_row_fixed_by_hand_keeps_the_same_limits(house, tmp_path, fields, code):
    made = upload(house, sheet(tmp_path, ("A", "a1")))
    fix_row(made, 2, fields, by=house.owner, at=house.at)
    assert verdicts(made)[2] == ("refused", code)
    commit(house, made)
    assert Order.objects.count() == 6


def test_a_customs_number_stands_nowhere_in_clear_once_its_order_is_in(house, tmp_path):
    header = (*HEADER, "개인통관고유부호")
    made = upload(house, write(tmp_path, [[*row(f"A{n}", f"a{n}"), "P123456789012"] for n in range(4)], header=header))
    told = SheetUpload.objects.get(id=made)
    assert "customs_number" in told.plan["sources"] and "P1234" not in str(told.samples)
    commit(house, made)
    assert {unseal_mapping(each.sealed)["customs"] for each in Recipient.objects.all()} == {"P123456789012"}
    assert not [each for each in SheetRow.objects.all() if "P1234" in f"{each.fields} {each.cells} {each.problem}"]
