"""Writes about companies and their people."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from jumun.companies.members import list_company_ids
from jumun.companies.models import ApiToken, Company, Member, Person, TokenDigest
from jumun.companies.roles import Role
from jumun.companies.second_factor import switch_off
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.core.tenancy import acting_as

LONGEST_COMPANY_NAME = 100


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A company just founded and its owner."""

    company_id: int
    person_id: int


def found_company(
    *, name: str, slug: str, owner_email: str, owner_name: str, password: str, at: datetime
) -> FoundCompany:
    """Make a company with its first owner; a person who is known by that e-mail already is taken as they are.

    Raises ConflictError("duplicate") when the slug is taken, JumunError("invalid") for a weak password.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('companies_company', 'id'))")
        company_id = int(cursor.fetchone()[0])
    try:
        with acting_as(company_id):
            Company.objects.create(id=company_id, name=name, slug=slug, created_at=at)
            person = _person(email=owner_email, name=owner_name, password=password, at=at)
            Member.objects.create(company_id=company_id, person=person, role=Role.OWNER, created_at=at)
    except IntegrityError as problem:
        raise ConflictError("duplicate", field="slug") from problem
    return FoundCompany(company_id, person.id)


def add_member(*, email: str, name: str, password: str, role: Role, at: datetime) -> int:
    """Add a person to the company acted for. Answers the member's id.

    Raises ConflictError("duplicate") when they are a member already, JumunError("invalid") for a weak password.
    """
    company = Company.objects.get()
    person = _person(email=email, name=name, password=password, at=at)
    try:
        with transaction.atomic():
            return Member.objects.create(company=company, person=person, role=role, created_at=at).id
    except IntegrityError as problem:
        raise ConflictError("duplicate", field="email") from problem


def rename_company(name: str) -> None:
    """Give the company acted for another name; its address (slug) stays. Raises JumunError("invalid") for none."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_COMPANY_NAME or "\x00" in name:
        raise JumunError("invalid", field="name")
    Company.objects.update(name=name)


def reset_second_factor(member_id: int) -> int:
    """Take a member's second factor away, so that the password alone lets them in. Answers the person's id.

    Raises NotFoundError, and ConflictError("factor_elsewhere") for somebody who is in another company too: nobody
    may open another company's door.
    """
    member = _locked(member_id)
    if list_company_ids(member.person_id) != [member.company_id]:
        raise ConflictError("factor_elsewhere")
    switch_off(member.person_id)
    return int(member.person_id)


def change_role(member_id: int, *, role: Role) -> None:
    """Give a member another role; it counts from their next request. The last owner stays owner."""
    member = _locked(member_id)
    if member.role == Role.OWNER and role != Role.OWNER:
        _another_owner_or_refuse(member_id)
    Member.objects.filter(id=member_id).update(role=role)


def remove_member(member_id: int) -> None:
    """Take a person out of the company; their sessions no longer reach it and their tokens end. The last owner stays."""
    member = _locked(member_id)
    if member.role == Role.OWNER:
        _another_owner_or_refuse(member_id)
    tokens = ApiToken.objects.filter(person_id=member.person_id)
    TokenDigest.objects.filter(token_id__in=list(tokens.values_list("id", flat=True))).delete()
    tokens.delete()
    Member.objects.filter(id=member_id).delete()


def _locked(member_id: int) -> Member:
    members = {member.id: member for member in Member.objects.select_for_update().order_by("id")}
    if member_id not in members:
        raise NotFoundError("not_found")
    return members[member_id]


def _another_owner_or_refuse(member_id: int) -> None:
    if not Member.objects.filter(role=Role.OWNER).exclude(id=member_id).exists():
        raise ConflictError("last_owner")


def _person(*, email: str, name: str, password: str, at: datetime) -> Person:
    known = Person.objects.filter(email=email.strip().lower()).first()
    if known is not None:
        return known
    try:
        validate_password(password)
    except ValidationError as problem:
        raise JumunError("invalid", field="password") from problem
    wanted = {"email": email.strip().lower(), "name": name, "password": make_password(password), "created_at": at}
    try:
        with transaction.atomic():
            return Person.objects.create(**wanted)
    except IntegrityError:  # somebody else added them at the same moment
        return Person.objects.get(email=wanted["email"])
