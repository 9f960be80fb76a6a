"""Schemathesis against the whole description, as an owner and as a clerk, with a fixed seed (S02).

No answer is a 5xx, every answer is as described, what is not valid is refused, and nothing opens without a token.
"""

import os
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import sampled_from
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from jumun.api import channels
from jumun.api.app import api as interface
from jumun.companies.roles import Role
from jumun.orders.states import ACTIONS
from tests.api.conftest import Api, store, token_for

EXAMPLES = int(os.environ.get("JUMUN_FUZZ", "8"))
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


@pytest.mark.parametrize("role", [Role.OWNER, Role.CLERK])
@pytest.mark.parametrize("label", list(OPERATIONS))
def test_whatever_is_sent_the_answer_is_as_described(shop, rival, monkeypatch, label, role):
    monkeypatch.setattr(channels, "check_account", lambda *_ids: None)  # it would call a mall
    known = known_ids(shop)
    caller = {"Authorization": f"Bearer {token_for(shop, role)}"}

    def send(case, known_action):
        if case.path_parameters and case.meta.generation.mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: (known | {"action": known_action})[name] for name in case.path_parameters}
        if vanishes(case.query):
            return
        case.call_and_validate(headers=caller, checks=CHECKS)

    with one_transaction():
        run(send, OPERATIONS[label], GenerationMode.POSITIVE)
        try:
            run(send, OPERATIONS[label], GenerationMode.NEGATIVE)
        except schemathesis.errors.SchemathesisError as nothing_to_send:
            assert "negative" in str(nothing_to_send).lower(), nothing_to_send


def run(send, operation, mode):
    """Send examples of an operation, valid or not, always the same ones."""
    decorate = settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    cases = operation.as_strategy(generation_mode=mode)
    seed(20261123)(decorate(given(cases, sampled_from(ACTIONS))(send)))()


def vanishes(query):
    """Whether a made-up parameter leaves no trace in the address: then nothing wrong was sent."""
    return any(value in ([], {}, None) for value in (query or {}).values())


def known_ids(shop):
    """Ids that are there, by the name of their path parameter: guessed ones only ever find nothing."""
    [item, other] = store(shop, "A1", "a1", "a2")
    owner = Api(token_for(shop))
    job = owner.post("/items/actions/transmit", {"ids": [item.id]}).body["job"]
    return {
        "order_id": item.order_id,
        "account_id": shop.account,
        "batch_id": str(owner.post("/items/actions/release", {"ids": [other.id]}).body["batch"]),
        "job_id": job,
        "member_id": owner.get("/me").body["member"]["id"],
        "token_id": owner.get("/tokens").body["items"][0]["id"],
    }
