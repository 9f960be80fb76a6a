"""Reading claims: lists by cursor over an index, one claim, and how many are open."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from jumun.channels.port import ClaimKind, ClaimStage
from jumun.core.clock import read_moment
from jumun.core.errors import JumunError, NotFoundError
from jumun.core.masking import mask_name

MOST = 200
"""Longest page of a list (DESIGN §5)."""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are meant. Empty fields ask nothing.

    state   "open", "closed", or a stage
    q       exact: an order number, a claim id, or the number of a parcel that comes back
    """

    kind: str = ""
    state: str = ""
    channel_account: tuple[int, ...] = ()
    q: str = ""


@dataclass(frozen=True, slots=True)
class PartItem:
    """An item of ours that a claimed line stands under."""

    id: int
    status: str
    quantity: int
    shipment: str


@dataclass(frozen=True, slots=True)
class Part:
    """How much of one line a claim is about, and where that line's items are in our house."""

    line_no: str
    product_name: str
    option_text: str
    quantity: int
    ordered: int
    items: Sequence[PartItem]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as lists show it; `buyer` is masked."""

    id: int
    kind: str
    stage: str
    stage_raw: str
    claim_id: str
    channel: str
    channel_account: int
    account_name: str
    order_id: int
    order_number: str
    reason: str
    fault: str
    requested_at: datetime
    changed_at: datetime | None
    closed_at: datetime | None
    read_at: datetime
    collect_carrier: str
    collect_waybill: str
    resend_carrier: str
    resend_waybill: str
    buyer: str
    parts: Sequence[Part] = ()

    @property
    def open(self) -> bool:
        """Nothing is decided of it yet."""
        return self.closed_at is None

    @property
    def quantity(self) -> int:
        """Of all its lines together."""
        return sum(part.quantity for part in self.parts)


class ClaimPage(NamedTuple):
    """Some claims and the cursor of the next ones; None at the end."""

    items: list[ClaimRow]
    next_cursor: str | None


_PAGE = """
SELECT c.id, c.kind, c.stage, c.stage_raw, c.claim_id, c.channel, c.account_id, a.name, c.order_id, c.order_number,
       c.reason, c.fault, c.requested_at, c.changed_at, c.closed_at, c.read_at, c.collect_carrier, c.collect_waybill,
       c.resend_carrier, c.resend_waybill, coalesce(nullif(r.buyer_name, ''), r.name, '')
  FROM (SELECT c.* FROM claims_claim c WHERE {condition} ORDER BY c.requested_at DESC, c.id DESC LIMIT %(limit)s) AS c
  JOIN channels_channelaccount a ON a.id = c.account_id
  LEFT JOIN orders_recipient r ON r.order_id = c.order_id
 ORDER BY c.requested_at DESC, c.id DESC
"""

_PARTS = """
SELECT p.claim_id, l.id, l.line_key, l.product_name, l.option_text, p.quantity, l.quantity,
       i.id, i.status, i.quantity, i.bundle_no
  FROM claims_claimpart p JOIN orders_orderline l ON l.id = p.line_id
  LEFT JOIN orders_orderitem i ON i.line_id = l.id
 WHERE p.claim_id = ANY(%(claims)s::bigint[])
 ORDER BY p.claim_id, p.id, i.id
"""

_FOUND = """c.id IN (
    SELECT n.id FROM claims_claim n WHERE n.order_number = %(q)s
    UNION ALL SELECT n.id FROM claims_claim n WHERE n.claim_id = %(q)s
    UNION ALL SELECT n.id FROM claims_claim n WHERE n.collect_waybill IN (%(q)s, %(digits)s)
                                                      AND n.collect_waybill <> '')"""


def list_claims(
    wanted: ClaimFilter, *, ids: Sequence[int] | None = None, cursor: str | None = None, limit: int = 50
) -> ClaimPage:
    """Claims, newest first. With `ids`, only those. Raises JumunError("bad_cursor") or ("invalid").

    Two statements, however many.
    """
    length = max(1, min(limit, MOST))
    condition, params = where(wanted)
    if ids is not None:
        condition += " AND c.id = ANY(%(ids)s::bigint[])"
        params["ids"] = list(ids)
    if cursor:
        moment, last = _read_cursor(cursor)
        condition += " AND c.requested_at <= %(c_at)s AND (c.requested_at < %(c_at)s OR c.id < %(c_id)s)"
        params |= {"c_at": moment, "c_id": last}
    rows = _read(condition, params | {"limit": length + 1})
    more, rows = len(rows) > length, rows[:length]
    return ClaimPage(rows, _cursor(rows[-1]) if more else None)


def get_claim(claim_id: int) -> ClaimRow:
    """One claim. Raises NotFoundError."""
    found = _read("c.id = %(id)s", {"id": claim_id, "limit": 1})
    if not found:
        raise NotFoundError("not_found")
    return found[0]


def list_claims_of_order(order_id: int) -> list[ClaimRow]:
    """Every claim of an order, newest first."""
    return _read("c.order_id = %(order)s", {"order": order_id, "limit": MOST})


def count_open_claims() -> Mapping[str, int]:
    """Open claims by kind; every kind is there."""
    with connection.cursor() as run:
        run.execute("SELECT kind, count(*) FROM claims_claim WHERE closed_at IS NULL GROUP BY 1")
        return dict.fromkeys((kind.value for kind in ClaimKind), 0) | dict(run.fetchall())


def where(wanted: ClaimFilter) -> tuple[str, dict[str, Any]]:
    """The condition a filter stands for (alias `c`) and its parameters. Raises JumunError("invalid")."""
    parts, params = ["true"], dict[str, Any]()
    if wanted.kind:
        parts.append("c.kind = %(kind)s")
        params["kind"] = _one_of(wanted.kind, ClaimKind, "kind")
    if wanted.state in ("open", "closed"):
        parts.append(f"c.closed_at IS {'' if wanted.state == 'open' else 'NOT '}NULL")
    elif wanted.state:
        parts.append("c.stage = %(stage)s")
        params["stage"] = _one_of(wanted.state, ClaimStage, "state")
    if wanted.channel_account:
        parts.append("c.account_id = ANY(%(accounts)s)")
        params["accounts"] = list(wanted.channel_account)
    if text := wanted.q.strip():
        parts.append(_FOUND)
        params |= {"q": text, "digits": text.replace("-", "").replace(" ", "")}
    return " AND ".join(parts), params


def _one_of(value: str, known: type[ClaimKind] | type[ClaimStage], field: str) -> str:
    if value not in list(known):
        raise JumunError("invalid", field=field)
    return value


def _read(condition: str, params: Mapping[str, Any]) -> list[ClaimRow]:
    with connection.cursor() as run:
        run.execute(_PAGE.format(condition=condition), params)
        rows = [ClaimRow(*(*row[:-1], mask_name(row[-1]))) for row in run.fetchall()]
        if not rows:
            return []
        run.execute(_PARTS, {"claims": [row.id for row in rows]})
        parts = _group(run.fetchall())
    return [replace(row, parts=parts.get(row.id, ())) for row in rows]


def _group(rows: Sequence[tuple[Any, ...]]) -> dict[int, list[Part]]:
    """Parts by claim, out of one row per part and item."""
    lines: dict[tuple[int, int], tuple[Any, ...]] = {}
    items: dict[tuple[int, int], list[PartItem]] = {}
    for row in rows:
        key = (row[0], row[1])
        lines[key] = row[2:7]
        found = items.setdefault(key, [])
        if row[7] is not None:
            found.append(PartItem(*row[7:]))
    grouped: dict[int, list[Part]] = {}
    for key, line in lines.items():
        grouped.setdefault(key[0], []).append(Part(*(*line, items[key])))
    return grouped


def _cursor(row: ClaimRow) -> str:
    return base64.urlsafe_b64encode(f"{row.requested_at.isoformat()}|{row.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, last = text.partition("|")
        read, number = read_moment(moment), int(last)
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
    if read.tzinfo is None or not 0 <= number < 2**63:
        raise JumunError("bad_cursor")
    return read, number
