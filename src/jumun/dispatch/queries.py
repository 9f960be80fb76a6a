"""Reading the effect ledger (전송 내역): what every channel was told, what it answered, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from jumun.core.errors import NotFoundError
from jumun.core.keyset import read_cursor, write_cursor
from jumun.dispatch.models import EffectState
from jumun.orders.queries import COUNTED_TO, MOST, OrderDetail

VERBS = ("confirm", "dispatch", "correct")
STATES = tuple(EffectState.values)


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


@dataclass(frozen=True, slots=True)
class EffectFilter:
    """Which effects are meant. Empty fields ask nothing; several values of one field are alternatives.

    open    still waiting for somebody: unknown ones, and rejected ones whose items were not told anew since
    """

    state: tuple[str, ...] = ()
    verb: tuple[str, ...] = ()
    channel_account: tuple[int, ...] = ()
    number: tuple[str, ...] = ()
    job: int | None = None
    planned_from: datetime | None = None
    planned_to: datetime | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect as lists show it. `lines` are the channel's line keys; `can_retry`: rejected, and not told anew since."""

    id: int
    verb: str
    state: str
    channel: str
    channel_account: int
    account_name: str
    order_id: int | None
    order_number: str
    unit: str
    revision: int
    carrier: str
    number: str
    lines: list[str]
    items: list[int]
    product: str
    code: str
    message: str
    attempt: int
    looks: int
    planned_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    next_look_at: datetime | None
    job: int
    can_retry: bool


class EffectPage(NamedTuple):
    """Some effects and the cursor of the next ones; None at the end."""

    effects: list[EffectRow]
    next_cursor: str | None


# An item of the effect that is still rejected, and that no later effect carried.
STUCK = """
SELECT 1 FROM jsonb_array_elements(e.lines) x JOIN orders_orderitem i ON i.id = (x->>'item')::bigint
 WHERE i.push || '' = 'rejected' AND NOT EXISTS (
       SELECT 1 FROM dispatch_effect n
        WHERE n.account_id = e.account_id AND n.order_number = e.order_number AND n.ordered_at = e.ordered_at
          AND n.id > e.id AND n.lines @> jsonb_build_array(jsonb_build_object('item', i.id)) OFFSET 0)
"""

# Most rejected effects were settled long ago: orders without a rejected item are passed over at once.
MAYBE = (
    "(e.account_id, e.order_number) IN (SELECT account_id, order_number FROM orders_orderitem WHERE push = 'rejected')"
)

_PAGE = f"""
SELECT e.id, e.verb, e.state, a.channel, e.account_id, a.name, o.id, e.order_number, e.unit, e.revision, e.carrier, e.number,
       l.lines, l.items, coalesce(p.product_name, ''), e.code, e.message, e.attempt, e.looks, e.planned_at, e.sent_at,
       e.answered_at, e.next_look_at, e.job_id, e.state = 'rejected' AND EXISTS ({STUCK})
  FROM (SELECT * FROM dispatch_effect e WHERE {{condition}} ORDER BY e.planned_at DESC, e.id DESC LIMIT %(limit)s) AS e
  JOIN channels_channelaccount a ON a.id = e.account_id
  LEFT JOIN orders_order o ON o.account_id = e.account_id AND o.number = e.order_number
 CROSS JOIN LATERAL (SELECT array_agg(DISTINCT x->>'line_key') AS lines,
                            array_agg((x->>'item')::bigint ORDER BY (x->>'item')::bigint) AS items
                       FROM jsonb_array_elements(e.lines) x) AS l
  LEFT JOIN orders_orderitem p ON p.id = l.items[1]
 ORDER BY e.planned_at DESC, e.id DESC
"""


def where(wanted: EffectFilter) -> tuple[str, dict[str, Any]]:
    """The condition over effects (alias `e`) and its parameters; "true" when nothing is asked."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for name, column in (
        ("state", "state"),
        ("verb", "verb"),
        ("channel_account", "account_id"),
        ("number", "order_number"),
    ):
        values = getattr(wanted, name)
        if len(values) == 1:
            parts.append(f"e.{column} = %(e_{name})s")
            params[f"e_{name}"] = values[0]
        elif values:
            parts.append(f"e.{column} = ANY(%(e_{name})s)")
            params[f"e_{name}"] = list(values)
    for name, condition in (
        ("job", "e.job_id = %(e_job)s"),
        ("planned_from", "e.planned_at >= %(e_planned_from)s"),
        ("planned_to", "e.planned_at < %(e_planned_to)s"),
    ):
        if getattr(wanted, name) is not None:
            parts.append(condition)
            params[f"e_{name}"] = getattr(wanted, name)
    if wanted.open:
        parts.append(
            f"e.state <> 'confirmed' AND (e.state = 'unknown' OR (e.state = 'rejected' AND {MAYBE} AND EXISTS ({STUCK})))"
        )
    return " AND ".join(parts) or "true", params


def list_effects(
    wanted: EffectFilter, *, ids: Sequence[int] | None = None, cursor: str | None = None, limit: int = 50
) -> EffectPage:
    """Effects, newest first; with `ids` only those. Raises JumunError("bad_cursor")."""
    condition, params = where(wanted)
    length = max(1, min(limit, MOST))
    params["limit"] = length + 1
    if ids is not None:
        condition += " AND e.id = ANY(%(ids)s::bigint[])"
        params["ids"] = list(ids)
    if cursor:
        moment, last = read_cursor(cursor)
        condition += " AND e.planned_at <= %(c_at)s AND (e.planned_at < %(c_at)s OR e.id < %(c_id)s)"
        params |= {"c_at": moment, "c_id": last}
    with connection.cursor() as run:
        run.execute(_PAGE.format(condition=condition), params)
        rows = [EffectRow(*row) for row in run.fetchall()]
    more, rows = len(rows) > length, rows[:length]
    return EffectPage(rows, write_cursor(rows[-1].planned_at, rows[-1].id) if more else None)


def list_effects_of(order: OrderDetail) -> list[EffectRow]:
    """What the channel of this order was told and answered, newest first, each with whether it may be sent again."""
    condition = "e.account_id = %(account)s AND e.order_number = %(number)s AND e.ordered_at = %(ordered_at)s"
    with connection.cursor() as run:
        run.execute(
            _PAGE.format(condition=condition),
            {
                "account": order.channel_account,
                "number": order.number,
                "ordered_at": order.ordered_at,
                "limit": MOST,
            },
        )
        return [EffectRow(*row) for row in run.fetchall()]


def get_effect(effect_id: int) -> EffectRow:
    """One effect. Raises NotFoundError."""
    found = list_effects(EffectFilter(), ids=[effect_id], limit=1).effects
    if not found:
        raise NotFoundError("not_found")
    return found[0]


def count_effects(wanted: EffectFilter) -> dict[str, int]:
    """How many effects of the filter are in each state, whatever states it names; counts above 10,000 stop there."""
    condition, params = where(replace(wanted, state=(), open=False))
    parts = " UNION ALL ".join(
        f"SELECT '{state}', (SELECT count(*) FROM (SELECT 1 FROM dispatch_effect e WHERE {condition}"
        f" AND e.state = '{state}' LIMIT {COUNTED_TO + 1}) AS s)"
        for state in STATES
    )
    with connection.cursor() as run:
        run.execute(parts, params)
        return dict(run.fetchall())


def count_open() -> int:
    """How many effects wait for somebody: 확인 중 and 전송 실패 together."""
    condition, params = where(EffectFilter(open=True))
    with connection.cursor() as run:
        run.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM dispatch_effect e WHERE {condition} LIMIT {COUNTED_TO + 1}) AS s",
            params,
        )
        return int(run.fetchone()[0])


def count_needs() -> Mapping[str, int]:
    """처리 필요 (C9), by word: units rejected and unknown, items with a claim. One statement; each stops at 1,000."""
    units = "SELECT DISTINCT account_id, order_number, unit FROM orders_orderitem WHERE push ="
    with connection.cursor() as run:
        run.execute(
            f"SELECT (SELECT count(*) FROM ({units} 'rejected' LIMIT 1000) AS r),"
            f" (SELECT count(*) FROM ({units} 'unknown' LIMIT 1000) AS u),"
            " (SELECT count(*) FROM (SELECT 1 FROM orders_orderitem WHERE claim_open LIMIT 1000) AS c)"
        )
        return dict(zip(("rejected", "unknown", "claim"), run.fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class JobBatch:
    """The batch a job carries on with, and how much of it is not sent yet: that much may still be taken back."""

    id: UUID
    action: str
    planned: int


def find_job_batch(job_id: int, at: datetime) -> JobBatch | None:
    """The batch that opened this job (made at `at`), or None: a collection has none."""
    with connection.cursor() as run:
        run.execute(
            "SELECT b.id, b.action, (SELECT count(*) FROM dispatch_effect e WHERE e.batch = b.id AND e.state = 'planned')"
            " FROM orders_batch b WHERE b.at = %s AND b.job_id = %s LIMIT 1",
            [at, job_id],
        )
        row = run.fetchone()
    return JobBatch(*row) if row else None
