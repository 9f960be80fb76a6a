"""주문 등록: one order typed by hand, its SKUs picked from a list, or copied from an earlier one (Q1–Q16)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.catalog.queries import find_sku_facts
from jumun.channels.queries import list_accounts
from jumun.channels.registry import MANUAL
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.clock import in_kst, now
from jumun.core.errors import JumunError
from jumun.core.sentences import sentence
from jumun.intake.earlier import earlier_order, find_earlier
from jumun.intake.order_rules import (
    HOME,
    JAPAN,
    MONEY,
    MOST,
    REQUIRED,
    Fault,
    TypedLine,
    TypedOrder,
    read_amount,
    tidy,
)
from jumun.intake.single_entry import RefusedOrder, check, register
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.once import once
from jumun.web.shell import page, part
from jumun.web.sku_picker import sku_rows

TEXTS = tuple(each.name for each in fields(TypedOrder) if each.name != "lines")
LABELS: Mapping[str, str | Promise] = {
    "account": gettext_lazy("판매 플랫폼"),
    "country": gettext_lazy("도착 국가"),
    "number": gettext_lazy("주문번호"),
    "ordered_at": gettext_lazy("주문일시"),
    "product_url": gettext_lazy("판매 상품 URL"),
    "memo": gettext_lazy("메모"),
    "name": gettext_lazy("받는 분"),
    "phone1": gettext_lazy("전화번호"),
    "phone2": gettext_lazy("전화번호 2"),
    "postcode": gettext_lazy("우편번호"),
    "address1": gettext_lazy("기본 주소"),
    "address2": gettext_lazy("상세 주소"),
    "message": gettext_lazy("배송 메시지"),
    "buyer_name": gettext_lazy("주문자"),
    "customs_number": gettext_lazy("통관번호"),
    "currency": gettext_lazy("통화"),
    "order_amount": gettext_lazy("주문 금액"),
    "paid_amount": gettext_lazy("결제 금액"),
    "total_amount": gettext_lazy("총 결제 금액"),
    "shipping_fee": gettext_lazy("배송비"),
    "lines": gettext_lazy("품목"),
    "sku": gettext_lazy("품목"),
    "quantity": gettext_lazy("수량"),
    "amount": gettext_lazy("금액"),
}
COUNTRIES: tuple[tuple[str, str | Promise], ...] = (
    (HOME, gettext_lazy("대한민국")),
    (JAPAN, gettext_lazy("일본")),
    ("US", gettext_lazy("미국")),
    ("CN", gettext_lazy("중국")),
    ("TW", gettext_lazy("대만")),
    ("HK", gettext_lazy("홍콩")),
    ("SG", gettext_lazy("싱가포르")),
    ("VN", gettext_lazy("베트남")),
)
"""Offered by name; any other two capitals may be typed."""
CURRENCIES = ("KRW", "JPY", "USD", "CNY", "TWD", "HKD", "SGD", "VND", "EUR")
MOST_LINES = 500
LONGEST = 4000
MANY = 100
"""A quantity from here on is pointed at once more before 등록."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault as the page tells it: the field's name and label, the line it is in (from 1), and what to do."""

    field: str
    label: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the summary."""

    sku: str
    name: str
    option: str
    quantity: int
    many: bool


@require_GET
@company_page(May.MOVE)
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The empty form."""
    return page(request, desk, "web/new_order.html", "register", **_form(now()))


@sensitive_post_parameters()
@never_cache
@require_POST
@company_page(May.MOVE)
def recheck(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Before 등록: everything that is wrong, or what would be registered with its quantities once more (Q15)."""
    typed = read_form(request.POST)
    refused = check([typed], at=now())
    if refused:
        return _tell_wrong(request, desk, refused[0], status=200)
    order = tidy(typed)
    facts = find_sku_facts({line.sku for line in order.lines})
    pieces = [
        Piece(
            line.sku, facts[line.sku].name, facts[line.sku].option_text, int(line.quantity), int(line.quantity) >= MANY
        )
        for line in order.lines
    ]
    return part(
        request,
        desk,
        "web/parts/new_order_summary.html",
        order=order,
        account=next((each for each in list_accounts() if order.account in (str(each.id), each.key)), None),
        pieces=pieces,
        units=sum(piece.quantity for piece in pieces),
        amounts=_amounts(order),
    )


@sensitive_post_parameters()
@never_cache
@require_POST
@company_page(May.MOVE)
@once
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """등록: the order is in the list at once; the form is ready for the next one."""
    typed = read_form(request.POST)
    done = register([typed], by=desk.person, at=now())
    if done.refused:
        return _tell_wrong(request, desk, done.refused[0])
    response = part(
        request, desk, "web/parts/new_order_form.html", **_form(now(), account=typed.account), entered=done.entered[0]
    )
    response["HX-Trigger"] = "order-registered"
    response["HX-Trigger-After-Settle"] = "items-changed, bar-changed"
    return response


@require_GET
@company_page(May.MOVE)
def skus(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The picker's rows: SKUs found by name, initials, code or barcode."""
    return sku_rows(request, desk, "orders/new/skus")


@never_cache
@require_GET
@company_page(May.MOVE)
def earlier(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Earlier orders by number, name or phone, recipients masked."""
    text = request.GET.get("q", "").strip()[:100]
    if "\x00" in text:
        raise JumunError("invalid", field="q")
    return part(request, desk, "web/parts/new_order_earlier.html", found=find_earlier(text) if text else [], asked=text)


@never_cache
@require_POST
@company_page(May.PERSONAL)
def copy(request: HttpRequest, desk: Desk) -> HttpResponse:
    """An earlier order's recipient and SKUs, in clear: the look is written to the access trail."""
    desk.need(May.MOVE)
    wanted = request.POST.get("order", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise JumunError("invalid", field="order")
    found = earlier_order(int(wanted))
    note_access(desk.looker, did="copy", subject=f"order:{wanted}", at=now())
    values = {
        **{name: getattr(found.recipient, name) for name in found.COPIED},
        "phone1": words.tell_phone(found.recipient.phone1),
        "phone2": words.tell_phone(found.recipient.phone2),
        "product_url": found.product_url,
        "lines": json.dumps([_line(sku, quantity) for sku, quantity in found.lines], ensure_ascii=False),
    }
    return part(
        request,
        desk,
        "web/parts/new_order_copied.html",
        number=found.number,
        values=json.dumps(values, ensure_ascii=False),
        missing=found.unlinked,
    )


def read_form(form: QueryDict) -> TypedOrder:
    """What was typed. Raises JumunError("invalid") for what no form of ours sends."""
    texts = {name: form.get(name, "") for name in TEXTS}
    if any(len(value) > LONGEST or "\x00" in value for value in texts.values()):
        raise JumunError("invalid", field=_("입력"))
    try:
        told = json.loads(form.get("lines", "") or "[]")
        lines = tuple(TypedLine(str(each["sku"]), str(each["quantity"])) for each in told)
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise JumunError("invalid", field=str(LABELS["lines"])) from problem
    if len(lines) > MOST_LINES or any("\x00" in line.sku + line.quantity for line in lines):
        raise JumunError("invalid", field=str(LABELS["lines"]))
    return TypedOrder(**texts, lines=lines)


def _form(at: datetime, *, account: str = "") -> dict[str, Any]:
    accounts = [each for each in list_accounts() if each.state != "off"]
    by_hand = [each for each in accounts if each.channel == MANUAL] or accounts
    here = in_kst(at)
    return {
        "accounts": accounts,
        "account": account or (str(by_hand[0].id) if len(by_hand) == 1 else ""),
        "labels": {name: str(label) for name, label in LABELS.items()},
        "required": set(REQUIRED),
        "countries": COUNTRIES,
        "currencies": CURRENCIES,
        "usual_money": json.dumps(MONEY),
        "today": f"{here:%Y-%m-%dT%H:%M}",
        "suggested": f"H{here:%y%m%d-%H%M%S}",
        "most": MOST,
    }


def _tell_wrong(request: HttpRequest, desk: Desk, refused: RefusedOrder, *, status: int = 422) -> HttpResponse:
    wrong = [_wrong(fault) for fault in refused.faults]
    response = part(request, desk, "web/parts/new_order_wrong.html", wrong=wrong, known=refused.known)
    response["HX-Retarget"], response["HX-Reswap"] = "#new-order-wrong", "innerHTML"
    response.status_code = status
    return response


def _wrong(fault: Fault) -> Wrong:
    line = fault.line + 1 if fault.line is not None else None
    text = sentence(fault.code, language(), most=MOST.get(fault.field, ""))
    return Wrong(fault.field, str(LABELS.get(fault.field, fault.field)), text, line)


def _amounts(order: TypedOrder) -> Sequence[tuple[str, str]]:
    told = (
        (name, read_amount(getattr(order, name), order.currency))
        for name in ("order_amount", "paid_amount", "total_amount")
    )
    return [(str(LABELS[name]), words.tell_cash(amount, order.currency)) for name, amount in told if amount is not None]


def _line(sku: Any, quantity: int) -> dict[str, object]:
    """A line as the page's script draws it."""
    return {
        "sku": sku.code,
        "name": sku.name,
        "option": sku.option_text,
        "from": sku.ship_from.name if sku.ship_from else "",
        "price": str(Decimal(sku.price)),
        "quantity": str(quantity),
    }
