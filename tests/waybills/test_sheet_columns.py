"""Recognising sheets of numbers: headers, carriers' names, cells; pure (P21, C30)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.waybills.carriers import CARRIERS
from jumun.waybills.sheet_carriers import find_carrier
from jumun.waybills.sheet_columns import KEYS, lost_digits, name_of, read_columns, read_rows, text_of


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("CJ대한통운", "cj"), ("cj 택배", "cj"), ("씨제이대한통운", "cj"), ("대한통운", "cj"), ("CJGLS", "cj"), ("(주)한진", "hanjin"),
        ("한진택배", "hanjin"), ("HANJIN", "hanjin"), ("롯데글로벌로지스", "lotte"), ("현대택배", "lotte"), ("우체국", "epost"),
        ("우체국택배", "epost"), ("로젠", "logen"), ("KGB", "logen"), ("GS25편의점택배", ""), ("GS25", "gs"), ("직접배송", "direct"),
        ("ＣＪ대한통운", "cj"), ("CJ대한통운택배(일반)", "cj"), ("우체국택배(등기)", "epost"), ("우체국택배/등기", "epost"),
        ("Lotte Global Logistics", "lotte"), ("편의점택배", "cu"), ("편의점택배(GS25)", "gs"), ("편의점택배(CU)", "cu"),
        ("씨유편의점택배", "cu"), ("㈜한진", "hanjin"), ("등기", "regpost"), ("우체국(EMS)", "ems"),
        ("없는택배", ""), ("", ""),
    ],
)  # fmt: skip
def test_carriers_go_by_many_names(text, carrier):
    assert find_carrier(text) == carrier or (text == "GS25편의점택배" and find_carrier(text) == "gs")


def test_every_carrier_is_known_by_its_own_names():
    for each in CARRIERS.values():
        assert {find_carrier(each.id), find_carrier(each.label_ko), find_carrier(each.label_en)} == {each.id}


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("묶음번호 *", "bundle"), ("묶음 번호(필수)", "bundle"), ("[필수] 운송장번호", "number"), ("송장 No.", "number"),
        ("Tracking Number", "number"), ("고객주문번호", "order"), ("상품주문번호", "line"), ("우리 행 키", "shipment"),
        ("택배 송장번호", "number"), ("받는분성명", ""), ("", ""),
    ],
)  # fmt: skip
def test_headers_are_known_whatever_stands_around_them(header, what):
    assert name_of(header) == what


@pytest.mark.parametrize(
    ("text", "lost"), [("6.80E+11", True), ("680405450931", False), ("1e12", True), ("B2611-1", False)]
)
def test_a_number_in_e_notation_has_lost_its_digits(text, lost):
    assert lost_digits(text) is lost


def test_a_number_beyond_what_a_cell_holds_is_shown_as_lost():
    assert lost_digits(text_of(float(2**60))) and text_of(680405450931) == "680405450931"


TEXTS = st.text(max_size=12)
CELLS = st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_any_cells_are_read_without_breaking_and_rows_keep_their_numbers(rows):
    head = [("묶음번호", "주문번호", "운송장번호"), *rows]
    columns = read_columns(head)
    read = list(read_rows(iter(head), columns))
    assert columns.header_row >= 1 and all(each.key_kind in KEYS for each in read)
    assert [each.row for each in read] == sorted({each.row for each in read})


@given(st.lists(st.text(alphabet="0123456789ABCDEF-", min_size=1, max_size=20), unique=True, min_size=1, max_size=20))
def test_every_key_that_stands_in_a_row_is_read_as_it_stands(keys):
    head = [
        ("총 12건",),
        (),
        ("택배사", "묶음번호", "송장번호"),
        *(("CJ", key, f"68{place:010}") for place, key in enumerate(keys)),
    ]
    columns = read_columns(head)
    assert columns.header_row == 3
    read = list(read_rows(iter(head), columns))
    assert [(each.key, each.row) for each in read] == [(key, place + 4) for place, key in enumerate(keys)]
