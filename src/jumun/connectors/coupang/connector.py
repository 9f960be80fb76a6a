"""The port (`channels/port.py`), spoken to Coupang. Holds no state of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

from jumun.channels.port import (
    WHOLE_ORDER,
    ChannelLine,
    LineRef,
    LineResult,
    Session,
    Stage,
    WaybillNotice,
    Window,
)
from jumun.channels.profile import ChannelProfile
from jumun.connectors.coupang import codes, wire, wire_claims, wire_writing
from jumun.connectors.coupang.client import CallRefused, CoupangClient
from jumun.connectors.coupang.profile import PROFILE, WRITE_LIMIT
from jumun.connectors.coupang.wire_claims import NO_CLAIMS, ClaimRows
from jumun.connectors.coupang.wire_json import UNDATED, Json
from jumun.core.clock import now

LOOK_BACK = timedelta(days=92)
"""How far back claims are looked for when nothing says when the order was made."""
SLICE = timedelta(days=30)

Told = Mapping[str, Json]
"""The rows of an answer by box."""


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

        Each order a claim of the window names is read again, as it is now, with all its claims. `open_only`: only what
        is not sent, and no claim lists; a box that shows an open stop request is still told with it, page by page.
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
        cancels = _Cancels(self._coupang)
        for order_number, rows in claimed.items():
            lines = self._read_order(order_number, rows=rows, cancels=cancels)
            if lines:
                yield lines

    def _with_stop_requests(self, lines: Sequence[ChannelLine]) -> list[ChannelLine]:
        told: dict[str, ClaimRows] = {}
        for line in lines:
            if wire.has_open_cancel(line) and line.order_number not in told:
                told[line.order_number] = self._read_claims(
                    line.order_number, _ordered_at([line]), with_exchanges=False
                )
        return [
            wire_claims.attach(line, told[line.order_number]) if line.order_number in told else line for line in lines
        ]

    def read_lines(self, lines: Sequence[LineRef]) -> Iterator[ChannelLine]:
        """One call an order, and one or more about its claims where a wanted line shows or needs any."""
        wanted: dict[str, set[str]] = {}
        for line in lines:
            wanted.setdefault(line.order_number, set()).add(line.line_key)
        cancels = _Cancels(self._coupang)
        for order_number, keys in wanted.items():
            try:
                yield from self._read_order(order_number, keys=keys, cancels=cancels)
            except CallRefused:
                # One order the gateway refuses for a reason nobody documented must not stop the others.
                yield from (wire.unreadable_line(order_number, key) for key in keys if key != WHOLE_ORDER)

    def _read_order(
        self,
        order_number: str,
        *,
        cancels: "_Cancels",
        keys: set[str] | None = None,
        rows: ClaimRows = NO_CLAIMS,
    ) -> list[ChannelLine]:
        """One order's lines as they are now.

        keys    the lines wanted, WHOLE_ORDER among them for all; None for all with their claims, whatever the boxes show
        rows    what a list just told of its claims
        """
        order = self._coupang.order(order_number)
        if not order.boxes and not order.gone and rows == NO_CLAIMS:
            return []
        lines = wire.read_sheets(order.boxes)
        found = {line.line_key for line in lines}
        whole = keys is None or WHOLE_ORDER in keys
        named = (keys or set()) - {WHOLE_ORDER}
        asked_for = [line for line in lines if whole or line.line_key in named]
        if keys is not None and named <= found and not any(map(wire.shows_claim, asked_for)):
            return asked_for
        delivered = any(line.stage not in {*codes.IN_HOUSE, Stage.CANCELLED} for line in lines)
        told = rows.plus(self._read_claims(order_number, _ordered_at(lines), with_exchanges=delivered))
        missing = named - found - wire_claims.named_by(told, order_number)
        if missing or (order.gone and not told.receipts):
            told = told.plus(ClaimRows(receipts=cancels.find(order_number)))
        lines = [wire_claims.attach(line, told) for line in lines]
        lines += wire_claims.read_gone(told, order_number, known=found)
        return [line for line in lines if whole or line.line_key in named]

    def _read_claims(self, order_number: str, ordered_at: datetime | None, *, with_exchanges: bool) -> ClaimRows:
        """The claims of one order, from the day it was made."""
        at = now()
        window = Window(min(ordered_at or at - LOOK_BACK, at), at)
        receipts = tuple(self._coupang.receipts_of(order_number, window))
        exchanges = tuple(self._coupang.exchanges(window, order_number)) if with_exchanges else ()
        return ClaimRows(receipts, exchanges)

    # Writing

    def confirm(self, lines: Sequence[LineRef]) -> Iterator[LineResult]:
        """상품준비중 by box, 50 boxes a call; a box's answer is the answer of each of its lines."""
        for call in wire_writing.pack(wire_writing.by_box(lines), WRITE_LIMIT, whole_boxes=True):
            units = list(dict.fromkeys(lines[place].unit for place in call if wire_writing.is_box(lines[place].unit)))
            told, refused = _tell(units, lambda part: self._coupang.acknowledge([int(unit) for unit in part]))
            for place in call:
                line = lines[place]
                if not wire_writing.is_box(line.unit):
                    yield LineResult(line.line_key, ok=False, code=codes.LINE_GONE)
                elif line.unit in refused:
                    yield wire_writing.read_refusal(line.line_key, refused[line.unit], "")
                else:
                    yield wire_writing.read_result(line.line_key, told.get(line.unit))

    def dispatch(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """송장업로드, whole boxes, about 50 rows a call."""
        yield from self._tell_numbers(notices, self._coupang.send_invoices)

    def correct(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """송장수정, the same rows; the box goes back to DEPARTURE (channels.md §10.12)."""
        yield from self._tell_numbers(notices, self._coupang.update_invoices)

    def _tell_numbers(
        self, notices: Sequence[WaybillNotice], send: Callable[[Sequence[Mapping[str, object]]], Json]
    ) -> Iterator[LineResult]:
        boxes = wire_writing.by_box(notice.line for notice in notices)
        for call in wire_writing.pack(boxes, WRITE_LIMIT, whole_boxes=False):
            by_unit: dict[str, list[WaybillNotice]] = {}
            for place in call:
                by_unit.setdefault(notices[place].line.unit, []).append(notices[place])
            unsent = {unit: code for unit, own in by_unit.items() if (code := wire_writing.refuse_unsent(own))}
            rows = {unit: wire_writing.write_rows(own) for unit, own in by_unit.items() if unit not in unsent}

            def ask(units: Sequence[str], rows: Mapping[str, list[dict[str, object]]] = rows) -> Json:
                return send([row for unit in units for row in rows[unit]])

            told, refused = _tell(list(rows), ask)
            yield from wire_writing.read_results(notices, call, told, unsent | refused)


def _tell(units: Sequence[str], ask: Callable[[Sequence[str]], Json]) -> tuple[Told, dict[str, str]]:
    """One write about some boxes: what it said of each, and the code of those refused by themselves.

    A call refused as a whole is sent again in halves, to find the box it is about. Safe, because HTTP 400 applied
    nothing; bounded, because 50 boxes have at most 99 parts.
    """
    if not units:
        return {}, {}
    try:
        return wire_writing.read_boxes(ask(units)), {}
    except CallRefused as refused:
        if len(units) == 1:
            return {}, {units[0]: refused.channel_code}
        half = len(units) // 2
        first, first_refused = _tell(units[:half], ask)
        second, second_refused = _tell(units[half:], ask)
        return {**first, **second}, first_refused | second_refused


def _ordered_at(lines: Sequence[ChannelLine]) -> datetime | None:
    return min((line.ordered_at for line in lines if line.ordered_at != UNDATED), default=None)


class _Cancels:
    """Payment-stage cancels, which have no call by order: read at most once for all orders of one reading."""

    def __init__(self, coupang: CoupangClient) -> None:
        self._coupang = coupang
        self._found: dict[str, ClaimRows] | None = None

    def find(self, order_number: str) -> tuple[Json, ...]:
        """The cancels of one order in the last three months."""
        if self._found is None:
            at = now()
            self._found = wire_claims.by_order(self._coupang.cancels(Window(at - LOOK_BACK, at)))
        return self._found.get(order_number, NO_CLAIMS).receipts
