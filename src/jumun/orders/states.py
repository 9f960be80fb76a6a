"""What may happen to an item: statuses, moves, guards. One table; buttons, API actions and docs are drawn from it.

Pure but for Django's `TextChoices`. A guard's condition is SQL about the item's own row (alias `i`), because a move is
judged for a whole set in one statement; its code's sentence stands in `core.sentences`.
"""

from dataclasses import dataclass, field

from django.db.models import TextChoices


class Status(TextChoices):
    """The statuses of DESIGN §2, in the order an item goes through them, then the ends."""

    AWAITING_PAYMENT = "awaiting_payment", "결제대기"
    PAID = "paid", "결제완료"
    PREPARING = "preparing", "신규주문"
    READY = "ready", "출고대기"
    LABELLED = "labelled", "운송장출력"
    SHIPPED = "shipped", "배송관리"
    IN_TRANSIT = "in_transit", "배송중"
    DELIVERED = "delivered", "배송완료"
    SETTLED = "settled", "구매확정"
    CANCELLED = "cancelled", "취소완료"
    RETURNED = "returned", "반품완료"
    EXCHANGED = "exchanged", "교환완료"


class Allocation(TextChoices):
    """How much of what an item needs is reserved for it in stock."""

    NONE = "none", "미할당"
    PARTIAL = "partial", "부분 할당"
    FULL = "full", "할당됨"


ENGLISH: dict[str, str] = {
    "awaiting_payment": "Awaiting payment",
    "paid": "Paid",
    "preparing": "New order",
    "ready": "Ready",
    "labelled": "Labelled",
    "shipped": "Handed over",
    "in_transit": "In transit",
    "delivered": "Delivered",
    "settled": "Settled",
    "cancelled": "Cancelled",
    "returned": "Returned",
    "exchanged": "Exchanged",
}

S = Status
PIPELINE: tuple[Status, ...] = (
    S.AWAITING_PAYMENT,
    S.PAID,
    S.PREPARING,
    S.READY,
    S.LABELLED,
    S.SHIPPED,
    S.IN_TRANSIT,
    S.DELIVERED,
    S.SETTLED,
)
"""Forward order; `caught_up` moves along it over any number of steps, never back."""

ENDS: frozenset[Status] = frozenset({S.SETTLED, S.CANCELLED, S.RETURNED, S.EXCHANGED})
"""Final: nothing leaves these."""

GONE: frozenset[Status] = frozenset({S.CANCELLED, S.RETURNED, S.EXCHANGED})
"""Items that no longer count in their shipment."""

AWAY: frozenset[Status] = GONE | {S.IN_TRANSIT, S.DELIVERED, S.SETTLED}
"""Items that hold no parcel back: they no longer count, or left already (sent in the seller centre)."""

IN_HOUSE: frozenset[Status] = frozenset({S.AWAITING_PAYMENT, S.PAID, S.PREPARING, S.READY, S.LABELLED})
"""Statuses of goods that have not left the house."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the item's own row that must hold, and the code it is refused with otherwise."""

    code: str
    holds: str


MATCHED = Guard("unmatched", "i.matched")
SHIPS_FROM = Guard("no_ship_from", "i.ship_from_id IS NOT NULL")
NOT_HELD = Guard("held", "NOT i.held")
NO_CLAIM = Guard("claim_open", "NOT i.claim_open")
NUMBERED = Guard("no_waybill", "(i.waybill <> '' OR NOT i.needs_waybill)")
ALLOCATED = Guard(
    "unallocated",
    "(i.allocation = 'full' OR NOT (SELECT f.release_needs_allocation FROM companies_company f WHERE f.id = i.company_id)"
    " OR NOT EXISTS (SELECT 1 FROM orders_component c LEFT JOIN catalog_setpart p ON p.sku_id = c.sku_id"
    " JOIN catalog_sku k ON k.id = coalesce(p.part_id, c.sku_id) AND k.stocked WHERE c.item_id = i.id))",
)
"""Where the company wants it so, what carries stock goes only with all of it reserved (C18)."""
OURS = Guard("partner_ships", "i.method <> 'partner'")
"""What a logistics partner of the channel ships (도착보장) is confirmed and sent by that partner alone."""


@dataclass(frozen=True, slots=True)
class Move:
    """One way an item may go.

    widens    the chosen items are widened to their whole shipments, which move as one (DESIGN §2)
    remote    moves only what the channel accepted; answers a job
    undo      a batch of it may be taken back
    button    what the bulk bar calls it (Korean, English)
    """

    action: str
    button: tuple[str, str]
    sources: frozenset[Status]
    target: Status
    guards: tuple[Guard, ...] = ()
    widens: bool = False
    remote: bool = False
    undo: bool = False


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


# fmt: off
#    action       button                                       from                                    to            provided that
TABLE: tuple[Move, ...] = (
Move("confirm",   ("발주확인", "Confirm"),                      _from(S.PAID),                          S.PREPARING,  (OURS, NO_CLAIM), remote=True),
Move("release",   ("출고지시", "Release"),                      _from(S.PREPARING),                     S.READY,      (OURS, MATCHED, SHIPS_FROM, ALLOCATED, NOT_HELD, NO_CLAIM), widens=True, undo=True),
Move("withdraw",  ("출고지시 취소", "Withdraw release"),         _from(S.READY, S.LABELLED),             S.PREPARING,  (), widens=True, undo=True),
Move("label",     ("운송장 입력", "Enter waybills"),             _from(S.READY),                         S.LABELLED,   (NOT_HELD, NO_CLAIM), widens=True, undo=True),
Move("relabel",   ("운송장 수정", "Change waybills"),            _from(S.LABELLED),                      S.LABELLED,   (NO_CLAIM,), widens=True, undo=True),
Move("renumber",  ("운송장 수정", "Change waybills"),            _from(S.SHIPPED),                       S.SHIPPED,    (), widens=True, undo=True),
Move("hand_over", ("출고완료", "Hand over"),                    _from(S.LABELLED),                      S.SHIPPED,    (NUMBERED, NOT_HELD, NO_CLAIM), widens=True, undo=True),
Move("transmit",  ("운송장 전송", "Transmit"),                   _from(S.SHIPPED),                       S.IN_TRANSIT, (NUMBERED, NO_CLAIM), remote=True),
Move("cancel",    ("강제 취소", "Force cancel"),                 _from(S.AWAITING_PAYMENT, S.PAID, S.PREPARING, S.READY, S.LABELLED, S.SHIPPED), S.CANCELLED),
)
# fmt: on
MOVES: dict[str, Move] = {move.action: move for move in TABLE}


@dataclass(frozen=True, slots=True)
class Mark:
    """An action that changes an axis beside the status, or the shipment, but never the status."""

    action: str
    button: tuple[str, str]
    sources: frozenset[Status] = field(default_factory=frozenset)
    undo: bool = False
    remote: bool = False


_OPEN = frozenset(status for status in Status if status not in ENDS)
# fmt: off
MARKS: dict[str, Mark] = {mark.action: mark for mark in (
    Mark("hold",     ("보류", "Hold"),            _OPEN, undo=True),
    Mark("unhold",   ("보류 해제", "Release hold"), _OPEN, undo=True),
    Mark("correct",  ("운송장 정정", "Correct waybills"), _from(S.IN_TRANSIT, S.DELIVERED), remote=True),
    Mark("take_out", ("묶음에서 빼기", "Take out of shipment"), _from(S.PAID, S.PREPARING, S.READY)),
)}
# fmt: on

ACTIONS: tuple[str, ...] = (*MOVES, *MARKS)
"""Every action `POST /items/actions/{action}` knows."""

USUAL_NEXT: dict[Status, str] = {
    S.PAID: "confirm",
    S.PREPARING: "release",
    S.READY: "label",
    S.LABELLED: "hand_over",
    S.SHIPPED: "transmit",
}
"""The one thing a clerk usually does next with items of a status: the bulk bar's white button."""


def check_table() -> None:
    """Walk the graph; raise ValueError where a move leaves an end, goes nowhere known, or a status is out of reach."""
    for move in TABLE:
        if move.sources & ENDS:
            raise ValueError(f"{move.action} leaves a final status")
    reached = {S.PAID, S.PREPARING, S.AWAITING_PAYMENT}
    for _ in Status:
        reached |= {move.target for move in TABLE if move.sources & reached}
    beyond = {S.DELIVERED, S.SETTLED, S.RETURNED, S.EXCHANGED}  # by sync only (`caught_up`, claims)
    missing = set(Status) - reached - beyond
    if missing:
        raise ValueError(f"no move reaches {sorted(missing)}")
