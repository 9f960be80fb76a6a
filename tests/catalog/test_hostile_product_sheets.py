"""I28: sheets of products with what cannot be in them: each such row is named, the others go in."""

import threading
from datetime import datetime

import openpyxl
import pytest
from tests.making import open_house

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import Product, SetPart, ShipFrom, Sku, Supplier
from jumun.catalog.product_sheets import read_product_sheet
from jumun.core.errors import JumunError
from jumun.core.tenancy import acting_as
from jumun.intake.catalogue import fill_from_sheet


def sheet(tmp_path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    return tmp_path / "s.xlsx"


def test_error_cells_lost_digits_and_days_are_no_values(house, tmp_path):
    path = sheet(
        tmp_path,
        ["품목코드", "품목명", "바코드"],
        ["A", "#N/A", "#REF!"],
        ["B", "b", 8.80123456789e20],
        [datetime(2026, 1, 2), "c", "1"],
        ["D", "d", "2"],
    )
    book = openpyxl.load_workbook(path)
    book.active["B2"].data_type = book.active["C2"].data_type = "e"
    book.save(path)
    done = read_product_sheet(path)
    assert [row for row, _, _ in done.refused] == [2, 3, 4]
    assert [sku.code for product in done.products for sku in product.skus] == ["D"]


def test_a_refused_row_makes_no_supplier(house, tmp_path):
    path = sheet(tmp_path, ["품목코드", "공급처", "무게"], ["A", "새 공급처", "많이"])
    done = fill_from_sheet(house.company, path, by=house.owner, at=house.at)
    assert done.refused == [(2, "weight", "invalid")]
    assert not Supplier.objects.exists()


def test_an_unknown_part_leaves_the_others(house, tmp_path):
    """A set may be made of what comes with the same sheet."""
    path = sheet(tmp_path, ["품목코드", "세트구성"], ["A", None], ["S", "NOPE*1"], ["T", "A*2, TSH-BLK-L"])
    done = fill_from_sheet(house.company, path, by=house.owner, at=house.at)
    assert done.refused == [(3, "parts", "unknown_sku")]
    assert sorted(SetPart.objects.values_list("part__code", "quantity")) == [("A", 2), ("TSH-BLK-L", 1)]


@pytest.mark.slow
def test_the_kind_of_options_is_kept_when_two_save_at_once(committed, noon):
    """I28: one says the kind, the other changes a price; both stand."""
    from django.db import connection

    house = open_house(noon)
    codes = [f"R{n:03d}" for n in range(200)]
    for _ in range(10):
        with acting_as(house.company):
            put_products(house.company, [ProductFields("RACE", "경주", [], "")])
        start = threading.Barrier(2)

        def put(kind, start=start):
            start.wait()
            with acting_as(house.company):
                put_products(house.company, [ProductFields("RACE", "경주", [SkuFields(each) for each in codes], kind)])
            connection.close()

        threads = [threading.Thread(target=put, args=(kind,)) for kind in ("combined", None)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        with acting_as(house.company):
            assert Product.objects.get(code="RACE").option_kind == "combined"
            assert Sku.objects.filter(product__code="RACE").count() == len(codes)


def test_two_columns_of_one_name_are_refused(house, tmp_path):
    """Which of them counts is for a person to say; of two words for one thing the more exact counts."""
    path = sheet(tmp_path, ["품목코드", "판매가", "판매가"], ["A", 1, 2])
    with pytest.raises(JumunError) as refused:
        read_product_sheet(path)
    assert (refused.value.code, "판매가" in refused.value.reason()) == ("sheet_column_twice", True)
    path = sheet(tmp_path, ["가격", "품목코드", "판매가"], [1, "A", 2])
    assert read_product_sheet(path).products[0].skus[0].price == 2


def test_a_product_of_two_kinds_of_options_is_told(house, tmp_path):
    """I28: neither the first nor the last of them is taken for both."""
    path = sheet(
        tmp_path,
        ["상품코드", "품목코드", "옵션형태"],
        ["P", "A", "조합형"],
        ["P", "B", "단독형"],
        ["P", "C", None],
    )
    done = read_product_sheet(path)
    assert done.refused == [(3, "option_kind", "sheet_kind_differs")]
    assert [(each.option_kind, len(each.skus)) for each in done.products] == [("combined", 2)]


def test_a_cell_empties_what_stands(house, tmp_path):
    """An empty cell leaves it; no code and no name is ever emptied."""
    head = [
        "품목코드",
        "품목명",
        "옵션",
        "바코드",
        "판매가",
        "출고지",
        "공급처",
        "옵션태그",
        "보관",
        "무게",
        "부피",
        "추가바코드",
        "세트구성",
    ]
    full = [
        "Z",
        "z",
        "색상: 흑",
        "880",
        9000,
        "main",
        "S",
        "a, b",
        "냉동",
        "1.5kg",
        "30x20x10",
        "881\n882",
        "TSH-BLK-L*2",
    ]

    def put(*cells):
        path = sheet(tmp_path, head, list(cells))
        done = fill_from_sheet(house.company, path, by=house.owner, at=house.at)
        assert not done.refused, done.refused
        row = Sku.objects.get(code="Z")
        return (
            row.option_text, row.barcode, row.price, row.ship_from_id is None, row.supplier_id is None,
            row.option_tags, row.storage, row.weight, row.volume,
            sorted(each.code for each in row.further.all()), row.parts.count(),
        )  # fmt: skip

    filled = ("색상: 흑", "880", 9_000, False, False, ["a", "b"], "frozen", 1_500, 6_000, ["881", "882"], 1)
    full[5] = ShipFrom.objects.order_by("id").values_list("code", flat=True)[0]
    assert put(*full) == filled
    assert put("Z", *[None] * 12) == filled
    assert put("Z", None, *["(비움)"] * 11) == ("", "", 0, True, True, [], "", 0, 0, [], 0)
    path = sheet(tmp_path, head[:2], ["Z", "(비움)"])
    assert fill_from_sheet(house.company, path, by=house.owner, at=house.at).refused == [(2, "name", "invalid")]


@pytest.mark.parametrize("bad", ["품목코드,품목명,세트구성\nA,가,\nB,나,A*0\nC,다,\n", "품목코드,품목명,세트구성\nA,가,\nB,나,B*1\nC,다,\n",
                                 "품목코드,품목명,추가바코드\nA,가,880\nB,나,880\nC,다,\n"])  # fmt: skip
def test_one_wrong_row_stops_no_other(house, tmp_path, bad):
    sheet = tmp_path / "a.csv"
    sheet.write_text(bad)
    done = fill_from_sheet(house.company, sheet, by=house.owner, at=house.at)
    assert [row for row, *_ in done.refused] == [3]
