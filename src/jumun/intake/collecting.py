"""주문수집: ask a channel for what changed in a window and store what may enter (P1–P8, N6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jumun.channels.models import ChannelAccount
from jumun.channels.port import ChannelLine, LineRef, Window
from jumun.channels.profile import ChannelProfile
from jumun.channels.speaking import speaking_for
from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.tenancy import acting_as
from jumun.intake.storing import Stored, store_lines
from jumun.orders.events import LinesCollected, announce

FIRST_COLLECTION = timedelta(days=7)
"""How far back the first collection of an account asks when nobody says."""

PATIENCE = timedelta(days=1)
"""How long a line nobody could make out holds the watermark, so that it is asked for again."""


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
    unread: tuple[LineRef, ...] = ()
    """Lines the channel named and nobody could make out, asked for twice."""


def collect_account(company_id: int, asked: Asked) -> Collected:
    """Collect one account. Raises ChannelBusy or ChannelError; what was stored before stays.

    Without a period it goes from the watermark, a little overlapped, to now; the watermark moves only when the whole
    window was read, and only for collections without a period. Lines that could not be made out are asked for once
    more; they hold the watermark for a day and are answered by name.
    """
    read = new = moved = 0
    unread: tuple[LineRef, ...] = ()
    begun = now()
    with speaking_for(company_id, asked.account_id) as line:
        for window in _windows(line.account, line.profile, asked, begun):
            for page in line.connector.changed(window):
                stored = _store(company_id, asked, page)
                read, new, moved = read + stored.lines, new + stored.new, moved + stored.moved
                unread = tuple(dict.fromkeys((*unread, *stored.unread)))
            if unread:
                lines = list(line.connector.read_lines(unread))
                stored = _store(company_id, asked, lines)
                new, moved = new + stored.new, moved + stored.moved
                made_out = {(each.order_number, each.line_key) for each in lines} - set(map(_key, stored.unread))
                unread = tuple(ref for ref in unread if _key(ref) not in made_out)
            if asked.start is None and not (unread and _may_wait(line.account, begun)):
                with acting_as(company_id):
                    ChannelAccount.objects.filter(id=asked.account_id).update(collected_until=window.end)
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=asked.account_id).update(last_collected_at=now())
    return Collected(read, new, moved, unread)


def _store(company_id: int, asked: Asked, page: Sequence[ChannelLine]) -> Stored:
    at = now()
    with acting_as(company_id):
        stored = store_lines(asked.account_id, page, by=asked.by, at=at)
        if stored.unconfirmed:
            announce(LinesCollected(asked.account_id, stored.batch, asked.job_id, asked.confirm, asked.by, at))
    crash_point("after_stored_page")
    return stored


def _key(ref: LineRef) -> tuple[str, str]:
    return ref.order_number, ref.line_key


def _may_wait(account: ChannelAccount, begun: datetime) -> bool:
    return account.collected_until is not None and begun - account.collected_until < PATIENCE


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
