"""Browser sessions in the database, each with the person it belongs to (`SESSION_ENGINE`).

A session that is signed in carries the person's id, so that they can see where they are signed in and end it there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

IP = "ip"
AGENT = "agent"
BEGUN = "begun_at"


class SessionStore(DatabaseStore):
    """Django's own, with the person, address and browser written beside the data."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table."""
        from jumun.companies.models import PersonSession

        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row for this data."""
        row: Any = super().create_model_instance(data)
        row.person_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.ip = data.get(IP)
        row.agent = str(data.get(AGENT, ""))[:200]
        begun = data.get(BEGUN)
        row.begun_at = datetime.fromisoformat(begun) if begun else None
        return row


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser of a person. `key` never leaves the server."""

    key: str
    ip: str
    agent: str
    begun_at: datetime | None


def list_sessions(person_id: int, *, at: datetime) -> list[SignedIn]:
    """Where a person is signed in, newest first."""
    from jumun.companies.models import PersonSession

    found = PersonSession.objects.filter(person_id=person_id, expire_date__gt=at).order_by("-begun_at")
    return [SignedIn(row.session_key, row.ip or "", row.agent, row.begun_at) for row in found]


def end_sessions(person_id: int, *, keep: str = "") -> int:
    """End every session of a person but the one to keep; answers how many."""
    from jumun.companies.models import PersonSession

    return PersonSession.objects.filter(person_id=person_id).exclude(session_key=keep).delete()[0]
