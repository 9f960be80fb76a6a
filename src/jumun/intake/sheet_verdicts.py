"""What becomes of each row of an uploaded sheet: set-based, a constant number of statements, safe to repeat.

A row's own faults were found when it was read (`sheet_judging`). Here it meets the other rows, what we know already,
and what the person chose: the second of two equal rows, lines and orders we have, an order kept out as a whole.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from jumun.intake.models import SheetUpload
from jumun.orders.actions.requantify import UNMOVED
from jumun.orders.line_identity import pairs
from jumun.orders.moving import COMPANY


def _squeeze(text: str) -> str:
    """SQL: a name or an address as it is compared: without spaces and marks, in small letters."""
    return f"regexp_replace(lower(normalize(coalesce({text}, ''), NFKC)), '[\\s[:punct:]]', '', 'g')"


_SEEN = f"""
DROP TABLE IF EXISTS pg_temp.sheet_seen;
CREATE TEMP TABLE sheet_seen ON COMMIT DROP AS
WITH said AS (
    SELECT DISTINCT ON (said) said,
           CASE WHEN cardinality(ids) = 1 THEN ids[1] WHEN %(account)s::bigint = ANY(ids) THEN %(account)s::bigint END AS id
      FROM (SELECT said, rank, array_agg(id) AS ids FROM channels_channelaccount, LATERAL (
                   VALUES (lower(btrim(key)), 1), (lower(btrim(name)), 2)) AS t(said, rank) GROUP BY said, rank) a
     ORDER BY said, rank
), told AS (
    SELECT r.*, r.verdict IN ('stored', 'updated', 'deleted') AS over,
           CASE WHEN r.verdict IN ('stored', 'updated', 'deleted') THEN r.account_id
                WHEN coalesce(r.fields ->> 'account', '') = '' THEN %(account)s::bigint ELSE a.id END AS whose
      FROM intake_sheetrow r LEFT JOIN said a ON a.said = lower(btrim(r.fields ->> 'account'))
     WHERE r.upload_id = %(upload)s AND r.verdict <> 'none'
       AND (%(orders)s::text[] IS NULL OR r.order_number = ANY(%(orders)s))
)
SELECT r.id, r.row, r.row AS place, r.order_number, r.base_key, r.quantity, r.left_out, r.over, r.whose AS account_id,
       coalesce(r.problem ->> 'code', CASE WHEN c.state = 'off' THEN 'account_off' ELSE '' END) AS fault,
       CASE WHEN r.base_key LIKE 's:%%' THEN r.base_key || '-' || row_number() OVER same ELSE r.base_key END AS line_key,
       r.base_key NOT LIKE 's:%%' AND NOT r.left_out AND row_number() OVER same > 1 AS twice,
       ARRAY[coalesce(r.fields ->> 'product_code', '')] AS codes, coalesce(r.fields ->> 'product_name', '') AS name,
       coalesce(r.fields ->> 'option', '') AS option, {_squeeze("r.fields ->> 'recipient'")} AS recipient,
       {_squeeze("coalesce(r.fields ->> 'address', '') || coalesce(r.fields ->> 'address2', '')")} AS address
  FROM told r LEFT JOIN channels_channelaccount c ON c.id = r.whose AND NOT r.over
WINDOW same AS (PARTITION BY r.order_number, r.base_key, r.left_out, r.whose ORDER BY r.over DESC, r.row);
ANALYZE sheet_seen
"""
"""An account may be said by its key or, where only one bears it or the chosen one does, its name."""

_KNOWN = f"""
DROP TABLE IF EXISTS pg_temp.sheet_orders;
CREATE TEMP TABLE sheet_orders ON COMMIT DROP AS
SELECT s.account_id, s.order_number, EXISTS (
       SELECT 1 FROM orders_order x WHERE x.company_id = {COMPANY} AND x.number = s.order_number
          AND x.account_id <> s.account_id OFFSET 0) AS elsewhere, who.name AS recipient, who.address
  FROM (SELECT DISTINCT account_id, order_number FROM sheet_seen
         WHERE NOT over AND account_id IS NOT NULL AND order_number <> '') s
  LEFT JOIN LATERAL (
       SELECT {_squeeze("p.name")} AS name, {_squeeze("p.address1 || p.address2")} AS address
         FROM orders_order x JOIN orders_recipient p ON p.order_id = x.id
        WHERE x.account_id = s.account_id AND x.number = s.order_number OFFSET 0) who ON true;
DROP TABLE IF EXISTS pg_temp.sheet_known;
CREATE TEMP TABLE sheet_known ON COMMIT DROP AS
SELECT l.* FROM sheet_orders o CROSS JOIN LATERAL (
       SELECT l.id, l.id AS place, l.account_id, l.order_number, l.line_key AS key, l.quantity,
              ARRAY[l.seller_code, l.product_code] AS codes, l.product_name AS name, l.option_text AS option
         FROM orders_orderline l WHERE l.account_id = o.account_id AND l.order_number = o.order_number OFFSET 0) l;
DROP TABLE IF EXISTS pg_temp.sheet_matched;
CREATE TEMP TABLE sheet_matched ON COMMIT DROP AS
SELECT s.id, n.id AS line_id, n.quantity AS known_quantity FROM sheet_seen s
  JOIN sheet_known n ON n.account_id = s.account_id AND n.order_number = s.order_number AND n.key = s.line_key
 WHERE NOT s.over AND NOT s.left_out AND NOT s.twice;
ANALYZE sheet_orders;
ANALYZE sheet_matched
"""
"""Orders and lines are looked up by their key one by one (`OFFSET 0`), as storing does."""

_LEFT = """
DROP TABLE IF EXISTS pg_temp.rows_left;
CREATE TEMP TABLE rows_left ON COMMIT DROP AS
SELECT s.id, s.place, s.line_key AS key, s.account_id, s.order_number, s.codes, s.name, s.option FROM sheet_seen s
 WHERE NOT s.over AND NOT s.left_out AND NOT s.twice
   AND EXISTS (SELECT 1 FROM sheet_known n WHERE n.account_id = s.account_id AND n.order_number = s.order_number)
   AND NOT EXISTS (SELECT 1 FROM sheet_matched m WHERE m.id = s.id);
DROP TABLE IF EXISTS pg_temp.lines_left;
CREATE TEMP TABLE lines_left ON COMMIT DROP AS
SELECT n.* FROM sheet_known n WHERE NOT EXISTS (SELECT 1 FROM sheet_matched m WHERE m.line_id = n.id)
   AND NOT EXISTS (SELECT 1 FROM sheet_seen s JOIN intake_sheetrow r ON r.id = s.id WHERE s.over AND r.line_id = n.id)
"""
"""What the keys did not pair: rows without a number of a line the API brought, or the other way round."""

_PAIR = f"""
INSERT INTO sheet_matched
SELECT p.ours_id, p.theirs_id, n.quantity
  FROM ({pairs("rows_left", "lines_left", group="account_id, order_number")}) p JOIN sheet_known n ON n.id = p.theirs_id
"""

_WRITE = f"""
WITH judged AS (
    SELECT s.*, m.line_id, m.known_quantity,
           m.line_id IS NULL AND o.recipient <> '' AND strpos(o.recipient || o.address, '*') = 0
           AND (o.recipient <> s.recipient
                OR (strpos(o.address, s.address) = 0 AND strpos(s.address, o.address) = 0)) AS stranger,
           CASE WHEN s.left_out THEN 'skip'
                WHEN s.fault <> '' OR s.account_id IS NULL THEN 'refused'
                WHEN s.twice THEN CASE %(on_duplicate)s WHEN 'skip' THEN 'skip' ELSE 'refused' END
                WHEN o.elsewhere AND m.line_id IS NULL AND %(on_other)s <> 'store'
                THEN CASE %(on_other)s WHEN 'skip' THEN 'skip' ELSE 'refused' END
                WHEN m.line_id IS NULL THEN 'new'
                WHEN %(on_known)s = 'refuse' THEN 'refused'
                WHEN m.known_quantity = s.quantity OR %(on_known)s = 'skip' THEN 'skip'
                WHEN {UNMOVED.format(line="l")} THEN 'update' ELSE 'refused' END AS verdict,
           CASE WHEN s.left_out THEN 'left_out'
                WHEN s.fault <> '' THEN s.fault
                WHEN s.account_id IS NULL THEN 'account_unknown'
                WHEN s.twice THEN 'duplicate_in_file'
                WHEN o.elsewhere AND m.line_id IS NULL AND %(on_other)s <> 'store' THEN 'known_in_other_account'
                WHEN m.line_id IS NULL THEN ''
                WHEN m.known_quantity = s.quantity OR %(on_known)s = 'refuse' THEN 'already_known'
                WHEN %(on_known)s = 'skip' OR {UNMOVED.format(line="l")} THEN 'quantity_differs'
                ELSE 'quantity_moved_on' END AS code
      FROM sheet_seen s
      LEFT JOIN sheet_orders o ON o.account_id = s.account_id AND o.order_number = s.order_number
      LEFT JOIN sheet_matched m ON m.id = s.id
      LEFT JOIN orders_orderline l ON l.id = m.line_id
     WHERE NOT s.over
), whole AS (
    SELECT j.*, j.verdict IN ('new', 'update') AND (j.stranger
                OR (min(j.recipient) OVER sound) <> (max(j.recipient) OVER sound)
                OR (min(j.address) OVER sound) <> (max(j.address) OVER sound)) AS parted,
           j.verdict IN ('new', 'update') AND (bool_or(j.account_id IS NULL) OVER number
           OR bool_or(j.verdict = 'refused' AND j.code NOT IN ('duplicate_in_file', 'already_known')) OVER goes) AS kept_out
      FROM judged j
    WINDOW goes AS (PARTITION BY j.account_id, j.order_number, j.left_out),
           sound AS (PARTITION BY j.account_id, j.order_number, j.verdict IN ('new', 'update')),
           number AS (PARTITION BY j.order_number, j.left_out)
)
UPDATE intake_sheetrow r SET account_id = w.account_id, line_key = w.line_key, line_id = w.line_id,
       known_quantity = w.known_quantity,
       verdict = CASE WHEN w.parted OR w.kept_out THEN 'refused' ELSE w.verdict END,
       code = CASE WHEN w.parted THEN 'recipient_differs' WHEN w.kept_out THEN 'companion_row' ELSE w.code END
  FROM whole w
 WHERE r.id = w.id AND (r.account_id, r.line_key, r.line_id, r.known_quantity, r.verdict, r.code) IS DISTINCT FROM
       (w.account_id, w.line_key, w.line_id, w.known_quantity,
        CASE WHEN w.parted OR w.kept_out THEN 'refused' ELSE w.verdict END,
        CASE WHEN w.parted THEN 'recipient_differs' WHEN w.kept_out THEN 'companion_row' ELSE w.code END)
"""
"""A row said twice and one we know already keep nothing out: the order is whole without them.

Rows of one order that go to two recipients, and a new row that goes elsewhere than its known order, are a person's to
settle: one of them would go to the wrong house.
"""


def judge_rows(upload: SheetUpload, orders: Sequence[str] | None = None) -> None:
    """Work out what becomes of the upload's rows, of these orders or of all, as things are and as was chosen.

    Rows already committed stay as they are.
    """
    values: dict[str, Any] = {
        "upload": upload.id,
        "account": upload.account_id,
        "orders": list(orders) if orders is not None else None,
        "on_known": upload.on_known,
        "on_other": upload.on_other,
        "on_duplicate": upload.on_duplicate,
    }
    with connection.cursor() as cursor:
        for statement in f"{_SEEN};\n{_KNOWN}".split(";\n"):
            cursor.execute(statement, values)
        cursor.execute("SELECT (SELECT count(*) FROM sheet_known) > (SELECT count(*) FROM sheet_matched)")
        if cursor.fetchone()[0]:
            for statement in f"{_LEFT};\n{_PAIR}".split(";\n"):
                cursor.execute(statement, values)
        cursor.execute(_WRITE, values)
