"""Korean phone numbers as one string of digits, so that two spellings of one number are equal."""

import re
import unicodedata


def normalise_phone(text: str) -> str:
    """Digits only, +82 taken back to 0, full-width digits folded, a dropped leading zero put back.

    >>> normalise_phone("+82 10-1234-5678"), normalise_phone("1012345678"), normalise_phone("０１０ 1234 5678")
    ('01012345678', '01012345678', '01012345678')
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    if digits.startswith("82") and len(digits) >= 11:
        digits = digits[2:]
        return digits if digits.startswith("0") else "0" + digits
    if digits.startswith(("10", "11", "16", "17", "18", "19")) and len(digits) in (9, 10):
        return "0" + digits
    return digits
