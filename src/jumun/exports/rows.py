"""The rows of an export: which ones, fixed at the click, and their values, streamed as one snapshot.

What was meant is kept as ids with the export, in the order of the list, by one statement when it is asked for. Writing
reads them by one server-side cursor: one statement is one snapshot, and memory holds a few thousand rows at a time.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import psycopg
from django.db import connection

from jumun.exports.columns import FIXED, Chosen
from jumun.orders.selection import Selection
from jumun.orders.sorting import Sort, value_of
from jumun.orders.states import GONE, PIPELINE

CHUNK = 2_000
"""Rows fetched at once."""


def choose_rows(export_id: int, what: str, chosen: Selection, sort: Sort) -> int:
    """Fix the rows of an export: every item the selection means now, or every parcel of these. Answers how many."""
    clause = chosen.clause()
    if what == "parcels" and sort.key == "amount":
        sort = Sort("shipment_amount", sort.descending)
    direction = "DESC" if sort.descending else "ASC"
    order = f"{direction} NULLS LAST"
    value = value_of(sort, "i")
    picked = (
        f"SELECT array_agg(i.id ORDER BY {value} {order}, i.id {direction}) AS ids"
        f" FROM orders_orderitem i WHERE {clause.over('i')}"
    )
    if what == "parcels":
        picked = (
            f"SELECT array_agg(d.shipment_id ORDER BY d.sort_value {order}, d.id {direction}) AS ids FROM"
            f" (SELECT DISTINCT ON (i.shipment_id) i.shipment_id, {value} AS sort_value, i.id FROM orders_orderitem i"
            f" WHERE {clause.over('i')} ORDER BY i.shipment_id, {value} {order}, i.id {direction}) AS d"
        )
    with connection.cursor() as run:
        run.execute(
            f"WITH picked AS ({picked}) UPDATE exports_export e SET chosen = coalesce(picked.ids, '{{}}'),"
            " total = coalesce(cardinality(picked.ids), 0) FROM picked WHERE e.id = %(export)s RETURNING e.total",
            clause.params | {"export": export_id},
        )
        total = int(run.fetchone()[0])
        if what == "parcels":
            run.execute(_ENDED, {"export": export_id, "gone": [each.value for each in GONE]})
    return total


def stream_rows(
    export_id: int, what: str, columns: Sequence[Chosen], *, masked: bool, language: str
) -> Iterator[tuple[Any, ...]]:
    """The values of each row in the order of the columns. Inside `acting_as`, to the end or not at all."""
    asked = [each for each in columns if not _says(each)]
    shown = [_reader(each, place, masked, language) for place, each in _places(columns)]
    sql = _SOURCES[what].format(
        columns=", ".join(each.column.sql(what) for each in asked) or "1",
        joins=_joins(what, [each.column.sql(what) for each in asked]),
        still=_STILL,
    )
    params = {"export": export_id, "gone": [each.value for each in GONE], "pipeline": [each.value for each in PIPELINE]}
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    raw.execute("SELECT set_config('cursor_tuple_fraction', '1', true)")  # all of it is wanted, not the first rows soon
    with raw.cursor(name=f"export_{export_id}") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(sql, params)
        for row in cursor:
            yield tuple(read(row) for read in shown)


def _says(each: Chosen) -> bool:
    """Whether it says one text in every row."""
    return each.key == FIXED or bool(each.value)


def _places(columns: Sequence[Chosen]) -> Iterator[tuple[int, Chosen]]:
    """Each column and its place in the statement's answer."""
    place = 0
    for each in columns:
        yield place, each
        place += not _says(each)


def _reader(each: Chosen, place: int, masked: bool, language: str) -> Callable[[Sequence[Any]], Any]:
    if _says(each):
        return lambda _row: each.value
    show, mask = each.column.show, each.column.mask
    if masked and mask is not None:
        return lambda row: show(mask(row[place] if row[place] is not None else ""), language)
    return lambda row: show(row[place], language)


def _joins(what: str, columns: Sequence[str]) -> str:
    """The tables these columns are read from, and no other."""
    said = " ".join(columns)
    used = {alias for alias in _JOINS[what] if re.search(rf"\b{alias}\.", said)}
    for alias, needs in _NEEDS[what].items():
        used |= needs if alias in used else set()
    return " ".join(join for alias, join in _JOINS[what].items() if alias in used)


_JOINS = {
    "items": {
        "o": "JOIN orders_order o ON o.id = i.order_id",
        "l": "LEFT JOIN orders_orderline l ON l.id = i.line_id",
        "r": "JOIN orders_recipient r ON r.order_id = i.order_id",
        "a": "JOIN channels_channelaccount a ON a.id = i.account_id",
        "s": "JOIN orders_shipment s ON s.id = i.shipment_id",
        "k": "LEFT JOIN catalog_sku k ON k.id = i.sku_id",
        "f": "LEFT JOIN catalog_shipfrom f ON f.id = i.ship_from_id",
    },
    "parcels": {
        "r": "JOIN orders_recipient r ON r.id = s.recipient_id",
        "o": "JOIN orders_order o ON o.id = r.order_id",
        "a": "JOIN channels_channelaccount a ON a.id = o.account_id",
        "f": "LEFT JOIN catalog_shipfrom f ON f.id = s.ship_from_id",
        "p": """CROSS JOIN LATERAL (
       SELECT string_agg(DISTINCT i.order_number, ', ') AS numbers,
              string_agg(i.line_no, ', ' ORDER BY i.id) AS lines,
              string_agg(concat_ws(' / ', nullif(i.product_name, ''), nullif(i.option_text, '')) || ' × ' || i.quantity,
                         ', ' ORDER BY i.id) AS goods,
              (array_agg(i.product_name ORDER BY i.id))[1] AS product,
              (array_agg(i.option_text ORDER BY i.id))[1] AS option,
              string_agg(DISTINCT nullif(i.sku_code, ''), ', ') AS skus,
              sum(i.quantity) AS quantity, count(*) AS kinds, sum(i.amount) AS amount,
              min(i.ordered_at) AS ordered_at, min(i.paid_at) AS paid_at, min(i.stored_at) AS stored_at,
              min(i.ship_by) AS ship_by, max(i.status_since) AS status_since, min(i.method) AS method,
              (array_agg(i.status ORDER BY array_position(%(pipeline)s::text[], i.status::text)))[1] AS status,
              coalesce(max(i.claim) FILTER (WHERE i.claim_open), '') AS claim, max(i.push) AS push
         FROM orders_orderitem i
        WHERE i.shipment_id = s.id
          AND (i.status <> ALL(%(gone)s) OR NOT EXISTS (SELECT 1 FROM orders_orderitem x WHERE x.shipment_id = s.id
                                                           AND x.status <> ALL(%(gone)s)))) AS p""",
    },
}
_NEEDS: dict[str, dict[str, set[str]]] = {"items": {}, "parcels": {"a": {"o"}, "o": {"r"}}}
"""What a join stands on, the farthest first."""
_CHOSEN = "FROM exports_export e CROSS JOIN LATERAL unnest(e.chosen) WITH ORDINALITY AS c(id, place)"
_SOURCES = {
    "items": "SELECT {columns} "
    + _CHOSEN
    + " JOIN orders_orderitem i ON i.id = c.id {joins} WHERE e.id = %(export)s ORDER BY c.place",
    "parcels": "SELECT {columns} "
    + _CHOSEN
    + " JOIN orders_shipment s ON s.id = c.id {joins} WHERE e.id = %(export)s AND {still} ORDER BY c.place",
}
_LIVE = "EXISTS (SELECT 1 FROM orders_orderitem x WHERE x.shipment_id = s.id AND x.status <> ALL(%(gone)s) OFFSET 0)"
_STILL = f"""({_LIVE} OR e.ended AND NOT EXISTS (
    SELECT 1 FROM orders_orderitem x WHERE x.shipment_id = s.id AND x.status_since >= e.created_at OFFSET 0))"""
"""A parcel that ended between the click and the writing is booked at no carrier; one that had ended before was asked for."""
_ENDED = f"""
UPDATE exports_export e SET ended = EXISTS (
       SELECT 1 FROM unnest(e.chosen) AS s(id) WHERE NOT {_LIVE}) WHERE e.id = %(export)s
"""
