"""Time: stored in UTC, told in Asia/Seoul. Only faces and tasks ask for the time; everything else is given `at`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")


def now() -> datetime:
    """The present moment, aware, in UTC. Called at the edge only (faces and tasks)."""
    return datetime.now(UTC)


def in_kst(moment: datetime) -> datetime:
    """The same moment on a clerk's wall clock. Raises ValueError for a naive value: guessing a zone loses orders."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(KST)


def read_moment(text: str) -> datetime:
    """An ISO 8601 moment with its zone, in UTC: PostgreSQL takes no zone beyond ±15:59, which ISO allows.

    Raises ValueError for what is no moment, has no zone or lies beyond the calendar.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("beyond the calendar") from problem
