"""개별 등록: orders typed by a person or sent over REST, one or thousands, each whole or not at all (Q1–Q16)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from jumun.catalog.queries import SkuFacts, find_sku_facts
from jumun.channels.models import AccountState, ChannelAccount
from jumun.channels.port import Address, ChannelLine, Stage
from jumun.core.money import prorate
from jumun.intake.order_rules import WHOLE, Fault, SoundOrder, TypedOrder, judge_order, tidy
from jumun.intake.storing import Way, lock_storing, store_lines
from jumun.orders.line_identity import BY_HAND
from jumun.orders.models import Order


@dataclass(frozen=True, slots=True)
class Entered:
    """An order that went in: its place in what was given (from 0), its id and number."""

    row: int
    order_id: int
    number: str


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """An order that stayed out, by its place and number, and everything that is wrong with it.

    known   the order that has its number already, or None
    """

    row: int
    number: str
    faults: tuple[Fault, ...]
    known: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration did: orders that went in and those that did not, each in the order given."""

    entered: list[Entered] = field(default_factory=list)
    refused: list[RefusedOrder] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sound order with what the database knows of it."""

    row: int
    order: SoundOrder
    account: int


def register(orders: Sequence[TypedOrder], *, by: int | None, at: datetime) -> Registered:
    """Store every good order as 신규주문 and name every bad one with its faults.

    Lines are linked to their SKUs at once. A number the account has already, or that came earlier in the same call, is
    refused: nothing is ever overwritten. A number of statements for each account, however many orders. Must run inside
    `acting_as`.
    """
    with transaction.atomic():
        good, refused, skus = _judge(orders, at=at)
        ids: dict[tuple[int, str], int] = {}
        stored: list[_Candidate] = []
        for account in sorted({each.account for each in good}):
            mine = [each for each in good if each.account == account]
            lock_storing(account)
            known = _known(account, mine)
            refused += [
                _taken(each, known[each.order.given.number]) for each in mine if each.order.given.number in known
            ]
            entering = [each for each in mine if each.order.given.number not in known]
            if entering:
                lines = [line for each in entering for line in _write_lines(each.order, skus)]
                store_lines(account, lines, by=by, at=at, way=Way.SINGLE)
                ids |= {(account, number): order for number, order in _known(account, entering).items()}
                stored += entering
        _keep_memos({ids[each.account, each.order.given.number]: each.order.given.memo for each in stored})
    entered = [
        Entered(each.row, ids[each.account, each.order.given.number], each.order.given.number)
        for each in sorted(stored, key=lambda each: each.row)
    ]
    return Registered(entered, sorted(refused, key=lambda each: each.row))


def check(orders: Sequence[TypedOrder], *, at: datetime) -> list[RefusedOrder]:
    """What `register` would refuse now. Changes nothing."""
    good, refused, _ = _judge(orders, at=at)
    for account in sorted({each.account for each in good}):
        mine = [each for each in good if each.account == account]
        known = _known(account, mine)
        refused += [_taken(each, known[each.order.given.number]) for each in mine if each.order.given.number in known]
    return sorted(refused, key=lambda each: each.row)


def _judge(
    orders: Sequence[TypedOrder], *, at: datetime
) -> tuple[list[_Candidate], list[RefusedOrder], Mapping[str, SkuFacts]]:
    """Everything but whether the number is taken. Two statements: accounts and SKUs."""
    given = [tidy(each) for each in orders]
    accounts = list(ChannelAccount.objects.order_by("id"))
    named = {each.key: each for each in accounts} | {str(each.id): each for each in accounts}
    skus = find_sku_facts({line.sku for each in given for line in each.lines})
    good: list[_Candidate] = []
    refused: list[RefusedOrder] = []
    seen: set[tuple[int, str]] = set()
    for row, typed in enumerate(given):
        order, faults = judge_order(typed, at=at)
        account = named.get(typed.account)
        more = (*faults, *_unknown(typed, account, skus))
        if order is None or more or account is None:
            refused.append(RefusedOrder(row, typed.number, more))
        elif (account.id, typed.number) in seen:
            refused.append(RefusedOrder(row, typed.number, (Fault("number", "order_number_twice"),)))
        else:
            seen.add((account.id, typed.number))
            good.append(_Candidate(row, order, account.id))
    return good, refused, skus


def _unknown(typed: TypedOrder, account: ChannelAccount | None, skus: Mapping[str, SkuFacts]) -> Iterable[Fault]:
    if account is None and typed.account:
        yield Fault("account", "account_unknown")
    elif account is not None and account.state == AccountState.OFF:
        yield Fault("account", "account_off")
    for place, line in enumerate(typed.lines):
        if line.sku and line.sku not in skus:
            yield Fault("sku", "sku_unknown", place)


def _known(account: int, orders: Iterable[_Candidate]) -> dict[str, int]:
    """Which of these numbers the account has, with their orders."""
    numbers = [each.order.given.number for each in orders]
    found = Order.objects.filter(account_id=account, number__in=numbers).values_list("number", "id")
    return dict(found)


def _taken(candidate: _Candidate, order_id: int) -> RefusedOrder:
    number = candidate.order.given.number
    return RefusedOrder(candidate.row, number, (Fault("number", "order_number_taken"),), known=order_id)


def _write_lines(order: SoundOrder, skus: Mapping[str, SkuFacts]) -> list[ChannelLine]:
    """The order as lines of its account, the way a channel would tell them."""
    given = order.given
    recipient = Address(
        name=given.name,
        phone1=given.phone1,
        phone2=given.phone2,
        postcode=given.postcode,
        address1=given.address1,
        address2=given.address2,
        country=given.country,
        message=given.message,
        customs_number=given.customs_number,
    )
    amounts = share(order, skus, order.goods)
    listed = share(order, skus, order.listed if order.listed is not None else order.goods)
    return [
        ChannelLine(
            line_key=str(place),
            order_number=given.number,
            unit=str(place),
            stage=Stage.CONFIRMED,
            stage_raw=BY_HAND,
            quantity=line.quantity,
            remaining=line.quantity,
            amount=amount,
            currency=order.currency,
            ordered_at=order.ordered_at,
            paid_at=order.ordered_at,
            product_code="",
            product_name=skus[line.sku].name,
            option_code="",
            option_text=skus[line.sku].option_text,
            seller_code=line.sku,
            unit_price=(full / line.quantity).quantize(Decimal("0.01")),
            recipient=recipient,
            buyer_name=given.buyer_name,
            shipping_fee=order.shipping,
            product_url=line.product_url,
        )
        for place, (line, amount, full) in enumerate(zip(order.lines, amounts, listed, strict=True), 1)
    ]


def share(order: SoundOrder, skus: Mapping[str, SkuFacts], amount: Decimal | None) -> list[Decimal]:
    """An order's amount over its lines: by what each was said to cost, else by the SKUs' prices, else by quantity.

    The shares add up to the amount exactly. Without an amount all are 0.
    """
    if not amount:
        return [Decimal(0)] * len(order.lines)
    small = 1 if order.currency in WHOLE else 100
    said = [int((line.amount or 0) * small) for line in order.lines]
    priced = [skus[line.sku].price * line.quantity for line in order.lines]
    weights = next((each for each in (said, priced) if sum(each)), [line.quantity for line in order.lines])
    return [Decimal(part) / small for part in prorate(int(amount * small), weights)]


def _keep_memos(memos: Mapping[int, str]) -> None:
    told = {order: memo for order, memo in memos.items() if memo}
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order o SET memo = t.memo FROM unnest(%s::bigint[], %s::text[]) AS t(id, memo) WHERE o.id = t.id",
            [list(told), list(told.values())],
        )
