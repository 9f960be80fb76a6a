"""The simulator as a process of its own, once a session, and one connector a test."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest

from jumun.channels import registry
from jumun.channels.port import Connector, Session
from jumun.connectors.coupang import client as coupang_client
from jumun.connectors.coupang.connector import CoupangConnector
from jumun.connectors.naver.connector import NaverConnector

from .harness import Mall, PaceNotes, Tokens

for each in (NaverConnector, CoupangConnector):
    if each.profile.kind not in registry.kinds():
        registry.register(each)


@pytest.fixture(scope="session")
def control() -> Iterator[httpx.Client]:
    """A client of the simulator's control API; the simulator ends with the session."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-m", "jumun.simulator", "--port", str(port)])
    try:
        # Connecting again with growing pauses is httpx's own: 0, 0.5, 1, 2 … seconds.
        patient = httpx.HTTPTransport(retries=6)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=patient, timeout=30) as client:
            client.get("/control/health").raise_for_status()
            yield client
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture(params=registry.kinds())
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mall(control: httpx.Client, kind: str) -> Mall:
    return Mall(control, kind)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def pace() -> PaceNotes:
    return PaceNotes()


@pytest.fixture
def connector(mall: Mall, tokens: Tokens, pace: PaceNotes) -> Iterator[Connector]:
    with registry.connect(mall.kind, mall.session(tokens=tokens, pace=pace)) as connected:
        yield connected


@pytest.fixture
def impatient(mall: Mall, tokens: Tokens, pace: PaceNotes) -> Iterator[Connector]:
    """The same account with half a second of patience."""
    with registry.connect(mall.kind, mall.session(tokens=tokens, pace=pace, timeout=0.5)) as connected:
        yield connected


@pytest.fixture
def connect_with(mall: Mall, tokens: Tokens, pace: PaceNotes) -> Iterator[Callable[..., Connector]]:
    """A connector with other keys: `connect_with(client_secret="…")`."""
    opened: list[Connector] = []

    def connect(**keys: str) -> Connector:
        opened.append(registry.connect(mall.kind, mall.session(tokens=tokens, pace=pace, **keys)))
        return opened[-1]

    yield connect
    for each in opened:
        each.__exit__(None, None, None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[CoupangConnector, list[httpx.Request]]]:
    """A connector whose calls are answered by a function of the request, and what it was asked."""

    def make(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[CoupangConnector, list[httpx.Request]]:
        seen: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return answer(request)

        real = httpx.Client
        monkeypatch.setattr(
            coupang_client.httpx, "Client", lambda **how: real(**how, transport=httpx.MockTransport(handle))
        )
        keys = {"vendor_id": "A00012345", "access_key": "key", "secret_key": "sim-secret-key"}
        session = Session(keys, "https://api-gateway.coupang.com", Tokens(), PaceNotes())
        return CoupangConnector(session), seen

    return make
