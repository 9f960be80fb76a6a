"""할당 in a real Chromium: stock typed in, a look ahead, a run by a worker, why not, the rest split off, what has its stock
released (C18–C24, N20)."""

from datetime import timedelta

import pytest

from jumun.catalog.actions import ProductFields, SkuFields, put_products
from jumun.companies.stock_rules import StockRules, set_stock_rules
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.selection import Selection
from jumun.stock.queries import StockQuery, list_stock
from tests.making import make_line
from tests.web.test_browser import PATIENCE, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def order(desk, number, hours, *skus):
    """An order of one of each SKU, some hours old."""
    at = now() - timedelta(hours=hours)
    lines = [
        make_line(number, f"{number}-{sku}", at, seller_code=sku, option_code=sku, ordered_at=at, paid_at=at)
        for sku in skus
    ]
    store_lines(desk.account, lines, by=None, at=now())


def test_short_stock_goes_to_whole_shipments_first_and_the_rest_is_split(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    with acting_as(desk.company):
        put_products(desk.company, [ProductFields("CAP", "모자", [SkuFields("CAP-1", ship_from="main")])])
        order(desk, "OLD", 9, "TSH-BLK-L", "CAP-1")
        order(desk, "NEW", 1, "TSH-BLK-L")
        set_stock_rules(StockRules(release_needs_allocation=True))
    screen.go("/c/desk/stock")
    page = screen.page
    page.get_by_label("TSH-BLK-L").fill("2")
    page.select_option("select[name=action]", "receive")
    page.fill("input[name=reason]", "첫 입고")
    page.get_by_role("button", name="적은 줄 반영").click()
    expect(page.locator("#done")).to_contain_text("1줄을 반영했습니다")

    page.click("nav.nav a[href$='/allocation']")
    page.get_by_role("button", name="미리 보기").click()
    expect(page.locator("#run .tabs")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#run")).to_contain_text("아직 할당하지 않았습니다")
    with acting_as(desk.company):
        assert list_stock(StockQuery(skus=("TSH-BLK-L",))).rows[0].reserved == 0
    page.get_by_role("button", name="이 조건으로 할당").click()
    expect(page.locator("#run .tabs")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#run tbody tr")).to_have_count(1)
    expect(page.locator("#run tbody tr td")).to_have_count(page.locator("#run thead th").count())
    expect(page.locator("#run tbody tr td").nth(1)).to_contain_text("티셔츠")
    page.locator("#run .tabs a", has_text="부분배송가능").click()
    expect(page.locator("#run tbody")).to_contain_text("CAP-1 1개 부족")

    with acting_as(desk.company):
        assert release(Selection(filter=ItemFilter(number=("OLD",))), by=desk.owner, at=now()).done == 0
    page.get_by_role("button", name="OLD 나누기").click()
    expect(page.locator("#done")).to_contain_text("품목 1개를 새 묶음으로 나눴습니다")
    with acting_as(desk.company):
        outcome = release(Selection(filter=ItemFilter(number=("OLD", "NEW"))), by=desk.owner, at=now())
    assert (outcome.done, [refusal.code for refusal in outcome.refused]) == (2, ["unallocated"])

    page.click("nav.nav a[href$='/stock']")
    page.click("a[href*='moves?sku=TSH-BLK-L']")
    expect(page.locator("tbody")).to_contain_text("첫 입고")
    expect(page.locator("tbody tr")).to_have_count(3)
