"""Tabs, chips, periods and pasted numbers in a real Chromium, with two people and with an input method."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from jumun.companies.roles import Role
from jumun.core.clock import in_kst, now
from jumun.core.tenancy import acting_as
from tests.making import House
from tests.web.test_browser import PASSWORD, PATIENCE, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]
CLERK = "clerk@desk.kr"


@pytest.fixture
def orders(desk):
    """Twelve orders of today, confirmed."""
    house = House(desk.company, desk.owner, desk.account, desk.ship_from, now())
    with acting_as(desk.company):
        for place in range(12):
            house.order(f"20261123{place:05d}", f"L{place}")
    return house


def colleague(chromium, screen, house):  # noqa: F811
    """A clerk in a browser of their own."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from jumun.companies.actions import add_member
    from jumun.companies.models import Person

    with acting_as(house.company):
        add_member(email=CLERK, name="이담당", password=PASSWORD, role=Role.CLERK, at=house.at)
    Person.objects.filter(email=CLERK).update(password=Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-a-clerk"))
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{screen.base}/login")
    page.fill("[name=email]", CLERK)
    page.fill("[name=password]", PASSWORD)
    page.click("button.wide")
    page.wait_for_url("**/c/desk/**")
    return page


def tabs(page):
    return [text.strip() for text in page.locator("#views .tab-name").all_inner_texts()]


def test_i5_two_people_make_rename_share_and_duplicate_tabs(chromium, screen, orders):  # noqa: F811
    page = screen.page
    screen.go("/c/desk/items?status=preparing&held=false")
    page.click("#views summary.add")
    expect(page.locator("#views details.menu[open] input[type=text]:focus")).to_be_visible(timeout=PATIENCE)
    page.keyboard.type("오늘 마감")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    assert tabs(page) == ["오늘 마감"]
    assert page.inner_text("#views .tab.on em") == "12"
    page.click("#views .tab-more")
    page.fill("#views .rename input", "급한 것")
    page.keyboard.press("Enter")
    expect(page.locator("#views .tab-name")).to_have_text("급한 것", timeout=PATIENCE)
    other = colleague(chromium, screen, orders)
    other.goto(page.url)
    assert tabs(other) == [] and other.locator("#filters .chip-edit").count() == 1
    page.click("#views .tab-more")
    page.click("#views [data-share]")
    page.wait_for_selector("#views .tab .shared")
    other.goto(page.url)
    assert tabs(other) == ["급한 것"]
    other.click("#views .tab-more")
    assert other.locator("#views .rename").count() == 0
    other.click("#views [data-duplicate]")
    other.wait_for_selector("#views .tab.on >> text=급한 것 복사")
    page.reload()
    assert tabs(page) == ["급한 것"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#views .tab-more")
    page.click("#views [data-delete]")
    expect(page.locator("#views .tab")).to_have_count(0, timeout=PATIENCE)
    other.context.close()


def test_i2_a_chip_is_edited_by_a_click_and_taken_off(screen, orders):  # noqa: F811
    page = screen.page
    screen.go("/c/desk/items?status=preparing&ordered=7d")
    page.click("#filters [data-axis=ordered]")
    assert page.locator("#filter-panel [data-axis]:visible").count() == 1
    there = in_kst(now())
    page.select_option("#filter-panel [name=ordered]", "custom")
    page.fill("#filter-panel [name=ordered_from]", f"{there:%Y-%m-%d}T00:00")
    page.fill("#filter-panel [name=ordered_to]", f"{there:%Y-%m-%d}T00:00")
    page.click("#filter-panel button[type=submit]")
    page.wait_for_url("**ordered_from=*")
    assert "custom" not in page.url and "recipient" not in page.url
    assert page.inner_text("#filters .chip b") == f"{there:%m.%d} 00:00 ~ {there:%m.%d} 00:00"
    page.click("#filters .chip a")
    expect(page.locator("#filters .chip-edit")).to_have_count(0, timeout=PATIENCE)
    page.click("#filter-menu summary")
    page.fill("#filter-panel [name=amount_from]", "10,000")
    page.press("#filter-panel [name=amount_from]", "Enter")
    page.wait_for_url("**amount_from=*")
    assert page.inner_text("#filters .chip b") == "10,000 ~"


def test_a_thousand_pasted_numbers_tell_which_were_not_found(screen, orders):  # noqa: F811
    page = screen.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    numbers = [f"20261123{place:05d}" for place in range(12)] + [f"없음{place}" for place in range(988)]
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(numbers))
    page.click("[data-open=find-numbers]")
    page.focus("#find-numbers textarea")
    page.keyboard.press("Control+v")
    page.click("#find-numbers button[type=submit]")
    page.wait_for_selector("#missing-numbers")
    assert page.input_value("#missing-numbers").split("\n") == numbers[12:]
    page.click("#find-numbers [data-copy]")
    assert page.evaluate("navigator.clipboard.readText()").split() == numbers[12:]
    page.click("#found-numbers a.act")
    page.wait_for_url("**list=*")
    assert "12" in page.inner_text("#filters [data-total]")


def test_initials_typed_with_an_input_method_find_the_person(screen, orders):  # noqa: F811
    """Enter that ends a composition sends nothing; the next one does."""
    page = screen.page
    page.focus("#search")
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "ㅎㄱㄷ", "selectionStart": 3, "selectionEnd": 3})
    before = page.url
    page.evaluate(
        "document.getElementById('search').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.url == before
    method.send("Input.insertText", {"text": "ㅎㄱㄷ"})
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert unquote(page.url).endswith("q=ㅎㄱㄷ")
    assert "12" in page.inner_text("#filters [data-total]")


def test_columns_of_a_step_are_kept_and_those_of_a_tab_offered(screen, orders):  # noqa: F811
    page = screen.page
    change = """layout => document.dispatchEvent(new CustomEvent('layout-changed', {detail: layout}))"""
    layout = {
        "columns": [{"key": "product", "width": 333, "hidden": False, "pinned": True}],
        "sort": "",
        "group": "",
        "row": "high",
    }
    screen.go("/c/desk/items?status=preparing")
    with page.expect_response("**/layouts") as sent:
        page.evaluate(change, layout)
    assert sent.value.status == 204
    page.reload()
    kept = page.evaluate("JSON.parse(document.getElementById('layout').textContent)")
    assert kept["columns"][0]["width"] == 333 and kept["row"] == "high"
    page.click("#views summary.add")
    expect(page.locator("#views details.menu[open] input[type=text]:focus")).to_be_visible(timeout=PATIENCE)
    page.keyboard.type("넓게")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    assert not page.is_visible("#views [data-unsaved]")
    page.evaluate(change, layout | {"row": "low"})
    page.click("#views [data-unsaved] button")
    page.wait_for_load_state("networkidle")
    kept = page.evaluate("JSON.parse(document.getElementById('layout').textContent)")
    assert kept["row"] == "low"
