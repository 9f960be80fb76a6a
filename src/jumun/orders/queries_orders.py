"""Reading orders and shipments: one order with everything about it, lists by id."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from jumun.core.errors import NotFoundError
from jumun.core.masking import mask_detail, mask_name, mask_phone, mask_street
from jumun.orders.models import Order, OrderLine, Recipient, Shipment
from jumun.orders.queries_items import MOST, ItemRow, list_items_of
from jumun.orders.states import GONE, PIPELINE, Status


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of a timeline."""

    at: datetime
    action: str
    came_from: str
    went_to: str
    item: int | None
    by: str
    batch: UUID | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecipientShown:
    """A recipient, masked unless `clear`."""

    name: str
    phone1: str
    phone2: str
    postcode: str
    address1: str
    address2: str
    country: str
    message: str
    buyer_name: str
    clear: bool = False


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order with everything a clerk needs to answer a question about it."""

    id: int
    number: str
    channel: str
    channel_account: int
    account_name: str
    status: str
    currency: str
    ordered_at: datetime
    paid_at: datetime | None
    shipping_fee: Decimal
    amount: Decimal
    memo: str
    items: list[ItemRow]
    shipments: list[Shipment]
    recipient: RecipientShown
    revision: int
    """Version of recipient and memo, for an edit (`actions.edit`)."""
    address_differs: bool
    product_url: str = ""
    """The page it was sold on, where somebody said it."""
    timeline: list[Moment] = field(default_factory=list)


def get_order(order_id: int) -> OrderDetail:
    """One order, its recipient masked. Raises NotFoundError."""
    order = Order.objects.select_related("account").filter(id=order_id).first()
    if order is None:
        raise NotFoundError("not_found")
    items = list_items_of([order_id])
    shipments = list(Shipment.objects.filter(id__in={item.shipment_id for item in items}).order_by("id"))
    sold_on = OrderLine.objects.filter(order_id=OuterRef("order_id")).exclude(product_url="").order_by("id")
    recipient = Recipient.objects.annotate(sold_on=Subquery(sold_on.values("product_url")[:1])).get(order_id=order_id)
    detail = _detail(order, items, recipient, shipments=shipments, timeline=list_timeline(order_id))
    return replace(detail, product_url=recipient.sold_on or "")


def list_orders(
    *, numbers: Sequence[str] = (), ids: Sequence[int] | None = None, after: int | None = None, limit: int = 50
) -> tuple[list[OrderDetail], int | None]:
    """Orders, newest first, before the id `after`, without shipments and timeline; and the next `after`.

    A constant number of statements. `numbers` are channel numbers, in any account.
    """
    length = max(1, min(limit, MOST))
    found = Order.objects.select_related("account").order_by("-id")
    if numbers:
        found = found.filter(number__in=numbers)
    if ids is not None:
        found = found.filter(id__in=ids)
    if after is not None:
        found = found.filter(id__lt=after)
    orders = list(found[: length + 1])
    more, orders = len(orders) > length, orders[:length]
    items: dict[int, list[ItemRow]] = {order.id: [] for order in orders}
    for item in list_items_of(list(items)):
        items[item.order_id].append(item)
    recipients = {recipient.order_id: recipient for recipient in Recipient.objects.filter(order_id__in=items)}
    rows = [_detail(order, items[order.id], recipients[order.id]) for order in orders]
    return rows, orders[-1].id if more else None


def _detail(
    order: Order,
    items: list[ItemRow],
    recipient: Recipient,
    *,
    shipments: Sequence[Shipment] = (),
    timeline: Sequence[Moment] = (),
) -> OrderDetail:
    return OrderDetail(
        id=order.id,
        number=order.number,
        channel=order.channel,
        channel_account=order.account_id,
        account_name=order.account.name,
        status=derive_status([item.status for item in items]),
        currency=order.currency,
        ordered_at=order.ordered_at,
        paid_at=order.paid_at,
        shipping_fee=order.shipping_fee,
        amount=sum((item.amount for item in items), Decimal(0)),
        memo=order.memo,
        items=items,
        shipments=list(shipments),
        recipient=_shown(recipient, clear=False),
        revision=recipient.revision,
        address_differs=bool(recipient.channel_sealed),
        timeline=list(timeline),
    )


def find_orders(number: str) -> list[OrderDetail]:
    """Every order with this channel number, in any account."""
    ids = Order.objects.filter(number=number).order_by("id").values_list("id", flat=True)[:MOST]
    return [get_order(order_id) for order_id in ids]


def derive_status(statuses: Sequence[str]) -> str:
    """An order's or shipment's status: the least advanced of its live items; its end when none is live."""
    live = [status for status in statuses if status not in GONE]
    if live:
        return min(live, key=lambda status: PIPELINE.index(Status(status)))
    return statuses[0] if statuses else ""


def see_recipient(order_id: int) -> RecipientShown:
    """The recipient in clear. The caller writes the look to the access trail in the same transaction."""
    found = Recipient.objects.filter(order_id=order_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _shown(found, clear=True)


def _shown(recipient: Recipient, *, clear: bool) -> RecipientShown:
    keep = clear
    return RecipientShown(
        name=recipient.name if keep else mask_name(recipient.name),
        phone1=recipient.phone1 if keep else mask_phone(recipient.phone1),
        phone2=recipient.phone2 if keep else mask_phone(recipient.phone2),
        postcode=recipient.postcode,
        address1=recipient.address1 if keep else mask_street(recipient.address1),
        address2=recipient.address2 if keep else mask_detail(recipient.address2),
        country=recipient.country,
        message=recipient.message if keep else mask_detail(recipient.message),
        buyer_name=recipient.buyer_name if keep else mask_name(recipient.buyer_name),
        clear=clear,
    )


def list_timeline(order_id: int) -> list[Moment]:
    """Everything that happened to an order, newest first."""
    with connection.cursor() as run:
        run.execute(
            "SELECT e.at, e.action, e.came_from, e.went_to, e.item_id, coalesce(p.name, ''), e.batch, e.detail::text"
            " FROM orders_timelineevent e LEFT JOIN companies_person p ON p.id = e.by_id"
            " WHERE e.order_id = %s ORDER BY e.at DESC, e.id DESC LIMIT 1000",
            [order_id],
        )
        return [Moment(*(*row[:7], json.loads(row[7]))) for row in run.fetchall()]


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    """A shipment as lists show it; its status is its least advanced live item's."""

    id: int
    bundle_no: str
    status: str
    carrier: str
    waybill: str
    waybill_at: datetime | None
    items: int
    quantity: int
    order_numbers: list[str]


def list_shipments(
    *, bundle_nos: Sequence[str] = (), ids: Sequence[int] = (), after: int | None = None, limit: int = 50
) -> tuple[list[ShipmentRow], int | None]:
    """Shipments, newest first, before the id `after`; with numbers or ids only those. Answers the next `after` too."""
    length = max(1, min(limit, MOST))
    found = Shipment.objects.order_by("-id")
    if bundle_nos:
        found = found.filter(bundle_no__in=bundle_nos)
    if ids:
        found = found.filter(id__in=ids)
    if after is not None:
        found = found.filter(id__lt=after)
    shipments = list(found[: length + 1])
    more, shipments = len(shipments) > length, shipments[:length]
    with connection.cursor() as run:
        run.execute(
            "SELECT shipment_id, array_agg(status ORDER BY id), count(*), sum(quantity),"
            " array_agg(DISTINCT order_number) FROM orders_orderitem WHERE shipment_id = ANY(%s) GROUP BY 1",
            [[shipment.id for shipment in shipments]],
        )
        about = {row[0]: row[1:] for row in run.fetchall()}
    rows = []
    for each in shipments:
        statuses, count, quantity, numbers = about.get(each.id, ([], 0, 0, []))
        rows.append(
            ShipmentRow(
                each.id,
                each.bundle_no,
                derive_status(statuses),
                each.carrier,
                each.waybill,
                each.waybill_at,
                count,
                quantity,
                numbers,
            )
        )
    return rows, shipments[-1].id if more else None
