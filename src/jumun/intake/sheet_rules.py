"""How well a header's words fit a field: declared, one line a way of saying it.

A rule asks for words and may allow further ones; a header with a word that is neither does not fit. So `취소수량` is no
quantity and `발주확인일` no order date, without a list of what is not meant.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from jumun.intake.sheet_fields import Field
from jumun.intake.sheet_words import Header

_RULES: dict[Field, str] = {
    Field.ORDER_NO: """
        1.0 MALL ORDER NUMBER | ID CODE SELL
        .98 MALL ORDER ID
        .95 ORDER NUMBER | CUSTOMER BUYER INFO
        .9 ORDER ID
        .85 ORDER CODE
        .8 ORDER NUMBER TOTAL
        .6 ORDER NUMBER ORIGIN
        .5 PO NUMBER | ORDER
        .55 BUY NUMBER
        .55 ORDER NUMBER CREATED
        .5 SELLER ORDER NUMBER
        .45 ORDER
        .42 PAY NUMBER
        .4 CART NUMBER
        .35 SYSTEM ORDER NUMBER | MANAGE
        .35 ORDER MANAGE | NUMBER
        .3 CREATED NUMBER
    """,
    Field.LINE_NO: """
        .95 PRODUCT ORDER NUMBER | MALL PER LINE INFO SYSTEM
        .93 PRODUCT ORDER ID | MALL PER LINE
        .9 PRODUCT ORDER CODE PER | MALL
        .95 LINEID
        .55 PRODUCT ORDER CODE | MALL
        .95 ORDER LINE NUMBER | MALL DETAIL
        .93 ORDER LINE ID | MALL DETAIL
        .9 ORDER DETAIL NUMBER | MALL
        .9 ORDER DETAIL ID | MALL
        .88 ORDER LINE | DETAIL MALL
        .88 ORDER OPTION NUMBER | PER
        .85 ORDER OPTION ID
        .6 PO LINE | NUMBER
        .6 PRODUCT LINE | NUMBER ID ORDER
        .5 LINE ID
    """,
    Field.ORDERED_AT: """
        1.0 ORDER MOMENT | DATE CLOCK
        .98 ORDER DATE CLOCK
        .95 ORDER DATE | MALL
        .85 BUY MOMENT | DATE CLOCK
        .85 BUY DATE
        .8 ORDER CLOCK
        .8 ORDER CREATED DATE | MOMENT CLOCK
        .8 ORDER CREATED MOMENT
        .8 ORDER CREATED CLOCK
        .78 ORDER CONFIRM MOMENT
        .72 CREATED MOMENT | DATE
        .7 CREATED DATE
        .7 SELL DATE
        .7 SELL MOMENT
        .62 PAY MOMENT | DATE CLOCK CONFIRM ORDER
        .6 PAY DATE | CONFIRM ORDER
        .58 PAY CLOCK | CONFIRM ORDER
        .57 PO MOMENT | DATE
        .57 PO DATE
        .55 DATE | CLOCK
        .55 MOMENT
        .7 ORDER REGISTERED DATE
        .7 ORDER REGISTERED MOMENT
        .57 ORDER CONFIRM CLOCK
        .35 ORDER CONFIRM DATE
    """,
    Field.PRODUCT_NAME: """
        1.0 PRODUCT NAME | ORDER MALL
        1.0 REGISTERED NAME | PRODUCT
        .92 PRODUCT NAME SELL | ORDER
        .9 EXPOSED PRODUCT NAME | MALL
        .9 PRODUCT NAME BUY
        .88 PRODUCT NAME OPTION | ORDER MALL INFO
        .85 ORDER PRODUCT | INFO
        .85 BUY PRODUCT | INFO
        .85 PRODUCT INFO | ORDER MALL NAME
        .85 PRODUCT NAME SELLER
        .8 PRODUCT | MALL
        .75 PRODUCT NAME DISPATCH
        .75 REGISTERED PRODUCT
        .72 PRODUCT OPTION INFO
        .7 SYSTEM PRODUCT NAME
        .7 SKU NAME
        .7 PRODUCT DETAIL | NAME
        .6 PRODUCT NAME WAYBILL
        .6 CONTENTS
        .55 PRODUCT NAME MODEL
        .5 EXPOSED NAME
        .35 MODEL NAME
        .35 INFO
    """,
    Field.OPTION: """
        1.0 OPTION | NAME INFO PRODUCT ORDER MALL DETAIL
        .97 OPTION REGISTERED | NAME INFO PRODUCT
        .9 OPTION NAME SELL | PRODUCT
        .9 OPTION EXPOSED | NAME PRODUCT
        .88 OPTION BUY | NAME PRODUCT
        .85 OPTION SELLER NAME
        .8 OPTION CHOICE | NAME
        .8 ATTRIBUTE | SKU PRODUCT NAME INFO OPTION
        .75 COLOR SIZE | PRODUCT
        .7 SYSTEM OPTION | NAME
    """,
    Field.PRODUCT_CODE: """
        1.0 SELLER PRODUCT CODE | PER OPTION
        .99 SELLER SKU | CODE NUMBER ID PRODUCT
        .97 SELLER PRODUCT NUMBER
        .97 SELLER PRODUCT MANAGE | CODE NUMBER
        .96 SELLER MANAGE | CODE NUMBER
        .7 SELLER MANAGE DETAIL | CODE
        .95 SELLER PRODUCT ID
        .93 SELLER CODE PRODUCT NAME
        .86 SKU | CODE NUMBER PRODUCT
        .85 PRODUCT MANAGE | CODE NUMBER
        .6 MANAGE CODE
        .8 SELLER CODE
        .8 SKU STOCK NUMBER
        .72 SKU ID
        .72 PRODUCT CODE
        .66 PRODUCT CODE ORDER
        .62 PRODUCT NUMBER
        .62 PRODUCT ID
        .61 MALL PRODUCT CODE
        .6 MALL PRODUCT NUMBER
        .6 MALL PRODUCT ID
        .58 REGISTERED ID | PRODUCT NUMBER
        .57 EXPOSED PRODUCT ID | NUMBER CODE
        .56 ASIN
        .56 OPTION MANAGE | CODE NUMBER
        .55 SELLER OPTION CODE
        .54 SYSTEM PRODUCT CODE
        .5 MODEL NUMBER
        .4 OPTION CODE
        .35 OPTION ID
        .35 CODE
        .3 BARCODE
    """,
    Field.QUANTITY: """
        1.0 QTY | ORDER BUY PRODUCT PER PO
        .95 QTY OPTION
        .93 QTY SELL
        .9 QTY PAY
        .85 QTY LINE
        .85 QTY PRODUCT DISPATCH
        .8 QTY DISPATCH
        .75 QTY DELIVERY
        .6 QTY CONFIRM
        .55 QTY TOTAL | ORDER PRODUCT
        .6 QTY FULL
        .35 QTY BUNDLE
    """,
    Field.RECIPIENT: """
        1.0 RECIPIENT NAME | CUSTOMER
        .97 RECIPIENT
        .9 ADDRESS RECIPIENT NAME
        .9 RECIPIENT DELIVERY | NAME
        .8 RECIPIENT FIRST
        .78 DELIVERY NAME
        .7 RECIPIENT INFO
        .66 NAME
        .55 CUSTOMER NAME
        .5 CUSTOMER
    """,
    Field.BUYER: """
        1.0 BUYER NAME | CUSTOMER ORDER
        .95 BUYER
        .9 ORDER CUSTOMER NAME
        .9 BUY CUSTOMER NAME
        .85 BUYER CUSTOMER
        .8 ORDER NAME
        .8 BUY NAME
        .7 CUSTOMER NAME
        .6 CUSTOMER
        .5 BUYER INFO
        .45 PAYER NAME
        .4 PAYER
        .38 SENDER NAME
        .36 SENDER
    """,
    Field.POSTCODE: """
        1.0 RECIPIENT ZIP | ADDRESS NUMBER CODE
        .95 DELIVERY ZIP | ADDRESS NUMBER CODE
        .95 ZIP | NUMBER CODE ADDRESS
        .3 BUYER ZIP | ADDRESS NUMBER CODE
    """,
    Field.MEMO: """
        1.0 DELIVERY MEMO | INFO RECIPIENT ORDER CUSTOMER CARRIER
        .95 CARRIER MEMO | INFO
        .92 RECIPIENT MEMO
        .9 ORDER DELIVERY MEMO
        .8 MEMO | INFO
        .76 ORDER MEMO
        .75 BUYER MEMO | ORDER
        .75 CUSTOMER MEMO | ORDER DELIVERY
        .7 DISPATCH MEMO
        .65 ORDER REMARK
        .65 DELIVERY REMARK
        .65 BUYER REMARK
        .65 CUSTOMER REMARK
        .6 REMARK
        .55 MEMO REMARK
        .45 PRODUCT MEMO | PER ADDON
        .45 BUYER ADDON MEMO
        .4 SELLER MEMO
    """,
    Field.CARRIER: """
        1.0 CARRIER | NAME DELIVERY COMPANY
        .95 DELIVERY COMPANY | NAME
        .75 CARRIER CODE
        .7 CARRIER ID
        .65 CARRIER INFO
    """,
    Field.WAYBILL: """
        1.0 WAYBILL | NUMBER ID CODE
        .97 DELIVERY WAYBILL | NUMBER ID
        .95 CARRIER WAYBILL | NUMBER
        .9 WAYBILL INFO
    """,
    Field.COUNTRY: """
        1.0 COUNTRY | CODE NAME RECIPIENT DELIVERY ADDRESS
    """,
    Field.PRODUCT_URL: """
        1.0 PRODUCT URL | SELL
        .6 URL
    """,
    Field.CURRENCY: """
        1.0 CURRENCY | CODE PAY ORDER
    """,
    Field.SHIPPING_FEE: """
        1.0 SHIPFEE | AMOUNT TOTAL
        .9 DELIVERY FEE | AMOUNT
    """,
    Field.CARRIAGE: """
        1.0 PREPAID | SHIPFEE KIND PAY DELIVERY COLLECT
        1.0 SHIPFEE KIND | PAY DELIVERY
        .95 SHIPFEE PAY | KIND
        .9 DELIVERY PAY KIND
    """,
    Field.CUSTOMS_NUMBER: """
        1.0 CUSTOMS | NUMBER CODE RECIPIENT
    """,
}

AMOUNT_RULES = """
    total 1.0 PRODUCT PER TOTAL ORDER AMOUNT | REAL
    total .9 PRODUCT PER TOTAL ORDER AMOUNT ORIGIN
    total .9 PRODUCT TOTAL | LINE
    total .97 PRODUCT PER TOTAL AMOUNT
    total .97 PRODUCT PER AMOUNT | ORDER PAY
    total .95 PRODUCT ORDER AMOUNT
    total .95 PRODUCT TOTAL AMOUNT | BUY ORDER SELL
    total .93 PRODUCT TOTAL PRICE
    total .92 PRODUCT AMOUNT | BUY SELL
    total .92 PRODUCT PAY AMOUNT
    total .88 SELL AMOUNT | TOTAL
    total .87 ORDER AMOUNT
    total .8 LINE TOTAL | AMOUNT PRICE
    total .8 LINE AMOUNT
    total .78 AMOUNT
    total .77 BUY AMOUNT
    total .72 PAY AMOUNT | MALL
    total .7 REAL PAY AMOUNT
    total .85 PRODUCT REAL AMOUNT | PAY
    total .66 REAL AMOUNT
    total .7 BUYER PAY AMOUNT
    total .7 PRICE QTY
    total .7 CUSTOMER PAY AMOUNT
    total .62 TOTAL AMOUNT | ORDER
    total .68 PAY PRICE
    total .66 REAL SELL AMOUNT
    total .6 ORDER TOTAL
    total .6 PAY TOTAL | REAL
    total .6 TOTAL PRICE | SELL
    total .6 TOTAL
    total .58 TOTAL ORDER AMOUNT | REAL
    total .58 TOTAL PAY AMOUNT | REAL
    total .5 SELL
    unit .95 PRICE | PRODUCT SELL ORDER BUY PER
    unit .93 PRICE OPTION
    unit .8 PRICE REAL
    unit .6 LIST PRICE | PRODUCT
    plus .9 OPTIONPRICE
    fee .9 SHIPFEE | AMOUNT TOTAL
    fee .9 DELIVERY FEE
"""
"""What an amount's header says: the row's `total`, the price of one (`unit`), the option's `plus`, a delivery `fee`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of saying something: words asked for, words allowed beside them, and how well it fits, 0 … 1."""

    weight: float
    words: frozenset[str]
    allowed: frozenset[str]


def _parse(line: str) -> Rule:
    weight, _, rest = line.strip().partition(" ")
    words, _, allowed = rest.partition("|")
    return Rule(float(weight), frozenset(words.split()), frozenset(allowed.split()))


RULES = {field: tuple(_parse(line) for line in lines.strip().splitlines()) for field, lines in _RULES.items()}
_AMOUNTS = tuple(
    (line.split()[0], _parse(line.strip().partition(" ")[2])) for line in AMOUNT_RULES.strip().splitlines()
)
_NAMED = re.compile("상품명|품명|제품명|품목명|itemname|productname|商品名|品名")
_SILENT = frozenset({"PER", "CHOICE"})
_BINDING = frozenset(
    {"KANA", "SYSTEM", "SENDER", "BUYER", "SELLER", "RECIPIENT", "CLAIM", "STOCK", "SETTLE", "SUPPLY", "ID", "MALL"}
)
"""Words in brackets that say what a column is, not how it is written."""


_BARE = frozenset({"NAME", "CODE", "NUMBER", "ID"})
"""Words that say nothing of a product's column without the title over it: 상품 over 이름."""


def _fit(rules: tuple[Rule, ...], header: Header, role: str) -> float:
    """The best rule's weight, less for letters without meaning and for words only its brackets say."""
    if not header.concepts:
        return 0.0
    best = 0.0
    for concepts, factor in _ways(header, role):
        for rule in rules:
            weight = rule.weight * factor
            if weight > best and rule.words <= concepts <= rule.words | rule.allowed | _SILENT:
                best = weight
    return best * (1.0 - 0.8 * header.unknown)


def _ways(header: Header, role: str) -> list[tuple[frozenset[str], float]]:
    """What a header may say: itself, with its brackets, with the role its neighbours give it."""
    own = header.concepts
    ways = [(own, 1.0)]
    if header.aside and not header.aside <= own:
        ways = [(own | header.aside, 1.0)]
        if not header.aside & _BINDING:
            ways.append((own, 0.95))
    if role and role not in own and (role != "PRODUCT" or own <= _BARE):
        ways.append((own | {role}, 0.99))
    return ways


@lru_cache(maxsize=8192)
def fit(field: Field, header: Header, role: str = "") -> float:
    """How well a header fits a field, 0 … 1; `role` is whose it is by its group or neighbours."""
    if field is Field.OPTION and "OPTION" in header.aside and "PRODUCT" in header.concepts:
        return 0.0  # 상품명(옵션) is the product's name
    if field is Field.OPTION and "PRODUCT" in header.concepts and _NAMED.search(header.key):
        return 0.0  # 품명 및 규격
    return _fit(RULES.get(field, ()), header, role)


@lru_cache(maxsize=4096)
def fit_amount(header: Header) -> tuple[str, float]:
    """What kind of amount a header names, and how well it fits."""
    scored = [(_fit((rule,), header, ""), kind) for kind, rule in _AMOUNTS]
    weight, kind = max(scored, key=lambda each: each[0])
    return (kind, weight) if weight > 0 else ("", 0.0)
