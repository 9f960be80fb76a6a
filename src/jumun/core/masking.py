"""How personal data is shown by default (S14): `홍*동`, `010-1234-****`, an address without its unit."""

import re


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
