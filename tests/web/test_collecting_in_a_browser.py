"""The collect dialog in a real Chromium: its fields, its job in place, and what could not be collected."""

from datetime import timedelta

import pytest

from jumun.channels.actions import AccountFields, change_account, create_account
from jumun.channels.models import ChannelAccount
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.intake.gaps import open_gap
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]


def second_account(desk):
    """Another store of the same mall, switched off."""
    card = desk.mall.account("store-b")
    fields = AccountFields(
        name="스마트스토어 B", key="store-b", base_url=card["base_url"], credentials=card["credentials"]
    )
    with acting_as(desk.company):
        made = create_account(desk.company, "naver", fields, at=now())
        change_account(made, AccountFields(enabled=False))
    return made


def test_the_first_collection_asks_how_far_back_and_shows_its_job_in_place(screen, desk):  # noqa: F811
    second_account(desk)
    moment = (now() - timedelta(days=2)).isoformat()
    (old,) = desk.mall.orders(1, seed=1, ordered_from=moment, ordered_to=moment)
    (young,) = desk.mall.orders(1, seed=2)
    page = screen.page
    page.click(".top [data-open=collect]")
    page.wait_for_selector("#collect form")
    boxes = page.locator("#collect [name=account]")
    assert [(box.is_checked(), box.is_disabled()) for box in boxes.all()] == [(True, False), (False, True)]
    assert not page.is_visible("#collect [name=first_day]")
    page.select_option("#collect [name=first]", "own")
    assert page.is_visible("#collect [name=first_day]")
    page.check("#collect [name=span][value=period]")
    assert page.is_visible("#collect [name=from]") and not page.is_visible("#collect [name=first]")
    page.check("#collect [name=what][value=sync]")
    assert not page.is_visible("#collect [name=auto_confirm]")
    page.check("#collect [name=what][value=collect]")
    page.check("#collect [name=span][value=since]")
    page.select_option("#collect [name=first]", "12h")
    page.click("#collect button.act")
    page.wait_for_selector("#notices [data-job=done]")
    assert not page.is_visible("#collect")
    screen.count("paid", len(young["lines"]))
    page.click(".top [data-open=collect]")
    page.wait_for_selector("#collect [name=first]", state="detached")  # the dialog is asked for anew when it opens
    page.wait_for_selector("#collect [name=span]")
    page.check("#collect [name=span][value=back]")
    page.select_option("#collect [name=back]", "3d")
    page.check("#collect [name=auto_confirm]")
    page.click("#collect button.act")
    screen.count("preparing", len(old["lines"]))


def test_a_gap_is_closed_in_place(screen, desk):  # noqa: F811
    at = now()
    with acting_as(desk.company):
        account = ChannelAccount.objects.get(id=desk.account)
        open_gap(account, at - timedelta(days=8), at - timedelta(days=6), code="window_too_old", job_id=1, at=at)
    screen.go("/c/desk/items")
    screen.page.click("#bar .doubts")
    screen.page.fill("#gaps [name=reason]", "판매자센터에서 확인했습니다")
    screen.page.click("#gaps form:has([name=reason]) button")
    screen.page.wait_for_selector("#gaps form", state="detached")
    screen.page.wait_for_selector("#bar .doubts", state="detached")
