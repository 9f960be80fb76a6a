"""Claims follow what their channels tell: forward, never back, in whatever order it comes (P4, P33, P34, I9)."""

from typing import Any

from django.db import connection

from jumun.channels.port import ClaimKind
from jumun.claims.states import ENDED, FORWARD, rank_of
from jumun.core.policies import COMPANY
from jumun.orders.events import LinesRead

_DETAILS = ("reason", "fault", "collect_carrier", "collect_waybill", "resend_carrier", "resend_waybill")
"""What a message may leave out; then what was told before stands."""

_LONGEST = 200
"""Characters kept of a word of the channel's; what stands in an index must not be longer."""

_BEST = "since DESC NULLS LAST, rank DESC, place DESC"

_ONE_NUMBER = (ClaimKind.CANCEL, ClaimKind.RETURN)
"""Kinds one claim may pass between: what a buyer wants stopped is a cancel until the parcel turns out to have left, and a
return then. An exchange is a thing of its own, with numbers of its own."""

_TOLD = f"""
WITH told AS MATERIALIZED (
    SELECT n.order_number, n.claim_id, n.kind, n.changed_at, l.id AS line_id
      FROM incoming_claims n
      CROSS JOIN LATERAL (
          SELECT l.id FROM orders_orderline l
           WHERE l.account_id = %(account)s AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0) l
     WHERE n.claim_id <> '' AND n.kind = ANY(%(one_number)s)
), turned AS MATERIALIZED (
    SELECT c.id, t.kind, p.id AS part
      FROM told t
      CROSS JOIN LATERAL (
          SELECT c.id, c.kind FROM claims_claim c
           WHERE c.company_id = {COMPANY} AND c.order_number = t.order_number AND c.account_id = %(account)s
             AND c.claim_id = t.claim_id AND c.kind = ANY(%(one_number)s) AND c.kind <> t.kind
             AND NOT coalesce(t.changed_at < c.changed_at, false) OFFSET 0) c
      JOIN claims_claimpart p ON p.claim_id = c.id AND p.line_id = t.line_id
     WHERE NOT EXISTS (SELECT 1 FROM told o WHERE o.line_id = t.line_id AND o.claim_id = t.claim_id AND o.kind = c.kind)
), whole AS MATERIALIZED (
    SELECT n.id, n.kind FROM (SELECT id, kind, count(DISTINCT part) AS parts FROM turned GROUP BY id, kind) n
     WHERE n.parts = (SELECT count(*) FROM claims_claimpart p WHERE p.claim_id = n.id)
)"""
"""Lines whose claim is now told as another kind than the one we have it under, and the claims all of whose lines are. A
receipt about two boxes of which one left is two claims, and stays so."""

_RENAME = f"""{_TOLD}
UPDATE claims_claim c SET kind = w.kind
  FROM whole w
 WHERE c.id = w.id AND NOT EXISTS (
       SELECT 1 FROM claims_claim o WHERE o.account_id = c.account_id AND o.kind = w.kind AND o.claim_id = c.claim_id)
"""

_DROP_TWINS = f"""{_TOLD}, parts AS (
    DELETE FROM claims_claimpart p USING turned t, claims_claim c
     WHERE p.id = t.part AND c.id = t.id AND c.closed_at IS NULL
)
DELETE FROM claims_claim c USING whole w WHERE c.id = w.id AND c.closed_at IS NULL
"""
"""Where both kinds of a claim stand already, a line goes over to the one told now; an open one without lines is none."""

_FOLLOW = f"""
WITH ranks AS (
    SELECT * FROM unnest(%(stages)s::text[], %(ranks)s::int[]) AS r(stage, rank)
), said AS MATERIALIZED (
    SELECT n.*, coalesce(k.kind, n.kind) AS known_kind, r.rank, l.id AS line_id, l.order_id, l.quantity AS whole, r.rank >= %(end)s AS ends,
           CASE WHEN n.claim_id = '' THEN n.line_key ELSE '' END AS own_line,
           coalesce(n.changed_at, CASE WHEN r.rank >= %(end)s THEN %(at)s END) AS since
      FROM incoming_claims n
      JOIN ranks r ON r.stage = n.stage
      CROSS JOIN LATERAL (
          SELECT l.id, l.order_id, l.quantity FROM orders_orderline l
           WHERE l.account_id = %(account)s AND l.order_number = n.order_number AND l.line_key = n.line_key OFFSET 0) l
      LEFT JOIN LATERAL (
          SELECT c.kind FROM claims_claim c JOIN claims_claimpart p ON p.claim_id = c.id AND p.line_id = l.id
           WHERE c.company_id = {COMPANY} AND c.order_number = n.order_number AND c.account_id = %(account)s
             AND c.claim_id = n.claim_id AND n.claim_id <> '' AND n.changed_at < c.changed_at
             AND c.kind = ANY(%(one_number)s) AND n.kind = ANY(%(one_number)s)
           ORDER BY c.kind = n.kind DESC LIMIT 1) k ON true
), heads AS (
    SELECT order_id, order_number, known_kind AS kind, claim_id, own_line, min(coalesce(requested_at, since, %(at)s)) AS requested_at,
           (array_agg(stage ORDER BY {_BEST}))[1] AS stage, left((array_agg(stage_raw ORDER BY {_BEST}))[1], {_LONGEST}) AS stage_raw,
           (array_agg(rank ORDER BY {_BEST}))[1] AS rank, (array_agg(ends ORDER BY {_BEST}))[1] AS ends,
           (array_agg(changed_at ORDER BY {_BEST}))[1] AS changed_at, (array_agg(since ORDER BY {_BEST}))[1] AS since,
           {", ".join(f"left((array_agg({n} ORDER BY {n} = '', {_BEST}))[1], {_LONGEST}) AS {n}" for n in _DETAILS)}
      FROM said GROUP BY order_id, order_number, known_kind, claim_id, own_line
), judged AS MATERIALIZED (
    SELECT h.*, c.id AS claim,
           h.rank > c.rank AND NOT coalesce(h.changed_at < c.changed_at, false)
               OR coalesce(h.changed_at > c.changed_at, false) AS moves,
           NOT coalesce(h.changed_at < c.changed_at, false) AS fresh
      FROM heads h LEFT JOIN LATERAL (
          SELECT c.id, c.changed_at, r.rank FROM claims_claim c JOIN ranks r ON r.stage = c.stage
           WHERE c.company_id = {COMPANY} AND c.order_number = h.order_number AND c.account_id = %(account)s
             AND c.kind = h.kind AND c.claim_id = h.claim_id AND c.line_key = h.own_line
             AND NOT (h.claim_id = '' AND NOT h.ends AND c.closed_at IS NOT NULL
                      AND coalesce(h.changed_at > c.changed_at, false))
           ORDER BY c.closed_at IS NULL DESC, c.id DESC LIMIT 1) c ON true
), followed AS (
    UPDATE claims_claim c SET
           stage = CASE WHEN j.moves THEN j.stage ELSE c.stage END,
           stage_raw = CASE WHEN j.moves OR j.fresh AND j.stage = c.stage AND j.stage_raw <> '' THEN j.stage_raw
                            ELSE c.stage_raw END,
           requested_at = least(c.requested_at, j.requested_at),
           changed_at = greatest(c.changed_at, CASE WHEN j.moves THEN j.since ELSE j.changed_at END),
           closed_at = CASE WHEN NOT j.moves THEN c.closed_at WHEN j.ends THEN j.since END,
           read_at = greatest(c.read_at, %(at)s),
           {", ".join(f"{n} = CASE WHEN j.{n} <> '' AND (c.{n} = '' OR j.fresh) THEN j.{n} ELSE c.{n} END" for n in _DETAILS)}
      FROM judged j WHERE c.id = j.claim
), made AS (
    INSERT INTO claims_claim (company_id, account_id, order_id, order_number, channel, kind, claim_id, line_key, stage,
                              stage_raw, requested_at, changed_at, closed_at, read_at, {", ".join(_DETAILS)})
    SELECT {COMPANY}, %(account)s, j.order_id, j.order_number, o.channel, j.kind, j.claim_id, j.own_line, j.stage,
           j.stage_raw, j.requested_at, j.since, CASE WHEN j.ends THEN j.since END, %(at)s,
           {", ".join(f"j.{name}" for name in _DETAILS)}
      FROM judged j JOIN orders_order o ON o.id = j.order_id WHERE j.claim IS NULL
        ON CONFLICT DO NOTHING
    RETURNING id, order_id, kind, claim_id, line_key
), claims AS (
    SELECT claim AS id, order_id, kind, claim_id, own_line, fresh FROM judged WHERE claim IS NOT NULL
    UNION ALL SELECT id, order_id, kind, claim_id, line_key, true FROM made
), parts AS (
    SELECT DISTINCT ON (c.id, s.line_id) c.id, s.line_id, s.whole, s.quantity, c.fresh
      FROM said s JOIN claims c ON (c.order_id, c.kind, c.claim_id, c.own_line) = (s.order_id, s.known_kind, s.claim_id, s.own_line)
     ORDER BY c.id, s.line_id, s.quantity = 0, s.since DESC NULLS LAST, s.rank DESC, s.place DESC
)
INSERT INTO claims_claimpart (company_id, claim_id, line_id, quantity)
SELECT {COMPANY}, n.id, n.line_id, CASE WHEN n.quantity > 0 THEN n.quantity ELSE n.whole END
  FROM parts n LEFT JOIN claims_claimpart p ON p.claim_id = n.id AND p.line_id = n.line_id
 WHERE p.id IS NULL OR (n.fresh AND n.quantity > 0 AND p.quantity <> n.quantity)
    ON CONFLICT (claim_id, line_id) DO UPDATE SET quantity = excluded.quantity
"""


_UNTOLD = """
UPDATE claims_claim c SET stage = 'withdrawn', closed_at = %(at)s, read_at = %(at)s
 WHERE c.id IN (
    SELECT p.claim_id FROM known n JOIN claims_claimpart p ON p.line_id = n.line_id JOIN claims_claim o ON o.id = p.claim_id
     WHERE n.fresh AND n.claims_known AND n.stage <> 'unknown' AND o.closed_at IS NULL AND o.kind = 'cancel'
       AND NOT EXISTS (SELECT 1 FROM incoming_claims i WHERE i.order_number = n.order_number AND i.claim_id = o.claim_id))
"""
"""A reading that knows all claims of a line and no longer tells a cancel: the buyer took it back. Returns and exchanges
say so themselves; a list may simply be too old to tell them."""


def follow_lines(event: LinesRead) -> None:
    """Bring claims up to what a channel just told of lines we know, however many, in one round trip.

    Which of two messages about a claim counts says `claims.states`. One without a date only ever moves it forward, and
    ends it as of now. Claims with the channel's id are found by it; one without is its line's open one of that kind,
    and a later request after it ended is another claim. One that turned from a cancel into a return, or back, stays the
    claim it was, under the kind told last; an older message finds it there. The timeline is written where the items are (orders).
    """
    values: dict[str, Any] = {
        "account": event.account_id,
        "at": event.at,
        "stages": [stage.value for stage in FORWARD],
        "ranks": [rank_of(stage) for stage in FORWARD],
        "one_number": [kind.value for kind in _ONE_NUMBER],
        "end": min(rank_of(stage) for stage in ENDED),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_RENAME};\n{_DROP_TWINS};\n{_FOLLOW}", values)
        cursor.execute("SELECT to_regclass('pg_temp.known') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(_UNTOLD, values)
