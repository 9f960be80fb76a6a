"""오늘 할 일 (C9, C38), 발송기한, 영업일 달력, 벌점 규칙 (N4), 쇼핑몰 지원 현황 (P9) as pages and over REST."""

from datetime import date, timedelta

import pytest

from jumun.channels.calendar import end_of, today
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as


def test_an_empty_company_says_what_comes_first(owner):
    page = owner.page("")
    assert page.status_code == 200 and "오늘 할 일" in page.content.decode()


def test_home_counts_and_links_to_the_lists(shop, owner):
    """C9: what is late leads to the list of it; C38: the seller centre is one click away."""
    with acting_as(shop.company):
        shop.order("A1", "l1", ship_by=shop.at - timedelta(days=1))
    text = owner.page("").content.decode()
    assert 'data-need="late"' in text and "ship_by=late" in text and "sell.smartstore.naver.com" in text
    assert owner.page("items?status=paid,preparing,ready,labelled,shipped&ship_by=late&sort=ship_by").status_code == 200
    assert "home-board" not in owner.client.get("/c/shop/?part=board", headers={"HX-Request": "true"}).content.decode()


def test_the_board_and_its_lists(shop, owner):
    """N4: every count of the board is a list that opens."""
    import re

    with acting_as(shop.company):
        shop.order("A1", "l1", ship_by=shop.at - timedelta(days=1))
        shop.order("A2", "l2", ship_by=shop.at + timedelta(days=3))
    page = owner.page("ship-by").content.decode()
    lists = {each.replace("&amp;", "&") for each in re.findall(r'href="/c/shop/(items\?[^"]+)"', page)}
    assert len(lists) >= 4
    for address in lists:
        assert owner.page(address).status_code == 200, address


def test_the_calendar_is_edited_by_who_may(shop, owner, someone):
    """N4: a day off moves the deadlines; a clerk may look, not change."""
    day = today(shop.at) + timedelta(days=40)
    assert (
        owner.send("calendar/put", {"day": day.isoformat(), "off": "true", "name": "워크숍"}, htmx=False).status_code
        == 302
    )
    assert "워크숍" in owner.page("calendar").content.decode()
    assert owner.send("calendar/restore", {"day": day.isoformat()}, htmx=False).status_code == 302
    assert "워크숍" not in owner.page("calendar").content.decode()
    clerk = someone(Role.CLERK)
    assert clerk.page("calendar").status_code == 200
    assert clerk.send("calendar/put", {"day": day.isoformat(), "off": "true"}).status_code == 403
    assert owner.send("calendar/put", {"day": "heute", "off": "true"}).status_code == 400


def test_the_rule_of_an_account_is_saved(shop, owner):
    """N4: the rule on the account's page names the deadline."""
    with acting_as(shop.company):
        shop.order("A1", "l1", ship_by=None)
    sent = owner.send(f"accounts/{shop.account}/ship-by", {"ship_within": "2", "cut_off": "14:00"}, htmx=False)
    assert sent.status_code == 302 and "reckoned=1" in sent["Location"]
    assert 'value="14:00"' in owner.page(f"accounts/{shop.account}").content.decode()
    assert owner.send(f"accounts/{shop.account}/ship-by", {"ship_within": "many"}).status_code == 400


def test_penalty_rules_are_off_until_switched_on(shop, owner):
    """N4: shipped with none active; suggestions are entered switched off."""
    given = {"channel": "naver", "condition": "late", "days": "1", "points": "1.0", "valid_from": "2026-01-01"}
    assert "없습니다" in owner.page("penalties").content.decode()
    assert owner.send("penalties/add", given, htmx=False).status_code == 302
    with acting_as(shop.company):
        from jumun.channels.penalties import list_rules

        (rule,) = list_rules()
        assert not rule.active
    assert owner.send(f"penalties/{rule.id}/switch", {"active": "true"}, htmx=False).status_code == 302
    with acting_as(shop.company):
        assert list_rules(active_on=date(2026, 6, 1))
        shop.order("A1", "l1", ship_by=end_of(today(shop.at) - timedelta(days=9)))
    assert "1.0" in owner.page("ship-by").content.decode()
    assert owner.send("penalties/add", given | {"points": "NaN"}).status_code == 400
    assert owner.send(f"penalties/{rule.id}/delete", {}, htmx=False).status_code == 302


def test_the_matrix_of_channels(owner):
    """P9: every kind beside the others."""
    page = owner.page("channels").content.decode()
    assert "스마트스토어" in page and "쿠팡" in page


@pytest.mark.parametrize("address", ["", "ship-by", "calendar", "penalties", "channels"])
def test_no_page_asks_more_than_twenty_statements(shop, owner, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with acting_as(shop.company):
        for n in range(5):
            shop.order(f"A{n}", "l1", ship_by=shop.at)
    owner.page(address)
    with CaptureQueriesContext(connection) as seen:
        assert owner.page(address).status_code == 200
    more = 9 if address == "" else 0  # what came late to be combined (N8) is looked for in nine at most
    assert len(seen) <= 20 + 6 + more, [each["sql"][:90] for each in seen]  # six set the transaction and the company
