"""Waybill numbers: lengths by mall and carrier, check digits, and numbers to hand out (carriers.md §1, §2)."""

from __future__ import annotations

import re

# Naver's deliveryCompanyCode → lengths its numbers may have; none: letters and digits, 5 to 30 of them.
NAVER_CARRIERS: dict[str, tuple[int, ...]] = {
    "CJGLS": (10, 12),
    "HANJIN": (10, 12),
    "HYUNDAI": (10, 12, 13),
    "KGB": (10, 11),
    "EPOST": (13,),
    "CUPARCEL": (10, 12),
    "CVSNET": (10, 12),
    "CHUNIL": (11,),
    "DAESIN": (13,),
} | dict.fromkeys(
    [
        "GSPOSTBOX",
        "ILYANG",
        "KDEXP",
        "HDEXP",
        "KUNYOUNG",
        "HPL",
        "NONGHYUP",
        "SLX",
        "HOMEPICK",
        "HONAM",
        "YONGMA",
        "REGISTPOST",
        "EMS",
        "DHL",
        "UPS",
        "FEDEX",
        "CH1",
        "GENERALPOST",
        "SEBANG",
        "KOREXG",
        "HLCGLOBAL",
        "TNT",
        "USPS",
        "QXPRESS",
        "PANTOS",
        "GSMNTON",
        "LOGISVALLEY",
        "TEAMFRESH",
        "VROONG",
        "TODAYPICKUP",
        "CHAINLOGIS",
        "SELC",
        "LGE",
        "HANSSEM",
        "FRESH",
        "GOODTOLUCK",
        "ANYTRACK",
    ],
    (),
)
_CJ_LIKE = {"CJGLS", "CUPARCEL", "CVSNET"}


def is_number(carrier: str, number: str, *, check_digit: bool) -> bool:
    """Say whether `number` can be one of `carrier`'s; with `check_digit` also by the inferred mod-7 rules."""
    lengths = NAVER_CARRIERS[carrier]
    plain = re.sub(r"[\s-]", "", number)
    if not lengths:
        return re.fullmatch(r"[0-9A-Za-z]{5,30}", plain) is not None
    if not plain.isascii() or not plain.isdigit() or len(plain) not in lengths or int(plain) == 0:
        return False
    return not check_digit or _fits_check_digit(carrier, plain)


def _fits_check_digit(carrier: str, plain: str) -> bool:
    last = int(plain[-1])
    if carrier in _CJ_LIKE and len(plain) == 12:
        return int(plain[2:11]) % 7 == last
    if carrier in {"HANJIN", "HYUNDAI"} and len(plain) in {10, 12}:
        return int(plain[:-1]) % 7 == last
    if carrier == "KGB" and len(plain) == 11:
        return int(plain[:-1]) % 7 == last
    return True


def make_number(carrier: str, serial: int) -> str:
    """Return a number of the carrier's form with a right check digit; CJ's form for carriers without one of their own."""
    if carrier in {"HANJIN", "HYUNDAI"}:
        base = 53_000_000_000 + serial % 1_000_000_000
        return f"{base}{base % 7}"
    if carrier == "KGB":
        base = 9_300_000_000 + serial % 100_000_000
        return f"{base}{base % 7}"
    if carrier == "EPOST":
        return f"6{serial % 10**12:012d}"
    body = serial % 1_000_000_000
    return f"68{body:09d}{body % 7}"


# Coupang's deliveryCompanyCode → lengths (carriers.md §2); none: 8 to 16 digits. DHL takes letters, UPS begins with 1Z
# or is digits, DIRECT is any number of digits without tracking.
COUPANG_CARRIERS: dict[str, tuple[int, ...]] = {
    "CJGLS": (10, 12),
    "KOREX": (10, 12),
    "HANJIN": (10, 12),
    "HYUNDAI": (10, 12, 13),
    "KGB": (10, 11),
    "EPOST": (13,),
    "CVS": (10, 12),
    "CHUNIL": (11,),
    "DAESIN": (13,),
    "DHL": (10, 13, 20),
    "UPS": (9, 18),
    "KDEXP": (),
    "ILYANG": (),
    "HDEXP": (),
    "AJOU": (),
    "CSLOGIS": (),
    "DIRECT": (),
}


def is_coupang_number(carrier: str, number: str) -> bool:
    """Say whether `number` has a form Coupang takes for `carrier`: lengths only, no check digit."""
    plain = re.sub(r"[\s-]", "", number)
    lengths = COUPANG_CARRIERS[carrier] or tuple(range(8, 17))
    if carrier in {"DHL", "UPS"}:
        return re.fullmatch(r"[0-9A-Za-z]+", plain) is not None and len(plain) in lengths
    if re.fullmatch(r"[0-9]+", plain) is None:
        return False
    return carrier == "DIRECT" or (len(plain) in lengths and int(plain) > 0)
