"""The malls' own clock: wall time, plus what control advanced it by, at a rate."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")


class Clock:
    """Milliseconds since 1970 as the malls see them. Steady: it never goes back when the machine's clock is set."""

    def __init__(self, *, rate: float = 1.0) -> None:
        self.rate = rate
        self._wall_start = time.time()
        self._steady_start = time.monotonic()
        self.advanced_seconds = 0.0

    def now_ms(self) -> int:
        """Return the mall's time in whole milliseconds since the epoch."""
        lived = (time.monotonic() - self._steady_start) * self.rate
        return int((self._wall_start + lived + self.advanced_seconds) * 1000)

    def advance(self, seconds: float) -> None:
        """Jump forward; never back, or tokens and change feeds would lie."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self.advanced_seconds += seconds


def read_wall_ms() -> int:
    """Return the machine's own time in milliseconds since the epoch."""
    return int(time.time() * 1000)


def to_datetime(ms: int) -> datetime:
    """Return `ms` as an aware datetime in Seoul, exact to the millisecond."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).astimezone(KST)


def to_ms(moment: datetime) -> int:
    """Return an aware datetime as milliseconds since the epoch; a naive one is read as Seoul time."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=KST)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def write_iso(ms: int) -> str:
    """Return e.g. `2026-01-02T03:04:05.000+09:00`, the date-time form of the Naver Commerce API."""
    return to_datetime(ms).isoformat(timespec="milliseconds")


def read_iso(text: str) -> int:
    """Return ISO-8601 text as milliseconds; raise ValueError when it is not a date-time."""
    return to_ms(datetime.fromisoformat(text))
