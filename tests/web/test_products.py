"""상품: the list with search, the fields of a SKU, suppliers, sheets looked at before they are saved, I28."""

from django.core.files.uploadedfile import SimpleUploadedFile

from jumun.catalog.models import SetPart, Sku
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as

SHEET = (
    "상품코드,상품명,품목코드,옵션,옵션형태,판매가\n"
    "T,티셔츠,T-BLK,색상: 블랙,단독형,9000\n"
    "T,티셔츠,T-L,사이즈: L,단독형,9000\n"
    "T,티셔츠,BAD,,,구천\n"
)


def text_of(answer):
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def sheet():
    return SimpleUploadedFile("products.csv", SHEET.encode("utf-8-sig"))


def test_a_sheet_is_looked_at_saved_found_and_combined(shop, owner):
    ahead = text_of(owner.send("products/upload", {"file": sheet()}))
    assert "아직 저장하지 않았습니다" in ahead and "재고를 둘 수 없는 상품" in ahead and "판매가" in ahead
    assert "T-BLK" not in text_of(owner.page("products"))

    assert "저장했습니다" in text_of(owner.send("products/upload", {"file": sheet(), "commit": "1"}))
    found = text_of(owner.page("products?q=t-blk"))
    assert "T-BLK" in found and "T-L" not in found and "재고 없음" in found
    with acting_as(shop.company):
        value = Sku.objects.get(code="T-BLK").id
    assert "조합형으로 바꾸기" in text_of(owner.page(f"products/{value}"))
    assert owner.send(f"products/{value}/combine").status_code == 302
    assert "T-BLK-L" in text_of(owner.page("products"))


def test_a_clerk_changes_a_sku_and_a_viewer_reads_it(shop, owner, someone):
    assert owner.send("products/suppliers", {"code": "S", "name": "방앗간"}).status_code == 302
    with acting_as(shop.company):
        sku = Sku.objects.get(code="TSH-BLK-L")
    given = {
        "name": "새 이름", "barcode": "880", "barcodes": "881, 882", "price": "9,000", "cost": "4000", "supplier": "S",
        "option_tags": "여름, 신상", "storage": "frozen", "never_combine": "1", "option_kind": "combined",
    }  # fmt: skip
    assert someone(Role.CLERK).send(f"products/{sku.id}/save", given).status_code == 302
    shown = text_of(someone(Role.VIEWER).page(f"products/{sku.id}"))
    assert all(word in shown for word in ("새 이름", "881, 882", "9000", "여름, 신상", "방앗간"))
    assert "저장</button>" not in shown
    assert "새 이름" in text_of(owner.page("products?q=882")), "a further barcode finds it"
    with acting_as(shop.company):
        sku.refresh_from_db()
        assert (sku.cost, sku.storage, sku.never_combine, sku.ship_from_id) == (4_000, "frozen", True, None)
    for wrong in ({"price": "-1"}, {"cost": "9" * 13}, {"parts": "TSH-BLK-L*x"}, {"parts": "TSH-BLK-L*1"}):
        assert owner.send(f"products/{sku.id}/save", given | wrong).status_code == 400
    with acting_as(shop.company):
        assert not SetPart.objects.exists()


def test_odd_searches_are_answered(owner):
    assert owner.page("products?q=%00").status_code == 400
    assert "찾는 품목이 없습니다" in text_of(owner.page("products?q=없는것"))
