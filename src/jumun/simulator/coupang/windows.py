"""What the lists are asked for: windows of time by version, pages and their opaque tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from jumun.simulator.clock import to_ms
from jumun.simulator.coupang.gateway import Asked, BadRequest

DAY_MS = 86_400_000
AFTER_ALL_IDS = "\x7f"
FORMS = {"day": r"\d{4}-\d\d-\d\d", "minute": r"\d{4}-\d\d-\d\dT\d\d:\d\d", "second": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}
SHOWN_FORMS = {"day": "yyyy-MM-dd", "minute": "yyyy-MM-ddTHH:mm", "second": "yyyy-MM-ddTHH:mm:ss"}
OFFSET = r"[+-]\d\d:\d\d"
Row = TypeVar("Row")


def read_window(
    asked: Asked, form: str, *, longest_days: int, start: str = "createdAtFrom", end: str = "createdAtTo"
) -> tuple[int, int]:
    """Return both ends in milliseconds, both inclusive. A day as the end means its last millisecond.

    v5 and v6 want an offset behind the date (`2025-07-15+09:00`, sent with %2B), v4 none.
    """
    since_ms = read_time(asked, start, form)
    until_ms = read_time(asked, end, form)
    if form == "day":
        until_ms += DAY_MS - 1
    if until_ms < since_ms:
        raise BadRequest(f"{end} should be later than {start}.")
    if until_ms - since_ms > longest_days * DAY_MS:
        raise BadRequest(f"endTime-startTime range should less than {longest_days} days.")
    keeps_days = asked.world.settings.number("coupang.history_days")
    if keeps_days and since_ms < asked.now_ms - keeps_days * DAY_MS:
        raise BadRequest(f"{start} should be within the last {keeps_days:g} days.")
    return since_ms, until_ms


def read_time(asked: Asked, name: str, form: str) -> int:
    """Return a date or date-time parameter in milliseconds; without an offset it is Seoul's."""
    text = asked.query.get(name)
    if text is None:
        raise BadRequest(f"{name} is required.")
    # A "+" not sent as %2B arrives as a blank and must fail here as it does there.
    if re.fullmatch(FORMS[form] + (OFFSET if asked.is_new else ""), text) is None:
        raise BadRequest(f"{name} should be like {SHOWN_FORMS[form]}{'+09:00' if asked.is_new else ''}.")
    try:
        return to_ms(datetime.fromisoformat(text[:10] + "T00:00" + text[10:] if form == "day" else text))
    except ValueError as error:
        raise BadRequest(f"{name} is not a date.") from error


def read_size(asked: Asked, name: str = "maxPerPage", *, otherwise: int = 50, most: int = 50) -> int:
    """Return a page size, at most `most` and at most the setting's."""
    text = asked.query.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise BadRequest(f"{name} should be between 1 and {most}.")
    return max(1, min(int(text), int(asked.world.settings.number("coupang.page"))))


def take_page(
    asked: Asked,
    timeline: Sequence[tuple[int, str]],
    window: tuple[int, int],
    size: int | None,
    choose: Callable[[str], Row | None],
) -> tuple[list[Row], str]:
    """Return one page of a list in order of creation, and its nextToken, "" at the end; without `size` all of it.

    By the setting `coupang.paging` a token means a place ("key": rows that come or go elsewhere change nothing) or a
    number of rows from the newest on ("offset": every newcomer pushes one row onto the next page once more).
    """
    first = bisect_left(timeline, (window[0], ""))
    last = bisect_right(timeline, (window[1], AFTER_ALL_IDS))
    places = list(timeline[first:last])
    token = read_token(asked)
    by_offset = asked.world.settings.word("coupang.paging") == "offset"
    skip = 0
    if by_offset:
        places.reverse()
        skip = int(token or 0)
    elif token:
        at_ms, one_id = token.split(":")
        places = places[bisect_left(places, (int(at_ms), one_id)) :]
    rows: list[Row] = []
    met = 0
    for made_ms, one_id in places:
        row = choose(one_id)
        if row is None:
            continue
        met += 1
        if met <= skip:
            continue
        if len(rows) == size:
            return rows, write_token(asked, str(skip + size) if by_offset else f"{made_ms}:{one_id}")
        rows.append(row)
    return rows, ""


def write_token(asked: Asked, place: str) -> str:
    """Return an opaque nextToken for a place in the list this call asks for."""
    return base64.urlsafe_b64encode(f"{_digest(asked)}|{place}".encode()).decode().rstrip("=")


def read_token(asked: Asked) -> str:
    """Return the place a nextToken stands for, "" without one; refuse one of another list."""
    token = asked.query.get("nextToken", "")
    if not token:
        return ""
    try:
        digest, place = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split("|")
    except (binascii.Error, ValueError) as error:
        raise BadRequest("nextToken is not valid.") from error
    if digest != _digest(asked):
        raise BadRequest("nextToken is not valid.")
    return place


def _digest(asked: Asked) -> str:
    wanted = sorted((name, value) for name, value in asked.query.multi_items() if name != "nextToken")
    return hashlib.sha256(f"{asked.path}{wanted}".encode()).hexdigest()[:12]
