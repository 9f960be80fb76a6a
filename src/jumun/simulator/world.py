"""What every fake mall shares: clock, settings, faults, the log of calls and the log of accepted writes."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.routing import BaseRoute

from jumun.simulator.clock import Clock, read_wall_ms, write_iso
from jumun.simulator.faults import FaultQueue
from jumun.simulator.settings import Settings

CALLS_KEPT = 20_000


class ControlError(Exception):
    """A control call that can't be done: HTTP status, stable code, sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of one write the mall accepted. `call` is the last word of the official path, `path` the whole of it."""

    channel: str
    account: str
    call: str
    path: str
    line_no: str
    carrier: str | None
    waybill: str | None
    at_ms: int

    def show(self) -> dict[str, str | None]:
        """Return the row of `GET /control/state`."""
        return {
            "call": self.call,
            "line_no": self.line_no,
            "carrier": self.carrier,
            "waybill": self.waybill,
            "at": write_iso(self.at_ms),
            "account": self.account,
            "path": self.path,
        }


@dataclass(slots=True)
class CallCount:
    """How often one path was called, with wall-clock times and the answers' HTTP statuses (0: no answer)."""

    channel: str
    account: str
    method: str
    path: str
    count: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    at: deque[float] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))

    def note_answer(self, status: int) -> None:
        """Note the HTTP status a call was answered with, 0 for none."""
        self.statuses[str(status)] = self.statuses.get(str(status), 0) + 1

    def show(self) -> dict[str, Any]:
        """Return the row of `GET /control/calls`."""
        return {
            "channel": self.channel,
            "account": self.account,
            "method": self.method,
            "call": re.sub(r"/\{\w+\}$", "", self.path).rsplit("/", 1)[-1],
            "path": self.path,
            "count": self.count,
            "statuses": self.statuses,
            "at": list(self.at),
        }


class Mall(Protocol):
    """What the control API needs of one fake mall; one folder an implementation."""

    channel: str
    base_path: str

    def open_account(self, key: str) -> dict[str, Any]:
        """Create the account when it is new; return its card: channel, key, base_path, credentials."""

    def list_accounts(self) -> list[dict[str, Any]]:
        """Return every account's card."""

    def make_orders(self, key: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make orders by the mix in `wanted`; return `{"order_no", "lines"}` of each."""

    def apply_event(self, key: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Do on the mall's side what `wanted["event"]` says; return `{"done", "refused"}`."""

    def show_lines(self, key: str | None) -> dict[str, dict[str, Any]]:
        """Return the lines of one account or of all, by line number."""

    def reset(self) -> None:
        """Forget everything but the default accounts."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return the mall's own wire, relative to `base_path`."""


class World:
    """Everything in memory; one instance per process, touched only from its event loop."""

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.settings = Settings()
        self.faults = FaultQueue()
        self.effects: list[Effect] = []
        self.calls: dict[tuple[str, str, str, str], CallCount] = {}
        self.malls: dict[str, Mall] = {}
        self.stopping = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()
        # Numbers go on from the time of day, so that a restarted simulator does not hand out yesterday's
        # numbers to a database that still remembers them.
        self._numbers = read_wall_ms() % 86_400_000

    def get_mall(self, channel: object) -> Mall:
        """Return the mall of a channel; raise ControlError 404."""
        mall = self.malls.get(str(channel))
        if mall is None:
            raise ControlError(404, "unknown_channel", f"no such channel here: {channel}")
        return mall

    def next_number(self) -> int:
        """Return an 8-digit number never given before in this process, scattered so that it does not look counted."""
        self._numbers += 1
        return self._numbers * 61_803_399 % 100_000_000

    def log_call(self, *, channel: str, account: str, method: str, path: str) -> CallCount:
        """Count one call as it reaches a mall, whatever becomes of it; return the row, to note the answer in."""
        row = self.calls.setdefault(
            (channel, account, method, path), CallCount(channel=channel, account=account, method=method, path=path)
        )
        row.count += 1
        row.at.append(read_wall_ms() / 1000)
        return row

    def do_later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something after its answer was sent; a reset calls it off."""
        task = asyncio.get_running_loop().create_task(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def reset(self) -> None:
        """Forget orders, faults, logs, settings and the clock's offset. Numbers go on: they are never reused."""
        for task in list(self._late):
            task.cancel()
        self.settings = Settings()
        self.faults = FaultQueue()
        self.effects.clear()
        self.calls.clear()
        self.clock.advanced_seconds = 0.0
        for mall in self.malls.values():
            mall.reset()


def new_world(*, seed: int = 1, clock_rate: float = 1.0) -> World:
    """Return an empty world; `app.build` puts the malls in."""
    return World(seed=seed, clock=Clock(rate=clock_rate))
