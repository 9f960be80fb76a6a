"""A clerk's day in a real Chromium, from the morning's collection to the sync, and the waybill grid by the keyboard."""

import pytest

from jumun.core.tenancy import acting_as
from jumun.orders.models import OrderItem
from tests.making import good_number
from tests.web.test_browser import PATIENCE, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]

PASTE = """text => {
  const cell = document.activeElement;
  const data = new DataTransfer();
  data.setData("text", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page, cell, text):
    """What Ctrl+V of a sheet's cells does in this cell."""
    cell.focus()
    page.evaluate(PASTE, text)


def collect(screen):  # noqa: F811
    screen.page.click(".top [data-open=collect]")
    screen.page.wait_for_selector("#collect form")
    screen.page.click("#collect button.act")
    screen.page.wait_for_selector("#notices [data-job=done]")


def to_ready(screen, desk, count, **mix):  # noqa: F811
    """Collected, confirmed on the mall already, released."""
    made = desk.mall.orders(count, confirmed=1.0, **mix)
    collect(screen)
    screen.go("/c/desk/items?status=preparing")
    screen.page.check("#all")
    if screen.page.is_visible("[data-all]"):
        screen.page.click("[data-all]")
    screen.page.click("#bulk [value=release]")
    screen.page.click("#preview[open] button.act")
    screen.count("preparing", 0)
    screen.go("/c/desk/items?status=ready")
    return made


def numbers_of(desk):
    with acting_as(desk.company):
        return {item.bundle_no: item.waybill for item in OrderItem.objects.all()}


def test_the_whole_day(screen, desk):  # noqa: F811
    """P1, P10–P14, P17, P19, P20, P30–P34: sign-in, collect, confirm, release, grid, hand over, transmit, sync, jobs."""
    from playwright.sync_api import expect

    page = screen.page
    made = desk.mall.orders(8, seed=11)
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
    cells = page.locator("[data-number]")
    cells.first.wait_for()
    assert cells.count() == len(made)
    numbers = [good_number(place) for place in range(len(made))]
    rows = ["택배사\t운송장번호", *(f"CJ대한통운\t{number}" for number in numbers)]
    paste(page, cells.first, "\r\n".join(rows) + "\r\n")
    expect(page.locator("#typing [data-typed]")).to_have_text(f"{len(made)}건 입력")
    page.click("#typing [name=check]")
    expect(page.locator("#notices")).to_contain_text(f"{len(made)}줄은 저장됩니다")
    screen.count("ready", len(lines))
    page.click("#typing button.act")
    screen.count("labelled", len(lines))

    screen.go("/c/desk/items?status=labelled")
    screen.do("hand_over")
    screen.count("shipped", len(lines))
    screen.go("/c/desk/items?status=shipped")
    page.check("#all")
    page.click("#bulk [value=transmit]")
    expect(page.locator("#preview")).to_contain_text("되돌릴 수 없습니다")
    page.click("#preview[open] button.act")
    screen.count("in_transit", len(lines))
    told = desk.mall.effects("dispatch")
    assert sorted(effect["line_no"] for effect in told) == lines
    assert {effect["waybill"] for effect in told} == set(numbers)

    screen.go("/c/desk/items?status=in_transit")
    expect(page.locator(".hint-line")).to_contain_text("송장수정")
    page.wait_for_selector("#rows .st")
    assert page.locator("#rows a[href*='sell.smartstore']").count() == len(made)

    desk.mall.event("deliver", lines=lines)
    page.click(".top [data-open=collect]")
    page.wait_for_selector("#collect form")
    page.check("#collect [name=what][value=sync]")
    page.click("#collect button.act")
    screen.count("delivered", len(lines))

    screen.go("/c/desk/jobs")
    expect(page.locator("[data-job-row=done]")).to_have_count(4, timeout=PATIENCE)
    for kind in ("주문 수집", "발주확인", "운송장 전송", "주문동기화"):
        expect(page.locator("#jobs")).to_contain_text(kind)
    screen.go("/c/desk/transmissions")
    expect(page.locator("[data-state=confirmed] em, .view em").first).to_be_visible()
    assert page.locator("tr[data-effect=confirmed]").count() == 2 * len(lines)
    page.select_option(".sift [name=verb]", "dispatch")
    page.click(".sift button")
    expect(page.locator("tr[data-effect=confirmed]")).to_have_count(len(lines))
    page.click("#rows a.open >> nth=0")
    page.wait_for_selector(".rail .now")
    assert "배송완료" in page.inner_text(".rail .now")


def test_the_grid_by_the_keyboard_checks_at_once_and_loses_nothing(screen, desk):  # noqa: F811
    """P19: fill the carrier down, type, Enter and arrows, Esc, paste; numbers outlive a reload and are gone when saved."""
    from playwright.sync_api import expect

    page = screen.page
    made = to_ready(screen, desk, 4, seed=12)
    cells = page.locator("[data-number]")
    cells.first.wait_for()
    assert cells.count() == len(made)

    page.click("[data-fill-all]")
    expect(page.locator("#notices")).to_contain_text("먼저 왼쪽에서 택배사를 고르세요")
    page.select_option("[data-usual]", "cj")
    page.click("[data-fill-all]")
    assert page.evaluate("[...document.querySelectorAll('[data-carrier]')].map(each => each.value)") == ["cj"] * 4
    expect(page.locator("#typing")).to_be_hidden()

    cells.nth(0).focus()
    page.keyboard.type(good_number(1))
    page.keyboard.press("Enter")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.type("123")
    expect(page.locator(".verdict.bad")).to_contain_text("자리입니다")
    expect(page.locator("#typing [data-bad]")).to_have_text("고칠 것 1건")
    page.keyboard.press("Escape")
    expect(cells.nth(1)).to_have_value("")
    expect(page.locator(".verdict.bad")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(cells.nth(0)).to_be_focused()
    page.keyboard.press("Tab")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.type("680000000012")
    expect(page.locator(".verdict.doubt")).to_contain_text("검증 숫자")

    paste(page, cells.nth(2), "\n".join([good_number(3), good_number(4), good_number(5), good_number(6)]))
    expect(page.locator("#notices")).to_contain_text(f"쓰지 않은 번호 2개: {good_number(5)}, {good_number(6)}")
    expect(page.locator("#typing [data-typed]")).to_have_text("4건 입력")

    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('jumun-waybills'))")
    assert len(kept) == 1 and "홍" not in kept[0][1] and good_number(1) in kept[0][1]
    page.reload()
    expect(page.locator("#typing [data-typed]")).to_have_text("4건 입력")
    expect(cells.nth(3)).to_have_value(good_number(4))

    page.click("#typing button.act")
    screen.count("ready", 0)
    assert set(numbers_of(desk).values()) == {good_number(1), "680000000012", good_number(3), good_number(4)}
    assert page.evaluate("Object.keys(localStorage).some(key => key.startsWith('jumun-waybills'))") is False
    page.click("#notices button:has-text('되돌리기')")
    screen.count("labelled", 0)
    assert set(numbers_of(desk).values()) == {""}


def test_typed_numbers_outlive_more_rows_and_are_sent_from_every_page(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    page = screen.page
    made = to_ready(screen, desk, 230, seed=13, lines=[1, 1])
    cells = page.locator("[data-number]")
    cells.first.wait_for()
    expect(page.locator("[data-loaded]")).to_have_text("100줄 표시")
    page.select_option("[data-usual]", "cj")
    first = [good_number(place) for place in range(200)]
    paste(page, cells.first, "\n".join(f"CJ대한통운\t{number}" for number in first))
    expect(page.locator("#typing [data-typed]")).to_have_text("200건 입력")  # rows that were not loaded were fetched
    assert page.locator("#rows .tabulator-row").count() < 120  # and only those in view are in the page
    expect(cells.nth(7)).to_have_value(good_number(7))
    page.evaluate("Grid.more().then(() => Grid.reveal(210))")
    cell = page.locator(f"[data-id='{page.evaluate('Grid.rows[210].id')}'] [data-number]")
    cell.fill(good_number(900))
    assert page.evaluate("Grid.rows.length") == len(made)
    expect(page.locator("#typing [data-typed]")).to_have_text("201건 입력")
    page.reload()
    expect(page.locator("#typing [data-away]")).to_have_text("이 화면에 없는 줄 101건 포함")
    spent = page.evaluate(
        "() => { const start = performance.now(); const cell = document.querySelector('[data-number]');"
        " for (let n = 0; n < 20; n += 1) cell.dispatchEvent(new Event('input', { bubbles: true }));"
        " return (performance.now() - start) / 20; }"
    )
    assert spent < 50, f"{spent} ms for one key"
    page.click("#typing button.act")
    screen.count("labelled", 201)
    assert good_number(900) in numbers_of(desk).values()
