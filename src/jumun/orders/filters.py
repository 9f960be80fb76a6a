"""A filter over items as data, and the SQL it stands for. The same filter serves lists, counts, exports and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError
from jumun.core.phones import normalise_phone
from jumun.orders.states import Status

LIKELY_PHONE = 9
SHORTEST_NUMBER = 4
CLAIM_KINDS = ("cancel", "return", "exchange")


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are meant. Empty fields ask nothing; several values of one field are alternatives.

    claim     claim words, "open" for any open one, or a kind (cancel, return, exchange) for its open ones
    waybill   exact number, or "none" for items without one
    q         one search box over order number, line, bundle number, waybill, SKU, product, recipient name and phone
    """

    status: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    channel_account: tuple[int, ...] = ()
    push: tuple[str, ...] = ()
    claim: str = ""
    held: bool | None = None
    matched: bool | None = None
    carrier: str = ""
    waybill: str = ""
    number: tuple[str, ...] = ()
    shipment: tuple[str, ...] = ()
    line_no: tuple[str, ...] = ()
    ordered_from: datetime | None = None
    ordered_to: datetime | None = None
    ship_by_before: datetime | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of SQL over items (alias `{i}`) with its named parameters."""

    sql: str
    params: dict[str, Any]

    def over(self, alias: str) -> str:
        """The SQL with the item table's alias filled in."""
        return self.sql.replace("{i}", alias)


_EQUAL_ANY = {
    "status": "status",
    "channel": "channel",
    "channel_account": "account_id",
    "push": "push",
    "number": "order_number",
    "shipment": "bundle_no",
    "line_no": "line_no",
}
_PLAIN = {
    "held": "{i}.held = %(f_held)s",
    "matched": "{i}.matched = %(f_matched)s",
    "carrier": "{i}.carrier = %(f_carrier)s",
    "ordered_from": "{i}.ordered_at >= %(f_ordered_from)s",
    "ordered_to": "{i}.ordered_at < %(f_ordered_to)s",
    "ship_by_before": "{i}.ship_by < %(f_ship_by_before)s",
}


def where(wanted: ItemFilter) -> Clause:
    """The condition a filter stands for; "true" when it asks nothing."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for name, column in _EQUAL_ANY.items():
        values = getattr(wanted, name)
        if len(values) == 1:  # an index in order serves one value, not a list of one
            parts.append(f"{{i}}.{column} = %(f_{name})s")
            params[f"f_{name}"] = values[0]
        elif values:
            parts.append(f"{{i}}.{column} = ANY(%(f_{name})s)")
            params[f"f_{name}"] = list(values)
    for name, condition in _PLAIN.items():
        value = getattr(wanted, name)
        if value is not None and value != "":
            parts.append(condition)
            params[f"f_{name}"] = value
    parts += _claim(wanted.claim, params) + _waybill(wanted.waybill, params) + _search(wanted.q, params)
    return Clause(" AND ".join(parts) or "true", params)


def _claim(claim: str, params: dict[str, Any]) -> list[str]:
    if not claim:
        return []
    if claim == "open":
        return ["{i}.claim_open"]
    if claim in CLAIM_KINDS:
        params["f_claim"] = claim
        return ["({i}.claim_open AND split_part({i}.claim, '_', 1) = %(f_claim)s)"]
    params["f_claim"] = claim
    return ["{i}.claim = %(f_claim)s"]


def _waybill(waybill: str, params: dict[str, Any]) -> list[str]:
    if not waybill:
        return []
    if waybill == "none":
        return ["{i}.waybill = ''"]
    params["f_waybill"] = "".join(character for character in waybill if character.isalnum())
    return ["{i}.waybill = %(f_waybill)s"]


def _search(text: str, params: dict[str, Any]) -> list[str]:
    """One box over everything. What looks like a number is looked up by its keys, each an index; words are compared."""
    text = text.strip()
    if not text:
        return []
    params["f_q"] = text
    phone = normalise_phone(text)
    if len(phone) >= LIKELY_PHONE:
        params["f_phone"] = phone
    if _looks_like_a_number(text):
        return [f"{{i}}.id IN ({_BY_KEY}{_BY_PHONE if 'f_phone' in params else ''})"]
    params["f_q_like"] = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return [
        "({i}.product_name LIKE %(f_q_like)s OR {i}.option_text LIKE %(f_q_like)s OR {i}.sku_code = %(f_q)s"
        " OR {i}.order_id IN (SELECT r.order_id FROM orders_recipient r WHERE r.name = %(f_q)s))"
    ]


def _looks_like_a_number(text: str) -> bool:
    """Order numbers, waybills, bundle numbers, phones, SKU codes: ASCII with a digit in it, no spaces but in phones."""
    return text.isascii() and any(character.isdigit() for character in text) and len(text) >= SHORTEST_NUMBER


_BY_KEY = """
SELECT n.id FROM orders_orderitem n WHERE n.order_number = %(f_q)s
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.line_no = %(f_q)s
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.sku_code = %(f_q)s
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.waybill = upper(replace(replace(%(f_q)s, '-', ''), ' ', ''))
                                                AND n.waybill <> ''
UNION ALL SELECT n.id FROM orders_shipment s JOIN orders_orderitem n ON n.shipment_id = s.id WHERE s.bundle_no = %(f_q)s
"""

_BY_PHONE = """
UNION ALL SELECT n.id FROM orders_recipient r JOIN orders_orderitem n ON n.order_id = r.order_id
           WHERE r.phone1 = %(f_phone)s
UNION ALL SELECT n.id FROM orders_recipient r JOIN orders_orderitem n ON n.order_id = r.order_id
           WHERE r.phone2 = %(f_phone)s AND r.phone2 <> ''
"""


def read_filter(given: Mapping[str, Any]) -> ItemFilter:
    """A filter from JSON or a query string. Raises JumunError("invalid") for an unknown field or value."""
    known = {field.name for field in fields(ItemFilter)}
    for name in given:
        if name not in known:
            raise JumunError("invalid", field=name)
    values = {name: _value(name, value) for name, value in given.items() if value not in (None, "", [], ())}
    for status in values.get("status", ()):
        if status not in Status.values:
            raise JumunError("invalid", field="status")
    return ItemFilter(**values)


def _value(name: str, value: Any) -> Any:
    try:
        if name == "channel_account":
            return tuple(int(each) for each in _many(value))
        if name in _EQUAL_ANY:
            return tuple(str(each) for each in _many(value))
        if name in ("held", "matched"):
            return _flag(value)
        if name in ("ordered_from", "ordered_to", "ship_by_before"):
            return _moment(value)
    except (TypeError, ValueError) as problem:
        raise JumunError("invalid", field=name) from problem
    if not isinstance(value, str) or len(value) > 200 or "\x00" in value:
        raise JumunError("invalid", field=name)
    return value


def _flag(value: object) -> bool:
    known = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
    if not isinstance(value, (bool, str)) or value not in known:
        raise ValueError(value)
    return known[value]


def _many(value: object) -> Sequence[Any]:
    if isinstance(value, str):
        return [part for part in value.split(",") if part]
    if isinstance(value, (list, tuple)):
        if any(not isinstance(each, (str, int)) or "\x00" in str(each) for each in value):
            raise ValueError("not a list of plain values")
        return value
    if isinstance(value, int):
        return [value]
    raise ValueError("not a list")


def _moment(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else read_moment(str(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment
