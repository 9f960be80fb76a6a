"""Bearer tokens: `jmn_` + 8 characters to know one by + the secret. Only a SHA-256 of the whole is kept."""

import hashlib
import secrets
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jumun.companies.models import ApiToken, Member, Person, TokenDigest
from jumun.companies.roles import May, Role, permissions_of
from jumun.core.errors import NotFoundError
from jumun.core.tenancy import acting_as

MARK = "jmn_"
"""Every token starts with this, so that scanners and people know one when they see it."""

_LETTERS = string.ascii_letters + string.digits
_PREFIX = 8
_SECRET = 40
_LONGEST = 200
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call: company, person, what they may do, and how they came ("token:<prefix>").

    `role` is the weaker of the token's and the member's; `permissions` what both of them and the scopes allow.
    """

    company_id: int
    person_id: int
    role: Role
    permissions: frozenset[May]
    via: str
    token_id: int


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token as lists show it; the secret is gone."""

    id: int
    person_id: int
    person: str
    name: str
    prefix: str
    role: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def make_token(
    *,
    company_id: int,
    person_id: int,
    name: str,
    role: Role,
    scopes: Iterable[May] = (),
    expires_at: datetime | None,
    at: datetime,
) -> str:
    """Make a token and answer it: the one time it is seen. Inside `acting_as(company_id)`.

    scopes   permissions it is narrowed to; none means all of its role

    Raises NotFoundError when the person is no member.
    """
    if not Member.objects.filter(person_id=person_id).exists():
        raise NotFoundError("not_found")
    prefix = _draw(_PREFIX)
    bearer = MARK + prefix + _draw(_SECRET)
    made = ApiToken.objects.create(
        company_id=company_id,
        person_id=person_id,
        name=name,
        prefix=prefix,
        role=role,
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    TokenDigest.objects.create(digest=_digest(bearer), company_id=company_id, token_id=made.id)
    return bearer


def read_token(bearer: str, *, at: datetime) -> Caller | None:
    """Whose token this is now, or None: unknown, expired, revoked, or its person is no (active) member any more."""
    if not bearer.startswith(MARK) or len(bearer) > _LONGEST:
        return None
    known = TokenDigest.objects.filter(digest=_digest(bearer)).first()
    if known is None:
        return None
    with acting_as(known.company_id):
        token = ApiToken.objects.filter(id=known.token_id, revoked_at=None).first()
        if token is None or (token.expires_at is not None and token.expires_at <= at):
            return None
        member = Member.objects.filter(person_id=token.person_id, person__is_active=True).first()
        if member is None:
            return None
        if token.last_used_at is None or token.last_used_at <= at - _NOTED_EVERY:
            ApiToken.objects.filter(id=token.id).update(last_used_at=at)
    return _caller(token, Role(member.role))


def revoke_token(token_id: int, *, of_person: int | None, at: datetime) -> None:
    """End a token. With `of_person`, only one of theirs. Raises NotFoundError; ending it twice is once."""
    found = ApiToken.objects.filter(id=token_id)
    if of_person is not None:
        found = found.filter(person_id=of_person)
    token = found.first()
    if token is None:
        raise NotFoundError("not_found")
    ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=at)
    TokenDigest.objects.filter(token_id=token.id, company_id=token.company_id).delete()


def list_tokens(
    *, of_person: int | None, ids: Sequence[int] | None = None, after: int | None = None, limit: int = 50
) -> list[TokenShown]:
    """Tokens, newest first, before the id `after`; with `of_person` only theirs. At most `limit`."""
    found = ApiToken.objects.order_by("-id").select_related("person")
    if of_person is not None:
        found = found.filter(person_id=of_person)
    if ids is not None:
        found = found.filter(id__in=ids)
    if after is not None:
        found = found.filter(id__lt=after)
    return [_shown(token, token.person) for token in found[:limit]]


def find_token(bearer: str) -> TokenShown | None:
    """The token behind a bearer just made. Inside `acting_as`."""
    known = TokenDigest.objects.filter(digest=_digest(bearer)).first()
    if known is None:
        return None
    token = ApiToken.objects.select_related("person").get(id=known.token_id)
    return _shown(token, token.person)


def _caller(token: ApiToken, now_is: Role) -> Caller:
    bound = Role(token.role)
    scopes = frozenset(May(scope) for scope in token.scopes) if token.scopes else None
    return Caller(
        company_id=token.company_id,
        person_id=token.person_id,
        role=min(bound, now_is, key=lambda role: len(permissions_of(role))),
        permissions=permissions_of(bound, scopes) & permissions_of(now_is),
        via=f"token:{token.prefix}",
        token_id=token.id,
    )


def _shown(token: ApiToken, person: Person) -> TokenShown:
    return TokenShown(
        id=token.id,
        person_id=token.person_id,
        person=person.name,
        name=token.name,
        prefix=token.prefix,
        role=token.role,
        scopes=token.scopes,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )


def _digest(bearer: str) -> str:
    return hashlib.sha256(bearer.encode()).hexdigest()


def _draw(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
