"""What a channel just told, in temporary tables: COPY is refused under a policy, so it goes there first."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from jumun.channels.port import Address, ChannelLine, Hint, Stage
from jumun.core.copying import copy_rows
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
    ("product_url", "text"),
    ("carriage", "text"),
    ("carrier", "text"),
    ("waybill", "text"),
    ("claim_kind", "text"),
    ("claim_stage", "text"),
    ("claim_id", "text"),
    ("claim_quantity", "int"),
    ("claims_known", "boolean"),
    ("method", "text"),
    ("hold_reasons", "text[]"),
    ("hold_until", "timestamptz"),
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
_CLAIM_COLUMNS: tuple[tuple[str, str], ...] = (
    ("order_number", "text"),
    ("line_key", "text"),
    ("place", "int"),
    ("kind", "text"),
    ("stage", "text"),
    ("claim_id", "text"),
    ("quantity", "int"),
    ("reason", "text"),
    ("requested_at", "timestamptz"),
    ("changed_at", "timestamptz"),
    ("stage_raw", "text"),
    ("fault", "text"),
    ("collect_carrier", "text"),
    ("collect_waybill", "text"),
    ("resend_carrier", "text"),
    ("resend_waybill", "text"),
)
_ARRIVED = "arrived bigint GENERATED ALWAYS AS IDENTITY"
"""The order rows were told in: an order is what its first line says."""
MOST_PIECES = 1_000_000_000
MOST_MONEY = 10**12
CURRENCY = 3
LONGEST_KEY = 200
"""What stands in an index is no longer than this."""
LONGEST_NAME = 300
"""A product's name and its option together too: the raw payload keeps what is cut off."""
NO_COUNTRY = "ZZ"
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""An escaped NUL, but not the six characters of one behind an escaped backslash."""
_HOLDS = (Hint.GIFT_WITHOUT_ADDRESS, Hint.PRE_ORDER, Hint.PARTNER_SHIPS)


def load_incoming(lines: Iterable[ChannelLine]) -> int:
    """Put lines into the temporary table `incoming`, the last word on each line only. Answers how many.

    Their claims go to `incoming_claims`, `place` being the position among a line's claims, oldest first. Both live until
    the transaction ends or the next call.
    """
    latest = {(line.order_number, line.line_key): line for line in lines}
    _fill("incoming", _COLUMNS, map(_row, latest.values()))
    _fill("incoming_claims", _CLAIM_COLUMNS, (row for line in latest.values() for row in _claim_rows(line)))
    return len(latest)


def _fill(table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        listed = ", ".join(f"{name} {kind}" for name, kind in columns)
        cursor.execute(f"CREATE TEMP TABLE {table} ({listed}, {_ARRIVED}) ON COMMIT DROP")
        copy_rows(table, rows, [name for name, _ in columns])
        cursor.execute(f"ANALYZE {table}")


def is_sound(line: ChannelLine) -> bool:
    """Whether its numbers and keys fit our columns; one that is not counts as a line nobody could read."""
    money = (line.amount, line.unit_price, line.shipping_fee)
    return (
        1 <= line.quantity <= MOST_PIECES
        and 0 <= line.remaining <= MOST_PIECES
        and all(each.is_finite() and abs(each) < MOST_MONEY for each in money)
        and len(line.currency) == CURRENCY
        and max(len(line.order_number), len(line.line_key), len(line.unit)) <= LONGEST_KEY
    )


def _row(line: ChannelLine) -> Sequence[Any]:
    """One row no column refuses: a hostile line must not take the good ones with it."""
    to, claim, sound = line.recipient, line.claim, is_sound(line)
    hidden = {
        name: _clean(value) for name, value in (("customs", to.customs_number), ("entrance", to.entrance)) if value
    }
    holds = [hint.value for hint in _HOLDS if hint in line.hints]
    country, address1 = _country(to)
    numbers = (line.quantity, line.remaining, line.amount, line.unit_price, line.shipping_fee, line.currency)
    return (
        *(_clean(key)[:LONGEST_KEY] for key in (line.order_number, line.line_key, line.unit)),
        *(line.stage.value if sound else Stage.UNKNOWN.value, _clean(line.stage_raw)),
        *(numbers if sound else (0, 0, 0, 0, 0, "")),
        *(line.ordered_at, line.paid_at, line.ship_by, line.changed_at),
        *(_clean(line.product_code), _clean(line.product_name)[:LONGEST_NAME]),
        *(_clean(line.option_code), _clean(line.option_text)[:LONGEST_NAME]),
        *(_clean(line.seller_code), _clean(line.product_url), line.carriage.value if line.carriage else ""),
        *(_clean(word)[:LONGEST_KEY] for word in (line.carrier, line.waybill)),
        *((claim.kind.value, claim.stage.value, _clean(claim.claim_id)) if claim else ("", "", "")),
        min(max(claim.quantity, 0), MOST_PIECES) if claim else 0,
        *(line.claims_known, line.method.value, holds, line.hold_until if Hint.PRE_ORDER in line.hints else None),
        *(_clean(name)[:LONGEST_KEY] for name in (line.buyer_name, to.name)),
        *(normalise_phone(phone)[:LONGEST_KEY] for phone in (to.phone1, to.phone2)),
        *map(_clean, (to.postcode, address1, to.address2, country, to.message)),
        seal_mapping(hidden) if hidden else "",
        _json(line.raw),
    )


def _claim_rows(line: ChannelLine) -> Iterator[Sequence[Any]]:
    for place, claim in enumerate(line.claims):
        yield (
            *(_clean(key)[:LONGEST_KEY] for key in (line.order_number, line.line_key)),
            *(place, claim.kind.value, claim.stage.value, _clean(claim.claim_id)[:LONGEST_KEY]),
            *(min(max(claim.quantity, 0), MOST_PIECES), _clean(claim.reason), claim.requested_at, claim.changed_at),
            *map(_clean, (claim.stage_raw, claim.fault, claim.collect_carrier)),
            *map(_clean, (claim.collect_waybill, claim.resend_carrier, claim.resend_waybill)),
        )


def _country(to: Address) -> tuple[str, str]:
    """The two-letter code and the first line of the address, which takes a country written out in words."""
    country = to.country or "KR"
    if len(country) == len("KR") and country.isascii() and country.isalpha():
        return country, to.address1
    return NO_COUNTRY, f"{country} {to.address1}"


def _json(raw: Mapping[str, object]) -> str:
    try:
        text = orjson.dumps(dict(raw), default=str).decode()
    except TypeError:  # half a character, or too deep
        text = json.dumps(dict(raw), default=str, ensure_ascii=False)
    return _clean(_NUL.sub(r"\1", text))


def _clean(text: str) -> str:
    """PostgreSQL has neither NUL nor half a character in text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
