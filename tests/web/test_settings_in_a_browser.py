"""Two-step sign-in and settings in a real Chromium: the QR code can be read by eye, codes are pasted, keys go quiet."""

import time

import pyotp
import pytest

from tests.web.test_browser import PASSWORD, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def sign_in(page, base):
    page.goto(base + "/login")
    page.fill("[name=email]", "owner@desk.kr")
    page.fill("[name=password]", PASSWORD)
    page.click("button.wide")
    page.wait_for_url("**/login/code")


def test_it_is_switched_on_asked_for_and_opened_with_a_pasted_code(screen, chromium):  # noqa: F811
    page = screen.page
    screen.go("/me/second-factor")
    page.fill("[name=password]", PASSWORD)
    page.click("button.act")
    page.wait_for_selector(".setup img")
    assert page.evaluate("document.querySelector('.setup img').naturalWidth") > 100
    key = page.inner_text(".key").replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(key).now())
    page.click("button.act")
    page.wait_for_selector(".codes li")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.click("a[download]")
    assert download.value.path().read_text().split() == codes

    context = chromium.new_context(locale="ko-KR")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=screen.base)
    other = context.new_page()
    sign_in(other, screen.base)
    assert other.get_attribute("[name=code]", "autocomplete") == "one-time-code"
    assert other.evaluate("document.activeElement.name") == "code"
    later = pyotp.TOTP(key).at(time.time() + 30)
    other.evaluate("(code) => navigator.clipboard.writeText(code)", f"{later[:3]} {later[3:]}")
    other.keyboard.press("Control+V")
    other.keyboard.press("Enter")
    other.wait_for_url("**/c/desk/**")
    context.close()

    context = chromium.new_context(locale="ko-KR")
    other = context.new_page()
    sign_in(other, screen.base)
    other.click("summary")
    other.fill("[name=recovery]", codes[3])
    other.keyboard.press("Enter")
    other.wait_for_url("**/c/desk/**")
    context.close()


def test_single_keys_go_quiet_when_they_are_switched_off(screen):  # noqa: F811
    page = screen.page
    screen.go("/c/desk/settings")
    page.uncheck("[name=shortcuts]")
    page.select_option("[name=row]", "low")
    with page.expect_navigation():
        page.click(".settings form button.act")
    page.click("h1")
    page.keyboard.press("/")
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.id") != "search"
    page.check("[name=shortcuts]")
    with page.expect_navigation():
        page.click(".settings form button.act")
    page.click("h1")
    page.keyboard.press("/")
    page.wait_for_selector("#search:focus")
    assert page.input_value("[name=row]") == "low"
