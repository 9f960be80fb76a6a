"""Every page is in the list of pages, so that none is added without being proven."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from jumun.web.urls import urlpatterns
from tests.web.proof.pages import NO_PAGES, PAGES

BLANKS = {"int": "1", "slug": "naver", "uuid": "11111111-1111-4111-8111-111111111111", "str": "x", "bigid": "1"}


def _routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[tuple[str, str]]:
    """(name in our list, address with something in every blank)."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        else:
            filled = re.sub(r"<(\w+):\w+>", lambda found: BLANKS[found[1]], route)
            yield route.removeprefix("/c/<slug:slug>/"), filled


ROUTES = list(_routes(urlpatterns))


@pytest.mark.parametrize(("route", "address"), ROUTES, ids=[route or "home" for route, _ in ROUTES])
def test_every_page_is_listed(db, route, address):
    """An address that answers GET is proven as a page, or it is said why it is none."""
    listed = any(page.route == route for page in PAGES)
    answers = Client(raise_request_exception=False).get(address).status_code != 405
    if not answers:
        assert not listed and route not in NO_PAGES, f"{route} does not answer GET any more"
    else:
        assert listed != (route in NO_PAGES), f"put {route} into PAGES, or into NO_PAGES with a reason"


def test_no_list_outlives_its_pages():
    routes = {route for route, _ in ROUTES} | {"404"}
    assert {page.route for page in PAGES} <= routes
    assert set(NO_PAGES) <= routes
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))
