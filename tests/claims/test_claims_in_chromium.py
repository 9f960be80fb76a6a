"""The pages of claims in a real Chromium, in both languages, with claims of the fake mall."""

import os
from pathlib import Path

import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import sync_account
from jumun.intake.actions import start_collection
from jumun.intake.collecting import Asked, collect_account
from tests.web.test_browser import chromium, screen, server  # noqa: F401

pytestmark = [pytest.mark.browser]
SHOTS = os.environ.get("JUMUN_SHOTS", "")
"""A folder to put pictures in, for looking at them."""


def picture(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def claimed(desk):
    """Collected orders of the mall with one claim of each kind, and one that is over."""
    made = [line for order in desk.mall.orders(5, seed=3, lines=1, quantity=2) for line in order["lines"]]
    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now())
    collect_account(desk.company, Asked(desk.account, job))
    cancel, back, change, over, _none = made
    desk.mall.event("cancel_request", line_no=cancel, reason="INTENT_CHANGED")
    desk.mall.event("cancel", line_no=over, quantity=1, reason="WRONG_ORDER")
    for line, kind, reason in ((back, "return", "BROKEN"), (change, "exchange", "COLOR_AND_SIZE")):
        desk.mall.event("confirm", line_no=line)
        desk.mall.event("ship", line_no=line)
        desk.mall.event(f"{kind}_request", line_no=line, reason=reason, quantity=1)
    desk.mall.event("collected", line_no=change)
    sync_account(desk.company, desk.account)


def test_claims_are_seen_in_both_languages(screen, desk):  # noqa: F811
    claimed(desk)
    screen.go("/c/desk/claims")
    assert screen.page.locator("tr[data-claim]").count() == 4
    assert screen.page.locator(".nav [aria-current] .tally-mark").inner_text() == "3"
    picture(screen.page, "claims-ko")
    screen.page.click(".tabs a:nth-child(3)")
    screen.page.wait_for_url("**kind=return")
    assert screen.page.locator("tr[data-claim]").count() == 1
    screen.page.click("tr[data-claim] a")
    screen.page.wait_for_selector(".why-not")
    picture(screen.page, "claim-ko")
    screen.page.click("dd a.mono")
    screen.page.wait_for_selector("#order-main")
    links = screen.page.locator("a[href*='/claims/']").evaluate_all("all => all.map(each => each.pathname)")
    assert len(set(links)) == 1
    picture(screen.page, "order-ko")
    screen.go("/me")
    screen.page.click("button[value=en]")
    screen.go("/c/desk/claims")
    assert "What to do" in screen.page.inner_text("main")
    picture(screen.page, "claims-en")
    screen.page.click("tr[data-claim] a")
    screen.page.wait_for_selector(".why-not")
    picture(screen.page, "claim-en")
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.go("/c/desk/claims")
    picture(screen.page, "claims-narrow")
    wide = screen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    screen.page.emulate_media(color_scheme="dark")
    screen.page.set_viewport_size({"width": 1440, "height": 900})
    screen.go("/c/desk/claims")
    picture(screen.page, "claims-dark")
