"""What is data about a channel kind: its capabilities, credentials, pace and limits (N1, P8, P9). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Can(StrEnum):
    """What a channel's API offers (N1, P8, P9). What is missing is switched off in the pages, with the reason."""

    COLLECT_UNCONFIRMED = "collect_unconfirmed"
    CONFIRM = "confirm"
    TRANSMIT = "transmit"
    CORRECT_WAYBILL = "correct_waybill"
    SYNC = "sync"
    SPLIT_UNIT = "split_unit"
    SPLIT_LINE = "split_line"
    READ_CLAIMS = "read_claims"
    PUSH_STOCK = "push_stock"


class Unit(StrEnum):
    """What one call about sending speaks of."""

    LINE = "line"
    BOX = "box"
    BUNDLE = "bundle"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of an account's keys. `secret` fields are never shown again after saving."""

    name: str
    label_ko: str
    label_en: str
    secret: bool = False
    required: bool = True


SHARED = "all"
"""The name in `rates` of a pace that all calls of an account keep together."""


@dataclass(frozen=True, slots=True)
class CallRate:
    """The pace one kind of call may keep: `per_second` on average, `burst` at once."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class ChannelProfile:
    """Everything about a channel kind that is data (N1).

    split               what `Unit` a dispatch names; see `can` for whether it may be sent in parts
    hosts               official hosts an account's base_url may name
    default_base_url    used when the account names none
    read_window         the longest window one reading call may span
    history             how far back the API answers at all, or None when it does not say
    overlap             how much of an already read window is read again (late rows, clock differences)
    rates               pace per call name; "*" for every other call by itself, SHARED for all of them together
    batch               most lines per call, by verb: "read", "confirm", "dispatch", "correct"
    lists_changes       `changed` goes by the time of the change; False: by the time of the order, so that a sync reads
                        from the oldest order still open
    reread_confirmed    the recipient may change until 발주확인: lines are read again when it was accepted
    shows_late          how long a reading may still show the state before an accepted confirmation
    settles             the channel tells 구매확정 itself; False: seven days after delivery (DESIGN §2)
    combines            orders of this channel may go out with others in one parcel (C14); False: never
    key_lifetime        how long newly issued keys are valid, or None
    renew_keys          how the seller gets new keys: (Korean, English)
    correct_by_hand     where a told number is corrected when `Can.CORRECT_WAYBILL` is missing: (Korean, English)
    """

    kind: str
    label_ko: str
    label_en: str
    can: frozenset[Can]
    unit: Unit
    credentials: tuple[CredentialField, ...]
    hosts: tuple[str, ...]
    default_base_url: str
    read_window: timedelta
    overlap: timedelta
    rates: Mapping[str, CallRate]
    batch: Mapping[str, int]
    history: timedelta | None = None
    lists_changes: bool = True
    reread_confirmed: bool = False
    shows_late: timedelta = timedelta(0)
    settles: bool = True
    combines: bool = True
    key_lifetime: timedelta | None = None
    renew_keys: tuple[str, str] = ("", "")
    correct_by_hand: tuple[str, str] = ("", "")
    seller_centre: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """Known limits, each (Korean, English), shown on the channel's page (P9, I27)."""
