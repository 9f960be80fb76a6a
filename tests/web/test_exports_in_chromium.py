"""내려받기 in a real Chromium: E with rows chosen, the dialog, a worker that writes, the file in the hand; the editor."""

import csv

import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.exports.models import Export, ExportLayout
from tests.web.test_browser import PATIENCE, chromium, screen, server  # noqa: F401 - fixtures
from tests.web.test_grid import fill, show

pytestmark = [pytest.mark.browser]


def press(page, *keys):
    """One after another, slower than a scanner."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(250)


def test_e_exports_what_is_chosen_and_the_file_comes(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    fill(desk, 5)
    page = show(screen, "items?status=preparing")
    press(page, "j", "x", "j", "x")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("e")
    dialog = page.locator("#preview[open]")
    expect(dialog.locator(".figures")).to_contain_text("2")
    dialog.locator("button.act").click()
    expect(dialog).to_be_visible()  # no reason, no file
    dialog.locator("[data-masked]").check()
    expect(dialog.locator("[name=reason]")).to_be_hidden()
    dialog.locator("[data-masked]").uncheck()
    dialog.locator("[name=reason]").fill("택배 접수")
    dialog.locator("[value=csv]").check()
    dialog.locator("button.act").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#notices [data-job=done]")).to_be_visible(timeout=PATIENCE)
    page.click("#notices [data-job=done] .links a")
    with page.expect_download() as download:
        page.click("#exports a[download]")
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == 2 and {row["받는분 성명"] for row in rows} == {"홍길동"}
    with acting_as(desk.company):
        export = Export.objects.get()
    assert (export.rows, export.reason, export.downloads, export.title) == (2, "택배 접수", 1, "신규주문")


def test_e_without_a_choice_exports_the_list_and_still_types_where_numbers_are_typed(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    fill(desk, 3)
    page = show(screen, "items?status=preparing")
    page.keyboard.press("e")
    expect(page.locator("#preview[open] .figures")).to_contain_text("3")
    page.keyboard.press("Escape")
    with acting_as(desk.company):
        from jumun.orders.actions.release import release
        from jumun.orders.filters import ItemFilter
        from jumun.orders.selection import Selection

        release(Selection(filter=ItemFilter()), by=desk.owner, at=now())
    page = show(screen, "items?status=ready")
    press(page, "j", "e")
    expect(
        page.locator("[data-number]:focus, .tabulator-row select:focus, .tabulator-row input:focus").first
    ).to_be_visible()
    expect(page.locator("#preview[open]")).to_have_count(0)


def test_a_layout_is_put_together_by_clicks(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    screen.go("/c/desk/export-layouts/new?what=parcels")
    page = screen.page
    rows = page.locator(".export-column")
    expect(rows).to_have_count(11)
    page.click("[data-add=fixed]")
    page.click("[data-add=waybill]")
    page.click("[data-add=phone2]")  # out again
    expect(rows).to_have_count(12)
    fixed = page.locator(".export-column[data-key=fixed]")
    fixed.locator("[name=title]").fill("박스타입")
    fixed.locator("[name=value]").fill("소")
    fixed.locator("[data-up]").click()
    expect(fixed.locator("[data-up]")).to_be_focused()
    page.locator(".export-column[data-key=recipient] [data-up]").click()
    page.fill("[name=name]", "한진 접수")
    page.check("[name=shared]")
    page.click("header button.act")
    expect(page.locator("table")).to_contain_text("한진 접수")
    with acting_as(desk.company):
        layout = ExportLayout.objects.get()
    keys = [column["key"] for column in layout.columns]
    assert keys[0] == "recipient" and keys[-3:] == ["fixed", "order_number", "waybill"]
    assert {"key": "fixed", "title": "박스타입", "value": "소"} in layout.columns
    assert layout.shared
