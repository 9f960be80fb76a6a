"""미할당주문나누기: what got no stock goes into shipments of its own, so that the rest ships (C22)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from jumun.core.refusal import Outcome
from jumun.orders.actions.take_out import take_out
from jumun.orders.moving import COMPANY
from jumun.orders.selection import Selection

# What needs no stock stays (I28). Only where something of the shipment has its stock: a shipment that waits as a whole is not taken apart.
_UNALLOCATED = f"""
SELECT i.id FROM orders_orderitem i
 WHERE i.company_id = {COMPANY} AND i.status IN ('preparing', 'ready') AND i.allocation <> 'full'
   AND EXISTS (SELECT 1 FROM orders_component c LEFT JOIN catalog_setpart p ON p.sku_id = c.sku_id
                 JOIN catalog_sku k ON k.id = coalesce(p.part_id, c.sku_id) AND k.stocked WHERE c.item_id = i.id)
   AND (%(orders)s::text[] IS NULL OR i.order_number = ANY(%(orders)s))
   AND (%(shipments)s::bigint[] IS NULL OR i.shipment_id = ANY(%(shipments)s))
   AND EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = i.shipment_id AND o.id <> i.id
                  AND o.allocation = 'full' AND o.status IN ('preparing', 'ready'))
 ORDER BY i.id
"""


def split_unallocated(
    *,
    by: int | None,
    at: datetime,
    orders: Sequence[str] | None = None,
    shipments: Sequence[int] | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Take what has no stock out of shipments of which something has; of some orders or shipments, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            _UNALLOCATED,
            {
                "orders": None if orders is None else list(orders),
                "shipments": None if shipments is None else list(shipments),
            },
        )
        chosen = tuple(row[0] for row in cursor.fetchall())
    return take_out(Selection(ids=chosen), by=by, at=at, dry_run=dry_run) if chosen else Outcome(0)
