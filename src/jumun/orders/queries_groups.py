"""A list in groups: how many items, pieces and won of each channel account, SKU or recipient."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from jumun.core.errors import JumunError
from jumun.core.masking import mask_name, mask_phone
from jumun.orders.filters import ItemFilter, where

MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Group:
    """One group. It opens as the list with one more condition, `query`; a recipient's holds no personal data.

    label      the account's name, the SKU's code and product, or the masked recipient
    amount     in `currency`; None where the group's items have several currencies
    """

    key: str
    label: str
    items: int
    quantity: int
    amount: Decimal | None
    query: str
    currency: str = "KRW"


_SUMS = """
       count(*) AS items, sum(i.quantity) AS quantity, sum(i.amount) AS amount,
       CASE WHEN min(i.currency) = max(i.currency) THEN min(i.currency) ELSE '' END AS currency
"""

_BY_ACCOUNT = f"""
SELECT g.account_id::text, a.name, '', g.items, g.quantity, g.amount, g.currency, NULL
  FROM (SELECT i.account_id, {_SUMS} FROM orders_orderitem i WHERE {{condition}} GROUP BY 1
         ORDER BY items DESC, 1 LIMIT %(limit)s) AS g
  JOIN channels_channelaccount a ON a.id = g.account_id
 ORDER BY g.items DESC, g.account_id
"""

_BY_SKU = f"""
SELECT i.sku_code, min(i.product_name), '', {_SUMS}, NULL FROM orders_orderitem i WHERE {{condition}} GROUP BY i.sku_code
 ORDER BY items DESC, i.sku_code LIMIT %(limit)s
"""

_BY_RECIPIENT = """
SELECT min(o.order_id)::text, r.name, r.phone1, sum(o.items) AS items, sum(o.quantity), sum(o.amount),
       CASE WHEN min(o.currency) = max(o.currency) THEN min(o.currency) ELSE '' END, array_agg(o.number)
  FROM (SELECT i.order_id, min(i.order_number) AS number, min(i.currency) AS currency, count(*) AS items,
               sum(i.quantity) AS quantity, sum(i.amount) AS amount
          FROM orders_orderitem i WHERE {condition} GROUP BY i.order_id) AS o
  JOIN orders_recipient r ON r.order_id = o.order_id
 GROUP BY r.name, r.phone1 ORDER BY items DESC, min(o.order_id) LIMIT %(limit)s
"""


def _account(row: tuple[Any, ...]) -> tuple[str, dict[str, str]]:
    return row[1], {"channel_account": row[0]}


def _sku(row: tuple[Any, ...]) -> tuple[str, dict[str, str]]:
    return f"{row[0]} {row[1]}".strip(), {"sku": row[0]} if row[0] else {"matched": "false"}


def _recipient(row: tuple[Any, ...]) -> tuple[str, dict[str, str]]:
    return f"{mask_name(row[1])} {mask_phone(row[2])}".strip(), {"number": ",".join(sorted(set(row[7])))}


_WAYS: dict[str, tuple[str, Callable[[tuple[Any, ...]], tuple[str, dict[str, str]]]]] = {
    "channel_account": (_BY_ACCOUNT, _account),
    "sku": (_BY_SKU, _sku),
    "recipient": (_BY_RECIPIENT, _recipient),
}
GROUPINGS = tuple(_WAYS)


def list_groups(wanted: ItemFilter, by: str, *, limit: int = MOST_GROUPS) -> list[Group]:
    """The filter's items in groups, the biggest first. One statement. Raises JumunError("invalid")."""
    if by not in _WAYS:
        raise JumunError("invalid", field="group")
    sql, describe = _WAYS[by]
    clause = where(wanted)
    with connection.cursor() as run:
        run.execute(sql.format(condition=clause.over("i")), clause.params | {"limit": max(1, min(limit, MOST_GROUPS))})
        return [_group(row, *describe(row)) for row in run.fetchall()]


def _group(row: tuple[Any, ...], label: str, more: dict[str, str]) -> Group:
    amount = Decimal(row[5]) if row[6] else None
    return Group(row[0], label, int(row[3]), int(row[4]), amount, urlencode(more, safe=","), row[6])
