"""Encrypting again, after a new key was put in front: recipients' customs numbers, door codes, waiting addresses."""

from django.db import transaction

from jumun.core.secrets import reseal
from jumun.orders.models import Recipient

AT_ONCE = 1000


def reseal_recipients(*, after: int = 0) -> int | None:
    """Take the next thousand of the company; answers the last one's id, or None when there are no more.

    Each call in a transaction of its own, so that nobody waits long for a recipient. Raises
    cryptography.fernet.InvalidToken for one whose key is not configured any more.
    """
    with transaction.atomic():
        wanted = Recipient.objects.select_for_update().filter(id__gt=after).exclude(sealed="", channel_sealed="")
        rows = list(wanted.order_by("id").only("id", "sealed", "channel_sealed")[:AT_ONCE])
        for row in rows:
            row.sealed = row.sealed and reseal(row.sealed)
            row.channel_sealed = row.channel_sealed and reseal(row.channel_sealed)
        Recipient.objects.bulk_update(rows, ["sealed", "channel_sealed"])
    return rows[-1].id if rows else None
