"""주문수집: ask a channel for what changed in a window and store what may enter (P1–P8, N6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from jumun.channels.models import ChannelAccount
from jumun.channels.port import ChannelLine, LineRef, Stage, Window
from jumun.channels.profile import Can
from jumun.channels.speaking import Line, speaking_for
from jumun.core.clock import now
from jumun.core.crash_points import crash_point
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from jumun.intake.doubts import Key, Named, key_of, list_doubts, made_out, note_lines, settle_known, settle_lines
from jumun.intake.gaps import close_filled, open_gap
from jumun.intake.models import Doubt
from jumun.intake.storing import Stored, store_lines
from jumun.orders.events import LinesCollected, announce
from jumun.orders.models import OrderLine

FIRST_COLLECTION = timedelta(days=7)
"""How far back the first collection of an account asks when nobody says."""

PATIENCE = timedelta(days=1)
"""How long a line nobody could make out holds the watermark and is asked for by every collection."""

LONG_PATIENCE = timedelta(days=60)
"""How long a line that waits for its 발주확인 on the channel is asked for by every collection."""

LATE_LISTED = timedelta(days=7)
"""Where a channel lists by the time of the order: how long one may take to be listed (paid late, checked for fraud).
Only what is still to be sent is asked for, so reading that far back is a page or two."""

EDGE = timedelta(minutes=15)
"""How exactly the moment is found before which a channel no longer answers."""

MARGIN = timedelta(minutes=1)
"""What is asked for must still be answered when the call arrives."""

TOO_OLD = "window_too_old"


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
class Missed:
    """A stretch the channel no longer answered for; `gap_id` is its row's."""

    gap_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection brought."""

    read: int
    new: int
    moved: int
    unread: tuple[LineRef, ...] = ()
    """Lines the channel named and nobody could make out, asked for twice."""
    missed: tuple[Missed, ...] = ()
    waiting: int = 0
    """Lines left out because the channel lets nobody collect them before 발주확인 (P8)."""


def collect_account(company_id: int, asked: Asked) -> Collected:
    """Collect one account. Raises ChannelBusy or ChannelError; what was stored before stays.

    Without a period it goes from the watermark, a little overlapped, to now, in slices the channel allows. The watermark
    moves slice by slice, each when all of it was read; so it does in a period without an end that joins on to it, and in
    one that is the account's first collection. A stretch the channel no longer answers for becomes a gap (R16).
    Lines that could not be made out are asked for once more; they hold the watermark for a day, are answered by name,
    and stay on a list until they come in.
    """
    begun = now()
    with speaking_for(company_id, asked.account_id) as line:
        run = _Run(company_id, asked, line, begun)
        run.collect()
    with acting_as(company_id):
        ChannelAccount.objects.filter(id=asked.account_id).update(last_collected_at=now())
    return run.answer()


def reread_lines(company_id: int, asked: Asked) -> Collected:
    """다시 읽기: ask for the account's lines that are still out, and nothing else. Raises ChannelBusy, ChannelError."""
    with speaking_for(company_id, asked.account_id) as line:
        run = _Run(company_id, asked, line, now())
        run.ask_for_doubts(whatever_age=True)
    return run.answer()


class _Run:
    """One collection of one account: where it is, and what it brought so far."""

    def __init__(self, company_id: int, asked: Asked, line: Line, begun: datetime) -> None:
        self.company_id, self.asked, self.line, self.begun = company_id, asked, line, begun
        self.read = self.new = self.moved = 0
        self.unread: dict[Key, LineRef] = {}
        self.waiting: dict[Key, LineRef] = {}
        self.missed: list[Missed] = []
        self.read_from: datetime | None = None
        """Since when everything was read without a gap."""
        can = line.profile.can
        self.takes_new = Can.COLLECT_UNCONFIRMED in can or (asked.confirm and Can.CONFIRM in can)
        with acting_as(company_id):
            settle_known(asked.account_id, at=begun)
            self.doubts = {(each.order_number, each.line_key): each for each in list_doubts(asked.account_id)}

    def answer(self) -> Collected:
        """What it brought."""
        return Collected(
            self.read, self.new, self.moved, tuple(self.unread.values()), tuple(self.missed), len(self.waiting)
        )

    def collect(self) -> None:
        """Slice by slice; what the channel refuses as too old is remembered until a slice is read again."""
        start, end = self._stretch()
        history = self.line.profile.history
        answers_from = self.begun - history + MARGIN if history else start
        if start < answers_from:
            self._miss(start, min(answers_from, end))
            start = answers_from
        refused: list[Window] = []
        for window in slices(start, end, self.line.profile.read_window):
            if not self._may_read(window):
                refused.append(window)
                continue
            if refused:
                self._pass(refused)
                refused = []
            self._reach(window)
        if refused:
            edge = self._pass(refused, to_now=end == self.begun)
            if edge < end:
                self._reach(Window(edge, end))
        self.ask_for_doubts()

    def ask_for_doubts(self, *, whatever_age: bool = False) -> None:
        """Lines from earlier collections that are still out, read by name."""
        young, waiting = self.begun - PATIENCE, self.begun - LONG_PATIENCE
        self._ask_again(
            [
                LineRef(each.line_key, each.order_number, each.unit)
                for key, each in self.doubts.items()
                if key not in self.unread
                and key not in self.waiting
                and (whatever_age or each.first_seen > (young if each.why == Doubt.UNREADABLE else waiting))
            ]
        )

    def _stretch(self) -> tuple[datetime, datetime]:
        end = min(self.asked.end or self.begun, self.begun)
        if self.asked.start is not None:
            return self.asked.start, end
        mark, profile = self.line.account.collected_until, self.line.profile
        overlap = profile.overlap if profile.lists_changes else max(profile.overlap, LATE_LISTED)
        return (mark - overlap if mark else self.begun - FIRST_COLLECTION), end

    def _moves_watermark(self) -> bool:
        mark, asked = self.line.account.collected_until, self.asked
        return asked.start is None or (asked.end is None and (mark is None or asked.start <= mark))

    def _may_read(self, window: Window) -> bool:
        """Read and store one window; False when the channel no longer answers for it."""
        before = len(self.unread)
        pages = iter(self.line.connector.changed(window, open_only=True))
        try:
            while True:
                asked_at = now()
                page = next(pages, None)
                if page is None:
                    break
                self._store(page, asked_at)
        except ChannelError as problem:
            if problem.code != TOO_OLD:
                raise
            return False
        if len(self.unread) > before:
            self._ask_again(list(self.unread.values()))
        self.read_from = self.read_from or window.start
        return True

    def _reach(self, window: Window) -> None:
        """All of this window is stored: the watermark moves to its end, and gaps it filled are closed."""
        mark = self.line.account.collected_until
        holds = self.unread and mark is not None and self.begun - mark < PATIENCE
        with acting_as(self.company_id):
            if self._moves_watermark() and not holds:
                ChannelAccount.objects.filter(
                    Q(collected_until__isnull=True) | Q(collected_until__lt=window.end), id=self.asked.account_id
                ).update(collected_until=window.end)
            close_filled(self.asked.account_id, self.read_from or window.start, window.end, at=now())

    def _pass(self, refused: Sequence[Window], *, to_now: bool = False) -> datetime:
        """Go over slices that were refused as too old: the exact edge lies in the last one. Answers it.

        Raises ChannelError when even this moment is refused: then it is not about age, and nothing is passed over.
        """
        first, last = refused[0], refused[-1]
        low, high = last.start, last.end
        while high - low > EDGE:
            middle = low + (high - low) / 2
            if self._may_read(Window(middle, high)):
                high = middle
            else:
                low = middle
        if to_now and high == last.end:
            raise ChannelError(TOO_OLD)
        self._miss(first.start, high)
        return high

    def _miss(self, start: datetime, end: datetime) -> None:
        self.read_from = end
        mark = self.line.account.collected_until
        if self.asked.start is None and mark is not None:
            read = (mark - self.line.profile.overlap).replace(microsecond=0)  # what lies before was read in its time
            start = max(start, read)
        if start >= end:
            return
        with acting_as(self.company_id):
            gap = open_gap(self.line.account, start, end, code=TOO_OLD, job_id=self.asked.job_id, at=now())
        if gap is not None:
            self.missed.append(Missed(gap.id, start, end))

    def _ask_again(self, wanted: Sequence[LineRef]) -> None:
        """Read these lines by name; whoever is made out comes off the list."""
        if not wanted:
            return
        asked_at = now()
        lines = list(self.line.connector.read_lines(wanted))
        self._store(lines, asked_at, counts=False)
        told = {key_of(line) for line in lines}
        gone = [ref for ref in wanted if key_of(ref) not in told]
        self.unread |= {key_of(ref): ref for ref in gone}
        with acting_as(self.company_id):
            note_lines(self.asked.account_id, [Named(ref, Doubt.UNREADABLE) for ref in gone], at=now())

    def _store(self, page: Sequence[ChannelLine], asked_at: datetime, *, counts: bool = True) -> None:
        at, account = now(), self.asked.account_id
        with acting_as(self.company_id):
            left_out = self._unconfirmed(page)
            outside = {key_of(line) for line in left_out}
            stored = store_lines(
                account, [line for line in page if key_of(line) not in outside], by=self.asked.by, at=at, asked=asked_at
            )
            self._keep_by_name(page, stored, left_out, at)
            if stored.unconfirmed:
                event = LinesCollected(account, stored.batch, self.asked.job_id, self.asked.confirm, self.asked.by, at)
                announce(event)
        crash_point("after_stored_page")
        self.read += stored.lines + len(left_out) if counts else 0
        self.new, self.moved = self.new + stored.new, self.moved + stored.moved

    def _keep_by_name(
        self, page: Sequence[ChannelLine], stored: Stored, left_out: Sequence[ChannelLine], at: datetime
    ) -> None:
        """What did not come in goes on the list; what was made out comes off it."""
        words, clear = {key_of(line): line.stage_raw for line in page}, made_out(page)
        unread = {key_of(ref): ref for ref in stored.unread}
        unread |= {key_of(line): _name(line) for line in page if key_of(line) in self.doubts.keys() - clear}
        waiting = {key_of(line): _name(line) for line in left_out}
        named = [Named(ref, Doubt.UNREADABLE, words.get(key, "")) for key, ref in unread.items()]
        named += [Named(ref, Doubt.UNCONFIRMED, words[key]) for key, ref in waiting.items()]
        note_lines(self.asked.account_id, named, at=at)
        self.unread, self.waiting = self.unread | unread, self.waiting | waiting
        settled = clear - unread.keys() - waiting.keys()
        known = settled & (set(self.doubts) | set(self.unread) | set(self.waiting))
        settle_lines(self.asked.account_id, known, at=at)
        for key in known:
            self.doubts.pop(key, None)
            self.unread.pop(key, None)
            self.waiting.pop(key, None)

    def _unconfirmed(self, page: Sequence[ChannelLine]) -> list[ChannelLine]:
        """New lines that may not enter yet: the channel lets nobody collect them before 발주확인 (P8)."""
        found = [] if self.takes_new else [line for line in page if line.stage == Stage.NEW]
        if not found:
            return []
        known = set(
            OrderLine.objects.filter(
                account_id=self.asked.account_id, line_key__in=[line.line_key for line in found]
            ).values_list("order_number", "line_key")
        )
        return [line for line in found if key_of(line) not in known]


def _name(line: ChannelLine) -> LineRef:
    return LineRef(line.line_key, line.order_number, line.unit)


def slices(start: datetime, end: datetime, longest: timedelta) -> Iterator[Window]:
    """A stretch cut into windows the channel allows, so that a long one makes progress; they begin at whole seconds."""
    start = start.replace(microsecond=0)
    while start < end:
        stop = min(start + longest, end)
        yield Window(start, stop)
        start = stop
