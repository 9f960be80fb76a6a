from collections.abc import Iterator
from datetime import timedelta

import pytest

from jumun.companies.roles import Role
from jumun.companies.tokens import make_token
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.conftest import Committed, Desk
from tests.stories.running import Running


@pytest.fixture
def running(committed: Committed) -> Iterator[Running]:
    """Nothing runs yet; whatever a test starts is ended."""
    made = Running(dict(committed.database_env))
    yield made
    made.stop()


@pytest.fixture
def token(desk: Desk) -> str:
    """A bearer token of the desk's owner."""
    with acting_as(desk.company):
        return make_token(
            company_id=desk.company,
            person_id=desk.owner,
            name="story",
            role=Role.OWNER,
            expires_at=now() + timedelta(days=1),
            at=now(),
        )
