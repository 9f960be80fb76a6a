"""A person's second factor: codes of an authenticator app (TOTP, RFC 6238) and ten recovery codes.

Set up in two steps: `begin` makes a key that is not in force yet, `confirm` puts it in force with a first code from the
app and hands out the recovery codes, the one time they are seen. A code works once: `last_step` remembers the time step
of the newest one taken, and the statement that moves it on is what decides between two who send the same code at once.
Recovery codes are kept as digests; one is used up by the statement that finds it unused.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pyotp
from cryptography.fernet import InvalidToken
from django.db import transaction

from jumun.companies.models import Person, RecoveryCode, SecondFactor
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.core.secrets import reseal, seal, unseal

ISSUER = "Jumun"
RECOVERY_CODES = 10
WINDOW = 1
"""Time steps (30 seconds) a code may be early or late: phones' clocks differ."""

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP = 4, 4


class Way(StrEnum):
    """What a person came in with besides the password."""

    CODE = "code"
    RECOVERY = "recovery_code"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator app needs: the key to type, and the address a QR code carries."""

    key: str
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person's second factor stands. `codes_left` recovery codes are unused."""

    since: datetime | None
    codes_left: int

    @property
    def on(self) -> bool:
        """Whether signing in asks for a code."""
        return self.since is not None


def get_standing(person_id: int) -> Standing:
    """How a person's second factor stands."""
    since = SecondFactor.objects.filter(person_id=person_id).values_list("confirmed_at", flat=True).first()
    left = RecoveryCode.objects.filter(person_id=person_id, used_at=None).count() if since else 0
    return Standing(since, left)


def is_on(person_id: int) -> bool:
    """Whether signing in asks this person for a code."""
    return SecondFactor.objects.filter(person_id=person_id, confirmed_at__isnull=False).exists()


def people_with_one(person_ids: Iterable[int]) -> set[int]:
    """Those of these people whose second factor is in force."""
    found = SecondFactor.objects.filter(person_id__in=list(person_ids), confirmed_at__isnull=False)
    return set(found.values_list("person_id", flat=True))


def begin(person_id: int) -> None:
    """Make a new key, not in force until `confirm`. Raises ConflictError("factor_on") when one is in force."""
    with transaction.atomic():
        kept = _locked(person_id)
        if kept is not None and kept.confirmed_at is not None:
            raise ConflictError("factor_on")
        SecondFactor.objects.update_or_create(
            person_id=person_id, defaults={"sealed": seal(pyotp.random_base32()), "last_step": 0}
        )


def get_setup(person_id: int) -> Setup | None:
    """The key that waits for its first code, or None."""
    kept = SecondFactor.objects.filter(person_id=person_id, confirmed_at=None).select_related("person").first()
    key = _key_of(kept) if kept is not None else ""
    if kept is None or not key:
        return None
    address = pyotp.TOTP(key).provisioning_uri(name=kept.person.email, issuer_name=ISSUER)
    return Setup(key, address)


def confirm(person_id: int, code: str, *, at: datetime) -> list[str]:
    """Put the key in force with a code from the app. Answers the recovery codes: the one time they are seen.

    Raises ConflictError("factor_on") when it is in force already, NotFoundError when none was begun,
    JumunError("wrong_code").
    """
    with transaction.atomic():
        kept = _locked(person_id)
        if kept is None:
            raise NotFoundError("not_found")
        if kept.confirmed_at is not None:
            raise ConflictError("factor_on")
        step = _step_of(_key_of(kept), code, at)
        if step is None:
            raise JumunError("wrong_code")
        SecondFactor.objects.filter(id=kept.id).update(confirmed_at=at, last_step=step)
        return _hand_out(person_id)


def take_code(person_id: int, given: str, *, at: datetime) -> Way | None:
    """Use up a code of the app or a recovery code. None: it is wrong, too old, or was used before."""
    kept = SecondFactor.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if kept is None:
        return None
    step = _step_of(_key_of(kept), given, at)
    if step is not None:
        won = SecondFactor.objects.filter(id=kept.id, sealed=kept.sealed, last_step__lt=step).update(last_step=step)
        return Way.CODE if won else None
    used = RecoveryCode.objects.filter(person_id=person_id, digest=_digest(given), used_at=None).update(used_at=at)
    return Way.RECOVERY if used else None


@contextmanager
def in_turn(person_id: int) -> Iterator[None]:
    """Guesses at one person's code happen one after the other, so that counting them counts them all."""
    with transaction.atomic():
        Person.objects.select_for_update().filter(id=person_id).first()
        yield


def renew_recovery_codes(person_id: int) -> list[str]:
    """Ten new recovery codes; the old ones end. Raises NotFoundError when no second factor is in force."""
    with transaction.atomic():
        kept = _locked(person_id)
        if kept is None or kept.confirmed_at is None:
            raise NotFoundError("not_found")
        return _hand_out(person_id)


def switch_off(person_id: int) -> bool:
    """Take the second factor away, with its recovery codes. Answers whether one was in force."""
    with transaction.atomic():
        kept = _locked(person_id)
        RecoveryCode.objects.filter(person_id=person_id).delete()
        SecondFactor.objects.filter(person_id=person_id).delete()
    return kept is not None and kept.confirmed_at is not None


def reseal_factors() -> int:
    """Encrypt every key again under the newest of JUMUN_ENCRYPTION_KEYS; answers how many.

    Raises cryptography.fernet.InvalidToken for one whose key is not configured any more.
    """
    with transaction.atomic():
        kept = list(SecondFactor.objects.select_for_update().order_by("id"))
        for each in kept:
            SecondFactor.objects.filter(id=each.id).update(sealed=reseal(each.sealed))
    return len(kept)


def _locked(person_id: int) -> SecondFactor | None:
    """The person's row, after taking turns on the person: a first row cannot be locked."""
    Person.objects.select_for_update().filter(id=person_id).first()
    return SecondFactor.objects.filter(person_id=person_id).first()


def _hand_out(person_id: int) -> list[str]:
    codes = [_draw() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person_id=person_id).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person_id=person_id, digest=_digest(code)) for code in codes)
    return codes


def _key_of(kept: SecondFactor) -> str:
    """The key, or "" when the encryption key it lies under is gone: then only recovery codes open."""
    try:
        return unseal(kept.sealed)
    except InvalidToken:
        return ""


def _step_of(key: str, given: str, at: datetime) -> int | None:
    """The time step whose code this is, or None. Compared in constant time."""
    code = _bare(given)
    if not key or len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    try:
        return pyotp.TOTP(key).verify_and_get_timecode(code, for_time=at, valid_window=WINDOW)
    except pyotp.OTPVerificationError:
        return None


def _draw() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _bare(given: str) -> str:
    """What was typed without blanks and hyphens, full-width digits as plain ones."""
    text = unicodedata.normalize("NFKC", given[:100]).lower()
    return "".join(each for each in text if each not in "- \t\u00a0")


def _digest(code: str) -> str:
    return hashlib.sha256(_bare(code).encode()).hexdigest()
