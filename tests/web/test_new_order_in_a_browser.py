"""주문 등록 in a real Chromium: by keyboard from the picker to the next order, and nothing typed is lost (Q1–Q16)."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from jumun.channels.actions import AccountFields, create_account
from jumun.core.tenancy import acting_as
from jumun.orders.models import Order, OrderItem
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]

TO = {"name": "홍길동", "phone1": "010-1234-5678", "postcode": "04524", "address1": "서울 중구 세종대로 110"}


@pytest.fixture
def phone(desk):
    """An account for orders by hand."""
    with acting_as(desk.company):
        at = datetime.now(UTC)
        return create_account(desk.company, "manual", AccountFields(name="전화 주문", key="phone", brand="온산"), at=at)


def fill(page, **more):
    for name, value in (TO | more).items():
        page.fill(f"#new-order [name={name}]", value)


def pick(page, text, down):
    """Open the picker, look for a text, tick the row so far down, and put it in; all by keyboard."""
    page.locator("[data-open=new-order-skus]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#new-order-skus-rows .sku").first).to_be_visible()
    page.keyboard.type(text)
    expect(page.locator("#new-order-skus-rows .sku").first).to_contain_text(re.compile(text))
    for _ in range(down):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#new-order-skus [data-add]")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.locator("#new-order-skus")).to_be_hidden()


def test_q1_to_q16_an_order_is_typed_rechecked_and_in_the_list(screen, desk, phone):  # noqa: F811
    """From the list's button to the next order: SKUs by keyboard, a slip marked, a reload survived, one order made."""
    page = screen.page
    page.click("a:has-text('주문 등록')")
    expect(page.locator("[name=account]")).to_have_value(str(phone))
    expect(page.locator("output[data-brand]")).to_have_text("온산")
    pick(page, "BAM-L", 1)
    expect(page.locator("[data-lines] [data-quantity]")).to_be_focused()
    page.keyboard.type("150")
    fill(page, name="가" * 21, number="H-2026-1", paid_amount="25,800", memo="단골")

    page.click("#new-order button.act")
    expect(page.locator("#new-order-wrong")).to_contain_text("20자까지")
    expect(page.locator("[data-field=name].bad .fault")).to_contain_text("20자까지")
    page.fill("[name=name]", "홍길동")
    page.reload()
    expect(page.locator("#new-order [data-again]")).to_be_visible()
    expect(page.locator("[name=memo]")).to_have_value("단골")
    expect(page.locator("[data-lines] [data-quantity]")).to_have_value("150")

    page.click("#new-order button.act")
    expect(page.locator("#preview .recheck .quantity")).to_have_text("150")
    expect(page.locator("#preview")).to_contain_text("25,800원")
    page.click("#preview button.act")
    expect(page.locator("[data-registered]")).to_contain_text("H-2026-1")
    with acting_as(desk.company):
        item = OrderItem.objects.get()
        assert (item.status, item.quantity, item.sku_code, int(item.amount)) == ("preparing", 150, "BAM-L", 25_800)
        assert Order.objects.get().memo == "단골"

    page.click("[data-next-order]")
    expect(page.locator("[name=number]")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("")
    page.reload()
    expect(page.locator("#new-order [data-again]")).to_be_hidden()
    screen.go("/c/desk/items?status=preparing")
    expect(page.locator("#rows")).to_contain_text("홍*동")


def test_an_earlier_order_is_copied_and_sent_to_japan(screen, desk, phone):  # noqa: F811
    """Q6, Q22: copied, JP asks for the page and yen beside every amount; the number is asked for anew."""
    page = screen.page
    screen.go("/c/desk/orders/new")
    pick(page, "BAM-L", 1)
    fill(page, number="H-1")
    page.click("#new-order button.act")
    page.click("#preview button.act")
    page.click("[data-next-order]")

    page.click("[data-open=new-order-earlier]")
    page.fill("#new-order-earlier [name=q]", "홍길동")
    page.click(".earlier >> nth=0")
    expect(page.locator("[name=name]")).to_have_value("홍길동")
    expect(page.locator("[name=number]")).to_be_focused()
    expect(page.locator("[data-lines] [data-quantity]")).to_have_value("1")
    page.fill("[name=country]", "jp")
    page.locator("[name=country]").blur()
    expect(page.locator("[name=country]")).to_have_value("JP")
    expect(page.locator("[data-currency]").first).to_have_text("JPY")
    page.click("[data-number]")
    page.click("#new-order button.act")
    expect(page.locator("[data-field=product_url].bad .fault")).to_contain_text("판매 상품 URL")
    expect(page.locator("[data-field=paid_amount].bad .fault")).to_be_visible()
    fill(page, product_url="https://shop.jp/1", paid_amount="1,000")
    page.click("#new-order button.act")
    expect(page.locator("#preview")).to_contain_text("1,000 JPY")
    page.click("#preview button.act")
    expect(page.locator("[data-registered]")).to_be_visible()
    with acting_as(desk.company):
        assert sorted(Order.objects.values_list("currency", flat=True)) == ["JPY", "KRW"]
