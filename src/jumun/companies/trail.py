"""The trail of personal-data access: who saw, exported or printed what, and when. The application cannot change it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.companies.models import AccessTrail


@dataclass(frozen=True, slots=True)
class Looker:
    """Who is looking: the person, how they came ("web", "token:<prefix>", "cli") and from where."""

    company_id: int
    person_id: int | None
    via: str
    ip: str | None


def note_access(who: Looker, *, did: str, subject: str, at: datetime, reason: str = "") -> None:
    """Write one look. `subject` names what it was about ("order:12"), never the data itself."""
    AccessTrail.objects.create(
        company_id=who.company_id,
        at=at,
        person_id=who.person_id,
        via=who.via,
        ip=who.ip,
        did=did,
        subject=subject,
        reason=reason,
    )


def list_access(*, before: datetime | None = None, limit: int = 100) -> list[AccessTrail]:
    """The newest looks, before a moment."""
    found = AccessTrail.objects.order_by("-at", "-id")
    if before is not None:
        found = found.filter(at__lt=before)
    return list(found[:limit])


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at one thing, when and how."""

    at: datetime
    by: str
    via: str
    did: str


RECENT = 5_000
"""Newest looks of the company that are searched for those at one thing: the trail has no index by subject."""


def list_looks_at(subject: str, *, since: datetime) -> list[Look]:
    """Recent looks at one thing ("order:12"), newest first, among the company's newest; the whole trail is its own page."""
    with connection.cursor() as run:
        run.execute(
            "SELECT t.at, coalesce(p.name, ''), t.via, t.did FROM (SELECT * FROM companies_accesstrail"
            " WHERE at >= %(since)s ORDER BY at DESC LIMIT %(recent)s) AS t"
            " LEFT JOIN companies_person p ON p.id = t.person_id WHERE t.subject = %(subject)s ORDER BY t.at DESC LIMIT 200",
            {"since": since, "recent": RECENT, "subject": subject},
        )
        return [Look(*row) for row in run.fetchall()]
