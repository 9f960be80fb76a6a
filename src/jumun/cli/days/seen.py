"""What a day left: the malls' state, and our rows as the application's role sees them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]
Key = tuple[str, str, str]
"""Account key, order number, line number."""


@dataclass
class Seen:
    """Everything the invariants are judged by."""

    mall_lines: dict[Key, Row]
    mall_effects: list[Row]
    items: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    effects: list[Row] = field(default_factory=list)
    events: dict[int, list[Row]] = field(default_factory=dict)
    jobs: list[Row] = field(default_factory=list)
    paid: dict[Key, int] = field(default_factory=dict)
    """What the channel's own words said a line costs, as it was collected."""
    doing: int = 0
    must: set[Key] = field(default_factory=set)
    """Lines that waited for the seller before a collection that ended well."""
    sent_there: set[Key] = field(default_factory=set)
    changed_there: set[Key] = field(default_factory=set)

    def items_of(self) -> dict[Key, list[Row]]:
        """Items by line."""
        found: dict[Key, list[Row]] = defaultdict(list)
        for item in self.items:
            found[key_of(item)].append(item)
        return found

    def told(self, *calls: str) -> dict[Key, list[Row]]:
        """What the malls accepted of these calls, by line."""
        orders = {(account, line_no): (account, order, line_no) for account, order, line_no in self.mall_lines}
        found: dict[Key, list[Row]] = defaultdict(list)
        for effect in self.mall_effects:
            if effect["call"] in calls:
                place = (effect["account"], effect["line_no"])
                found[orders.get(place, (place[0], "?", place[1]))].append(effect)
        return found


def key_of(row: Row) -> Key:
    """The line an item, line or payload is about."""
    return row["account"], row["order_number"], row["line_no"]


def read_company(seen: Seen, conninfo: str, company: int) -> None:
    """Fill in our side, in one transaction that acts for the company."""
    with psycopg.connect(conninfo, row_factory=dict_row) as ours:
        ours.execute("SELECT set_config('jumun.company', %s, true)", [str(company)])
        seen.items = ours.execute(_ITEMS).fetchall()
        seen.lines = ours.execute(_LINES).fetchall()
        seen.effects = ours.execute(_EFFECTS).fetchall()
        seen.jobs = ours.execute("SELECT id, kind, status, done, total, reason FROM jobs_job ORDER BY id").fetchall()
        events: dict[int, list[Row]] = defaultdict(list)
        for event in ours.execute(_EVENTS).fetchall():
            events[event["item_id"]].append(event)
        seen.events = dict(events)
        seen.paid = {key_of(row): row["paid"] for row in ours.execute(_PAID).fetchall() if row["paid"] is not None}
        doing = ours.execute("SELECT count(*) AS n FROM procrastinate_jobs WHERE status = 'doing'").fetchone()
        seen.doing = doing["n"] if doing else 0


def count_foreign(conninfo: str, company: int, other: int) -> dict[str, int]:
    """Rows of `company` in every company table that `other`, and nobody at all, can see: there must be none."""
    found: dict[str, int] = {}
    with psycopg.connect(conninfo) as ours:
        tables = [row[0] for row in ours.execute(_TABLES).fetchall()]
        for acting in (str(other), ""):
            ours.execute("SELECT set_config('jumun.company', %s, true)", [acting])
            for table in tables:
                row = ours.execute(f"SELECT count(*) FROM {table} WHERE company_id = %s", [company]).fetchone()
                if row and row[0]:
                    found[f"{table} for {acting or 'nobody'}"] = row[0]
    return found


def count_deadlocks(conninfo: str) -> int:
    """How many deadlocks PostgreSQL has broken in this database so far."""
    with psycopg.connect(conninfo) as ours:
        row = ours.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    return int(row[0]) if row else 0


def find_company(conninfo: str, slug: str) -> int:
    """The company's id."""
    with psycopg.connect(conninfo) as ours:
        row = ours.execute("SELECT * FROM jumun_company_of_slug(%s)", [slug]).fetchone()
    if row is None:
        raise LookupError(slug)
    return int(row[0])


def split_moves(events: Sequence[Row]) -> list[Row]:
    """The events that changed the status."""
    return [event for event in events if event["came_from"] != event["went_to"]]


_ITEMS = """
SELECT i.id, a.key AS account, i.order_number, i.line_no, i.status, i.quantity, i.amount, i.currency, i.carrier,
       i.waybill, i.push, i.push_code, i.claim, i.claim_open, i.held, i.matched, i.origin, i.line_id, i.unit, i.bundle_no,
       i.needs_waybill, s.waybill AS shipment_waybill
  FROM orders_orderitem i JOIN channels_channelaccount a ON a.id = i.account_id
  JOIN orders_shipment s ON s.id = i.shipment_id ORDER BY i.id
"""
_LINES = """
SELECT l.id, a.key AS account, l.order_number, l.line_key AS line_no, l.quantity, l.remaining, l.amount, l.currency,
       l.stage, l.stage_raw, l.waybill
  FROM orders_orderline l JOIN channels_channelaccount a ON a.id = l.account_id ORDER BY l.id
"""
_EFFECTS = """
SELECT e.id, a.key AS account, e.verb, e.unit, e.order_number, e.revision, e.state, e.lines, e.carrier, e.number,
       e.code, e.message, e.attempt, e.next_look_at, e.job_id
  FROM dispatch_effect e JOIN channels_channelaccount a ON a.id = e.account_id ORDER BY e.id
"""
_EVENTS = """
SELECT id, at, item_id, action, came_from, went_to, batch, detail FROM orders_timelineevent
 WHERE item_id IS NOT NULL ORDER BY id
"""
_PAID = """
SELECT a.key AS account, r.order_number, r.line_key AS line_no,
       (r.payload #>> '{productOrder,totalPaymentAmount}')::numeric AS paid
  FROM orders_rawpayload r JOIN channels_channelaccount a ON a.id = r.account_id
"""
_TABLES = """
SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'company_id'
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relrowsecurity
 ORDER BY 1
"""
