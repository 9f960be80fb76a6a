"""Columns of unseen sheets are found by header and content; what is not sure is said (Q20, Q26, X04)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.sheet_making import Made, make_sheet, read_layouts

from jumun.intake.sheet_fields import Field, Plan
from jumun.intake.sheet_judging import judge
from jumun.intake.sheet_presets import DEFAULT_FORM, find_default_form, find_preset
from jumun.intake.sheet_recognising import adapt, compare_headers, fingerprint, recognise
from jumun.sheets.cells import Row

CLI = list(Field)[:17]


def compare(made: Made) -> dict[str, list[str]]:
    """Fields right, wrong, unsure and missing of one sheet."""
    got = recognise(made.rows[:200])
    found: dict[str, list[str]] = {"right": [], "wrong": [], "unsure": [], "missing": []}
    if got.plan.header_row != made.header_row:
        found["wrong"].append(f"header_row {got.plan.header_row} != {made.header_row}")
        return found
    unsure = {each.field for each in got.unsure}
    for name in CLI:
        source = got.plan.sources.get(name)
        told, want = (source.columns if source else ()), made.truth.get(name, ())
        heads = [got.plan.headers[column] for column in told]
        if told == want and (name is not Field.AMOUNT or not source or source.each == made.each):
            if want:
                found["right"].append(name)
        elif told:
            found["wrong"].append(f"{name}={heads}")
        elif name in unsure:
            found["unsure"].append(name)
        else:
            found["missing"].append(name)
    return found


def tally(family: str, seeds: range, orders: int = 0) -> tuple[dict[str, int], list[str]]:
    """Figures over a family, and what went wrong where."""
    total = {"right": 0, "wrong": 0, "unsure": 0, "missing": 0}
    notes = []
    for name, columns in read_layouts(family).items():
        for seed in seeds:
            for key, each in compare(make_sheet(name, columns, seed, orders=orders)).items():
                total[key] += len(each)
                if each and key != "right":
                    notes.append(f"{name}#{seed} {key}: {each}")
    return total, notes


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 6), marks=pytest.mark.slow)], ids=["few", "more"])
@pytest.mark.parametrize("family", ["known", "unseen", "fresh"])
def test_columns_of_a_family(family: str, seeds: range) -> None:
    total, notes = tally(family, seeds)
    print(family, total)
    assert total["wrong"] <= 0.01 * total["right"], notes
    assert total["right"] >= 0.95 * sum(total.values()), notes


def test_a_plan_survives_json() -> None:
    made = make_sheet("smartstore", read_layouts("known")["smartstore"], 1)
    plan = recognise(made.rows).plan
    assert Plan.from_json(plan.to_json()) == plan


BELOW = [
    (
        "20261122-1",
        "감귤 5kg",
        "소과",
        2,
        "김민서",
        "010-1111-2222",
        "이도윤",
        "010-3333-4444",
        "06236",
        "서울 강남구 테헤란로 152 1층",
    ),
    (
        "20261122-2",
        "현미 10kg",
        None,
        1,
        "김민서",
        "010-1111-2222",
        "박서준",
        "010-3333-5555",
        "06236",
        "서울 강남구 테헤란로 152 2층",
    ),
]


@pytest.mark.parametrize("first", [None, "주문번호"])
def test_two_header_rows_with_merged_cells(first: str | None) -> None:
    """A merged cell stands on its upper row or, filled in by the reader, on both."""
    above = ("주문번호", "상품정보", None, None, "주문자", None, "수취인", None, None, None)
    below = (first, "상품명", "옵션", "수량", "이름", "연락처", "이름", "연락처", "우편번호", "주소")
    plan = recognise([("11월 주문서",), above, below, *BELOW]).plan
    assert plan.header_row == 3
    assert plan.sources[Field.ORDER_NO].columns == (0,)
    assert plan.headers_of(Field.RECIPIENT) == ("수취인 이름",)
    assert plan.headers_of(Field.PHONE1) == ("수취인 연락처",)
    assert plan.headers_of(Field.BUYER) == ("주문자 이름",)


def test_one_header_over_two_cells_of_an_address() -> None:
    rows: list[Row] = [("주문번호", "상품명", "수량", "받는분", "휴대폰", "주소", None)]
    rows += [(f"A{n}", "감귤", 1, "이도윤", "010-3333-4444", "서울 강남구 테헤란로 152", f"{n}층") for n in range(4)]
    assert recognise(rows).plan.sources[Field.ADDRESS].columns == (5, 6)


def test_a_sheet_without_a_header_is_known_by_its_cells() -> None:
    rows = [
        (
            f"20261122123456{n}7",
            f"2026-11-2{n} 14:03",
            "감귤 5kg 산지직송",
            n + 1,
            "이도윤",
            f"010-3333-444{n}",
            "06236",
            "서울 강남구 테헤란로 152",
        )
        for n in range(1, 5)
    ]
    got = recognise(rows)
    assert got.plan.header_row == 0
    assert got.plan.sources[Field.ORDER_NO].columns == (0,)
    assert got.plan.sources[Field.PHONE1].columns == (5,)
    assert got.plan.sources[Field.ADDRESS].columns == (7,)


def test_what_is_not_sure_is_asked_and_not_guessed() -> None:
    rows: list[Row] = [("성함", "연락처", "주소", "상품", "수량")]
    rows += [("이도윤", "010-3333-4444", "서울 강남구 테헤란로 152", "감귤", 1)] * 3
    got = recognise(rows)
    assert [(each.field, each.code) for each in got.unsure] == [(Field.ORDER_NO, "not_found")]
    rows = [("주문번호", "주문일", "상품명", "수량", "받는분", "휴대폰", "주소")]
    rows += [("A1", "05/06/2026", "감귤", 1, "이도윤", "010-3333-4444", "서울 강남구 테헤란로 152")]
    got = recognise(rows)
    assert [(each.field, each.code) for each in got.unsure] == [(Field.ORDERED_AT, "date_order")]
    assert recognise([*rows, ("A2", "25/06/2026", *rows[1][2:])]).plan.dates == "dmy"


def test_a_changed_header_shows_the_difference_and_a_moved_one_is_followed() -> None:
    made = make_sheet("smartstore", read_layouts("known")["smartstore"], 1, noise=False)
    plan = recognise(made.rows).plan
    moved = [row[::-1] for row in made.rows]
    followed = adapt(plan, moved)
    assert followed is not None
    assert {name: followed.headers_of(name) for name in followed.sources} == {
        name: plan.headers_of(name) for name in plan.sources
    }
    assert adapt(plan, [tuple("?" if cell == "주문번호" else cell for cell in row) for row in made.rows]) is None
    assert (
        fingerprint(["주문 번호", "상품명*", ""])
        == fingerprint(["주문번호", "상품명"])
        != fingerprint(["상품명", "주문번호"])
    )
    change = compare_headers(["주문번호", "상품명", "수량"], ["주문번호", "수량", "상품명", "비고"])
    assert (change.added, change.gone) == (("비고",), ())
    assert set(change.moved) == {"수량", "상품명"}


@given(
    st.lists(
        st.lists(
            st.text(max_size=12) | st.integers() | st.floats() | st.none() | st.datetimes() | st.booleans(), max_size=9
        ).map(tuple),
        max_size=12,
    )
)
def test_no_sheet_breaks_the_recognising(rows: list[tuple[Any, ...]]) -> None:
    got = recognise(rows)
    assert 0 <= got.plan.header_row <= len(rows)
    assert not {each.field for each in got.unsure} & set(got.plan.sources)
    used = [column for source in got.plan.sources.values() for column in source.columns]
    assert len(used) == len(set(used))


@pytest.mark.parametrize("name", ["smartstore", "coupang"])
def test_presets_say_what_recognising_says(name: str) -> None:
    made = make_sheet(name, read_layouts("known")[name], 3)
    found = find_preset(made.rows)
    assert found is not None and found[0].key == name
    assert {key: value.columns for key, value in found[1].sources.items() if key in CLI} == made.truth


def test_our_own_form_is_known_wherever_its_columns_stand() -> None:
    titles, example = [column.title for column in DEFAULT_FORM], [column.example for column in DEFAULT_FORM]
    for rows in ([tuple(titles), tuple(example)], [(), tuple(titles[::-1]), tuple(example[::-1])]):
        plan = find_default_form(rows)
        assert plan is not None
        assert next(each for each in judge(enumerate(rows, 1), plan) if each.row > plan.header_row).problem is None


WHO = ("이도윤", "010-3333-4444", "서울 강남구 테헤란로 152")


@pytest.mark.parametrize(
    ("heads", "rows", "amount", "each"),
    [
        (("상품금액", "배송비", "결제금액"), [(2, 2000, 3000, 5000), (1, 1500, 3000, 4500)], "상품금액", False),
        (("상품금액", "결제금액"), [(2, 1000, 2000), (1, 1500, 1500)], "결제금액", False),
        (("단가", "정산예정금액"), [(2, 1000, 1800), (1, 1500, 1400)], "단가", True),
        (("판매가", "금액"), [(2, 1000, 2000), (3, 1000, 3000)], "금액", False),
        (("공급가", "수수료", "할인금액"), [(2, 1000, 100, 50), (3, 1000, 100, 50)], "", False),
    ],
)
def test_which_amount_is_the_rows_goods(heads: tuple[str, ...], rows: list[Any], amount: str, each: bool) -> None:
    """결제금액 vs 상품금액 vs 단가 vs 배송비 vs 정산예정금액: the numbers decide where the names do not."""
    head = ("주문번호", "상품명", "받는분", "휴대폰", "주소", "수량", *heads)
    sheet: list[Row] = [head, *((f"A{n}", f"귤{n}", *WHO, *row) for n, row in enumerate(rows))]
    source = recognise(sheet).plan.sources.get(Field.AMOUNT)
    assert (head[source.columns[0]] if source else "", bool(source and source.each)) == (amount, each)


def test_an_orders_amount_is_not_a_rows() -> None:
    head = ("주문번호", "상품명", "수량", "총결제금액", "받는분", "휴대폰", "주소")
    got = recognise([head, *((f"A{n // 2}", f"귤{n}", 1, 7500 + n // 2, *WHO) for n in range(6))])
    assert Field.AMOUNT not in got.plan.sources
    assert [each.field for each in got.unsure] == [Field.AMOUNT]


def test_the_buyer_is_not_taken_for_the_recipient() -> None:
    head = ("주문번호", "구매자명", "구매자ID", "구매자연락처", "배송지", "상품명", "수량")
    got = recognise([head, *((f"A{n}", "김민서", "min77", *WHO[1:], "귤", 1) for n in range(3))])
    assert got.plan.headers_of(Field.BUYER) == ("구매자명",)
    assert {each.field: each.columns for each in got.unsure} == {Field.RECIPIENT: (1,), Field.PHONE1: (3,)}


def test_two_blocks_of_people_with_the_same_words() -> None:
    head = (
        "주문번호",
        "주문자",
        "전화번호",
        "우편번호",
        "주소",
        "수취인",
        "전화번호",
        "우편번호",
        "주소",
        "상품명",
        "수량",
    )
    row = (
        "A1",
        "김민서",
        "010-1111-2222",
        "06236",
        "서울 강남구 테헤란로 1",
        "이도윤",
        "010-3333-4444",
        "48058",
        "부산 해운대구 센텀로 2",
        "귤",
        1,
    )
    plan = recognise([head, row, row]).plan
    found = {name: plan.sources[name].columns for name in (Field.PHONE1, Field.POSTCODE, Field.ADDRESS)}
    assert found == {Field.PHONE1: (6,), Field.POSTCODE: (7,), Field.ADDRESS: (8,)}


@pytest.mark.parametrize(
    ("head", "field", "row"),
    [
        ("펀딩번호", Field.ORDER_NO, "F-{n}"),
        ("서포터명", Field.BUYER, "김민{n}"),
        ("펀딩일", Field.ORDERED_AT, "2026-11-2{n}"),
        ("스타일넘버", Field.PRODUCT_CODE, "ST-{n}"),
        ("SKU 속성", Field.OPTION, "빨강 {n}"),
        ("출고지시수량", Field.QUANTITY, "{n}"),
        ("몇개", Field.QUANTITY, "{n}"),
        ("비상연락처", Field.PHONE2, "02-111-222{n}"),
        ("남길말", Field.MEMO, "문 앞 {n}"),
    ],
)
def test_words_malls_and_sellers_use(head: str, field: Field, row: str) -> None:
    usual = {Field.ORDER_NO: "주문번호", Field.QUANTITY: "수량"}
    heads = (head, *(word for each, word in usual.items() if each is not field), "상품명", "받는분", "휴대폰", "주소")
    rows = [
        (
            row.format(n=n),
            *(f"A{n}" if each is Field.ORDER_NO else n for each in usual if each is not field),
            "귤",
            *WHO,
        )
        for n in range(1, 5)
    ]
    assert recognise([heads, *rows]).plan.headers_of(field) == (head,)


def test_a_shop_of_several_languages_names_the_korean_one() -> None:
    """Cafe24 writes which shop's name it is in brackets; the Japanese one beside it is not the product's name."""
    heads = (
        "주문번호",
        "상품명(일본어 쇼핑몰)",
        "상품명(한국어 쇼핑몰)",
        "수량",
        "수령인",
        "수령인 휴대전화",
        "수령인 주소(전체)",
    )
    rows = [(f"20261120-000001{n}", "リネンシャツ", "린넨 셔츠", n, *WHO) for n in range(1, 5)]
    assert recognise([heads, *rows]).plan.headers_of(Field.PRODUCT_NAME) == ("상품명(한국어 쇼핑몰)",)


def test_a_figure_that_is_no_number_breaks_nothing() -> None:
    """¹ and ② are digits to Unicode and numbers to nobody."""
    for figure in ("¹", "②"):
        assert not recognise([(figure,)] * 4).plan.sources


@pytest.mark.parametrize(
    ("head", "said", "told"),
    [
        ("배송비 형태", ("선결제", "착불", "무료"), ["prepaid", "collect", "prepaid"]),
        ("선착불", ("선불", "착불", ""), ["prepaid", "collect", ""]),
        ("운임구분", ("신용", "착불", "선불"), ["prepaid", "collect", "prepaid"]),
        ("배송비 결제방식", ("착불", "착불", "선결제"), ["collect", "collect", "prepaid"]),
        ("배송비", ("3000", "착불", "0"), ["", "collect", ""]),
        ("배송비 유형", ("유료", "무료", "유료"), ["", "", ""]),
    ],
)
def test_who_pays_the_carrier(head: str, said: tuple[str, ...], told: list[str]) -> None:
    """C17: prepaid and collect are told by malls in many words, some in the fee itself; what is neither says nothing."""
    rows: list[Row] = [
        ("주문번호", "상품명", "수량", "받는분", "휴대폰", "주소", head),
        *((f"A{n}", "귤", 1, *WHO, each) for n, each in enumerate(said)),
    ]
    plan = recognise(rows).plan
    judged = list(judge(enumerate(rows[1:], 2), plan))
    assert all(each.problem is None for each in judged)
    assert [each.fields.get(Field.CARRIAGE, "") for each in judged] == told
