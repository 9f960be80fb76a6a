"""Every error is application/problem+json with a stable code."""

import json

import pytest
from django.test import Client

from jumun.api import items
from tests.api.conftest import Api, store

HUGE = 2**63


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nothing", None, 404, "not_found"),
        ("POST", "/nothing", {}, 404, "not_found"),
        ("GET", "/items/", None, 404, "not_found"),
        ("GET", "", None, 404, "not_found"),
        ("PUT", "/items", {}, 405, "method_not_allowed"),
        ("TRACE", "/items", None, 405, "method_not_allowed"),
        ("GET", "/orders/1", None, 404, "not_found"),
        ("GET", "/orders/0", None, 404, "not_found"),
        ("GET", f"/orders/{HUGE}", None, 404, "not_found"),
        ("GET", "/orders/99999999999999999999999", None, 404, "not_found"),
        ("GET", "/orders/-1", None, 404, "not_found"),
        ("GET", "/orders/%00", None, 404, "not_found"),
        ("GET", "/jobs/x", None, 404, "not_found"),
        ("GET", "/batches/nope", None, 404, "not_found"),
        ("GET", "/items?limit=201", None, 422, "invalid"),
        ("GET", "/items?limit=0", None, 422, "invalid"),
        ("GET", "/items?limit=ten", None, 422, "invalid"),
        ("GET", "/items?stauts=paid", None, 422, "invalid"),
        ("GET", "/items?status=gone", None, 422, "invalid"),
        ("GET", "/items?q=%00", None, 422, "invalid"),
        ("GET", "/items?ids=1,x", None, 422, "invalid"),
        ("GET", f"/items?ids={HUGE}", None, 422, "invalid"),
        ("GET", f"/items?channel_account={HUGE}", None, 422, "invalid"),
        ("GET", "/items?ordered_from=2026-11-23", None, 422, "invalid"),
        ("GET", "/items?ordered_from=1763870400", None, 422, "invalid"),
        ("GET", "/items?cursor=%25%25", None, 400, "bad_cursor"),
        ("GET", "/skus?cursor=AA", None, 400, "bad_cursor"),
        ("GET", "/jobs?cursor=-1", None, 400, "bad_cursor"),
        ("GET", "/access-trail?cursor=eHx4", None, 400, "bad_cursor"),
        ("POST", "/waybills", "{", 400, "bad_request"),
        ("POST", "/waybills", '{"waybills": NaN}', 400, "bad_request"),
        ("POST", "/waybills", "[" * 5000, 400, "bad_request"),
        ("POST", "/waybills", '"\\ud800"', 400, "bad_request"),
        ("POST", "/waybills", "", 422, "invalid"),
        ("POST", "/waybills", {"waybills": []}, 422, "invalid"),
        ("POST", "/waybills", {"waybills": [{"item": 1, "carrier": "cj", "number": "1\x00"}]}, 422, "invalid"),
        ("POST", "/waybills", {"waybills": [{"item": HUGE, "carrier": "cj", "number": "1"}]}, 422, "invalid"),
        ("POST", "/waybills", {"waybills": [{"item": "1", "carrier": "cj", "number": "1"}]}, 422, "invalid"),
        ("POST", "/waybills", {"waybills": [{"carrier": "cj", "number": "1"}]}, 422, "invalid"),
        ("POST", "/collections", {"accounts": [1], "company_id": 2}, 422, "invalid"),
        ("POST", "/collections", {"accounts": [2**40]}, 404, "not_found"),
        ("POST", "/items/actions/release", {}, 422, "invalid"),
        ("POST", "/items/actions/release", {"ids": [1], "filter": {}}, 422, "invalid"),
        ("POST", "/items/actions/release", {"ids": [1.5]}, 422, "invalid"),
        ("POST", "/items/actions/release", {"ids": [True]}, 422, "invalid"),
        ("POST", "/items/actions/release", {"filter": {"company": 1}}, 422, "invalid"),
        ("POST", "/items/actions/fly", {"ids": [1]}, 404, "unknown_action"),
        ("POST", "/items/actions/hold", {"ids": [1], "params": {"reason": "whim"}}, 400, "invalid"),
        ("POST", "/items/actions/release", {"ids": [1], "params": {"reason": "other"}}, 400, "invalid"),
        ("POST", "/members", {"email": "x", "name": "x", "password": "x", "role": "owner"}, 422, "invalid"),
        ("POST", "/channel-accounts", {"channel": "ebay", "name": "x", "key": "x"}, 400, "unknown_channel"),
        ("POST", "/channel-accounts", {"channel": "naver", "name": "x", "key": "x"}, 400, "missing_credentials"),
        ("POST", "/jobs/1/retry", {}, 404, "not_found"),
    ],
)
def test_a_wrong_call_is_told_so(api, method, path, body, status, code):
    answer = api.call(method, path, body)
    assert (answer.status, answer.code) == (status, code), answer.body
    assert set(answer.body) == {"type", "title", "status", "detail", "code", "errors"}
    assert answer.body["type"] == f"urn:jumun:problem:{code}"


def test_a_wrong_value_is_named_with_its_place(api):
    answer = api.post("/waybills", {"waybills": [{"item": 1, "carrier": "cj", "number": 5, "extra": "홍길동"}]})
    assert [(error["loc"], error["type"]) for error in answer.body["errors"]] == [
        (["body", "waybills", 0, "number"], "string_type"),
        (["body", "waybills", 0, "extra"], "extra_forbidden"),
    ]
    assert "홍길동" not in json.dumps(answer.body, ensure_ascii=False)
    query = api.get("/items?limit=500")
    assert query.body["errors"][0]["loc"][-1] == "limit"


def test_it_is_told_in_the_callers_language(api):
    korean, english = api.get("/orders/1"), api.get("/orders/1", Accept_Language="en-US,ko;q=0.5")
    assert korean.body["title"] == "찾을 수 없습니다"
    assert english.body["title"] == "Not found"
    assert (korean.headers["Content-Language"], english.headers["Content-Language"]) == ("ko", "en")
    assert api.get("/orders/1", Accept_Language="de, fr").body["title"] == "찾을 수 없습니다"


def test_a_body_too_large_is_told_so(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert (api.post("/waybills", {"waybills": ["x" * 2000]}).status) == 413
    assert api.post("/waybills", {"waybills": ["x" * 2000]}).code == "too_large"


def test_a_failure_tells_a_reference_and_nothing_else(api, monkeypatch, caplog):
    def fall(*_arguments, **_names):
        raise RuntimeError("홍길동 010-1234-5678")

    monkeypatch.setattr(items, "count_steps", fall)
    answer = api.get("/items/counts")
    assert (answer.status, answer.code) == (500, "server_error")
    assert answer.body["reference"] in answer.body["detail"]
    assert answer.body["reference"] in caplog.text
    assert "홍길동" not in json.dumps(answer.body, ensure_ascii=False) + caplog.text


def test_a_refusal_of_the_framework_is_a_problem_too(api, settings):
    settings.ALLOWED_HOSTS = ["only.example"]
    answer = api.get("/items")
    assert (answer.status, answer.code) == (400, "bad_request")


def test_no_cache_keeps_an_answer(shop, api):
    store(shop, "A1", "a1")
    assert api.get("/items").headers["Cache-Control"] == "no-store"
    assert Api("").get("/items").headers["Cache-Control"] == "no-store"


def test_405_says_what_goes(api):
    assert api.call("PUT", "/items", {}).headers["Allow"] == "GET"


def test_probes_answer_without_a_token(db):
    assert Client().get("/livez").json() == {"status": "ok"}
    assert Client().get("/readyz").json() == {"status": "ok"}
