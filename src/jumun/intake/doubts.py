"""Lines a channel named that did not come in: kept by name until they do, so that nothing is lost in silence (R18)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.channels.port import ChannelLine, LineRef, Stage
from jumun.intake.models import Doubt, UnreadLine
from jumun.orders.incoming import is_sound
from jumun.orders.moving import COMPANY

Key = tuple[str, str]
"""Order number and line key."""


@dataclass(frozen=True, slots=True)
class Named:
    """A line to be kept by name, and the channel's own word for where it stands."""

    ref: LineRef
    why: Doubt
    stage_raw: str = ""


def key_of(line: LineRef | ChannelLine) -> Key:
    """What is unique of a line in its account."""
    return line.order_number, line.line_key


def made_out(lines: Iterable[ChannelLine]) -> set[Key]:
    """Those of these lines somebody can make sense of."""
    return {key_of(line) for line in lines if line.stage != Stage.UNKNOWN and is_sound(line)}


_NOTE = f"""
INSERT INTO intake_unreadline AS u (company_id, account_id, order_number, line_key, unit, stage_raw, why, first_seen,
                                    last_seen, times)
SELECT {COMPANY}, %(account)s, t.number, t.key, t.unit, t.stage_raw, t.why, %(at)s, %(at)s, 1
  FROM unnest(%(numbers)s::text[], %(keys)s::text[], %(units)s::text[], %(stages)s::text[], %(whys)s::text[])
       AS t (number, key, unit, stage_raw, why)
    ON CONFLICT (account_id, order_number, line_key) WHERE settled_at IS NULL DO UPDATE
   SET last_seen = excluded.last_seen, times = u.times + 1, unit = excluded.unit, why = excluded.why,
       stage_raw = CASE WHEN excluded.stage_raw = '' THEN u.stage_raw ELSE excluded.stage_raw END
"""

_SETTLE = """
UPDATE intake_unreadline u SET settled_at = %(at)s
  FROM unnest(%(numbers)s::text[], %(keys)s::text[]) AS t (number, key)
 WHERE u.account_id = %(account)s AND u.order_number = t.number AND u.line_key = t.key AND u.settled_at IS NULL
"""

_SETTLE_KNOWN = """
UPDATE intake_unreadline u SET settled_at = %(at)s
 WHERE u.account_id = %(account)s AND u.settled_at IS NULL
   AND EXISTS (SELECT 1 FROM orders_orderline l WHERE l.account_id = u.account_id AND l.order_number = u.order_number
                AND l.line_key = u.line_key AND l.read_at >= u.last_seen)
"""


def note_lines(account_id: int, named: Sequence[Named], *, at: datetime) -> None:
    """Keep these lines by name; one that is kept already counts one more asking."""
    last = list({key_of(each.ref): each for each in named}.values())
    if not last:
        return
    values: dict[str, Any] = {
        "account": account_id,
        "at": at,
        "numbers": [each.ref.order_number for each in last],
        "keys": [each.ref.line_key for each in last],
        "units": [each.ref.unit for each in last],
        "stages": [_clean(each.stage_raw) for each in last],
        "whys": [each.why.value for each in last],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def settle_lines(account_id: int, keys: Collection[Key], *, at: datetime) -> None:
    """These were stored, or made out and need not enter."""
    if not keys:
        return
    numbers, line_keys = zip(*keys, strict=True)
    values: dict[str, Any] = {"account": account_id, "at": at, "numbers": list(numbers), "keys": list(line_keys)}
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)


def settle_known(account_id: int, *, at: datetime) -> None:
    """Whatever is among our orders by now, read since it was last in doubt."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE_KNOWN, {"account": account_id, "at": at})


def list_doubts(account_id: int) -> list[UnreadLine]:
    """The account's lines that are still out, oldest first."""
    return list(UnreadLine.objects.filter(account_id=account_id, settled_at__isnull=True).order_by("id"))


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:200]
