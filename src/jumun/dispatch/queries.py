"""Reading the effect ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.orders.queries import OrderDetail


@dataclass(frozen=True, slots=True)
class Told:
    """One effect of an order: what its channel was told and answered."""

    verb: str
    state: str
    unit: str
    carrier: str
    number: str
    code: str
    message: str
    attempt: int
    planned_at: datetime
    answered_at: datetime | None


def list_told(order: OrderDetail) -> list[Told]:
    """What the channel of this order was told and answered, newest first."""
    with connection.cursor() as run:
        run.execute(
            "SELECT verb, state, unit, carrier, number, code, message, attempt, planned_at, answered_at"
            " FROM dispatch_effect WHERE account_id = %s AND order_number = %s AND ordered_at = %s ORDER BY id DESC",
            [order.channel_account, order.number, order.ordered_at],
        )
        return [Told(*row) for row in run.fetchall()]
