"""Who is in which company, read anew at every request: a role taken away counts at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.companies.models import Company, Member, Person
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as


@dataclass(frozen=True, slots=True)
class Place:
    """A company a person is in, and as what."""

    company_id: int
    slug: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the list of people shows them."""

    id: int
    person_id: int
    name: str
    email: str
    role: Role
    created_at: datetime
    last_login: datetime | None


def find_company(slug: str) -> int | None:
    """The company of this address, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jumun_company_of_slug(%s)", [slug])
        row = cursor.fetchone()
    return row[0] if row else None


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


def list_members() -> list[MemberRow]:
    """The people of the company acted for, in the order they came."""
    return [
        MemberRow(
            id=member.id,
            person_id=member.person_id,
            name=member.person.name,
            email=member.person.email,
            role=Role(member.role),
            created_at=member.created_at,
            last_login=member.person.last_login,
        )
        for member in Member.objects.select_related("person").order_by("id")
    ]


def names_of(person_ids: set[int]) -> dict[int, str]:
    """Names by person id."""
    return dict(Person.objects.filter(id__in=person_ids).values_list("id", "name"))


def get_company() -> Company:
    """The company acted for."""
    return Company.objects.get()


def _place(member: Member) -> Place:
    return Place(member.company_id, member.company.slug, member.company.name, Role(member.role))
