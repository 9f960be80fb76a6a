"""What a channel's connector promises. Pure: dataclasses and one Protocol; no database, no network.

Words follow DESIGN §1. A connector translates and nothing else: it keeps no state between calls, writes no table and
never decides. A line the channel refuses comes back as a `LineResult`; an exception means the whole call failed:
`ChannelBusy` when trying again later is safe (or, with `unclear`, when a write may have been applied), else
`ChannelError`. `tests/connectors/` holds every registered kind to this, over HTTP.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol, TypeVar

T = TypeVar("T")


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


class Unit(StrEnum):
    """What one call about sending speaks of."""

    LINE = "line"
    BOX = "box"
    BUNDLE = "bundle"
    ORDER = "order"


class Stage(StrEnum):
    """Where a line stands on its channel, in our words (channels.md §0, neutral status map)."""

    AWAITING_PAYMENT = "awaiting_payment"
    NEW = "new"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    EXCHANGED = "exchanged"
    UNKNOWN = "unknown"


class ClaimKind(StrEnum):
    """The three things a buyer may ask for."""

    CANCEL = "cancel"
    RETURN = "return"
    EXCHANGE = "exchange"


class ClaimStage(StrEnum):
    """How far a claim is on its channel; the claim axis of DESIGN §2."""

    REQUESTED = "requested"
    COLLECTING = "collecting"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Hint(StrEnum):
    """Why a line should be held when it enters, or needs no number when it leaves."""

    GIFT_WITHOUT_ADDRESS = "gift_without_address"
    PRE_ORDER = "pre_order"
    PARTNER_SHIPS = "partner_ships"
    NO_WAYBILL_NEEDED = "no_waybill_needed"


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of an account's keys. `secret` fields are never shown again after saving."""

    name: str
    label_ko: str
    label_en: str
    secret: bool = False
    required: bool = True


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
    rates               pace per call name; "*" for all others
    batch               most lines per call, by verb: "read", "confirm", "dispatch"
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
    seller_centre: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """Known limits, each (Korean, English), shown on the channel's page (P9, I27)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A closed stretch of time, both ends aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A recipient as the channel writes it; nothing normalised. Personal data: never logged."""

    name: str = ""
    phone1: str = ""
    phone2: str = ""
    postcode: str = ""
    address1: str = ""
    address2: str = ""
    country: str = "KR"
    message: str = ""
    customs_number: str = ""
    entrance: str = ""


@dataclass(frozen=True, slots=True)
class ClaimSnapshot:
    """The claim a line carries now. `quantity` is what it is about; 0 when the channel does not say."""

    kind: ClaimKind
    stage: ClaimStage
    claim_id: str
    quantity: int = 0
    reason: str = ""
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One order line as the channel tells it now.

    line_key     the channel's identity of the line that never changes; unique with order_number in one account
    unit         the key of the unit (box, bundle …) it is sent in; the line key itself where the unit is the line
    quantity     ordered at first; `remaining` is what is still to be shipped (quantity less completed cancels)
    amount       what the buyer pays for the remaining quantity, in `currency`
    raw          the payload as received, to be kept apart
    """

    line_key: str
    order_number: str
    unit: str
    stage: Stage
    stage_raw: str
    quantity: int
    remaining: int
    amount: Decimal
    currency: str
    ordered_at: datetime
    paid_at: datetime | None
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    seller_code: str
    unit_price: Decimal
    recipient: Address
    buyer_name: str = ""
    ship_by: datetime | None = None
    changed_at: datetime | None = None
    carrier: str = ""
    """Our carrier id (carriers.md §1), or the channel's own code when it is not in the table."""
    waybill: str = ""
    claim: ClaimSnapshot | None = None
    hints: frozenset[Hint] = frozenset()
    delivered_at: datetime | None = None
    settled_at: datetime | None = None
    shipping_fee: Decimal = Decimal(0)
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineRef:
    """What a call needs to name one line."""

    line_key: str
    order_number: str
    unit: str


@dataclass(frozen=True, slots=True)
class WaybillNotice:
    """Tell the channel that this line left with this number. `method` is "parcel", "direct", "quick" or "visit"."""

    line: LineRef
    carrier: str
    number: str
    shipped_at: datetime
    method: str = "parcel"


@dataclass(frozen=True, slots=True)
class LineResult:
    """What the channel said about one line of a write.

    ok            accepted (or already so)
    code          the channel's own code when refused, else ""
    message       the channel's own words; may not carry personal data
    already       the channel says it is in that state already: read the line back before believing it
    retryable     sending the same again later may help
    address_changed   the channel says that the recipient changed: read the line again
    """

    line_key: str
    ok: bool
    code: str = ""
    message: str = ""
    already: bool = False
    retryable: bool = False
    address_changed: bool = False


class TokenStore(Protocol):
    """Where a connector keeps a short-lived access token, shared by all processes of one account."""

    def get(self) -> str | None:
        """The token still good for a while, or None."""
        ...

    def put(self, token: str, expires_at: datetime) -> None:
        """Remember a token until it expires."""
        ...

    def forget(self, token: str) -> None:
        """Drop this token (the channel refused it); a newer one put meanwhile stays."""
        ...


class Pace(Protocol):
    """Waits until the account may make one more call of this name (rate budget, kept in the database)."""

    def __call__(self, call: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Session:
    """What a connector is given for one account: keys, address, token store, pace and time-out in seconds."""

    credentials: Mapping[str, str]
    base_url: str
    tokens: TokenStore
    pace: Pace
    timeout: float = 20.0


class Connector(Protocol):
    """One channel's API, spoken for one channel account. Used as a context manager: it owns an HTTP client."""

    profile: ClassVar[ChannelProfile]

    def __enter__(self) -> "Connector": ...

    def __exit__(self, *exc_info: object) -> None: ...

    def check(self) -> None:
        """Prove that the keys work, without changing anything. Raises ChannelError or ChannelBusy."""
        ...

    def changed(self, window: Window) -> Iterator[list[ChannelLine]]:
        """Every line that changed in the window, as it is now, page by page; a line may come more than once."""
        ...

    def read_lines(self, lines: Sequence[LineRef]) -> Iterator[ChannelLine]:
        """These lines as they are now, in any order; a line the channel no longer knows is left out."""
        ...

    def confirm(self, lines: Sequence[LineRef]) -> Iterator[LineResult]:
        """발주확인. One result per line, batch by batch, each batch's as soon as it was answered."""
        ...

    def dispatch(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """운송장 전송. One result per notice, batch by batch, each batch's as soon as it was answered."""
        ...


class ConnectorClass(Protocol):
    """How a registered connector is made."""

    profile: ChannelProfile

    def __call__(self, session: Session) -> Connector: ...


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive pieces of at most `size` rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
