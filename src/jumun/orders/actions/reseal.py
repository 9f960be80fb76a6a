"""Encrypting recipients' customs numbers and door codes again, after a new key was put in front."""

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
        wanted = Recipient.objects.select_for_update().filter(id__gt=after).exclude(sealed="").order_by("id")
        rows = list(wanted.only("id", "sealed")[:AT_ONCE])
        for row in rows:
            row.sealed = reseal(row.sealed)
        Recipient.objects.bulk_update(rows, ["sealed"])
    return rows[-1].id if rows else None
