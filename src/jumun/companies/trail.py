"""The trail of personal-data access: who saw, exported or printed what, and when. The application cannot change it."""

from dataclasses import dataclass
from datetime import datetime

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
