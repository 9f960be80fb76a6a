"""Stretches of time a channel no longer answers for: rows, so that they are never passed over in silence (R16)."""

from datetime import datetime

from jumun.channels.models import ChannelAccount
from jumun.intake.models import Gap


def open_gap(
    account: ChannelAccount, start: datetime, end: datetime, *, code: str, job_id: int, at: datetime
) -> Gap | None:
    """Write down that this stretch could not be collected; open ones it touches become one row with it.

    None for a stretch within one that the owner has closed with a reason: that was decided.
    """
    mine = Gap.objects.filter(account=account)
    if mine.filter(closed_at__isnull=False, start__lte=start, end__gte=end).exclude(reason="").exists():
        return None
    touching = list(
        mine.select_for_update().filter(closed_at__isnull=True, start__lte=end, end__gte=start).order_by("start", "id")
    )
    if not touching:
        return Gap.objects.create(
            company_id=account.company_id,
            account_id=account.id,
            start=start,
            end=end,
            code=code,
            opened_at=at,
            opened_job=job_id,
        )
    kept, *others = touching
    Gap.objects.filter(id__in=[each.id for each in others]).delete()
    kept.start, kept.end = min(start, kept.start), max(end, *(each.end for each in touching))
    kept.save(update_fields=["start", "end"])
    return kept


def close_filled(account_id: int, start: datetime, end: datetime, *, at: datetime) -> int:
    """Close every open gap that lies wholly in a stretch that was read now; answers how many."""
    return Gap.objects.filter(account_id=account_id, closed_at__isnull=True, start__gte=start, end__lte=end).update(
        closed_at=at
    )
