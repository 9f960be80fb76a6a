"""A sheet of numbers into the staging table: which worksheet, which columns, then every row, in chunks."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import connection

from jumun.core.copying import copy_rows
from jumun.core.errors import JumunError
from jumun.intake.sheet_staging import as_json, clean, plain_cell
from jumun.orders.moving import COMPANY
from jumun.sheets.reading import Book
from jumun.waybills.models import WaybillUpload
from jumun.waybills.sheet_columns import KEYS, Columns, Read, read_columns, read_rows, text_of
from jumun.waybills.sheet_judging import check_text

CHUNK = 5_000
MOST_SHEETS = 20
WIDEST = 100
"""Cells of a row that are kept."""
LONGEST = 200
"""Characters of a key, a carrier or a number that are looked at."""
MOST_ROWS = 100_000
_COLUMNS = ("row", "cells", "key_kind", "key", "orders", "said_carrier", "carrier", "number", "lost", "code", "doubt")
_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS waybill_staged (
    row int, cells jsonb, key_kind text, key text, orders text, said_carrier text, carrier text, number text, lost bool,
    code text, doubt bool) ON COMMIT DROP
"""
_INSERT = f"""
INSERT INTO waybills_waybillrow (company_id, upload_id, bundle_no, was_carrier, was_number, verdict, {", ".join(_COLUMNS)})
SELECT %(company)s, %(upload)s, '', '', '', 'refused', {", ".join(_COLUMNS)} FROM waybill_staged ORDER BY row
"""


def choose_sheet(book: Book) -> tuple[str, Columns]:
    """The worksheet with the numbers and where its columns are: the one most is known of, hidden ones last.

    Raises JumunError("waybill_no_key_column" | "waybill_no_number_column" | "waybill_no_columns") at once (P23).
    """
    names = [each.name for each in book.sheets if not each.hidden] or [each.name for each in book.sheets]
    best: tuple[int, str, Columns] | None = None
    for name in names[:MOST_SHEETS]:
        head = book.head(name)
        columns = read_columns(head)
        if not columns.keys:
            columns = _key_by_content(head, columns)
        score = len(columns.places) - 10 * len(columns.missing)
        if best is None or score > best[0]:
            best = (score, name, columns)
    if best is None:
        raise JumunError("sheet_empty")
    missing = best[2].missing
    if len(missing) == 2:
        raise JumunError("waybill_no_columns")
    if missing:
        raise JumunError("waybill_no_number_column" if missing[0] == "number" else "waybill_no_key_column")
    return best[1], best[2]


def _key_by_content(head: Sequence[Any], columns: Columns) -> Columns:
    """A key column with a name of its own: one most of whose values are keys we know. None when there are several."""
    free = [column for column in range(len(columns.headers)) if column not in columns.places.values()]
    body = head[columns.header_row :]
    cells = [
        (column, clean(text_of(row[column]))[:LONGEST])
        for row in body
        for column in free
        if column < len(row) and text_of(row[column])
    ]
    if not cells:
        return columns
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"columns": [each[0] for each in cells], "texts": [each[1] for each in cells]})
        found = [(kind, column) for column, kind, known, total in cursor.fetchall() if known * 2 > total]
    for kind in KEYS:
        alike = [column for each, column in found if each == kind]
        if len(alike) == 1:
            return Columns(columns.header_row, columns.headers, {**columns.places, kind: alike[0]})
    return columns


_KNOWN = f"""
WITH said AS MATERIALIZED (SELECT * FROM unnest(%(columns)s::int[], %(texts)s::text[]) AS g(col, text)),
known AS MATERIALIZED (
    SELECT s.col, s.text,
           EXISTS (SELECT 1 FROM orders_shipment p WHERE p.company_id = {COMPANY} AND p.bundle_no = s.text OFFSET 0) AS bundle,
           EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.company_id = {COMPANY} AND i.line_no = s.text OFFSET 0) AS line,
           EXISTS (SELECT 1 FROM orders_orderitem i
                    WHERE i.company_id = {COMPANY} AND i.order_number = s.text OFFSET 0) AS number
      FROM said s
)
SELECT col, kind, count(*) FILTER (WHERE is_it), count(*) FROM known
 CROSS JOIN LATERAL (VALUES ('bundle', bundle), ('line', line), ('order', number)) AS v(kind, is_it) GROUP BY col, kind
"""


def stage_rows(upload: WaybillUpload, book: Book, columns: Columns) -> int:
    """Copy every row into the table with what can be told of it by itself; answers how many. Raises JumunError."""
    staged = 0
    rows = read_rows(book.rows(upload.sheet), columns)
    while chunk := list(islice(rows, CHUNK)):
        staged += len(chunk)
        if staged > MOST_ROWS:
            raise JumunError("waybill_sheet_too_long", most=MOST_ROWS)
        _copy(upload, [_staged(each, upload.carrier) for each in chunk])
    return staged


def _staged(each: Read, usual: str) -> tuple[Any, ...]:
    key, said = _short(each.key), _short(each.carrier)
    carrier, number, code, doubt = check_text(
        key=key, said=said, usual=usual, number=_short(each.number), lost=each.lost
    )
    cells = as_json([plain_cell(cell) for cell in each.cells[:WIDEST]])
    return (each.row, cells, each.key_kind, key, _short(each.orders), said, carrier, number, each.lost, code, doubt)


def _short(text: str) -> str:
    return clean(text)[:LONGEST]


def _copy(upload: WaybillUpload, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE waybill_staged")
        copy_rows("waybill_staged", rows, _COLUMNS)
        cursor.execute(_INSERT, {"company": upload.company_id, "upload": upload.id})
