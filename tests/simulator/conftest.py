"""One simulator in this process for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .desk import Desk
from .wing import Wing


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.settings(naver__rps=1000)
    desk.log_in()
    yield desk
    desk.close()


@pytest.fixture
def wing() -> Iterator[Wing]:
    wing = Wing()
    yield wing
    wing.close()
