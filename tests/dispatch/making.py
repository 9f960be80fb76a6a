"""Making effects for tests without a channel."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from jumun.dispatch.models import Effect
from jumun.orders.models import OrderItem


def make_effect(house: Any, item: Any, state: str = "rejected", verb: str = "dispatch", **more: Any) -> Effect:
    """An effect about one item, as the ledger would hold it; the item's push axis follows. Inside acting_as."""
    at: datetime = more.pop("at", house.at)
    values: dict[str, Any] = {
        "company_id": house.company,
        "ordered_at": item.ordered_at,
        "account_id": item.account_id,
        "verb": verb,
        "unit": item.unit,
        "order_number": item.order_number,
        "revision": 1,
        "state": state,
        "lines": [
            {
                "line_key": item.line_no,
                "order_number": item.order_number,
                "item": item.id,
                "quantity": item.quantity,
                "prior": None,
            }
        ],
        "carrier": item.carrier,
        "number": item.waybill,
        "attempt": 1,
        "job_id": 1,
        "batch": uuid4(),
        "planned_at": at,
        "sent_at": at,
        "answered_at": at if state in ("confirmed", "rejected", "unknown") else None,
        "next_look_at": at if state == "unknown" else None,
    }
    push = {"withdrawn": ""}.get(state, state)
    OrderItem.objects.filter(id=item.id).update(push=push, push_code=more.get("code", ""))
    return Effect.objects.create(**(values | more))
