"""주문수집: ask a channel for what changed in a window and store what may enter (P1–P8, N6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jumun.channels.models import ChannelAccount
from jumun.channels.port import ChannelProfile, Window
from jumun.channels.speaking import speaking_for
from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.tenancy import acting_as
from jumun.intake.storing import store_lines
from jumun.orders.events import LinesCollected, announce

FIRST_COLLECTION = timedelta(days=7)
"""How far back the first collection of an account asks when nobody says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person or the clock asked to collect from one account."""

    account_id: int
    job_id: int
    start: datetime | None = None
    end: datetime | None = None
    confirm: bool = False
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection brought."""

    read: int
    new: int
    moved: int


def collect_account(company_id: int, asked: Asked) -> Collected:
    """Collect one account. Raises ChannelBusy or ChannelError; what was stored before stays.

    Without a period it goes from the watermark, a little overlapped, to now; the watermark moves only when the whole
    window was read, and only for collections without a period.
    """
    read = new = moved = 0
    begun = now()
    with speaking_for(company_id, asked.account_id) as line:
        for window in _windows(line.account, line.profile, asked, begun):
            for page in line.connector.changed(window):
                at = now()
                with acting_as(company_id):
                    stored = store_lines(asked.account_id, page, by=asked.by, at=at)
                    if stored.unconfirmed:
                        announce(
                            LinesCollected(
                                asked.account_id, stored.batch, asked.job_id, asked.confirm, asked.by, at
                            )
                        )
                crash_point("after_stored_page")
                read, new, moved = read + stored.lines, new + stored.new, moved + stored.moved
            if asked.start is None:
                with acting_as(company_id):
                    ChannelAccount.objects.filter(id=asked.account_id).update(collected_until=window.end)
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=asked.account_id).update(last_collected_at=now())
    return Collected(read, new, moved)


def _windows(account: ChannelAccount, profile: ChannelProfile, asked: Asked, until: datetime) -> Iterator[Window]:
    """The stretch to be read, cut into legal slices so that a long one makes progress."""
    start = asked.start
    if start is None:
        start = account.collected_until - profile.overlap if account.collected_until else until - FIRST_COLLECTION
    end = min(asked.end or until, until)
    while start < end:
        stop = min(start + profile.read_window, end)
        yield Window(start, stop)
        start = stop
