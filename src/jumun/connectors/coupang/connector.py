"""The port (`channels/port.py`), spoken to Coupang. Holds no state of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Self

from jumun.channels.port import (
    WHOLE_ORDER,
    ChannelLine,
    LineRef,
    LineResult,
    Session,
    Stage,
    StockLevel,
    StockResult,
    T,
    WaybillNotice,
    Window,
)
from jumun.channels.profile import ChannelProfile
from jumun.connectors.coupang import codes, wire, wire_claims, wire_writing
from jumun.connectors.coupang.client import CallRefused, CoupangClient
from jumun.connectors.coupang.profile import PROFILE, WRITE_LIMIT
from jumun.connectors.coupang.wire_claims import NO_CLAIMS, ClaimRows
from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.json_fields import UNDATED, Json

LOOK_BACK = timedelta(days=92)
"""How far back claims are looked for when nothing says when the order was made."""

LISTED = timedelta(days=14)
"""What a caller reads by lists, claims and all. The claims of an order older than that show on no list read every day, and
a return under way shows on no sheet, so an old order read by itself is asked for them."""

EXCHANGED_WITHIN = timedelta(days=60)
"""How old an exchange may be to be asked for: a buyer has 30 days from delivery to want one, and then it takes weeks. The
list goes by the exchange's own date, seven days a call, whatever order is named."""

Told = Mapping[str, Json]
"""The rows of an answer by box."""


def _alone(read: Callable[[], T]) -> T | None:
    """What is read of one order; None when the gateway refuses it, or answers gibberish twice: the others go on."""
    for _ in range(2):
        try:
            return read()
        except ChannelError as problem:
            if not isinstance(problem, CallRefused) and problem.code not in ("channel_unreadable", "window_too_old"):
                raise
    return None


class CoupangConnector:
    """One vendor's orders. See README.md for Coupang's quirks and `client.py` for what raises."""

    profile: ClassVar[ChannelProfile] = PROFILE

    def __init__(self, session: Session) -> None:
        self._coupang = CoupangClient(session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._coupang.close()

    def check(self) -> None:
        """One list of the last minute: every call is signed anew, so it proves the keys and the address."""
        at = now()
        next(self._coupang.sheets(Window(at - timedelta(minutes=1), at), codes.ACCEPT), None)

    # Reading

    def changed(self, window: Window, *, open_only: bool = False) -> Iterator[list[ChannelLine]]:
        """Every line ordered in the window, status by status in the order a box goes through them, then the claims.

        Each order a claim of the window names is read again, as it is now, with the claims the lists told: they are not
        asked for again, order by order. `open_only`: only what is not sent, and no claim lists; a box that shows an open
        stop request is still told with it, page by page.
        """
        for status in codes.OPEN_STATUSES if open_only else codes.STAGES:
            for page in self._coupang.sheets(window, status):
                lines = wire.read_sheets(page)
                if open_only:
                    lines = self._with_stop_requests(lines)
                if lines:
                    yield lines
        if open_only:
            return
        claimed = wire_claims.by_order(
            self._coupang.receipts(window), self._coupang.exchanges(window), self._coupang.withdrawals(window)
        )
        lists = _Lists(self._coupang)
        for order_number, rows in claimed.items():
            read = _alone(partial(self._read_claimed, order_number, rows, window, lists))
            if read is None:
                read = [wire.unreadable_line(order_number, key) for key in wire_claims.named_by(rows, order_number)]
            if read:
                yield read

    def _with_stop_requests(self, lines: Sequence[ChannelLine]) -> list[ChannelLine]:
        told: dict[str, ClaimRows] = {}
        for line in lines:
            if wire.has_open_cancel(line) and line.order_number not in told:
                found = _alone(partial(self._receipts_of, line.order_number, _ordered_at([line])))
                told[line.order_number] = found or NO_CLAIMS
        return [
            wire_claims.attach(line, told[line.order_number]) if line.order_number in told else line for line in lines
        ]

    def read_lines(self, lines: Sequence[LineRef]) -> Iterator[ChannelLine]:
        """One call an order, and one or more about its claims where a wanted line shows or needs any."""
        wanted: dict[str, set[str]] = {}
        for line in lines:
            wanted.setdefault(line.order_number, set()).add(line.line_key)
        lists = _Lists(self._coupang)
        for order_number, keys in wanted.items():
            read = _alone(partial(self._read_order, order_number, keys, lists))
            if read is None:
                read = [wire.unreadable_line(order_number, key) for key in keys if key != WHOLE_ORDER]
            yield from read

    def _read_claimed(self, order_number: str, rows: ClaimRows, window: Window, lists: "_Lists") -> list[ChannelLine]:
        """One order as it is now, with what the lists of a window told of its claims.

        Where the order is older than the window, and its sheet shows more than those explain, its receipts are asked
        for; else its lines do not say that they have no other claims.
        """
        order = self._coupang.order(order_number)
        lines = wire.read_sheets(order.boxes)
        found = {line.line_key for line in lines}
        ordered_at = _ordered_at(lines)
        known = ordered_at is not None and ordered_at >= window.start
        if not all(wire_claims.explains(rows, line) for line in lines):
            rows, known = rows.plus(self._receipts_of(order_number, ordered_at)), True
        if order.gone and not rows.receipts:
            rows = rows.plus(self._receipts_of(order_number, None))
            rows = rows if rows.receipts else rows.plus(lists.cancels_of(order_number))
        lines = [replace(wire_claims.attach(line, rows), claims_known=known) for line in lines]
        return lines + wire_claims.read_gone(rows, order_number, known=found)

    def _read_order(self, order_number: str, keys: set[str], lists: "_Lists") -> list[ChannelLine]:
        """Some lines of one order as they are now. `keys`: the lines wanted, WHOLE_ORDER among them for all."""
        order = self._coupang.order(order_number)
        if not order.boxes and not order.gone:
            return []
        lines = wire.read_sheets(order.boxes)
        found = {line.line_key for line in lines}
        whole, named = WHOLE_ORDER in keys, keys - {WHOLE_ORDER}
        asked_for = [line for line in lines if whole or line.line_key in named]
        ordered_at = _ordered_at(lines)
        old = ordered_at is not None and ordered_at < now() - LISTED
        if named <= found and not old and not any(map(wire.shows_claim, asked_for)):
            return asked_for
        told = self._receipts_of(order_number, ordered_at)
        if any(line.stage not in {*codes.IN_HOUSE, Stage.CANCELLED} for line in lines):
            told = told.plus(lists.exchanges_of(order_number, ordered_at))
        missing = named - found - wire_claims.named_by(told, order_number)
        if missing or (order.gone and not told.receipts):
            told = told.plus(lists.cancels_of(order_number))
        lines = [wire_claims.attach(line, told) for line in lines]
        lines += wire_claims.read_gone(told, order_number, known=found)
        return [line for line in lines if whole or line.line_key in named]

    def _receipts_of(self, order_number: str, ordered_at: datetime | None) -> ClaimRows:
        """The receipts of one order, from the day it was made."""
        at = now()
        window = Window(min(ordered_at or at - LOOK_BACK, at), at)
        return ClaimRows(receipts=tuple(self._coupang.receipts_of(order_number, window)))

    # Writing

    def confirm(self, lines: Sequence[LineRef]) -> Iterator[LineResult]:
        """상품준비중 by box, 50 boxes a call; a box's answer is the answer of each of its lines."""
        for call in wire_writing.pack(wire_writing.by_box(lines), WRITE_LIMIT, whole_boxes=True):
            own = [lines[place] for place in call]
            units = list(dict.fromkeys(line.unit for line in own))
            unsent = {unit: codes.LINE_GONE for unit in units if not wire_writing.is_box(unit)}

            def ask(units: Sequence[str]) -> Json:
                return self._coupang.acknowledge([int(unit) for unit in units])

            for said in _tell([unit for unit in units if unit not in unsent], ask, unsent):
                for line in own:
                    if line.unit in said.refused:
                        yield wire_writing.read_refusal(line.line_key, said.refused[line.unit], "")
                    elif line.unit in said.units:
                        yield wire_writing.read_result(line.line_key, said.rows.get(line.unit))

    def dispatch(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """송장업로드, whole boxes, about 50 rows a call."""
        yield from self._tell_numbers(notices, self._coupang.send_invoices)

    def correct(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """송장수정, the same rows; the box goes back to DEPARTURE (channels.md §10.12)."""
        yield from self._tell_numbers(notices, self._coupang.update_invoices)

    def push_stock(self, levels: Sequence[StockLevel]) -> Iterator[StockResult]:
        """No call for it is known to us (channels.md): every level refused."""
        yield from (
            StockResult(each.product_code, each.option_code, ok=False, code="cannot_push_stock") for each in levels
        )

    def _tell_numbers(
        self, notices: Sequence[WaybillNotice], send: Callable[[Sequence[Mapping[str, object]]], Json]
    ) -> Iterator[LineResult]:
        boxes = wire_writing.by_box(notice.line for notice in notices)
        for call in wire_writing.pack(boxes, WRITE_LIMIT, whole_boxes=False):
            own = [notices[place] for place in call]
            by_unit: dict[str, list[WaybillNotice]] = {}
            for notice in own:
                by_unit.setdefault(notice.line.unit, []).append(notice)
            unsent = {unit: code for unit, box in by_unit.items() if (code := wire_writing.refuse_unsent(box))}
            rows = {unit: wire_writing.write_rows(box) for unit, box in by_unit.items() if unit not in unsent}

            def ask(units: Sequence[str], rows: Mapping[str, list[dict[str, object]]] = rows) -> Json:
                return send([row for unit in units for row in rows[unit]])

            for said in _tell(list(rows), ask, unsent):
                about = [notice for notice in own if notice.line.unit in said.units]
                yield from wire_writing.read_results(about, said.rows, said.refused)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one call of a write said of some boxes: its rows, and the code of each that was refused by itself."""

    units: frozenset[str]
    rows: Told
    refused: Mapping[str, str]


def _tell(units: Sequence[str], ask: Callable[[Sequence[str]], Json], unsent: Mapping[str, str]) -> Iterator[_Said]:
    """One write about some boxes, answer by answer: a part that fails later takes no earlier answer with it.

    The first answer carries the boxes that are never sent, with their codes, so that results keep the order given.
    """
    for said in _tell_halves(units, ask):
        yield _Said(said.units | unsent.keys(), said.rows, {**said.refused, **unsent})
        unsent = {}
    if unsent:
        yield _Said(frozenset(unsent), {}, unsent)


def _tell_halves(units: Sequence[str], ask: Callable[[Sequence[str]], Json]) -> Iterator[_Said]:
    """A call refused as a whole is sent again in halves, to find the box it is about.

    Safe, because HTTP 400 applied nothing; bounded, because 50 boxes have at most 99 parts.
    """
    if not units:
        return
    try:
        rows = wire_writing.read_boxes(ask(units))
    except CallRefused as refused:
        if len(units) == 1:
            yield _Said(frozenset(units), {}, {units[0]: refused.channel_code})
        else:
            half = len(units) // 2
            yield from _tell_halves(units[:half], ask)
            yield from _tell_halves(units[half:], ask)
        return
    yield _Said(frozenset(units), rows, {})


def _ordered_at(lines: Sequence[ChannelLine]) -> datetime | None:
    return min((line.ordered_at for line in lines if line.ordered_at != UNDATED), default=None)


class _Lists:
    """Lists about all orders, each read at most once for one reading, and only when an order needs it."""

    def __init__(self, coupang: CoupangClient) -> None:
        self._coupang = coupang
        self._cancels: dict[str, ClaimRows] | None = None
        self._exchanges: dict[str, ClaimRows] | None = None

    def cancels_of(self, order_number: str) -> ClaimRows:
        """The payment stage's cancels of one order in the last three months; there is no call by order."""
        if self._cancels is None:
            at = now()
            self._cancels = wire_claims.by_order(self._coupang.cancels(Window(at - LOOK_BACK, at)))
        return self._cancels.get(order_number, NO_CLAIMS)

    def exchanges_of(self, order_number: str, ordered_at: datetime | None) -> ClaimRows:
        """The exchanges of one order: by its number where two or three calls do, else those of all orders, once."""
        at = now()
        if ordered_at is not None and ordered_at >= at - LISTED:
            return ClaimRows(exchanges=tuple(self._coupang.exchanges(Window(min(ordered_at, at), at), order_number)))
        if self._exchanges is None:
            window = Window(at - EXCHANGED_WITHIN, at)
            self._exchanges = wire_claims.by_order(exchanges=self._coupang.exchanges(window))
        return self._exchanges.get(order_number, NO_CLAIMS)
