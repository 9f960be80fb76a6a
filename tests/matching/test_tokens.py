"""C11, N19: what a listing's text says, row by row."""

import doctest

import pytest

from jumun.matching import kin, reasons, scoring, sounds, tokens
from jumun.matching.kin import kin_of
from jumun.matching.scoring import Entry, Listing, read_entry, read_listing, score_pair
from jumun.matching.sounds import ALIKE, alike
from jumun.matching.tokens import Sort, read_text


@pytest.mark.parametrize("module", [kin, reasons, sounds, tokens])
def test_the_examples_in_the_docstrings_hold(module):
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed


@pytest.mark.parametrize(
    ("text", "traits"),
    [
        ("색상: 블랙 / 사이즈=L", {("colour", "black"), ("size", "l")}),
        ("01_블랙", {("colour", "black")}),
        ("BLACK(L)", {("colour", "black"), ("size", "l")}),
        ("블랙L", {("colour", "black"), ("size", "l")}),
        ("ＢＫ／ＸＬ", {("colour", "black"), ("size", "xl")}),
        ("A. 연핑크 - 2XL (+2,000원)", {("colour", "light pink"), ("size", "2xl")}),
        ("라이트 그레이/95(M)", {("colour", "light grey"), ("size", "m"), ("number", "95")}),
        ("옵션1: 01-네이비 / 옵션2: 프리", {("colour", "navy"), ("size", "free")}),
        ("운동화 240mm", {("number", "240")}),
        ("1.5L", {("ml", "1500")}),
        ("30x40cm 3단", {("area", "30x40"), ("단", "3")}),
    ],
)
def test_options_say_colour_size_and_measures(text, traits):
    assert read_text(text, option=True).traits == traits


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("마스크 10개입", [(10, Sort.PACK)]),
        ("마스크 1+1", [(2, Sort.SET)]),
        ("마스크 2+1", [(3, Sort.SET)]),
        ("마스크 2개 세트", [(2, Sort.SET)]),
        ("생수 500ml x 20병", [(20, Sort.PIECE)]),
        ("수량: 3개", [(3, Sort.SET)]),
        ("마스크 1개", []),
        ("8+128GB 태블릿", []),
    ],
)
def test_packs_are_told_from_order_quantities(text, counts):
    assert [(count.number, count.sort) for count in read_text(text, option=True).counts] == counts


def test_words_of_selling_say_nothing():
    assert read_text("[무료배송] 당일발송!! 50%할인 ★BEST★ 참깨").words == ("참깨",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("블랙", "블렉", True),
        ("토스터", "toaster", True),
        ("블루투스", "bluetooth", True),
        ("텀블러", "tumbler", True),
        ("사과", "포도", False),
        ("참깨", "들깨", False),
    ],
)
def test_slips_and_the_other_alphabet(one, other, same):
    assert (alike(one, other) >= ALIKE) is same


def fit(name, option, sku_name, sku_option="", **prices):
    wanted = read_listing(Listing(name, option, price=prices.get("listed", 0)))
    return score_pair(wanted, read_entry(Entry(1, "A", sku_name, sku_option, prices.get("ours", 0))), 1.0)


@pytest.mark.parametrize(
    ("name", "option", "sku_name", "sku_option", "quantity", "certain"),
    [
        ("참깨 500g", "", "참깨 500g", "", 1, True),
        ("[특가] 500g 참깨 1+1", "", "참깨 500g", "", 2, True),
        ("마스크 10개입", "", "마스크 10개입", "", 1, True),
        ("마스크 10개입 2개 세트", "", "마스크 10개입", "", 2, True),
        ("마스크 2개 세트", "", "마스크 2개 세트", "", 1, True),
        ("티셔츠", "색상: BLACK / 사이즈: L", "티셔츠", "블랙, L", 1, True),
        ("참깨 1kg", "", "참깨 500g", "", 1, False),
        ("국산 참깨 500g", "", "참깨 500g", "", 1, False),
        ("참깨 500g", "", "국산 참깨 500g", "", 1, False),
        ("티셔츠", "BLACK", "티셔츠", "블랙, L", 1, False),
        ("티셔츠", "블렉 L", "티셔츠", "블랙, L", 1, False),
        ("딸기 잼", "", "딸기 잼", "딸기", 1, False),
        ("전선 1m", "", "전선 1m 1m", "", 1, False),
        ("마스크 10개입", "", "마스크", "", 1, False),
        ("마스크 3개", "", "마스크", "", 3, False),
    ],
)
def test_certain_is_only_what_leaves_nothing_open(name, option, sku_name, sku_option, quantity, certain):
    """A wrong automatic link ships the wrong goods."""
    scored = fit(name, option, sku_name, sku_option)
    assert (scored.quantity, scored.certain) == (quantity, certain)


def test_a_price_far_off_is_not_certain():
    assert fit("참깨 500g", "", "참깨 500g", listed=9_000, ours=8_000).certain
    assert not fit("참깨 500g", "", "참깨 500g", listed=90_000, ours=8_000).certain


def test_kin_is_the_same_under_another_headline():
    assert kin_of("[무료배송] 햇 참깨 500g", "01_블랙") == kin_of("★특가★ 참깨 500g 햇", "색상: BLACK")
    assert kin_of("햇 참깨 500g", "") != kin_of("햇 참깨 1kg", "")
    assert kin_of("[무료배송]", "블랙") == ""
    assert scoring.WORD
