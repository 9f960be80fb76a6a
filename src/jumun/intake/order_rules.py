"""What a typed order must be to go in (Q4–Q13, Q22–Q25). Pure: texts as given in, a sound order or its faults out."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from jumun.core.clock import KST
from jumun.core.phones import normalise_phone
from jumun.orders.addresses import LINES, LONGEST, POSTCODE

MOST_PIECES = 1_000_000
"""Of one SKU in one order (Q13)."""
LONGEST_NUMBER = 100
LONGEST_PHONE = LONGEST["phone1"]
SHORTEST_PHONE = 7
LONGEST_URL = 2000
LONGEST_CUSTOMS = 40
HOME, JAPAN = "KR", "JP"
MONEY: Mapping[str, str] = {HOME: "KRW", JAPAN: "JPY"}
"""What is paid with where nobody says; elsewhere it is won too."""
WHOLE = frozenset({"KRW", "JPY"})
"""Currencies without a smaller unit."""
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_PHONE = re.compile(r"[0-9()+-]*")
_URL = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0C: ",", 0xFF0E: "."}
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500]")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One SKU of an order, as given. `amount` is what its goods cost; empty where only the order's amounts are known."""

    sku: str = ""
    quantity: str = ""
    amount: str = ""
    product_url: str = ""


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """An order as a person typed it or a program sent it. Texts; nothing of it is normalised.

    account         id or short name (key) of the channel account
    product_url     stands for every line that has none of its own
    order_amount    what the goods cost before discounts; paid_amount after them; total_amount with the shipping fee
    """

    account: str = ""
    number: str = ""
    ordered_at: str = ""
    country: str = HOME
    product_url: str = ""
    name: str = ""
    phone1: str = ""
    phone2: str = ""
    postcode: str = ""
    address1: str = ""
    address2: str = ""
    message: str = ""
    buyer_name: str = ""
    customs_number: str = ""
    memo: str = ""
    currency: str = ""
    order_amount: str = ""
    paid_amount: str = ""
    total_amount: str = ""
    shipping_fee: str = ""
    lines: tuple[TypedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `line` is the place of the line it is in, from 0."""

    field: str
    code: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SoundLine:
    """One SKU, its quantity and what it costs where that was given."""

    sku: str
    quantity: int
    amount: Decimal | None
    product_url: str


@dataclass(frozen=True, slots=True)
class SoundOrder:
    """An order that keeps every rule a look at the text can tell.

    given     its texts as they are kept
    listed    the goods before discounts, goods after them; None where nobody said
    """

    given: TypedOrder
    ordered_at: datetime
    currency: str
    listed: Decimal | None
    goods: Decimal | None
    shipping: Decimal
    lines: tuple[SoundLine, ...]


PHONES = ("phone1", "phone2")
AMOUNTS = ("order_amount", "paid_amount", "total_amount", "shipping_fee")
REQUIRED: Mapping[str, str] = {
    "account": "account_missing",
    "number": "order_no_missing",
    "name": "recipient_missing",
    "phone1": "phone_missing",
    "postcode": "postcode_missing",
    "address1": "address_missing",
}
"""What every order needs (Q4, Q7–Q10), and what it is refused with otherwise."""
MOST: Mapping[str, int] = {**LONGEST, "buyer_name": 60, "customs_number": LONGEST_CUSTOMS, "number": LONGEST_NUMBER}
"""Most characters of each text."""
_TOO_LONG = {"name": "name_too_long"}


def judge_order(typed: TypedOrder, *, at: datetime) -> tuple[SoundOrder | None, tuple[Fault, ...]]:
    """The order as it would be kept, or everything that is wrong with it; never both.

    `at`: now, which is when it was ordered where nobody says. Accounts, SKUs and known numbers are looked up elsewhere.
    """
    order = tidy(typed)
    ordered_at = _read_moment(order.ordered_at, at)
    amounts = {name: read_amount(getattr(order, name), order.currency) for name in AMOUNTS}
    lines = tuple(_read_line(order, each) for each in order.lines)
    faults = [*_texts(order), *_abroad(order, amounts)]
    if ordered_at is None:
        faults.append(Fault("ordered_at", "date_unusable"))
    faults += [Fault(name, "amount_unusable") for name in AMOUNTS if getattr(order, name) and amounts[name] is None]
    faults += _lines(order, lines)
    if faults or ordered_at is None:
        return None, tuple(dict.fromkeys(faults))
    goods, shipping = _settle(amounts, lines)
    if shipping is None:
        return None, (Fault("total_amount", "amounts_differ"),)
    return SoundOrder(order, ordered_at, order.currency, amounts["order_amount"], goods, shipping, lines), ()


def tidy(typed: TypedOrder) -> TypedOrder:
    """Texts as they are kept: composed, without spaces around; phones as digits; the currency that goes without saying."""
    texts = {each.name: _composed(getattr(typed, each.name)) for each in fields(TypedOrder) if each.name != "lines"}
    texts |= {name: _plain_phone(texts[name]) for name in PHONES}
    texts |= {name: _plain_number(texts[name]) for name in AMOUNTS}
    texts["country"] = texts["country"] or HOME
    texts["currency"] = texts["currency"] or MONEY.get(texts["country"], MONEY[HOME])
    lines = tuple(
        TypedLine(
            _composed(line.sku),
            _plain_number(_composed(line.quantity)),
            _plain_number(_composed(line.amount)),
            _composed(line.product_url) or texts["product_url"],
        )
        for line in typed.lines
    )
    return replace(typed, **texts, lines=lines)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _plain_number(text: str) -> str:
    """Without commas and blanks, wide digits made plain; ² stays what it is and is refused."""
    return "".join(text.translate(_WIDE).replace(",", "").split())


def _plain_phone(text: str) -> str:
    """The number's digits where it is written as one and fits, else the text itself, to be refused."""
    text = _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).split()))
    digits = normalise_phone(text)
    # written out with country code and hyphens a good number may be longer than the rule allows
    fits = len(text) <= LONGEST_PHONE or 0 < len(digits) <= LONGEST_PHONE - 2
    return digits if _PHONE.fullmatch(text) and fits and len(digits) >= SHORTEST_PHONE else text


def read_amount(text: str, currency: str) -> Decimal | None:
    """The amount a text tells; None for none. Won and yen have no hundredths.

    >>> read_amount("12900", "KRW"), read_amount("9.90", "USD"), read_amount("9.90", "JPY")
    (Decimal('12900'), Decimal('9.90'), None)
    """
    if not _AMOUNT.fullmatch(text):
        return None
    amount = Decimal(text)
    return None if currency in WHOLE and amount != amount.to_integral_value() else amount


def _read_moment(text: str, at: datetime) -> datetime | None:
    """When it was ordered: now where nobody says, Seoul's clock where the text has no zone; None for what is no moment."""
    if not text:
        return at
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=KST)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if OLDEST <= moment <= at + timedelta(days=1) else None


def _read_line(order: TypedOrder, line: TypedLine) -> SoundLine:
    """A quantity of 0 is one that cannot be used."""
    whole = line.quantity.isascii() and line.quantity.isdigit() and len(line.quantity) <= len(str(MOST_PIECES))
    return SoundLine(
        line.sku, int(line.quantity) if whole else 0, read_amount(line.amount, order.currency), line.product_url
    )


def _texts(order: TypedOrder) -> Iterator[Fault]:
    for name, code in REQUIRED.items():
        if not getattr(order, name):
            yield Fault(name, code)
    for name, most in MOST.items():
        value = getattr(order, name)
        if name in PHONES:
            if value and (code := _find_phone_fault(value)):
                yield Fault(name, code)
        elif len(value) > most:
            yield Fault(name, _TOO_LONG.get(name, "field_long"))
        elif _has_controls(value, lines=name in LINES) or (name == "postcode" and not POSTCODE.fullmatch(value)):
            yield Fault(name, "field_form")


def _find_phone_fault(value: str) -> str:
    if not _PHONE.fullmatch(value):
        return "phone_unusable"
    return "phone_too_long" if len(value) > LONGEST_PHONE else "" if len(value) >= SHORTEST_PHONE else "phone_unusable"


def _has_controls(value: str, *, lines: bool = False) -> bool:
    rest = value.replace("\n", "").replace("\t", "") if lines else value
    return any(unicodedata.category(each) in ("Cc", "Cs") for each in rest)


def _abroad(order: TypedOrder, amounts: Mapping[str, Decimal | None]) -> Iterator[Fault]:
    """Country and currency; for Japan the yen amount customs ask for (Q22–Q25)."""
    if not re.fullmatch("[A-Z]{2}", order.country):
        yield Fault("country", "country_unusable")
    if not re.fullmatch("[A-Z]{3}", order.currency) or (order.country == JAPAN and order.currency != MONEY[JAPAN]):
        yield Fault("currency", "currency_unusable")
    if order.country != JAPAN:
        return
    told = amounts["paid_amount"] or amounts["order_amount"] or amounts["total_amount"]
    if not told and not all(line.amount for line in order.lines) and not order.paid_amount:
        yield Fault("paid_amount", "amount_missing")


def _lines(order: TypedOrder, lines: tuple[SoundLine, ...]) -> Iterator[Fault]:
    if not lines:
        yield Fault("lines", "product_missing")
    some = any(line.amount for line in order.lines)
    for place, (typed, line) in enumerate(zip(order.lines, lines, strict=True)):
        if not line.sku:
            yield Fault("sku", "product_missing", place)
        if not 1 <= line.quantity <= MOST_PIECES:
            yield Fault("quantity", "quantity_unusable", place)
        if typed.amount and line.amount is None:
            yield Fault("amount", "amount_unusable", place)
        elif some and not typed.amount:
            yield Fault("amount", "amount_missing", place)
        # a page that stands for the whole order is wrong once, not line by line
        whose = place if line.product_url != order.product_url else None
        if line.product_url and not is_web_address(line.product_url):
            yield Fault("product_url", "url_unusable", whose)
        elif order.country == JAPAN and not line.product_url:
            yield Fault("product_url", "url_missing", whose)


def is_web_address(text: str) -> bool:
    """Whether it is a page's address that can be kept."""
    return len(text) <= LONGEST_URL and bool(_URL.fullmatch(text)) and not _has_controls(text)


def _settle(
    amounts: Mapping[str, Decimal | None], lines: tuple[SoundLine, ...]
) -> tuple[Decimal | None, Decimal | None]:
    """What the goods cost (None: nobody said) and the shipping fee; a fee of None: the amounts contradict each other."""
    total, fee = amounts["total_amount"], amounts["shipping_fee"]
    of_lines = [line.amount for line in lines if line.amount is not None]
    goods = amounts["paid_amount"]
    if goods is None:
        goods = sum(of_lines, Decimal(0)) if of_lines else amounts["order_amount"]
    if goods is None and total is not None:
        goods = total - (fee or 0)
    if total is not None and goods is not None:
        rest = total - goods
        if rest < 0 or (fee is not None and fee != rest):
            return goods, None
        return goods, rest
    return goods, fee or Decimal(0)
