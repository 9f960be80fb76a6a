"""Browser sessions in the database, each with the person it belongs to (`SESSION_ENGINE`).

A session that is signed in carries the person's id, so that they can see where they are signed in and end it there.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
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
    """One browser of a person. `key` never leaves the server; `mark` stands for it on pages.

    `seen_at` is when it was last used, give or take the few minutes between two renewals.
    """

    key: str
    ip: str
    agent: str
    begun_at: datetime | None
    seen_at: datetime

    @property
    def mark(self) -> str:
        """What a page calls this session by."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:20]


def list_sessions(person_id: int, *, at: datetime) -> list[SignedIn]:
    """Where a person is signed in, newest first."""
    lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    from jumun.companies.models import PersonSession

    found = PersonSession.objects.filter(person_id=person_id, expire_date__gt=at).order_by("-begun_at")
    return [SignedIn(row.session_key, row.ip or "", row.agent, row.begun_at, row.expire_date - lasts) for row in found]


def end_session(person_id: int, mark: str, *, at: datetime) -> bool:
    """End one session of a person, by its mark; answers whether there was one."""
    from jumun.companies.models import PersonSession

    keys = [each.key for each in list_sessions(person_id, at=at) if each.mark == mark]
    return PersonSession.objects.filter(person_id=person_id, session_key__in=keys).delete()[0] > 0


def end_sessions(person_id: int, *, keep: str = "") -> int:
    """End every session of a person but the one to keep; answers how many."""
    from jumun.companies.models import PersonSession

    return PersonSession.objects.filter(person_id=person_id).exclude(session_key=keep).delete()[0]
