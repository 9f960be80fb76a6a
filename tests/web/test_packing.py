"""합포: run, settle 확인필요 beside its base, all of a kind, un-combine, take back (C14–C17, I16, N8)."""

# ruff: noqa: F401, F811 - fixtures of another module

import re

import pytest

from jumun.channels.port import Address
from jumun.companies.roles import Role
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.packing.choices import list_standing
from jumun.packing.models import Candidate
from tests.making import make_line
from tests.web.test_browser import PATIENCE, chromium, screen, server

HERE = {"name": "홍길동", "phone1": "010-0000-1234", "postcode": "04524"}
HERE |= {"address1": "서울 중구 세종대로 110", "address2": "101동 202호"}


def fill(house, **orders):
    """Orders of one recipient, each with what is different of it."""
    with acting_as(house.company):
        lines = [
            make_line(number, number.lower(), now(), recipient=Address(**(HERE | change)))
            for number, change in orders.items()
        ]
        store_lines(house.account, lines, by=house.owner, at=now())


def parcels(house):
    with acting_as(house.company):
        return len({item.shipment_id for item in house.items()})


def send(who, path, **data):
    """What the page says after a form."""
    sent = who.send(f"packing/{path}", data, htmx=False)
    assert sent.status_code == 302, sent.content.decode()
    return who.client.get(sent["Location"]).content.decode()


def candidate(house, **which):
    with acting_as(house.company):
        rows = Candidate.objects.filter(**which).order_by("-id")
        return next(row for row in rows if row.base_id != row.shipment_id)


def test_what_is_sure_goes_at_once_and_is_taken_apart_and_back(shop, owner):
    fill(shop, A={}, B={})
    assert "아직 찾은 적이 없습니다" in owner.page("packing").content.decode()
    assert "옮긴 주문 품목: 1개" in send(owner, "run", most="0")
    assert parcels(shop) == 1
    row = candidate(shop)
    said = send(owner, "decide", run=row.run_id, tab="combine", candidate=row.id, decision="apart")
    assert "따로 보냅니다: 1개" in said and parcels(shop) == 2
    row = candidate(shop, id=row.id)
    said = send(owner, "undo", run=row.run_id, tab="combine", moment=row.decided_at.isoformat(), was="combine")
    assert "되돌렸습니다: 1개" in said and parcels(shop) == 1


def test_what_differs_is_marked_masked_and_asked(shop, owner):
    """N8: the reason in words, the field marked, the recipient masked (S14)."""
    fill(shop, A={}, B={"phone1": "010-9999-1234"})
    said = send(owner, "run", since="2020-01-01", until="2099-01-01", account=str(shop.account), most="5")
    assert "전화번호가 다릅니다" in said
    assert re.search(r"<mark>0109999\*{4}<span", "".join(said.split()))
    assert "홍*동" in said and "홍길동" not in said and "202호" not in said
    row = candidate(shop, verdict="review")
    assert "옮긴 주문 품목: 1개" in send(
        owner, "decide", run=row.run_id, tab="review", candidate=row.id, decision="combine"
    )
    assert parcels(shop) == 1
    row = candidate(shop, id=row.id)
    send(owner, "undo", run=row.run_id, tab="review", moment=row.decided_at.isoformat(), was="open")
    assert parcels(shop) == 2


def test_a_kind_is_settled_once_and_for_good(shop, owner):
    """C15: 확인필요 of one reason and account at once, and in every later run."""
    fill(shop, A={"phone1": "0502-111-1111"}, B={"phone1": "0502-222-2222"})
    send(owner, "run")
    run = candidate(shop).run_id
    kind = {"run": run, "account": shop.account, "reason": "safe_number"}
    assert "묻지 않고 합포" in send(owner, "kind", decision="always", **kind)
    assert parcels(shop) == 1
    fill(shop, C={"phone1": "0502-333-3333"})
    send(owner, "run")
    assert parcels(shop) == 1
    send(owner, "kind", decision="ask", **kind)
    with acting_as(shop.company):
        assert list_standing() == []


def test_the_page_tells_of_a_late_order(shop, owner):
    """N8: what came after the run and could join is said above the groups."""
    fill(shop, A={})
    send(owner, "run")
    fill(shop, B={})
    assert "지금 합칠 수 있는 묶음이 1개" in owner.page("packing").content.decode()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("run", {"since": "yesterday"}),
        ("run", {"since": "9999-12-31"}),
        ("decide", {"decision": "combine"}),
        ("decide", {"decision": "perhaps", "candidate": "1"}),
        ("kind", {"run": "1", "decision": "combine"}),
        ("kind", {"decision": "always", "reason": "claim_open"}),
    ],
)
def test_what_makes_no_sense_is_refused(owner, path, given):
    assert owner.send(f"packing/{path}", given, htmx=False).status_code in (400, 404)


def test_who_may_only_look_sees_no_button(shop, owner, someone):
    fill(shop, A={}, B={"name": "홍길순"})
    send(owner, "run")
    text = someone(Role.VIEWER).page("packing").content.decode()
    assert "이름이 다릅니다" in text and "packing/decide" in text and 'name="decision"' not in text
    assert owner.page("packing?run=99999999999999999999&tab=x&from=9999999999999999&moment=x&did=x").status_code == 200


@pytest.mark.browser
def test_a_clerk_settles_by_keys(screen, desk):
    """C15: J to a group, Y combines, U takes back, N leaves apart; the mark and the reason are on the screen."""
    from playwright.sync_api import expect

    fill(desk, A={}, B={"phone1": "010-9999-1234"}, C={"name": "이몽룡"}, D={"name": "이몽룡", "address2": ""})
    screen.go("/c/desk/packing")
    page = screen.page
    page.click("text=합포 찾기")
    groups = page.locator("[data-waits]")
    expect(groups).to_have_count(2, timeout=PATIENCE)
    expect(groups.first.locator("mark").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-group]:focus")).to_have_count(1)
    page.wait_for_timeout(100)
    page.keyboard.press("y")
    expect(page.locator("#done")).to_contain_text("합포했습니다")
    expect(groups).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator("#done")).to_contain_text("되돌렸습니다")
    expect(groups).to_have_count(2)
    page.wait_for_timeout(100)
    page.keyboard.press("n")
    expect(page.locator("#done")).to_contain_text("따로 보냅니다")
    expect(groups).to_have_count(1)
