"""The companies of the proof, with real commits, once a module; the server and the browser that look at them."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from jumun.core.clock import now
from tests.conftest import TestDatabase
from tests.web.proof.company import ENGLISH, HALF, OWNER, PASSWORD, Made, found, furnish
from tests.web.test_browser import chromium, run  # noqa: F401 - a fixture


@dataclass
class World:
    """A full company and an empty one, and the session cookies of a person for each language."""

    full: Made
    empty: Made
    cookies: dict[str, str]
    database: TestDatabase


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, test_database: TestDatabase) -> Iterator[World]:
    """Both companies; every table is emptied afterwards."""
    from django.db import connection

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with django_db_blocker.unblock():
        test_database.empty()
        at = now()
        full, empty = found("full", "가득상회", at), found("empty", "텅빈상회", at)
        furnish(full, 60)
        cookies = {"ko": sign_in(OWNER), "en": sign_in(ENGLISH)}
        yield World(full, empty, cookies, test_database)
        connection.close()
        if connection.pool:
            connection.close_pool()
        test_database.empty()


def sign_in(email: str) -> str:
    """The session key of somebody who is signed in."""
    from jumun.companies.models import Person

    client = Client()
    client.force_login(Person.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def half_sign_in(at: datetime) -> str:
    """The session key of somebody who gave the password and is asked for a code, for the next five minutes."""
    from jumun.companies.models import Person, SecondFactor
    from jumun.companies.second_factor import begin

    fields = {"name": "Half Way", "password": make_password(PASSWORD), "created_at": at}
    person, new = Person.objects.get_or_create(email=HALF, defaults=fields)
    if new:
        begin(person.id)
    SecondFactor.objects.filter(person=person).update(confirmed_at=at)
    client = Client()
    assert client.post("/login", {"email": HALF, "password": PASSWORD})["Location"] == "/login/code"
    return client.cookies["sessionid"].value


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[str]:
    """The address of granian; nothing else runs, so that nothing on a page changes while it is looked at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = run(["web", "--port", str(port), "--workers", "1"], dict(world.database.env))
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=60) as client:
            client.get(f"http://127.0.0.1:{port}/livez").raise_for_status()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(40)
