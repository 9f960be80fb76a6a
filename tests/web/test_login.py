"""Signing in: lock-out, no hints, no open redirects, sessions that end, companies and roles at once."""

import pytest
from django.conf import settings
from django.test import Client

from jumun.companies.actions import add_member, change_role, remove_member
from jumun.companies.queries import list_looks, list_members
from jumun.companies.roles import Role
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from tests.making import open_house
from tests.web.conftest import PASSWORD, visitor


def trail(shop):
    with acting_as(shop.company):
        return [(row.did, row.person_id) for row in list_looks()]


def test_signing_in_leads_to_the_only_company_and_is_written_down(shop):
    me = visitor()
    answer = me.login("OWNER@shop.kr ")
    assert (answer.status_code, answer["Location"]) == (302, "/c/shop/")
    assert me.page("items").status_code == 200
    assert trail(shop) == [("sign_in", shop.owner)]


def test_the_session_key_changes_with_the_sign_in(shop):
    me = visitor()
    me.client.get("/login")
    session = me.client.session
    session["before"] = 1
    session.save()
    me.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    me.login("owner@shop.kr")
    assert me.client.session.session_key != session.session_key


def test_an_unknown_email_and_a_wrong_password_are_told_alike(shop):
    wrong = visitor().login("owner@shop.kr", "not-the-password")
    unknown = visitor().login("nobody@shop.kr", "not-the-password")
    told = [answer.content.decode().replace("nobody@", "owner@") for answer in (wrong, unknown)]
    strip = [[line for line in text.splitlines() if "csrf" not in line] for text in told]
    assert wrong.status_code == unknown.status_code == 401
    assert strip[0] == strip[1]
    assert sentence("bad_login") in told[0]
    assert trail(shop) == [("sign_in_failed", shop.owner)]


def test_too_many_wrong_passwords_lock_even_the_right_one_out(shop):
    me = visitor()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        me.login("owner@shop.kr", "wrong")
    answer = me.login("owner@shop.kr")
    assert answer.status_code == 429
    assert sentence("locked_out", minutes=settings.ENV.lockout_minutes) in answer.content.decode()
    assert me.page("items").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_only_to_our_own_pages(shop, target):
    assert visitor().login("owner@shop.kr", next=target)["Location"] == "/c/shop/"


def test_next_leads_back_to_the_page_that_asked(shop):
    answer = visitor().page("jobs")
    assert answer["Location"] == "/login?next=/c/shop/jobs"
    assert visitor().login("owner@shop.kr", next="/c/shop/jobs")["Location"] == "/c/shop/jobs"


def test_a_form_without_our_token_is_refused(shop, owner):
    bare = Client(enforce_csrf_checks=True)
    assert bare.post("/login", {"email": "owner@shop.kr", "password": PASSWORD}).status_code == 403
    owner.client.cookies.pop("csrftoken")
    answer = owner.client.post("/c/shop/items/do", {"action": "release", "ids": "1"})
    assert answer.status_code == 403
    assert "새로 고친 뒤" in answer.content.decode()


def test_logging_out_ends_the_session_and_needs_a_post(shop, owner):
    assert owner.client.get("/logout").status_code == 405
    owner.post("/logout")
    assert owner.page("items").status_code == 302
    assert trail(shop)[0] == ("sign_out", shop.owner)


def test_leaving_everywhere_ends_every_session_of_the_person(shop, owner):
    other = visitor()
    other.login("owner@shop.kr")
    assert owner.client.get("/me").content.decode().count("Mozilla") == 0
    owner.post("/me/leave")
    assert other.page("items").status_code == owner.page("items").status_code == 302


def test_another_password_ends_the_other_sessions(shop, owner):
    other = visitor()
    other.login("owner@shop.kr")
    answer = owner.post("/me/password", {"old": PASSWORD, "new": "quite-another-2026", "again": "quite-another-2026"})
    assert answer.status_code == 200
    assert owner.page("items").status_code == 200
    assert other.page("items").status_code == 302
    assert visitor().login("owner@shop.kr").status_code == 401


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "quite-another-2026", "quite-another-2026"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "a-new-one-2026", "x"),
    ],
)
def test_a_password_is_not_changed_to_a_weak_or_mistyped_one(shop, owner, old, new, again):
    assert owner.post("/me/password", {"old": old, "new": new, "again": again}).status_code == 422
    assert visitor().login("owner@shop.kr").status_code == 302


def test_somebody_in_two_companies_chooses(shop, at):
    second = open_house(at, "second")
    with acting_as(second.company):
        add_member(email="owner@shop.kr", name="", password="", role=Role.VIEWER, at=at)
    me = visitor()
    assert me.login("owner@shop.kr")["Location"] == "/choose"
    page = me.client.get("/choose").content.decode()
    assert 'href="/c/shop/"' in page and 'href="/c/second/"' in page


def test_another_companys_pages_are_not_there(shop, owner, at):
    other = open_house(at, "other")
    with acting_as(other.company):
        item = other.order("2026112300001", "L1")[0]
    for path in ("items", "jobs", "accounts", "people", f"orders/{item.order_id}"):
        assert owner.client.get(f"/c/other/{path}").status_code == 404
        assert owner.client.get(f"/c/nowhere/{path}").status_code == 404
    assert owner.page(f"orders/{item.order_id}").status_code == 404
    assert owner.post(f"/c/other/orders/{item.order_id}/recipient").status_code == 404


def test_a_role_taken_away_counts_at_the_next_click(shop, someone):
    clerk = someone(Role.CLERK)
    with acting_as(shop.company):
        item = shop.order("2026112300001", "L1")[0]
        member = next(row for row in list_members() if row.role == Role.CLERK)
        change_role(member.id, role=Role.VIEWER)
    assert clerk.send("items/do", {"action": "release", "ids": item.id}).status_code == 403
    assert clerk.send(f"orders/{item.order_id}/recipient").status_code == 403
    with acting_as(shop.company):
        remove_member(member.id)
    assert clerk.page("items").status_code == 404


def test_the_language_is_the_persons_and_stays(shop, owner):
    assert "출고대기" in owner.page("items").content.decode()
    owner.post("/language", {"language": "en", "next": "/me"})
    page = owner.page("items")
    assert page["Content-Language"] == "en"
    assert "Ready" in page.content.decode() and "출고대기" not in page.content.decode()
    again = visitor()
    again.login("owner@shop.kr")
    assert "Handed over" in again.page("items").content.decode()


def test_every_page_is_guarded_by_a_policy_without_inline_anything(shop, owner):
    for path in ("items", "jobs", "accounts", "people", "tokens", "trail", "channels/naver"):
        answer = owner.page(path)
        policy = answer["Content-Security-Policy"]
        assert answer.status_code == 200
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        text = answer.content.decode()
        assert " style=" not in text and "<style" not in text and "onclick" not in text and "<script>" not in text
