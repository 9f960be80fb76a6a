"""Switches of the simulator, set with `POST /control/settings`; one table of name, kind and default."""

from __future__ import annotations

from typing import Any

# Where the official documents are silent or contradict themselves the behaviour is a switch (channels.md §1.6, §10).
DEFAULTS: dict[str, int | float | bool | str | None] = {
    "auto_deliver_seconds": None,  # DELIVERING → DELIVERED after so many seconds; null: never
    "auto_settle_seconds": None,  # DELIVERED → PURCHASE_DECIDED after so many seconds; null: never
    "naver.rps": 2.0,  # GNCP-GW-RateLimit-Replenish-Rate; the burst is twice that
    "naver.page": 300,  # longest page of the two lists, whatever limitCount or pageSize says
    "naver.dispatch_before_confirm": False,  # true: /dispatch confirms by itself; false: 104443
    "naver.repeat_confirm_code": "105306",  # or "104443": two sources disagree
    "naver.window_cap": True,  # an explicit window over 24 h answers 400 104139
    "naver.no_hits_without_data": False,  # true: a feed without hits has no `data` at all
    "naver.check_digit": False,  # true: 104122 also for a wrong check digit, not only a wrong length
    "naver.seller_cancel": "done",  # or "request": what the seller's own cancel request becomes at once
    "naver.token_seconds": 10_800,
    "naver.history_days": 0,  # reads that start longer ago answer 400 104139; 0: no end
    "naver.token_quota": True,  # non-standard token calls: one an hour, then 429 GW.QUOTA_LIMIT
    "coupang.rps": 10.0,  # calls a second of one vendor, then 429
    "coupang.block_seconds": 0,  # how long a vendor stays shut out after a 429; really minutes to tens of minutes
    "coupang.page": 50,  # longest page of the paged lists, whatever maxPerPage says
    "coupang.paging": "key",  # or "offset": newest first by number of rows, so newcomers shift the pages
    "coupang.history_days": 0,  # lists that start longer ago answer 400; 0: no end
    "coupang.ack_shows_late": 0,  # for so many seconds after an acknowledgement reads still show ACCEPT (§10.13)
    "coupang.exchange_box_late": 0,  # so many seconds after the goods came back an exchange has no new box (§2.5)
    "coupang.auto_transit_seconds": None,  # DEPARTURE → DELIVERING; then auto_deliver_seconds → FINAL_DELIVERY
    "coupang.clock_skew_seconds": 0,  # the gateway's clock is so far ahead, in Date and in what it takes for expired
}
CHOICES: dict[str, tuple[str, ...]] = {
    "naver.repeat_confirm_code": ("105306", "104443"),
    "naver.seller_cancel": ("done", "request"),
    "coupang.paging": ("key", "offset"),
}


class Settings:
    """The switches' present values."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = dict(DEFAULTS)

    def show(self) -> dict[str, Any]:
        """Return every switch with its value."""
        return dict(self._values)

    def change(self, wanted: dict[str, Any]) -> None:
        """Set several at once, or none: raise ValueError for an unknown name or a value of the wrong kind."""
        for name, value in wanted.items():
            _check(name, value)
        self._values.update(wanted)

    def number(self, name: str) -> float:
        """Return a numeric switch."""
        return float(self._values[name])

    def optional_number(self, name: str) -> float | None:
        """Return a numeric switch that may be off."""
        value = self._values[name]
        return None if value is None else float(value)

    def flag(self, name: str) -> bool:
        """Return a yes/no switch."""
        return bool(self._values[name])

    def word(self, name: str) -> str:
        """Return a switch that is a word."""
        return str(self._values[name])


def _check(name: str, value: object) -> None:
    if name not in DEFAULTS:
        raise ValueError(f"no such setting: {name}; known: {', '.join(sorted(DEFAULTS))}")
    default = DEFAULTS[name]
    if isinstance(default, bool):
        right = isinstance(value, bool)
    elif isinstance(default, str):
        right = value in CHOICES[name]
    elif default is None:
        right = value is None or _is_number(value)
    else:
        right = _is_number(value)
    if not right:
        raise ValueError(f"{name} can't be {value!r}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
