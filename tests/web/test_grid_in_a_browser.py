"""The grid's headers and counts in a real Chromium: what stands above the rows goes with them (I5)."""

import pytest
from playwright.sync_api import expect

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.making import House
from tests.web.test_browser import PATIENCE, chromium, screen, server  # noqa: F401 - fixtures
from tests.web.test_grid import until

pytestmark = [pytest.mark.browser]
LEFT = "[...document.querySelectorAll('#rows .tabulator-header-contents, #rows .tabulator-tableholder')].map(e => e.scrollLeft)"


@pytest.fixture
def orders(desk):
    """Six confirmed orders."""
    house = House(desk.company, desk.owner, desk.account, desk.ship_from, now())
    with acting_as(desk.company):
        for place in range(6):
            house.order(f"20261123{place:05d}", f"L{place}")
    return house


def test_i5_the_rows_go_along_when_a_header_out_of_view_takes_the_focus(screen, orders):  # noqa: F811
    page = screen.page
    page.set_viewport_size({"width": 900, "height": 800})
    screen.go("/c/desk/items?status=preparing")
    page.wait_for_selector("#list[data-built]")
    page.locator("#rows button.head[data-sort=order_number]").focus()
    until(page, f"({LEFT})[0] > 0 && ({LEFT})[0] === ({LEFT})[1]")
    assert page.locator("#rows .tabulator-row").first.is_visible()


def test_i2_the_tabs_count_follows_the_list_without_a_reload(screen, orders):  # noqa: F811
    page = screen.page
    screen.go("/c/desk/items?status=preparing")
    expect(page.locator("#views .view.on em")).to_have_text("6", timeout=PATIENCE)
    screen.do("release")
    expect(page.locator("[data-total]")).to_contain_text("0", timeout=PATIENCE)
    expect(page.locator("#views .view.on em")).to_have_text("0", timeout=PATIENCE)
