"""발송기한 (N4): what is due when, by step and account, what to send first, and what lateness would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from jumun.channels.calendar import count_business_days, end_of, next_business_day, start_of, today
from jumun.channels.days_off import read_changes
from jumun.channels.models import PenaltyRule
from jumun.channels.penalties import Condition, list_rules, points_for
from jumun.core.clock import in_kst
from jumun.orders.actions.ship_by import OPEN
from jumun.orders.filters import ItemFilter
from jumun.orders.queries_items import ItemRow, list_items
from jumun.orders.sorting import Sort

FIRST = 50
"""Rows of "먼저 보낼 것"."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of ship-by. `since` (included) and `until` (not included); both None: no ship-by at all."""

    key: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """How many items of one account and status fall into a bucket."""

    account: int
    status: str
    bucket: str
    items: int
    amount: Decimal


def list_buckets(at: datetime) -> tuple[Bucket, ...]:
    """지남, 오늘, 다음 영업일, 7일 안, 그 뒤, 기한 없음: as of a moment, on the company's business days."""
    day = today(at)
    following = next_business_day(day + timedelta(days=1), read_changes())
    tonight, then = end_of(day) + timedelta(seconds=1), end_of(following) + timedelta(seconds=1)
    week = max(then, start_of(day + timedelta(days=7)))
    return (
        Bucket("late", None, at),
        Bucket("today", at, tonight),
        Bucket("next", tonight, then),
        Bucket("week", then, week),
        Bucket("later", week, None),
        Bucket("none", None, None),
    )


_BOARD = """
SELECT i.account_id, i.status, CASE WHEN i.ship_by IS NULL THEN 'none'
       ELSE (%(keys)s::text[])[1 + width_bucket(i.ship_by, %(ends)s::timestamptz[])] END AS bucket, count(*), sum(i.amount)
  FROM orders_orderitem i WHERE i.status = ANY(%(open)s) GROUP BY 1, 2, 3
"""


def read_board(buckets: Sequence[Bucket]) -> list[Due]:
    """Open items by account, status and bucket. One statement."""
    ordered = [each for each in buckets if each.key != "none"]
    values: dict[str, Any] = {
        "keys": [each.key for each in ordered],
        "ends": [each.until for each in ordered if each.until],
        "open": list(OPEN),
    }
    with connection.cursor() as run:
        run.execute(_BOARD, values)
        return [Due(*row) for row in run.fetchall()]


def list_first(limit: int = FIRST) -> list[ItemRow]:
    """먼저 보낼 것: open items by ship-by, the earliest first; those without one are left out."""
    found = list_items(ItemFilter(status=OPEN), limit=limit, sort=Sort("ship_by", descending=False))
    return [item for item in found.items if item.ship_by]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Points of one account by the rules in force: now, and when nothing is sent until the end of the next business day."""

    account: int
    now: Decimal
    then: Decimal


_LATE = """
SELECT i.account_id, i.channel, (i.ship_by AT TIME ZONE 'Asia/Seoul')::date, count(*)
  FROM orders_orderitem i WHERE i.status = ANY(%(open)s) AND i.ship_by < %(horizon)s GROUP BY 1, 2, 3
"""
_WAITING = """
SELECT c.account_id, c.channel, (c.requested_at AT TIME ZONE 'Asia/Seoul')::date, count(*)
  FROM claims_claim c WHERE c.closed_at IS NULL AND c.kind = 'return' GROUP BY 1, 2, 3
"""


def forecast(at: datetime) -> list[Forecast]:
    """What lateness costs by the seller's own rules; empty while none is in force. A constant number of statements."""
    rules = list_rules(active_on=today(at))
    if not rules:
        return []
    changes = read_changes()
    day = today(at)
    following = next_business_day(day + timedelta(days=1), changes)
    found: dict[int, list[Decimal]] = {}
    with connection.cursor() as run:
        for statement, condition in ((_LATE, Condition.LATE), (_WAITING, Condition.CLAIM_WAITING)):
            run.execute(statement, {"open": list(OPEN), "horizon": end_of(following)})
            for account, channel, begun, number in run.fetchall():
                sums = found.setdefault(account, [Decimal(0), Decimal(0)])
                for place, until in enumerate((day, following)):
                    sums[place] += number * _points(rules, channel, condition, begun, until, changes)
    return [Forecast(account, *sums) for account, sums in sorted(found.items())]


def _points(
    rules: Sequence[PenaltyRule],
    channel: str,
    condition: Condition,
    begun: date,
    until: date,
    changes: Mapping[date, bool],
) -> Decimal:
    if condition == Condition.LATE and until <= begun:
        return Decimal(0)
    return points_for(rules, channel, condition, count_business_days(begun, until, changes))


def address_of(bucket: Bucket) -> str:
    """The bucket as a condition of a list's address; "" where none says it."""
    if bucket.key == "none":
        return ""
    if bucket.key == "late":
        return "late"
    since = in_kst(bucket.since).strftime("%Y-%m-%dT%H:%M") if bucket.since else ""
    last = in_kst(bucket.until - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M") if bucket.until else ""
    return f"{since}~{last}"
