"""Channel kinds and channel accounts. Credentials go in and never come out."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.catalog import Label
from jumun.api.fields import Body, Flag, Id, LongText, Name, PathId, Text
from jumun.api.paging import Page, Paging, PagingWithIds, cut_known
from jumun.api.routes import Routes
from jumun.api.schemas import reason_of
from jumun.channels.actions import (
    MANUAL,
    AccountFields,
    change_account,
    check_account,
    create_account,
    delete_account,
)
from jumun.channels.profile import Can, ChannelProfile, Unit
from jumun.channels.queries import get_account, list_accounts
from jumun.channels.registry import profiles
from jumun.companies.roles import May
from jumun.core.errors import ChannelError

if TYPE_CHECKING:
    from jumun.channels.models import ChannelAccount

routes = Routes(tags=["channels"])
Credentials = dict[Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")], LongText]


class CredentialFieldShown(BaseModel):
    """One field of an account's keys."""

    name: str
    label: Label
    secret: bool
    required: bool


class ChannelShown(BaseModel):
    """A channel kind: what its API can do, in which unit it is told of parcels, and its known limits."""

    kind: str
    label: Label
    capabilities: list[Can]
    unit: Unit | None
    credentials: list[CredentialFieldShown]
    hosts: list[str]
    seller_centre: str
    notes: list[Label]


class Account(BaseModel):
    """A channel account (판매처 계정)."""

    id: int
    channel: str
    name: str
    key: str
    brand: str
    base_url: str
    has_credentials: bool
    ship_from: int | None
    auto_collect: bool
    auto_confirm: bool
    enabled: bool
    state: str
    state_code: str | None
    state_reason: str | None
    last_collected_at: datetime | None
    last_synced_at: datetime | None
    created_at: datetime


class AccountChange(Body):
    """What may be said of an account; what is left out stays. Credentials are merged, an empty one stays as it was."""

    name: Name | None = None
    key: Name | None = None
    brand: Text | None = None
    base_url: Text | None = None
    credentials: Credentials | None = None
    ship_from: Id | None = Field(None, description="id of the default ship-from of its items")
    auto_collect: Flag | None = None
    auto_confirm: Flag | None = None
    enabled: Flag | None = None


class NewAccount(AccountChange):
    """An account to add."""

    channel: Name
    name: Name
    key: Name


class CheckAnswer(BaseModel):
    """Whether the channel took the keys; why not, if not."""

    ok: bool
    code: str | None = None
    reason: str | None = None


@routes.read("/channels", Page[ChannelShown])
def list_channels(request: Call, paging: Query[Paging]) -> Page[ChannelShown]:
    """Every channel kind, and `manual` for orders that come by hand."""
    known = [_MANUAL, *map(_channel, profiles())]
    numbered = list(enumerate(known, start=1))
    page, following = cut_known(numbered, PagingWithIds(**paging.model_dump()), lambda pair: pair[0])
    return Page(items=[each for _, each in page], next_cursor=following)


@routes.read("/channel-accounts", Page[Account])
def list_channel_accounts(request: Call, paging: Query[PagingWithIds]) -> Page[Account]:
    """Every account of the company."""
    page, following = cut_known(list_accounts(), paging, lambda row: row.id)
    return Page(items=[_account(row, speaks(request)) for row in page], next_cursor=following)


@routes.write("POST", "/channel-accounts", Account, may=May.ACCOUNTS, status=201)
def create_channel_account(request: Call, body: NewAccount) -> Account:
    """Add an account. `base_url` is the channel's official host unless demo or development is on."""
    fields = AccountFields(**body.model_dump(exclude={"channel"}))
    made = create_account(request.auth.company_id, body.channel, fields, at=request.at)
    return _account(get_account(made), speaks(request))


@routes.read("/channel-accounts/{bigid:account_id}", Account)
def get_channel_account(request: Call, account_id: PathId) -> Account:
    """One account."""
    return _account(get_account(account_id), speaks(request))


@routes.write("PATCH", "/channel-accounts/{bigid:account_id}", Account, may=May.ACCOUNTS)
def change_channel_account(request: Call, account_id: PathId, body: AccountChange) -> Account:
    """Change what is given. `enabled: false` switches it off."""
    change_account(account_id, AccountFields(**body.model_dump()))
    return _account(get_account(account_id), speaks(request))


@routes.write("DELETE", "/channel-accounts/{bigid:account_id}", None, may=May.ACCOUNTS, status=204)
def delete_channel_account(request: Call, account_id: PathId) -> None:
    """Remove an account no order came from; one that has orders is refused and can be switched off."""
    delete_account(account_id)


@routes.write("POST", "/channel-accounts/{bigid:account_id}/check", CheckAnswer, may=May.ACCOUNTS, remote=True)
def check_channel_account(request: Call, account_id: PathId) -> CheckAnswer:
    """Prove the keys against the channel now."""
    try:
        check_account(request.auth.company_id, account_id)
    except ChannelError as problem:
        return CheckAnswer(ok=False, code=problem.code, reason=problem.reason(speaks(request)))
    return CheckAnswer(ok=True)


_MANUAL = ChannelShown(
    kind=MANUAL,
    label=Label(ko="직접 입력", en="Manual"),
    capabilities=[],
    unit=None,
    credentials=[],
    hosts=[],
    seller_centre="",
    notes=[],
)


def _channel(profile: ChannelProfile) -> ChannelShown:
    return ChannelShown(
        kind=profile.kind,
        label=Label(ko=profile.label_ko, en=profile.label_en),
        capabilities=sorted(profile.can),
        unit=profile.unit,
        credentials=[
            CredentialFieldShown(
                name=field.name,
                label=Label(ko=field.label_ko, en=field.label_en),
                secret=field.secret,
                required=field.required,
            )
            for field in profile.credentials
        ],
        hosts=list(profile.hosts),
        seller_centre=profile.seller_centre,
        notes=[Label(ko=korean, en=english) for korean, english in profile.notes],
    )


def _account(row: "ChannelAccount", language: str) -> Account:
    return Account(
        id=row.id,
        channel=row.channel,
        name=row.name,
        key=row.key,
        brand=row.brand,
        base_url=row.base_url,
        has_credentials=bool(row.credentials),
        ship_from=row.ship_from_id,
        auto_collect=row.auto_collect,
        auto_confirm=row.auto_confirm,
        enabled=row.state != "off",
        state=row.state,
        state_code=row.state_code or None,
        state_reason=reason_of(row.state_code, language),
        last_collected_at=row.last_collected_at,
        last_synced_at=row.last_synced_at,
        created_at=row.created_at,
    )
