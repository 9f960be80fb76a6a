"""구매확정 by the rule: seven days after delivery, on channels that never say so themselves (DESIGN §2, I8)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from jumun.channels.queries import list_by_sheet
from jumun.channels.registry import MANUAL, profiles
from jumun.orders.events import ItemsMoved, announce
from jumun.orders.models import Batch
from jumun.orders.moving import COMPANY, acting_company

AFTER = timedelta(days=7)

_SETTLE = f"""
WITH due AS MATERIALIZED (
    SELECT i.id, i.order_id FROM orders_orderitem i
     WHERE i.company_id = {COMPANY} AND i.status = 'delivered' AND i.status_since <= %(before)s
       AND NOT i.claim_open AND (i.channel <> ALL(%(tells)s) OR i.account_id = ANY(%(by_sheet)s))
       AND (i.channel = ANY(%(silent)s) OR i.account_id = ANY(%(by_sheet)s) OR EXISTS (
            SELECT 1 FROM channels_channelaccount a WHERE a.id = i.account_id AND a.last_synced_at >= i.status_since + %(after)s
            OFFSET 0))
     ORDER BY i.id FOR UPDATE
), settled AS (
    UPDATE orders_orderitem i SET status = 'settled', status_since = %(at)s, last_batch = %(batch)s
      FROM due d WHERE i.id = d.id
)
INSERT INTO orders_timelineevent (company_id, at, order_id, item_id, action, came_from, went_to, batch, detail)
SELECT {COMPANY}, %(at)s, d.order_id, d.id, 'settled_by_rule', 'delivered', 'settled', %(batch)s, '{{}}'::jsonb FROM due d
"""


def settle_due(*, at: datetime) -> int:
    """Settle what was delivered seven days ago and has no open claim; answers how many items.

    Where the channel tells 구매확정 (`ChannelProfile.settles`) it is waited for: a return may still come there. Where it
    does not, the account must have been synced after the seven days: a return made meanwhile would find it final. Only what
    has no channel to ask is settled by the clock alone.
    """
    batch = uuid4()
    tells = [profile.kind for profile in profiles() if profile.settles]
    values: dict[str, Any] = {
        "at": at,
        "before": at - AFTER,
        "after": AFTER,
        "tells": tells,
        "silent": [MANUAL],
        "by_sheet": list_by_sheet(),
        "batch": batch,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)
        settled = int(cursor.rowcount)
        if settled:
            Batch.objects.create(id=batch, company_id=acting_company(), action="settled_by_rule", at=at, done=settled)
            announce(ItemsMoved("settled_by_rule", batch, at))
    return settled
