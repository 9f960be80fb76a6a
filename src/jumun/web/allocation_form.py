"""The criteria of 할당 as a form, there and back (C18–C23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import QueryDict

from jumun.core.clock import KST, in_kst
from jumun.core.errors import JumunError
from jumun.stock.criteria import BEST, GREEDY, LONGEST_DAYS, STRATEGIES, Criteria

LATEST = date(2100, 1, 1)
SIZES = ("quantity_from", "quantity_to", "amount_from", "amount_to")
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """One account: whether its orders take part, and its place in the turn ("" for after the others)."""

    id: int
    name: str
    on: bool
    place: str


@dataclass(frozen=True, slots=True)
class Form:
    """Criteria as the fields hold them."""

    since: str
    until: str
    days: int
    accounts: list[AccountChoice]
    suppliers: frozenset[str]
    option_tags: str
    held: bool
    quantity_from: str
    quantity_to: str
    amount_from: str
    amount_to: str
    again_full: bool
    again_partial: bool
    partial: bool
    split: bool
    best: bool


def show_form(criteria: Criteria, accounts: Mapping[int, str]) -> Form:
    """The fields of criteria."""
    places = {account: str(place) for place, account in enumerate(criteria.accounts, 1)}
    listed = sorted(accounts, key=lambda account: int(places.get(account, len(places) + 1)))
    sizes = {name: "" if getattr(criteria, name) is None else str(getattr(criteria, name)) for name in SIZES}
    return Form(
        since=in_kst(criteria.since).date().isoformat() if criteria.since else "",
        until=(in_kst(criteria.until).date() - timedelta(days=1)).isoformat() if criteria.until else "",
        days=criteria.days,
        accounts=[
            AccountChoice(each, accounts[each], not places or each in places, places.get(each, "")) for each in listed
        ],
        suppliers=frozenset(criteria.suppliers),
        option_tags=", ".join(criteria.option_tags),
        held=criteria.held,
        again_full="full" in criteria.again,
        again_partial="partial" in criteria.again,
        partial=criteria.partial,
        split=criteria.split,
        best=criteria.strategy == BEST,
        **sizes,
    )


def read_form(given: QueryDict, accounts: Mapping[int, str]) -> Criteria:
    """What a person filled in. Raises JumunError("invalid") naming the field."""
    strategy = given.get("strategy", GREEDY)
    if strategy not in STRATEGIES:
        raise JumunError("invalid", field="strategy")
    days = _number(given, "days") or 0
    if days > LONGEST_DAYS:
        raise JumunError("invalid", field="days")
    return Criteria(
        since=None if days else _day(given, "since"),
        until=None if days else _day(given, "until", after=1),
        days=days,
        accounts=_turns(given, accounts),
        suppliers=tuple(dict.fromkeys(_text(each) for each in given.getlist("supplier") if each))[:200],
        option_tags=tuple(part.strip() for part in _text(given.get("option_tags", "")).split(",") if part.strip()),
        held=given.get("held") == "on",
        again=tuple(kind for kind in ("full", "partial") if given.get(f"again_{kind}") == "on"),
        partial=given.get("partial") == "on",
        split=given.get("split") == "on",
        strategy=strategy,
        **{name: _number(given, name) for name in SIZES},
    )


def _turns(given: QueryDict, accounts: Mapping[int, str]) -> tuple[int, ...]:
    """Accounts in their turn; none where all are meant and none comes first."""
    chosen = [account for account in accounts if str(account) in given.getlist("account")]
    places = {account: _number(given, f"place_{account}") for account in chosen}
    if len(chosen) == len(accounts) and not any(places.values()):
        return ()
    if not chosen:
        raise JumunError("nothing_chosen")
    return tuple(sorted(chosen, key=lambda account: (places[account] or len(accounts) + 1, account)))


def _number(given: QueryDict, name: str) -> int | None:
    text = given.get(name, "").replace(",", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise JumunError("invalid", field=name)
    return int(text)


def _day(given: QueryDict, name: str, *, after: int = 0) -> datetime | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as problem:
        raise JumunError("invalid", field=name) from problem
    if not date(2000, 1, 1) <= day <= LATEST:
        raise JumunError("invalid", field=name)
    return datetime.combine(day + timedelta(days=after), time(), KST)


def _text(given: str) -> str:
    if "\x00" in given:
        raise JumunError("invalid", field="text")
    return given.strip()[:500]
