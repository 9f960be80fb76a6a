"""Jumun as its users run it: a web process and workers of their own, spoken to over REST."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Running:
    """Processes of one Jumun on the tests' database."""

    env: dict[str, str]
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    client: httpx.Client | None = None

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """One more process; `more` is added to its environment."""
        child = subprocess.Popen(
            [sys.executable, "-m", "jumun.cli.main", *command], env={**os.environ, **self.env, **more}
        )
        self.children.append(child)
        return child

    def serve(self, token: str, **more: str) -> "Rest":
        """Start the web process; answers a client that carries this token."""
        port = free_port()
        self.start("web", "--port", str(port), "--workers", "1", **more)
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            timeout=60,
            transport=httpx.HTTPTransport(retries=7),
            headers={"Authorization": f"Bearer {token}"},
        )
        self.client.get("/livez").raise_for_status()
        return Rest(self.client)

    def stop(self) -> None:
        """End everything."""
        if self.client:
            self.client.close()
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@dataclass(frozen=True)
class Rest:
    """The REST interface in the words tests use."""

    client: httpx.Client

    def get(self, path: str, **params: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", params=params)
        assert answer.is_success, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", json=body)
        assert answer.is_success, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def act(self, action: str, **body: Any) -> Any:
        """An action with everything of a status, or with ids."""
        return self.post(f"/items/actions/{action}", **body)

    def wait(self, job: int, seconds: float = 120) -> Any:
        """The job once it has ended; asks at growing intervals, bounded."""
        return wait_for(lambda: self._ended(job), seconds)

    def _ended(self, job: int) -> Any:
        found = self.get(f"/jobs/{job}", limit=200)
        return found if found["status"] in ("done", "partly", "failed") else None

    def items(self, **params: Any) -> list[dict[str, Any]]:
        """Every item of a filter, walked by cursor."""
        rows: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.get("/items", limit=200, **params, **({"cursor": cursor} if cursor else {}))
            rows += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows


def wait_for(ask: Callable[[], Any], seconds: float) -> Any:
    """The first true answer, asked every fifth of a second. Fails after `seconds`."""
    pause = threading.Event()
    for _ in range(int(seconds * 5)):
        answer = ask()
        if answer:
            return answer
        pause.wait(0.2)
    raise AssertionError(f"nothing after {seconds} s")
