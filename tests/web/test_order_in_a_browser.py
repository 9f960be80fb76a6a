"""One order in a real Chromium: two people at once, the way back, and nothing typed or focused that is lost."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from jumun.companies.actions import add_member
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.orders.actions.hold import hold
from jumun.orders.comments import list_comments
from jumun.orders.models import OrderItem, Recipient, Shipment
from jumun.orders.selection import Selection
from tests.making import make_line
from tests.web.test_browser import PASSWORD, PATIENCE, chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


@pytest.fixture
def orders(desk):
    """Three orders of one confirmed line each, ready to be released; answers their items, newest first."""
    at = datetime.now(UTC)
    with acting_as(desk.company):
        for place in range(3):
            line = make_line(f"2026112300{place}", f"L{place}", at, seller_code="DM-001")
            store_lines(desk.account, [line], by=None, at=at)
        OrderItem.objects.update(matched=True, ship_from=desk.ship_from)
        Shipment.objects.update(ship_from=desk.ship_from)
        return list(OrderItem.objects.order_by("-ordered_at", "-id"))


@pytest.fixture
def colleague(chromium, server, desk):  # noqa: F811
    """Another person's browser."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from jumun.companies.models import Person

    with acting_as(desk.company):
        add_member(email="clerk@desk.kr", name="김하늘", password=PASSWORD, role=Role.CLERK, at=datetime.now(UTC))
    hashed = Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-these-tests")
    Person.objects.filter(email="clerk@desk.kr").update(password=hashed)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server}/login")
    page.fill("[name=email]", "clerk@desk.kr")
    page.fill("[name=password]", PASSWORD)
    page.click("button.wide")
    page.wait_for_url("**/c/desk/**")
    yield page
    context.close()


def test_the_second_of_two_sees_what_the_first_saved_and_chooses(screen, colleague, server, desk, orders):  # noqa: F811
    """R23: two browsers on one order; nothing typed overwrites what was not seen, and nothing typed is lost."""
    address = f"/c/desk/orders/{orders[0].order_id}"
    screen.go(address)
    colleague.goto(server + address)
    for page in (screen.page, colleague):
        page.click("#recipient [data-edit]")
        page.wait_for_selector("#preview[open] form.edit")
    screen.page.fill("form.edit [name=name]", "강감찬")
    screen.page.click("form.edit button.act")
    screen.page.wait_for_selector("#notices .tick")
    colleague.fill("form.edit [name=name]", "이순신")
    colleague.fill("form.edit [name=memo]", "부재 시 전화")
    colleague.click("form.edit button.act")
    choice = colleague.get_by_role("group", name="이름")
    expect(choice).to_contain_text("이순신")
    expect(choice).to_contain_text("강감찬")
    expect(colleague.locator("form.edit [role=alert]")).to_contain_text("그사이 다른 사람이 고쳤습니다")
    expect(colleague.get_by_role("group", name="메모").locator("input:checked")).to_have_value("부재 시 전화")
    choice.locator("input[value=이순신]").check()
    colleague.click("form.edit button.act")
    colleague.wait_for_selector("#notices .tick")
    with acting_as(desk.company):
        kept = Recipient.objects.select_related("order").get(order_id=orders[0].order_id)
    assert (kept.name, kept.order.memo) == ("이순신", "부재 시 전화")
    screen.wrong.clear()


def test_what_was_typed_outlives_a_slip_and_goes_when_it_is_thrown_away(screen, orders):  # noqa: F811
    page = screen.page
    screen.go(f"/c/desk/orders/{orders[0].order_id}")
    page.fill("#say textarea", "반쯤 쓴 말")
    page.click("#recipient [data-edit]")
    page.fill("form.edit [name=address2]", "옥탑")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#say textarea")).to_have_value("반쯤 쓴 말")
    page.click("#recipient [data-edit]")
    expect(page.locator("form.edit [name=address2]")).to_have_value("옥탑")
    page.click("form.edit [data-throw-away]")
    expect(page.locator("form.edit [name=address2]")).to_have_value("101동 202호")
    page.click("form.edit [data-close]")
    page.click("#recipient [data-edit]")
    expect(page.locator("form.edit [name=address2]")).to_have_value("101동 202호")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft')).length") == 0


def test_comments_are_written_deleted_and_brought_back_without_leaving_the_page(screen, desk, orders):  # noqa: F811
    page = screen.page
    screen.go(f"/c/desk/orders/{orders[0].order_id}")
    for text in ("첫 말", "@김주인 둘째 말"):
        page.fill("#say textarea", text)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".timeline .said").first).to_have_text(text)
        expect(page.locator("#say textarea")).to_have_value("")
        expect(page.locator("#say textarea")).to_be_focused()
    expect(page.locator(".timeline mark")).to_have_text("@김주인")
    page.locator(".timeline [data-kind=comment] button").first.click()
    expect(page.locator(".timeline .said")).to_have_count(1)
    page.click("#notices button:has-text('되돌리기')")
    expect(page.locator(".timeline .said")).to_have_count(2)
    with acting_as(desk.company):
        assert len(list_comments(orders[0].order_id)[0]) == 2


def test_the_timeline_is_filtered_and_takes_a_batch_back(screen, orders):  # noqa: F811
    """N13, N17: undo from the timeline tells first what it would do; the filters outlive the refresh."""
    page = screen.page
    screen.go(f"/c/desk/orders/{orders[0].order_id}")
    page.click(".order-actions [value=release]")
    page.click("#preview[open] button.act")
    expect(page.locator(".rail .now")).to_contain_text("출고대기")
    page.select_option("[data-kinds] [data-kind]", "move")
    expect(page.locator(".timeline > li:visible")).to_have_count(1)
    page.click(".timeline button:has-text('되돌리기')")
    expect(page.locator("#preview[open] .figures")).to_contain_text("1건이 되돌아갑니다")
    page.click("#preview[open] button.act")
    expect(page.locator(".rail .now")).to_contain_text("신규주문")
    expect(page.locator(".timeline > li:visible")).to_have_count(2)
    assert page.locator(".timeline [data-kind=channel]:visible").count() == 0
    page.select_option("[data-kinds] [data-kind]", "look")
    expect(page.locator("[data-nothing]")).to_be_visible()


def test_the_focus_returns_to_the_button_when_a_dialog_closes(screen, orders):  # noqa: F811
    """Focus is never lost: after Escape, and after the deed that drew the button anew."""
    page = screen.page
    screen.go(f"/c/desk/orders/{orders[0].order_id}")
    button = page.locator(".order-actions [value=hold]")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#preview[open] select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.click("#preview[open] button.act")
    page.wait_for_selector(".why-not.held")
    expect(page.locator(".order-actions [value=hold]")).to_be_focused()


def test_from_the_list_to_the_next_order_and_back(screen, orders):  # noqa: F811
    """Esc leads back to the list where one was; the next order is the list's next."""
    page = screen.page
    screen.go("/c/desk/items?status=preparing")
    page.click(f"a[href$='/orders/{orders[0].order_id}']")
    page.wait_for_url(f"**/orders/{orders[0].order_id}")
    expect(page.locator("[data-place]")).to_have_text("1 / 3")
    page.keyboard.press("j")
    page.wait_for_url(f"**/orders/{orders[1].order_id}")
    page.click("[data-next]")
    page.wait_for_url(f"**/orders/{orders[2].order_id}")
    page.click("[data-previous]")
    page.wait_for_url(f"**/orders/{orders[1].order_id}")
    expect(page.locator("[data-place]")).to_have_text("2 / 3")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/items\?status=preparing"))


def test_what_an_action_left_alone_is_a_view(screen, desk, orders):  # noqa: F811
    """I5: the result leads to the refused ones as a list, and recent actions keep the way."""
    page = screen.page
    with acting_as(desk.company):
        hold(Selection(ids=(orders[0].id,)), reason="stock", by=desk.owner, at=datetime.now(UTC))
    screen.go("/c/desk/items?status=preparing")
    page.check("#all")
    page.click("#bulk [value=release]")
    expect(page.locator("#preview[open] .figures")).to_contain_text("1건은 그대로 둡니다")
    page.click("#preview[open] button.act")
    page.click("#notices a[href*=refused_by]")
    page.wait_for_url("**refused_by=**")
    expect(page.locator(f"a[href$='/orders/{orders[0].order_id}']")).to_be_visible()
    expect(page.locator(f"a[href$='/orders/{orders[1].order_id}']")).to_have_count(0)
    screen.go("/c/desk/batches")
    row = page.locator("[data-batch]").first
    expect(row).to_contain_text("출고지시")
    row.locator("button").click()
    expect(page.locator("#preview[open] .figures")).to_contain_text("2건이 되돌아갑니다")
    page.click("#preview[open] button.act")
    expect(page.locator("[data-batch]").first).to_contain_text("되돌림: 출고지시")
