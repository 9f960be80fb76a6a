"""C11, C12, N19: nothing wrong is linked by itself, and what tells two goods apart is not lost (models, grades, shares)."""

import pytest

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import Sku
from jumun.matching import automatic
from jumun.matching.kin import kin_of
from jumun.matching.links import ListingRef, forget_links
from jumun.matching.queries import Said, suggest_for
from jumun.matching.scoring import Entry, Listing
from jumun.matching.suggesting import Catalogue

L = Listing


@pytest.mark.parametrize(("sku", "listing"), [
    (("나이키 에어맥스 90", "270"), L("나이키 에어맥스 97", "270")),
    (("뉴발란스 574", "250"), L("뉴발란스 530", "250")),
    (("리바이스 501 청바지", "30"), L("리바이스 505 청바지", "30")),
    (("블랙 라벨 셔츠", "네이비"), L("골드 라벨 셔츠", "네이비")),
    (("레고 테크닉 42115", ""), L("레고 테크닉 42143")),
    (("마우스 소니 MX-10000", ""), L("마우스 소니 MX-20000")),
    (("원데이 렌즈", "-10.00"), L("원데이 렌즈", "-10.50")),
    (("돋보기 안경", "-2.00"), L("돋보기 안경", "+2.00")),
    (("린트 다크 초콜릿 85%", ""), L("린트 다크 초콜릿 70%")),
    (("알파 보조배터리 10,000mAh", ""), L("알파 보조배터리 20,000mAh")),
    (("문화상품권 5,000원권", ""), L("문화상품권 10,000원권")),
    (("갤럭시 S24 투명 케이스", ""), L("갤럭시 S24+ 투명 케이스")),
    (("한우 1+ 등심 300g", ""), L("한우 1++ 등심 300g")),
    (("기모 바지", "30-블랙"), L("기모 바지", "32-블랙")),
    (("기모 바지", "M-블랙"), L("기모 바지", "L-블랙")),
    (("비키니 세트", "상의 L / 하의 M"), L("비키니 세트", "상의 M / 하의 L")),
    (("트레이닝복", "자켓 블랙 바지 화이트"), L("트레이닝복", "자켓 화이트 바지 블랙")),
    (("휴대용 물티슈 10매", ""), L("휴대용 물티슈 10팩")),
    (("미네랄 생수 2L 6개", ""), L("미네랄 생수 2L 6박스")),
    (("닭가슴살 100g 10팩", ""), L("닭가슴살 100g 10박스")),
    (("칫솔 2개입", ""), L("칫솔 1+1")),
    (("여성 울 니트", ""), L("여성 울 니트 베스트")),
    (("무선 청소기", ""), L("[반품] 무선 청소기")),
    (("참치캔 100g", ""), L("[임박특가] 참치캔 100g")),
    (("살구 잼 300g", ""), L("피치 잼 300g")),
    (("겨자 소스 300g", ""), L("머스타드 소스 300g")),
    (("캐모마일 티", ""), L("캐모마일 티셔츠")),
    (("메밀 면 500g", ""), L("메밀 코튼 500g")),
])  # fmt: skip
def test_never_certain(sku, listing):
    assert not any(each.certain for each in Catalogue([Entry(1, "A", *sku)]).suggest(listing))


def test_what_was_taken_back_is_not_linked_again(house):
    put_products(house.company, [ProductFields("SES", "국산 참깨 500g", [SkuFields("SES", ship_from="main")])])
    automatic.set_automatic(house.company, on=True)
    said = {"product_code": "L1", "option_code": "", "seller_code": "", "option_text": ""}
    house.order("N1", "n1", product_name="국산 참깨 500g", **said)
    automatic.link_certain(at=house.at)
    forget_links([ListingRef(house.account, "L1")], by=house.owner, at=house.at)
    automatic.link_certain(at=house.at)
    assert not house.items("N1")[0].matched


def group(*skus):
    return [Entry(n, f"C{n}", name, option, 0, "g") for n, (name, option) in enumerate(skus, 1)]


def flat(*names):
    return [Entry(n, f"C{n}", name) for n, name in enumerate(names, 1)]


SHIRTS = group(*(("셔츠", f"{size}, 블랙") for size in ("S", "M", "L")))
JEANS = group(*(("바지", f"블랙, {size}") for size in ("55", "66", "77")))


@pytest.mark.parametrize(("shop", "listing", "right"), [
    (SHIRTS, L("셔츠", "L-블랙"), 3),
    (SHIRTS, L("셔츠", "(L)블랙"), 3),
    (SHIRTS, L("셔츠", "L_블랙"), 3),
    (JEANS, L("바지", "77-블랙"), 3),
    ([Entry(1, "A", "뉴발란스 574", "250"), Entry(2, "B", "뉴발란스 993", "250")], L("뉴발란스 993", "250"), 2),
    (flat("레고 테크닉 42115", "레고 테크닉 42143"), L("레고 테크닉 42143"), 2),
    (flat("다크 초콜릿 70%", "다크 초콜릿 85%"), L("다크 초콜릿 85%"), 2),
    (flat("보조배터리 10,000mAh", "보조배터리 20,000mAh"), L("보조배터리 20,000mAh"), 2),
    (flat("갤럭시 S24 케이스", "갤럭시 S24+ 케이스"), L("갤럭시 S24+ 케이스"), 2),
    (flat("한우 1+ 등심 300g", "한우 1++ 등심 300g"), L("한우 1++ 등심 300g"), 2),
])  # fmt: skip
def test_the_right_one_is_first(shop, listing, right):
    assert Catalogue(shop).suggest(listing)[0].sku == right


@pytest.mark.parametrize(("sku", "listing", "pieces"), [
    ("갤럭시 S24+ 강화유리 필름 2매", L("갤럭시 S24+ 2매 강화유리 필름"), 1),
])  # fmt: skip
def test_pieces(sku, listing, pieces):
    assert Catalogue([Entry(1, "A", sku)]).suggest(listing)[0].quantity == pieces


@pytest.mark.parametrize(("one", "other"), [
    (("청바지", "30-블랙"), ("청바지", "32-블랙")),
    (("레고 테크닉 42115", ""), ("레고 테크닉 42143", "")),
    (("갤럭시 S24 케이스", ""), ("갤럭시 S24+ 케이스", "")),
    (("다크 초콜릿 85%", ""), ("다크 초콜릿 70%", "")),
])  # fmt: skip
def test_other_goods_are_no_kin(one, other):
    assert kin_of(*one) != kin_of(*other)


def test_skus_of_one_product_are_told_apart_by_their_own_names(house):
    """하루견과 아몬드 and 하루견과 호두 of one product; a product whose name says nothing of either."""
    nuts = [
        SkuFields(code, name=f"하루견과 {name}") for code, name in (("N1", "아몬드"), ("N2", "호두"), ("N3", "캐슈넛"))
    ]
    seeds = [SkuFields("S1", name="참깨 500g"), SkuFields("S2", name="들깨 500g")]
    put_products(house.company, [ProductFields("N", "하루견과", nuts), ProductFields("S", "기획 모음", seeds)])
    found = suggest_for([Said(L("하루견과 호두")), Said(L("들깨 500g"))])
    codes = dict(Sku.objects.values_list("id", "code"))
    assert [codes[each.candidates[0].sku] for each in found] == ["N2", "S2"]
