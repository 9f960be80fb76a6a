"""What Coupang is asked and told, and what it says to that. Pure: no network, no clock.

Windows of the lists, rows of orders/invoices and orders/updateInvoices, and the answer of every write: one row a box,
mapped to every line sent of it (channels.md §2.2–§2.5, §10.11–§10.13).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from jumun.channels.port import LineRef, LineResult, Method, Part, WaybillNotice, Window
from jumun.connectors.coupang import codes
from jumun.core.clock import in_kst
from jumun.core.json_fields import Json, rows_of, text

DAY = timedelta(days=1)
MOST_DAYS = 31
WEEK_DAYS = 7
_PHONE = re.compile(r"(?<!\d)(?:\+?82[-. ()]{0,2}|0)\d{1,3}[-. )]?\d{3,4}[-. ]?\d{4}(?!\d)")
_NUMBER = re.compile(r"[0-9]{1,18}")


# Windows


def write_minutes(window: Window) -> tuple[str, str] | None:
    """Both ends for `searchType=timeFrame`, `yyyy-MM-ddTHH:mm` in Seoul; None for a window that is too long for it.

    Widened outwards to whole minutes. It must stay under a day ("range should less than 1 day").
    """
    start = in_kst(window.start).replace(second=0, microsecond=0)
    end = in_kst(window.end).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if end - start >= DAY:
        return None
    return f"{start:%Y-%m-%dT%H:%M}", f"{max(start, end):%Y-%m-%dT%H:%M}"


def write_days(window: Window, *, most: int = MOST_DAYS) -> list[tuple[str, str]]:
    """(from, to) dates in Seoul that cover the window, both inclusive, at most `most` days each, oldest first."""
    day, last = in_kst(window.start).date(), in_kst(window.end).date()
    slices = []
    while True:
        stop = min(day + timedelta(days=most - 1), max(last, day))
        slices.append((day.isoformat(), stop.isoformat()))
        if stop >= last:
            return slices
        day = stop + DAY


def write_weeks(window: Window) -> list[tuple[str, str]]:
    """(from, to) to the second in Seoul that cover the window, each under 7 days, oldest first; ends are shared."""
    start, end = in_kst(window.start).replace(microsecond=0), in_kst(window.end).replace(microsecond=0)
    end = max(end + timedelta(seconds=1), start)
    slices = []
    while True:
        stop = min(start + timedelta(days=WEEK_DAYS, seconds=-1), end)
        slices.append((write_second(start), write_second(stop)))
        if stop >= end:
            return slices
        start = stop


def write_second(at: datetime) -> str:
    """`yyyy-MM-ddTHH:mm:ss` in Seoul, without an offset (v4)."""
    return f"{in_kst(at):%Y-%m-%dT%H:%M:%S}"


# Writes


def by_box(lines: Iterable[LineRef]) -> list[list[int]]:
    """Positions of the lines of each box, boxes in the order of their first line: a box is never told in two calls."""
    found: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        found.setdefault(line.unit, []).append(place)
    return list(found.values())


def pack(boxes: Iterable[Sequence[int]], most: int, *, whole_boxes: bool) -> list[list[int]]:
    """Calls as positions in the order given: at most `most` boxes each, or (not `whole_boxes`) at most `most` rows.

    No box is cut in two; one that has more rows than that goes alone.
    """
    calls: list[list[int]] = []
    used = most
    for box in boxes:
        size = 1 if whole_boxes else len(box)
        if used + size > most:
            calls.append([])
            used = 0
        calls[-1] += box
        used += size
    return [sorted(call) for call in calls]


def is_box(unit: str) -> bool:
    """Whether a unit can be a shipmentBoxId; anything else is not sent, for one bad id refuses the whole call."""
    return _NUMBER.fullmatch(unit) is not None


def refuse_unsent(notices: Sequence[WaybillNotice]) -> str:
    """Why the notices of one box cannot be sent at all, as our code; "" when they can.

    A wrong carrier code costs the whole call an HTTP 500 (§2.1), and then nobody knows what became of the other boxes.
    """
    if not is_box(notices[0].line.unit) or not all(_vendor_item(notice.line) for notice in notices):
        return codes.LINE_GONE
    sent = [notice for notice in notices if notice.part is Part.SENT]
    return "" if all(write_carrier(notice) for notice in sent) else codes.UNKNOWN_CARRIER


def _vendor_item(line: LineRef) -> str:
    head, _, vendor_item = line.line_key.rpartition("-")
    ids = (head, vendor_item, line.order_number)
    return vendor_item if head == line.order_number and all(map(_NUMBER.fullmatch, ids)) else ""


def write_carrier(notice: WaybillNotice) -> str:
    """`deliveryCompanyCode`: DIRECT for what is no parcel, else by the table, else a code of Coupang's own; or ""."""
    if notice.method != Method.PARCEL or notice.carrier == codes.DIRECT:
        return codes.CARRIERS[codes.DIRECT]
    known = codes.CARRIERS.get(notice.carrier)
    return known or (notice.carrier if re.fullmatch(r"[A-Z][A-Z0-9_]{1,19}", notice.carrier) else "")


def write_rows(notices: Sequence[WaybillNotice]) -> list[dict[str, object]]:
    """`orderSheetInvoiceApplyDtos` of one box: one row a vendor item, the first notice where one is named twice.

    A box goes in parts when a line of it stays behind, when it was sent in part before, or under two numbers at once:
    then every row says so, and what stays behind has a date and no number. That date can be told once only
    (PSD_NOT_ALLOW_TO_CHANGE): when the box was split before it was told then, and is left out now.
    """
    first: dict[str, WaybillNotice] = {}
    for notice in notices:
        first.setdefault(notice.line.line_key, notice)
    rows = list(first.values())
    sent = {(write_carrier(each), each.number) for each in rows if each.part is Part.SENT}
    behind = any(each.part is Part.LEFT for each in rows)
    before = any(each.after_split for each in rows)
    in_parts = before or behind or len(sent) > 1
    return [_write_row(each, in_parts=in_parts, before=before) for each in rows]


def _write_row(notice: WaybillNotice, *, in_parts: bool, before: bool) -> dict[str, object]:
    left = notice.part is Part.LEFT
    carrier = "" if left else write_carrier(notice)
    # An untracked parcel needs some digits all the same (carriers.md §2): the order's are the ones a person can find.
    number = notice.number or (notice.line.order_number if carrier == codes.CARRIERS[codes.DIRECT] else "")
    expected = None if before else notice.expected_at or notice.shipped_at
    return {
        "shipmentBoxId": int(notice.line.unit),
        "orderId": int(notice.line.order_number),
        "vendorItemId": int(_vendor_item(notice.line)),
        "deliveryCompanyCode": carrier,
        "invoiceNumber": "" if left else number,
        "splitShipping": in_parts,
        "preSplitShipped": before,
        "estimatedShippingDate": f"{in_kst(expected):%Y-%m-%d}" if left and expected is not None else "",
    }


# Answers


def read_boxes(data: Json) -> dict[str, Json]:
    """`responseList` by box."""
    return {text(row, "shipmentBoxId"): row for row in rows_of(data, "responseList") if text(row, "shipmentBoxId")}


def read_result(line_key: str, row: Json | None) -> LineResult:
    """What a box's row says of one of its lines.

    No row: the box may or may not have been taken, told as `already` so that the caller reads the line back; the same
    for a row that is OK and asks to be sent again.
    """
    if row is None:
        return LineResult(line_key, ok=False, code=codes.NO_ANSWER, already=True)
    code = text(row, "resultCode")
    if row.get("succeed") is True or (code == codes.OK and row.get("succeed") is not False):
        if row.get("retryRequired") is not True:
            return LineResult(line_key, ok=True)
        return LineResult(line_key, ok=False, code=codes.NO_ANSWER, already=True, retryable=True)
    return read_refusal(line_key, code, text(row, "resultMessage"))


def read_refusal(line_key: str, code: str, message: str) -> LineResult:
    """A line refused. Coupang's words are cut to 200 characters, and what looks like a telephone is hidden."""
    return LineResult(
        line_key,
        ok=False,
        code=code[:40] or "refused",
        message=_PHONE.sub("…", message)[:200],
        already=code in codes.ALREADY,
        retryable=code in codes.RETRYABLE,
    )


def read_results(
    notices: Iterable[WaybillNotice], boxes: Mapping[str, Json], refused: Mapping[str, str]
) -> list[LineResult]:
    """The results of one call about waybills, in the order given; lines left behind get none.

    refused    the code by box for what was not sent at all, or refused as a whole
    A line named twice with two numbers was sent the first: its second is told as `already`, to be read back.
    """
    results = []
    first: dict[str, tuple[str, str]] = {}
    for notice in notices:
        if notice.part is Part.LEFT:
            continue
        key, unit = notice.line.line_key, notice.line.unit
        number = first.setdefault(key, (notice.carrier, notice.number))
        if unit in refused:
            result = LineResult(key, ok=False, code=refused[unit])
        elif number != (notice.carrier, notice.number):
            result = LineResult(key, ok=False, code=codes.NO_ANSWER, already=True)
        else:
            result = read_result(key, boxes.get(unit))
        results.append(result)
    return results
