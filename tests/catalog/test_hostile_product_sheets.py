"""I28: sheets of products with what cannot be in them: each such row is named, the others go in."""

import threading
from datetime import datetime

import openpyxl
import pytest
from tests.making import open_house

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.catalog.models import Product, SetPart, Sku, Supplier
from jumun.catalog.product_sheets import read_product_sheet
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
