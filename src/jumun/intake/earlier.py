"""Orders that were here before, to type the next one from: found by number, name or phone, and read to be copied."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from jumun.catalog.models import Sku
from jumun.core.errors import NotFoundError
from jumun.orders.filters import ItemFilter
from jumun.orders.models import Order, OrderItem, OrderLine, Origin
from jumun.orders.queries import RecipientShown, list_items, see_recipient

SHOWN = 20
READ = 100


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier order as the list to choose from shows it; its recipient masked."""

    id: int
    number: str
    account: str
    ordered_at: datetime
    recipient: str
    address: str
    products: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Copied:
    """What a new order takes from an earlier one; `unlinked`: lines without a SKU of ours, which cannot be taken."""

    COPIED: ClassVar[tuple[str, ...]] = (
        "name",
        "phone1",
        "phone2",
        "postcode",
        "address1",
        "address2",
        "country",
        "message",
        "buyer_name",
    )

    number: str
    recipient: RecipientShown
    product_url: str
    lines: list[tuple[Sku, int]]
    unlinked: int


def find_earlier(text: str) -> list[Earlier]:
    """The newest orders a text means: a number of any kind, a name or its initials, a phone, a product."""
    found: dict[int, Earlier] = {}
    for item in list_items(ItemFilter(q=text), limit=READ).items:
        known = found.get(item.order_id)
        if known is None and len(found) == SHOWN:
            break
        words = f"{item.product_name} {item.option_text}".strip() + f" ×{item.quantity}"
        found[item.order_id] = Earlier(
            item.order_id,
            item.order_number,
            item.account_name,
            item.ordered_at,
            item.recipient,
            item.address,
            f"{known.products}, {words}" if known else words,
            (known.amount if known else Decimal(0)) + item.amount,
            item.currency,
        )
    return list(found.values())


def earlier_order(order_id: int) -> Copied:
    """One order with its recipient in clear. The caller writes the look to the access trail. Raises NotFoundError."""
    order = Order.objects.filter(id=order_id).first()
    if order is None:
        raise NotFoundError("not_found")
    lines: dict[int, tuple[Sku, int]] = {}
    unlinked = 0
    items = OrderItem.objects.select_related("sku__ship_from").filter(order_id=order_id, origin=Origin.LINE)
    for item in items.order_by("id"):
        if item.sku is None:
            unlinked += 1
            continue
        before = lines[item.sku.id][1] if item.sku.id in lines else 0
        lines[item.sku.id] = (item.sku, before + item.quantity)
    urls = OrderLine.objects.filter(order_id=order_id).exclude(product_url="").values_list("product_url", flat=True)
    return Copied(order.number, see_recipient(order_id), next(iter(urls), ""), list(lines.values()), unlinked)
