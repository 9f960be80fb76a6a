"""S14: how much of an address is shown to whoever may not see recipients."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.core.masking import mask_street


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("서울 중구 세종대로 110", "서울 중구 세종대로 110"),
        ("서울특별시 강남구 테헤란로 123, 101동 202호 (역삼동)", "서울특별시 강남구 테헤란로 123, ***동 ***호 (역삼동)"),
        ("경기 성남시 분당구 판교역로 166-1 3층", "경기 성남시 분당구 판교역로 166-1 *층"),
        ("대구 중구 중앙로 12번길 3 405호", "대구 중구 중앙로 12번길 3 ***호"),
        ("대구 중구 중앙로12번길 3(동성로) 405", "대구 중구 중앙로12번길 3(동성로) ***"),
        ("서울 강남구 테헤란로12길 34-5 B101", "서울 강남구 테헤란로12길 34-5 B***"),
        ("서울 강남구 역삼1동 123-45 래미안 3동 1203호", "서울 강남구 역삼1동 123-45 래미안 *동 ****호"),
        ("강원 평창군 대관령면 산 12-3 101", "강원 평창군 대관령면 산 12-3 ***"),
        ("서울 종로구 을지로3가 24번지 5호", "서울 종로구 을지로3가 24번지 *호"),
        ("서울 강남구 주공아파트 101동 1203호", "서울 강남구 주공아파트 ***동 ****호"),
        ("1-2-3 Shibuya, Tokyo 101", "*-*-* Shibuya, Tokyo ***"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_stands_behind_the_number_of_road_or_lot_is_hidden(address, shown):
    assert mask_street(address) == shown


@given(st.text(alphabet="가나로길동리 0123456789-,()호산번지", max_size=80))
def test_only_digits_are_hidden_and_what_is_hidden_stays_hidden(address):
    masked = mask_street(address)
    assert len(masked) == len(address)
    assert all(now == was or (now == "*" and was.isdigit()) for now, was in zip(masked, address, strict=True))
