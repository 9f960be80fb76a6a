"""상품: the list with search, the fields of a SKU, suppliers, sheets looked at before they are saved, I28."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from jumun.catalog.actions import ProductFields, SkuFields, SupplierFields, put_products, put_suppliers
from jumun.catalog.models import Barcode, SetPart, Sku
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


def resave(owner, sku):
    """What a browser sends back of the page as it is."""
    page = owner.page(f"products/{sku}").content.decode().split(f"products/{sku}/save")[1].split("</form>")[0]
    said = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if (
            name
            and name[1] not in ("nonce", "csrfmiddlewaretoken")
            and not ("checkbox" in tag and "checked" not in tag)
        ):
            said[name[1]] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<select name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"\s+selected', inside)
        said[name] = html.unescape(chosen[1]) if chosen else ""
    return owner.send(f"products/{sku}/save", said)


def test_many_barcodes_survive_a_save(shop, owner):
    """What a page does not change stands."""
    with acting_as(shop.company):
        put_products(
            shop.company,
            [ProductFields("Q", "긴", [SkuFields("Q1", barcodes=[f"88000000{n:05d}" for n in range(50)])])],
        )
        sku = Sku.objects.get(code="Q1").id
    answer = resave(owner, sku)
    with acting_as(shop.company):
        assert (answer.status_code, Barcode.objects.filter(sku_id=sku).count()) == (302, 50)


def test_a_supplier_far_down_the_list_survives_a_save(shop, owner):
    """What a page cannot list whole is not cleared by it."""
    with acting_as(shop.company):
        put_suppliers(shop.company, [SupplierFields(f"S{n:04d}", f"공급 {n}") for n in range(300)])
        put_products(shop.company, [ProductFields("Q", "긴", [SkuFields("Q1", supplier="S0299")])])
        sku = Sku.objects.get(code="Q1").id
    answer = resave(owner, sku)
    with acting_as(shop.company):
        assert (answer.status_code, Sku.objects.get(id=sku).supplier_id is not None) == (302, True)
