"""송장 엑셀 in a real Chromium: exported, filled in, dropped, previewed, saved, handed over (P21–P23, C30, C31)."""

import re

import pytest
from playwright.sync_api import expect

from jumun.companies.roles import May
from jumun.companies.trail import Looker
from jumun.core.files import local_copy
from jumun.core.tenancy import acting_as
from jumun.exports.actions import Wish, start_export
from jumun.exports.carrier_layouts import CARRIER_LAYOUTS
from jumun.exports.models import Export
from jumun.exports.writing import write_export
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table
from jumun.waybills.models import WaybillRow
from tests.making import House, good_number
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def exported(desk, at, layout):
    """What is to be shipped in a carrier's own form, as rows of a sheet."""
    who = Looker(desk.company, desk.owner, "web", None)
    with acting_as(desk.company):
        wish = Wish("parcels", Selection(filter=ItemFilter(status=("ready",))), layout, reason="택배 접수")
        made = start_export(wish, who=who, may=frozenset(May), at=at, queued=False)
        job = Export.objects.get(id=made).job_id
    write_export(desk.company, made, job, clock=lambda: at)
    with acting_as(desk.company):
        key = Export.objects.get(id=made).file
    with local_copy(key) as path, open_book(path) as book:
        return list(book.rows(book.sheets[0].name))


def test_c30_a_list_goes_out_and_comes_back_with_its_numbers(screen, desk, tmp_path, noon):  # noqa: F811
    page = screen.page
    with acting_as(desk.company):
        house = House(desk.company, desk.owner, desk.account, desk.ship_from, noon)
        for order in ("A", "B", "C"):
            house.order(order, f"{order}-1")
        house.put(status="ready")
        waiting = OrderItem.objects.filter(status="ready").count()
    assert waiting == 3
    header, *rows = exported(desk, noon, CARRIER_LAYOUTS["cj"])
    assert len(rows) == waiting
    number, key = header.index("운송장번호"), header.index("고객주문번호")
    filled = [
        [good_number(900 + place) if at == number else cell for at, cell in enumerate(row)]
        for place, row in enumerate(rows)
    ]
    filled.append([{number: "123", key: "B0000-00000"}.get(at, "") for at in range(len(header))])
    path = tmp_path / "접수결과.xlsx"
    write_table(path, [SheetColumn(title) for title in header], filled)

    screen.go("/c/desk/items?status=ready")
    page.click("a:has-text('송장 엑셀')")
    page.set_input_files("input[type=file]", path)
    page.select_option("select[name=carrier]", "cj")
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator("h1")).to_have_text("접수결과.xlsx")
    expect(page.locator(".tabs a[aria-current]")).to_contain_text(str(waiting + 1))
    expect(page.locator("tbody tr").last).to_contain_text(re.compile("거절"))
    page.click(f"button:has-text('{waiting}줄 저장')")
    expect(page.locator("a:has-text('운송장출력 보기')")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("입력됨")
    with page.expect_download() as taken:
        page.click("a:has-text('결과 엑셀')")
    with open_book(taken.value.path()) as book:
        result = list(book.rows(book.sheets[0].name))
    assert result[0][-2:] == ("결과", "사유") and result[-1][-2] == "거절" and result[1][len(result[0]) - 2] == "입력됨"
    with acting_as(desk.company):
        assert WaybillRow.objects.filter(verdict="labelled").count() == waiting
        done = hand_over(Selection(filter=ItemFilter(status=("labelled",))), by=desk.owner, at=noon)
        assert done.done and OrderItem.objects.filter(status="shipped").exists()


def test_p23_a_sheet_without_its_columns_is_told_at_once(screen, desk, tmp_path):  # noqa: F811
    page = screen.page
    screen.go("/c/desk/waybill-sheets")
    path = tmp_path / "x.csv"
    path.write_text("이름,메모\n김,문 앞\n", encoding="utf-8")
    page.set_input_files("input[type=file]", path)
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator("#notices")).to_contain_text("운송장번호")
    screen.wrong.clear()  # the browser reports the refusal's status
