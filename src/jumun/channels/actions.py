"""Writes about channel accounts."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from jumun.catalog.queries import check_ship_from
from jumun.channels.models import AccountState, ChannelAccount, ChannelToken
from jumun.channels.profile import ChannelProfile
from jumun.channels.registry import MANUAL, find_profile
from jumun.channels.sheet_kinds import find_sheet_kind
from jumun.channels.speaking import speaking_for
from jumun.core.clock import in_kst
from jumun.core.errors import ChannelError, ConflictError, JumunError, NotFoundError
from jumun.core.secrets import reseal, seal_mapping, unseal_mapping
from jumun.core.tenancy import acting_as


@dataclass(frozen=True, slots=True)
class AccountFields:
    """What a person may say of an account; None leaves a field as it is."""

    name: str | None = None
    key: str | None = None
    brand: str | None = None
    base_url: str | None = None
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    ship_from: int | None = None
    auto_collect: bool | None = None
    auto_confirm: bool | None = None
    enabled: bool | None = None
    by_sheet: bool | None = None
    """Sheets only: of a kind that has a connector, kept without keys. The kinds of `sheet_kinds` always are."""
    keys_expire_on: date | None = None
    """The last day (KST) of the keys; without it, new keys get the channel's usual lifetime, as a guess."""


def create_account(company_id: int, channel: str, given: AccountFields, *, at: datetime) -> int:
    """Add an account. Answers its id.

    Raises JumunError("unknown_channel" | "missing_credentials" | "bad_base_url" | "invalid"), ConflictError("duplicate").
    """
    profile = find_profile(channel)
    sheet_kind = find_sheet_kind(channel) if profile is None else None
    if profile is None and sheet_kind is None and channel != MANUAL:
        raise JumunError("unknown_channel")
    if not given.name or not given.key:
        raise JumunError("invalid", field="name" if not given.name else "key")
    credentials = dict(given.credentials or {})
    by_sheet = sheet_kind is not None or (profile is not None and bool(given.by_sheet))
    if profile is not None and not by_sheet:
        _check_complete(profile, credentials)
    _check_base_url(channel, given.base_url or "")
    check_ship_from(given.ship_from)
    try:
        with transaction.atomic():
            return ChannelAccount.objects.create(
                company_id=company_id,
                channel=channel,
                created_at=at,
                **(_values(given, credentials) | {"by_sheet": by_sheet}),
                **_expiry(channel, given, new_keys=bool(credentials), at=at),
            ).id
    except IntegrityError as problem:
        raise ConflictError("duplicate", field="key") from problem


def change_account(account_id: int, given: AccountFields, *, at: datetime | None = None) -> None:
    """Change the fields given; credentials are merged, an empty text leaves the stored secret as it is.

    at    when: new keys count from that day; without it nobody knows how old they are
    """
    with transaction.atomic():
        account = ChannelAccount.objects.select_for_update().filter(id=account_id).first()
        if account is None:
            raise NotFoundError("not_found")
        _check_base_url(account.channel, given.base_url or "")
        check_ship_from(given.ship_from)
        before = unseal_mapping(account.credentials)
        kept = before | {name: value for name, value in (given.credentials or {}).items() if value}
        values = _values(given, kept) | _expiry(account.channel, given, new_keys=kept != before, at=at)
        values |= _way(account, given, kept)
        if given.credentials and account.state == AccountState.REAUTH:
            values |= {"state": AccountState.OK, "state_code": ""}
        try:
            with transaction.atomic():
                ChannelAccount.objects.filter(id=account_id).update(**values)
        except IntegrityError as problem:
            raise ConflictError("duplicate", field="key") from problem
        if given.credentials or given.base_url is not None:
            ChannelToken.objects.filter(account_id=account_id).delete()


def delete_account(account_id: int) -> None:
    """Remove an account no order came from. Raises NotFoundError, ConflictError("account_has_orders")."""
    with transaction.atomic():
        account = ChannelAccount.objects.select_for_update().filter(id=account_id).first()
        if account is None:
            raise NotFoundError("not_found")
        try:
            account.delete()
        except ProtectedError as problem:
            raise ConflictError("account_has_orders") from problem


def check_account(company_id: int, account_id: int) -> None:
    """Prove the keys against the channel. Raises ChannelError or ChannelBusy with the reason; remembers the outcome.

    A channel that is left alone is tried all the same: somebody asks (R11). Raises JumunError("sheets_only").
    """
    with acting_as(company_id):
        if ChannelAccount.objects.filter(id=account_id, by_sheet=True).exists():
            raise JumunError("sheets_only")
    try:
        with speaking_for(company_id, account_id, eager=True) as line:
            line.connector.check()
    except ChannelError as problem:
        note_state(company_id, account_id, problem)
        raise
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=account_id, state=AccountState.REAUTH).update(
            state=AccountState.OK, state_code=""
        )


def reseal_accounts() -> int:
    """Encrypt the company's credentials and tokens again under the newest key; answers how many of both.

    Raises cryptography.fernet.InvalidToken for one whose key is not configured any more.
    """
    with transaction.atomic():
        accounts = list(ChannelAccount.objects.select_for_update().exclude(credentials="").order_by("id"))
        for account in accounts:
            ChannelAccount.objects.filter(id=account.id).update(credentials=reseal(account.credentials))
        tokens = list(ChannelToken.objects.select_for_update().exclude(sealed="").order_by("id"))
        for token in tokens:
            ChannelToken.objects.filter(id=token.id).update(sealed=reseal(token.sealed))
    return len(accounts) + len(tokens)


def note_state(company_id: int, account_id: int, problem: ChannelError) -> None:
    """Pause an account whose keys or address the channel refuses (R13); anything else leaves it as it is."""
    if problem.code in ("bad_credentials", "ip_not_allowed"):
        with acting_as(company_id):
            ChannelAccount.objects.filter(id=account_id).update(state=AccountState.REAUTH, state_code=problem.code)


def _check_complete(profile: ChannelProfile, credentials: Mapping[str, str]) -> None:
    missing = [each.name for each in profile.credentials if each.required and not credentials.get(each.name)]
    if missing:
        raise JumunError("missing_credentials", fields=", ".join(missing))


def _way(account: ChannelAccount, given: AccountFields, kept: Mapping[str, str]) -> dict[str, Any]:
    """Whether an account goes by sheet from now on: only where there is a connector is there a choice.

    What was planned on the one way ends on it. Raises JumunError("missing_credentials").
    """
    profile = find_profile(account.channel)
    if profile is None or given.by_sheet is None or given.by_sheet == account.by_sheet:
        return {}
    if not given.by_sheet:
        _check_complete(profile, kept)
    return {"by_sheet": given.by_sheet}


def _values(given: AccountFields, credentials: Mapping[str, str]) -> dict[str, Any]:
    plain = {
        "name": given.name,
        "key": given.key,
        "brand": given.brand,
        "base_url": given.base_url,
        "ship_from_id": given.ship_from,
        "auto_collect": given.auto_collect,
        "auto_confirm": given.auto_confirm,
    }
    values: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if credentials:
        values["credentials"] = seal_mapping(credentials)
    if given.enabled is not None:
        values["state"] = AccountState.OK if given.enabled else AccountState.OFF
    return values


def _expiry(channel: str, given: AccountFields, *, new_keys: bool, at: datetime | None) -> dict[str, Any]:
    """What becomes of the keys' days: stated, guessed from the channel's usual lifetime for new keys, or left alone."""
    profile = find_profile(channel)
    values: dict[str, Any] = {}
    if new_keys:
        day = in_kst(at).date() if at else None
        life = profile.key_lifetime if profile else None
        guess = day + life if day and life else None
        values = {"keys_set_on": day, "keys_expire_on": guess, "keys_expire_guessed": guess is not None}
    if given.keys_expire_on is not None:
        values |= {"keys_expire_on": given.keys_expire_on, "keys_expire_guessed": False}
    return values


def _check_base_url(channel: str, base_url: str) -> None:
    """Only the channel's official https hosts; loopback addresses too while demo or development is on (DESIGN §5)."""
    if not base_url:
        return
    parts = urlsplit(base_url)
    profile = find_profile(channel)
    if profile and parts.scheme == "https" and parts.hostname in profile.hosts and not parts.username:
        return
    if settings.DEMO and parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return
    raise JumunError("bad_base_url")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
