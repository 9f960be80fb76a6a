"""Hostile text from channels and people, on every page that shows it: inert, reported by no policy, in its place (S03)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from jumun.channels.models import ChannelAccount
from jumun.channels.port import Address
from jumun.core.tenancy import acting_as
from jumun.dispatch.models import Effect
from jumun.intake.storing import store_lines
from jumun.jobs.models import Job, JobEntry
from jumun.orders.actions.edit import edit_order
from jumun.orders.actions.hold import hold
from jumun.orders.actions.release import release
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from tests.api.conftest import Api, store, token_for
from tests.claims.making import make_claim
from tests.making import House, make_line
from tests.web.test_browser import chromium, screen, server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser]

RUNS = '<img src=x onerror="window.hit=1">"><script>window.hit=2</script><svg onload=window.hit=3>'
LINK = '\'"><a href="javascript:window.hit=4" class=evil>x</a>{{7*7}}{% now %}${7*7}`'
TURNS = "\u202egpj.exe\u2066\u0430\u200f</title></textarea></style>"
MARKUP = RUNS + LINK + TURNS
LONG = "W" * 5000
SHORT = "<img src=x onerror=hit=1>"
"""What fits a name of 20 characters or so, and still is markup."""


def shown_everywhere(desk, text):
    """The text in every place a channel or a person can put one; answers the ids of pages."""
    at = datetime.now(UTC)
    house = House(desk.company, desk.owner, desk.account, desk.ship_from, at)
    who = Address(name=text, phone1=text, postcode=text[:60], address1=text, address2=text, message=text)
    said = {"product_name": text, "option_text": text, "recipient": who, "buyer_name": text, "stage_raw": text}
    with acting_as(desk.company):
        ChannelAccount.objects.filter(id=desk.account).update(name=text[:100], brand=text[:100])
        numbers = [f"20261123000{place}" for place in range(3)]
        store_lines(desk.account, [make_line(each, f"L{each}", at, **said) for each in numbers], by=None, at=at)
        claimed, ready, held = OrderItem.objects.order_by("order_number")
        release(Selection(ids=(ready.id,)), by=desk.owner, at=at)
        hold(Selection(ids=(held.id,)), reason="other", note=text[:500], by=desk.owner, at=at)
        edit_order(held.order_id, {"memo": text[:900].replace("\u202e", "")}, revision=1, by=desk.owner, at=at)
        claim = make_claim(house, claimed.order_number, claimed.line_no, reason=text, stage_raw=text, fault=text[:100])
        OrderItem.objects.filter(id=held.id).update(push="rejected", push_code="channel_refused")
        job = Job.objects.create(
            company_id=desk.company, kind="transmit", family="mall", status="failed", total=1, done=1, created_at=at
        )
        JobEntry.objects.create(
            company_id=desk.company,
            job=job,
            target=f"item:{held.id}",
            label=text,
            outcome="refused",
            code="channel_refused",
            message=text,
            at=at,
        )
        Effect.objects.create(
            company_id=desk.company,
            ordered_at=held.ordered_at,
            account_id=desk.account,
            verb="dispatch",
            unit=held.unit,
            order_number=held.order_number,
            revision=1,
            state="rejected",
            lines=[{"line": held.line_id, "item": held.id, "line_key": held.line_no, "quantity": 1}],
            carrier=text[:100],
            number=text[:100],
            job_id=job.id,
            batch=uuid4(),
            code="channel_refused",
            message=text,
            planned_at=at,
            answered_at=at + timedelta(seconds=1),
        )
    return {"held": held.order_id, "claimed": claimed.order_id, "claim": claim.id, "job": job.id}


def pages(ids, account):
    return [
        "items",
        "items?status=preparing",
        "items?status=ready",
        "items?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D5%3E",
        f"orders/{ids['held']}",
        f"orders/{ids['claimed']}",
        "claims",
        f"claims/{ids['claim']}",
        "transmissions",
        "jobs",
        f"jobs/{ids['job']}",
        "accounts",
        f"accounts/{account}",
        "doubts",
        "collect",
        "trail",
    ]


def nothing_ran(screen, where):  # noqa: F811
    page = screen.page
    assert page.evaluate("window.hit") is None, where
    found = page.evaluate(
        "document.querySelectorAll('img[src=x], svg[onload], a.evil, [onerror], script:not([src]):not([type=\"application/json\"])').length"
    )
    assert found == 0, f"{where}: markup came alive"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} is {wide}px wider than the window"


@pytest.mark.parametrize("text", [MARKUP, LONG], ids=["markup", "5000 characters"])
def test_hostile_text_is_text_on_every_page(screen, desk, text):  # noqa: F811
    ids = shown_everywhere(desk, text)
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 800})
    shown = 0
    for path in pages(ids, desk.account):
        screen.go(f"/c/desk/{path}")
        page.wait_for_timeout(150)  # what a page fetches by itself
        nothing_ran(screen, path)
        shown += (text[:12] in page.inner_text("body")) or (text[:12] in page.content())
    assert shown >= 9, "the text was there to run"


def test_hostile_text_is_text_in_what_opens_and_pops_up(screen, desk):  # noqa: F811
    ids = shown_everywhere(desk, MARKUP)
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 800})
    screen.go(f"/c/desk/orders/{ids['held']}")
    page.click("#recipient button.link:has-text('보기')")
    page.wait_for_selector("#recipient small")
    assert "<img src=x" in page.inner_text("#recipient")
    nothing_ran(screen, "the recipient in clear")
    page.click("#recipient button.link:has-text('고치기')")
    page.wait_for_selector("#preview[open] form.edit")
    nothing_ran(screen, "the form")
    assert page.input_value(".edit [name=address2]") == MARKUP
    page.fill(".edit [name=memo]", SHORT)
    page.fill(".edit [name=name]", SHORT[:20])
    with acting_as(desk.company):
        values = {"name": "<script>hit=6<", "memo": MARKUP[:800].replace("\u202e", "")}
        edit_order(ids["held"], values, revision=2, by=desk.owner, at=datetime.now(UTC))
    page.click(".edit button.act")
    page.wait_for_selector(".edit .choose")
    screen.wrong[:] = [each for each in screen.wrong if "409" not in each]  # the conflict, told by its status
    assert page.locator(".edit .choose [type=radio]").count() == 4
    assert "<script>hit=6<" in page.inner_text(".edit .choose >> nth=0")
    assert page.input_value(".edit [name=address2]") == MARKUP
    nothing_ran(screen, "the conflict")
    page.click(".edit button.act")
    page.wait_for_selector("#notices .tick")
    page.wait_for_selector("#preview", state="hidden")
    nothing_ran(screen, "saved")
    screen.go("/c/desk/items?status=preparing")
    screen.do("hold")
    page.wait_for_selector("#notices .notice")
    nothing_ran(screen, "a toast")
    page.check("#all")
    page.click("#bulk [value=release]")
    page.wait_for_selector("#preview[open] .reasons")
    nothing_ran(screen, "what an action would leave alone")
    screen.go("/c/desk/items?status=ready")
    nothing_ran(screen, "the waybill page")


def test_nul_and_half_characters_never_reach_a_page(shop):
    """Through REST they are refused; what a channel sends is cleaned on the way in."""
    caller = Api(token_for(shop))
    item = store(shop, "A1", "a", product_name="가\x00나\ud800", recipient=Address(name="\x00홍", address1="가\x00"))[0]
    assert caller.get(f"/orders/{item.order_id}").body["items"][0]["product_name"] == "가나?"
    for memo in ("a\\u0000b", "\\ud800"):
        answer = caller.call("PATCH", f"/orders/{item.order_id}", f'{{"memo": "{memo}", "revision": 1}}')
        assert answer.status in (400, 422)
    hold_it = {"ids": [item.id], "params": {"reason": "other", "note": "a\x00b"}}
    assert caller.post("/items/actions/hold", hold_it).status == 422
    assert caller.get("/items?q=%00").status == 422
