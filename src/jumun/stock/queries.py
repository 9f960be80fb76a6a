"""Reading stock: what lies where, what is running low, and the ledger."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError
from jumun.core.initials import has_initials, initials_pattern
from jumun.core.policies import COMPANY
from jumun.stock.models import Kind
from jumun.stock.telling import makeable, sellable

MOST = 200
MOVE_KINDS: tuple[str, ...] = tuple(Kind.values)


@dataclass(frozen=True, slots=True)
class StockShown:
    """One SKU at one ship-from. A SKU never counted has no ship-from yet and nothing of it; a set has what can be made.

    tellable   what a channel may be told
    low        whether what is free is down to the safety stock
    made_of    whether it is a set: `on_hand` is None then, `free` and `tellable` are what its parts make
    """

    sku_id: int
    sku: str
    name: str
    option_text: str
    product: str
    barcode: str
    stocked: bool
    made_of: bool
    ship_from: str
    ship_from_name: str
    on_hand: int | None
    reserved: int | None
    safety: int
    free: int
    tellable: int
    low: bool


@dataclass(frozen=True, slots=True)
class StockPage:
    """Some rows and the cursor of the next ones; None at the end."""

    rows: list[StockShown]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StockQuery:
    """Which rows: words of a code, name, option or barcode; SKU codes; ship-from and supplier codes; only those running low."""

    q: str = ""
    skus: tuple[str, ...] = ()
    ship_from: str = ""
    supplier: str = ""
    low: bool = False


_LOW = "b.safety > 0 AND b.on_hand - b.reserved <= b.safety"
COUNT_LOW = f"SELECT count(*) FROM stock_balance b WHERE b.company_id = {COMPANY} AND {_LOW}"
"""SQL: how many shelves are down to their safety stock."""
_LIST = f"""
SELECT k.id, k.code, k.name, k.option_text, p.name, k.barcode, k.stocked,
       EXISTS (SELECT 1 FROM catalog_setpart s WHERE s.sku_id = k.id), coalesce(f.code, ''), coalesce(f.name, ''),
       coalesce(b.on_hand, 0), coalesce(b.reserved, 0), coalesce(b.safety, 0), coalesce(b.ship_from_id, 0), {_LOW}
  FROM catalog_sku k JOIN catalog_product p ON p.id = k.product_id
  LEFT JOIN stock_balance b ON b.sku_id = k.id
  LEFT JOIN catalog_shipfrom f ON f.id = b.ship_from_id
 WHERE k.company_id = {COMPANY} AND (k.code, coalesce(b.ship_from_id, 0)) > (%(code)s, %(place)s) {{narrowed}}
 ORDER BY k.code, coalesce(b.ship_from_id, 0) LIMIT %(limit)s
"""
_WORD = (
    " AND (k.code ILIKE %({n})s OR k.name ILIKE %({n})s OR k.option_text ILIKE %({n})s OR k.barcode ILIKE %({n})s"
    " OR p.name ILIKE %({n})s OR k.id IN (SELECT w.sku_id FROM catalog_barcode w WHERE w.code = %({n}_is)s))"
)
_INITIALS = " AND (k.name ~ %({n})s OR p.name ~ %({n})s OR k.option_text ~ %({n})s)"
_PARTS = """
SELECT s.sku_id, f.code, s.quantity, coalesce(b.on_hand - b.reserved, 0), coalesce(b.on_hand - b.reserved - b.safety, 0)
  FROM catalog_setpart s JOIN catalog_sku k ON k.id = s.sku_id
  JOIN catalog_shipfrom f ON f.company_id = k.company_id AND (k.ship_from_id IS NULL OR f.id = k.ship_from_id)
  LEFT JOIN stock_balance b ON b.sku_id = s.part_id AND b.ship_from_id = f.id
 WHERE s.sku_id = ANY(%s::bigint[]) ORDER BY 1, 2
"""


def list_stock(wanted: StockQuery, *, cursor: str | None = None, limit: int = 50) -> StockPage:
    """Stock by SKU code, then ship-from; SKUs never counted too, unless only low ones are asked for.

    Two statements. Raises JumunError("bad_cursor").
    """
    length = max(1, min(limit, MOST))
    code, place = _read_cursor(cursor) if cursor else ("", -1)
    values: dict[str, Any] = {"code": code, "place": place, "limit": length + 1}
    narrowed = _narrowed(wanted, values)
    with connection.cursor() as run:
        run.execute(_LIST.format(narrowed=narrowed), values)
        found = run.fetchall()
        rows, more = found[:length], len(found) > length
        parts = _parts(run, [row[0] for row in rows if row[7]])
    following = _write_cursor(rows[-1][1], rows[-1][13]) if more else None
    return StockPage([_shown(row, parts) for row in rows], following)


def count_low() -> int:
    """How many shelves are down to their safety stock."""
    with connection.cursor() as run:
        run.execute(COUNT_LOW)
        return int(run.fetchone()[0])


def free_of(sku_ids: Sequence[int]) -> dict[int, int]:
    """Units of each SKU that nobody has, at all ship-froms together; one never counted is missing. One statement."""
    with connection.cursor() as run:
        run.execute(
            "SELECT sku_id, sum(on_hand - reserved)::bigint FROM stock_balance WHERE sku_id = ANY(%s::bigint[]) GROUP BY 1",
            [list(sku_ids)],
        )
        return dict(run.fetchall())


def _parts(run: Any, sets: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each set: how many its free parts make, and how many a channel may be told, at its ship-froms together."""
    if not sets:
        return {}
    run.execute(_PARTS, [list(sets)])
    there: dict[tuple[int, str], list[tuple[int, int]]] = {}
    tell: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for sku, place, each, free, tellable in run.fetchall():
        there.setdefault((sku, place), []).append((free, each))
        tell.setdefault((sku, place), []).append((tellable, each))
    made: dict[int, tuple[int, int]] = {}
    for (sku, place), rows in there.items():
        before = made.get(sku, (0, 0))
        made[sku] = (before[0] + makeable(rows), before[1] + makeable(tell[sku, place]))
    return made


def _shown(row: tuple[Any, ...], parts: dict[int, tuple[int, int]]) -> StockShown:
    on_hand, reserved, safety = row[10:13]
    numbers: tuple[Any, ...] = (
        on_hand, reserved, safety, on_hand - reserved, sellable(on_hand, reserved, safety), bool(row[14])
    )  # fmt: skip
    if row[7]:
        numbers = (None, None, 0, *parts.get(row[0], (0, 0)), False)
    return StockShown(*row[:10], *numbers)


def _narrowed(wanted: StockQuery, values: dict[str, Any]) -> str:
    sql = ""
    for n, word in enumerate(wanted.q.split()[:8]):
        name = f"w{n}"
        if has_initials(word):
            values[name] = initials_pattern(word)
            sql += _INITIALS.format(n=name)
        else:
            escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            values |= {name: f"%{escaped}%", f"{name}_is": word}
            sql += _WORD.format(n=name)
    if wanted.skus:
        values["skus"] = list(wanted.skus)
        sql += " AND k.code = ANY(%(skus)s::text[])"
    if wanted.ship_from:
        values["ship_from"] = wanted.ship_from
        sql += " AND f.code = %(ship_from)s"
    if wanted.supplier:
        values["supplier"] = wanted.supplier
        sql += f" AND k.supplier_id IN (SELECT v.id FROM catalog_supplier v WHERE v.company_id = {COMPANY} AND v.code = %(supplier)s)"
    return sql + (f" AND {_LOW}" if wanted.low else "")


def _read_cursor(cursor: str) -> tuple[str, int]:
    place, mark, code = _decoded(cursor).partition("|")
    if not mark or not (place.isascii() and place.isdigit() and len(place) < 19) or "\x00" in code:
        raise JumunError("bad_cursor")
    return code, int(place)


def _write_cursor(code: str, place: int) -> str:
    return _encoded(f"{place}|{code}")


@dataclass(frozen=True, slots=True)
class MoveShown:
    """One row of the ledger."""

    id: int
    at: datetime
    sku: str
    ship_from: str
    kind: str
    on_hand_by: int
    reserved_by: int
    cause: str
    item_id: int | None
    order_id: int | None
    order_number: str
    by_name: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """Some moves, newest first, and the cursor of the next ones."""

    rows: list[MoveShown]
    next_cursor: str | None


_MOVES = f"""
SELECT m.id, m.at, k.code, f.code, m.kind, m.on_hand_by, m.reserved_by, m.cause, m.item_id, i.order_id,
       coalesce(i.order_number, ''), coalesce(w.name, '')
  FROM (SELECT * FROM stock_move m WHERE m.company_id = {COMPANY} {{narrowed}} ORDER BY m.at DESC, m.id DESC LIMIT %(limit)s) m
  JOIN catalog_sku k ON k.id = m.sku_id JOIN catalog_shipfrom f ON f.id = m.ship_from_id
  LEFT JOIN orders_orderitem i ON i.id = m.item_id LEFT JOIN companies_person w ON w.id = m.by_id
 ORDER BY m.at DESC, m.id DESC
"""


def list_moves(
    *,
    sku: str = "",
    kinds: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> MovePage:
    """The ledger, newest first; of one SKU, of some kinds, of a period. Raises JumunError("bad_cursor" | "invalid")."""
    if not set(kinds) <= set(Kind.values):
        raise JumunError("invalid", field="kind")
    length = max(1, min(limit, MOST))
    values: dict[str, Any] = {"limit": length + 1}
    narrowed = ""
    if sku:
        values["sku"] = sku
        narrowed += (
            f" AND m.sku_id = (SELECT k.id FROM catalog_sku k WHERE k.company_id = {COMPANY} AND k.code = %(sku)s)"
        )
    if kinds:
        values["kinds"] = list(kinds)
        narrowed += " AND m.kind = ANY(%(kinds)s::text[])"
    if since:
        values["since"] = since
        narrowed += " AND m.at >= %(since)s"
    if until:
        values["until"] = until
        narrowed += " AND m.at < %(until)s"
    if cursor:
        values["at"], values["last"] = _read_moment_cursor(cursor)
        narrowed += " AND (m.at, m.id) < (%(at)s, %(last)s)"
    with connection.cursor() as run:
        run.execute(_MOVES.format(narrowed=narrowed), values)
        rows = [MoveShown(*row) for row in run.fetchall()]
    shown = rows[:length]
    more = len(rows) > length
    return MovePage(shown, _encoded(f"{shown[-1].at.isoformat()}|{shown[-1].id}") if more else None)


def _read_moment_cursor(cursor: str) -> tuple[datetime, int]:
    moment, _, last = _decoded(cursor).partition("|")
    try:
        read = read_moment(moment)
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
    if (
        read.tzinfo is None
        or not 1970 <= read.year <= 9000
        or not (last.isascii() and last.isdigit() and len(last) < 19)
    ):
        raise JumunError("bad_cursor")
    return read, int(last)


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
