"""Two people at one desk in Chromium; the palette; a session that runs out while somebody types (N12, U-live)."""

# ruff: noqa: F401, F811 - fixtures of another module

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from jumun.core.tenancy import acting_as
from tests.making import good_number, make_line
from tests.web.test_browser import PASSWORD, PATIENCE, Screen, chromium, screen, server

pytestmark = [pytest.mark.browser]


def store(desk: Any, count: int, first: int = 1) -> None:
    """Collect orders of one line each."""
    from jumun.intake.storing import store_lines

    at = datetime.now(UTC)
    with acting_as(desk.company):
        lines = [make_line(f"20261122{number:05}", f"L{number}", at) for number in range(first, first + count)]
        store_lines(desk.account, lines, by=None, at=at)


@pytest.fixture
def other(chromium: Any, server: str, screen: Screen) -> Iterator[Screen]:
    """The same person at another computer."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    context.set_default_timeout(PATIENCE)
    made = Screen(context.new_page(), server)
    made.page.on("pageerror", lambda failure: made.wrong.append(str(failure)))
    made.go("/login")
    made.page.fill("[name=email]", "owner@desk.kr")
    made.page.fill("[name=password]", PASSWORD)
    made.page.click("button.wide")
    made.page.wait_for_url("**/c/desk/**")
    yield made
    assert made.wrong == []
    context.close()


def live(screen: Screen) -> None:
    """Wait until the page hears."""
    screen.page.wait_for_selector("body[data-live-up=true]")


def test_what_one_moves_the_other_sees_without_a_reload(screen, other, desk):
    store(desk, 3)
    for each in (screen, other):
        each.go("/c/desk/items?status=preparing")
        each.count("preparing", 3)
        live(each)
    other.page.evaluate("window.mark = 'the same page'")
    screen.do("release")
    other.count("preparing", 0)
    other.count("ready", 3)
    assert other.page.evaluate("window.mark") == "the same page"


def test_tabs_of_one_browser_share_one_stream(screen, desk, committed):
    screen.go("/c/desk/items")
    live(screen)
    tab = screen.page.context.new_page()
    tab.goto(screen.base + "/c/desk/jobs")
    tab.wait_for_selector("body[data-live-up=true]")
    heard = "new Promise((done) => document.body.addEventListener('items-changed', () => done(1), {once: true}))"
    tab.evaluate(f"void (window.heard = {heard})")
    screen.page.evaluate(f"void (window.heard = {heard})")
    tab.bring_to_front()
    store(desk, 1)
    assert tab.evaluate("window.heard") == 1
    screen.page.bring_to_front()
    assert screen.page.evaluate("window.heard") == 1


def test_the_palette_leads_to_a_page_by_its_first_consonants(screen, desk):
    screen.go("/c/desk/jobs")
    screen.page.keyboard.press("Control+k")
    screen.page.fill("#palette [role=combobox]", "ㅅㅈㅊㄹ")
    screen.page.wait_for_selector("#palette-list [aria-selected=true] >> text=송장 처리")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url("**/c/desk/items?status=ready")


def test_the_palette_finds_an_order_by_its_number(screen, desk):
    store(desk, 1)
    screen.go("/c/desk/jobs")
    screen.page.keyboard.press("Control+k")
    screen.page.fill("#palette [role=combobox]", "2026112200001")
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_url("**/c/desk/items?q=2026112200001")


def test_g_and_a_letter_lead_to_a_page_and_the_help_opens(screen, desk):
    screen.go("/c/desk/jobs")
    screen.page.keyboard.press("g")
    screen.page.wait_for_timeout(60)
    screen.page.keyboard.press("t")
    screen.page.wait_for_url("**/c/desk/transmissions")
    screen.page.keyboard.press("i")
    screen.page.wait_for_selector("#help[open] >> text=무엇을 하나요")


def end_sessions(screen: Any, desk: Any) -> None:
    """End them, once the page asks for nothing more."""
    from jumun.companies.sessions import end_sessions as end

    screen.page.wait_for_timeout(2500)
    end(desk.owner)


def sign_in_again(page: Any) -> None:
    page.wait_for_selector("#session[open]")
    page.fill("#session [name=email]", "owner@desk.kr")
    page.fill("#session [name=password]", PASSWORD)
    page.click("#session button.act")
    page.wait_for_selector("#session", state="hidden")


def test_a_session_that_ran_out_keeps_what_was_asked(screen, desk):
    """The action goes on after the sign-in; nobody clicks twice."""
    store(desk, 2)
    screen.go("/c/desk/items?status=preparing")
    screen.page.check("#all")
    screen.page.click("#bulk [value=release]")
    screen.page.wait_for_selector("#preview[open] button.act")
    end_sessions(screen, desk)
    screen.page.click("#preview[open] button.act")
    sign_in_again(screen.page)
    screen.count("ready", 2)
    screen.wrong[:] = [text for text in screen.wrong if "401" not in text]


def test_a_wrong_password_is_told_and_the_page_stays(screen, desk):
    store(desk, 1)
    screen.go("/c/desk/items?status=preparing")
    end_sessions(screen, desk)
    screen.page.keyboard.press("Control+k")
    screen.page.wait_for_selector("#session[open]")
    screen.page.fill("#session [name=email]", "owner@desk.kr")
    screen.page.fill("#session [name=password]", "wrong")
    screen.page.click("#session button.act")
    screen.page.wait_for_selector("#session .trouble:not([hidden])")
    sign_in_again(screen.page)
    screen.page.wait_for_selector("#palette-list li >> text=송장 처리")
    screen.wrong[:] = [text for text in screen.wrong if "401" not in text]


def test_a_plain_form_is_filled_in_again_after_the_login_page(screen, desk):
    screen.go("/c/desk/people")
    screen.page.fill("form[action$='/people/add'] [name=name]", "새 직원")
    screen.page.fill("form[action$='/people/add'] [name=email]", "new@desk.kr")
    screen.page.fill("form[action$='/people/add'] [name=password]", "a-long-password-1")
    end_sessions(screen, desk)
    screen.page.click("form[action$='/people/add'] button[type=submit]")
    screen.page.wait_for_url("**/login?next=**")
    screen.page.fill("[name=email]", "owner@desk.kr")
    screen.page.fill("[name=password]", PASSWORD)
    screen.page.click("button.wide")
    screen.page.wait_for_url("**/c/desk/people")
    assert screen.page.input_value("form[action$='/people/add'] [name=name]") == "새 직원"
    assert screen.page.input_value("form[action$='/people/add'] [name=email]") == "new@desk.kr"
    assert screen.page.input_value("form[action$='/people/add'] [name=password]") == ""
    screen.page.wait_for_selector("#notices >> text=다시 채웠습니다")


def test_typed_waybill_numbers_outlive_the_session(screen, desk):
    store(desk, 2)
    screen.go("/c/desk/items?status=preparing")
    screen.do("release")
    screen.go("/c/desk/items?status=ready")
    cell = screen.page.locator("[data-number]").first
    cell.fill(good_number(7))
    choice = cell.locator("xpath=ancestor::div[@data-item]//select")
    choice.focus()
    choice.select_option("cj")
    end_sessions(screen, desk)
    screen.page.click("#typing button.act")
    sign_in_again(screen.page)
    screen.count("labelled", 1)
    screen.count("ready", 1)
    screen.wrong[:] = [text for text in screen.wrong if "401" not in text]


def scan(page: Any, code: str) -> None:
    """The keys of a wedge scanner as the system stamps them, 4 ms apart, however late the page comes to read them."""
    wire = page.context.new_cdp_session(page)
    begun = time.time()
    for place, key in enumerate([*code, "Enter"]):
        stamped = {"timestamp": begun + place * 0.004, "windowsVirtualKeyCode": ord(key) if key.isdigit() else 13}
        named = {"key": key, "code": f"Digit{key}" if key.isdigit() else key}
        wire.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **named, **stamped})


def test_a_scanned_code_is_searched(screen, desk):
    """A scanner is told from a person by when its keys came, not by when a busy page read them."""
    store(desk, 1)
    screen.go("/c/desk/items")
    scan(screen.page, "2026112200001")
    screen.page.wait_for_url("**/c/desk/items?q=2026112200001")
