"""The channel's address of an order: believed until a person edits it, then shown beside the edit (DESIGN §2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.core.secrets import seal_mapping, unseal_mapping
from jumun.orders.addresses import SAID, digest_sql, same_sql
from jumun.orders.events import AddressesChanged, announce
from jumun.orders.moving import COMPANY
from jumun.orders.states import IN_HOUSE

REASON = "address"

_FOLLOW = f"""
WITH latest AS (
    SELECT DISTINCT ON (n.order_number) n.*
      FROM known n
     WHERE n.stage IN ('new', 'confirmed') AND n.name <> '' AND n.phone1 <> '' AND n.address1 <> ''
       AND n.fresh
     ORDER BY n.order_number, n.changed_at DESC NULLS LAST
), changed AS (
    UPDATE orders_recipient r SET
           name = n.name, phone1 = n.phone1, phone2 = n.phone2, postcode = n.postcode, address1 = n.address1,
           address2 = n.address2, country = n.country, message = n.message, revision = r.revision + 1,
           sealed = CASE WHEN n.sealed = '' THEN r.sealed ELSE n.sealed END
      FROM latest n
     WHERE r.order_id = n.order_id AND r.edited_at IS NULL AND NOT {same_sql("r", "n")}
    RETURNING r.id, r.order_id
), labels AS (
    UPDATE orders_orderitem i SET reprint = true
      FROM changed c JOIN orders_shipment s ON s.recipient_id = c.id
     WHERE i.shipment_id = s.id AND i.status = 'labelled'
), heard AS (
    UPDATE orders_recipient r SET
           channel_digest = {digest_sql("n")}, revision = r.revision + 1, channel_sealed = '',
           edited_at = CASE WHEN {same_sql("r", "n")} THEN NULL ELSE r.edited_at END
      FROM latest n
     WHERE r.order_id = n.order_id AND r.edited_at IS NOT NULL AND r.channel_digest <> {digest_sql("n")}
    RETURNING r.id, r.order_id, r.edited_at IS NULL AS agrees, {", ".join(f"n.{name}" for name in SAID)}, n.sealed
), told AS (
    INSERT INTO orders_timelineevent (company_id, at, order_id, action, came_from, went_to, detail)
    SELECT {COMPANY}, %(at)s, order_id, 'address_changed', '', '', '{{}}'::jsonb FROM changed
    UNION ALL
    SELECT {COMPANY}, %(at)s, order_id, 'address_differs', '', '', '{{}}'::jsonb FROM heard WHERE NOT agrees
)
SELECT * FROM heard
"""

_KEEP = """
UPDATE orders_recipient r SET channel_sealed = g.sealed
  FROM unnest(%(ids)s::bigint[], %(sealed)s::text[]) AS g(id, sealed) WHERE r.id = g.id
"""

_HOLD = f"""
WITH wanted AS MATERIALIZED (
    SELECT i.id, i.order_id, i.status FROM orders_orderitem i
     WHERE i.order_id = ANY(%(orders)s::bigint[]) AND i.status = ANY(%(in_house)s)
       AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL AND h.by_id IS NULL
                          AND h.reason = %(reason)s)
), opened AS (
    INSERT INTO orders_hold (company_id, item_id, reason, note, batch, created_at)
    SELECT {COMPANY}, w.id, %(reason)s, '', gen_random_uuid(), %(at)s FROM wanted w
), held AS (
    UPDATE orders_orderitem i SET held = true FROM wanted w WHERE i.id = w.id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, detail)
SELECT {COMPANY}, %(at)s, w.order_id, w.id, 'hold', w.status, w.status, jsonb_build_object('reason', %(reason)s::text)
  FROM wanted w
"""

_FREE = f"""
WITH ended AS MATERIALIZED (
    SELECT h.id, i.id AS item_id, i.order_id, i.status FROM orders_orderitem i
      JOIN orders_hold h ON h.item_id = i.id AND h.released_at IS NULL AND h.by_id IS NULL AND h.reason = %(reason)s
     WHERE i.order_id = ANY(%(orders)s::bigint[])
), closed AS (
    UPDATE orders_hold h SET released_at = %(at)s, released_batch = gen_random_uuid() FROM ended e WHERE h.id = e.id
), freed AS (
    UPDATE orders_orderitem i SET held = EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = i.id AND h.released_at IS NULL
                                                  AND h.id NOT IN (SELECT id FROM ended))
      FROM (SELECT DISTINCT item_id FROM ended) e WHERE i.id = e.item_id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, by_id, detail)
SELECT {COMPANY}, %(at)s, e.order_id, e.item_id, 'unhold', e.status, e.status, %(by)s,
       jsonb_build_object('reason', %(reason)s::text) FROM ended e
"""


def follow_addresses(*, at: datetime) -> int:
    """Take the addresses of the lines in `known` (orders.actions.catch_up); answers how many differ from a person's edit.

    One told in part (a channel once left the telephones out for hours) is no address. One nobody edited becomes the channel's, and a label already made must be printed again. A person's edit
    stands: when the channel's own value changes, its new one is kept beside it, encrypted, and what has not left the
    house is held until a person chooses. The channel saying the same again changes nothing; the channel coming to
    what the person typed ends the difference.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"at": at})
        rows = [dict(zip([each[0] for each in cursor.description], row, strict=True)) for row in cursor.fetchall()]
        differing = [row for row in rows if not row["agrees"]]
        if differing:
            sealed = [seal_mapping(_told(row)) for row in differing]
            cursor.execute(_KEEP, {"ids": [row["id"] for row in differing], "sealed": sealed})
            cursor.execute(
                _HOLD,
                {
                    "orders": [row["order_id"] for row in differing],
                    "at": at,
                    "reason": REASON,
                    "in_house": [status.value for status in IN_HOUSE],
                },
            )
    free_addresses([row["order_id"] for row in rows if row["agrees"]], by=None, at=at)
    announce(AddressesChanged(None, at))
    return len(differing)


def free_addresses(order_ids: Sequence[int], *, by: int | None, at: datetime) -> None:
    """End the holds put on when an address differed; one a person put on stays."""
    if order_ids:
        with connection.cursor() as cursor:
            cursor.execute(_FREE, {"orders": list(order_ids), "reason": REASON, "by": by, "at": at})


def _told(row: dict[str, Any]) -> dict[str, str]:
    """What the channel said, its customs number and door code among it."""
    return {name: str(row[name]) for name in SAID} | unseal_mapping(row["sealed"])
