"""Parcels in the grid: one row for each shipment, and what may be typed into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumun.channels.profile import Can
from jumun.channels.queries import list_accounts
from jumun.channels.registry import find_profile
from jumun.companies.roles import May, reaches
from jumun.orders.states import Status
from jumun.waybills.carriers import CARRIERS, NUMBERLESS
from jumun.waybills.queries import ParcelRow
from jumun.web import words
from jumun.web.access import Desk

STEPS = (Status.READY, Status.LABELLED, Status.SHIPPED, Status.IN_TRANSIT, Status.DELIVERED)
"""Steps whose lists show a row for each shipment."""
TOLD = (Status.IN_TRANSIT, Status.DELIVERED)
"""Steps where the channel knows the number: another is a correction (N11)."""
BUSY = ("planned", "sending", "unknown")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row. `mode`: type (cells), correct (cells, told to the channel at once), by_hand (where else), or "" (to read)."""

    row: ParcelRow
    mode: str
    by_hand: str = ""
    outside: str = ""
    """Address of the seller centre."""


def describe(desk: Desk, status: str, rows: Sequence[ParcelRow]) -> list[Parcel]:
    """What this person may do with each row."""
    may_type = _may_type(desk, status)
    by_sheet = {(each.channel, each.name) for each in list_accounts() if each.by_sheet} if status in TOLD else set()
    return [
        _parcel(row, status, may_type=may_type, by_sheet=(row.channel, row.account_name) in by_sheet) for row in rows
    ]


def around(desk: Desk, status: str, rows: Sequence[Parcel]) -> dict[str, Any]:
    """What stands around the rows of a page: whether numbers are typed, and where else they are corrected."""
    correcting = status in TOLD
    return {
        "typed": _may_type(desk, status) and (not correcting or any(row.mode == "correct" for row in rows)),
        "correcting": correcting,
        "notes": {words.name_channel(each.row.channel): each.by_hand for each in rows if each.outside},
        "draft": f"{desk.slug}:{desk.person}:{status}",
    }


def _may_type(desk: Desk, status: str) -> bool:
    return reaches(desk.may, "correct") if status in TOLD else May.PACK in desk.may


def _parcel(row: ParcelRow, status: str, *, may_type: bool, by_sheet: bool) -> Parcel:
    if status not in TOLD:
        told = row.push in (*BUSY, "confirmed") and status != Status.READY
        return Parcel(row, "type" if may_type and not told else "")
    profile = find_profile(row.channel)
    told = by_sheet and row.push != "not_needed"
    if told or (not by_sheet and profile and Can.CORRECT_WAYBILL in profile.can):
        return Parcel(row, "correct" if may_type and row.push not in BUSY else "")
    ko, en = profile.correct_by_hand if profile else ("", "")
    where_else = (en if words.in_english() else ko) or _("알릴 쇼핑몰이 없는 주문입니다.")
    return Parcel(row, "by_hand", where_else, profile.seller_centre if profile else "")


def carrier_options() -> SafeString:
    """Every carrier as an option, once a page, with the rules its numbers are checked by while they are typed."""
    return _options((get_language() or "ko")[:2])


@cache
def _options(_language: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}" data-lengths="{}" data-checks="{}" data-names="{}"{}>{}</option>',
        (
            (
                each.id,
                " ".join(str(length) for length in sorted(each.lengths)),
                " ".join(f"{rule.length}:{rule.start}" for rule in each.checks),
                f"{each.id}|{each.label_ko}|{each.label_en}",
                SafeString(" data-bare") if each.id == NUMBERLESS else "",
                words.name_carrier(each.id),
            )
            for each in CARRIERS.values()
        ),
    )
