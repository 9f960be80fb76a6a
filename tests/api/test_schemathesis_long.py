"""The same fuzzing for long: many more examples, every role (S02). `.ci/run` and `make slow` run it."""

import os

import pytest

from jumun.api import channels
from jumun.companies.roles import Role
from tests.api.test_fuzz import OPERATIONS, both, filled, fuzz  # noqa: F401 - fixtures

pytestmark = [pytest.mark.slow]
EXAMPLES = int(os.environ.get("JUMUN_FUZZ", "40"))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("label", list(OPERATIONS))
def test_whatever_is_sent_for_long_the_answer_is_as_described(both, monkeypatch, label, role):  # noqa: F811
    monkeypatch.setattr(channels, "check_account", lambda *_ids: None)  # it would call a mall
    fuzz(OPERATIONS[label], both, role, EXAMPLES)
