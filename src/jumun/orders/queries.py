"""Reading orders: what other rooms and the faces read of them, under one name."""

from jumun.orders.queries_items import (
    COUNTED_TO,
    MOST,
    ItemPage,
    ItemRow,
    Steps,
    count_items,
    count_steps,
    count_views,
    list_items,
)
from jumun.orders.queries_orders import (
    Moment,
    OrderDetail,
    RecipientShown,
    ShipmentRow,
    derive_status,
    find_orders,
    get_order,
    list_orders,
    list_shipments,
    list_timeline,
    see_recipient,
)

__all__ = [
    "COUNTED_TO",
    "MOST",
    "ItemPage",
    "ItemRow",
    "Moment",
    "OrderDetail",
    "RecipientShown",
    "ShipmentRow",
    "Steps",
    "count_items",
    "count_steps",
    "count_views",
    "derive_status",
    "find_orders",
    "get_order",
    "list_items",
    "list_orders",
    "list_shipments",
    "list_timeline",
    "see_recipient",
]
