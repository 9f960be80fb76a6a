"""The mall's own sheet back, in a real Chromium: an account without a connector, 운송장 전송, and the file (P31)."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from jumun.channels.models import ChannelAccount
from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.sheets.reading import open_book
from tests.making import good_number, make_line
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def shipped_by_sheet(desk, account):
    """Two orders of this account, labelled and handed over; answers their numbers."""
    from jumun.orders.actions.hand_over import hand_over
    from jumun.orders.actions.label import NewWaybill, label
    from jumun.orders.actions.release import release
    from jumun.orders.filters import ItemFilter

    at = datetime.now(UTC)
    everything = Selection(filter=ItemFilter())
    with acting_as(desk.company):
        store_lines(account, [make_line(f"C24-{n}", f"C24-{n}-01", at) for n in (1, 2)], by=desk.owner, at=at)
        release(everything, by=desk.owner, at=at)
        items = list(OrderItem.objects.order_by("id"))
        first = {item.shipment_id: item for item in reversed(items)}.values()
        given = [NewWaybill(item.id, "cj", good_number(place)) for place, item in enumerate(first)]
        label(given, by=desk.owner, at=at)
        hand_over(everything, by=desk.owner, at=at)
        return dict(OrderItem.objects.values_list("order_number", "waybill"))


def test_p31_an_account_without_a_connector_is_told_by_its_own_sheet(screen, desk, tmp_path):  # noqa: F811
    """From making the account to the file in hand, had twice, and the items in 배송중."""
    page = screen.page
    screen.go("/c/desk/accounts")
    expect(page.locator(".sheet-kinds .ch-11st")).to_have_text("11번가")
    page.click(".sheet-kinds a[href$='/accounts/new/cafe24']")
    expect(page.locator("form.sheet.fields")).to_contain_text("발송 엑셀을 만듭니다")
    page.fill("[name=name]", "온산 자사몰")
    page.fill("[name=key]", "own-shop")
    page.click("form.sheet.fields button.act")
    page.wait_for_url(re.compile(r"/accounts/\d+$"))
    screen.go("/c/desk/accounts")
    expect(page.locator("tr", has_text="온산 자사몰")).to_contain_text("엑셀로")
    page.click("tr:has-text('온산 자사몰') .ch a")
    expect(page.locator("h1")).to_have_text("카페24")
    expect(page.locator("main")).to_contain_text("엑셀로 되는 것")

    with acting_as(desk.company):
        account = ChannelAccount.objects.get(key="own-shop")
        ChannelAccount.objects.filter(id=account.id).update(
            ship_from_id=ChannelAccount.objects.get(id=desk.account).ship_from_id
        )
    numbers = shipped_by_sheet(desk, account.id)
    screen.go("/c/desk/items?status=shipped")
    screen.do("transmit")
    link = page.locator("#notices a", has_text="온산 자사몰 발송 엑셀 받기")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("온산 자사몰_발송처리_")
    path = tmp_path / "sheet.xlsx"
    download.value.save_as(path)
    with open_book(path) as book:
        rows = [list(row) for row in book.rows(book.sheets[0].name)]
    assert rows[0] == ["주문번호", "품목별 주문번호", "배송업체", "운송장번호"]
    assert {row[0]: row[3] for row in rows[1:]} == numbers
    screen.count("in_transit", 2)

    screen.go("/c/desk/jobs?tab=sheet")
    page.click("main a[href*='/jobs/']:has-text('쇼핑몰 발송 엑셀')")
    expect(page.locator("#job")).to_contain_text("온산 자사몰")
    with page.expect_download() as again:
        page.locator("#job a", has_text="엑셀 받기").first.click()
    again.value.save_as(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
