"""Who one is, members, tokens, and the trail of personal-data access."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call
from jumun.api.fields import Body, Email, Flag, Moment, Name, PathId
from jumun.api.paging import (
    Page,
    Paging,
    PagingWithIds,
    cut,
    read_id_cursor,
    read_text_cursor,
    write_text_cursor,
)
from jumun.api.problems import InvalidError
from jumun.api.routes import Routes
from jumun.companies.actions import add_member, change_role, remove_member
from jumun.companies.preferences import get_preferences
from jumun.companies.queries import (
    AccessShown,
    MemberShown,
    get_company,
    get_member,
    get_member_of,
    list_looks,
    list_members,
)
from jumun.companies.roles import May, Role, permissions_of
from jumun.companies.stock_rules import StockRules, get_stock_rules, set_stock_rules
from jumun.companies.tokens import TokenShown, find_token, list_tokens, make_token, revoke_token
from jumun.core.clock import read_moment
from jumun.core.errors import JumunError, NotAllowedError

routes = Routes(tags=["people"])
LONGEST_TOKEN_DAYS = 3660


class Company(BaseModel):
    """The company a token is bound to."""

    id: int
    name: str
    slug: str


class Member(BaseModel):
    """A person in the company, with their role."""

    id: int
    person: int
    email: str
    name: str
    role: Role
    created_at: datetime


class Preferences(BaseModel):
    """How the person wants this company's pages; changed on the settings page only."""

    rows_a_page: int
    period: str
    shortcuts: bool
    row: str
    start: str


class Me(BaseModel):
    """Who calls, and what they may do: what the token's role, the person's role now and the scopes allow together."""

    company: Company
    member: Member
    role: Role
    permissions: list[May]
    preferences: Preferences
    via: str


class NewMember(Body):
    """A person to add. Someone known by that e-mail keeps their own name and password."""

    email: Email
    name: Name
    password: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    role: Role


class NewRole(Body):
    """Another role for a member."""

    role: Role


class Token(BaseModel):
    """An API token. Its secret is told once, when it is made."""

    id: int
    person: int
    person_name: str
    name: str
    prefix: str
    role: Role
    scopes: list[May]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class NewToken(Body):
    """A token to make for oneself, never with more rights than one has."""

    name: Name
    role: Role | None = Field(None, description="one's own when left out")
    scopes: list[May] = Field([], description="permissions it is narrowed to; none means all of its role")
    expires_at: Moment | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=LONGEST_TOKEN_DAYS)] | None = None


class MadeToken(Token):
    """The token with its secret. `token` is null when the answer is repeated under an Idempotency-Key."""

    token: str | None


class Look(BaseModel):
    """One look at, download or print of personal data."""

    id: int
    at: datetime
    person: int | None
    via: str
    ip: str | None
    did: str
    subject: str
    reason: str


class StockSwitches(Body):
    """What a company wants of its stock; both are off at first."""

    release_needs_allocation: Flag = Field(description="release only what has all of its stock reserved")
    hold_frees_stock: Flag = Field(description="what a person holds gives its stock back")


@routes.read("/me", Me)
def get_me(request: Call) -> Me:
    """Who calls."""
    company, caller = get_company(), request.auth
    return Me(
        company=Company(id=company.id, name=company.name, slug=company.slug),
        member=_member(get_member_of(caller.person_id)),
        role=caller.role,
        permissions=sorted(caller.permissions),
        preferences=Preferences(**asdict(get_preferences(caller.person_id))),
        via=caller.via,
    )


@routes.read("/members", Page[Member], may=May.PEOPLE)
def list_company_members(request: Call, paging: Query[PagingWithIds]) -> Page[Member]:
    """Everyone in the company, in the order they joined."""
    rows = list_members(ids=paging.wanted(), after=read_id_cursor(paging.cursor), limit=paging.limit + 1)
    page, following = cut(rows, paging.limit, lambda row: str(row.id))
    return Page(items=[_member(row) for row in page], next_cursor=following)


@routes.write("POST", "/members", Member, may=May.PEOPLE, status=201)
def create_member(request: Call, body: NewMember) -> Member:
    """Add a person to the company."""
    _no_more_than_own(request, body.role)
    made = add_member(email=body.email, name=body.name, password=body.password, role=body.role, at=request.at)
    return _member(get_member(made))


@routes.write("PATCH", "/members/{bigid:member_id}", Member, may=May.PEOPLE)
def change_member(request: Call, member_id: PathId, body: NewRole) -> Member:
    """Give a member another role; it counts from their next request."""
    _no_more_than_own(request, body.role)
    _no_more_than_own(request, Role(get_member(member_id).role))
    change_role(member_id, role=body.role)
    return _member(get_member(member_id))


@routes.write("DELETE", "/members/{bigid:member_id}", None, may=May.PEOPLE, status=204)
def delete_member(request: Call, member_id: PathId) -> None:
    """Take a person out of the company; their tokens for it end."""
    _no_more_than_own(request, Role(get_member(member_id).role))
    remove_member(member_id)


@routes.read("/tokens", Page[Token], may=May.TOKENS)
def list_api_tokens(request: Call, paging: Query[PagingWithIds]) -> Page[Token]:
    """One's own tokens, newest first; everybody's for those who manage people."""
    rows = list_tokens(
        of_person=_only_own(request),
        ids=paging.wanted(),
        after=read_id_cursor(paging.cursor),
        limit=paging.limit + 1,
    )
    page, following = cut(rows, paging.limit, lambda row: str(row.id))
    return Page(items=[_token(row) for row in page], next_cursor=following)


@routes.write("POST", "/tokens", MadeToken, may=May.TOKENS, status=201, secret="token")
def create_token(request: Call, body: NewToken) -> MadeToken:
    """Make a token for oneself. Its secret is in this answer and nowhere else."""
    caller = request.auth
    role, scopes = body.role or caller.role, frozenset(body.scopes)
    if not permissions_of(role, scopes or None) <= caller.permissions or not scopes <= caller.permissions:
        raise NotAllowedError("not_allowed")
    if body.expires_at and (body.days or body.expires_at <= request.at):
        raise InvalidError("invalid", field="expires_at")
    expires = request.at + timedelta(days=body.days) if body.days else body.expires_at
    bearer = make_token(
        company_id=caller.company_id,
        person_id=caller.person_id,
        name=body.name,
        role=role,
        scopes=scopes,
        expires_at=expires,
        at=request.at,
    )
    made = find_token(bearer)
    if made is None:
        raise JumunError("server_error")
    return MadeToken(**_token(made).model_dump(), token=bearer)


@routes.write("DELETE", "/tokens/{bigid:token_id}", None, may=May.TOKENS, status=204)
def delete_token(request: Call, token_id: PathId) -> None:
    """End a token: one's own, or anybody's for those who manage people."""
    revoke_token(token_id, of_person=_only_own(request), at=request.at)


@routes.read("/access-trail", Page[Look], may=May.PEOPLE)
def list_access_trail(request: Call, paging: Query[Paging]) -> Page[Look]:
    """Who saw, exported or printed personal data, newest first."""
    rows = list_looks(before=_read_moment_cursor(paging.cursor), limit=paging.limit + 1)
    page, following = cut(rows, paging.limit, lambda row: write_text_cursor(f"{row.at.isoformat()}|{row.id}"))
    return Page(items=[_look(row) for row in page], next_cursor=following)


def _read_moment_cursor(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    moment, _, last = read_text_cursor(cursor).partition("|")
    try:
        read = read_moment(moment)
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
    number = read_id_cursor(last)
    if read.tzinfo is None or number is None:
        raise JumunError("bad_cursor")
    return read, number


def _no_more_than_own(request: Call, role: Role) -> None:
    """Nobody gives, or takes from, somebody rights they have not themselves."""
    if not permissions_of(role) <= request.auth.permissions:
        raise NotAllowedError("not_allowed")


def _only_own(request: Call) -> int | None:
    return None if May.PEOPLE in request.auth.permissions else request.auth.person_id


def _member(row: MemberShown) -> Member:
    return Member(
        id=row.id, person=row.person_id, email=row.email, name=row.name, role=Role(row.role), created_at=row.created_at
    )


def _token(row: TokenShown) -> Token:
    return Token(
        id=row.id,
        person=row.person_id,
        person_name=row.person,
        name=row.name,
        prefix=row.prefix,
        role=Role(row.role),
        scopes=[May(scope) for scope in row.scopes],
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _look(row: AccessShown) -> Look:
    return Look(
        id=row.id,
        at=row.at,
        person=row.person_id,
        via=row.via,
        ip=row.ip,
        did=row.did,
        subject=row.subject,
        reason=row.reason,
    )


@routes.read("/company/stock-rules", StockSwitches)
def read_stock_rules(request: Call) -> StockSwitches:
    """Whether release demands allocation, and a hold frees stock (C18, C21)."""
    return StockSwitches(**asdict(get_stock_rules()))


@routes.write("PUT", "/company/stock-rules", StockSwitches, may=May.ACCOUNTS)
def put_stock_rules(request: Call, body: StockSwitches) -> StockSwitches:
    """Switch them; what is held or released already stays as it is."""
    set_stock_rules(StockRules(**body.model_dump()))
    return body
