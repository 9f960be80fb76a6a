"""매칭 in a real Chromium: from listing to listing by keyboard, SKUs put together, and a wrong link put right (C10–C13)."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from jumun.catalog.models import Sku
from jumun.core.tenancy import acting_as
from tests.making import House
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]

LISTINGS = (
    ("P7", "[무료배송] {name}", "{option}"),
    ("P8", "선물세트 한정 구성", ""),
    ("P9", "각인 추가", ""),
    ("P7", "[무료배송] {name}", "{option}"),
)
"""The first one in two orders; said in the words of a SKU there is."""


@pytest.fixture
def waiting(desk):
    """Orders of three listings that nobody linked yet."""
    with acting_as(desk.company):
        sku = Sku.objects.order_by("code")[0]
        house = House(desk.company, desk.owner, desk.account, desk.ship_from, datetime.now(UTC))
        for place, (code, name, option) in enumerate(LISTINGS):
            said = {"product_name": name.format(name=sku.name), "option_text": option.format(option=sku.option_text)}
            house.order(f"M{place}", f"m{place}", seller_code="", product_code=code, option_code="O1", **said)


def test_listings_are_matched_by_keyboard_and_a_wrong_link_is_put_right(screen, desk, waiting):  # noqa: F811
    """J, K, Enter; a set of two SKUs from the search; the strip's undo; the list of links with what becomes of each item."""
    page = screen.page
    screen.go("/c/desk/matching")
    cards = page.locator(".match-card.waiting")
    expect(cards).to_have_count(3)

    page.locator("h1").click()
    page.keyboard.press("j")
    expect(cards.nth(0).locator("[name=choice]:checked")).to_be_focused()
    page.keyboard.press("j")
    expect(cards.nth(1).locator(":focus")).to_have_count(1)
    page.keyboard.press("k")
    expect(cards.nth(0).locator("[name=choice]:checked")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".match-card.done")).to_have_count(1)
    expect(page.locator(".match-card.done")).to_contain_text("품목 2개가 바뀌었습니다")
    expect(page.locator("#matching-counts")).to_contain_text("상품 2개")
    expect(cards.nth(0).locator(":focus")).to_have_count(1)

    cards.nth(0).locator("[data-find-skus]").click()
    expect(page.locator("#matching-skus-rows .sku").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    numbers = cards.nth(0).locator("[data-own] [name=quantity]")
    expect(numbers).to_have_count(2)
    expect(numbers.first).to_be_focused()
    page.keyboard.type("3")
    expect(cards.nth(0).locator("[value=own]")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".match-card.done")).to_have_count(2)
    expect(page.locator(".match-card.done").nth(1)).to_contain_text("× 3")

    cards.nth(0).locator("[name=kind]").select_option("ignore")
    cards.nth(0).locator("button.act").click()
    strip = page.locator(".match-card.done").nth(2)
    expect(strip).to_contain_text("출고 없음")
    strip.locator("button", has_text="되돌리기").click()
    expect(strip).to_contain_text("되돌렸습니다")

    screen.go("/c/desk/matching/links?q=무료배송")
    page.click("main td a")
    page.locator("[data-own] [name=quantity]").fill("2")
    page.click("text=바뀌는 품목 보기")
    expect(page.locator(".look-ahead tbody tr")).to_have_count(2)
    expect(page.locator(".look-ahead [data-do]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#link-body .note")).to_contain_text("품목 2개가 바뀌었습니다")
    page.click("text=버전 1(으)로")
    expect(page.locator(".look-ahead")).to_contain_text("2개가 바뀝니다")
    page.click(".look-ahead [data-do]")
    expect(page.locator("#link-body tbody tr")).to_have_count(3)
