"""A recipient's address in its two values, ours and the channel's: what a person may type, and SQL to tell them apart."""

import re
from collections.abc import Mapping
from unicodedata import category

from jumun.core.masking import mask_detail, mask_name, mask_phone, mask_street

FIELDS = ("name", "phone1", "phone2", "postcode", "address1", "address2", "message")
"""What a person may edit of a recipient, in the order a form asks for it."""
LONGEST: dict[str, int] = {
    "name": 20,
    "phone1": 15,
    "phone2": 15,
    "postcode": 10,
    "address1": 200,
    "address2": 200,
    "message": 300,
    "memo": 1000,
}
"""Most characters of each (Q8, Q9)."""
REQUIRED = frozenset({"name", "phone1", "postcode", "address1"})
LINES = frozenset({"message", "memo"})
"""May have several lines."""
_BREAKS = {ord("\n"): None, ord("\t"): None}
PHONES = ("phone1", "phone2")
PHONE = re.compile(r"[0-9()+-]*")
POSTCODE = re.compile(r"[0-9A-Za-z -]*")
SAID = (*FIELDS, "country")
"""What the channel says of an address."""


def find_fault(field: str, value: str) -> str:
    """The code of what is wrong with a typed value; "" when nothing is."""
    if field in REQUIRED and not value:
        return "field_empty"
    if len(value) > LONGEST[field]:
        return "field_long"
    rest = value.translate(_BREAKS) if field in LINES else value
    wrong = any(category(each) in ("Cc", "Cs") for each in rest)
    if field in PHONES:
        digits = sum(each.isdigit() for each in value)
        wrong = not PHONE.fullmatch(value) or bool(value and not digits)
    elif field == "postcode":
        wrong = not POSTCODE.fullmatch(value)
    return "field_form" if wrong else ""


def digest_sql(row: str) -> str:
    """SQL for the digest of an address in the row `row`."""
    parts = ", ".join(f"{row}.{name}" for name in SAID)
    return f"encode(sha256(convert_to(jsonb_build_array({parts})::text, 'UTF8')), 'hex')"


def same_sql(one: str, other: str) -> str:
    """SQL for whether two rows hold one address."""
    left, right = (", ".join(f"{row}.{name}" for name in SAID) for row in (one, other))
    return f"({left}) IS NOT DISTINCT FROM ({right})"


def only_said(values: Mapping[str, object]) -> dict[str, str]:
    """The address out of a larger mapping."""
    return {name: str(values.get(name) or "") for name in SAID}


def mask_field(field: str, value: str) -> str:
    """A value as somebody sees it who may not see recipients in clear."""
    if field == "name":
        return mask_name(value)
    if field in PHONES:
        return mask_phone(value)
    if field == "address1":
        return mask_street(value)
    return mask_detail(value) if field in ("address2", "message") else value
