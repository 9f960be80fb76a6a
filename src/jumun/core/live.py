"""What changed, told to everybody who is looking: one name a topic, in the transaction that changed it.

Triggers (core/migrations/0002_tell_changes) send `<company id>:<topic>` on this channel, once a transaction and topic:
which company and what kind of thing, nothing else. `live_listener` hears it in each web process.
"""

from enum import StrEnum

CHANNEL = "jumun_changed"


class Topic(StrEnum):
    """What kind of thing changed."""

    ITEMS = "items"
    JOBS = "jobs"
    ACCOUNTS = "accounts"
    CLAIMS = "claims"


def read_notice(payload: str) -> tuple[int, frozenset[Topic]] | None:
    """The company and the topics of a notice; None for one that a newer version sent and we don't know."""
    company, _, names = payload.partition(":")
    told = set(names.split(","))
    known = frozenset(topic for topic in Topic if topic in told)
    return (int(company), known) if company.isdecimal() and known else None
