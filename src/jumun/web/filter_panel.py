"""What the filter panel offers on each axis, and what is chosen there now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jumun.claims.states import KINDS, STAGES
from jumun.orders.actions.hold import REASONS
from jumun.orders.filter_address import CUSTOM, DATES, EVERYTHING, LATE, PERIODS
from jumun.orders.filters import ItemFilter
from jumun.orders.states import Status
from jumun.waybills.carriers import CARRIERS
from jumun.web import words
from jumun.web.access import Desk
from jumun.web.chips import (
    DUE_WORDS,
    FREE,
    HELD,
    MATCHED,
    PERIOD_WORDS,
    PRINTED,
    REPRINT,
    UNEDITED,
    UNMATCHED,
    as_minute,
    name_claim,
)
from jumun.web.filtering import AXES, has_default


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an axis."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Period:
    """One date: its named periods, and the two ends of one's own."""

    name: str
    label: str
    choices: list[Choice]
    since: str
    until: str
    custom: bool


def panel(
    asked: Mapping[str, str], settled: Mapping[str, str], wanted: ItemFilter, accounts: dict[int, str], desk: Desk
) -> dict[str, Any]:
    """The panel's context.

    asked     the address's conditions; `settled` the same with the default period
    """
    flags = {"held": (HELD, FREE), "matched": (MATCHED, UNMATCHED), "reprint": (REPRINT, PRINTED)}
    return {
        "axes": {name: str(label) for name, label in AXES.items()},
        "given": {name: asked.get(name, "") for name in (*AXES, "amount_from", "amount_to")},
        "carried": {name: asked[name] for name in (*UNEDITED, "q") if name in asked},
        "statuses": _choices(((each.value, words.name_status(each)) for each in Status), wanted.status),
        "accounts": _choices(((str(id_), name) for id_, name in accounts.items()), map(str, wanted.channel_account)),
        "claims_choices": _choices(_claims(), (wanted.claim,)),
        "flags": [
            (name, str(AXES[name]), _choices((("true", str(yes)), ("false", str(no))), (asked.get(name, ""),)))
            for name, (yes, no) in flags.items()
        ],
        "holds": _choices(((code, words.name_hold(code)) for code in REASONS), wanted.hold),
        "pushes": _choices(((code, str(label)) for code, label in words.PUSHES.items()), wanted.push),
        "allocations": _choices(((code, str(label)) for code, label in words.ALLOCATIONS.items()), wanted.allocation),
        "carrier_choices": _choices(((each, words.name_carrier(each)) for each in CARRIERS), (wanted.carrier,)),
        "periods": [_period(name, asked, settled, desk) for name in DATES],
    }


def _choices(pairs: Iterable[tuple[str, str]], on: Iterable[str]) -> list[Choice]:
    chosen = set(on)
    return [Choice(value, label, value in chosen) for value, label in pairs]


def _claims() -> list[tuple[str, str]]:
    """처리 중, each kind's open ones, each kind at each stage."""
    kinds = [kind.value for kind in KINDS]
    said = ["open", *kinds, *(f"{kind}_{stage.value}" for kind in kinds for stage in STAGES)]
    return [(each, name_claim(each) if each not in kinds else _open_kind(each)) for each in said]


def _open_kind(kind: str) -> str:
    return _("{kind} 처리 중").format(kind=words.CLAIMS[kind])


def _period(name: str, asked: Mapping[str, str], settled: Mapping[str, str], desk: Desk) -> Period:
    said = asked.get(name, "")
    custom = "~" in said
    since, _mark, until = said.partition("~") if custom else ("", "", "")
    named = DUE_WORDS if name == "ship_by" else PERIOD_WORDS
    offered = (LATE, *PERIODS) if name == "ship_by" else PERIODS
    left = {key: value for key, value in settled.items() if key != name}
    nothing = _("모두")
    pairs: list[tuple[str, str]] = [("", nothing)]
    if name == "ordered" and has_default(left) and desk.preferences.period != EVERYTHING:
        usual = str(PERIOD_WORDS[desk.preferences.period])
        pairs = [("", _("기본 ({period})").format(period=usual)), (EVERYTHING, nothing)]
    pairs += [(each, str(named[each])) for each in offered]
    pairs.append((CUSTOM, _("직접 고르기")))
    now_is = (
        CUSTOM if custom else said or (EVERYTHING if asked.get("period") == EVERYTHING and name == "ordered" else "")
    )
    return Period(
        name,
        str(AXES[name]),
        _choices(pairs, (now_is,)),
        as_minute(since, last=False),
        as_minute(until, last=True),
        custom,
    )
