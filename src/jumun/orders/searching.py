"""Conditions that look for what a person typed: numbers of any kind by their keys, words and initials in names.

Each answers SQL over items (alias `{i}`) and adds its parameters. Under row-level security an index serves equality and
comparison, not LIKE or regular expressions (stack.md k): so words are looked for among the distinct names, which an
index knows, and the items are then found by equality.
"""

from collections.abc import Iterable
from typing import Any

from jumun.core.initials import has_initials, initials_pattern
from jumun.core.phones import normalise_phone
from jumun.orders.queries_names import Names, find_items_of, find_names, like, match_recipient

LIKELY_PHONE = 9
SHORTEST_NUMBER = 4
LONGEST_NUMBER = 200

_BY_KEY = """
SELECT n.id FROM orders_orderitem n WHERE n.order_number = ANY({keys})
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.line_no = ANY({keys})
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.sku_code = ANY({keys})
UNION ALL SELECT n.id FROM orders_orderitem n WHERE n.waybill = ANY({waybills}) AND n.waybill <> ''
UNION ALL SELECT n.id FROM orders_shipment s JOIN orders_orderitem n ON n.shipment_id = s.id
           WHERE s.bundle_no = ANY({keys})
"""

_BY_PHONE = """
UNION ALL SELECT n.id FROM orders_recipient r JOIN orders_orderitem n ON n.order_id = r.order_id
           WHERE r.phone1 = ANY({phones})
UNION ALL SELECT n.id FROM orders_recipient r JOIN orders_orderitem n ON n.order_id = r.order_id
           WHERE r.phone2 = ANY({phones}) AND r.phone2 <> ''
"""


def distinct_numbers(given: Iterable[str]) -> tuple[str, ...]:
    """What was typed or pasted as numbers: trimmed, each once, in its order. Raises ValueError for what is none."""
    kept = tuple(dict.fromkeys(number.strip() for number in given if number.strip()))
    if any(len(number) > LONGEST_NUMBER or "\x00" in number for number in kept):
        raise ValueError("not a number")
    return kept


def as_waybill(number: str) -> str:
    """A number as waybills are kept: letters and digits only, capital."""
    return "".join(character for character in number if character.isalnum()).upper()


def as_phone(number: str) -> str:
    """A number as phones are kept; empty when it can be none."""
    phone = normalise_phone(number)
    return phone if len(phone) >= LIKELY_PHONE else ""


def by_numbers(numbers: tuple[str, ...], params: dict[str, Any]) -> list[str]:
    """Items that any of these numbers names."""
    if not numbers:
        return []
    return [_by_keys(numbers, "f_numbers", params)]


def _by_keys(numbers: tuple[str, ...], name: str, params: dict[str, Any]) -> str:
    params[name] = list(numbers)
    params[f"{name}_waybills"] = [waybill for waybill in map(as_waybill, numbers) if waybill]
    params[f"{name}_phones"] = [phone for phone in map(as_phone, numbers) if phone]
    sql = _BY_KEY + (_BY_PHONE if params[f"{name}_phones"] else "")
    given = {"keys": f"%({name})s", "waybills": f"%({name}_waybills)s", "phones": f"%({name}_phones)s"}
    return "{i}.id IN (" + sql.format(**{part: f"{value}::text[]" for part, value in given.items()}) + ")"


def by_recipient(text: str, params: dict[str, Any]) -> list[str]:
    """Items of orders to this person: a phone, a name, or the initials a name begins with."""
    text = text.strip()
    if not text:
        return []
    phone = as_phone(text)
    if phone and not any(character.isalpha() for character in text):
        params["f_recipient"] = phone
        return [
            "{i}.order_id IN (SELECT r.order_id FROM orders_recipient r WHERE r.phone1 = %(f_recipient)s UNION ALL"
            " SELECT r.order_id FROM orders_recipient r WHERE r.phone2 = %(f_recipient)s AND r.phone2 <> '')"
        ]
    few = find_items_of(text) if has_initials(text) else None
    if few is not None:
        params["f_recipient"] = list(few)
        return ["{i}.id = ANY(%(f_recipient)s::bigint[])"]
    chosen, more = match_recipient(text)
    params |= {f"f_recipient_{name}": value for name, value in more.items()}
    chosen = chosen.replace("%(", "%(f_recipient_")
    return [f"{{i}}.order_id IN (SELECT r.order_id FROM orders_recipient r WHERE {chosen})"]


def by_words(text: str, params: dict[str, Any]) -> list[str]:
    """One box over everything. What looks like a number is looked up by its keys, each an index; words by the names
    that hold them, which takes a statement of its own.
    """
    text = text.strip()
    if not text:
        return []
    if is_a_number(text):
        return [_by_keys((text,), "f_q", params)]
    found = find_names(text)
    if found.few is not None:
        params["f_q"] = list(found.few)
        return ["{i}.id = ANY(%(f_q)s::bigint[])"]
    chosen, more = match_recipient(text)
    params |= {"f_q": text} | {f"f_q_{name}": value for name, value in more.items()}
    chosen = chosen.replace("%(", "%(f_q_")
    ways = _by_names(found, params) if found.whole else _by_reading(text, params)
    ways += [
        "{i}.sku_code = %(f_q)s",
        f"{{i}}.order_id IN (SELECT r.order_id FROM orders_recipient r WHERE {chosen})",
    ]
    return ["(" + " OR ".join(ways) + ")"]


def _by_names(found: Names, params: dict[str, Any]) -> list[str]:
    ways = []
    if found.products:
        params["f_q_products"] = list(found.products)
        ways.append("{i}.product_name = ANY(%(f_q_products)s::text[])")
    if found.options:
        params |= {"f_q_of_options": list(found.of_options), "f_q_options": list(found.options)}
        ways.append(
            "({i}.product_name = ANY(%(f_q_of_options)s::text[]) AND {i}.option_text = ANY(%(f_q_options)s::text[]))"
        )
    return ways


def _by_reading(text: str, params: dict[str, Any]) -> list[str]:
    """Item by item: for a company with more names than are looked through."""
    params["f_q_words"] = initials_pattern(text) if has_initials(text) else like(text)
    compared = "~" if has_initials(text) else "LIKE"
    return [f"{{i}}.product_name {compared} %(f_q_words)s", f"{{i}}.option_text {compared} %(f_q_words)s"]


def is_a_number(text: str) -> bool:
    """Order numbers, waybills, bundle numbers, phones, SKU codes: ASCII with a digit in it, no spaces but in phones."""
    return text.isascii() and any(character.isdigit() for character in text) and len(text) >= SHORTEST_NUMBER
