"""Pages as a person sees them: Django's test client, CSRF enforced."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from jumun.companies.roles import Role
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.making import House, open_house

PASSWORD = "house-pass-2026"


@dataclass
class Visitor:
    """A browser: its cookies, and forms sent with the token a page gave."""

    client: Client
    slug: str = "shop"

    def page(self, path: str, **headers: str) -> Any:
        """GET a page of the company."""
        return self.client.get(f"/c/{self.slug}/{path}", headers=headers)

    def send(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = True) -> Any:
        """POST a form of the company."""
        return self.post(f"/c/{self.slug}/{path}", data, htmx=htmx)

    def post(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False) -> Any:
        """POST a form anywhere, with the CSRF token."""
        if "csrftoken" not in self.client.cookies:
            self.client.get("/login")
        headers = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        if htmx:
            headers["HX-Request"] = "true"
        return self.client.post(path, data or {}, headers=headers)

    def login(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        """Sign in through the login page."""
        self.client.get("/login")
        return self.post("/login", {"email": email, "password": password, **more})


def visitor(slug: str = "shop") -> Visitor:
    """A browser with nobody signed in."""
    return Visitor(Client(enforce_csrf_checks=True, raise_request_exception=False), slug)


@pytest.fixture
def at(db: None) -> datetime:
    """The present moment: pages tell time by the real clock."""
    return now()


@pytest.fixture
def shop(at: datetime) -> House:
    """A company with an account and a SKU, nobody acting for it."""
    return open_house(at, "shop")


@pytest.fixture
def owner(shop: House) -> Visitor:
    """The owner, signed in."""
    made = visitor()
    made.login("owner@shop.kr")
    return made


@pytest.fixture
def someone(shop: House) -> Callable[[Role], Visitor]:
    """Somebody of a role in the company, signed in."""
    from jumun.companies.actions import add_member

    def enter(role: Role) -> Visitor:
        with acting_as(shop.company):
            add_member(email=f"{role}@shop.kr", name=f"{role} 사람", password=PASSWORD, role=role, at=shop.at)
        made = visitor()
        made.login(f"{role}@shop.kr")
        return made

    return enter
