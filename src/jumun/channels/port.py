"""What a channel's connector promises. Pure: dataclasses and one Protocol; no database, no network.

Words follow DESIGN §1. A connector translates and nothing else: it keeps no state between calls, writes no table and
never decides. A line the channel refuses comes back as a `LineResult`; an exception means the whole call failed:
`ChannelBusy` when trying again later is safe (or, with `unclear`, when a write may have been applied), else
`ChannelError`. `tests/connectors/` holds every registered kind to this, over HTTP.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol, TypeVar

from jumun.channels.profile import ChannelProfile

T = TypeVar("T")


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


class Carriage(StrEnum):
    """Who pays the carrier: 선불 before it leaves, 착불 at the door."""

    PREPAID = "prepaid"
    COLLECT = "collect"


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
    """Why a line should be held when it enters."""

    GIFT_WITHOUT_ADDRESS = "gift_without_address"
    PRE_ORDER = "pre_order"
    PARTNER_SHIPS = "partner_ships"


class Method(StrEnum):
    """How a line goes to its buyer. Only a parcel needs a carrier and a number; a partner's we never send."""

    PARCEL = "parcel"
    DIRECT = "direct"
    QUICK = "quick"
    VISIT = "visit"
    PARTNER = "partner"


class Part(StrEnum):
    """What a line does when its unit is told to have left: it goes with this number, or stays behind for later."""

    SENT = "sent"
    LEFT = "left"


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
    """One claim as far as it is about one line.

    claim_id     the channel's id; a claim about several lines has the same id on each
    quantity     what it is about of this line; 0 when the channel does not say
    reason       as a clerk reads it; never the buyer's free text
    fault        who bears it: "buyer", "seller", "channel", or "" when the channel does not say
    collect_…    the parcel that comes back; resend_… the one that goes out again (our carrier ids where known)
    """

    kind: ClaimKind
    stage: ClaimStage
    claim_id: str
    quantity: int = 0
    reason: str = ""
    requested_at: datetime | None = None
    changed_at: datetime | None = None
    stage_raw: str = ""
    fault: str = ""
    collect_carrier: str = ""
    collect_waybill: str = ""
    resend_carrier: str = ""
    resend_waybill: str = ""


OPEN_CLAIMS = (ClaimStage.REQUESTED, ClaimStage.COLLECTING, ClaimStage.APPROVED)
"""Stages of a claim nothing is decided of yet: they stop the parcel."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One order line as the channel tells it now.

    line_key     the channel's identity of the line that never changes; unique with order_number in one account
    unit         the key of the unit (box, bundle …) it is sent in; the line key itself where the unit is the line.
                 It may change: Coupang gives the part of a box that is sent first a new box
    in_parts     its unit was sent in part already; what is left of it is told with that remark
    claims       every claim the channel tells of the line, oldest first
    claims_known False: this reading cannot tell that there is none; an empty `claims` then leaves what was told before
    hold_until   when the reason of a hint ends by itself, where the channel says so
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
    claims: tuple[ClaimSnapshot, ...] = ()
    claims_known: bool = True
    hints: frozenset[Hint] = frozenset()
    hold_until: datetime | None = None
    method: Method = Method.PARCEL
    in_parts: bool = False
    delivered_at: datetime | None = None
    settled_at: datetime | None = None
    shipping_fee: Decimal = Decimal(0)
    carriage: Carriage | None = None
    """Who pays the carrier; None where the channel does not say or nobody does."""
    product_url: str = ""
    """The page it was sold on, where somebody says it."""
    raw: Mapping[str, object] = field(default_factory=dict)

    @property
    def claim(self) -> ClaimSnapshot | None:
        """The claim that counts now: the newest open one, else the newest."""
        still_open = [claim for claim in self.claims if claim.stage in OPEN_CLAIMS]
        return (still_open or self.claims or (None,))[-1]


WHOLE_ORDER = ""
"""As the `line_key` of a LineRef to be read: every line of that order. Only where a unit may be sent in parts."""


@dataclass(frozen=True, slots=True)
class LineRef:
    """What a call needs to name one line."""

    line_key: str
    order_number: str
    unit: str


@dataclass(frozen=True, slots=True)
class WaybillNotice:
    """Tell the channel that this line left with this number.

    method        how it goes; only a parcel has a carrier and a number
    part          LEFT: the line is in the same unit and stays behind for now; it has no number and gets no result
    after_split   its unit was sent in part before
    expected_at   when a line that stays behind is expected to follow
    """

    line: LineRef
    carrier: str
    number: str
    shipped_at: datetime
    method: Method = Method.PARCEL
    part: Part = Part.SENT
    after_split: bool = False
    expected_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class StockLevel:
    """What a listing may sell: units on hand less what is reserved and kept back, never below none (N20)."""

    product_code: str
    option_code: str
    sellable: int


@dataclass(frozen=True, slots=True)
class StockResult:
    """What the channel said about one level; `code` is its own, or `cannot_push_stock`, when it was not taken."""

    product_code: str
    option_code: str
    ok: bool
    code: str = ""


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

    def renew(self, ask: Callable[[], str]) -> str:
        """The token of whoever asks first: `ask` gets and puts one; all others wait for it (R12)."""
        ...


class Pace(Protocol):
    """Waits until the account may make one more call of this name (rate budget, kept in the database)."""

    def __call__(self, call: str) -> None: ...


class Hear(Protocol):
    """Is told what time a channel says it is (the `Date` header), so that a clock gone wrong is seen (R31)."""

    def __call__(self, told: datetime) -> None: ...


class Keep(Protocol):
    """Keeps the beginning of an answer nobody could read, masked, for a person to look at (R17)."""

    def __call__(self, call: str, status: int, body: bytes) -> None: ...


def _hear_nothing(told: datetime) -> None:
    """Nobody listens."""


def _keep_nothing(call: str, status: int, body: bytes) -> None:
    """Nobody keeps."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a connector is given for one account: keys, address, token store, pace, time-out in seconds, and ears."""

    credentials: Mapping[str, str]
    base_url: str
    tokens: TokenStore
    pace: Pace
    timeout: float = 20.0
    hear: Hear = _hear_nothing
    keep: Keep = _keep_nothing


class Connector(Protocol):
    """One channel's API, spoken for one channel account. Used as a context manager: it owns an HTTP client."""

    profile: ClassVar[ChannelProfile]

    def __enter__(self) -> "Connector": ...

    def __exit__(self, *exc_info: object) -> None: ...

    def check(self) -> None:
        """Prove that the keys work, without changing anything. Raises ChannelError or ChannelBusy."""
        ...

    def changed(self, window: Window, *, open_only: bool = False) -> Iterator[list[ChannelLine]]:
        """Every line that changed in the window, as it is now, page by page; a line may come more than once.

        Where the profile says `lists_changes` is False: every line ordered in the window, and every line a claim was
        made about in it. `open_only`: the caller wants only what may still be sent; a connector may spare itself the
        rest. Raises ChannelError("window_too_old") where the channel no longer answers for that window.
        """
        ...

    def read_lines(self, lines: Sequence[LineRef]) -> Iterator[ChannelLine]:
        """These lines as they are now, in any order; a line the channel no longer knows is left out."""
        ...

    def confirm(self, lines: Sequence[LineRef]) -> Iterator[LineResult]:
        """발주확인. One result per line, batch by batch, each batch's as soon as it was answered."""
        ...

    def dispatch(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """운송장 전송. One result per line sent, batch by batch, each batch's as soon as it was answered."""
        ...

    def correct(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """Tell another number for lines already sent; called only where the profile has `Can.CORRECT_WAYBILL`."""
        ...

    def push_stock(self, levels: Sequence[StockLevel]) -> Iterator[StockResult]:
        """재고 전송: tell how many may be sold; without `Can.PUSH_STOCK` every level is refused with `cannot_push_stock`."""
        ...


class ConnectorClass(Protocol):
    """How a registered connector is made."""

    profile: ChannelProfile

    def __call__(self, session: Session) -> Connector: ...


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive pieces of at most `size` rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
