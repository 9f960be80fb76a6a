"""Schemathesis against the whole description, with the tokens of two companies and two roles, with a fixed seed (S02).

No answer is a 5xx, every answer is as described, what is not valid is refused, nothing opens without a token, and
nothing of the other company is found or changed. `JUMUN_FUZZ` is the number of examples; `test_schemathesis_long` has more.
"""

import os
from contextlib import contextmanager
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import booleans, sampled_from
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from jumun.api import channels
from jumun.api.app import api as interface
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.states import ACTIONS
from tests.api.conftest import token_for
from tests.api.test_walls import one_of_everything
from tests.conftest import NOON
from tests.making import House, open_house

EXAMPLES = int(os.environ.get("JUMUN_FUZZ", "4"))
SCHEMA = schemathesis.openapi.from_dict(dict(interface.get_openapi_schema(path_prefix="/api/v1/")))
SCHEMA.app = get_wsgi_application()
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
    checks.ignored_auth,
]
STANDS_IN = ("POST /api/v1/channel-accounts/{account_id}/check",)
"""What it does is taken out for these tests, the look at whose account it is among it (test_walls sees to that)."""
TABLES = (
    "orders_order",
    "orders_recipient",
    "orders_orderitem",
    "orders_shipment",
    "orders_batch",
    "claims_claim",
    "channels_channelaccount",
    "channels_holiday",
    "channels_penaltyrule",
    "catalog_sku",
    "companies_member",
    "jobs_job",
    "intake_gap",
)
"""Rows that no call of another company may change."""


@contextmanager
def one_transaction():
    """Requests leave the test's connection open, as Django's own test client has it."""
    for signal in request_started, request_finished:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in request_started, request_finished:
            signal.connect(close_old_connections)


class Both(NamedTuple):
    """The caller's company and another one, and one of everything in each."""

    shop: House
    rival: House
    ours: dict[str, Any]
    theirs: dict[str, Any]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """Both companies, made once: what takes longest here."""
    with django_db_blocker.unblock(), transaction.atomic():
        shop, rival = open_house(NOON), open_house(NOON, slug="rival")
        yield Both(shop, rival, one_of_everything(shop), one_of_everything(rival))
        transaction.set_rollback(True)


@pytest.fixture
def both(filled, django_db_blocker):
    """Both companies as they were made, whatever a test before did to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield filled
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", [Role.OWNER, Role.VIEWER])
@pytest.mark.parametrize("label", list(OPERATIONS))
def test_whatever_is_sent_the_answer_is_as_described(both, monkeypatch, label, role):
    monkeypatch.setattr(channels, "check_account", lambda *_ids: None)  # it would call a mall
    fuzz(OPERATIONS[label], both, role, EXAMPLES)


def fuzz(operation, both, role, examples):
    """Send valid and invalid examples of an operation about both companies' rows; the rival's stay as they are."""
    shop, rival, ours, theirs = both
    caller = {"Authorization": f"Bearer {token_for(shop, role)}"}
    before = fingerprint(rival)

    def send(case, action, guessing):
        named = False
        if case.path_parameters and case.meta.generation.mode is GenerationMode.POSITIVE:
            known = (theirs if guessing else ours) | {"action": action}
            case.path_parameters = {name: str(known[name]) for name in case.path_parameters}
            named = guessing and not set(case.path_parameters) <= {"action", "day"} and operation.label not in STANDS_IN
        if vanishes(case.query) or happens_to_be_valid(case):
            return
        answer = case.call_and_validate(headers=caller, checks=CHECKS)
        assert not named or answer.status_code >= 400, "an id of the other company opened something"

    with one_transaction():
        run(send, operation, GenerationMode.POSITIVE, examples)
        try:
            run(send, operation, GenerationMode.NEGATIVE, examples)
        except schemathesis.errors.SchemathesisError as nothing_to_send:
            assert "negative" in str(nothing_to_send).lower(), nothing_to_send
    assert fingerprint(rival) == before


def run(send, operation, mode, examples):
    """Send examples of an operation, valid or not, always the same ones."""
    decorate = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    cases = operation.as_strategy(generation_mode=mode)
    seed(20261123)(decorate(given(cases, sampled_from(ACTIONS), booleans())(send)))()


def vanishes(query):
    """Whether a made-up parameter leaves no trace in the address: then nothing wrong was sent."""
    return any(value in ([], {}, None, "", [""]) for value in (query or {}).values())


def happens_to_be_valid(case):
    """Whether nothing but ids and texts were made up, and in an address they read as such: "7" for 7, "false" for false."""
    if case.meta.generation.mode is not GenerationMode.NEGATIVE or case.operation.body:
        return False
    if case.query:
        schemas = {each.name: each.definition.get("schema", {}) for each in case.operation.query}
        return all(
            name in schemas and (fits(schemas[name], value) or (is_free_text(schemas[name]) and reads_as_text(value)))
            for name, value in case.query.items()
        )
    return bool(case.path_parameters) and all(str(value).isdigit() for value in case.path_parameters.values())


def fits(schema, value):
    """Whether the description allows a value; one that is described elsewhere is not looked into."""
    try:
        return jsonschema_rs.is_valid(schema, value)
    except Exception:  # a reference into the document
        return False


def reads_as_text(value):
    """Whether a made-up value stands in an address as a word like any other: false, 7, "false"."""
    return isinstance(value, (bool, int)) or value in ("true", "false") or (isinstance(value, str) and value.isdigit())


def is_free_text(schema):
    """Whether a query parameter takes any words, or a list of them; the one pattern texts have only keeps NUL out."""
    inner = schema.get("items", {}) if schema.get("type") == "array" else schema
    return inner.get("type") == "string" and not {"enum", "format"} & set(inner)


def fingerprint(house):
    """Every row of a company, as one text a table."""
    with acting_as(house.company), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', coalesce(md5(string_agg(t::text, '' ORDER BY t.id::text)), '') FROM {name} t"
                for name in TABLES
            )
        )
        return dict(cursor.fetchall())


def test_the_fingerprint_sees_a_change(both):
    """The control: were a row of the rival changed, the test above would fail."""
    rival = both.rival
    before = fingerprint(rival)
    assert all(before.values()), "every table has rows"
    with acting_as(rival.company):
        rival.items()[0].save(update_fields=["status"])
        assert fingerprint(rival) == before
        with connection.cursor() as cursor:
            cursor.execute("UPDATE orders_orderitem SET push_code = 'x'")
    assert [name for name, row in fingerprint(rival).items() if row != before[name]] == ["orders_orderitem"]
