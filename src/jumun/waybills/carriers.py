"""Carriers we know, and what their waybill numbers look like. Pure. Source: carriers.md §1 and §2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckRule:
    """In a number this long, the digits from `start` to the last but one, as one number modulo 7, give the last.

    Data, not code: pages check with the same rules while a number is typed.
    """

    length: int
    start: int = 0

    def holds(self, number: str) -> bool:
        """Whether the number's last digit is the one the rule asks for. True for numbers of other lengths."""
        return len(number) != self.length or int(number[self.start : -1]) % 7 == int(number[-1])


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier: our id, its names, the lengths its numbers have (empty: any), and the check rules that are known."""

    id: str
    label_ko: str
    label_en: str
    lengths: frozenset[int] = frozenset()
    checks: tuple[CheckRule, ...] = ()


_CJ = (CheckRule(12, 2),)
"""10 digits are not checked."""
_WHOLE = (CheckRule(10), CheckRule(12))
_LOGEN = (CheckRule(11),)
"""10 digits are not checked."""


def _lengths(*lengths: int) -> frozenset[int]:
    return frozenset(lengths)


# fmt: off
_TABLE: tuple[Carrier, ...] = (
    Carrier("cj", "CJ대한통운", "CJ Logistics", _lengths(10, 12), _CJ),
    Carrier("hanjin", "한진택배", "Hanjin", _lengths(10, 12), _WHOLE),
    Carrier("lotte", "롯데택배", "Lotte", _lengths(10, 12, 13), _WHOLE),
    Carrier("logen", "로젠택배", "Logen", _lengths(10, 11), _LOGEN),
    Carrier("epost", "우체국택배", "Korea Post", _lengths(13)),
    Carrier("cu", "CU 편의점택배", "CU Post", _lengths(10, 12), _CJ),
    Carrier("gs", "GS Postbox", "GS Postbox", _lengths(10, 12), _CJ),
    Carrier("gsquick", "GS Postbox 퀵", "GS Postbox Quick"),
    Carrier("ilyang", "일양로지스", "Ilyang", frozenset(range(8, 17))),
    Carrier("kd", "경동택배", "Kyungdong", frozenset(range(8, 17))),
    Carrier("hd", "합동택배", "Hapdong", frozenset(range(8, 17))),
    Carrier("daesin", "대신택배", "Daesin", _lengths(13)),
    Carrier("chunil", "천일택배", "Chunil", _lengths(11)),
    Carrier("kunyoung", "건영택배", "Kunyoung"),
    Carrier("hpl", "한의사랑택배", "HPL"),
    Carrier("nh", "농협택배", "Nonghyup"),
    Carrier("slx", "SLX", "SLX"),
    Carrier("homepick", "홈픽", "Homepick"),
    Carrier("woori", "우리택배", "Woori"),
    Carrier("yongma", "용마로지스", "Yongma"),
    Carrier("regpost", "우편등기", "Registered post"),
    Carrier("ems", "EMS", "EMS"),
    Carrier("dhl", "DHL", "DHL", _lengths(10, 13, 20)),
    Carrier("ups", "UPS", "UPS", _lengths(9, 18)),
    Carrier("fedex", "FedEx", "FedEx"),
    Carrier("direct", "업체 직접배송", "Own delivery"),
    Carrier("etc", "기타 택배", "Other"),
)
# fmt: on
NUMBERLESS = "direct"
"""What the seller brings in person needs no number."""

CARRIERS: dict[str, Carrier] = {carrier.id: carrier for carrier in _TABLE}


def normalise_number(text: str) -> str:
    """Letters and digits only, letters in capitals; what a person or a sheet puts between them is dropped."""
    return "".join(character for character in text if character.isascii() and character.isalnum()).upper()


def refuse_number(carrier_id: str, number: str) -> str:
    """Why this number cannot be this carrier's: a refusal code, or "" when it can."""
    carrier = CARRIERS.get(carrier_id)
    if carrier is None:
        return "unknown_carrier"
    if carrier.id == NUMBERLESS:
        return ""
    if not number:
        return "no_waybill"
    if carrier.lengths and len(number) not in carrier.lengths:
        return "waybill_length"
    return ""


def doubt_number(carrier_id: str, number: str) -> str:
    """A warning the clerk may set aside: "check_digit" when the carrier's check rule does not hold, else ""."""
    carrier = CARRIERS.get(carrier_id)
    if carrier is None or not number.isdigit() or refuse_number(carrier_id, number):
        return ""
    return "" if all(rule.holds(number) for rule in carrier.checks) else "check_digit"
