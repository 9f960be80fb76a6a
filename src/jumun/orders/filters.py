"""A filter over items as data, and the SQL it stands for. The same filter serves lists, counts, exports and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from math import ceil, floor
from typing import Any
from uuid import UUID

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError
from jumun.orders import searching
from jumun.orders.queries_names import like
from jumun.orders.states import Allocation, Status

CLAIM_KINDS = ("cancel", "return", "exchange")
MOST_NUMBERS = 1000
"""How many numbers one filter takes."""
MOST_AMOUNT = Decimal(10) ** 12
LONGEST = 200
ANY = "any"
NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are meant. Empty fields ask nothing; several values of one field are alternatives.

    claim      claim words, "open" for any open one, or a kind (cancel, return, exchange) for its open ones
    waybill    exact number, or "none" for items without one
    hold       reasons of holds that are still on
    …_from, …_to   a period: from a moment on, to before a moment; of the amount both ends belong to it
    recipient  a name or phone, exact, or a name's initials (초성)
    memo       words of the order's memo, or "any" for every order that has one
    numbers    numbers of any kind: order, line, bundle, waybill, SKU code, phone
    moved_by   the batch that moved or marked it;  refused_by  the batch that left it alone
    q          one search box over order number, line, bundle number, waybill, SKU, product, recipient name and phone,
               and the initials (초성) of names and products
    """

    status: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    channel_account: tuple[int, ...] = ()
    push: tuple[str, ...] = ()
    allocation: tuple[str, ...] = ()
    claim: str = ""
    held: bool | None = None
    hold: tuple[str, ...] = ()
    matched: bool | None = None
    reprint: bool | None = None
    carrier: str = ""
    waybill: str = ""
    number: tuple[str, ...] = ()
    shipment: tuple[str, ...] = ()
    line_no: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    ordered_from: datetime | None = None
    ordered_to: datetime | None = None
    paid_from: datetime | None = None
    paid_to: datetime | None = None
    ship_by_from: datetime | None = None
    ship_by_to: datetime | None = None
    ship_by_before: datetime | None = None
    status_since_from: datetime | None = None
    status_since_to: datetime | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    recipient: str = ""
    memo: str = ""
    moved_by: UUID | None = None
    refused_by: UUID | None = None
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
    "allocation": "allocation",
    "number": "order_number",
    "shipment": "bundle_no",
    "line_no": "line_no",
    "sku": "sku_code",
}
_FLAGS = ("held", "matched", "reprint")
_MOMENTS = {
    "ordered_from": "{i}.ordered_at >=",
    "ordered_to": "{i}.ordered_at <",
    "paid_from": "{i}.paid_at >=",
    "paid_to": "{i}.paid_at <",
    "ship_by_from": "{i}.ship_by >=",
    "ship_by_to": "{i}.ship_by <",
    "ship_by_before": "{i}.ship_by <",
    "status_since_from": "{i}.status_since >=",
    "status_since_to": "{i}.status_since <",
}
_AMOUNTS = {"amount_from": "{i}.amount_minor >=", "amount_to": "{i}.amount_minor <="}
_BATCHES = {
    "moved_by": "{i}.id IN (SELECT e.item_id FROM orders_timelineevent e WHERE e.batch =",
    "refused_by": "{i}.id IN (SELECT b.item_id FROM orders_batchrefusal b WHERE b.batch_id =",
}
_PLAIN = {
    **{name: f"{{i}}.{name} = %(f_{name})s" for name in _FLAGS},
    "carrier": "{i}.carrier = %(f_carrier)s",
    **{name: f"{compared} %(f_{name})s" for name, compared in (_MOMENTS | _AMOUNTS).items()},
    **{name: f"{inside} %(f_{name})s)" for name, inside in _BATCHES.items()},
}


_BY_STATUS = tuple(name for name in (*_MOMENTS, *_AMOUNTS) if not name.startswith("ordered"))
"""Ranges of what is indexed behind the status: without one, all of them are named, so that the index is of use."""


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
            params[f"f_{name}"] = _minor(name, value) if name in _AMOUNTS else value
    if not wanted.status and any(getattr(wanted, name) is not None for name in _BY_STATUS):
        parts.append("{i}.status = ANY(%(f_statuses)s)")
        params["f_statuses"] = list(Status.values)
    parts += _claim(wanted.claim, params) + _waybill(wanted.waybill, params) + _hold(wanted.hold, params)
    parts += searching.by_numbers(wanted.numbers, params) + searching.by_recipient(wanted.recipient, params)
    parts += _memo(wanted.memo, params) + searching.by_words(wanted.q, params)
    return Clause(" AND ".join(parts) or "true", params)


def _minor(name: str, amount: Decimal) -> int:
    """A bound of the amount in hundredths, as the index has it."""
    return ceil(amount * 100) if name == "amount_from" else floor(amount * 100)


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
    if waybill == NONE:
        return ["{i}.waybill = ''"]
    params["f_waybill"] = "".join(character for character in waybill if character.isalnum())
    return ["{i}.waybill = %(f_waybill)s"]


def _hold(reasons: tuple[str, ...], params: dict[str, Any]) -> list[str]:
    if not reasons:
        return []
    params["f_hold"] = list(reasons)
    return [
        "({i}.held AND EXISTS (SELECT 1 FROM orders_hold h WHERE h.item_id = {i}.id AND h.released_at IS NULL"
        " AND h.reason = ANY(%(f_hold)s)))"
    ]


def _memo(memo: str, params: dict[str, Any]) -> list[str]:
    memo = memo.strip()
    if not memo:
        return []
    words = ""
    if memo != ANY:
        params["f_memo"] = like(memo)
        words = " AND o.memo LIKE %(f_memo)s"
    return [f"{{i}}.order_id IN (SELECT o.id FROM orders_order o WHERE o.memo <> ''{words})"]


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
    if not set(values.get("allocation", ())) <= set(Allocation.values):
        raise JumunError("invalid", field="allocation")
    if len(values.get("numbers", ())) > MOST_NUMBERS:
        raise JumunError("invalid", field="numbers")
    return ItemFilter(**values)


def _value(name: str, value: Any) -> Any:
    try:
        if name == "channel_account":
            return tuple(_id(each) for each in _many(value))
        if name == "numbers":
            return searching.distinct_numbers(str(each) for each in _many(value))
        if name in _EQUAL_ANY or name == "hold":
            return tuple(str(each) for each in _many(value))
        if name in _FLAGS:
            return _flag(value)
        if name in _MOMENTS:
            return _moment(value)
        if name in _AMOUNTS:
            return _amount(value)
        if name in _BATCHES:
            return value if isinstance(value, UUID) else UUID(_text(value))
        return _text(value)
    except (TypeError, ValueError, ArithmeticError) as problem:
        raise JumunError("invalid", field=name) from problem


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        raise ValueError("not a short text")
    return value


def _id(value: object) -> int:
    number = int(str(value))
    if not 0 <= number < 2**63:
        raise ValueError("beyond any id")
    return number


def _amount(value: object) -> Decimal:
    amount = Decimal(str(value).replace(",", "").strip())
    if isinstance(value, bool) or not amount.is_finite() or abs(amount) > MOST_AMOUNT:
        raise ValueError("not an amount")
    return amount


def _flag(value: object) -> bool:
    known = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
    if not isinstance(value, (bool, str)) or value not in known:
        raise ValueError(value)
    return known[value]


def _many(value: object) -> Sequence[Any]:
    if isinstance(value, str):
        value = [part for part in value.split(",") if part]
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
