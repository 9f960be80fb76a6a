"""Domain events: what rooms below need to hear of orders. They carry a batch id, never a list of ids (DESIGN §3).

Handlers are subscribed in `config/wiring.py` and run in the transaction that announced the event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ItemsMoved:
    """Items of a batch made this move."""

    action: str
    batch: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemsRematched:
    """Unshipped items got other components; they have this batch as their last. What was reserved for them is not theirs."""

    batch: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class QuantitiesChanged:
    """Items of a batch, or others of their lines, are of another quantity now, or ended in part."""

    batch: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemsLeaving:
    """Items of a batch are about to be deleted; they still stand."""

    batch: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GoodsChanged:
    """These SKUs are made of other parts, or carry stock no longer or only now: what items need is not what it was.

    Ids, but of what one person wrote in one request, never of items.
    """

    skus: tuple[int, ...]
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AddressesChanged:
    """Recipients of orders changed in this transaction; their revisions tell which."""

    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LinesCollected:
    """A channel's lines were stored; `confirm` asks for 발주확인 of those that are not confirmed, as part of the job."""

    account_id: int
    batch: UUID
    job_id: int
    confirm: bool
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LinesRead:
    """A channel told of claims on lines we know; they are in the temporary table `incoming_claims` (orders.incoming)."""

    account_id: int
    at: datetime


Event = TypeVar("Event")
_handlers: dict[type, list[Callable[..., None]]] = {}


def subscribe(event: type[Event], handler: Callable[[Event], None]) -> None:
    """Call `handler` for every such event. Subscribing the same handler twice is once."""
    handlers = _handlers.setdefault(event, [])
    if handler not in handlers:
        handlers.append(handler)


def announce(event: object) -> None:
    """Tell every handler, in the order subscribed, in the caller's transaction."""
    for handler in _handlers.get(type(event), ()):
        handler(event)
