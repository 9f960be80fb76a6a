"""Pages that say what happened, why and what next; the palette and the help of each role (C40, U-errors)."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import resolve

from jumun.companies.roles import Role
from jumun.orders.states import PIPELINE
from jumun.web import errors, shell
from jumun.web.help import show_topic, topic_of
from jumun.web.help_texts import TOPICS
from jumun.web.shortcuts import SHORTCUTS


def said(answer):
    return answer.content.decode()


def test_a_wrong_address_says_why_and_what_next_with_a_reference_that_stands_in_the_log(owner, caplog):
    caplog.set_level(logging.INFO, "jumun.web.errors")
    answer = owner.page("nothing-here")
    assert answer.status_code == 404
    assert "<title>찾을 수 없습니다 — Jumun</title>" in said(answer)
    assert "주문번호로 검색" in said(answer)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "jumun.web.errors"]
    assert line.split()[1].rstrip(":") in said(answer)


def test_it_speaks_english(owner):
    owner.post("/language", {"language": "en", "next": "/"})
    assert "Check the address" in said(owner.page("nothing-here"))


def test_a_role_that_does_not_reach_is_told_whom_to_ask(someone):
    answer = someone(Role.PACKER).page("people")
    assert answer.status_code == 403
    assert "소유자나 관리자" in said(answer)


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [(ZeroDivisionError, 500, "처리하지 못했습니다"), (OperationalError, 503, "잠시 쓸 수 없습니다")],
)
def test_a_failure_needs_no_database_to_be_told(
    owner, monkeypatch, django_assert_num_queries, rf, failure, status, words
):
    def broken(*_args, **_rest):
        raise failure

    monkeypatch.setattr(shell, "bar", broken)
    answer = owner.page("jobs")
    assert answer.status_code == status
    assert words in said(answer)
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)
    with django_assert_num_queries(0):
        try:
            raise failure
        except failure:
            assert errors.server_error(rf.get("/c/shop/jobs")).status_code == status


def test_a_form_of_an_old_page_says_so(shop):
    answer = Client(enforce_csrf_checks=True).post("/login", {"email": "a@b.kr"})
    assert answer.status_code == 403
    assert "오래된 화면입니다" in said(answer)


def test_scripts_are_told_that_nobody_is_signed_in(shop):
    client = Client()
    assert client.get("/c/shop/palette", headers={"Accept": "application/json"}).status_code == 401
    assert client.get("/c/shop/bar", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/c/shop/jobs").headers["Location"] == "/login?next=/c/shop/jobs"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(shop):
    client = Client(headers={"Referer": "http://testserver/c/shop/people?tab=1"})
    assert client.post("/c/shop/people/add", {}).headers["Location"] == "/login?next=/c/shop/people%3Ftab%3D1"
    elsewhere = Client(headers={"Referer": "https://evil.example/c/shop/people"})
    assert elsewhere.post("/c/shop/people/add", {}).headers["Location"] == "/login"


def commands(visitor):
    return visitor.page("palette", Accept="application/json").json()["commands"]


def test_the_palette_leads_only_to_pages_there_are_and_that_the_role_may_see(owner, someone):
    packer = someone(Role.PACKER)
    for who in (owner, packer):
        for command in commands(who):
            if "href" in command:
                resolve(command["href"].partition("?")[0])
                assert who.client.get(command["href"], follow=True).status_code == 200, command
    assert {"사용자와 권한", "주문 수집"} <= {command["label"] for command in commands(owner)}
    assert not {"사용자와 권한", "주문 수집"} & {command["label"] for command in commands(packer)}


def test_every_shortcut_leads_to_a_page_there_is(owner):
    for each in SHORTCUTS:
        if each.go is not None:
            assert owner.client.get(f"/c/shop/{each.go}", follow=True).status_code == 200, each


def test_every_step_has_its_help(owner):
    for status in PIPELINE:
        assert status.value in TOPICS or status.value == "awaiting_payment"
    for topic in TOPICS:
        answer = owner.page(f"help/{topic}")
        assert answer.status_code == 200
        assert show_topic(topic).what in said(answer)
    assert owner.page("help/no-such-topic").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "topic"),
    [
        ("/c/shop/", "", "home"),
        ("/c/shop/items", "", "items"),
        ("/c/shop/items", "ready", "ready"),
        ("/c/shop/orders/5", "", "order"),
        ("/c/shop/transmissions/check", "", "transmissions"),
        ("/c/shop/help/ready", "", "ready"),
        ("/c/shop/collect", "", "items"),
    ],
)
def test_the_help_is_about_the_page(path, status, topic):
    assert topic_of(path, status) == topic


def test_the_live_stream_and_quiet_looks_do_not_keep_a_session(owner):
    """A session left alone runs out although the page looks for changes."""
    owner.page("jobs")
    seen = owner.client.session["seen"]
    session = owner.client.session
    session["seen"] = 0
    session.save()
    owner.page("bar", **{"X-Quiet": "true"})
    assert owner.client.session["seen"] == 0
    owner.page("jobs")
    assert owner.client.session["seen"] >= seen
