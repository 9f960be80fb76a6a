"""REST as a caller sees it: Django's test client with a bearer token."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from tests.making import House, open_house


@dataclass
class Answer:
    """Status, body and headers of one answer."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The problem's code; fails the test when it is no problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        assert self.body["status"] == self.status
        return self.body["code"]


@dataclass
class Api:
    """One caller."""

    token: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send JSON (or text as it is) and read JSON."""
        content = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        made = Client(raise_request_exception=False).generic(
            method,
            f"/api/v1{path}",
            content,
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        if made.streaming:
            return Answer(made.status_code, b"".join(made.streaming_content), made.headers)
        return Answer(made.status_code, json.loads(made.content) if made.content else None, made.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, body if body is not None else {}, **headers)

    def patch(self, path: str, body: Any) -> Answer:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def walk(self, path: str, limit: int) -> list[Any]:
        """All rows of a list, page by page; no page is longer than asked and none but the last is shorter."""
        rows: list[Any] = []
        cursor = ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}limit={limit}&cursor={cursor}")
            assert page.status == 200, page.body
            assert len(page.body["items"]) <= limit
            rows += page.body["items"]
            cursor = page.body["next_cursor"]
            if cursor is None:
                return rows
            assert len(page.body["items"]) == limit


def token_for(
    house: House,
    role: Role = Role.OWNER,
    *,
    person: int | None = None,
    scopes: tuple[Any, ...] = (),
    days: int | None = None,
    at: datetime | None = None,
) -> str:
    """A bearer token of the house's owner, or of another person."""
    from jumun.companies.tokens import make_token

    made = at or house.at
    with acting_as(house.company):
        return make_token(
            company_id=house.company,
            person_id=person or house.owner,
            name="test",
            role=role,
            scopes=scopes,
            expires_at=made + timedelta(days=days) if days is not None else None,
            at=made,
        )


@pytest.fixture
def shop(db: None, noon: datetime) -> House:
    """A company nobody acts for yet, rolled back afterwards."""
    return open_house(noon)


@pytest.fixture
def rival(db: None, noon: datetime) -> House:
    """Another company with rows of its own."""
    return open_house(noon, slug="rival")


@pytest.fixture
def api(shop: House) -> Api:
    """The shop's owner."""
    return Api(token_for(shop))


@pytest.fixture
def api_as(shop: House) -> Callable[..., Api]:
    """`api_as(Role.CLERK)`: the owner's token narrowed to a role."""
    return lambda role, **more: Api(token_for(shop, role, **more))


def store(house: House, number: str, *keys: str, **more: Any) -> list[Any]:
    """Collect one order; answers its items."""
    with acting_as(house.company):
        return house.order(number, *keys, **more)
