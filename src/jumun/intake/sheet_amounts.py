"""Which column says what a row's goods cost: by its header, and by whether the numbers work out.

`단가 × 수량 = 금액` is looked for in the rows themselves, so a column called 상품금액 that holds the price of one is known
for what it is, and a 결제금액 that has the delivery fee in it is passed over where another column has not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from jumun.intake.sheet_fields import Field, Source, Unsure
from jumun.intake.sheet_people import SURE, Seen
from jumun.intake.sheet_rules import fit_amount
from jumun.intake.sheet_values import read_money, read_quantity

_CLOSE = 0.03
_OF_ORDER = 0.63
"""Below this a name such as 총결제금액 rather says the order's amount than the row's."""
_ONE = frozenset({"PRODUCT", "SELL"})
"""Words of a total that may as well be the price of one: 상품금액, 판매금액."""


@dataclass(slots=True)
class Money:
    """A column of amounts: what kind it is, how well it fits, and its numbers."""

    seen: Seen
    kind: str
    score: float
    values: list[Decimal | None]


@dataclass(frozen=True, slots=True)
class Lines:
    """What the rows say beside amounts: quantities, which goods, which order."""

    quantities: list[int]
    goods: list[str]
    orders: list[str]


def read_lines(rows: int, quantity: Seen | None, goods: Sequence[Seen], order: Seen | None) -> Lines:
    """Quantities (1 where none is said), goods and orders of the rows."""
    quantities = [1] * rows
    if quantity:
        for place, text in enumerate(quantity.column.texts):
            read = read_quantity(text)
            quantities[place] = int(read.text) if not read.code else 0
    names = ["|".join(seen.column.texts[place] for seen in goods) for place in range(rows)]
    return Lines(quantities, names, list(order.column.texts) if order else [""] * rows)


def choose_amount(columns: Sequence[Seen], lines: Lines) -> tuple[dict[Field, Source], list[Unsure]]:
    """The column of the row's amount, or the price of one times the quantity, or what to ask."""
    moneys = [money for seen in columns if (money := _money(seen))]
    _look_at_goods(moneys, lines)
    _look_at_products(moneys, lines)
    _look_at_fees(moneys)
    _look_at_orders(moneys, lines)
    totals = sorted((money for money in moneys if money.kind == "total"), key=lambda money: -money.score)
    units = sorted((money for money in moneys if money.kind == "unit"), key=lambda money: -money.score)
    if units and totals and totals[0].score < 0.75 and _exceeds(totals[0], units[0], lines):
        totals = []
    sure = [money for money in totals if money.score >= SURE]
    if sure:
        close = [
            money for money in sure[1:] if money.score >= sure[0].score - _CLOSE and money.values != sure[0].values
        ]
        if not close:
            return {Field.AMOUNT: Source((sure[0].seen.place,))}, []
        return {}, [Unsure(Field.AMOUNT, "ambiguous", tuple(money.seen.place for money in (sure[0], *close)))]
    units = [money for money in units if money.score >= SURE]
    if units:
        plus = next((money for money in moneys if money.kind == "plus" and any(money.values)), None)
        places = (units[0].seen.place, plus.seen.place) if plus else (units[0].seen.place,)
        return {Field.AMOUNT: Source(places, each=True)}, []
    weak = tuple(money.seen.place for money in totals + units if money.score >= 0.2)
    return {}, [Unsure(Field.AMOUNT, "weak", weak)] if weak else []


def _money(seen: Seen) -> Money | None:
    kind, score = fit_amount(seen.header)
    column = seen.column
    if not kind or (column.said and column.money < 0.6):
        return None
    if "배송비포함" in seen.header.key or "배송비합" in seen.header.key:
        score *= 0.75
    if not column.said or (kind == "total" and not any(text.strip("0.,₩원 ") for text in column.texts)):
        score *= 0.6
    return Money(seen, kind, score, [read_money(text)[0] if text else None for text in column.texts])


def _look_at_products(moneys: list[Money], lines: Lines) -> None:
    """Where one column is another times the quantity, the other is the price of one."""
    several = [place for place, quantity in enumerate(lines.quantities) if quantity > 1]
    for one, other in [*combinations(moneys, 2), *((b, a) for a, b in combinations(moneys, 2))]:
        if one.kind not in {"total", "unit"} or other.kind not in {"total", "unit"}:
            continue
        pairs = [(one.values[p], other.values[p], lines.quantities[p]) for p in several]
        told = [(a, b, q) for a, b, q in pairs if a and b]
        if told and sum(b == a * q for a, b, q in told) >= 0.7 * len(told):
            one.kind, other.kind = "unit", "total"
            one.score = max(one.score, 0.8)
            other.score = max(other.score, 0.6) + 0.1


def _look_at_goods(moneys: list[Money], lines: Lines) -> None:
    """The same goods in other quantities: a row's amount grows with them, the price of one stays."""
    by_goods: dict[str, list[int]] = {}
    for place, goods in enumerate(lines.goods):
        if goods.strip("|") and lines.quantities[place]:
            by_goods.setdefault(goods, []).append(place)
    for money in moneys:
        if money.kind not in {"total", "unit"}:
            continue
        grows = stays = 0
        for places in by_goods.values():
            told = [(money.values[p], lines.quantities[p]) for p in places if money.values[p]]
            for (a, p), (b, q) in pairwise(told):
                if a and b and p != q:
                    grows += a * q == b * p
                    stays += a == b
        if stays >= 2 and stays > 4 * grows and money.kind == "total" and money.seen.words & _ONE:
            money.kind, money.score = "unit", 0.85
        elif grows >= 2 and grows > 4 * stays and money.kind == "unit":
            money.kind, money.score = "total", 0.85


def _look_at_fees(moneys: list[Money]) -> None:
    """An amount that is another one plus the delivery fee is not what the goods cost."""
    fees = [money for money in moneys if money.kind == "fee"]
    totals = [money for money in moneys if money.kind == "total"]
    for fee in fees:
        places = [place for place, value in enumerate(fee.values) if value]
        for goods in totals:
            for paid in totals:
                told = [(goods.values[p], paid.values[p], fee.values[p]) for p in places]
                whole = [(a, b, f) for a, b, f in told if a and b and f]
                if paid is not goods and whole and sum(b == a + f for a, b, f in whole) >= 0.6 * len(whole):
                    paid.score = min(paid.score, 0.45)


def _look_at_orders(moneys: list[Money], lines: Lines) -> None:
    """An amount that is the same on every line of an order, while others differ, is the order's."""
    by_order: dict[str, list[int]] = {}
    for place, order in enumerate(lines.orders):
        if order:
            by_order.setdefault(order, []).append(place)
    groups = [places for places in by_order.values() if len({lines.goods[p] for p in places}) > 1]
    if not groups:
        return

    def differs(money: Money) -> int:
        return sum(len({money.values[p] for p in places}) > 1 for places in groups)

    most = max((differs(money) for money in moneys if money.kind in {"total", "unit"}), default=0)
    for money in moneys:
        if money.kind != "total" or differs(money):
            continue
        if money.score < _OF_ORDER or (len(groups) >= 2 and (most or len(groups) >= 4)):
            money.score = min(money.score, 0.45)


def _exceeds(total: Money, unit: Money, lines: Lines) -> bool:
    """Whether an amount is mostly more than price times quantity: something else is in it."""
    told = [(a, b * q) for a, b, q in zip(total.values, unit.values, lines.quantities, strict=True) if a and b and q]
    return bool(told) and sum(a > b for a, b in told) > 0.3 * len(told)
