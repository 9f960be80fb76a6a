"""C12: links by sheet, one row a SKU."""

from datetime import datetime

import pytest
from openpyxl import Workbook

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.channels.actions import AccountFields, create_account
from jumun.core.errors import JumunError
from jumun.matching.link_sheets import put_link_sheet
from jumun.matching.queries import list_links

HEADER = "판매처,판매처 상품코드,상품명,옵션코드,품목코드,수량,구분"


@pytest.fixture
def sheet(house, tmp_path):
    put_products(house.company, [ProductFields("F", "f", [SkuFields("A"), SkuFields("B")])])

    def put(*rows, header=HEADER):
        path = tmp_path / "links.csv"
        path.write_text("\n".join((header, *rows)), encoding="utf-8-sig")
        return put_link_sheet(path, by=house.owner, at=house.at)

    return put


def test_rows_of_one_listing_are_what_it_is_made_of(house, sheet):
    house.order("N1", "n1", product_code="P9", option_code="O9", seller_code="")

    done = sheet("스마트스토어,P9,참깨,O9,A,2,", "store,P9,참깨,O9,B,,매칭", "store,P10,배송비,,,,출고 없음")

    assert (done.linked.links, done.refused, done.linked.outcome.done) == (2, [], 1)
    assert {(link.kind, link.parts) for link in list_links()} == {("link", (("A", 2), ("B", 1))), ("ignore", ())}


def test_wrong_rows_are_named_by_their_number_and_stop_no_other(sheet):
    done = sheet(
        "store,P1,가,,A,1,",
        "어딘가,P2,나,,A,1,",
        "store,P3,다,,NOPE,1,",
        "store,P4,라,,A,한개,",
        "",
        "store,P5,마,,A,1,몰라",
    )

    assert done.linked.links == 1
    assert done.refused == [(3, "unknown_listing"), (4, "unknown_sku"), (5, "bad_quantity"), (7, "invalid")]


def test_a_sheet_without_its_columns_is_refused_at_once(sheet):
    with pytest.raises(JumunError) as problem:
        sheet("a,b", header="이름,번호")
    assert problem.value.code == "link_sheet_columns"


def test_a_name_of_two_accounts_is_nobodys(house, sheet):
    """C12: a wrong link ships wrong goods, so which of the two is meant is said by the key."""
    create_account(house.company, "manual", AccountFields(name="스마트스토어", key="second"), at=house.at)

    done = sheet("스마트스토어,P1,가,,A,1,", "second,P1,가,,A,1,", "store,#N/A,가,,A,1,")

    assert (done.linked.links, done.refused) == (1, [(2, "unknown_listing"), (4, "invalid")])


def test_a_code_that_lost_its_digits_is_refused(house, tmp_path):
    """Q4: a number of 19 digits, and a code that became a day, are nobody's."""
    book = Workbook()
    book.active.append(["판매처", "판매처 상품코드", "옵션코드", "품목코드"])
    book.active.append(["store", 1234567890123456789, None, "TSH-BLK-L"])
    book.active.append(["store", "P10", datetime(2026, 1, 2), "TSH-BLK-L"])
    book.save(tmp_path / "a.xlsx")
    done = put_link_sheet(tmp_path / "a.xlsx", by=house.owner, at=house.at)
    assert (done.linked.links, done.refused) == (0, [(2, "invalid"), (3, "invalid")])


def test_a_column_that_stands_twice_is_asked_back_about(sheet):
    with pytest.raises(JumunError) as problem:
        sheet("store,P1,A,B", header="판매처,상품코드,품목코드,품목코드")
    assert problem.value.code == "sheet_column_twice"
