"""How personal data is shown by default (S14): `홍*동`, `010-1234-****`, an address without its unit."""

import re

_STREET = re.compile(
    r"[가-힣][가-힣0-9A-Za-z·]*(?:로|길|동|리|가|읍|면)\s*(?:\d+(?:번|가)?길\s*)?"
    r"(?:산|지하)?\s*\d+(?:-\d+)?(?:번지)?(?=[\s,.()]|$)"
)
"""A road with its building's number, or a district with its lot's: as far as a street address goes."""


def mask_name(name: str) -> str:
    """Hide the middle of a name: two syllables keep the first, longer names keep first and last."""
    name = name.strip()
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """Hide the last four digits, keeping whatever stands between the groups."""
    hidden = 4
    out: list[str] = []
    for character in reversed(phone):
        if character.isdigit() and hidden:
            out.append("*")
            hidden -= 1
        else:
            out.append(character)
    return "".join(reversed(out))


def mask_detail(address: str) -> str:
    """Hide a unit address (동, 호, door): digits become stars, words stay so that a clerk can compare."""
    return re.sub(r"\d", "*", address)


def mask_street(address: str) -> str:
    """Hide what stands behind the number of the road or lot: sheets bring a whole address in its first line.

    An address nobody can read that way loses all its digits.
    """
    found = _STREET.search(address)
    end = found.end() if found else 0
    return address[:end] + mask_detail(address[end:])
