"""Pages in a real Chromium, on granian, with a worker and the simulator beside them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from jumun.core.tenancy import acting_as
from tests.making import good_number

pytestmark = [pytest.mark.browser]

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "desk-pass-2026"
PATIENCE = 30_000
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser: $CHROMIUM, an installed one, or Playwright's own. Without one the tests fail and say how to get it."""
    found = subprocess.run(
        [ROOT / "tools" / "find-chromium"], capture_output=True, text=True, check=False, timeout=120, cwd=ROOT
    )
    if found.returncode:
        pytest.fail("No Chromium was found: run `make browser`, or set CHROMIUM to its path.")
    from playwright.sync_api import sync_playwright

    os.environ.setdefault(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
    )  # Playwright's loop runs in this thread, Django's does not
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS)
        yield browser
        browser.close()


def run(command: list[str], env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A process of Jumun on the tests' database."""
    return subprocess.Popen([sys.executable, "-m", "jumun.cli.main", *command], env={**os.environ, **env})


@pytest.fixture
def server(serving: str, desk: Any) -> Iterator[str]:
    """The address of granian, with a worker running; at the end what the worker had begun is done."""
    let_in(desk.owner)
    yield serving
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
            if not cursor.fetchone()[0]:
                break
            time.sleep(0.1)


def let_in(person_id: int) -> None:
    """Give somebody the password of these tests, as a real server reads it."""
    from jumun.companies.models import Person

    hashed = Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-these-tests")
    Person.objects.filter(id=person_id).update(password=hashed)


@dataclass
class Screen:
    """A page, and everything that went wrong in it."""

    page: Any
    base: str
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def do(self, action: str) -> None:
        """Choose everything shown and do an action, through its preview."""
        self.page.check("#all")
        self.page.click(f"#bulk [value={action}]")
        self.page.click("#preview[open] button.act")

    def count(self, step: str, number: int) -> None:
        """Wait until a step of the flow strip counts so many."""
        from playwright.sync_api import expect

        expect(self.page.locator(f"[data-step={step}] b")).to_have_text(f"{number:,}", timeout=PATIENCE)


@pytest.fixture
def screen(chromium: Any, server: str) -> Iterator[Screen]:
    """The owner's browser, signed in; at the end nothing may have gone wrong in it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    page = context.new_page()
    made = Screen(page, server)
    page.on("console", lambda message: message.type == "error" and made.wrong.append(message.text))
    page.on("pageerror", lambda failure: made.wrong.append(str(failure)))
    made.go("/login")
    page.fill("[name=email]", "owner@desk.kr")
    page.fill("[name=password]", PASSWORD)
    page.click("button.wide")
    page.wait_for_url("**/c/desk/**")
    made.go("/c/desk/items")
    yield made
    assert made.wrong == []
    context.close()


def collect(screen: Screen) -> None:
    screen.page.click(".top [data-open=collect]")
    screen.page.click("#collect button.act")
    screen.page.wait_for_selector("#notices [data-job=done]")


def test_a_clerks_day(screen, desk):
    made = desk.mall.orders(6, seed=5)
    lines = sorted(line for order in made for line in order["lines"])
    collect(screen)
    screen.count("paid", len(lines))
    screen.go("/c/desk/items?status=paid")
    screen.do("confirm")
    screen.count("preparing", len(lines))
    screen.go("/c/desk/items?status=preparing")
    screen.do("release")
    screen.count("ready", len(lines))
    screen.go("/c/desk/items?status=ready")
    cells = screen.page.locator("[data-number]")
    cells.first.wait_for()
    numbers = [good_number(place) for place in range(cells.count())]
    assert len(numbers) == len(made)
    screen.page.click(".tools [data-open=fill]")
    screen.page.select_option("#fill select", "cj")
    screen.page.fill("#fill textarea", "\n".join(numbers))
    screen.page.click("#fill button.act")
    screen.page.click("#typing button.act")
    screen.count("labelled", len(lines))
    screen.go("/c/desk/items?status=labelled")
    screen.do("hand_over")
    screen.count("shipped", len(lines))
    screen.go("/c/desk/items?status=shipped")
    screen.do("transmit")
    screen.count("in_transit", len(lines))
    screen.go("/c/desk/items?status=in_transit")
    screen.page.wait_for_selector("#rows .st.in_transit")
    assert screen.page.locator("#rows .st.in_transit").count() == len(made)  # a row a shipment
    told = desk.mall.effects("dispatch")
    assert sorted(effect["line_no"] for effect in told) == lines
    assert {effect["waybill"] for effect in told} == set(numbers)
    screen.page.click("#rows a.open >> nth=0")
    screen.page.wait_for_selector(".rail .now")
    assert "배송중" in screen.page.inner_text(".rail .now")


def test_a_refused_number_stays_as_typed_while_the_others_are_saved(screen, desk):
    from playwright.sync_api import expect

    desk.mall.orders(2, seed=6, confirmed=1.0)
    collect(screen)
    screen.go("/c/desk/items?status=preparing")
    screen.do("release")
    screen.page.wait_for_selector("#notices .notice .tick")
    screen.go("/c/desk/items?status=ready")
    screen.page.wait_for_selector("[data-number]")
    first, second = screen.page.locator("[data-number]").all()
    for cell, number in ((first, good_number(1)), (second, "123")):
        cell.fill(number)
        choice = cell.locator("xpath=ancestor::div[@data-item]//select")
        choice.focus()
        choice.select_option("cj")
    screen.page.click("#typing button.act")
    expect(screen.page.locator(".verdict.ok")).to_have_count(1)
    expect(screen.page.locator(".verdict.bad")).to_contain_text("자릿수")
    assert (first.input_value(), second.input_value()) == (good_number(1), "123")
    expect(screen.page.locator("#typing [data-typed]")).to_have_text("1건 입력")


def test_undo_brings_rows_back_and_all_of_the_filter_is_said_by_number(screen, desk):
    from playwright.sync_api import expect

    made = desk.mall.orders(70, seed=7, confirmed=1.0)
    lines = sum(len(order["lines"]) for order in made)
    assert lines > 100
    collect(screen)
    screen.go("/c/desk/items?status=preparing")
    screen.page.check("#all")
    expect(screen.page.locator("[data-chosen]")).to_have_text("100건 선택")
    screen.page.click("[data-all]")
    expect(screen.page.locator("[data-chosen]")).to_have_text(f"이 필터의 {lines}건 모두")
    screen.page.click("#bulk [value=release]")
    expect(screen.page.locator("#preview button.act")).to_have_text(f"출고지시 {lines}건")
    screen.page.click("#preview button.act")
    screen.count("ready", lines)
    screen.page.click("#notices button:has-text('되돌리기')")
    screen.count("ready", 0)
    screen.count("preparing", lines)


def test_keys_and_look(screen):
    from playwright.sync_api import expect

    page = screen.page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#search")).to_have_value("a/b")
    page.evaluate(
        "document.querySelector('#search').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.url.endswith("/items")
    page.keyboard.press("Escape")
    page.click(".top [data-open=collect]")
    page.keyboard.press("Escape")
    expect(page.locator("#collect")).not_to_be_visible()
    screen.go("/me")
    page.click("[data-theme-choice=dark]")
    screen.go("/c/desk/items")
    assert page.get_attribute("html", "data-theme") == "dark"
    screen.go("/c/desk/settings")
    page.uncheck("[name=shortcuts]")
    page.click("form:has([name=shortcuts]) button.act")
    page.wait_for_load_state()
    screen.go("/c/desk/items")
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()


def test_what_a_channel_sends_does_not_run(screen, desk):
    from datetime import UTC, datetime

    from jumun.intake.storing import store_lines
    from tests.making import make_line

    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    at = datetime.now(UTC)
    with acting_as(desk.company):
        line = make_line("2026112300001", "L1", at, product_name=evil, option_text=evil)
        store_lines(desk.account, [line], by=None, at=at)
    screen.go("/c/desk/items")
    screen.page.check("#all")
    screen.page.click("#bulk [value=hold]")
    screen.page.click("#preview button.act")
    screen.page.wait_for_selector("#notices .tick")
    screen.page.click("#rows a.open")
    screen.page.wait_for_selector(".why-not.held")
    screen.page.click("#recipient button:has-text('보기')")
    screen.page.wait_for_selector("#recipient small")
    assert screen.page.evaluate("window.hit") is None
