"""How to ask the simulator, one entry a channel kind, and the simulator itself as a test sees it.

A second connector needs a row in HARNESSES and nothing else in this folder.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from jumun.channels.port import (
    ChannelLine,
    Connector,
    LineRef,
    Method,
    Pace,
    Part,
    Session,
    Stage,
    WaybillNotice,
    Window,
)

ACCOUNT = "contract"
"""The account key of these tests; opened on the simulator before each."""


@dataclass(frozen=True, slots=True)
class Harness:
    """What the suite must know of one kind to ask its simulator.

    token, feed, detail, confirm, dispatch, correct    the last word of the path of each call; "" where there is none
    fast            settings that lift the rate limit
    small_pages     settings that make a page hold 5 lines
    paged           a window long enough for the lists to come in pages
    moved           an event of the mall that moves a line to the end of its feed, or to another list
    has_moved       how the line looks afterwards
    claimable       the mix of orders whose buyer has to ask before a cancel is done
    unit            the field of the simulator's line that is its unit; "" where the line is its own
    several         the mix of orders with three lines in one unit, confirmed
    secret          the CredentialField that may appear nowhere
    """

    token: str
    feed: str
    detail: str
    confirm: str
    dispatch: str
    correct: str
    fast: Mapping[str, object]
    small_pages: Mapping[str, object]
    paged: timedelta
    moved: str
    has_moved: Callable[[ChannelLine], bool]
    secret: str
    claimable: Mapping[str, object] = field(default_factory=dict)
    unit: str = ""
    several: Mapping[str, object] = field(default_factory=dict)

    @property
    def writes(self) -> tuple[str, ...]:
        """Every call that tells the mall something."""
        return tuple(call for call in (self.confirm, self.dispatch, self.correct) if call)


HARNESSES = {
    "naver": Harness(
        token="token",
        feed="last-changed-statuses",
        detail="query",
        confirm="confirm",
        dispatch="dispatch",
        correct="",
        fast={"naver.rps": 10_000},
        small_pages={"naver.page": 5},
        paged=timedelta(hours=1),
        moved="cancel_request",
        has_moved=lambda line: line.claim is not None,
        secret="client_secret",
    ),
    "coupang": Harness(
        token="",
        feed="ordersheets",
        detail="ordersheets",
        confirm="acknowledgement",
        dispatch="invoices",
        correct="updateInvoices",
        fast={"coupang.rps": 10_000},
        small_pages={"coupang.page": 5},
        paged=timedelta(days=2),
        moved="confirm",
        has_moved=lambda line: line.stage is Stage.CONFIRMED,
        secret="secret_key",
        claimable={"confirmed": 1},
        unit="box",
        several={"lines": 3, "confirmed": 1},
    ),
}


@dataclass(slots=True)
class Tokens:
    """A TokenStore in memory that never expires a token by itself."""

    token: str | None = None
    expires_at: datetime | None = None

    def get(self) -> str | None:
        return self.token

    def put(self, token: str, expires_at: datetime) -> None:
        self.token, self.expires_at = token, expires_at

    def forget(self, token: str) -> None:
        if self.token == token:
            self.token = None

    def renew(self, ask: Callable[[], str]) -> str:
        return self.token or ask()


@dataclass(slots=True)
class PaceNotes:
    """A Pace that waits for nobody and remembers what was asked."""

    calls: list[str] = field(default_factory=list)

    def __call__(self, call: str) -> None:
        self.calls.append(call)


class Mall:
    """One kind on the simulator, over its control API."""

    def __init__(self, control: httpx.Client, kind: str) -> None:
        self._control = control
        self._numbers = count(1)
        self.kind = kind
        self.harness = HARNESSES[kind]
        self._post("reset")
        self.switch(self.harness.fast)
        self.card = self._post("accounts", channel=kind, key=ACCOUNT)

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._control.post(f"/control/{path}", json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def switch(self, settings: Mapping[str, object]) -> None:
        self._post("settings", **settings)

    def orders(self, number: int, **mix: Any) -> list[LineRef]:
        """Make orders; their lines in the order made, in their units."""
        made = self._post("orders", channel=self.kind, account=ACCOUNT, count=number, **mix)["orders"]
        units = self.units() if self.harness.unit else {}
        return [
            LineRef(line, order["order_no"], units.get(line, line)) for order in made for line in line_numbers(order)
        ]

    def units(self) -> dict[str, str]:
        """The unit of every line, as it is now."""
        return {key: str(row[self.harness.unit]) for key, row in self.state()["lines"].items()}

    def event(self, event: str, lines: Sequence[LineRef], **more: Any) -> None:
        names = [line.line_key for line in lines]
        self._post("events", channel=self.kind, account=ACCOUNT, event=event, lines=names, **more)

    def fault(self, call: str, fault: str, **more: Any) -> None:
        self._post("faults", channel=self.kind, account=ACCOUNT, call=call, fault=fault, **more)

    def state(self) -> dict[str, Any]:
        answer = self._control.get("/control/state", params={"channel": self.kind, "account": ACCOUNT})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def effects(self, call: str) -> list[dict[str, Any]]:
        return [effect for effect in self.state()["effects"] if effect["call"] == call]

    def count_calls(self, call: str) -> int:
        """How often one call reached the mall since the reset, refused ones too."""
        rows = self._control.get("/control/calls").json()["calls"]
        return sum(row["count"] for row in rows if row["channel"] == self.kind and row["call"] == call)

    def statuses(self) -> set[str]:
        """Every HTTP status the mall answered since the reset."""
        rows = self._control.get("/control/calls").json()["calls"]
        return {status for row in rows if row["channel"] == self.kind for status in row["statuses"]}

    def session(self, *, tokens: Tokens, pace: Pace, timeout: float = 20.0, **keys: str) -> Session:
        credentials = {**self.card["credentials"], **keys}
        return Session(credentials, self.card["base_url"], tokens, pace, timeout)

    def notices(self, lines: Sequence[LineRef], **given: Any) -> list[WaybillNotice]:
        """A number of its own for every line."""
        method = Method(given.get("method", "parcel"))
        return [WaybillNotice(line, given.get("carrier", "cj"), self.number(), now(), method) for line in lines]

    def left_behind(self, lines: Sequence[LineRef], *, until: datetime) -> list[WaybillNotice]:
        """These lines stay in their unit for now."""
        return [WaybillNotice(line, "", "", now(), part=Part.LEFT, expected_at=until) for line in lines]

    def number(self) -> str:
        """A number CJ대한통운 could have given: 12 digits with their check digit (carriers.md §2)."""
        body = next(self._numbers)
        return f"68{body:09d}{body % 7}"


def line_numbers(order: Mapping[str, Any]) -> list[str]:
    """The line numbers of one order as `POST /control/orders` answers them, plain or as objects."""
    return [str(line["line_no"]) if isinstance(line, dict) else str(line) for line in order["lines"]]


def now() -> datetime:
    return datetime.now(UTC)


def lately(**length: float) -> Window:
    """From so long ago (an hour) until now."""
    return Window(now() - timedelta(**(length or {"hours": 1})), now())


def read_all(connector: Connector, window: Window | None = None) -> dict[str, ChannelLine]:
    """Everything a window tells, the last word on each line."""
    return {line.line_key: line for page in connector.changed(window or lately()) for line in page}


def confirmed(mall: Mall, number: int) -> list[LineRef]:
    """Orders of one line each that the channel will let us dispatch."""
    return mall.orders(number, lines=1, confirmed=1)


def stranger_to(line: LineRef) -> LineRef:
    """A line of the same form, in a unit of the same form, that the mall never made."""
    return LineRef("1" * len(line.line_key), line.order_number, "1" * len(line.unit))


def by_key(lines: Iterable[ChannelLine]) -> dict[str, ChannelLine]:
    return {line.line_key: line for line in lines}
