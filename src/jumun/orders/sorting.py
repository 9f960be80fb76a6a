"""The order of a list as data, its cursor, and the SQL of one page.

Five keys sort any number of rows: each has an index by status that ends in it and the id. A page of several statuses is
merged from the first rows of each, so that one index serves every choice of statuses. What may be missing (paid, ship
by) comes last in both directions: its rows are a second branch of the same index. Other keys sort only what is few
(`MOST_SORTED`), as a whole. A cursor carries its sort, the last row's value and id; nothing personal stands in it.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError
from jumun.orders.states import GONE, Status

MOST_SORTED = 5000
"""How many rows a key without an index sorts."""
MOST_SHIPMENTS_SORTED = 50_000
"""How many items are added up to sort their shipments: a second or two, and more than a day's parcels."""
CUT = 50
"""Texts are compared by so many characters, so that a cursor stays short."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a list can be sorted by: SQL over the item `{i}` and its type.

    nullable   it may be missing;  indexed  an index by status ends in it;  personal  it may not stand in an address
    of_shipment  it is the same for every item of a shipment
    """

    sql: str
    kind: str
    nullable: bool = False
    indexed: bool = False
    personal: bool = False
    of_shipment: bool = False


def _text(sql: str) -> str:
    return f"left({sql}, {CUT})"


KEYS: dict[str, Key] = {
    "ordered": Key("{i}.ordered_at", "timestamptz", indexed=True),
    "paid": Key("{i}.paid_at", "timestamptz", nullable=True, indexed=True),
    "ship_by": Key("{i}.ship_by", "timestamptz", nullable=True, indexed=True),
    "status_since": Key("{i}.status_since", "timestamptz", indexed=True),
    "amount": Key("{i}.amount_minor", "bigint", indexed=True),
    "shipment_amount": Key(
        "(SELECT sum(k.amount_minor) FROM orders_orderitem k WHERE k.shipment_id = {i}.shipment_id"
        f" AND k.status NOT IN ({', '.join(repr(status.value) for status in sorted(GONE))}))",
        "bigint",
        nullable=True,
        of_shipment=True,
    ),
    "order_number": Key(_text("{i}.order_number"), "text"),
    "channel_account": Key(_text("(SELECT k.name FROM channels_channelaccount k WHERE k.id = {i}.account_id)"), "text"),
    "product": Key(_text("{i}.product_name"), "text"),
    "sku": Key(_text("nullif({i}.sku_code, '')"), "text", nullable=True),
    "quantity": Key("{i}.quantity", "bigint"),
    "recipient": Key(
        _text("(SELECT k.name FROM orders_recipient k WHERE k.order_id = {i}.order_id)"),
        "text",
        personal=True,
    ),
    "waybill": Key(_text("nullif({i}.waybill, '')"), "text", nullable=True),
    "bundle_no": Key(_text("{i}.bundle_no"), "text"),
}
ALL_STATUSES = tuple(Status.values)
ANY_SIZE = tuple(name for name, key in KEYS.items() if key.indexed)
LISTED = tuple(name for name, key in KEYS.items() if not key.of_shipment)
"""What an address may say; parcels read "amount" as the whole shipment's."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A key and its direction."""

    key: str
    descending: bool = True

    def write(self) -> str:
        """As addresses carry it: "-ordered", "amount"."""
        return f"{'-' if self.descending else ''}{self.key}"

    @property
    def most(self) -> int | None:
        """How many rows it sorts; None for any number."""
        key = KEYS[self.key]
        if key.indexed:
            return None
        return MOST_SHIPMENTS_SORTED if key.of_shipment else MOST_SORTED


def value_of(sort: Sort, alias: str) -> str:
    """The SQL of an item's value of this sort."""
    return KEYS[sort.key].sql.replace("{i}", alias)


NEWEST = Sort("ordered", descending=True)


def read_sort(text: str) -> Sort:
    """A sort from an address; NEWEST for "". Raises JumunError("invalid")."""
    if not text:
        return NEWEST
    key = text.removeprefix("-")
    if key not in LISTED:
        raise JumunError("invalid", field="sort")
    return Sort(key, descending=text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Place:
    """After which row a page begins: its value (None where it has none) and its id."""

    value: datetime | int | str | None
    id: int


def write_cursor(sort: Sort, value: Any, last: int) -> str:
    """Where a list of this sort goes on after a row. A personal value is left out and read anew from the row."""
    key = KEYS[sort.key]
    written = None if value is None or key.personal else _written(value)
    text = json.dumps([sort.write(), written, last], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_cursor(cursor: str, sort: Sort) -> Place:
    """The place a cursor of this sort stands for. Raises JumunError("bad_cursor"), of another sort too."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        written, value, last = json.loads(text)
        if written != sort.write() or isinstance(last, bool) or not isinstance(last, int) or not 0 <= last < 2**63:
            raise ValueError("a cursor of another list")
        return Place(_value(KEYS[sort.key], value), last)
    except (binascii.Error, ValueError, TypeError, RecursionError) as problem:
        raise JumunError("bad_cursor") from problem


def _value(key: Key, value: object) -> datetime | int | str | None:
    if value is None and (key.nullable or key.personal):
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a value of this key")
    if key.kind == "timestamptz":
        moment = read_moment(value)
        if not 1970 <= moment.year <= 9000:
            raise ValueError("beyond the calendar")
        return moment
    if key.kind == "bigint":
        number = int(value)
        if abs(number) >= 2**63:
            raise ValueError("not a number")
        return number
    value.encode()
    return value


@dataclass(frozen=True, slots=True)
class Ordered:
    """The SQL of one page in order: its rows as a subquery, their order, and its parameters."""

    source: str
    order: str
    params: dict[str, Any]


def order_page(
    condition: str, sort: Sort, place: Place | None, *, limit: int, statuses: Sequence[str] | None = None
) -> Ordered:
    """The first `limit` items `i` of a condition, after a place: `i.*` and their `sort_value`.

    With `statuses` (several, or all of them) the page is merged from those of each, by the index; without, the
    condition is few or has an index of its own.
    """
    key, value = KEYS[sort.key], value_of(sort, "i")
    params: dict[str, Any] = {"limit": limit}
    if place is not None:
        params |= {"c_id": place.id} | ({} if place.value is None else {"c_value": place.value})
    direction = "DESC" if sort.descending else "ASC"
    last = " NULLS LAST" if key.nullable else ""  # said of what is always there, it would pass the index by
    tail = f"{direction}{last}, i.id {direction} LIMIT %(limit)s"
    order = f"i.sort_value {direction}{last}, i.id {direction}"
    picked = f"SELECT i.*, {value} AS sort_value FROM orders_orderitem i WHERE {condition}"
    if statuses is None or not key.indexed:
        return Ordered(f"{picked}{_after(key, sort, place)} ORDER BY {value} {tail}", order, params)
    one = " AND i.status = each.status" if statuses else ""
    natural = f"ORDER BY {value} {direction}, i.id {direction} LIMIT %(limit)s"  # as the index has it, either way round
    branches = [f"({picked}{one}{branch} {natural})" for branch in _branches(key, sort, place)]
    source = " UNION ALL ".join(branches)
    if len(branches) > 1:
        source += " LIMIT %(limit)s"  # what has no value is not read before it is needed
    if statuses:
        params["each_status"] = list(statuses)
        source = f"SELECT i.* FROM unnest(%(each_status)s::text[]) AS each(status) CROSS JOIN LATERAL ({source}) AS i"
        source = f"{source} ORDER BY {order} LIMIT %(limit)s"
    return Ordered(source, order, params)


def _branches(key: Key, sort: Sort, place: Place | None) -> list[str]:
    """Conditions of the rows with a value, then of those without one, as far as either lies after the place."""
    value, beyond = value_of(sort, "i"), "<" if sort.descending else ">"
    later = f" AND ({value}, i.id) {beyond} (%(c_value)s::{key.kind}, %(c_id)s::bigint)"
    if not key.nullable:
        return ["" if place is None else later]
    with_value, without = f" AND {value} IS NOT NULL", f" AND {value} IS NULL"
    if place is None:
        return [with_value, without]
    if place.value is None:
        return [f"{without} AND i.id {beyond} %(c_id)s::bigint"]
    return [f"{with_value}{later}", without]


def _after(key: Key, sort: Sort, place: Place | None) -> str:
    """The condition of every row after the place, as one."""
    if place is None:
        return ""
    value, beyond = value_of(sort, "i"), "<" if sort.descending else ">"
    last = f"%(c_value)s::{key.kind}"
    if key.personal:
        last = f"(SELECT {value} FROM orders_orderitem i WHERE i.id = %(c_id)s::bigint)"
    elif place.value is None:
        return f" AND {value} IS NULL AND i.id {beyond} %(c_id)s::bigint"
    after = f"({value}, i.id) {beyond} ({last}, %(c_id)s::bigint)"
    return f" AND ({after} OR {value} IS NULL)" if key.nullable else f" AND {after}"
