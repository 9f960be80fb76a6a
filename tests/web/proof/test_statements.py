"""A page asks the database at most 20 things, and as many with a thousand orders as with ten."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.web.proof.company import found, furnish
from tests.web.proof.conftest import half_sign_in
from tests.web.proof.pages import PAGES

MOST = 20
LOOKING = {"home": 9}
"""What came late to be combined (N8) is looked for in nine statements at most."""
FEW, MANY = 20, 1000
BORDERS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")
"""Where transactions begin and end: no questions."""


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker, test_database):
    """The statements of each page with few orders and with many: {name: (status, few, many)}."""
    with django_db_blocker.unblock():
        test_database.empty()
        made = found("full", "가득상회", now())
        furnish(made, FEW, troubles=6)
        few = _look(made)
        furnish(made, MANY - FEW, troubles=24)
        with acting_as(made.house.company), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        many = _look(made)
        yield {name: (*few[name], *many[name]) for name in few}
        connection.close()
        if connection.pool:
            connection.close_pool()
        test_database.empty()


def _look(made):
    from jumun.companies.models import Person

    client = Client()
    client.force_login(Person.objects.get(id=made.house.owner), backend="django.contrib.auth.backends.ModelBackend")
    half = half_sign_in(now())
    client.get("/c/full/items")  # what a process asks once, and the session's first full time
    looked = {}
    for page in PAGES:
        guest = client if page.seen_by == "person" else Client()
        if page.seen_by == "half":
            guest.cookies["sessionid"] = half
        with CaptureQueriesContext(connection) as captured:
            answer = guest.get(address(page, made))
        told = [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(BORDERS)]
        looked[page.name] = (answer.status_code, told)
    return looked


def address(page, made):
    path = page.path.format(**made.ids)
    return path if path.startswith("/") else f"/c/{made.slug}/{path}".removesuffix("./")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_statements_of_a_page(asked, page):
    """At most 20, the ones for session and tenancy among them; the same number at ten orders and at a thousand."""
    status, few, again, many = asked[page.name]
    assert (status, again) == (page.status, page.status)
    if len(many) > MOST + LOOKING.get(page.name, 0):
        pytest.fail(f"{len(many)} statements:\n" + "\n".join(each[:150] for each in many), pytrace=False)
    if len(few) != len(many):
        more = sorted(set(many) - set(few))
        told = "\n".join(each[:300] for each in more)
        pytest.fail(f"{len(few)} statements for few orders, {len(many)} for many:\n{told}", pytrace=False)
