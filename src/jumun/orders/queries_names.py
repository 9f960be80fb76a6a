"""Which products, options and recipients a person's words mean: found among the distinct names, not among the items.

Under row-level security LIKE and regular expressions read rows, equality reads an index (stack.md k). A company has
many items and few names: an index of them is stepped through, each name once, and the items are found by equality.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jumun.core.initials import first_range, has_initials, initials_pattern

MOST_NAMES = 50_000
"""Products with options looked through; a company with more is searched item by item."""
FEW = 2000
"""So many items are named one by one. More are found soon in any order, so a condition is left to the planner."""


@dataclass(frozen=True, slots=True)
class Names:
    """What words mean.

    few        every item they mean; None when these are more than `FEW`
    products   names that hold them;  of_options, options  names and options of the pairs whose option holds them
    whole      False when there are too many names to look through
    """

    few: Sequence[int] | None
    products: Sequence[str]
    of_options: Sequence[str]
    options: Sequence[str]
    whole: bool


# LATERAL with OFFSET 0: name by name and order by order, each by its index, and no further than asked.
_NAMES = """
WITH RECURSIVE name(product, option) AS (
    (SELECT n.product_name, n.option_text FROM orders_orderitem n ORDER BY n.product_name, n.option_text LIMIT 1)
    UNION ALL
    SELECT f.product_name, f.option_text FROM name CROSS JOIN LATERAL (
           SELECT n.product_name, n.option_text FROM orders_orderitem n
            WHERE (n.product_name, n.option_text) > (name.product, name.option)
            ORDER BY n.product_name, n.option_text LIMIT 1) AS f
), seen AS MATERIALIZED (
    SELECT product, option, product {compared} %(words)s AS named, option {compared} %(words)s AS opted
      FROM name LIMIT %(most)s
)
SELECT coalesce(array_agg(DISTINCT product) FILTER (WHERE named), '{{}}'),
       coalesce(array_agg(DISTINCT product) FILTER (WHERE opted AND NOT named), '{{}}'),
       coalesce(array_agg(DISTINCT option) FILTER (WHERE opted AND NOT named), '{{}}'),
       ARRAY(SELECT n.id FROM seen CROSS JOIN LATERAL (
                    SELECT n.id FROM orders_orderitem n
                     WHERE n.product_name = seen.product AND n.option_text = seen.option OFFSET 0) AS n
              WHERE seen.named OR seen.opted LIMIT %(few)s),
       ARRAY({of_recipients} LIMIT %(few)s),
       ARRAY(SELECT n.id FROM orders_orderitem n WHERE n.sku_code = %(sku)s LIMIT %(few)s),
       count(*)
  FROM seen
"""

_OF_RECIPIENTS = """SELECT n.id FROM orders_recipient r CROSS JOIN LATERAL (
        SELECT n.id FROM orders_orderitem n WHERE n.order_id = r.order_id OFFSET 0) AS n WHERE {recipient}"""


def find_names(words: str) -> Names:
    """The names a person's words mean: words as they stand in it, or initials. One statement."""
    recipient, params = match_recipient(words)
    params |= {
        "words": initials_pattern(words) if has_initials(words) else like(words),
        "most": MOST_NAMES,
        "few": FEW + 1,
        "sku": words,
    }
    sql = _NAMES.format(
        compared="~" if has_initials(words) else "LIKE", of_recipients=_OF_RECIPIENTS.format(recipient=recipient)
    )
    with connection.cursor() as run:
        run.execute(sql, params)
        products, of_options, options, by_name, by_recipient, by_sku, seen = run.fetchone()
    whole = seen < MOST_NAMES
    items = sorted({*by_name, *by_recipient, *by_sku})
    few = whole and max(len(items), len(by_name), len(by_recipient), len(by_sku)) <= FEW
    return Names(items if few else None, products, of_options, options, whole)


def find_items_of(recipient: str) -> Sequence[int] | None:
    """Items of orders to a recipient of this name or these initials; None when there are more than `FEW`."""
    condition, params = match_recipient(recipient)
    with connection.cursor() as run:
        run.execute(_OF_RECIPIENTS.format(recipient=condition) + " LIMIT %(few)s", params | {"few": FEW + 1})
        found = [int(row[0]) for row in run.fetchall()]
    return found if len(found) <= FEW else None


def match_recipient(words: str) -> tuple[str, dict[str, Any]]:
    """The condition over recipients `r` of a name, or of a name that begins with these initials, and its parameters."""
    if not has_initials(words):
        return "r.name = %(f_name)s", {"f_name": words}
    params: dict[str, Any] = {"f_name": "^" + initials_pattern(words)}
    between = first_range(words)
    if between is None:
        return "r.name ~ %(f_name)s", params
    params |= {"f_name_from": between[0], "f_name_to": between[1]}
    return "r.name >= %(f_name_from)s AND r.name < %(f_name_to)s AND r.name ~ %(f_name)s", params


def like(words: str) -> str:
    """The LIKE pattern of a text that holds these words."""
    return "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
