"""How often a channel that could not answer is asked again."""

from datetime import datetime, timedelta

from django.conf import settings

from jumun.core.errors import ChannelBusy, JumunError

GARBLED = "channel_unreadable"
"""One answer nobody could read says nothing about the next."""


def settle_delays() -> list[float]:
    """Seconds between the tries."""
    return [float(part) for part in settings.ENV.settle_delays.split(",")]


def next_try(problem: JumunError, tries: int, *, at: datetime) -> datetime | None:
    """When to read again after so many tries; None when it is of no use, or was tried often enough."""
    delays = settle_delays()
    if not (isinstance(problem, ChannelBusy) or problem.code == GARBLED) or tries >= len(delays):
        return None
    asked = problem.retry_after if isinstance(problem, ChannelBusy) else None
    return at + timedelta(seconds=asked or delays[tries])


def final_code(problem: JumunError) -> str:
    """What a job that gave up says."""
    return "channel_stayed_busy" if isinstance(problem, ChannelBusy) else problem.code
