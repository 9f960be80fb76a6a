"""What the items of a scope want and what there is to give, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from jumun.orders.actions.divide import DIVISIBLE
from jumun.orders.moving import COMPANY
from jumun.orders.states import GONE, Status
from jumun.stock.criteria import Criteria
from jumun.stock.explaining import Names
from jumun.stock.policy import Slot, Wanted

OPEN = (Status.PREPARING.value, Status.READY.value, Status.LABELLED.value)
"""Items that may be given stock: confirmed, and not handed over yet."""
RELEASED = (Status.READY.value, Status.LABELLED.value)
"""Ordered to leave: what these have is not given to others."""
EARLY = (Status.AWAITING_PAYMENT.value, Status.PAID.value)
"""Not confirmed yet: they get nothing and hold their shipment back."""
NAMED = 20
"""Orders looked up by SKU that have stock of it."""

# A shipment takes part as a whole: what it is judged by is all it holds.
_ITEMS = f"""
CREATE TEMP TABLE IF NOT EXISTS allocating (
    item_id bigint, shipment_id bigint, order_number text, account_id bigint, ship_from_id bigint, status text, quantity int,
    value bigint, ordered_at timestamptz, ship_by timestamptz, matched boolean, claim_open boolean, allocation text,
    last_batch uuid, divisible boolean) ON COMMIT DROP;
TRUNCATE allocating;
INSERT INTO allocating
SELECT i.id, i.shipment_id, i.order_number, i.account_id, i.ship_from_id, i.status, i.quantity, i.amount_minor, i.ordered_at,
       i.ship_by, i.matched, i.claim_open, i.allocation, i.last_batch, {DIVISIBLE.format(i="i")}
  FROM orders_orderitem i
 WHERE i.company_id = {COMPANY} AND (i.status = ANY(%(open)s) OR i.status = ANY(%(early)s)) AND i.shipment_id IN (
       SELECT w.shipment_id FROM orders_orderitem w
        WHERE w.company_id = {COMPANY} AND w.status = ANY(%(open)s) AND w.method <> 'partner'
          AND (%(since)s::timestamptz IS NULL OR w.ordered_at >= %(since)s)
          AND (%(until)s::timestamptz IS NULL OR w.ordered_at < %(until)s)
          AND (%(accounts)s::bigint[] IS NULL OR w.account_id = ANY(%(accounts)s)){{narrowed}})
"""
_GOODS = """
          AND EXISTS (SELECT 1 FROM orders_component c LEFT JOIN catalog_setpart p ON p.sku_id = c.sku_id
                        JOIN catalog_sku k ON k.id IN (c.sku_id, p.part_id)
                        LEFT JOIN catalog_supplier s ON s.id = k.supplier_id
                       WHERE c.item_id = w.id AND (%(suppliers)s::text[] IS NULL OR s.code = ANY(%(suppliers)s))
                         AND (%(option_tags)s::text[] IS NULL OR k.option_tags && %(option_tags)s::text[]))"""
_NOT_HELD = """
          AND NOT EXISTS (SELECT 1 FROM orders_orderitem h WHERE h.shipment_id = w.shipment_id AND h.held
                             AND h.status <> ALL(%(gone)s))"""
_SIZE = f"""
          AND w.order_id IN (
              SELECT o.order_id FROM orders_orderitem o
               WHERE o.company_id = {COMPANY} AND o.status <> ALL(%(gone)s) AND o.order_id IN (
                     SELECT x.order_id FROM orders_orderitem x WHERE x.company_id = {COMPANY} AND x.status = ANY(%(open)s))
               GROUP BY o.order_id
              HAVING (%(quantity_from)s::bigint IS NULL OR sum(o.quantity) >= %(quantity_from)s)
                 AND (%(quantity_to)s::bigint IS NULL OR sum(o.quantity) <= %(quantity_to)s)
                 AND (%(amount_from)s::numeric IS NULL OR sum(o.amount) >= %(amount_from)s)
                 AND (%(amount_to)s::numeric IS NULL OR sum(o.amount) <= %(amount_to)s))"""
_READ = """
SELECT item_id, shipment_id, order_number, account_id, ship_from_id, status, quantity, value, ordered_at, ship_by, matched,
       claim_open, allocation, divisible FROM allocating ORDER BY item_id
"""
_PARTS = """
SELECT a.item_id, k.id AS sku_id, sum(c.per_unit * coalesce(p.quantity, 1))::int
  FROM allocating a JOIN orders_component c ON c.item_id = a.item_id
  LEFT JOIN catalog_setpart p ON p.sku_id = c.sku_id
  JOIN catalog_sku k ON k.id = coalesce(p.part_id, c.sku_id) AND k.stocked
 GROUP BY 1, 2 ORDER BY 1, 2
"""
_HELD = (
    "SELECT r.item_id, r.sku_id, r.ship_from_id, r.quantity FROM stock_reservation r JOIN allocating a USING (item_id)"
)
_FREE = """
SELECT b.sku_id, b.ship_from_id, b.on_hand - b.reserved FROM stock_balance b
 WHERE (b.sku_id, b.ship_from_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""
_CODES = "SELECT id, code FROM catalog_sku WHERE id = ANY(%s::bigint[])"
_HOLDERS = f"""
SELECT w.sku_id, w.ship_from_id, h.order_number
  FROM unnest(%s::bigint[], %s::bigint[]) AS w (sku_id, ship_from_id)
  CROSS JOIN LATERAL (
      SELECT i.order_number FROM stock_reservation r JOIN orders_orderitem i ON i.id = r.item_id
       WHERE r.sku_id = w.sku_id AND r.ship_from_id = w.ship_from_id
         AND NOT EXISTS (SELECT 1 FROM giving_back g WHERE g.item_id = r.item_id)
       ORDER BY r.id LIMIT {NAMED}) h
"""
_GIVING_BACK = """
DROP TABLE IF EXISTS pg_temp.giving_back;
CREATE TEMP TABLE giving_back ON COMMIT DROP AS SELECT DISTINCT unnest(%s::bigint[]) AS item_id;
ALTER TABLE giving_back ADD PRIMARY KEY (item_id);
ANALYZE giving_back
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The items in question, and what there is with what is given back."""

    wanted: list[Wanted] = field(default_factory=list)
    free: dict[Slot, int] = field(default_factory=dict)
    names: Names = field(default_factory=lambda: Names({}, {}))
    again: list[int] = field(default_factory=list)
    """Items whose stock is given back first."""
    settled: frozenset[int] = frozenset()
    """Items that have all they need already."""


def load_wanted(criteria: Criteria, *, at: datetime) -> Loaded:
    """Shipments of a scope by what each item still needs. Must run inside `acting_as`, in a transaction."""
    with connection.cursor() as cursor:
        values = _values(criteria, at)
        create, truncate, insert = _ITEMS.format(narrowed=_narrowed(criteria)).split(";\n")
        for statement in (create, truncate, insert):
            cursor.execute(statement, values if statement is insert else None)
        cursor.execute(_READ)
        names = [each[0] for each in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute(_PARTS)
        parts: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for item, sku, number in cursor.fetchall():
            parts[item][sku] = number
        cursor.execute(_HELD)
        reserved: defaultdict[int, dict[Slot, int]] = defaultdict(dict)
        for item, sku, place, number in cursor.fetchall():
            reserved[item][sku, place] = number
    again = _given_back(rows, parts, criteria.again)
    back: defaultdict[Slot, int] = defaultdict(int)
    for item in again:
        for slot, number in reserved.pop(item, {}).items():
            back[slot] += number
    ranks = {account: place for place, account in enumerate(criteria.accounts)}
    wanted = [_wanted(row, parts[row["item_id"]], reserved.get(row["item_id"], {}), ranks) for row in rows]
    slots = sorted({slot for item in wanted for slot, _ in item.parts})
    free = {slot: number + back.get(slot, 0) for slot, number in _free(slots).items()}
    return Loaded(
        wanted,
        free,
        Names(_codes(slots), {row["item_id"]: row["order_number"] for row in rows}),
        again,
        frozenset(row["item_id"] for row in rows if row["allocation"] == "full" and row["item_id"] not in set(again)),
    )


def list_holders(slots: Iterable[Slot], *, again: Sequence[int] = ()) -> dict[Slot, list[str]]:
    """Orders that have stock of these reserved, the first few each; not those whose items give theirs back."""
    pairs = list(slots)
    found: defaultdict[Slot, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        for statement in _GIVING_BACK.strip().split(";\n"):
            cursor.execute(statement, [list(again)] if "%s" in statement else None)
        cursor.execute(_HOLDERS, [[sku for sku, _ in pairs], [place for _, place in pairs]])
        for sku, place, order in cursor.fetchall():
            found[sku, place].append(order)
    return dict(found)


def _values(criteria: Criteria, at: datetime) -> dict[str, Any]:
    since = at - timedelta(days=criteria.days) if criteria.days else criteria.since
    return {
        "open": list(OPEN),
        "early": list(EARLY),
        "gone": [status.value for status in GONE],
        "since": since,
        "until": criteria.until,
        "accounts": list(criteria.accounts) or None,
        "suppliers": list(criteria.suppliers) or None,
        "option_tags": list(criteria.option_tags) or None,
        "quantity_from": criteria.quantity_from,
        "quantity_to": criteria.quantity_to,
        "amount_from": criteria.amount_from,
        "amount_to": criteria.amount_to,
    }


def _narrowed(criteria: Criteria) -> str:
    sized = (criteria.quantity_from, criteria.quantity_to, criteria.amount_from, criteria.amount_to)
    return (
        (_GOODS if criteria.suppliers or criteria.option_tags else "")
        + ("" if criteria.held else _NOT_HELD)
        + (_SIZE if any(each is not None for each in sized) else "")
    )


def _given_back(
    rows: Iterable[dict[str, Any]], parts: Mapping[int, Mapping[int, int]], again: Iterable[str]
) -> list[int]:
    """Items of shipments that are full or partial, as was asked (C20).

    What needs no stock makes no shipment partial. A shipment that was released keeps what it has, and so does an item
    that nothing could be given to (an open claim).
    """
    wished = set(again)
    states: defaultdict[int, set[str]] = defaultdict(set)
    released = set()
    rows = list(rows)
    for row in rows:
        if parts.get(row["item_id"]):
            states[row["shipment_id"]].add(row["allocation"])
        if row["status"] in RELEASED:
            released.add(row["shipment_id"])
    chosen = {
        shipment
        for shipment, found in states.items()
        if found != {"none"} and ("full" if found == {"full"} else "partial") in wished
    } - released
    return [
        row["item_id"]
        for row in rows
        if row["shipment_id"] in chosen and row["allocation"] != "none" and not _lacking(row, needed=True)
    ]


def _wanted(row: dict[str, Any], parts: dict[int, int], reserved: dict[Slot, int], ranks: dict[int, int]) -> Wanted:
    place, quantity = row["ship_from_id"], row["quantity"]
    needs = [((sku, place), per_unit, reserved.get((sku, place), 0)) for sku, per_unit in parts.items()]
    have = min((number // per_unit for _, per_unit, number in needs), default=0)
    lacking = _lacking(row, needed=bool(parts))
    rest = max(quantity - have, 0)
    done = not rest or bool(lacking)
    uneven = not done and any(number > have * per_unit for _, per_unit, number in needs)
    missing = tuple((slot, quantity * per_unit - number) for slot, per_unit, number in needs)
    return Wanted(
        item=row["item_id"],
        shipment=row["shipment_id"],
        quantity=quantity if done else 1 if uneven else rest,
        parts=()
        if done
        else tuple(each for each in missing if each[1] > 0)
        if uneven
        else tuple((slot, per_unit) for slot, per_unit, _ in needs),
        ordered_at=row["ordered_at"],
        ship_by=row["ship_by"],
        rank=ranks.get(row["account_id"], len(ranks)),
        value=row["value"],
        divisible=row["divisible"] and not reserved,
        held=bool(reserved),
        lump=rest if uneven else 0,
        lacking=lacking,
    )


def _lacking(row: dict[str, Any], *, needed: bool) -> str:
    if row["status"] in EARLY:
        return "not_confirmed"
    if row["claim_open"]:
        return "claim_open"
    if not row["matched"]:
        return "unmatched"
    return "no_ship_from" if needed and row["ship_from_id"] is None else ""


def _free(slots: list[Slot]) -> dict[Slot, int]:
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [[sku for sku, _ in slots], [place for _, place in slots]])
        return {(sku, place): number for sku, place, number in cursor.fetchall()}


def _codes(slots: list[Slot]) -> dict[Slot, str]:
    with connection.cursor() as cursor:
        cursor.execute(_CODES, [sorted({sku for sku, _ in slots})])
        codes = dict(cursor.fetchall())
    return {slot: codes.get(slot[0], "") for slot in slots}
