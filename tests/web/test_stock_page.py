"""재고: many rows at once, refusals by name with the number still in its field, the ledger, stock by sheet (I28, N20)."""

from django.core.files.uploadedfile import SimpleUploadedFile

from jumun.catalog.actions import put_ship_from
from jumun.core.tenancy import acting_as
from jumun.stock.queries import StockQuery, list_stock

SKU = "TSH-BLK-L"


def shelves(shop):
    with acting_as(shop.company):
        return [(row.ship_from, row.on_hand, row.safety) for row in list_stock(StockQuery(skus=(SKU,))).rows]


def change(owner, action, quantity, **more):
    form = {"action": action, "sku": SKU, "ship_from": "main", "quantity": quantity, **more}
    return owner.send("stock/change", form, htmx=False)


def test_typed_rows_change_stock_and_the_ledger_tells_why(shop, owner):
    """N20: received, counted, moved, kept back; every change by whom and why."""
    with acting_as(shop.company):
        put_ship_from(shop.company, code="far", name="부산 창고")
    assert "1줄을 반영했습니다" in change(owner, "receive", "1,200", reason="첫 입고").content.decode()
    change(owner, "scrap", "200")
    change(owner, "move", "100", to="far")
    change(owner, "safety", "950")
    assert shelves(shop) == [("main", 900, 950), ("far", 100, 0)]
    page = owner.page("stock?low=1").content.decode()
    assert "부족" in page and "부족한 것만 (1)" in page
    told = owner.page(f"stock/moves?sku={SKU}").content.decode()
    assert all(word in told for word in ("첫 입고", "+1,200", "−200", "이동 출고", "이동 입고"))
    assert "+1,200" not in owner.page("stock/moves?kind=scrap").content.decode()


def test_what_is_refused_is_named_and_its_number_stays(shop, owner):
    """I28, R21: nothing typed is lost."""
    page = change(owner, "scrap", "7").content.decode()
    assert "지금 있는 것보다 많이 뺄 수 없습니다" in page and 'value="7"' in page
    assert "정수로" in change(owner, "receive", "일곱").content.decode()
    assert change(owner, "steal", "1").status_code == 400
    assert change(owner, "receive", "").status_code == 400
    assert shelves(shop)[0][1] == 0


def test_the_same_form_twice_receives_once(shop, owner):
    """R24."""
    for _ in range(2):
        change(owner, "receive", "5", nonce="n-1")
    assert shelves(shop) == [("main", 5, 0)]


def test_stock_by_sheet_is_looked_at_first(shop, owner):
    sheet = f"품목코드,재고수량\n{SKU},30\nNOPE,1\n".encode("utf-8-sig")
    preview = owner.send("stock/upload", {"file": SimpleUploadedFile("s.csv", sheet)}).content.decode()
    assert "미리보기입니다" in preview and "3 · NOPE" in preview
    assert shelves(shop)[0][1] == 0
    owner.send("stock/upload", {"file": SimpleUploadedFile("s.csv", sheet), "commit": "1"})
    assert shelves(shop) == [("main", 30, 0)]
