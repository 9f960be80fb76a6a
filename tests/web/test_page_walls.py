"""Every page route: nobody without signing in, nobody of another company, no id of another company (S01, I7)."""

from uuid import UUID

import pytest

from jumun.companies.models import Member
from jumun.companies.roles import Role
from jumun.companies.tokens import make_token
from jumun.core.tenancy import acting_as
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.web.urls import company
from tests.making import make_line, open_house
from tests.web.conftest import visitor

ROUTES = [str(pattern.pattern) for pattern in company]
WITH_ID = [route for route in ROUTES if "<int:" in route or "<uuid:" in route]


def filled(route: str, ids: dict[str, int | str]) -> str:
    """The route with these ids in its blanks."""
    for name, value in ids.items():
        for kind in ("int", "uuid", "slug"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in route, f"no id is known for {route}"
    return route


@pytest.fixture
def theirs(shop, at):
    """Another company with a row behind every kind of id that a page address names."""
    other = open_house(at, "other")
    with acting_as(other.company):
        other.store([make_line("A1", "a", at)])
        (item,) = other.items()
        batch = release(Selection(filter=ItemFilter()), by=other.owner, at=at).batch
        make_token(company_id=other.company, person_id=other.owner, name="t", role=Role.OWNER, expires_at=None, at=at)
        from jumun.companies.models import ApiToken
        from jumun.jobs.actions import open_job
        from jumun.jobs.models import Family

        job = open_job(company_id=other.company, kind="sync", family=Family.MALL, parts=1, by=None, at=at)
        ids = {
            "order_id": item.order_id,
            "batch": str(batch),
            "job_id": job,
            "account_id": other.account,
            "member_id": Member.objects.get().id,
            "token_id": ApiToken.objects.get().id,
            "kind": "naver",
        }
    assert isinstance(batch, UUID)
    return other, ids


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
def test_nobody_gets_in_without_signing_in(theirs, route, method):
    """Not one page answers a stranger with anything but the way to the sign-in."""
    _, ids = theirs
    stranger = visitor("other")
    answer = stranger.page(filled(route, ids)) if method == "get" else stranger.send(filled(route, ids), htmx=False)
    assert answer.status_code in (302, 401, 403, 404, 405), (route, answer.status_code)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/login")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_member_of_one_company_finds_nothing_under_another(theirs, owner, route, method):
    """The other company's address answers as one that does not exist."""
    _, ids = theirs
    owner.slug = "other"
    path = filled(route, ids)
    answer = owner.page(path) if method == "get" else owner.send(path)
    assert answer.status_code in (404, 405), (route, answer.status_code)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", WITH_ID)
def test_ids_of_another_company_are_not_found_in_ones_own(theirs, owner, route, method):
    """Guessing ids under one's own address reads and changes nothing of the other company."""
    other, ids = theirs
    path = filled(route, ids)
    answer = owner.page(path) if method == "get" else owner.send(path, {"role": "viewer", "reason": "x"})
    assert answer.status_code in (404, 405), (route, answer.status_code)
    with acting_as(other.company):
        assert OrderItem.objects.get().status == "ready"
        assert Member.objects.get().role == Role.OWNER


@pytest.mark.parametrize("route", ROUTES)
def test_the_same_addresses_answer_their_own_owner(theirs, route):
    """The control: these ids exist, so that a 404 above is a wall and not a wrong number."""
    _, ids = theirs
    insider = visitor("other")
    insider.login("owner@other.kr")
    answer = insider.page(filled(route, ids))
    assert answer.status_code in (200, 302, 405), (route, answer.status_code)
