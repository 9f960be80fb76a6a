"""A sheet's rows into the staging table: read, judged one by one and copied in chunks, so that memory stays flat."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite
from typing import Any

import orjson
from django.db import connection

from jumun.core.copying import copy_rows
from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetRow, SheetUpload, Verdict
from jumun.intake.sheet_fields import Field, Judged, Plan
from jumun.intake.sheet_judging import judge, line_key
from jumun.sheets.cells import MOST_EXACT, Cell, CellError, Row

CHUNK = 5_000
"""Rows staged in one transaction."""
WIDEST = 200
"""Cells of a row that are kept."""
_PLAIN = frozenset({str, int, type(None)})
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

_COLUMNS = (
    "row",
    "cells",
    "fields",
    "order_number",
    "base_key",
    "line_key",
    "quantity",
    "problem",
    "unsure",
    "verdict",
    "code",
)
_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS sheet_staged (
    row int, cells jsonb, fields jsonb, order_number text, base_key text, line_key text, quantity int, problem jsonb,
    unsure jsonb, verdict text, code text) ON COMMIT DROP
"""
_INSERT = f"""
INSERT INTO intake_sheetrow (company_id, upload_id, account_id, left_out, fixed, {", ".join(_COLUMNS)})
SELECT %(company)s, %(upload)s, %(account)s, false, false, {", ".join(_COLUMNS)} FROM sheet_staged ORDER BY row
"""


def stage_rows(
    company_id: int, upload: SheetUpload, rows: Iterable[Row], plan: Plan, told: Callable[[int], None] | None = None
) -> int:
    """Put every row that is no blank one into the staging table, in place of what was there; answers how many.

    Each chunk is a transaction of its own: one that broke off is begun anew. `told` hears how many rows were read.
    """
    with acting_as(company_id):
        SheetRow.objects.filter(upload=upload)._raw_delete("default")
    staged = 0
    seen = _Seen()
    judged = judge(seen.watch(rows), plan)
    while chunk := list(islice(_written(judged, seen, plan), CHUNK)):
        with acting_as(company_id):
            _copy(company_id, upload, chunk)
            staged += len(chunk)
            if told is not None:
                told(staged)
    return staged


class _Seen:
    """Remembers the rows on their way through the judge until each was answered for."""

    def __init__(self) -> None:
        self.cells: dict[int, Row] = {}

    def watch(self, rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
        for number, row in enumerate(rows, 1):
            self.cells[number] = row
            yield number, row


def _written(judged: Iterator[Judged], seen: _Seen, plan: Plan) -> Iterator[Sequence[Any]]:
    for each in judged:
        cells = seen.cells.pop(each.row, ())
        if each.kind == "blank" or each.row <= plan.header_row:
            continue
        yield _staged(each, cells)


def _staged(each: Judged, cells: Row) -> Sequence[Any]:
    is_line = each.kind == "line"
    base = base_key(each.fields) if is_line else ""
    problem = None
    verdict, code = (Verdict.NEW, "") if is_line else (Verdict.NONE, each.kind)
    if each.problem is not None:
        found = each.problem
        verdict, code = Verdict.REFUSED, found.code
        problem = as_json(
            {"column": found.column, "field": found.field.value, "value": found.value, "code": found.code}
        )
    return (
        each.row,
        as_json([cell if cell.__class__ in _PLAIN else plain_cell(cell) for cell in cells[:WIDEST]]),
        as_json({name.value: text for name, text in each.fields.items()}),
        clean(each.fields.get(Field.ORDER_NO, "")),
        base,
        first_key(base),
        quantity_of(each.fields.get(Field.QUANTITY, "")),
        problem,
        as_json([{"field": one.field.value, "code": one.code} for one in each.unsure]),
        verdict.value,
        code,
    )


def base_key(fields: dict[Field, str]) -> str:
    """What a row says of its identity inside its order: the line's number, else product and option, without occurrence."""
    said = (Field.ORDER_NO, Field.LINE_NO, Field.PRODUCT_CODE, Field.PRODUCT_NAME, Field.OPTION)
    order, line, code, name, option = (clean(fields.get(each, "")) for each in said)
    key = line_key(order, line, code, name, option, 1)
    return key if line else key.rpartition("-")[0]


def first_key(base: str) -> str:
    """The line key of a row's first occurrence."""
    return f"{base}-1" if base.startswith("s:") else base


def quantity_of(text: str) -> int:
    """A judged quantity as a number; 0 for one that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def plain_cell(cell: Cell) -> Any:
    """A cell as a JSON value: numbers stay numbers, everything else is the text a person would see."""
    match cell:
        case None | bool() | int():
            return cell
        case float():
            # JSON would make a whole number of it, with digits nobody wrote
            return cell if abs(cell) <= MOST_EXACT else f"{cell:.14E}" if isfinite(cell) else str(cell)
        case datetime():
            return (
                cell.isoformat(" ", "seconds")
                if (cell.hour, cell.minute, cell.second) != (0, 0, 0)
                else f"{cell:%Y-%m-%d}"
            )
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case CellError():
            return cell.code
        case _:
            return cell


def as_json(value: Any) -> str:
    """JSON without what PostgreSQL does not take: NUL and half characters."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = orjson.dumps(_cleaned(value)).decode()
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


def clean(text: str) -> str:
    """A text as PostgreSQL takes it."""
    if text.isprintable():
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean(str(name)): _cleaned(each) for name, each in value.items()}
        case list():
            return [_cleaned(each) for each in value]
        case int():
            return str(value)  # beyond 64 bits
        case _:
            return value


def _copy(company_id: int, upload: SheetUpload, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE sheet_staged")
        copy_rows("sheet_staged", rows, _COLUMNS)
        cursor.execute(_INSERT, {"company": company_id, "upload": upload.id, "account": upload.account_id})
