"""What becomes of each row of a sheet of numbers: one statement for any number of rows, with the guards of the moves.

What it says is what saving will say: conditions come from the table of moves. Saving judges again, under locks.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from jumun.channels.profile import Can
from jumun.channels.queries import list_by_sheet
from jumun.channels.registry import profiles
from jumun.orders.actions.label import NOT_TOLD
from jumun.orders.moving import COMPANY
from jumun.orders.states import AWAY, GONE, MARKS, MOVES, Guard
from jumun.waybills.carriers import NUMBERLESS, doubt_number, normalise_number, refuse_number
from jumun.waybills.models import Verdict, WaybillRow, WaybillUpload
from jumun.waybills.sheet_carriers import find_carrier

OPEN = (Verdict.LABEL, Verdict.CHANGE, Verdict.CORRECT)
"""What a commit would do something about."""
JUDGED = (*OPEN, Verdict.SAME, Verdict.REFUSED)
"""Rows nothing was done about yet."""
CHUNK = 5_000


def check_text(*, key: str, said: str, usual: str, number: str, lost: bool) -> tuple[str, str, str, bool]:
    """What can be told of a row by itself: carrier id, number, why it is refused, and whether its check digit is off."""
    carrier = find_carrier(said) if said else usual
    plain = normalise_number(number)
    if not key:
        return carrier, plain, "parcel_key_missing", False
    if lost:
        return carrier, number.strip(), "digits_lost", False
    if not plain and carrier != NUMBERLESS:
        return carrier, plain, "no_waybill", False
    if not carrier:
        return carrier, plain, "unknown_carrier" if said else "carrier_missing", False
    refused = refuse_number(carrier, plain)
    return carrier, plain, refused, not refused and bool(doubt_number(carrier, plain))


def check_rows(upload: WaybillUpload) -> None:
    """Check every row's own text again, after another carrier was chosen for rows that name none."""
    rows = WaybillRow.objects.filter(upload=upload, verdict__in=JUDGED, said_carrier="").order_by("row")
    found: list[tuple[int, str, str, bool]] = []
    for row in rows.only("key", "number", "lost").iterator(chunk_size=CHUNK):
        carrier, _number, code, doubt = check_text(
            key=row.key, said="", usual=upload.carrier, number=row.number, lost=row.lost
        )
        found.append((row.id, carrier, code, doubt))
    with connection.cursor() as cursor:
        for start in range(0, len(found), CHUNK):
            _write_checks(cursor, found[start : start + CHUNK])


def _write_checks(cursor: Any, found: Sequence[tuple[int, str, str, bool]]) -> None:
    cursor.execute(
        "UPDATE waybills_waybillrow r SET carrier = g.carrier, code = g.code, doubt = g.doubt, verdict = 'refused'"
        "  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bool[]) AS g(id, carrier, code, doubt) WHERE r.id = g.id",
        [list(column) for column in zip(*found, strict=True)],
    )


def judge_rows(upload: WaybillUpload) -> None:
    """Give every row nothing was done about its verdict."""
    values: dict[str, Any] = {
        "upload": upload.id,
        "gone": [each.value for each in GONE],
        "away": [each.value for each in AWAY],
        "judged": [each.value for each in JUDGED],
        "text_codes": list(TEXT_CODES),
        "sheets": list_by_sheet(),
        "able": [profile.kind for profile in profiles() if Can.CORRECT_WAYBILL in profile.can],
        **{f"from_{action}": [each.value for each in _rule(action).sources] for action in _ACTIONS},
    }
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE, values)


TEXT_CODES = (
    "parcel_key_missing",
    "digits_lost",
    "no_waybill",
    "unknown_carrier",
    "carrier_missing",
    "waybill_length",
)
"""What a row is refused for by itself: `check_text`."""

_ACTIONS = ("label", "relabel", "renumber", "correct")
_TARGETS = {action: MOVES[action].target.value for action in _ACTIONS if action in MOVES}


def _rule(action: str) -> Any:
    return MOVES.get(action) or MARKS[action]


def _guards(action: str) -> Sequence[Guard]:
    if action == "correct":
        return (
            Guard("already_told", "i.push NOT IN ('planned', 'sending', 'unknown')"),
            Guard(
                "cannot_correct",
                "i.push = 'not_needed' OR i.account_id = ANY(%(sheets)s::bigint[]) OR i.channel = ANY(%(able)s::text[])",
            ),
        )
    return (*MOVES[action].guards, NOT_TOLD)


def _cases() -> str:
    whens = []
    for action in _ACTIONS:
        whens.append(f"WHEN g.action = '{action}' AND i.status <> ALL(%(from_{action})s::text[]) THEN 'wrong_status'")
        whens += [f"WHEN g.action = '{action}' AND NOT ({each.holds}) THEN '{each.code}'" for each in _guards(action)]
    return " ".join(whens)


def _reach() -> str:
    """The items of a parcel that have a say, as a move that takes whole parcels reaches them."""
    sides = [
        f"(g.action = '{action}' AND i.status <> ALL(%(away)s::text[])"
        f" AND (i.status = ANY(%(from_{action})s::text[]) OR i.status <> '{target}'))"
        for action, target in _TARGETS.items()
    ]
    return " OR ".join([*sides, "(g.action = 'correct' AND i.status = ANY(%(from_correct)s::text[]))"])


_JUDGE = f"""
WITH r AS MATERIALIZED (
    SELECT w.id, w.row, w.key_kind, w.key, w.orders, w.carrier, w.number, w.verdict = ANY(%(judged)s::text[]) AS open,
           CASE WHEN w.code = ANY(%(text_codes)s::text[]) THEN w.code ELSE '' END AS code
      FROM waybills_waybillrow w WHERE w.upload_id = %(upload)s
), wanted AS MATERIALIZED (
    SELECT DISTINCT key_kind, key, CASE WHEN key ~ '^[0-9]{{1,18}}$' THEN key::bigint END AS id FROM r WHERE key <> ''
), matched AS MATERIALIZED (
    SELECT w.key_kind, w.key, s.id AS shipment FROM wanted w CROSS JOIN LATERAL (
           SELECT s.id FROM orders_shipment s
            WHERE s.company_id = {COMPANY} AND s.bundle_no = w.key OFFSET 0) s WHERE w.key_kind IN ('bundle', 'order')
    UNION
    SELECT w.key_kind, w.key, i.shipment_id FROM wanted w CROSS JOIN LATERAL (
           SELECT i.shipment_id FROM orders_orderitem i
            WHERE i.company_id = {COMPANY} AND i.order_number = w.key AND i.status <> ALL(%(gone)s::text[]) OFFSET 0) i
     WHERE w.key_kind = 'order'
    UNION
    SELECT w.key_kind, w.key, i.shipment_id FROM wanted w CROSS JOIN LATERAL (
           SELECT i.shipment_id FROM orders_orderitem i
            WHERE i.company_id = {COMPANY} AND i.line_no = w.key AND i.status <> ALL(%(gone)s::text[]) OFFSET 0) i
     WHERE w.key_kind = 'line'
    UNION
    SELECT w.key_kind, w.key, s.id FROM wanted w CROSS JOIN LATERAL (
           SELECT s.id FROM orders_shipment s WHERE s.id = w.id OFFSET 0) s WHERE w.key_kind = 'shipment'
    UNION
    SELECT w.key_kind, w.key, i.shipment_id FROM wanted w CROSS JOIN LATERAL (
           SELECT i.shipment_id FROM orders_orderitem i
            WHERE i.id = w.id AND i.status <> ALL(%(gone)s::text[]) OFFSET 0) i WHERE w.key_kind = 'item'
), found AS MATERIALIZED (
    SELECT m.key_kind, m.key, min(m.shipment) AS shipment, count(*) AS parcels FROM matched m GROUP BY 1, 2
), placed AS MATERIALIZED (
    SELECT r.*, s.id AS shipment, coalesce(f.parcels, 0) AS parcels, o.item, s.bundle_no,
           coalesce(s.carrier, '') AS was_carrier, coalesce(s.waybill, '') AS was_number,
           CASE o.status WHEN 'labelled' THEN 'relabel' WHEN 'shipped' THEN 'renumber' WHEN 'in_transit' THEN 'correct'
                         WHEN 'delivered' THEN 'correct' ELSE 'label' END AS action,
           NOT EXISTS (SELECT 1 FROM orders_orderitem x WHERE x.shipment_id = s.id AND x.push <> 'not_needed'
                          AND x.status = ANY(%(from_correct)s::text[]) OFFSET 0) AS untold,
           r.orders <> '' AND o.item IS NOT NULL AND s.bundle_no <> r.orders AND NOT EXISTS (
               SELECT 1 FROM orders_orderitem x WHERE x.shipment_id = s.id
                  AND x.order_number = ANY(regexp_split_to_array(r.orders, '[,;\\s]+')) OFFSET 0) AS differs
      FROM r
      LEFT JOIN found f ON f.key_kind = r.key_kind AND f.key = r.key
      LEFT JOIN LATERAL (SELECT p.* FROM orders_shipment p WHERE p.id = f.shipment AND f.parcels = 1 OFFSET 0) s ON true
      LEFT JOIN LATERAL (SELECT x.id AS item, x.status FROM orders_orderitem x
                          WHERE x.shipment_id = s.id AND x.status <> ALL(%(gone)s::text[])
                          ORDER BY x.status NOT IN ('ready', 'labelled'), x.id LIMIT 1) o ON true
), told AS MATERIALIZED (
    SELECT p.*, CASE WHEN p.code <> '' THEN p.code
                     WHEN p.parcels > 1 THEN 'parcel_ambiguous'
                     WHEN p.item IS NULL AND p.shipment IS NOT NULL THEN 'parcel_over'
                     WHEN p.item IS NULL THEN 'parcel_unknown'
                     WHEN p.differs THEN 'parcel_keys_differ' ELSE '' END AS refused
      FROM placed p
), firsts AS MATERIALIZED (
    SELECT t.*, first_value(t.id) OVER parcel AS first_id, first_value(t.carrier) OVER parcel AS first_carrier,
           first_value(t.number) OVER parcel AS first_number, first_value(t.shipment) OVER digits AS first_shipment
      FROM told t WHERE t.refused = ''
    WINDOW parcel AS (PARTITION BY t.shipment ORDER BY t.row), digits AS (PARTITION BY t.carrier, t.number ORDER BY t.row)
), guarded AS MATERIALIZED (
    SELECT g.shipment, (SELECT (array_agg(c.code ORDER BY c.id) FILTER (WHERE c.code <> ''))[1] FROM (
               SELECT i.id, CASE {_cases()} ELSE '' END AS code FROM orders_orderitem i
                WHERE i.shipment_id = g.shipment AND ({_reach()}) OFFSET 0) c) AS code,
           EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = g.shipment AND ({_reach()}) OFFSET 0) AS any
      FROM (SELECT DISTINCT shipment, action FROM firsts) g
), final AS (
    SELECT t.id, t.shipment, t.item, t.bundle_no, t.was_carrier, t.was_number, t.action, t.untold,
           CASE WHEN t.refused <> '' THEN t.refused
                WHEN f.first_id <> t.id AND (f.first_carrier, f.first_number) <> (t.carrier, t.number) THEN 'waybill_twice'
                WHEN f.first_id <> t.id OR (t.action <> 'label' AND (t.was_carrier, t.was_number) = (t.carrier, t.number))
                     THEN 'same'
                WHEN t.number <> '' AND (f.first_shipment <> t.shipment OR EXISTS (
                     SELECT 1 FROM orders_shipment o WHERE o.company_id = {COMPANY} AND o.carrier = t.carrier
                        AND o.waybill = t.number AND o.waybill <> '' AND o.id <> t.shipment OFFSET 0)) THEN 'waybill_taken'
                WHEN NOT g.any THEN 'wrong_status'
                ELSE coalesce(g.code, '') END AS code
      FROM told t LEFT JOIN firsts f ON f.id = t.id LEFT JOIN guarded g ON g.shipment = f.shipment
     WHERE t.open
)
UPDATE waybills_waybillrow w
   SET shipment_id = n.shipment, item_id = n.item, bundle_no = coalesce(n.bundle_no, ''), was_carrier = n.was_carrier,
       was_number = n.was_number, code = CASE n.code WHEN 'same' THEN '' ELSE n.code END,
       verdict = CASE WHEN n.code = 'same' THEN 'same' WHEN n.code <> '' THEN 'refused' WHEN n.action = 'label' THEN 'label'
                      WHEN n.action = 'correct' AND NOT n.untold THEN 'correct' ELSE 'change' END
  FROM final n WHERE w.id = n.id
"""
