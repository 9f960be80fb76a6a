"""Which columns a mall's bulk-dispatch sheet has, and in whose words (P31 without an API)."""

import pytest

from jumun.dispatch.mall_forms import PLAIN, PRESETS, Take, ToldLine, choose_form, lay_out, spell_carrier, why_not
from jumun.intake.sheet_fields import Field, Plan, Source


def line(**more):
    told = {"order_number": "2026112300001", "line_key": "2026112300001-01", "carrier": "cj", "number": "680405450931"}
    return ToldLine(**({"method": "parcel", "cells": {}} | told | more))


def titles(form):
    return [column.title for column in form.columns]


def plan(headers, **sources):
    return Plan(1, tuple(headers), {Field(name): Source((place,)) for name, place in sources.items()}, {})


def test_smartstore_gets_its_own_four_columns_whatever_its_order_sheet_looks_like():
    """P31: 엑셀 일괄발송 takes exactly these."""
    ordered = plan(["상품주문번호", "주문번호", "택배사", "송장번호"], line_no=0, order_no=1, carrier=2, waybill=3)
    form = choose_form("naver", [(1, ordered)])
    assert titles(form) == ["상품주문번호", "배송방법", "택배사", "송장번호"]
    assert lay_out(form, line()) == ["2026112300001-01", "택배,등기,소포", "CJ대한통운", "680405450931"]
    assert lay_out(form, line(method="direct", carrier="", number="")) == ["2026112300001-01", "직접전달", "", ""]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("coupang", ["번호", "묶음배송번호", "주문번호", "택배사", "운송장번호", "분리배송 Y/N", "옵션ID"]),
        ("11st", ["주문번호", "배송번호", "택배사코드", "송장/등기번호"]),
        ("gmarket", ["아이디", "주문번호", "택배사명(발송방법)", "송장번호"]),
        ("auction", ["아이디", "주문번호", "택배사명(발송방법)", "송장번호"]),
        ("cafe24", ["주문번호", "품목별 주문번호", "배송업체", "운송장번호"]),
        ("zigzag", ["주문번호", "상품주문번호", "택배사", "운송장번호"]),
    ],
)
def test_presets(channel, expected):
    assert titles(choose_form(channel, [])) == expected


def test_the_columns_are_learned_from_the_account_s_order_sheet():
    """P31: the order sheet with its waybill column is what the mall takes back; nothing of the recipient goes with it."""
    headers = ["No", "주문 번호", "옵션ID", "받는분", "받는분 연락처", "주소", "택배사명", "송장 번호"]
    taught = plan(headers, order_no=1, recipient=3, phone1=4, address=5, carrier=6, waybill=7)
    form = choose_form("zigzag", [(7, taught)])
    assert form.key == "learned:7"
    assert titles(form) == ["주문 번호", "옵션ID", "택배사명", "송장 번호"]
    assert lay_out(form, line(cells={"옵션ID": "42", "받는분": "김서연"})) == [
        "2026112300001",
        "42",
        "CJ대한통운",
        "680405450931",
    ]


def test_an_order_sheet_without_a_waybill_column_teaches_nothing():
    assert choose_form("zigzag", [(7, plan(["주문번호"], order_no=0))]) is PLAIN
    assert choose_form("cafe24", [(7, plan(["주문번호"], order_no=0))]) is PRESETS["cafe24"]


def test_a_carrier_is_spelled_as_the_mall_spells_it():
    assert spell_carrier(PRESETS["11st"], "cj") == "00034"
    assert spell_carrier(PRESETS["coupang"], "cj") == "CJ 대한통운"
    assert spell_carrier(PRESETS["gmarket"], "hanjin") == "한진택배"
    assert spell_carrier(PLAIN, "a carrier of the mall's") == "a carrier of the mall's"


def test_a_line_that_has_no_place_in_the_sheet_says_why():
    assert why_not(PRESETS["naver"], line(line_key="s:0123-1")) == "sheet_needs_line_no"
    assert why_not(PRESETS["cafe24"], line(line_key="s:0123-1")) == ""
    assert why_not(PRESETS["cafe24"], line(number="")) == "sheet_needs_number"
    assert why_not(PRESETS["cafe24"], line(method="visit", number="")) == "sheet_parcels_only"
    assert why_not(PRESETS["naver"], line(method="visit", number="")) == ""


def test_no_preset_asks_for_a_person():
    """The sheet carries nobody's name, telephone or address."""
    for form in (*PRESETS.values(), PLAIN):
        assert {column.take for column in form.columns} <= set(Take)
        assert not [
            title for title in titles(form) if any(word in title for word in ("수취", "구매자", "주소", "전화"))
        ]
