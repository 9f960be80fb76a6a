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

    assert "조합형으로 바꾸기" not in ahead, "nothing is there to convert yet"
    saved = text_of(owner.send("products/upload", {"file": sheet(), "commit": "1"}))
    assert "저장했습니다" in saved and "조합형으로 바꾸기" in saved
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
        "name": "새 이름", "barcode": "880", "barcodes": "881\r\n882", "price": "9,000", "cost": "4000", "supplier": "S",
        "option_tags": "여름\r\n신상", "storage": "frozen", "never_combine": "1", "option_kind": "combined",
    }  # fmt: skip
    assert someone(Role.CLERK).send(f"products/{sku.id}/save", given).status_code == 302
    shown = text_of(someone(Role.VIEWER).page(f"products/{sku.id}"))
    assert all(word in shown for word in ("새 이름", "881\n882", "9000", "여름\n신상", "방앗간"))
    assert "저장</button>" not in shown
    assert "새 이름" in text_of(owner.page("products?q=882")), "a further barcode finds it"
    with acting_as(shop.company):
        sku.refresh_from_db()
        assert (sku.cost, sku.storage, sku.never_combine, sku.ship_from_id) == (4_000, "frozen", True, None)
    for wrong in (
        {"price": "-1"},
        {"volume": "크다"},
        {"weight": "-3"},
        {"cost": "9" * 13},
        {"parts": "TSH-BLK-L*x"},
        {"parts": "TSH-BLK-L*1"},
    ):
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
    for name, inside in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        said[name] = html.unescape(inside)
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


def test_commas_in_codes_and_tags_survive_a_save(shop, owner):
    """A list stands a line each, so that what holds a comma is not torn apart."""
    with acting_as(shop.company):
        parts = [("TSH,1", 2), ("TSH-BLK-L", 1)]
        made = [SkuFields("TSH,1"), SkuFields("SET", parts=parts, option_tags=["1,000원대", "신상"])]
        put_products(shop.company, [ProductFields("Q", "긴", made)])
        sku = Sku.objects.get(code="SET").id
    assert resave(owner, sku).status_code == 302
    with acting_as(shop.company):
        kept = Sku.objects.get(id=sku)
        assert kept.option_tags == ["1,000원대", "신상"]
        assert set(SetPart.objects.values_list("part__code", "quantity")) == set(parts)


def test_one_product_is_registered_by_hand(shop, owner, someone):
    """A SKU of a product of its own, another of the same product; a code that is taken overwrites nothing."""
    assert "새 품목" in text_of(owner.page("products/new"))
    given = {"code": "MUG-1", "name": "머그", "price": "9,000", "weight": "1.2kg", "volume": "30x20x10"}
    made = owner.send("products/make", given)
    assert made.status_code == 302
    assert "MUG-1" in text_of(owner.page("products/" + made["Location"].rsplit("/", 1)[-1]))
    assert owner.send("products/make", {"code": "MUG-2", "product": "MUG-1", "name": "머그 큰"}).status_code == 302
    with acting_as(shop.company):
        sku = Sku.objects.get(code="MUG-1")
        assert (sku.price, sku.weight, sku.volume, sku.product.name) == (9_000, 1_200, 6_000, "머그")
        assert Sku.objects.get(code="MUG-2").product_id == sku.product_id
    taken = owner.send("products/make", given | {"name": "다른 머그"})
    assert (taken.status_code, "이미 있는 값" in taken.content.decode()) == (400, True)
    assert owner.send("products/make", {"code": "", "name": "이름만"}).status_code == 400
    with acting_as(shop.company):
        assert Sku.objects.get(code="MUG-1").name == "머그"
    assert someone(Role.VIEWER).send("products/make", given | {"code": "V"}).status_code == 403
