"""The address of a list as a filter, and a filter as chips that can be taken off one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from jumun.core.clock import KST
from jumun.core.errors import JumunError
from jumun.orders.filters import ItemFilter, read_filter
from jumun.web import words

PLAIN = ("claim", "held", "matched", "waybill", "carrier", "q")
MANY = ("status", "channel", "channel_account", "push", "number", "shipment")
KEPT = (*MANY, *PLAIN, "from", "to")
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the address without it."""

    label: str
    value: str
    without: str


def read_address(query: QueryDict) -> ItemFilter:
    """The filter an address stands for. Raises JumunError("invalid")."""
    given: dict[str, Any] = {name: _text(query, name) for name in PLAIN if _text(query, name)}
    for name in MANY:
        values = [each for value in query.getlist(name) for each in value.split(",") if each]
        if values:
            given[name] = values
    if _text(query, "from"):
        given["ordered_from"] = _midnight(_text(query, "from"), "from")
    if _text(query, "to"):
        given["ordered_to"] = _midnight(_text(query, "to"), "to") + timedelta(days=1)
    return read_filter(given)


def write_address(query: QueryDict, *, without: Sequence[str] = (), changed: Mapping[str, str] = NOTHING) -> str:
    """The query string of the same list with some conditions changed or left out, in a fixed order."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if name in without or name in changed:
            continue
        values = [value for value in query.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    for name, value in changed.items():
        if value:
            kept.setlist(name, [value])
    return kept.urlencode(safe=",")


def _text(query: QueryDict, name: str) -> str:
    return str(query.get(name, "")).strip()


def _midnight(text: str, name: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), KST)
    except ValueError as problem:
        raise JumunError("invalid", field=name) from problem


def list_chips(query: QueryDict, wanted: ItemFilter, accounts: dict[int, str]) -> list[Chip]:
    """Every condition but the step, which the flow strip shows."""
    chips: list[tuple[str, str, tuple[str, ...]]] = []
    if wanted.channel_account:
        names = ", ".join(accounts.get(each, str(each)) for each in wanted.channel_account)
        chips.append((_("판매처"), names, ("channel_account",)))
    if wanted.channel:
        chips.append((_("판매처"), ", ".join(words.name_channel(each) for each in wanted.channel), ("channel",)))
    if wanted.push:
        chips.append(
            (_("쇼핑몰 전송"), ", ".join(str(words.PUSHES.get(each, each)) for each in wanted.push), ("push",))
        )
    if wanted.claim:
        chips.append((_("클레임"), _claim(wanted.claim), ("claim",)))
    if wanted.held is not None:
        chips.append((_("보류"), _("보류 중") if wanted.held else _("보류 아님"), ("held",)))
    if wanted.matched is not None:
        chips.append((_("매칭"), _("매칭됨") if wanted.matched else _("매칭 안 됨"), ("matched",)))
    if wanted.carrier:
        chips.append((_("택배사"), words.name_carrier(wanted.carrier), ("carrier",)))
    if wanted.waybill:
        chips.append((_("송장"), _("미등록") if wanted.waybill == "none" else wanted.waybill, ("waybill",)))
    if wanted.number or wanted.shipment:
        chips.append((_("번호"), ", ".join((*wanted.number, *wanted.shipment)), ("number", "shipment")))
    if wanted.ordered_from or wanted.ordered_to:
        chips.append((_("주문일"), f"{query.get('from', '')} ~ {query.get('to', '')}", ("from", "to")))
    if wanted.q:
        chips.append((_("검색"), wanted.q, ("q",)))
    return [Chip(label, value, write_address(query, without=names)) for label, value, names in chips]


def _claim(claim: str) -> str:
    if claim == "open":
        return _("처리 중")
    if claim in words.CLAIMS:
        return str(words.CLAIMS[claim])
    return words.name_claim(claim)
