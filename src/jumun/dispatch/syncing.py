"""주문동기화: pull the channel's later statuses and claims of the orders we collected (P4, P33, P34)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Min, Q

from jumun.channels.models import ChannelAccount
from jumun.channels.port import ChannelLine, LineRef, Window, in_batches
from jumun.channels.speaking import Line, speaking_for
from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from jumun.intake.collecting import TOO_OLD, slices
from jumun.intake.doubts import Key, Named, key_of, list_doubts, made_out, note_lines, settle_known, settle_lines
from jumun.intake.models import Doubt
from jumun.orders.actions.catch_up import CaughtUp, catch_up
from jumun.orders.line_identity import BY_HAND
from jumun.orders.models import OrderItem, OrderLine
from jumun.orders.states import Status

FIRST_SYNC = timedelta(days=7)
LISTED = timedelta(days=14)
"""How far back a channel that lists by the time of the order is asked for orders and claims. Nearly everything is delivered
and settled by then: what is left, held or claimed, is a handful of lines, and to list half a year on its account would cost
hundreds of calls each time. Those are read one by one."""

OLD_AGAIN = timedelta(days=1)
"""How often such an old line is read."""
OLD_AT_ONCE = 100
"""How many of them one sync reads, the ones asked for longest ago: the next sync reads the next ones."""
FARTHEST = timedelta(days=180)
"""After a long pause the lists reach back further than LISTED, but no further than this."""

FINAL = (Status.SETTLED, Status.CANCELLED, Status.RETURNED, Status.EXCHANGED)
OPEN = tuple(status for status in Status if status not in FINAL)
QUIET = (Status.PAID, Status.SHIPPED, Status.IN_TRANSIT)
"""Statuses whose next step a channel may not list among its changes: their lines are read one by one."""

PAGE = 300

OURS_ALONE = Q(line__stage_raw=BY_HAND) | Q(line_no__startswith="s:")
"""Lines typed in, or uploaded without the channel's number: the channel knows no such key, and would refuse the call."""


def sync_account(company_id: int, account_id: int) -> CaughtUp:
    """Bring every line we collected from this account up to date. Raises ChannelBusy or ChannelError.

    Slice by slice, as the channel allows. What could not be made out is asked for once more, then kept by name. The
    watermark moves with each slice when all of it was read, so that a failure half-way repeats and loses nothing. Where
    the channel lists by the time of the order, every slice since the oldest order still open is read, two weeks back at
    most, and older open lines once a day by their keys. What the channel no longer answers for is made good by reading
    every open line by its key.
    """
    begun = now()
    with speaking_for(company_id, account_id) as line:
        run = _Run(company_id, line, begun)
        run.sync()
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=account_id).update(synced_until=begun, last_synced_at=now())
    return CaughtUp(run.lines, run.moved, run.claims, None)


class _Run:
    """One sync of one account: where it is, and what it changed so far."""

    def __init__(self, company_id: int, line: Line, begun: datetime) -> None:
        self.company_id, self.line, self.begun = company_id, line, begun
        self.account_id = line.account.id
        self.lines = self.moved = self.claims = 0
        with acting_as(company_id):
            settle_known(self.account_id, at=begun)
            self.doubts: set[Key] = {(each.order_number, each.line_key) for each in list_doubts(self.account_id)}

    def sync(self) -> None:
        """The channel's list, then what it need not list."""
        goes_by_change = self.line.profile.lists_changes
        start = self._watermark() if goes_by_change else self._oldest_open()
        blind = False
        for window in slices(start, self.begun, self.line.profile.read_window) if start else ():
            if not self._may_read(window):
                blind = True
            elif goes_by_change and not blind:
                with acting_as(self.company_id):
                    ChannelAccount.objects.filter(id=self.account_id).update(synced_until=window.end)
        since = None if goes_by_change or blind else self._listed_since()
        for wanted in _lines_to_read(self.company_id, self.account_id, self.begun, everything=blind, since=since):
            self._read_again(wanted)
        if since:
            self._read_old(since)

    def _watermark(self) -> datetime:
        return (self.line.account.synced_until or self.begun - FIRST_SYNC) - self.line.profile.overlap

    def _oldest_open(self) -> datetime | None:
        """When the oldest order was made that may still change; None when nothing is open."""
        with acting_as(self.company_id):
            found = OrderItem.objects.filter(account_id=self.account_id, status__in=OPEN)
            oldest: datetime | None = found.aggregate(oldest=Min("ordered_at"))["oldest"]
        return max(oldest - self.line.profile.overlap, self._listed_since()) if oldest else None

    def _listed_since(self) -> datetime:
        """When the oldest orders were made that are listed; it reaches back further after a pause."""
        last = min(self.line.account.synced_until or self.begun, self.begun)
        return max(last - LISTED, self.begun - FARTHEST)

    def _may_read(self, window: Window) -> bool:
        """Bring one window's lines up to date; False when the channel no longer answers for it."""
        doubtful: list[LineRef] = []
        pages = iter(self.line.connector.changed(window))
        try:
            while True:
                asked_at = now()
                page = next(pages, None)
                if page is None:
                    break
                clear = self._catch_up(page, asked_at)
                doubtful += [_name(line) for line in page if key_of(line) not in clear]
        except ChannelError as problem:
            if problem.code != TOO_OLD:
                raise
            return False
        for wanted in in_batches(doubtful, PAGE):
            self._read_again(wanted)
        return True

    def _read_again(self, wanted: Sequence[LineRef]) -> None:
        """Read these by their keys; who is still not made out is kept by name."""
        asked_at = now()
        page = list(self.line.connector.read_lines(wanted))
        clear = self._catch_up(page, asked_at)
        named = [Named(_name(line), Doubt.UNREADABLE, line.stage_raw) for line in page if key_of(line) not in clear]
        with acting_as(self.company_id):
            note_lines(self.account_id, named, at=now())

    def _read_old(self, since: datetime) -> None:
        """Some of the open lines ordered before `since`, each once a day, also when nobody can read it."""
        due = self.begun - OLD_AGAIN
        with acting_as(self.company_id):
            rows = (
                OrderItem.objects.filter(
                    Q(line__asked_at=None) | Q(line__asked_at__lt=due),
                    account_id=self.account_id,
                    status__in=OPEN,
                    ordered_at__lt=since,
                    line__read_at__lt=due,
                )
                .exclude(OURS_ALONE)
                .order_by(F("line__asked_at").asc(nulls_first=True), "line_id")
                .values_list("line_id", "line_no", "order_number", "unit")[:OLD_AT_ONCE]
            )
            lines = {line_id: LineRef(*names) for line_id, *names in rows}
        if not lines:
            return
        asked_at = now()
        self._read_again(list(lines.values()))
        with acting_as(self.company_id):
            OrderLine.objects.filter(Q(asked_at=None) | Q(asked_at__lt=asked_at), id__in=list(lines)).update(
                asked_at=asked_at
            )

    def _catch_up(self, page: Sequence[ChannelLine], asked_at: datetime) -> Collection[Key]:
        clear = made_out(page)
        with acting_as(self.company_id):
            done = catch_up(self.account_id, page, at=now(), asked=asked_at)
            settle_lines(self.account_id, self.doubts & clear, at=now())
        self.lines, self.moved, self.claims = (
            self.lines + done.lines,
            self.moved + done.moved,
            self.claims + done.claims,
        )
        return clear


def _name(line: ChannelLine) -> LineRef:
    return LineRef(line.line_key, line.order_number, line.unit)


def _lines_to_read(
    company_id: int, account_id: int, before: datetime, *, everything: bool, since: datetime | None
) -> Iterator[list[LineRef]]:
    """Our open lines not read since `before`, page by page: reading them takes them off the list.

    Only those of `QUIET` statuses, unless a part of the channel's list could not be had; of orders made since then.
    """
    statuses = OPEN if everything else QUIET
    young = {"ordered_at__gte": since} if since else {}
    last = 0
    while True:
        with acting_as(company_id):
            rows = list(
                OrderItem.objects.filter(
                    account_id=account_id, status__in=statuses, line__read_at__lt=before, id__gt=last, **young
                )
                .exclude(OURS_ALONE)
                .order_by("id")
                .values_list("id", "line_no", "order_number", "unit")[:PAGE]
            )
        if not rows:
            return
        last = rows[-1][0]
        yield list({LineRef(line_key, number, unit) for _, line_key, number, unit in rows})
