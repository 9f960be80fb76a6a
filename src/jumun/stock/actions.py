"""Changing what lies on the shelves: 입고, 조정, 실사, 이동, 폐기, and setting it in bulk (C18, I28, N20).

Every change of what is there is a row of the ledger with its cause. Nothing falls below zero or below what is reserved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from jumun.core.copying import copy_rows
from jumun.core.errors import JumunError
from jumun.stock.changing import ANSWER, JUDGE, MOST, ROWS, WEIGH, WRITE
from jumun.stock.locking import lock_balances

KINDS = ("receive", "adjust", "count", "move", "scrap")
"""What a person may do with stock, beside setting it."""
LONGEST_REASON = 200
_LONGEST_CODE = 500
_BIGGEST = 2**62


@dataclass(frozen=True, slots=True)
class StockRow:
    """One row of a change.

    sku        the SKU's code
    ship_from  a ship-from's code; "" for the SKU's own, or the only one
    quantity   units: how many are there (set, count), come (receive), go (scrap, move), or the difference (adjust)
    safety     units kept back from what channels are told; None leaves it. Only set and count take it
    to         where they move, a ship-from's code
    reason     why, as the ledger tells it
    """

    sku: str
    ship_from: str = ""
    quantity: int | None = None
    safety: int | None = None
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row that was left out: its place in the list from 0, its words, and why."""

    row: int
    sku: str
    ship_from: str
    code: str


@dataclass(frozen=True, slots=True)
class StockChanged:
    """How many rows were done, those that were not, and the batch their moves carry."""

    done: int
    refused: list[RowRefusal]
    batch: UUID | None


def set_stock(rows: Sequence[StockRow], *, by: int | None, at: datetime, dry_run: bool = False) -> StockChanged:
    """Say how many there are, and how many are kept back, by SKU and ship-from; what is not said stays."""
    return _change("set", rows, by=by, at=at, dry_run=dry_run)


def change_stock(
    kind: str, rows: Sequence[StockRow], *, by: int | None, at: datetime, dry_run: bool = False
) -> StockChanged:
    """Receive, adjust, count, move or scrap any number of rows in a constant number of statements.

    A row that cannot be done is named and leaves the others: `unknown_sku`, `unknown_ship_from`, `not_stocked` (I28),
    `set_has_no_stock`, `bad_stock_number`, `stock_twice` (count, set), `same_place` (move), `below_zero`,
    `below_reserved`. Raises JumunError("invalid") for another kind.
    """
    if kind not in KINDS:
        raise JumunError("invalid", field="kind")
    return _change(kind, rows, by=by, at=at, dry_run=dry_run)


def _change(kind: str, rows: Sequence[StockRow], *, by: int | None, at: datetime, dry_run: bool) -> StockChanged:
    if not rows:
        return StockChanged(0, [], None)
    batch = uuid4()
    values: dict[str, Any] = {
        "kind": kind,
        "move_kind": {"set": "count", "move": "move_out"}.get(kind, kind),
        "least": {"adjust": -MOST, "count": 0, "set": 0}.get(kind, 1),
        "once": kind in ("set", "count"),
        "at": at,
        "by": by,
        "batch": batch,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        _load(cursor, kind, rows)
        for statement in JUDGE.strip().split(";\n"):
            cursor.execute(statement, values)
        lock_balances(cursor, "stock_pairs")
        for statement in WEIGH.strip().split(";\n"):
            cursor.execute(statement, values)
        if not dry_run:
            cursor.execute(WRITE, values)
        cursor.execute(ANSWER)
        refused = [RowRefusal(*row) for row in cursor.fetchall()]
        if dry_run:
            transaction.set_rollback(True)
    return StockChanged(len(rows) - len(refused), refused, None if dry_run else batch)


def _load(cursor: Any, kind: str, rows: Iterable[StockRow]) -> None:
    """COPY the rows; a number beyond any is no number, and a reason without words is the kind."""
    for statement in ROWS.strip().split(";\n"):
        cursor.execute(statement)
    takes_safety = kind in ("set", "count")
    written = (
        (
            n,
            _text(row.sku, _LONGEST_CODE),
            _text(row.ship_from, _LONGEST_CODE),
            # a move without a place to go to has an unknown one
            (_text(row.to, _LONGEST_CODE) or "\x01") if kind == "move" else "",
            _number(row.quantity),
            _number(row.safety) if takes_safety else None,
            _text(row.reason, LONGEST_REASON) or kind,
        )
        for n, row in enumerate(rows)
    )
    copy_rows("stock_rows", written)


def _number(given: int | None) -> int | None:
    return None if given is None else max(-_BIGGEST, min(_BIGGEST, given))


def _text(given: str, longest: int) -> str:
    return given.replace("\x00", "").strip()[:longest]
