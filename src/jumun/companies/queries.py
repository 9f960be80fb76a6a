"""Reading companies and their people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from jumun.companies.models import AccessTrail, Company, Member, Person
from jumun.companies.roles import Role
from jumun.core.errors import NotFoundError


def find_company_id(slug: str) -> int | None:
    """The company with this slug, whoever asks; its rows stay invisible until somebody acts for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_company_of_slug(%s)", [slug])
        row = cursor.fetchone()
    return row[0] if row else None


def list_company_ids() -> list[int]:
    """Every company, for the clock and the command line; its rows stay invisible until somebody acts for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM jumun_companies()")
        return [row[0] for row in cursor.fetchall()]


def find_person_id(email: str) -> int | None:
    """The person who signs in with this e-mail, whichever companies they are in."""
    return Person.objects.filter(email=email.strip().lower()).values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class CompanyShown:
    """The company acted for."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A person in the company, with their role."""

    id: int
    person_id: int
    email: str
    name: str
    role: str
    created_at: datetime
    last_sign_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessShown:
    """One look at personal data, as the trail keeps it."""

    id: int
    at: datetime
    person_id: int | None
    via: str
    ip: str | None
    did: str
    subject: str
    reason: str


def get_company() -> CompanyShown:
    """The company acted for. Raises NotFoundError outside `acting_as`."""
    found = Company.objects.first()
    if found is None:
        raise NotFoundError("not_found")
    return CompanyShown(found.id, found.name, found.slug)


def first_owner() -> int:
    """The person who has been owner of the company longest. Raises NotFoundError."""
    found = Member.objects.filter(role=Role.OWNER).order_by("id").values_list("person_id", flat=True).first()
    if found is None:
        raise NotFoundError("not_found")
    return found


def list_members(*, ids: Sequence[int] | None = None, after: int | None = None, limit: int = 50) -> list[MemberShown]:
    """Members in the order they joined, after the id `after`. At most `limit`."""
    found = Member.objects.select_related("person").order_by("id")
    if ids is not None:
        found = found.filter(id__in=ids)
    if after is not None:
        found = found.filter(id__gt=after)
    return [_member(member) for member in found[:limit]]


def count_members() -> int:
    """How many people are in the company acted for."""
    return Member.objects.count()


def get_member(member_id: int) -> MemberShown:
    """One member. Raises NotFoundError."""
    found = Member.objects.select_related("person").filter(id=member_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _member(found)


def get_member_of(person_id: int) -> MemberShown:
    """This person as a member. Raises NotFoundError."""
    found = Member.objects.select_related("person").filter(person_id=person_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _member(found)


def list_looks(*, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[AccessShown]:
    """The newest looks at personal data, before this (moment, id). At most `limit`."""
    found = AccessTrail.objects.order_by("-at", "-id")
    if before is not None:
        at, last = before
        found = found.filter(at__lte=at).filter(Q(at__lt=at) | Q(id__lt=last))
    rows = found.values_list("id", "at", "person_id", "via", "ip", "did", "subject", "reason")
    return [AccessShown(*row) for row in rows[:limit]]


def _member(member: Member) -> MemberShown:
    person = member.person
    return MemberShown(
        member.id, person.id, person.email, person.name, member.role, member.created_at, person.last_login
    )
