"""Each row by its plan: what refuses it, what is mended without loss, what is no row at all (X01, X03, X04)."""

import time
from collections import Counter
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.sheet_making import make_lines, make_sheet, read_layouts, show_value

from jumun.intake.sheet_fields import Field, Judged, Plan, Source
from jumun.intake.sheet_judging import judge, judge_fields, line_key, read_fields
from jumun.intake.sheet_recognising import recognise
from jumun.sheets.cells import CellError

HEADS = ("주문번호", "주문일", "상품명", "수량", "금액", "수취인", "휴대폰", "전화", "우편번호", "주소", "배송메모")
PLAN = Plan(
    1,
    HEADS,
    {
        name: Source((place,))
        for place, name in enumerate(
            (
                Field.ORDER_NO,
                Field.ORDERED_AT,
                Field.PRODUCT_NAME,
                Field.QUANTITY,
                Field.AMOUNT,
                Field.RECIPIENT,
                Field.PHONE1,
                Field.PHONE2,
                Field.POSTCODE,
                Field.ADDRESS,
                Field.MEMO,
            )
        )
    },
)
GOOD = {
    "주문번호": "20261122-1",
    "주문일": "2026-11-22",
    "상품명": "귤",
    "수량": 2,
    "금액": "24,000원",
    "수취인": "이도윤",
    "휴대폰": 1033334444,
    "전화": None,
    "우편번호": 6236,
    "주소": "서울 강남구 테헤란로 152",
    "배송메모": None,
}


def one(plan: Plan = PLAN, **changed: Any) -> Judged:
    row = tuple({**GOOD, **changed}[head] for head in HEADS)
    return list(judge([(1, HEADS), (2, row)], plan))[1]


def test_a_good_row_as_understood() -> None:
    judged = one()
    assert judged.kind == "line" and judged.problem is None
    assert judged.fields == {
        Field.ORDER_NO: "20261122-1",
        Field.ORDERED_AT: "2026-11-22T00:00:00+09:00",
        Field.PRODUCT_NAME: "귤",
        Field.QUANTITY: "2",
        Field.AMOUNT: "24000",
        Field.CURRENCY: "KRW",
        Field.RECIPIENT: "이도윤",
        Field.PHONE1: "01033334444",
        Field.POSTCODE: "06236",
        Field.ADDRESS: "서울 강남구 테헤란로 152",
    }


@pytest.mark.parametrize(
    ("head", "value", "code"),
    [
        ("주문번호", None, "order_no_missing"),
        ("주문번호", 2.0261122e18, "digits_lost"),
        ("주문번호", "2.02611E+18", "digits_lost"),
        ("주문번호", CellError("#REF!"), "cell_error"),
        ("주문일", "내일", "date_unusable"),
        ("상품명", "  ", "product_missing"),
        ("상품명", "#N/A", "cell_error"),
        ("수량", 0, "quantity_unusable"),
        ("수량", 1.5, "quantity_unusable"),
        ("수량", None, "quantity_unusable"),
        ("금액", "협의", "amount_unusable"),
        ("수취인", "", "recipient_missing"),
        ("수취인", "가" * 21, "name_too_long"),
        ("휴대폰", None, "phone_missing"),
        ("휴대폰", "010-****-1234", "phone_unusable"),
        ("휴대폰", "010-1234-5678-9012", "phone_too_long"),
        ("주소", None, "address_missing"),
        ("배송메모", CellError("#VALUE!"), "cell_error"),
    ],
)
def test_what_refuses_a_row_names_column_and_value(head: str, value: Any, code: str) -> None:
    problem = one(**{head: value}).problem
    assert problem is not None
    assert (problem.code, problem.column) == (code, head)
    assert problem.value == ("" if value is None else str(value).strip())


def test_a_name_of_twenty_decomposed_letters_is_sound() -> None:
    assert one(수취인="가" * 20).problem is None


def test_one_sound_phone_is_enough_and_the_other_is_told() -> None:
    judged = one(휴대폰=None, 전화="02-123-4567")
    assert judged.fields[Field.PHONE1] == "02-123-4567" and Field.PHONE2 not in judged.fields
    judged = one(전화="몰라요")
    assert judged.problem is None and [each.code for each in judged.unsure] == ["phone_left_out"]
    judged = one(휴대폰="몰라요", 전화="02-123-4567")
    assert judged.fields[Field.PHONE1] == "02-123-4567" and [each.code for each in judged.unsure] == ["phone_left_out"]


def test_sixteen_digits_ending_in_zero_are_taken_and_told() -> None:
    judged = one(주문번호=2026112212345670)
    assert judged.fields[Field.ORDER_NO] == "2026112212345670"
    assert [(each.field, each.code) for each in judged.unsure] == [(Field.ORDER_NO, "digits_maybe_lost")]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ((), "blank"),
        ((None,) * 11, "blank"),
        (("", " ", None), "blank"),
        (("합계", None, None, 12, 240000), "total"),
        ((None, None, "총 3건", 12, 240000), "total"),
        ((None, None, None, 12, 240000), "total"),
        ((None, None, None, None, None, "합계"), "total"),
        (HEADS, "header"),
        (
            (
                "order_no",
                "order_date",
                "product",
                "qty",
                "amount",
                "recipient",
                "mobile",
                "tel",
                "zip",
                "address",
                "memo",
            ),
            "header",
        ),
        (
            ("필수", "YYYY-MM-DD", "필수", "숫자만 입력", "선택", "필수", "필수 입력", "선택", "선택", "필수", "선택"),
            "header",
        ),
        (("※ 문의는 고객센터로",), "header"),
        (("A7",), "line"),
        (("A7", None, "귤"), "line"),
        ((None, None, "귤", 2, None, "이도윤"), "line"),
    ],
)
def test_total_blank_and_repeated_header_rows_are_no_rows(row: tuple[Any, ...], kind: str) -> None:
    judged = list(judge([(5, row)], PLAN))[0]
    assert judged.kind == kind
    assert (judged.problem is None) == (kind != "line")


def test_the_price_of_one_times_the_quantity_is_the_amount() -> None:
    plan = Plan(1, HEADS, {**PLAN.sources, Field.AMOUNT: Source((4,), each=True)})
    assert one(plan, 금액=12000).fields[Field.AMOUNT] == "24000"


def test_joins_splits_and_fixed_values() -> None:
    sources = {
        **PLAN.sources,
        Field.ADDRESS: Source((9, 10)),
        Field.PRODUCT_NAME: Source((2,), split="/", part=0),
        Field.OPTION: Source((2,), split="/", part=1),
    }
    judged = one(Plan(1, HEADS, sources, {Field.COUNTRY: "jp"}), 상품명="귤 / 소과", 배송메모="3층")
    assert judged.fields[Field.ADDRESS] == "서울 강남구 테헤란로 152 3층"
    assert (judged.fields[Field.PRODUCT_NAME], judged.fields[Field.OPTION]) == ("귤", "소과")
    assert judged.fields[Field.COUNTRY] == "JP"


def test_a_row_fixed_by_hand_keeps_the_same_rules() -> None:
    fields = {**one().fields, Field.QUANTITY: "3개", Field.PHONE1: "010.1234.5678"}
    read, problem = read_fields(fields)
    assert problem is None and (read[Field.QUANTITY], read[Field.PHONE1]) == ("3", "010-1234-5678")
    problem = judge_fields({**fields, Field.RECIPIENT: "가" * 21})
    assert problem is not None and problem.code == "name_too_long"
    missing = judge_fields({})
    assert missing is not None and missing.code == "order_no_missing"


@given(st.dictionaries(st.sampled_from(list(Field)), st.text(max_size=40)))
def test_what_was_read_once_reads_the_same_again(fields: dict[Field, str]) -> None:
    read, problem = read_fields(fields)
    if problem is None:
        assert read_fields(read) == (read, None)


@given(st.lists(st.text() | st.integers() | st.floats() | st.booleans() | st.none() | st.datetimes(), max_size=12))
def test_no_row_breaks_the_judging(row: list[Any]) -> None:
    judged = list(judge([(2, tuple(row))], PLAN))[0]
    assert judged.kind in {"line", "blank", "total", "header"}


def test_a_rows_identity_without_a_number_of_its_own() -> None:
    assert line_key("A", "77", "", "귤", "", 1) == "77"
    first, second = line_key("A", "", "", "귤", "소과", 1), line_key("A", "", "", "귤", "소과", 2)
    assert first[:-1] == second[:-1] and first != second and first.startswith("s:")
    assert line_key("A", "", "", " 귤", "소과 ", 1) == first


@pytest.mark.parametrize("name", ["smartstore", "coupang", "11st", "esm", "cafe24", "english_snake", "japanese"])
@pytest.mark.parametrize("seed", range(3))
def test_every_line_of_a_malls_sheet_is_understood(name: str, seed: int) -> None:
    made = make_sheet(name, read_layouts("known")[name], seed)
    plan = recognise(made.rows[:200]).plan
    lines = [each for each in judge(enumerate(made.rows, 1), plan) if each.kind == "line"]
    assert [each.problem for each in lines] == [None] * len(made.lines)
    for judged, line in zip(lines, made.lines, strict=True):
        assert judged.fields[Field.ORDER_NO] == line["order_no"]
        assert judged.fields[Field.QUANTITY] == str(line["quantity"])
        assert judged.fields[Field.AMOUNT] == str(line["amount"])
        assert judged.fields[Field.PHONE1].replace("-", "") in {
            line["mobile"].replace("-", ""),
            line["safe"].replace("-", ""),
        }
        assert judged.fields[Field.POSTCODE] == line["zip"]
        assert judged.fields[Field.ADDRESS] == line["address"]
        assert datetime.fromisoformat(judged.fields[Field.ORDERED_AT]).date() == line["order_at"].date()


@pytest.mark.slow
def test_a_hundred_thousand_rows_in_eight_seconds() -> None:
    """Of our own processor time: a machine busy with other things is not our slowness."""
    columns = read_layouts("known")["11st"]
    plan = recognise(make_sheet("x", columns, 2, noise=False).rows[:200]).plan
    chance = Random(1)
    style = {"date": "dash", "ids": "text", "phones": "text", "money": "number"}
    contents = [column.split("=")[1].split(">")[0] for column in columns]
    lines = make_lines(chance, 62_000)[:100_000]
    rows = [tuple(columns)] + [
        tuple(show_value(each, line[each], chance, style) for each in contents) for line in lines
    ]
    began = time.process_time()
    counted = Counter(each.kind for each in judge(enumerate(rows, 1), plan))
    assert counted["line"] >= 90_000
    assert time.process_time() - began < 8
