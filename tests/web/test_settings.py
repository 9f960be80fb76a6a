"""설정: preferences kept per person and company, what a role does not reach is told, sessions ended one by one (C43)."""

import re

import pytest

from jumun.companies.actions import add_member
from jumun.companies.models import Company, Member
from jumun.companies.preferences import (
    ALLOWED,
    PERIODS,
    ROW_HEIGHTS,
    ROWS_A_PAGE,
    STARTS,
    Preferences,
    get_preferences,
    read_preferences,
    save_preferences,
)
from jumun.companies.queries import list_looks
from jumun.companies.roles import PERMISSIONS, May, Role
from jumun.companies.stock_rules import StockRules, get_stock_rules
from jumun.companies.tokens import list_tokens, read_token
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.tenancy import acting_as
from jumun.web.agents import name_agent
from jumun.web.entering import STARTS as START_PAGES
from jumun.web.people import MAY
from jumun.web.settings import PERIOD_LABELS, ROW_LABELS, START_LABELS
from tests.making import open_house
from tests.web.conftest import PASSWORD, visitor

FORM = {"rows_a_page": "200", "period": "7d", "row": "low", "start": "claims"}


def test_preferences_are_kept_and_reach_every_page(shop, owner):
    assert 'data-shortcuts="on"' in owner.page("jobs").content.decode()
    assert owner.send("settings/preferences", FORM, htmx=False).status_code == 200
    with acting_as(shop.company):
        assert get_preferences(shop.owner) == Preferences(200, "7d", False, "low", "claims")
    assert 'data-shortcuts="off"' in owner.page("jobs").content.decode()
    page = owner.page("settings").content.decode()
    for value in ("200", "7d", "low", "claims"):
        assert re.search(rf'<option value="{value}" selected>', page)
    assert visitor().login("owner@shop.kr")["Location"] == "/c/shop/claims"


def test_they_cost_no_statement(shop, owner, django_assert_max_num_queries):
    owner.page("jobs")
    with django_assert_max_num_queries(20) as before:
        owner.page("jobs")
    owner.send("settings/preferences", FORM, htmx=False)
    owner.page("jobs")
    with django_assert_max_num_queries(20) as after:
        owner.page("jobs")
    assert len(before) == len(after)
    assert sum("preferences" in query["sql"] for query in after.captured_queries) == 1


def test_another_company_and_another_person_keep_their_own(shop, owner, at):
    second = open_house(at, "second")
    with acting_as(second.company):
        add_member(email="owner@shop.kr", name="", password="", role=Role.VIEWER, at=at)
    with acting_as(shop.company):
        other = add_member(email="clerk@shop.kr", name="박담당", password=PASSWORD, role=Role.CLERK, at=at)
        save_preferences(shop.owner, Preferences(rows_a_page=50))
        assert get_preferences(Member.objects.get(id=other).person_id) == Preferences()
    with acting_as(second.company):
        assert get_preferences(shop.owner) == Preferences()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows_a_page": "7"},
        {"rows_a_page": "x"},
        {"rows_a_page": "²"},
        {"period": "9y"},
        {"row": ""},
        {"start": "//evil"},
    ],
)
def test_what_is_not_offered_is_refused(shop, owner, wrong):
    assert owner.send("settings/preferences", FORM | wrong, htmx=False).status_code == 422
    with acting_as(shop.company):
        assert get_preferences(shop.owner) == Preferences()


@pytest.mark.parametrize(
    "stored",
    [{}, {"period": 3, "row": None}, {"rows_a_page": True}, {"rows_a_page": 7, "shortcuts": 1}, {"later": "new"}],
)
def test_what_is_stored_and_unknown_reads_as_the_default(stored):
    assert read_preferences(stored) == Preferences()


def test_every_choice_has_a_label_and_a_page():
    assert tuple(PERIOD_LABELS) == PERIODS
    assert tuple(ROW_LABELS) == ROW_HEIGHTS
    assert tuple(START_LABELS) == tuple(START_PAGES) == STARTS
    assert ALLOWED["rows_a_page"] == ROWS_A_PAGE
    assert list(MAY) == list(May)


def test_somebody_who_is_no_member_has_nothing_to_save(shop):
    with acting_as(shop.company), pytest.raises(JumunError):
        save_preferences(0, Preferences())


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_does_not_reach_is_told(owner, someone, role):
    page = (owner if role == Role.OWNER else someone(role)).page("settings")
    text = page.content.decode()
    assert page.status_code == 200
    for address, need in (("people", May.PEOPLE), ("tokens", May.TOKENS), ("trail", May.PEOPLE)):
        link = f'<a class="setting" href="/c/shop/{address}">'
        assert (link in text) is (need in PERMISSIONS[role])
    assert ("소유자만 볼 수 있습니다" in text) is (role != Role.OWNER)
    assert "나만" in text and "회사 전체" in text


def test_only_an_owner_renames_the_company(shop, owner, someone):
    assert someone(Role.MANAGER).send("settings/company", {"name": "남의것"}, htmx=False).status_code == 403
    assert owner.send("settings/company", {"name": "  "}, htmx=False).status_code == 422
    assert "새상회" in owner.send("settings/company", {"name": "새상회"}, htmx=False).content.decode()
    with acting_as(shop.company):
        assert Company.objects.get().name == "새상회"
        assert list_looks()[0].did == "company_renamed"


def test_a_session_is_seen_with_its_device_and_ended(shop, owner):
    chrome = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36"
    )
    other = visitor()
    other.client.defaults |= {"HTTP_USER_AGENT": chrome, "REMOTE_ADDR": "10.1.2.3"}
    other.login("owner@shop.kr")
    page = owner.client.get("/me").content.decode()
    assert "Chrome · Windows" in page and "10.1.2.3" in page
    mark = re.search(r'name="mark" value="(\w+)"', page)[1]
    assert other.client.session.session_key not in page
    stranger = visitor("other")
    assert stranger.post("/me/end", {"mark": mark})["Location"] == "/login"
    assert owner.post("/me/end", {"mark": mark}).status_code == 200
    assert other.page("items").status_code == 302
    assert owner.page("jobs").status_code == 200
    assert owner.post("/me/end", {"mark": mark}).status_code == 404


def test_nobody_ends_the_session_of_another(shop, owner, someone):
    clerk = someone(Role.CLERK)
    from jumun.companies.sessions import list_sessions

    mark = list_sessions(shop.owner, at=now())[0].mark
    assert clerk.post("/me/end", {"mark": mark}).status_code == 404
    assert owner.page("jobs").status_code == 200


def test_leaving_the_others_keeps_this_one(shop, owner):
    others = [visitor(), visitor()]
    for each in others:
        each.login("owner@shop.kr")
    assert "2곳" in owner.post("/me/leave-others").content.decode()
    assert owner.page("jobs").status_code == 200
    assert [each.page("jobs").status_code for each in others] == [302, 302]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/129.0 Safari/537.36 Edg/129.0", "Edge · Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Whale/3.26 Safari/537.36", "Whale · Windows"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "–"),
    ],
)
def test_a_browser_has_the_name_people_know(agent, name):
    assert name_agent(agent) == name


def test_a_token_is_narrowed_to_what_was_chosen(shop, owner):
    answer = owner.send(
        "tokens", {"name": "창고", "days": "30", "reach": "some", "scope": ["read", "pack"]}, htmx=False
    )
    bearer = re.search(r"jmn_\w{40,}", answer.content.decode())[0]
    assert read_token(bearer, at=now()).permissions == {May.READ, May.PACK}
    assert owner.send("tokens", {"name": "x", "days": "30", "reach": "some"}, htmx=False).status_code == 422


def test_the_owner_sees_and_ends_everybodys_tokens_and_others_only_their_own(shop, owner, someone):
    clerk, manager = someone(Role.CLERK), someone(Role.MANAGER)
    clerk.send("tokens", {"name": "박담당의 열쇠", "days": "30"}, htmx=False)
    with acting_as(shop.company):
        token = list_tokens(of_person=None)[0]
    assert "박담당의 열쇠" not in manager.page("tokens").content.decode()
    assert manager.send(f"tokens/{token.id}/revoke", htmx=False).status_code == 404
    assert "박담당의 열쇠" in owner.page("tokens").content.decode()
    owner.send(f"tokens/{token.id}/revoke", htmx=False)
    assert "박담당의 열쇠" not in clerk.page("tokens").content.decode()


def test_the_people_page_says_who_signed_in_when_and_what_roles_may_do(shop, owner, someone):
    someone(Role.PACKER)
    page = owner.page("people").content.decode()
    assert page.count("방금") >= 2
    assert "마지막 소유자" in page and "2단계 인증을 켜지 않았습니다" in page
    rows = re.findall(r'<th scope="row">.*?</tr>', page, re.DOTALL)
    assert [row.count("✓") for row in rows] == [sum(may in PERMISSIONS[role] for role in Role) for may in May]


def test_a_manager_says_what_stock_release_and_hold_mean(shop, owner, someone):
    """C18, C21: both switches are off at first; who may not switch them sees how they stand."""
    clerk = someone(Role.CLERK)
    assert clerk.send("settings/stock", {"hold_frees_stock": "on"}, htmx=False).status_code == 403
    said = someone(Role.MANAGER).send("settings/stock", {"release_needs_allocation": "on"}, htmx=False).content.decode()
    assert "지금부터 모두에게" in said
    with acting_as(shop.company):
        assert get_stock_rules() == StockRules(release_needs_allocation=True, hold_frees_stock=False)
    assert clerk.page("settings").content.decode().count("disabled") == 2


@pytest.mark.parametrize("path", ["settings", "people", "tokens", "trail"])
def test_a_settings_page_takes_few_statements(owner, path, django_assert_max_num_queries):
    owner.page(path)
    with django_assert_max_num_queries(20):
        owner.page(path)
