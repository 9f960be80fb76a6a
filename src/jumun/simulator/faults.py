"""Faults waiting for a call: what they are, which call each one meets, how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

# name → what happens. "applied" is whether the mall does the work.
KINDS: dict[str, str] = {
    "timeout": "not applied; hangs `seconds` (60), then 504",
    "timeout_after": "applied, then hangs `seconds` (60) before the answer",
    "apply_late": "closes the connection (after `hang` seconds, 0), applies `seconds` (2) after the call",
    "cut": "not applied; closes the connection without an answer",
    "cut_after": "applied; closes the connection without an answer",
    "error500": "500; applied only with `apply`: true",
    "error503": "503; applied only with `apply`: true",
    "html200": "200 with an HTML page; applied only with `apply`: true",
    "truncated_json": "applied; the answer breaks off in the middle",
    "wrong_charset": "applied; the answer is cp949 under a UTF-8 header",
    "big_body": "applied; the answer is followed by `megabytes` (50) of blanks",
    "rate_limit": "not applied; 429 with the mall's headers and Retry-After `retry_after` (1)",
    "error521": "521; applied only with `apply`: true",
    "access_denied": "not applied; 403 that wraps an HTML page, what follows mass errors at Coupang",
    "expired_signature": "not applied; the mall says that the signature's time is over",
    "clock_skew": "applied; the Date header is `seconds` (600) ahead, below zero behind",
    "unauthorized": "not applied; 401; with `revoke`: true the account's tokens are dropped too",
    "ip_not_allowed": "not applied; 403",
    "refuse_line": "`line_no` (none: every line) is refused with `code` and `message`, the others pass",
    "slow": "waits `seconds` (3), then as always",
    "empty": "not applied; 200 without data",
    "null_fields": "applied; `fields` (recipient's phones) become null in the answer",
    "missing_fields": "applied; `fields` (recipient's phones) are left out of the answer",
    "unknown_enum": "applied; `fields` (the line's status) become `value` (SOMETHING_NEW) in the answer",
}
FIELD_FAULTS = frozenset({"null_fields", "missing_fields", "unknown_enum"})


@dataclass(slots=True)
class Fault:
    """One order for trouble. `times` None: until cleared. `after`: so many matching calls pass first."""

    id: int
    channel: str
    call: str
    fault: str
    times: int | None
    after: int = 0
    account: str | None = None
    line_no: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def show(self) -> dict[str, Any]:
        """Return the row of `GET /control/faults`."""
        shown: dict[str, Any] = {
            "id": self.id,
            "channel": self.channel,
            "call": self.call,
            "fault": self.fault,
            "times": self.times,
            "after": self.after,
            **self.options,
        }
        if self.account is not None:
            shown["account"] = self.account
        if self.line_no is not None:
            shown["line_no"] = self.line_no
        return shown

    def seconds(self, name: str, otherwise: float) -> float:
        """Return a waiting time of the options, never over ten minutes."""
        return min(max(float(self.options.get(name, otherwise)), 0.0), 600.0)

    def meets(self, *, channel: str, account: str, path: str, text: str) -> bool:
        """Say whether this fault is for that call; `text` is path and body, where the line number is looked for."""
        if self.channel not in {channel, "*"} or self.account not in {account, None}:
            return False
        if self.call != "*" and not path.endswith("/" + self.call):
            return False
        # Faults of fields look for their line in the answer: a list's request names no lines.
        return self.line_no is None or self.fault in FIELD_FAULTS or self.line_no in text


class FaultQueue:
    """Faults in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._ids = count(1)

    def add(self, wanted: Mapping[str, Any]) -> Fault:
        """Read one fault from a control body and queue it; raise ValueError when it can't be understood."""
        kind = wanted.get("fault")
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; known: {', '.join(KINDS)}")
        times = wanted.get("times", 1)
        after = wanted.get("after", 0)
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise ValueError("times is a whole number from 1, or null for 'until cleared'")
        if not isinstance(after, int) or after < 0:
            raise ValueError("after is a whole number from 0")
        named = ("channel", "call", "fault", "times", "after", "account", "line_no")
        line_no = wanted.get("line_no")
        fault = Fault(
            id=next(self._ids),
            channel=str(wanted.get("channel", "*")),
            call=str(wanted.get("call", "*")).strip("/"),
            fault=str(kind),
            times=times,
            after=after,
            account=wanted.get("account"),
            line_no=None if line_no is None else str(line_no),
            options={name: value for name, value in wanted.items() if name not in named},
        )
        for name in ("seconds", "hang", "megabytes", "retry_after"):
            float(fault.options.get(name, 0))
        self._waiting.append(fault)
        return fault

    def take(self, *, channel: str, account: str, path: str, text: str) -> tuple[Fault | None, list[Fault]]:
        """Use up what meets this call: the first fault of the call, and every refusal of a line in it."""
        chosen: Fault | None = None
        refusals: list[Fault] = []
        for fault in list(self._waiting):
            if chosen is not None and fault.fault != "refuse_line":
                continue
            if not fault.meets(channel=channel, account=account, path=path, text=text):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.fault == "refuse_line":
                refusals.append(fault)
            else:
                chosen = fault
            self._use(fault)
        return chosen, refusals

    def show(self) -> list[dict[str, Any]]:
        """Return the faults that are left."""
        return [fault.show() for fault in self._waiting]

    def clear(self) -> None:
        """Forget them all."""
        self._waiting.clear()

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times == 0:
            self._waiting.remove(fault)
