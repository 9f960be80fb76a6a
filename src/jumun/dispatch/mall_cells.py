"""The cells of an order's own sheet that go back to its mall as they came: a bundle's number, which no order keeps."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from jumun.dispatch import ledger
from jumun.dispatch.models import Effect
from jumun.waybills.sheet_columns import lost_in_cell

_CELLS = """
SELECT DISTINCT ON (w.order_number, w.line_key) w.order_number, w.line_key, r.upload_id, r.cells
  FROM unnest(%(numbers)s::text[], %(keys)s::text[]) AS w(order_number, line_key)
 CROSS JOIN LATERAL (
       SELECT p.at, (p.payload ->> 'upload')::bigint AS upload, (p.payload ->> 'row')::int AS row
         FROM orders_rawpayload p
        WHERE p.account_id = %(account)s AND p.order_number = w.order_number AND p.line_key = w.line_key
          AND jsonb_typeof(p.payload -> 'upload') = 'number' AND jsonb_typeof(p.payload -> 'row') = 'number' OFFSET 0) AS told
  JOIN intake_sheetrow r ON r.upload_id = told.upload AND r.row = told.row
 ORDER BY w.order_number, w.line_key, told.at DESC
"""


def read_cells(account_id: int, effects: Sequence[Effect]) -> dict[tuple[str, str], Mapping[str, str]]:
    """By order number and line key, the cells of the newest sheet row of it, by header. Two statements."""
    refs = list(dict.fromkeys((ref.order_number, ref.line_key) for effect in effects for ref in ledger.refs(effect)))
    with connection.cursor() as run:
        run.execute(
            _CELLS,
            {"account": account_id, "numbers": [number for number, _ in refs], "keys": [key for _, key in refs]},
        )
        rows: list[tuple[str, str, int, Any]] = [(a, b, c, _read(d)) for a, b, c, d in run.fetchall()]
        run.execute(
            "SELECT id, plan -> 'headers' FROM intake_sheetupload WHERE id = ANY(%s)",
            [sorted({row[2] for row in rows})],
        )
        headers: dict[int, list[str]] = {upload: _read(told) or [] for upload, told in run.fetchall()}
    return {
        (number, key): {
            header: _text(cell) for header, cell in zip(headers.get(upload, []), cells, strict=False) if header
        }
        for number, key, upload, cells in rows
    }


def _read(told: Any) -> Any:
    """A json column as values: a bare cursor answers it as text."""
    return json.loads(told) if isinstance(told, str | bytes) else told


def _text(cell: Any) -> str:
    """A cell as its sheet shows it; nothing of a number that lost digits there: it would name something else."""
    if cell is None or isinstance(cell, dict | list) or lost_in_cell(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
