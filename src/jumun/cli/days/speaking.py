"""REST as a careful user speaks it, and the simulator's control."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

PATIENCE = 60.0
"""Seconds a call is made again while nobody answers: the web process may be starting."""
AGAIN = (409, 502, 503)


class StuckError(Exception):
    """The day does not come to its end."""


def wait_for(ask: Callable[[], Any], seconds: float, what: str, every: float = 0.1) -> Any:
    """The first true answer, asked again and again. Raises StuckError after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > until:
            raise StuckError(f"{what}: not after {seconds:g} s")
        time.sleep(every)


@dataclass
class Rest:
    """One company's REST: every POST has a key, so that it is safe to make again when the answer was lost."""

    base_url: str
    token: str
    name: str
    troubles: list[str] = field(default_factory=list)
    """Server errors that were answered: there must be none."""

    def __post_init__(self) -> None:
        self._keys = count(1)
        self._client = httpx.Client(
            base_url=f"{self.base_url}/api/v1",
            timeout=60,
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en"},
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        """The answer's JSON."""
        return self._json(self.ask("GET", path, params=params))

    def post(self, path: str, body: Any, *, twice: bool = False) -> Any:
        """The answer's JSON; with `twice` a double click, which must be answered the same."""
        key = {"Idempotency-Key": f"{self.name}-{next(self._keys)}"}
        first = self._json(self.ask("POST", path, json=body, headers=key))
        if twice and self._json(self.ask("POST", path, json=body, headers=key)) != first:
            self.troubles.append(f"R24 POST {path} with one key was answered in two ways")
        return first

    def walk(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.get(path, limit=200, **params, **({"cursor": cursor} if cursor else {}))
            rows += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer, whatever it is; asked again while nobody answers or the same call still runs."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._client.request(method, path, **more)
            except httpx.TransportError as failure:
                if time.monotonic() > until:
                    raise StuckError(f"{method} {path}: {failure!r}") from failure
            else:
                running = answer.status_code == 409 and "key_running" in answer.text
                away = answer.status_code in (502, 503)
                if not (running or away) or time.monotonic() > until:
                    if answer.status_code >= 500:
                        self.troubles.append(f"REST {method} {path} → {answer.status_code} {answer.text[:200]}")
                    return answer
            time.sleep(0.1)

    def _json(self, answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise StuckError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}")
        return answer.json()


@dataclass
class Mall:
    """The simulator's control API."""

    base_url: str

    def __post_init__(self) -> None:
        self._client = httpx.Client(
            base_url=f"{self.base_url}/control", timeout=60, transport=httpx.HTTPTransport(retries=7)
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def post(self, path: str, **body: Any) -> Any:
        """The answer's JSON. Raises httpx.HTTPStatusError."""
        answer = self._client.post(f"/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def event(self, **body: Any) -> list[str]:
        """The lines it happened to; none when the mall refuses it for all, or knows no such event."""
        answer = self._client.post("/events", json=body)
        if answer.status_code == 409 or "unknown_event" in answer.text:
            return []
        answer.raise_for_status()
        done: list[str] = answer.json()["done"]
        return done

    def clear_faults(self) -> None:
        """No trouble from now on."""
        self._client.delete("/faults").raise_for_status()

    def faults_left(self) -> int:
        """How many faults no call has met yet, each as often as it would still happen."""
        return sum(each["times"] or 0 for each in self._client.get("/faults").json()["faults"])

    def state(self, channels: Iterable[str]) -> dict[str, Any]:
        """Lines by (account, order, line) and effects of these channels."""
        lines: dict[tuple[str, str, str], dict[str, Any]] = {}
        effects: list[dict[str, Any]] = []
        for channel in sorted(set(channels)):
            found = self._client.get("/state", params={"channel": channel})
            found.raise_for_status()
            body = found.json()
            for line_no, row in body["lines"].items():
                lines[row["account"], row["order_no"], line_no] = row | {"channel": channel, "line_no": line_no}
            effects += [row | {"channel": channel} for row in body["effects"]]
        return {"lines": lines, "effects": effects}

    def catalogue(self) -> list[dict[str, Any]]:
        """What the malls sell."""
        items: list[dict[str, Any]] = self._client.get("/catalogue").json()["items"]
        return items
