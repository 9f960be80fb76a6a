"""What the fake Coupang remembers: vendors, orders, shipment boxes, vendor items, receipts and exchanges."""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from jumun.simulator.catalogue import Item
from jumun.simulator.people import Person

STATUSES = ("ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING")
SENT = frozenset({"DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING"})


@dataclass(slots=True)
class Order:
    """One order of one buyer. `boxes` grow when a box is sent in parts."""

    order_no: str
    ordered_ms: int
    paid_ms: int
    orderer: Person
    memo: str
    refer: str
    boxes: list[Box] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Return every vendor item of every box."""
        return [line for box in self.boxes for line in box.lines]

    @property
    def is_gone(self) -> bool:
        """Say whether everything was cancelled or came back: reads no longer know such an order."""
        return all(box.is_gone for box in self.boxes)


@dataclass(slots=True)
class Box:
    """One shipmentBoxId (묶음배송번호): what goes out under one number. Amounts in won."""

    box_id: str
    order: Order
    receiver: Person
    status: str
    shipping_price: int
    remote_price: int | None
    postcode: str
    lines: list[Line] = field(default_factory=list)
    history: list[tuple[str, int]] = field(default_factory=list)
    carrier: str | None = None
    number: str | None = None
    split: bool = False
    accept_until_ms: int = 0  # reads still show ACCEPT before this moment (§10.13)
    sent_ms: int | None = None
    transit_ms: int | None = None
    delivered_ms: int | None = None

    @property
    def living(self) -> list[Line]:
        """Return the vendor items with a quantity left."""
        return [line for line in self.lines if line.left > 0]

    @property
    def is_gone(self) -> bool:
        """Say whether nothing of it is left."""
        return not self.living

    def shown_status(self, now_ms: int) -> str:
        """Return the status as reads show it."""
        return "ACCEPT" if self.status == "INSTRUCT" and now_ms < self.accept_until_ms else self.status

    def move(self, status: str, at_ms: int) -> None:
        """Take a status and remember when."""
        self.status = status
        self.history.append((status, at_ms))


@dataclass(slots=True)
class Line:
    """One vendor item of a box; `line_no` is orderId-vendorItemId, which a split does not change (§2.3).

    `quantity` is shippingCount, `cancelled` cancelCount (what came back counts in), `held` holdCountForCancel: pieces of
    an open stop-shipment request.
    """

    line_no: str
    vendor_item_id: int
    box: Box
    item: Item
    quantity: int
    discount: int
    due_ms: int
    seller_code: str
    cancelled: int = 0
    held: int = 0
    returned: int = 0
    estimated_date: str = ""
    uploaded_ms: int | None = None
    claims: list[Receipt | Exchange] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Return the pieces neither cancelled nor returned."""
        return self.quantity - self.cancelled

    @property
    def status(self) -> str:
        """Return the box's status, or how the line ended."""
        if self.left:
            return self.box.status
        return "RETURNED" if self.returned else "CANCELED"

    @property
    def open_claim(self) -> Receipt | Exchange | None:
        """Return the claim under way."""
        last = self.claims[-1] if self.claims else None
        return last if last is not None and last.is_open else None


@dataclass(slots=True)
class Receipt:
    """One cancel or return (receiptId). `parts`: line and pieces. `status` is receiptStatus.

    `stop`: it began as a stop-shipment request. `released`: returnItems[].releaseStatus, whether the goods had left.
    """

    receipt_id: str
    order: Order
    kind: str
    status: str
    created_ms: int
    modified_ms: int
    reason_code: str
    reason: str
    fault_by: str
    stop: bool
    released: bool
    stop_status: str
    parts: list[tuple[Line, int]] = field(default_factory=list)
    withdrawn_ms: int | None = None
    completed_ms: int | None = None
    complete_type: str = "UNDEFINED"
    deliveries: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to do something."""
        return self.withdrawn_ms is None and self.status != "RETURNS_COMPLETED"

    @property
    def total(self) -> int:
        """Return cancelCountSum."""
        return sum(count for _, count in self.parts)


@dataclass(slots=True)
class Exchange:
    """One exchange (exchangeId) of some pieces of one vendor item; `status` is exchangeStatus."""

    exchange_id: str
    order: Order
    line: Line
    quantity: int
    status: str
    created_ms: int
    modified_ms: int
    reason_code: str
    reason: str
    collect_status: str = "BeforeDirection"
    delivery_status: str = "BeforeDirection"
    collected_ms: int | None = None
    new_box_id: str | None = None
    new_box_from_ms: int = 0
    carrier: str | None = None
    number: str | None = None
    reject_code: str | None = None

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to do something."""
        return self.status in {"RECEIPT", "PROGRESS"}


class Vendor:
    """One seller account: credentials, orders, boxes in order of the orders' creation, claims."""

    def __init__(self, *, key: str, vendor_id: str, access_key: str, secret_key: str) -> None:
        self.key = key
        self.vendor_id = vendor_id
        self.access_key = access_key
        self.secret_key = secret_key
        self.orders: dict[str, Order] = {}
        self.lines: dict[str, Line] = {}
        self.boxes: dict[str, Box] = {}
        self.timeline: list[tuple[int, str]] = []
        self.receipts: dict[str, Receipt] = {}
        self.exchanges: dict[str, Exchange] = {}
        self.called_ms: deque[int] = deque()
        self.blocked_until_ms = 0
        self.ticked_ms = 0
        self.batches = 0

    def add(self, order: Order) -> None:
        """Put a new order in."""
        self.orders[order.order_no] = order
        for box in order.boxes:
            self.add_box(box)
            for line in box.lines:
                self.lines[line.line_no] = line

    def add_box(self, box: Box) -> None:
        """Make a box known to reads."""
        self.boxes[box.box_id] = box
        insort(self.timeline, (box.order.ordered_ms, box.box_id))


def get_vendor_item_id(item: Item) -> int:
    """Return the vendorItemId of a catalogue item: eleven digits, always the same."""
    return 70_000_000_000 + int(item.barcode[-8:])
