"""The grid in a real Chromium: rows without end, columns, order, choosing, copying, pasting, live rows, keys, speed."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.orders.actions.hold import hold
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from tests.making import good_number, make_line
from tests.web.test_browser import PATIENCE, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
PAINTED = """() => new Promise((done) => {
  const start = performance.now();
  %s;
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""
COUNT = 330


def fill(desk, count=COUNT, *, status="preparing"):
    """So many orders of one line each, stored at once; the first one is the newest."""
    at = datetime.now(UTC)
    with acting_as(desk.company):
        lines = [
            make_line(
                f"20261123{place:05d}",
                f"L{place:05d}",
                at,
                product_name=f"상품 {place:04d}",
                amount=Decimal(1000 + place),
            )
            for place in range(count)
        ]
        store_lines(desk.account, lines, by=None, at=at)
        if status == "ready":
            release(Selection(filter=ItemFilter()), by=desk.owner, at=at)


def show(screen, address):  # noqa: F811
    screen.go(f"/c/desk/{address}")
    screen.page.wait_for_selector("#list[data-built] .tabulator-row")
    return screen.page


def until(page, true):
    """Wait for an expression; the pages' policy forbids Playwright's own way, which evaluates strings in them."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(50)


def products(page):
    return page.evaluate("Grid.rows.map((row) => row.product)")


def test_rows_come_while_one_scrolls_and_few_are_in_the_page(screen, desk):  # noqa: F811
    """I2: three pages by cursor through our own loader, none twice, the rest of the page still."""
    fill(desk)
    page = show(screen, "items?status=preparing")
    assert page.evaluate("Grid.rows.length") == 100
    fetched = []
    page.on("request", lambda request: "cursor=" in request.url and fetched.append(request.url))
    until(page, f"(Grid.holder().scrollTop = 1e6, Grid.rows.length === {COUNT})")
    assert len(set(fetched)) == len(fetched) == 3
    names = products(page)
    assert len(set(names)) == COUNT
    assert page.locator("#rows .tabulator-row").count() < 100
    assert page.is_hidden("#more")
    assert page.evaluate("document.scrollingElement.scrollTop") == 0


def test_columns_are_hidden_moved_pinned_and_the_layout_is_told(screen, desk):  # noqa: F811
    """I4: by buttons (WCAG 2.5.7) as by dragging; what changed is told for keeping."""
    from playwright.sync_api import expect

    fill(desk, 5)
    page = show(screen, "items?status=preparing")
    page.evaluate(
        "window.layouts = []; document.addEventListener('layout-changed', (event) => layouts.push(event.detail))"
    )
    page.click("[data-open=columns]")
    page.uncheck("#columns li[data-key=address] [data-show]")
    expect(page.locator("#rows .tabulator-col[tabulator-field=address]")).to_be_hidden()
    page.click("#columns li[data-key=quantity] [data-earlier]")
    expect(page.locator("#columns li[data-key=quantity] [data-earlier]")).to_be_focused()
    page.click("#columns li[data-key=due] [data-pin]")
    page.click("#columns [data-row=low]")
    page.fill("#columns li[data-key=recipient] [data-width]", "140")
    page.press("#columns li[data-key=recipient] [data-width]", "Tab")
    page.keyboard.press("Escape")
    layout = page.evaluate("layouts.at(-1)")
    by_key = {column["key"]: column for column in layout["columns"]}
    order = [column["key"] for column in layout["columns"]]
    assert by_key["address"]["hidden"] and by_key["due"]["pinned"] and by_key["recipient"]["width"] == 140
    assert order.index("quantity") == order.index("product") - 1 and layout["row"] == "low"
    assert page.evaluate("document.querySelector('#rows .tabulator-row').offsetHeight") == 28
    shown = page.evaluate("Grid.table.getColumns().filter((c) => c.isVisible()).map((c) => c.getField())")
    assert shown.index("due") == 2 and "address" not in shown
    page.wait_for_timeout(1500)
    page = show(screen, "items?status=preparing")
    again = page.evaluate("GridLayout.shape()")
    assert again["columns"] == layout["columns"] and again["row"] == "low"


def test_a_header_sorts_on_the_server_and_the_address_says_so(screen, desk):  # noqa: F811
    """I3: any number of rows by amount; the order stands in the address, so that it can be sent to a colleague."""
    from playwright.sync_api import expect

    fill(desk, 120)
    page = show(screen, "items?status=preparing")
    button = page.locator("#rows button[data-sort=amount]")
    button.click()
    until(page, "Grid.rows[0].product === '상품 0119'")
    page.wait_for_url("**sort=-amount")
    expect(page.locator("#rows .tabulator-col[tabulator-field=amount]")).to_have_attribute("aria-sort", "descending")
    expect(button).to_be_focused()
    button.click()
    until(page, "Grid.rows[0].product === '상품 0000'")
    page.reload()
    page.wait_for_selector("#list[data-built]")
    assert products(page)[:2] == ["상품 0000", "상품 0001"]
    page.evaluate("Grid.more()")
    until(page, "Grid.rows.length === 120")
    assert products(page) == [f"상품 {place:04d}" for place in range(120)]


def test_choosing_spans_rows_and_all_of_the_filter_is_said_by_number(screen, desk):  # noqa: F811
    """I2: shift ranges; the page and all N of the filter are two things; what is chosen stands where the filters were."""
    from playwright.sync_api import expect

    fill(desk, 150)
    page = show(screen, "items?status=preparing")
    page.locator("#rows input[name=ids]").nth(1).click()
    page.locator("#rows input[name=ids]").nth(5).click(modifiers=["Shift"])
    expect(page.locator("[data-chosen]")).to_have_text("5건 선택")
    expect(page.locator("[data-facts]")).to_contain_text("5건")
    expect(page.locator(".filters")).not_to_be_visible()
    page.evaluate("Grid.holder().scrollTop = 1500")
    page.evaluate("Grid.holder().scrollTop = 0")
    expect(page.locator("#rows .tabulator-row.sel")).to_have_count(5)
    page.check("#all")
    expect(page.locator("[data-chosen]")).to_have_text("100건 선택")
    page.click("[data-all]")
    expect(page.locator("[data-chosen]")).to_have_text("이 필터의 150건 모두")
    page.click("#bulk [value=release]")
    page.click("#preview[open] button.act")
    screen.count("ready", 150)
    expect(page.locator("#empty")).to_be_visible(timeout=20_000)
    expect(page.locator("#bulk")).to_be_hidden()


def test_a_rectangle_is_copied_as_a_sheet_takes_it_and_stays_masked(screen, desk):  # noqa: F811
    fill(desk, 4)
    page = show(screen, "items?status=preparing")
    page.evaluate("document.addEventListener('copy', (event) => (window.copied = event.clipboardData.getData('text')))")
    first = page.locator("#rows .tabulator-cell[tabulator-field=product]").nth(0)
    last = page.locator("#rows .tabulator-cell[tabulator-field=recipient]").nth(1)
    first.click(position={"x": 4, "y": 8})
    last.click(position={"x": 40, "y": 8}, modifiers=["Shift"])
    assert page.locator("#rows .in-range").count() == 6
    page.keyboard.press("Control+c")
    rows = page.evaluate("window.copied").split("\n")
    assert [row.split("\t") for row in rows] == [[f"{name} 블랙 / L", "1", "홍*동"] for name in products(page)[:2]]


def test_a_column_of_excel_is_pasted_and_each_cell_judged_before_saving(screen, desk):  # noqa: F811
    """P19: CRLF and a final line break, from any cell on; length, check digit and doubles told cell by cell at once."""
    from playwright.sync_api import expect

    fill(desk, 6, status="ready")
    page = show(screen, "items?status=ready")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    column = [good_number(1), "123", good_number(1), "680000000012", good_number(2)]
    text = "\r\n".join(f"CJ대한통운\t{number}" for number in column) + "\r\n"
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator("[data-number]").nth(1).focus()
    page.keyboard.press("Control+v")
    expect(page.locator("#typing [data-typed]")).to_have_text("5건 입력")
    cells = page.locator("[data-number]")
    assert [cell.input_value() for cell in cells.all()] == ["", *column]
    verdicts = page.locator(".verdict").all_inner_texts()
    assert verdicts[1] == verdicts[5] == "" and "자리입니다" in verdicts[2] and "검증 숫자" in verdicts[4]
    assert page.evaluate("Grid.rows[1].bundle") in verdicts[3]
    expect(page.locator("#typing [data-bad]")).to_have_text("고칠 것 2건")
    page.click("#typing [name=check]")
    expect(page.locator("#rows .verdict", has_text="저장됩니다")).to_have_count(3)
    page.click("#typing button.act")
    expect(page.locator("#typing [data-typed]")).to_have_text("2건 입력")
    with acting_as(desk.company):
        assert OrderItem.objects.filter(status="labelled").count() == 3


def test_what_others_change_appears_in_place_and_nothing_moves(screen, desk):  # noqa: F811
    """I2: rows in view change where they stand, those that left fade and go, new ones are announced; nothing jumps."""
    from playwright.sync_api import expect

    fill(desk, 150)
    page = show(screen, "items?status=preparing")
    page.evaluate("Grid.holder().scrollTop = 340")
    third = page.evaluate("Grid.rows[12]")
    gone = page.evaluate("Grid.rows[2].id")
    at = datetime.now(UTC)
    with acting_as(desk.company):
        hold(Selection(ids=(third["id"],)), reason="stock", by=desk.owner, at=at)
        release(Selection(ids=(gone,)), by=desk.owner, at=at)
        store_lines(desk.account, [make_line("20261124000001", "N1", at, product_name="새 상품")], by=None, at=at)
        OrderItem.objects.filter(product_name="새 상품").update(ordered_at=at)
    before = page.evaluate("document.querySelector(`[data-id='${Grid.rows[12].id}']`).getBoundingClientRect().top")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('items-changed'))")
    row = page.locator(f"#rows [data-id='{third['id']}']")
    expect(row.locator(".flag.hold")).to_have_text("보류")
    expect(page.locator("[data-fresh]")).to_have_text("새로 들어온 1줄 보기")
    until(page, f"!Grid.byId.has({gone})")
    assert abs(row.bounding_box()["y"] - before) <= 1
    page.click("[data-fresh]")
    until(page, "Grid.rows[0].product === '새 상품'")
    expect(page.locator("#fresh")).to_be_hidden()


def test_what_is_typed_outlives_a_change_by_others(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    fill(desk, 3, status="ready")
    page = show(screen, "items?status=ready")
    cell = page.locator("[data-number]").first
    cell.focus()
    page.keyboard.type("6812")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('items-changed'))")
    page.wait_for_timeout(800)
    expect(cell).to_be_focused()
    page.keyboard.type("34")
    expect(cell).to_have_value("681234")


def test_keys_of_an_ime_do_nothing_in_a_cell(screen, desk):  # noqa: F811
    fill(desk, 2, status="ready")
    page = show(screen, "items?status=ready")
    cell = page.locator("[data-number]").first
    cell.focus()
    cell.evaluate(
        "cell => { for (const key of ['Enter', 'ArrowDown', 'Escape']) cell.dispatchEvent(new KeyboardEvent('keydown',"
        " { key, isComposing: true, bubbles: true, cancelable: true })); }"
    )
    assert cell.evaluate("cell => document.activeElement === cell")


def test_keys_move_tick_open_and_never_lose_the_focus(screen, desk):  # noqa: F811
    """I13: J, K, X, arrows, Space, Enter; the focus stays in the grid after a deed."""
    from playwright.sync_api import expect

    fill(desk, 30)
    page = show(screen, "items?status=preparing")
    ask = "key => document.dispatchEvent(new CustomEvent('desk-key', { detail: { key }, cancelable: true }))"
    for _ in range(3):
        page.evaluate(ask, "next")
    page.evaluate(ask, "previous")
    page.evaluate(ask, "tick")
    expect(page.locator("[data-chosen]")).to_have_text("1건 선택")
    assert page.evaluate("Grid.placeOf(GridRange.here().id)") == 1
    assert page.evaluate("GridSelect.has(Grid.rows[1].id)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen]")).to_have_text("2건 선택")
    assert page.get_attribute("#rows", "aria-activedescendant") == page.locator(
        "#rows .tabulator-cell.here"
    ).get_attribute("id")
    page.click("#bulk [value=release]")
    page.click("#preview[open] button.act")
    until(page, "Grid.rows.length === 28")
    expect(page.locator("#rows")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*")


def test_rows_that_do_not_come_leave_those_that_are_there(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    fill(desk, 150)
    page = show(screen, "items?status=preparing")
    page.route("**/rows?*", lambda route: route.fulfill(status=500, body="x"))
    page.evaluate("Grid.more()")
    expect(page.locator("#trouble")).to_contain_text("줄을 불러오지 못했습니다")
    assert page.evaluate("Grid.rows.length") == 100
    page.unroute("**/rows?*")
    page.click("[data-retry]")
    until(page, "Grid.rows.length === 150")
    expect(page.locator("#trouble")).to_be_hidden()
    screen.wrong.clear()  # the browser reports the answer this test gave


@pytest.mark.parametrize("step", ["preparing", "ready"])
def test_a_key_is_painted_within_a_tenth_of_a_second(screen, desk, step):  # noqa: F811
    """Issue 4: ≤ 100 ms from key to painted change at 1,000 rows; three times that where tests share a machine."""
    fill(desk, 1000, status=step)
    page = show(screen, f"items?status={step}")
    page.evaluate("(async () => { while (Grid.next && (await Grid.more())); window.loaded = true; })()")
    until(page, "window.loaded")
    assert page.evaluate("Grid.rows.length") == 1000
    ask = "document.dispatchEvent(new CustomEvent('desk-key', {detail: {key: '%s'}, cancelable: true}))"
    deeds = {
        "J": ask % "next",
        "X": ask % "tick",
        "all": "document.getElementById('all').click()",
        "hide": "GridLayout.show(GridColumnsOf('product'), false)",
        "show": "GridLayout.show(GridColumnsOf('product'), true)",
    }
    if step == "ready":
        deeds["type"] = (
            "const cell = document.querySelector('[data-number]'); cell.value += '6';"
            " cell.dispatchEvent(new Event('input', { bubbles: true }))"
        )
    page.evaluate("window.GridColumnsOf = (key) => Grid.data.columns.find((column) => column.key === key)")
    spent = {}
    for name, deed in deeds.items():
        times = sorted(page.evaluate(PAINTED % deed) for _ in range(1 if name in ("hide", "show", "all") else 5))
        spent[name] = round(times[len(times) // 2])
    print(json.dumps({step: spent}))
    assert max(spent.values()) <= 300, spent


def test_five_thousand_numbers_are_pasted_in_two_seconds(screen, desk):  # noqa: F811
    from playwright.sync_api import expect

    fill(desk, 5000, status="ready")
    page = show(screen, "items?status=ready")
    page.evaluate("(async () => { while (Grid.next && (await Grid.more())); window.loaded = true; })()")
    until(page, "window.loaded")
    numbers = "\r\n".join(f"CJ대한통운\t{good_number(place)}" for place in range(5000)) + "\r\n"
    page.locator("[data-number]").first.focus()
    spent = page.evaluate(
        "async (text) => { const start = performance.now(); const data = new DataTransfer(); data.setData('text', text);"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true,"
        " cancelable: true })); await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"
        " return performance.now() - start; }",
        numbers,
    )
    expect(page.locator("#typing [data-typed]")).to_have_text("5,000건 입력")
    print(f"5,000 pasted numbers: {spent:.0f} ms")
    assert spent <= 2000
