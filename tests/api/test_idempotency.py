"""Idempotency-Key on a POST (R24): once, also when it is sent twice at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from jumun.api import catalog
from jumun.catalog.models import ShipFrom
from jumun.companies.answers import forget_answers, forget_everywhere
from jumun.companies.models import ApiToken, SavedAnswer
from jumun.companies.roles import Role
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, token_for
from tests.making import open_house

KEY = {"Idempotency_Key": "once-1"}


def test_the_same_call_again_gets_the_saved_answer(shop, api):
    first = api.post("/tokens", {"name": "a"}, **KEY)
    again = api.post("/tokens", {"name": "a"}, **KEY)
    assert (first.status, again.status) == (201, 201)
    assert again.body["id"] == first.body["id"]
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    with acting_as(shop.company):
        assert ApiToken.objects.filter(name="a").count() == 1


def test_a_secret_is_told_once_and_never_kept(shop, api):
    made = api.post("/tokens", {"name": "a"}, **KEY).body["token"]
    assert made.startswith("jmn_")
    assert api.post("/tokens", {"name": "a"}, **KEY).body["token"] is None
    with acting_as(shop.company):
        assert made not in SavedAnswer.objects.get().body


def test_another_body_under_the_key_is_refused(api):
    assert api.post("/ship-froms", {"code": "a", "name": "a"}, **KEY).status == 200
    other = api.post("/ship-froms", {"code": "b", "name": "b"}, **KEY)
    assert (other.status, other.code) == (422, "key_reused")
    assert [row["code"] for row in api.get("/ship-froms").body["items"]] == ["main", "a"]


def test_another_person_under_the_key_is_refused(shop, api):
    body = {"code": "a", "name": "a"}
    api.post("/ship-froms", body, **KEY)
    made = {"email": "b@house.kr", "name": "b", "password": "pass-word-2026", "role": "clerk"}
    person = api.post("/members", made).body["person"]
    assert Api(token_for(shop, Role.CLERK, person=person)).post("/ship-froms", body, **KEY).code == "key_reused"
    assert Api(token_for(shop)).post("/ship-froms", body, **KEY).status == 200  # one's own other token is oneself


def test_a_key_belongs_to_an_address_and_a_company(rival, api):
    assert api.post("/ship-froms", {"code": "a", "name": "a"}, **KEY).status == 200
    assert api.post("/products", {"products": []}, **KEY).body == {
        "products": 0,
        "skus": 0,
        "linked": 0,
        "independent": [],
    }
    assert Api(token_for(rival)).post("/ship-froms", {"code": "z", "name": "z"}, **KEY).body["code"] == "z"


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_no_use_is_refused(api, key):
    refused = api.post("/ship-froms", {"code": "a", "name": "a"}, Idempotency_Key=key)
    assert (refused.status, refused.code) == (422, "invalid")


def test_a_crash_leaves_the_key_free_and_nothing_done(shop, api, monkeypatch):
    real = catalog.put_ship_from

    def done_then_fall(*arguments, **names):
        real(*arguments, **names)
        raise RuntimeError("the power went")

    monkeypatch.setattr(catalog, "put_ship_from", done_then_fall)
    assert api.post("/ship-froms", {"code": "a", "name": "a"}, **KEY).status == 500
    with acting_as(shop.company):
        assert not ShipFrom.objects.filter(code="a").exists()
        assert not SavedAnswer.objects.exists()
    monkeypatch.setattr(catalog, "put_ship_from", real)
    assert api.post("/ship-froms", {"code": "a", "name": "a"}, **KEY).status == 200


def test_a_refused_call_may_be_made_again_under_its_key(api):
    wrong = {"products": [{"code": "P", "name": "P", "skus": [{"code": "S", "ship_from": "nowhere"}]}]}
    assert api.post("/products", wrong, **KEY).status == 400
    wrong["products"][0]["skus"][0]["ship_from"] = "main"
    assert api.post("/products", wrong, **KEY).body == {"products": 1, "skus": 1, "linked": 0, "independent": []}


def test_old_answers_are_forgotten(shop, api):
    api.post("/ship-froms", {"code": "a", "name": "a"}, **KEY)
    with acting_as(shop.company):
        forget_answers(before=now() - timedelta(days=1))
        assert SavedAnswer.objects.count() == 1
    forget_everywhere(before=now() + timedelta(seconds=1))
    with acting_as(shop.company):
        assert SavedAnswer.objects.count() == 0


def test_two_at_once_do_it_once(committed, noon, monkeypatch):
    shop = open_house(noon)
    caller = Api(token_for(shop))
    inside, go_on = threading.Event(), threading.Event()
    real = catalog.put_ship_from

    def slowly(*arguments, **names):
        made = real(*arguments, **names)
        inside.set()
        assert go_on.wait(10)
        return made

    monkeypatch.setattr(catalog, "put_ship_from", slowly)
    answers = {}

    def send():
        answers["first"] = caller.post("/ship-froms", {"code": "a", "name": "a"}, **KEY)
        connection.close()

    first = threading.Thread(target=send)
    first.start()
    assert inside.wait(10)
    second = caller.post("/ship-froms", {"code": "a", "name": "a"}, **KEY)
    assert (second.status, second.code) == (409, "key_running")
    go_on.set()
    first.join(10)
    assert answers["first"].status == 200
    third = caller.post("/ship-froms", {"code": "a", "name": "a"}, **KEY)
    assert (third.status, third.body, third.headers["Idempotent-Replayed"]) == (200, answers["first"].body, "true")


def test_a_hundred_at_once_do_it_once(committed, noon):
    shop = open_house(noon)
    caller = Api(token_for(shop))
    start, answers = threading.Barrier(8), []

    def send():
        start.wait(10)
        for _ in range(12):
            answers.append(caller.post("/tokens", {"name": "one"}, **KEY))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body["id"] for answer in answers if answer.status == 201}) == 1
    with acting_as(shop.company):
        assert ApiToken.objects.filter(name="one").count() == 1
