"""주문등록 in a real Chromium: dropped, previewed, corrected, registered, the failure file mended and uploaded again."""

import pytest
from playwright.sync_api import expect

from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetUpload
from jumun.intake.sheet_storing import commit_rows, end_commit
from jumun.orders.models import OrderLine
from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table
from tests.intake.uploaded import HEADER, row
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def store(desk, at):
    """What the queue does."""
    with acting_as(desk.company):
        made = SheetUpload.objects.latest("id")
    with acting_as(desk.company):
        commit_rows(desk.company, made.id, by=desk.owner, at=at)
        end_commit(made.id, made.job_id, at=at)


def test_a_sheet_goes_in_with_its_mended_failures(screen, desk, tmp_path, noon):  # noqa: F811
    page = screen.page
    path = tmp_path / "주문.xlsx"
    rows = [row("S1", "s1"), row("S2", "s2", 연락처1="모름"), row("S3", "s3", 수량="0"), row("S4", "s4")]
    write_table(path, [SheetColumn(each) for each in HEADER], rows)
    with acting_as(desk.company):
        before = OrderLine.objects.count()

    screen.go("/c/desk/items")
    page.click("nav.nav a:has-text('주문등록')")
    expect(page.locator("[data-password]")).to_be_hidden()
    page.select_option("select[name=account]", str(desk.account))
    page.set_input_files("input[type=file]", path)
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator("h1")).to_have_text("주문.xlsx")
    page.click("text=열 확인")
    expect(page.locator(".column select").first).to_have_value("order_no")
    expect(page.locator(".bad-cell")).to_have_count(2)
    page.fill("#row-4 input[name=quantity]", "2")
    page.press("#row-4 input[name=quantity]", "Enter")
    expect(page.locator("#row-4 .flag")).to_have_text("고친 행")
    expect(page.locator(".commit-form small")).to_contain_text("거절된 1행")
    page.click("button:has-text('주문 3건 등록')")
    expect(page.locator("[role=status] progress")).to_be_visible()
    store(desk, noon)
    expect(page.locator("a:has-text('등록된 주문 3건 보기')")).to_be_visible()
    with page.expect_download() as taken:
        page.click("a:has-text('거절된 행 엑셀')")
    with open_book(taken.value.path()) as book:
        header, *kept = book.rows(book.sheets[0].name)
    assert len(kept) == 1 and "전화번호" in str(kept[0][-1])
    mended = [["010-0000-9999" if cell == "모름" else cell for cell in each] for each in kept]
    again = tmp_path / "주문_거절.xlsx"
    write_table(again, [SheetColumn(str(each)) for each in header], mended)

    screen.go("/c/desk/register")
    page.select_option("select[name=account]", str(desk.account))
    page.set_input_files("input[type=file]", again)
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator(".commit-form small")).to_have_text("모두 들어갑니다.")
    page.click("button:has-text('주문 1건 등록')")
    expect(page.locator("[role=status] progress")).to_be_visible()
    store(desk, noon)
    expect(page.locator("a:has-text('등록된 주문 1건 보기')")).to_be_visible()
    with acting_as(desk.company):
        assert OrderLine.objects.count() == before + 4


def test_a_locked_file_asks_for_its_password_once(screen, desk, tmp_path):  # noqa: F811
    page = screen.page
    path = tmp_path / "잠김.xlsx"
    write_table(path, [SheetColumn(each) for each in HEADER], [row("S1", "s1")], password="pass1234")
    screen.go("/c/desk/register")
    page.select_option("select[name=account]", str(desk.account))
    page.set_input_files("input[type=file]", path)
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator("#notices")).to_contain_text("비밀번호가 걸린 파일")
    screen.wrong.clear()  # the browser reports the refusal's status
    page.fill("input[name=password]", "pass1234")
    page.click("button:has-text('올려서 미리보기')")
    expect(page.locator("h1")).to_have_text("잠김.xlsx")
