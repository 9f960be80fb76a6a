"""Which companies a person is in, read anew at every request: a role taken away counts at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.companies.models import AccessTrail, Member, Person
from jumun.companies.preferences import Preferences, read_preferences
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as


@dataclass(frozen=True, slots=True)
class Place:
    """A company a person is in, as what, and how they want its pages."""

    company_id: int
    slug: str
    name: str
    role: Role
    preferences: Preferences


def find_place(person_id: int) -> Place | None:
    """The person's place in the company acted for, or None when they have none."""
    found = Member.objects.filter(person_id=person_id).select_related("company").first()
    return _place(found) if found else None


def list_places(person_id: int) -> list[Place]:
    """Every company a person is in, oldest membership first."""
    places = []
    for company_id in list_company_ids(person_id):
        with acting_as(company_id):
            place = find_place(person_id)
        if place is not None:
            places.append(place)
    return places


def list_company_ids(person_id: int) -> list[int]:
    """The ids of the companies a person is in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_companies_of_person(%s)", [person_id])
        return [row[0] for row in cursor.fetchall()]


def find_person(email: str) -> int | None:
    """The person of this e-mail, or None. Never tell the caller's client which."""
    return Person.objects.filter(email=email.strip().lower()).values_list("id", flat=True).first()


def count_wrong_codes(person_id: int, *, since: datetime, reason: str) -> int:
    """Wrong codes of a person at the second step of signing in, whatever address they came from, since a moment."""
    for company_id in list_company_ids(person_id):
        with acting_as(company_id):
            found = AccessTrail.objects.filter(at__gte=since, person_id=person_id, did="sign_in_failed", reason=reason)
            return found.count()
    return 0


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names by person id."""
    return dict(Person.objects.filter(id__in=person_ids).values_list("id", "name"))


def _place(member: Member) -> Place:
    company = member.company
    return Place(company.id, company.slug, company.name, Role(member.role), read_preferences(member.preferences))
