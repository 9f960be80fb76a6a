"""What a channel just told, in a temporary table: COPY is refused under a policy, so it goes there first."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db import connection

from jumun.channels.port import ChannelLine, Hint
from jumun.core.phones import normalise_phone
from jumun.core.secrets import seal_mapping

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("order_number", "text"),
    ("line_key", "text"),
    ("unit", "text"),
    ("stage", "text"),
    ("stage_raw", "text"),
    ("quantity", "int"),
    ("remaining", "int"),
    ("amount", "numeric"),
    ("unit_price", "numeric"),
    ("shipping_fee", "numeric"),
    ("currency", "text"),
    ("ordered_at", "timestamptz"),
    ("paid_at", "timestamptz"),
    ("ship_by", "timestamptz"),
    ("changed_at", "timestamptz"),
    ("product_code", "text"),
    ("product_name", "text"),
    ("option_code", "text"),
    ("option_text", "text"),
    ("seller_code", "text"),
    ("carrier", "text"),
    ("waybill", "text"),
    ("claim_kind", "text"),
    ("claim_stage", "text"),
    ("claim_id", "text"),
    ("claim_quantity", "int"),
    ("needs_waybill", "boolean"),
    ("hold_reason", "text"),
    ("buyer_name", "text"),
    ("name", "text"),
    ("phone1", "text"),
    ("phone2", "text"),
    ("postcode", "text"),
    ("address1", "text"),
    ("address2", "text"),
    ("country", "text"),
    ("message", "text"),
    ("sealed", "text"),
    ("raw", "jsonb"),
)
_HOLDS = (Hint.GIFT_WITHOUT_ADDRESS, Hint.PRE_ORDER, Hint.PARTNER_SHIPS)


def load_incoming(lines: Iterable[ChannelLine]) -> int:
    """Put lines into the temporary table `incoming`, the last word on each line only. Answers how many.

    The table lives until the transaction ends or the next call.
    """
    latest = {(line.order_number, line.line_key): line for line in lines}
    names = [name for name, _ in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming")
        columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
        cursor.execute(f"CREATE TEMP TABLE incoming ({columns}) ON COMMIT DROP")
        with cursor.cursor.copy(f"COPY incoming ({', '.join(names)}) FROM STDIN") as copy:
            for line in latest.values():
                copy.write_row(_row(line))
        cursor.execute("ANALYZE incoming")
    return len(latest)


def _row(line: ChannelLine) -> Sequence[Any]:
    to, claim = line.recipient, line.claim
    hidden = {name: value for name, value in (("customs", to.customs_number), ("entrance", to.entrance)) if value}
    hold = next((hint.value for hint in _HOLDS if hint in line.hints), "")
    return (
        *(line.order_number, line.line_key, line.unit, line.stage.value, line.stage_raw),
        *(line.quantity, line.remaining, line.amount, line.unit_price, line.shipping_fee, line.currency),
        *(line.ordered_at, line.paid_at, line.ship_by, line.changed_at),
        *map(_clean, (line.product_code, line.product_name, line.option_code, line.option_text, line.seller_code)),
        *(line.carrier, line.waybill),
        *((claim.kind.value, claim.stage.value, claim.claim_id, claim.quantity) if claim else ("", "", "", 0)),
        *(Hint.NO_WAYBILL_NEEDED not in line.hints, hold),
        *map(_clean, (line.buyer_name, to.name)),
        *(normalise_phone(to.phone1), normalise_phone(to.phone2)),
        *map(_clean, (to.postcode, to.address1, to.address2, to.country or "KR", to.message)),
        seal_mapping(hidden) if hidden else "",
        _clean(orjson.dumps(dict(line.raw), default=str).decode().replace("\\u0000", "")),
    )


def _clean(text: str) -> str:
    """PostgreSQL has no NUL in text."""
    return text.replace("\x00", "")
