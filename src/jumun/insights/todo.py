"""오늘 할 일 (C9): what needs hands, counted no further than a list shows, and the day's flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from jumun.channels.calendar import end_of, start_of, today
from jumun.channels.models import ChannelAccount
from jumun.channels.registry import find_profile
from jumun.claims.queries import count_open_claims
from jumun.dispatch.queries import count_needs
from jumun.intake.queries import count_doubts
from jumun.orders.actions.ship_by import OPEN
from jumun.orders.queries_items import COUNTED_TO
from jumun.orders.states import Status
from jumun.stock.queries import COUNT_LOW

EXPIRY_DAYS = 7
"""How far ahead 7일 내 종료 looks."""

_CAPPED = f"(SELECT count(*) FROM (SELECT 1 FROM orders_orderitem i WHERE {{condition}} LIMIT {COUNTED_TO + 1}) AS c)"
_CONDITIONS: Mapping[str, str] = {
    "paid": f"i.status = '{Status.PAID.value}'",
    "preparing": f"i.status = '{Status.PREPARING.value}'",
    "ready": f"i.status = '{Status.READY.value}'",
    "labelled": f"i.status = '{Status.LABELLED.value}'",
    "shipped": f"i.status = '{Status.SHIPPED.value}'",
    "unmatched": "i.status IN ('paid', 'preparing') AND NOT i.matched",
    "held": "i.held AND i.status = ANY(%(open)s)",
    "late": "i.status = ANY(%(open)s) AND i.ship_by < %(at)s",
    "today": "i.status = ANY(%(open)s) AND i.ship_by >= %(at)s AND i.ship_by <= %(tonight)s",
    "settling": "i.status = 'delivered' AND NOT i.claim_open AND i.channel = ANY(%(by_rule)s)",
    "rejected": "i.push = 'rejected'",
    "unknown": "i.push = 'unknown'",
}

_ADDRESSES = """
SELECT o.id, o.number FROM orders_recipient r JOIN orders_order o ON o.id = r.order_id
 WHERE r.channel_sealed <> '' ORDER BY r.order_id DESC LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class ToDo:
    """Items by need, open claims by kind, addresses a channel changed, collection gaps and unread lines.

    Counts stop at 10,001. `settling`: delivered items the seven-day rule settles within a week. `addresses`: orders, by
    id and number, whose channel has another address than the one a person typed; the newest 20.
    """

    items: Mapping[str, int]
    claims: Mapping[str, int]
    addresses: Sequence[tuple[int, str]]
    doubts: int
    transmissions: Mapping[str, int]
    low_stock: int
    """Shelves that are down to their safety stock."""


def count_todo(at: datetime) -> ToDo:
    """Everything that needs hands. A constant number of statements, each through an index."""
    channels = ChannelAccount.objects.values_list("channel", flat=True).distinct()
    by_rule = [kind for kind in channels if (profile := find_profile(kind)) is not None and not profile.settles]
    values: dict[str, Any] = {"at": at, "tonight": end_of(today(at)), "open": list(OPEN), "by_rule": by_rule}
    counts = ", ".join(_CAPPED.format(condition=condition) for condition in _CONDITIONS.values())
    with connection.cursor() as run:
        run.execute(f"SELECT {counts}, ({COUNT_LOW})", values)
        *numbers, low = run.fetchone()
        run.execute(_ADDRESSES)
        addresses = [(row[0], row[1]) for row in run.fetchall()]
    return ToDo(
        dict(zip(_CONDITIONS, numbers, strict=True)), count_open_claims(), addresses, count_doubts(), count_needs(), low
    )


def list_expiring(accounts: Sequence[ChannelAccount], at: datetime) -> list[tuple[ChannelAccount, int]]:
    """Accounts whose keys run out within seven days, or did, with the days left; the most pressing first."""
    day = today(at)
    found = [(each, (each.keys_expire_on - day).days) for each in accounts if each.keys_expire_on]
    return sorted(((each, left) for each, left in found if left <= EXPIRY_DAYS), key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class Flow:
    """Items ordered and handed over today, by hour of Korean time; 24 numbers each."""

    day: date
    ordered: Sequence[int]
    handed_over: Sequence[int]


def read_flow(at: datetime) -> Flow:
    """Today's flow. Two statements."""
    day = today(at)
    begun = start_of(day)
    with connection.cursor() as run:
        run.execute(
            "SELECT extract(hour FROM ordered_at AT TIME ZONE 'Asia/Seoul')::int, count(*) FROM orders_orderitem"
            " WHERE ordered_at >= %s AND ordered_at <= %s GROUP BY 1",
            [begun, end_of(day)],
        )
        ordered = dict(run.fetchall())
        run.execute(
            "SELECT extract(hour FROM b.at AT TIME ZONE 'Asia/Seoul')::int, sum(b.done) FROM orders_batch b"
            " WHERE b.at >= %s AND b.action = 'hand_over' AND b.undoes_id IS NULL"
            "   AND NOT EXISTS (SELECT 1 FROM orders_batch u WHERE u.undoes_id = b.id) GROUP BY 1",
            [begun],
        )
        out = dict(run.fetchall())
    return Flow(day, [int(ordered.get(hour, 0)) for hour in range(24)], [int(out.get(hour, 0)) for hour in range(24)])
