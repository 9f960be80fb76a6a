"""What a person writes for a weight or for how much room something takes. Pure."""

import math
import re
from fractions import Fraction

MOST = 9_999_999
"""Grams of a SKU, and cm³."""
_SIDES = re.compile(r"(\d{1,5}(?:\.\d{1,2})?)\s*(mm|cm|m)?", re.ASCII)
_BETWEEN = re.compile(r"[x×*✕Ⅹ]", re.IGNORECASE)
_CM = {"mm": Fraction(1, 10), "cm": Fraction(1), "m": Fraction(100)}


def read_grams(said: str) -> int:
    """`1,200g`, `1.2kg` or `300` as grams; "" is 0. Raises ValueError.

    >>> read_grams("1,200g"), read_grams("1.2kg"), read_grams("")
    (1200, 1200, 0)
    """
    text = said.replace(",", "").strip().lower()
    number, unit = (text[:-2], 1000) if text.endswith("kg") else (text.removesuffix("g"), 1)
    return _whole(number.strip(), unit)


def read_volume(said: str) -> int:
    """Three sides (`30x20x10`, in cm unless they say mm or m) or cm³ as cm³, rounded up; "" is 0. Raises ValueError.

    >>> read_volume("30x20x10"), read_volume("300×200×105mm"), read_volume("6,000"), read_volume("6000cm³")
    (6000, 6300, 6000, 6000)
    """
    text = said.replace(",", "").strip().lower()
    sides = _BETWEEN.split(text)
    if len(sides) == 1:
        return _whole(re.sub(r"\s*(cm3|cm³|㎤)$", "", text), 1)
    found = [_SIDES.fullmatch(side.strip()) for side in sides]
    if len(found) != 3 or None in found:
        raise ValueError(said)
    read = [(Fraction(each[1]), each[2]) for each in found if each]
    usual = read[-1][1] or "cm"  # `300×200×105mm` says its unit once
    volume = math.prod((number * _CM[unit or usual] for number, unit in read), start=Fraction(1))
    return _small(math.ceil(volume))


def _whole(text: str, unit: int) -> int:
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text, re.ASCII):
        raise ValueError(text)
    return _small(math.ceil(Fraction(text) * unit))


def _small(number: int) -> int:
    if number > MOST:
        raise ValueError(number)
    return number
