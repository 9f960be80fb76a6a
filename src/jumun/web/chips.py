"""Conditions as chips: each in words, with the address without it, and the axis it is edited on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from jumun.core.clock import in_kst, now
from jumun.orders.filter_address import DATES, EVERYTHING, read_period
from jumun.orders.filters import CLAIM_KINDS, ItemFilter
from jumun.web import words
from jumun.web.filtering import AXES, has_default, write_address

PERIOD_WORDS = {"1d": _l("오늘"), "7d": _l("최근 7일"), "1m": _l("최근 1개월"), "3m": _l("최근 3개월")}
DUE_WORDS = {
    "late": _l("지남"),
    "1d": _l("오늘까지"),
    "7d": _l("7일 안"),
    "1m": _l("1개월 안"),
    "3m": _l("3개월 안"),
}
UNEDITED = ("number", "shipment", "line_no", "list", "moved_by", "refused_by", "channel")
"""Axes the filter panel does not offer: they come with an address."""
HELD, FREE = _l("보류 중"), _l("보류 아님")
MATCHED, UNMATCHED = _l("매칭됨"), _l("매칭 안 됨")
REPRINT, PRINTED = _l("다시 출력해야 함"), _l("다시 출력할 것 없음")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the address without it. `axis` is empty where the panel cannot edit it."""

    label: str
    value: str
    without: str
    axis: str = ""
    default: bool = False
    """The period nobody asked for."""


def list_chips(
    query: QueryDict, settled: Mapping[str, str], wanted: ItemFilter, accounts: dict[int, str]
) -> list[Chip]:
    """Every condition but the one step a list is about.

    query     the address as it was asked
    settled   the same with its default period
    """
    told = _tell_all(settled, wanted, accounts)
    chips: list[Chip] = []
    for name, value in told.items():
        gone = ("amount_from", "amount_to") if name == "amount" else (name,)
        changed: dict[str, str] = {}
        if name in DATES and has_default({key: each for key, each in settled.items() if key != name}):
            changed = {"period": EVERYTHING}
        default = name in DATES and name not in _asked(query)
        without = write_address(query, without=gone, changed=changed)
        chips.append(Chip(str(AXES[name]), value, without, "" if name in UNEDITED else name, default))
    return chips


def _asked(query: QueryDict) -> set[str]:
    text = write_address(query)
    return {part.partition("=")[0] for part in text.split("&")}


def _tell_all(settled: Mapping[str, str], wanted: ItemFilter, accounts: dict[int, str]) -> dict[str, str]:
    """Axis → its value in words, in the order chips stand."""
    told: dict[str, str] = {}
    if len(wanted.status) > 1:
        told["status"] = _join(words.name_status(each) for each in wanted.status)
    if wanted.channel_account:
        told["channel_account"] = _join(accounts.get(each, str(each)) for each in wanted.channel_account)
    if wanted.channel:
        told["channel"] = _join(words.name_channel(each) for each in wanted.channel)
    if wanted.claim:
        told["claim"] = name_claim(wanted.claim)
    told |= _flags(wanted)
    if wanted.hold:
        told["hold"] = _join(words.name_hold(each) for each in wanted.hold)
    if wanted.push:
        told["push"] = _join(str(words.PUSHES.get(each, each)) for each in wanted.push)
    if wanted.allocation:
        told["allocation"] = _join(str(words.ALLOCATIONS[each]) for each in wanted.allocation)
    for name in DATES:
        if settled.get(name):
            told[name] = tell_period(name, settled[name], now())
    if wanted.amount_from is not None or wanted.amount_to is not None:
        ends = (wanted.amount_from, wanted.amount_to)
        told["amount"] = " ~ ".join("" if each is None else f"{each:,.0f}" for each in ends).strip()
    plain: dict[str, Callable[[str], str]] = {
        "sku": lambda value: value.replace(",", ", "),
        "recipient": str,
        "memo": lambda value: _("있음") if value == "any" else value,
        "carrier": words.name_carrier,
        "waybill": lambda value: _("미등록") if value == "none" else value,
        "number": lambda value: value.replace(",", ", "),
        "shipment": lambda value: value.replace(",", ", "),
        "line_no": lambda value: value.replace(",", ", "),
        "list": lambda _value: _("%(n)s개") % {"n": f"{len(wanted.numbers):,}"},
        "moved_by": lambda _value: _("방금 처리한 것"),
        "refused_by": lambda _value: _("처리되지 않은 것"),
        "q": str,
    }
    return told | {name: tell(settled[name]) for name, tell in plain.items() if settled.get(name)}


def _flags(wanted: ItemFilter) -> dict[str, str]:
    pairs = {
        "held": (wanted.held, HELD, FREE),
        "matched": (wanted.matched, MATCHED, UNMATCHED),
        "reprint": (wanted.reprint, REPRINT, PRINTED),
    }
    return {name: str(yes if on else no) for name, (on, yes, no) in pairs.items() if on is not None}


def _join(names: object) -> str:
    return ", ".join(names)  # type: ignore[arg-type]


def name_claim(claim: str) -> str:
    """처리 중 / 취소 / 취소요청."""
    if claim == "open":
        return _("처리 중")
    return str(words.CLAIMS[claim]) if claim in CLAIM_KINDS else words.name_claim(claim)


def tell_period(name: str, text: str, at: datetime) -> str:
    """최근 7일, 오늘까지, 11.01 ~ 11.22 15:00."""
    named = DUE_WORDS if name == "ship_by" else PERIOD_WORDS
    if text in named:
        return str(named[text])
    read_period(name, text, at=at)
    since, _mark, until = text.partition("~")
    return " ~ ".join(_tell_end(each, at) for each in (since, until)).strip()


def _tell_end(text: str, at: datetime) -> str:
    if not text:
        return ""
    there = datetime.fromisoformat(text)
    day = f"{there:%m.%d}" if there.year == in_kst(at).year else f"{there:%Y.%m.%d}"
    return day if len(text) <= len("2026-11-22") else f"{day} {there:%H:%M}"


def as_minute(text: str, *, last: bool) -> str:
    """An end of a period as a field of date and time holds it; a whole day from its first or to its last minute."""
    if not text:
        return ""
    there = datetime.fromisoformat(text)
    if last and len(text) <= len("2026-11-22"):
        there += timedelta(days=1, minutes=-1)
    return f"{there:%Y-%m-%dT%H:%M}"
