"""Other sites get nothing done and nothing read: CSRF on every form, login CSRF, CORS, framing, odd methods (S04)."""

import json

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from jumun.core.tenancy import acting_as
from jumun.orders.models import OrderItem
from tests.api.conftest import token_for
from tests.api.test_walls import ROUTES as OPERATIONS
from tests.web.conftest import PASSWORD, visitor

EVIL = "https://evil.example"
IDS = {"int": "1", "bigid": "1", "slug": "naver", "uuid": "00000000-0000-4000-8000-000000000000", "str": "hold"}
CODES_OF_405 = ("TRACE", "PATCH", "PUT", "DELETE", "PROPFIND", "BREW")


def walk(patterns, before=""):
    """Every address of pages there is, with something in its blanks."""
    for each in patterns:
        path = before + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from walk(each.url_patterns, path)


def fill(path):
    out = path.replace("c/<slug:slug>/", "c/shop/")
    for kind, value in IDS.items():
        while f"<{kind}:" in out:
            start = out.index(f"<{kind}:")
            out = out[:start] + value + out[out.index(">", start) + 1 :]
    return "/" + out


PAGES = sorted({fill(path) for path in walk(get_resolver().url_patterns) if not path.startswith("api")})


def test_the_walk_finds_the_pages():
    assert {"/login", "/logout", "/c/shop/items/do", "/c/shop/orders/1/save", "/me/password"} <= set(PAGES)
    assert not [page for page in PAGES if "<" in page or "(" in page]


@pytest.fixture
def client(shop):
    """The owner's browser, signed in, with its cookies but as another site would use them: without the token."""
    made = visitor()
    assert made.login("owner@shop.kr").status_code == 302
    return made.client


FORMS = [page for page in PAGES if page not in ("/livez", "/readyz")]


def test_a_form_without_our_token_does_nothing(shop, client):
    """Signed in, as a form on another site posts: refused before any view, whatever the address."""
    given = {"X-CSRFToken": client.cookies["csrftoken"].value, "Origin": EVIL}
    for path in FORMS:
        for headers in ({}, {"Origin": EVIL}, {"Referer": f"{EVIL}/x"}, {"HX-Request": "true"}):
            for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
                answer = client.generic("POST", path, "ids=1&action=hold", content_type=kind, headers=headers)
                assert answer.status_code == 403, (path, headers, kind)
        assert client.post(path, {}, headers=given).status_code == 403, (path, "our token, another site's origin")


def test_a_token_of_another_browser_opens_nothing(shop, client):
    theirs = Client()
    theirs.get("/login")
    given = {"X-CSRFToken": theirs.cookies["csrftoken"].value}
    answers = {path: client.post(path, {}, headers=given).status_code for path in FORMS}
    assert set(answers.values()) == {403}, answers


def test_nobody_is_signed_in_by_another_site(shop):
    """Login CSRF: the victim must not end up in the attacker's company."""
    browser = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Origin": EVIL}, {"Referer": EVIL}):
        answer = browser.post("/login", {"email": "owner@shop.kr", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "sessionid" not in browser.cookies


def test_the_token_changes_when_somebody_signs_in(shop):
    browser = visitor()
    browser.client.get("/login")
    before = browser.client.cookies["csrftoken"].value
    browser.login("owner@shop.kr")
    assert browser.client.cookies["csrftoken"].value != before


def test_getting_a_page_changes_nothing(shop, client):
    """What another site can make a browser do without asking: GET, with cookies (Lax)."""
    with acting_as(shop.company):
        [item] = shop.order("A1", "a")
    for path in PAGES:
        client.get(f"{path}?ids={item.id}&action=hold&reason=other&scope=page")
    with acting_as(shop.company):
        [after] = OrderItem.objects.all()
        assert (after.held, after.status, after.last_batch) == (item.held, item.status, item.last_batch)
    assert client.get("/c/shop/items").status_code == 200, "still signed in: /logout takes a POST"


def test_a_session_is_no_token_for_rest(shop, client):
    """Cookies open nothing under /api/, so nothing there needs a CSRF token."""
    for method, path, _ in OPERATIONS:
        there = "/api/v1" + path.replace("{action}", "hold").replace("{batch_id}", IDS["uuid"])
        while "{" in there:
            there = there[: there.index("{")] + "1" + there[there.index("}") + 1 :]
        answer = client.generic(method, there, "{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_token"), (method, path)


@pytest.mark.parametrize("origin", [EVIL, "null", "http://testserver.evil.example", "http://testserver"])
def test_no_other_site_may_read_anything(shop, client, origin):
    bearer = {"Authorization": f"Bearer {token_for(shop)}"}
    ask = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answers = [
        client.get("/c/shop/items", headers={"Origin": origin}),
        client.get("/api/v1/items", headers=bearer | {"Origin": origin}),
        client.get("/api/v1/openapi.json", headers={"Origin": origin}),
        client.get("/livez", headers={"Origin": origin}),
        client.options("/api/v1/items", headers=ask),
        client.options("/c/shop/items", headers=ask),
        client.options("/login", headers=ask),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


OTHERS = ("/c/shop/items?part=list", "/nothing", "/c/other/items", "/api/v1/items", "/api/v1/docs", "/api/x")


def test_nothing_is_framed_sniffed_or_scripted_by_others(shop, client):
    for path in (*PAGES, *OTHERS):
        answer = client.get(path)
        assert answer["X-Frame-Options"] == "DENY", path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert answer["Referrer-Policy"] == "same-origin", path
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", path
        policy = answer["Content-Security-Policy"]
        for part in ("frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"):
            assert part in policy, path
        scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
        assert "unsafe" not in policy and "*" not in policy and "http" not in scripts, path


def test_cookies_stay_here(shop):
    browser = visitor()
    browser.login("owner@shop.kr")
    session, token = browser.client.cookies["sessionid"], browser.client.cookies["csrftoken"]
    assert session["httponly"] and session["samesite"] == "Lax" and not session["domain"]
    assert token["samesite"] == "Lax" and not token["domain"]


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "application/json, text/plain",
        "\u00e9",
    ],
)
def test_rest_takes_json_whatever_it_is_called_or_refuses_it(shop, kind):
    """Only the bearer opens REST, so the type of a body is no wall; but it never makes a 5xx or half a reading."""
    bearer = {"Authorization": f"Bearer {token_for(shop)}"}
    for body in (
        json.dumps({"code": "w2", "name": "둘째 창고"}).encode(),
        b"code=w2&name=x",
        b"--x--",
        b"",
        b"\xff\xfe{",
    ):
        answer = Client(raise_request_exception=False).generic(
            "POST", "/api/v1/ship-froms", body, content_type=kind, headers=bearer
        )
        assert answer.status_code in (200, 201, 400, 415, 422), (kind, body, answer.content)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert body.startswith((b"code", b"--", b"\xff")) or not body or answer.status_code in (400, 415)


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"]
)
def test_a_method_is_not_overridden(shop, client, header):
    with acting_as(shop.company):
        [item] = shop.order("A1", "a")
    bearer = {"Authorization": f"Bearer {token_for(shop)}", header: "DELETE"}
    account = f"/api/v1/channel-accounts/{shop.account}"
    assert Client().get(account, headers=bearer).status_code == 200
    assert Client().get(f"{account}?_method=DELETE", headers=bearer).status_code == 422
    assert Client().post(account, {"_method": "DELETE"}, headers=bearer).status_code == 405
    assert client.get(f"/c/shop/orders/{item.order_id}/recipient", headers={header: "POST"}).status_code == 405


@pytest.mark.parametrize("method", CODES_OF_405)
def test_odd_methods_do_nothing(shop, client, method):
    """TRACE echoes no header; a page takes GET and POST only. Without a token they are refused as forged at the latest."""
    with acting_as(shop.company):
        shop.order("A1", "a")
    secret = {"Authorization": f"Bearer {token_for(shop)}", "X-Secret": "do-not-echo"}
    for path in PAGES:
        answer = client.generic(method, path, headers=secret)
        assert answer.status_code in (302, 403, 404, 405), (method, path, answer.status_code)
        assert b"do-not-echo" not in answer.content
    for given, path, _ in OPERATIONS:
        if "{" in path:
            continue
        allowed = {each for each, there, _ in OPERATIONS if there == path}
        if method not in allowed:
            answer = Client().generic(method, f"/api/v1{path}", headers=secret)
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
            assert set(answer["Allow"].split(", ")) >= allowed
            assert b"do-not-echo" not in answer.content
    with acting_as(shop.company):
        assert OrderItem.objects.get().status == "preparing"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_what_is_there_changes_and_tells_nothing(shop, client, method):
    with acting_as(shop.company):
        shop.order("A1", "a")
    for path in PAGES:
        answer = client.generic(method, path)
        assert answer.status_code in (200, 204, 302, 403, 404, 405), (method, path, answer.status_code)
        assert "홍길동".encode() not in answer.content
    for _, path, _ in OPERATIONS:
        if "{" not in path:
            answer = client.generic(method, f"/api/v1{path}")
            assert answer.status_code in (401, 405), (method, path)
    with acting_as(shop.company):
        assert OrderItem.objects.get().status == "preparing"
