"""Channel kinds and channel accounts. Credentials go in and never come out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.catalog import Label
from jumun.api.fields import Body, Day, Flag, Id, LongText, Name, PathId, Text
from jumun.api.paging import Page, Paging, PagingWithIds, cut_known
from jumun.api.routes import Routes
from jumun.api.schemas import reason_of
from jumun.channels.actions import (
    AccountFields,
    change_account,
    check_account,
    create_account,
    delete_account,
)
from jumun.channels.breaker import BreakerState
from jumun.channels.health import Health, health_of
from jumun.channels.profile import Can, ChannelProfile, Unit
from jumun.channels.queries import LastCollection, get_account, last_collections, list_accounts, profile_of
from jumun.channels.registry import MANUAL, profiles
from jumun.channels.sheet_kinds import SHEET_KINDS, SheetKind
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.sentences import sentence

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
    by_sheet: bool = Field(description="no connector: orders come and waybill numbers go by sheet only")


class ConcernShown(BaseModel):
    """Something to see to: why, what to do, and how it presses."""

    code: str
    urgency: str = Field(description="calm, soon or late")
    reason: str


class CollectionShown(BaseModel):
    """The newest finished collection of an account."""

    job: int
    at: datetime
    outcome: str
    code: str | None
    reason: str | None


class BreakerShown(BaseModel):
    """Whether the channel is left alone because it does not answer; `next_try_at`: until when."""

    state: BreakerState
    failures: int = Field(description="conversations in a row without an answer")
    next_try_at: datetime | None


class KeysShown(BaseModel):
    """How long an account's keys are good for. Days are Seoul's; `estimated` until the seller states the last one."""

    set_on: date | None
    expire_on: date | None
    estimated: bool
    days_left: int | None = Field(description="negative once they ran out")
    renew: Label | None = Field(description="how to get new ones")


class RateShown(BaseModel):
    """The pace one kind of call keeps; `*` is all others."""

    call: str
    per_second: float
    burst: int


class Account(BaseModel):
    """A channel account (판매처 계정): what it is, how it stands, and what its channel can and cannot do."""

    id: int
    channel: str
    name: str
    key: str
    brand: str
    base_url: str
    by_sheet: bool = Field(description="nobody speaks with its channel: orders come and numbers go by sheet only")
    has_credentials: bool
    ship_from: int | None
    ship_within: int | None = Field(description="business days from payment to ship-by where the channel names none")
    cut_off: str | None = Field(description="payments after it (KST, such as 15:00) belong to the next day")
    auto_collect: bool
    auto_confirm: bool
    enabled: bool
    state: str
    state_code: str | None
    state_reason: str | None
    concerns: list[ConcernShown]
    last_collected_at: datetime | None
    last_collection: CollectionShown | None
    next_collection_at: datetime | None = Field(description="null while nobody collects it by the clock")
    collected_until: datetime | None = Field(description="everything the channel listed up to here was stored")
    last_synced_at: datetime | None
    breaker: BreakerShown
    clock_skew: int | None = Field(description="seconds our clock is ahead of the channel's, as last heard")
    keys: KeysShown
    rates: list[RateShown]
    can: list[Can]
    cannot: list[Can]
    notes: list[Label]
    created_at: datetime


class AccountChange(Body):
    """What may be said of an account; what is left out stays. Credentials are merged, an empty one stays as it was."""

    name: Name | None = None
    key: Name | None = None
    brand: Text | None = None
    base_url: Text | None = None
    credentials: Credentials | None = None
    by_sheet: Flag | None = Field(
        None, description="keep an account of a kind that has a connector without keys, by sheet only"
    )
    keys_expire_on: Day | None = Field(None, description="the last day of the keys, in Seoul")
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
    """Every channel kind: `manual` for orders that come by hand, those with a connector, those that go by sheet only."""
    known = [_MANUAL, *map(_channel, profiles()), *map(_sheet_kind, SHEET_KINDS.values())]
    numbered = list(enumerate(known, start=1))
    page, following = cut_known(numbered, PagingWithIds(**paging.model_dump()), lambda pair: pair[0])
    return Page(items=[each for _, each in page], next_cursor=following)


@routes.read("/channel-accounts", Page[Account])
def list_channel_accounts(request: Call, paging: Query[PagingWithIds]) -> Page[Account]:
    """Every account of the company."""
    page, following = cut_known(list_accounts(), paging, lambda row: row.id)
    last = last_collections([row.id for row in page])
    return Page(items=[_account(row, last, speaks(request)) for row in page], next_cursor=following)


@routes.write("POST", "/channel-accounts", Account, may=May.ACCOUNTS, status=201)
def create_channel_account(request: Call, body: NewAccount) -> Account:
    """Add an account. `base_url` is the channel's official host unless demo or development is on."""
    fields = AccountFields(**body.model_dump(exclude={"channel"}))
    made = create_account(request.auth.company_id, body.channel, fields, at=request.at)
    return _one_account(made, speaks(request))


@routes.read("/channel-accounts/{bigid:account_id}", Account)
def get_channel_account(request: Call, account_id: PathId) -> Account:
    """One account."""
    return _one_account(account_id, speaks(request))


@routes.write("PATCH", "/channel-accounts/{bigid:account_id}", Account, may=May.ACCOUNTS)
def change_channel_account(request: Call, account_id: PathId, body: AccountChange) -> Account:
    """Change what is given. `enabled: false` switches it off."""
    change_account(account_id, AccountFields(**body.model_dump()), at=request.at)
    return _one_account(account_id, speaks(request))


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
    by_sheet=False,
)


def _sheet_kind(kind: SheetKind) -> ChannelShown:
    return ChannelShown(
        kind=kind.kind,
        label=Label(ko=kind.label_ko, en=kind.label_en),
        capabilities=[],
        unit=None,
        credentials=[],
        hosts=[],
        seller_centre=kind.seller_centre,
        notes=[_BY_SHEET],
        by_sheet=True,
    )


_BY_SHEET = Label(
    ko="연동이 없어 엑셀로만 씁니다. 주문은 주문서를 올려 등록하고, 운송장 전송은 쇼핑몰 발송 엑셀을 만듭니다.",
    en="There is no connector: orders are registered from its sheet, and transmitting makes the mall's own sheet.",
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
        by_sheet=False,
    )


def _one_account(account_id: int, language: str) -> Account:
    return _account(get_account(account_id), last_collections([account_id]), language)


def _account(row: "ChannelAccount", last: Mapping[int, LastCollection], language: str) -> Account:
    health = health_of(row, now())
    profile = profile_of(row)
    can = profile.can if profile else frozenset()
    return Account(
        id=row.id,
        channel=row.channel,
        name=row.name,
        key=row.key,
        brand=row.brand,
        base_url=row.base_url,
        by_sheet=row.by_sheet,
        has_credentials=bool(row.credentials),
        ship_from=row.ship_from_id,
        ship_within=row.ship_within,
        cut_off=f"{row.cut_off:%H:%M}" if row.cut_off else None,
        auto_collect=row.auto_collect,
        auto_confirm=row.auto_confirm,
        enabled=row.state != "off",
        state=row.state,
        state_code=row.state_code or None,
        state_reason=reason_of(row.state_code, language),
        concerns=[
            ConcernShown(code=each.code, urgency=each.urgency, reason=sentence(each.code, language, **each.values))
            for each in health.concerns
        ],
        last_collected_at=row.last_collected_at,
        last_collection=_collection(last.get(row.id), language),
        next_collection_at=health.next_collection,
        collected_until=row.collected_until,
        last_synced_at=row.last_synced_at,
        breaker=BreakerShown(state=health.rest.state, failures=health.rest.failures, next_try_at=health.rest.again_at),
        clock_skew=row.clock_skew,
        keys=_keys(row, health, profile),
        rates=[
            RateShown(call=call, per_second=rate.per_second, burst=rate.burst)
            for call, rate in (profile.rates if profile else {}).items()
        ],
        can=sorted(can),
        cannot=sorted(set(Can) - can),
        notes=[Label(ko=korean, en=english) for korean, english in (profile.notes if profile else ())]
        + ([_BY_SHEET] if row.by_sheet else []),
        created_at=row.created_at,
    )


def _collection(last: LastCollection | None, language: str) -> CollectionShown | None:
    if last is None:
        return None
    reason = reason_of(last.code, language, last.message)
    return CollectionShown(job=last.job, at=last.at, outcome=last.outcome, code=last.code or None, reason=reason)


def _keys(row: "ChannelAccount", health: Health, profile: ChannelProfile | None) -> KeysShown:
    renew = profile.renew_keys if profile else ("", "")
    return KeysShown(
        set_on=row.keys_set_on,
        expire_on=row.keys_expire_on,
        estimated=row.keys_expire_guessed,
        days_left=health.days_left,
        renew=Label(ko=renew[0], en=renew[1]) if renew[0] else None,
    )
