"""What the fake Naver remembers: stores, orders, product orders, claims, and the order of changes."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field

from jumun.simulator.catalogue import Item
from jumun.simulator.people import Person

OPEN_CLAIM_STATUSES = frozenset(
    {"CANCEL_REQUEST", "CANCELING", "RETURN_REQUEST", "EXCHANGE_REQUEST", "COLLECTING", "COLLECT_DONE"}
    | {"EXCHANGE_REDELIVERING"}
)


@dataclass(slots=True)
class Claim:
    """One cancel, return or exchange of some pieces of one product order. `kind` is Naver's claimType."""

    claim_id: str
    kind: str
    status: str
    quantity: int
    reason: str
    detail: str
    requested_ms: int
    by_seller: bool
    admitted_ms: int | None = None
    completed_ms: int | None = None
    collect_status: str = "NOT_REQUESTED"
    collect_method: str = "RETURN_INDIVIDUAL"
    collect_company: str | None = None
    collect_number: str | None = None
    collected_ms: int | None = None
    holdback_status: str | None = None
    holdback_reason: str | None = None
    holdback_detail: str | None = None
    holdback_ms: int | None = None
    holdback_released_ms: int | None = None
    extra_fee: int = 0
    redelivery_method: str | None = None
    redelivery_company: str | None = None
    redelivery_number: str | None = None
    redelivery_ms: int | None = None

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to do something."""
        return self.status in OPEN_CLAIM_STATUSES


@dataclass(slots=True)
class Delivery:
    """What was dispatched: deliveryMethod, carrier code, number, when, and how far it is."""

    method: str
    company: str | None
    number: str | None
    sent_ms: int
    status: str
    picked_up_ms: int | None = None
    delivered_ms: int | None = None
    wrong_number_ms: int | None = None


@dataclass(slots=True)
class Order:
    """One order of one buyer; amounts in won."""

    order_no: str
    ordered_ms: int
    orderer: Person
    payment_means: str
    mobile: bool
    paid_ms: int | None
    mileage: int = 0
    is_gift: bool = False
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """One product order (상품주문): Naver's atom. `quantity` is the initial one, `remaining` what is not cancelled."""

    line_no: str
    order: Order
    item: Item
    quantity: int
    remaining: int
    discount: int
    delivery_fee: int
    status: str
    recipient: Person | None
    memo: str
    due_ms: int
    package_no: str
    place_status: str = "NOT_YET"
    placed_ms: int | None = None
    delivery_method: str = "DELIVERY"
    attribute: str = "NORMAL"
    arrival_ms: int | None = None
    logistics_company: str | None = None
    gift_status: str | None = None
    address_changed: bool = False
    delay_reason: str | None = None
    delay_detail: str | None = None
    decided_ms: int | None = None
    delivery: Delivery | None = None
    claims: list[Claim] = field(default_factory=list)
    changed_type: str = ""
    changed_ms: int = 0

    @property
    def last_claim(self) -> Claim | None:
        """Return the newest claim, open or not."""
        return self.claims[-1] if self.claims else None

    @property
    def open_claim(self) -> Claim | None:
        """Return the claim under way."""
        last = self.last_claim
        return last if last is not None and last.is_open else None


@dataclass(frozen=True, slots=True)
class Token:
    """One access token with its life in mall time."""

    text: str
    expires_ms: int


class Store:
    """One seller account: its application's credentials, tokens, orders, and its lines in order of last change."""

    def __init__(self, *, key: str, client_id: str, client_secret: str) -> None:
        self.key = key
        self.client_id = client_id
        self.client_secret = client_secret
        self.orders: dict[str, Order] = {}
        self.lines: dict[str, Line] = {}
        self.feed: list[tuple[int, str]] = []
        self.tokens: list[Token] = []
        self.buckets: dict[str, tuple[float, int]] = {}
        self.odd_token_calls: int | None = None
        self.ticked_ms = 0
        self.batches = 0

    def add(self, order: Order) -> None:
        """Put a new order in."""
        self.orders[order.order_no] = order
        for line in order.lines:
            self.lines[line.line_no] = line

    def change(self, line: Line, kind: str, at_ms: int) -> None:
        """Note a lastChangedType: the feed keeps the latest change of a product order only."""
        if line.changed_ms:
            old = (line.changed_ms, line.line_no)
            place = bisect_left(self.feed, old)
            if place < len(self.feed) and self.feed[place] == old:
                del self.feed[place]
        line.changed_type = kind
        line.changed_ms = at_ms
        insort(self.feed, (at_ms, line.line_no))
