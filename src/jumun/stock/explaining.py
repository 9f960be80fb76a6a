"""Why an item got nothing: what it is short of and who has it (C24, N20). Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from jumun.stock.policy import Allocation, Slot, Wanted

MOST = 5
"""Takers named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Short:
    """One SKU of which `missing` are not there, and the orders that have it."""

    sku: str
    missing: int
    takers: tuple[str, ...] = ()
    more: int = 0
    """Takers that are not named."""


@dataclass(frozen=True, slots=True)
class Why:
    """`short` of something, or another code: `rest_short` says that the rest of its shipment is."""

    code: str
    short: tuple[Short, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """How slots and items are called."""

    sku: Mapping[Slot, str]
    order: Mapping[int, str]
    """By item."""


def explain(
    wanted: Sequence[Wanted],
    given: Allocation,
    names: Names,
    held: Mapping[Slot, Sequence[str]] | None = None,
) -> dict[int, Why]:
    """By item that did not get all of it. `held` are the orders that had stock of a slot before."""
    takers = _takers(wanted, given, names, held or {})
    found: dict[int, Why] = {}
    for item in wanted:
        got = given.units.get(item.item, 0)
        if got == item.quantity:
            continue
        if item.lacking:
            found[item.item] = Why(item.lacking)
            continue
        short = [
            _short(names.sku[slot], missing, _others(takers.get(slot, {}), names.order[item.item]))
            for slot, per_unit in item.parts
            if (missing := per_unit * (item.quantity - got) - given.left.get(slot, 0)) > 0
        ]
        found[item.item] = Why("short", tuple(short)) if short else Why("rest_short")
    return found


def explain_text(why: Why, language: str = "ko") -> str:
    """In one sentence a clerk reads."""
    if why.code != "short":
        korean, english = _SENTENCES[why.code]
        return korean if language == "ko" else english
    say: Callable[[Short], str] = _korean if language == "ko" else _english
    return "; ".join(say(each) for each in why.short)


_SENTENCES = {
    "unmatched": ("상품이 매칭되지 않았습니다", "It is not matched to a SKU"),
    "no_ship_from": ("출고지가 정해지지 않았습니다", "Its ship-from is not known"),
    "claim_open": ("진행 중인 클레임이 있습니다", "A claim is open"),
    "not_confirmed": ("아직 발주확인 전입니다", "It is not confirmed yet"),
    "changed": ("계산하는 동안 품목이나 재고가 바뀌었습니다", "The item or its stock changed meanwhile"),
    "rest_short": ("같은 묶음의 다른 품목이 모자랍니다", "Another item of its shipment is short"),
}


def _takers(
    wanted: Iterable[Wanted], given: Allocation, names: Names, held: Mapping[Slot, Sequence[str]]
) -> dict[Slot, dict[str, None]]:
    """Orders by slot, each once: those of this run as they come in `wanted`, then those from before."""
    found: defaultdict[Slot, dict[str, None]] = defaultdict(dict)
    for item in wanted:
        if item.item in given.units:
            for slot, _ in item.parts:
                found[slot][names.order[item.item]] = None
    for slot, orders in held.items():
        found[slot].update(dict.fromkeys(orders))
    return found


def _others(takers: Mapping[str, None], own: str) -> tuple[tuple[str, ...], int]:
    """The first few that are not the order itself, and how many more there are. Looks at few, however many they are."""
    named = tuple(each for each in islice(takers, MOST + 1) if each != own)[:MOST]
    return named, len(takers) - len(named) - (own in takers)


def _short(sku: str, missing: int, others: tuple[tuple[str, ...], int]) -> Short:
    return Short(sku, missing, *others)


def _korean(short: Short) -> str:
    text = f"{short.sku} {short.missing:,}개 부족"
    if not short.takers:
        return text
    more = f" 외 {short.more:,}건" if short.more else ""
    return f"{text} (먼저 할당: {', '.join(short.takers)}{more})"


def _english(short: Short) -> str:
    text = f"short {short.missing:,} of {short.sku}"
    if not short.takers:
        return text
    more = f" and {short.more:,} more" if short.more else ""
    return f"{text}; taken by orders {', '.join(short.takers)}{more}"
