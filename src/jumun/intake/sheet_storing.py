"""Staged rows become orders: chunk by chunk of whole orders, each with its rows marked in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F

from jumun.core.crash_points import crash_point
from jumun.core.secrets import seal_mapping
from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetRow, SheetUpload, UploadState, Verdict
from jumun.intake.sheet_batches import batch_of
from jumun.intake.sheet_fields import Field
from jumun.intake.sheet_verdicts import judge_rows
from jumun.intake.storing import Way, lock_storing, store_incoming
from jumun.jobs.actions import EntryRow, finish_part, note_progress, record_entries
from jumun.jobs.models import EntryOutcome
from jumun.orders.actions.requantify import Requantity, requantify
from jumun.orders.incoming import LONGEST_KEY, LONGEST_NAME, load_incoming
from jumun.orders.line_identity import SHEET

GROWN = frozenset(4**n for n in range(12))
"""Chunks after which the tables have grown enough for PostgreSQL to look at them again."""
NAMED = 200
"""Refused rows the job names; the upload has them all."""
MOST_LINES = 5_000
"""Lines stored in one transaction; an order with more goes in whole all the same."""

_NEXT = """
WITH coming AS (
    SELECT r.order_number, r.account_id FROM intake_sheetrow r
     WHERE r.upload_id = %(upload)s AND r.verdict IN ('new', 'update') AND r.order_number > %(after)s
     ORDER BY r.order_number LIMIT %(most)s + 1
), counted AS (SELECT order_number, array_agg(DISTINCT account_id) AS accounts FROM coming GROUP BY 1)
SELECT order_number, accounts FROM counted
 WHERE (SELECT count(*) FROM coming) <= %(most)s
    OR order_number < (SELECT max(order_number) FROM coming) OR (SELECT count(*) FROM counted) = 1
 ORDER BY order_number
"""
"""The next orders in the order of their numbers; the last one is left for the next chunk where it may go on there."""


def _phone(text: str) -> str:
    """SQL: what `normalise_phone` makes of a telephone that was judged sound."""
    digits = f"regexp_replace(coalesce({text}, ''), '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN {digits} LIKE '82%%' AND length({digits}) >= 11 THEN '0' || ltrim(substr({digits}, 3), '0')"
        f" WHEN {digits} ~ '^1[016789]' AND length({digits}) IN (9, 10) THEN '0' || {digits} ELSE {digits} END"
    )


_GOING = """
DROP TABLE IF EXISTS pg_temp.sheet_going;
CREATE TEMP TABLE sheet_going ON COMMIT DROP AS
SELECT r.* FROM sheet_seen s JOIN intake_sheetrow r ON r.id = s.id WHERE r.verdict IN ('new', 'update');
ANALYZE sheet_going
"""
"""The rows of this chunk that go in, as they were just judged."""

_FILL = (
    """
INSERT INTO incoming (order_number, line_key, unit, stage, stage_raw, quantity, remaining, amount, unit_price,
    shipping_fee, currency, ordered_at, paid_at, product_code, product_name, option_code, option_text, seller_code,
    product_url, carriage, carrier, waybill, claim_kind, claim_stage, claim_id, claim_quantity, claims_known, method, hold_reasons, buyer_name, name, phone1,
    phone2, postcode, address1, address2, country, message, sealed, raw)
SELECT r.order_number, left(r.line_key, {key}), left(r.line_key, {key}), 'confirmed', '{sheet}', r.quantity, r.quantity,
    f.amount, round(f.amount / r.quantity, 2), max(coalesce(nullif(f.shipping_fee, '')::numeric, 0)) OVER (PARTITION BY r.order_number),
    coalesce(nullif(f.currency, ''), CASE WHEN f.country = 'JP' THEN 'JPY' ELSE 'KRW' END),
    coalesce(nullif(f.ordered_at, '')::timestamptz, %(at)s), coalesce(nullif(f.ordered_at, '')::timestamptz, %(at)s),
    coalesce(f.product_code, ''), left(coalesce(nullif(f.product_name, ''), f.product_code), {name}), '',
    left(coalesce(f.option, ''), {name}), coalesce(f.product_code, ''), coalesce(f.product_url, ''), coalesce(f.carriage, ''),
    '', '', '', '', '', 0, false, 'parcel', '{{}}',
    coalesce(f.buyer, ''), coalesce(f.recipient, ''), {phone1}, {phone2},
    coalesce(f.postcode, ''), coalesce(f.address, ''), coalesce(f.address2, ''),
    coalesce(nullif(f.country, ''), 'KR'), coalesce(f.memo, ''), '',
    jsonb_build_object('upload', r.upload_id, 'row', r.row)
  FROM sheet_going r
 CROSS JOIN LATERAL (
       SELECT p.*, coalesce(nullif(p.told, '')::numeric, 0) AS amount FROM jsonb_to_record(r.fields - 'amount'
              || jsonb_build_object('told', r.fields -> 'amount')) AS p(
              told text, shipping_fee text, currency text, country text, ordered_at text, product_code text,
              product_name text, option text, buyer text, recipient text, phone1 text, phone2 text, postcode text,
              address text, address2 text, memo text, product_url text, carriage text)) f
 WHERE r.verdict = 'new' AND r.account_id = %(account)s
 ORDER BY r.row
""".replace("{key}", str(LONGEST_KEY))
    .replace("{name}", str(LONGEST_NAME))
    .replace("{sheet}", SHEET)
    .replace("{{}}", "{}")
    .replace("{phone1}", _phone("f.phone1"))
    .replace("{phone2}", _phone("f.phone2"))
)

_SECRETS = """
SELECT r.order_number, r.line_key, r.fields ->> 'customs_number' FROM sheet_going r
 WHERE r.verdict = 'new' AND r.account_id = %(account)s AND r.fields ->> 'customs_number' <> ''
"""
_SEAL = """
UPDATE incoming n SET sealed = s.sealed
  FROM unnest(%(numbers)s::text[], %(keys)s::text[], %(sealed)s::text[]) AS s(order_number, line_key, sealed)
 WHERE n.order_number = s.order_number AND n.line_key = s.line_key
"""
_MARK = """
UPDATE intake_sheetrow r SET verdict = 'stored', code = '', line_id = e.line_id, fields = r.fields - 'customs_number',
       cells = CASE WHEN jsonb_array_length(r.cells) > %(secret)s::int
                    THEN jsonb_set(r.cells, ARRAY[%(secret)s::text], 'null') ELSE r.cells END
  FROM sheet_going g JOIN entering e ON e.order_number = g.order_number AND e.line_key = left(g.line_key, {key})
 WHERE r.id = g.id AND g.verdict = 'new' AND g.account_id = %(account)s
""".replace("{key}", str(LONGEST_KEY))
"""Once it lies encrypted with its order, a customs number stands nowhere else in clear."""
_UPDATES = """
SELECT r.line_id, r.quantity, nullif(r.fields ->> 'amount', '')::numeric FROM sheet_going r WHERE r.verdict = 'update'
"""
_MARK_UPDATES = """
UPDATE intake_sheetrow r SET verdict = CASE WHEN r.line_id = ANY(%(lines)s::bigint[]) THEN 'updated' ELSE 'refused' END,
       code = CASE WHEN r.line_id = ANY(%(lines)s::bigint[]) THEN 'quantity_differs' ELSE 'quantity_moved_on' END
  FROM sheet_going g WHERE r.id = g.id AND g.verdict = 'update'
"""
_COUNT = """
SELECT count(*) FROM (SELECT DISTINCT account_id, order_number FROM sheet_going) g
 WHERE NOT EXISTS (SELECT 1 FROM sheet_seen s
                    WHERE s.over AND s.account_id = g.account_id AND s.order_number = g.order_number)
"""
"""Orders of this chunk that no row brought in before."""


def commit_rows(company_id: int, upload_id: int, *, by: int | None, at: datetime) -> None:
    """Store what is left to store of an upload, until nothing is. Two at once share the work; a kill loses nothing."""
    after: str | None = ""
    chunk = 0
    while after is not None:
        chunk += 1
        with acting_as(company_id):
            after = _commit_chunk(upload_id, after, freshen=chunk in GROWN, by=by, at=at)
            crash_point("sheet.chunk")
        crash_point("sheet.chunked")


def end_commit(upload_id: int, job_id: int, *, at: datetime) -> None:
    """All there was to store is stored: the upload is done, and its job says which rows stayed out. Safe to repeat."""
    SheetUpload.objects.filter(id=upload_id, state=UploadState.COMMITTING).update(
        state=UploadState.DONE, committed_at=at
    )
    refused = SheetRow.objects.filter(upload_id=upload_id, verdict=Verdict.REFUSED).order_by("row")
    rows = [EntryRow(f"upload:{upload_id}", f"#{upload_id}", EntryOutcome.DONE)]
    rows += [
        EntryRow(f"row:{each.row}", f"{each.row} · {each.order_number}", EntryOutcome.REFUSED, each.code)
        for each in refused[:NAMED]
    ]
    stored = SheetUpload.objects.values_list("orders", flat=True).get(id=upload_id)
    record_entries(job_id, rows, at=at)
    note_progress(job_id, done=stored, total=stored)
    finish_part(job_id, at=at)


def _commit_chunk(upload_id: int, after: str, *, freshen: bool, by: int | None, at: datetime) -> str | None:
    """Store the next orders behind `after`; answers the last one's number, None when that was all.

    `freshen`: have PostgreSQL look again at the tables that grow.
    """
    upload = SheetUpload.objects.select_for_update(of=("self",), no_key=True).get(id=upload_id)
    if upload.state != UploadState.COMMITTING:
        return None
    values: dict[str, Any] = {"upload": upload_id, "after": after, "most": MOST_LINES, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        rows = cursor.fetchall()
        if not rows:
            return None
        orders = [row[0] for row in rows]
        accounts = sorted({account for row in rows for account in row[1]})
        for account in accounts:
            lock_storing(account)
        judge_rows(upload, orders)
        for statement in _GOING.split(";\n"):
            cursor.execute(statement)
        for account in accounts:
            _store(upload, {**values, "account": account}, freshen=freshen, by=by, at=at)
        _update(values, by=by, at=at)
        cursor.execute(_COUNT, values)
        upload.orders = F("orders") + cursor.fetchone()[0]
    upload.save(update_fields=["orders"])
    if upload.job_id is not None:
        upload.refresh_from_db(fields=["orders"])
        note_progress(upload.job_id, done=int(upload.orders))
    return str(orders[-1])


def _store(upload: SheetUpload, values: dict[str, Any], *, freshen: bool, by: int | None, at: datetime) -> None:
    load_incoming(())
    with connection.cursor() as cursor:
        cursor.execute(_FILL, values)
        if not cursor.rowcount:
            return
        _seal(cursor, values)
        cursor.execute("ANALYZE incoming")
        store_incoming(
            values["account"],
            by=by,
            at=at,
            way=Way.SHEET,
            params={"upload": upload.id},
            batch=batch_of(upload.id),
            freshen=freshen,
        )
        cursor.execute(_MARK, {**values, "secret": _customs_column(upload)})


def _seal(cursor: Any, values: dict[str, Any]) -> None:
    """Customs numbers lie encrypted."""
    cursor.execute(_SECRETS, values)
    rows: Sequence[tuple[str, str, str]] = cursor.fetchall()
    if rows:
        numbers, keys, told = zip(*rows, strict=True)
        sealed = [seal_mapping({"customs": each}) for each in told]
        cursor.execute(_SEAL, {"numbers": list(numbers), "keys": list(keys), "sealed": sealed})


def _customs_column(upload: SheetUpload) -> int | None:
    """The column customs numbers stand in, from 0."""
    source = upload.plan.get("sources", {}).get(Field.CUSTOMS_NUMBER.value) if upload.plan else None
    return source["columns"][0] if source else None


def _update(values: dict[str, Any], *, by: int | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UPDATES, values)
        wanted = [Requantity(line, quantity, amount) for line, quantity, amount in cursor.fetchall()]
        if wanted:
            changed = requantify(_last(wanted), by=by, at=at)
            cursor.execute(_MARK_UPDATES, {**values, "lines": list(changed.lines)})


def _last(wanted: Sequence[Requantity]) -> list[Requantity]:
    """One word a line; an amount of nothing says nothing about the amount."""
    latest = {each.line_id: each for each in wanted}
    return [each if each.amount != Decimal(0) else each._replace(amount=None) for each in latest.values()]
