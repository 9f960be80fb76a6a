"""How a value of the database stands in a sheet: words for codes, Korean time, phones with their dashes."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from jumun.channels.registry import MANUAL, find_profile
from jumun.channels.sheet_kinds import find_sheet_kind
from jumun.claims.states import KINDS, STAGES
from jumun.core.clock import in_kst
from jumun.core.masking import mask_detail, mask_name, mask_phone, mask_street
from jumun.core.secrets import unseal_mapping
from jumun.orders.actions.hold import REASONS
from jumun.orders.models import Origin, Push
from jumun.orders.states import ENGLISH, Allocation, Status
from jumun.waybills.carriers import CARRIERS

Pair = tuple[str, str]
"""Korean, English."""

MANUAL_LABEL: Pair = ("직접 등록", "Typed in")
METHODS: Mapping[str, Pair] = {
    "parcel": ("택배", "Parcel"),
    "direct": ("직접배송", "Own delivery"),
    "quick": ("퀵", "Courier"),
    "visit": ("방문수령", "Collected"),
    "partner": ("물류사 발송", "Partner ships"),
}
PUSHES: Mapping[str, str] = {
    "not_needed": "Not needed",
    "planned": "Waiting",
    "sending": "Sending",
    "unknown": "Being checked",
    "confirmed": "Sent",
    "rejected": "Refused",
    "covered": "Covered by the first number",
}
ALLOCATIONS: Mapping[str, str] = {"none": "Not allocated", "partial": "Partly allocated", "full": "Allocated"}
ORIGINS: Mapping[str, str] = {"line": "Order", "gift": "Gift", "resend": "Resend", "exchange": "Exchange"}


def pick(pair: Pair, language: str) -> str:
    """The one of both in this language."""
    return pair[1] if language == "en" else pair[0]


def as_text(value: Any, _language: str) -> str:
    """As it is; nothing for nothing."""
    return "" if value is None else str(value)


def as_number(value: Any, _language: str) -> int | None:
    """A whole number."""
    return None if value is None else int(value)


def as_money(value: Any, _language: str) -> int | Decimal | None:
    """Whole won as a whole number, anything else to the cent; its currency stands in a column of its own."""
    if value is None:
        return None
    amount = Decimal(value)
    return int(amount) if amount == amount.to_integral_value() else amount


def as_moment(value: Any, _language: str) -> datetime | None:
    """The moment on a clerk's wall clock, to the minute, without its zone: a sheet knows none."""
    return None if value is None else in_kst(value).replace(tzinfo=None, second=0, microsecond=0)


def as_list(value: Any, _language: str) -> str:
    """Several texts, one after another."""
    return ", ".join(str(each) for each in value or ())


def as_status(value: Any, language: str) -> str:
    """출고대기 / Ready."""
    if value not in Status.values:
        return as_text(value, language)
    return pick((str(Status(value).label), ENGLISH[value]), language)


def as_channel(value: Any, language: str) -> str:
    """스마트스토어 / Smartstore."""
    if value == MANUAL:
        return pick(MANUAL_LABEL, language)
    known = find_profile(str(value)) or find_sheet_kind(str(value))
    return pick((known.label_ko, known.label_en), language) if known else as_text(value, language)


def as_carrier(value: Any, language: str) -> str:
    """CJ대한통운 / CJ Logistics."""
    known = CARRIERS.get(value or "")
    return pick((known.label_ko, known.label_en), language) if known else as_text(value, language)


def as_method(value: Any, language: str) -> str:
    """택배 / Parcel."""
    return pick(METHODS[value], language) if value in METHODS else as_text(value, language)


def as_push(value: Any, language: str) -> str:
    """전송 완료 / Sent."""
    if not value:
        return ""
    return pick((str(Push(value).label), PUSHES[value]), language) if value in PUSHES else str(value)


def as_allocation(value: Any, language: str) -> str:
    """할당됨 / Allocated."""
    return pick((str(Allocation(value).label), ALLOCATIONS[value]), language) if value in ALLOCATIONS else ""


def as_origin(value: Any, language: str) -> str:
    """사은품 / Gift."""
    return pick((str(Origin(value).label), ORIGINS[value]), language) if value in ORIGINS else as_text(value, language)


def as_claim(value: Any, language: str) -> str:
    """취소요청 / Cancel requested."""
    kind, _mark, stage = str(value or "").partition("_")
    kinds, stages = ({str(key): pair for key, pair in table.items()} for table in (KINDS, STAGES))
    if kind not in kinds:
        return as_text(value, language)
    words = [pick(kinds[kind], language), pick(stages[stage], language) if stage in stages else stage]
    return (" " if language == "en" else "").join(words)


def as_holds(value: Any, language: str) -> str:
    """The reasons of open holds."""
    return ", ".join(pick(REASONS[each], language) if each in REASONS else str(each) for each in value or ())


def as_phone(value: Any, _language: str) -> str:
    """010-1234-5678: with dashes where it is a Korean number, else as it is."""
    digits = str(value or "")
    if not digits.startswith("0") or not all(each.isdigit() or each == "*" for each in digits):
        return digits
    first = 2 if digits.startswith("02") else 4 if digits.startswith("050") and len(digits) == 12 else 3
    if not 7 <= len(digits) - first <= 8:
        return digits
    return f"{digits[:first]}-{digits[first:-4]}-{digits[-4:]}"


def as_address(value: Any, _language: str) -> str:
    """Both parts of an address in one cell."""
    return " ".join(part for part in value or () if part)


def as_customs(value: Any, _language: str) -> str:
    """The customs number out of what is sealed."""
    return unseal_mapping(value or "").get("customs", "")


def as_entrance(value: Any, _language: str) -> str:
    """How to get into the house, out of what is sealed."""
    return unseal_mapping(value or "").get("entrance", "")


def hide(_value: str) -> str:
    """Nothing of it."""
    return ""


NAME, PHONE, STREET, DETAIL, HIDDEN = mask_name, mask_phone, mask_street, mask_detail, hide
"""How personal data is masked (S14); what is encrypted stays out altogether."""
