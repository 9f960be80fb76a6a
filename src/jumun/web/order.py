"""One order with everything about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.registry import find_profile
from jumun.claims.queries import list_claims_of_order
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.dispatch.queries import Told, list_told
from jumun.orders.queries import ItemRow, OrderDetail, get_order, see_recipient
from jumun.orders.states import ENDS, GONE, IN_HOUSE, PIPELINE, USUAL_NEXT, Status
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.claims import show
from jumun.web.items import GRID_ONLY, RULES, Button, may_do
from jumun.web.shell import page, part
from jumun.web.telling import tell


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an order cannot go, in one sentence, and the buttons that end it: (action, label)."""

    kind: str
    text: str
    items: Sequence[ItemRow]
    actions: Sequence[tuple[str, str]] = ()
    outside: str = ""
    """Address of the channel's seller centre, where only that ends it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the rail."""

    label: str
    at: datetime | None
    state: str
    """done, now or ""."""


@require_GET
@company_page(May.READ)
def order(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """The page; its recipient is masked."""
    found = get_order(order_id)
    context = _context(desk, found)
    if request.GET.get("part") == "order":
        return part(request, desk, "web/parts/order.html", **context)
    return page(request, desk, "web/order.html", "items", **context)


@never_cache
@require_POST
@company_page(May.PERSONAL)
def recipient(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponse:
    """보기: the recipient in clear; the look is written down in the same transaction."""
    shown = see_recipient(order_id)
    note_access(desk.looker, did="view", subject=f"order:{order_id}", at=now())
    return part(request, desk, "web/parts/recipient.html", recipient=shown, order_id=order_id)


def _context(desk: Desk, found: OrderDetail) -> dict[str, Any]:
    live = [item for item in found.items if item.status not in GONE]
    told = list_told(found)
    return {
        "order": found,
        "order_id": found.id,
        "recipient": found.recipient,
        "troubles": find_troubles(desk, found, live, told),
        "rail": draw_rail(found, live),
        "told": told,
        "claims": [show(claim) for claim in list_claims_of_order(found.id)],
        "timeline": tell(found.timeline, found.items),
        "ids": ",".join(str(item.id) for item in live),
        "buttons": _buttons(desk, found, live),
        "units": sum(item.quantity for item in live),
        "mixed": len({item.status for item in live}) > 1,
        "seller_centre": _seller_centre(found.channel),
        "carriers_of": {shipment.id: shipment.carrier for shipment in found.shipments},
    }


def find_troubles(desk: Desk, found: OrderDetail, live: Sequence[ItemRow], told: Sequence[Told]) -> list[Trouble]:
    """What stands in its way, the gravest first."""
    house = [item for item in live if item.status in IN_HOUSE or item.status == Status.SHIPPED]
    centre = _seller_centre(found.channel)
    troubles: list[Trouble] = []
    if claimed := [item for item in live if item.claim_open]:
        names = ", ".join(dict.fromkeys(words.name_claim(item.claim) for item in claimed))
        text = _(
            "{claim}이 들어와 있습니다. 지금 보내면 왕복 배송비를 판매자가 낼 수 있습니다. 판매자센터에서 처리하면 동기화 때 따라옵니다."
        ).format(claim=names)
        if not any(item.status in IN_HOUSE for item in claimed):
            text = _(
                "{claim}이 들어와 있습니다. 택배사에 회수를 부탁하거나 판매자센터에서 처리하세요. 결과는 동기화 때 따라옵니다."
            ).format(claim=names)
            troubles.append(Trouble("gone", text, claimed, [], centre))
        else:
            troubles.append(Trouble("claim", text, claimed, [("hold", _("보류"))], centre))
    if found.address_differs and any(item.status in IN_HOUSE for item in house):
        text = _("고친 뒤에 쇼핑몰에서 배송지가 바뀌었습니다. 두 배송지를 보고 어디로 보낼지 정해 주세요.")
        troubles.append(Trouble("differs", text, live))
    if held := [item for item in house if item.held]:
        names = ", ".join(dict.fromkeys(words.name_hold(reason) for item in held for reason in item.holds))
        text = _("보류 중입니다: {reason}. 풀어야 출고할 수 있습니다.").format(reason=names)
        troubles.append(Trouble("held", text, held, [("unhold", words.name_action("unhold"))]))
    if rejected := [item for item in house if item.push == "rejected"]:
        codes = dict.fromkeys(words.tell_code(each.code, each.message) for each in told if each.state == "rejected")
        again = "confirm" if all(item.status == Status.PAID for item in rejected) else "transmit"
        text = _("쇼핑몰 전송이 실패했습니다. {reason}").format(reason=" ".join(codes))
        label = _("{action} 다시 하기").format(action=words.name_action(again))
        troubles.append(Trouble("rejected", text, rejected, [(again, label)], centre))
    waiting = [item for item in live if item.status in (Status.PAID, Status.PREPARING)]
    if unmatched := [item for item in waiting if not item.matched]:
        names = ", ".join(dict.fromkeys(item.product_name for item in unmatched))
        text = _("매칭되지 않은 상품이 있어 출고지시할 수 없습니다: {names}. 품목(SKU)에 연결해 주세요.").format(
            names=names
        )
        troubles.append(Trouble("unmatched", text, unmatched))
    return [
        Trouble(
            each.kind, each.text, each.items, [pair for pair in each.actions if may_do(desk, pair[0])], each.outside
        )
        for each in troubles
    ]


def draw_rail(found: OrderDetail, live: Sequence[ItemRow]) -> list[Stop]:
    """The pipeline with the moment this order reached each step; ends that are not of the pipeline stand last."""
    reached: dict[str, datetime] = {}
    for each in reversed(found.timeline):
        if each.went_to and (each.came_from != each.went_to or not each.came_from):
            reached.setdefault(each.went_to, each.at)
    if found.paid_at:
        reached["paid"] = found.paid_at
    steps = [step for step in PIPELINE if step != Status.AWAITING_PAYMENT or found.status == step]
    if not live and found.items:
        ends = [Stop(words.name_status(found.status), reached.get(found.status), "now")]
        return [Stop(words.name_status(step), reached[step], "done") for step in steps if step in reached] + ends
    place = PIPELINE.index(Status(found.status)) if found.status in PIPELINE else 0
    return [
        Stop(
            words.name_status(step),
            reached.get(step) if PIPELINE.index(step) <= place else None,
            "now" if step == found.status else "done" if PIPELINE.index(step) < place else "",
        )
        for step in steps
    ]


def _buttons(desk: Desk, found: OrderDetail, live: Sequence[ItemRow]) -> list[Button]:
    if not live:
        return []
    statuses = {item.status for item in live}
    usual = USUAL_NEXT.get(Status(found.status), "") if found.status not in ENDS else ""
    offered = []
    for rule in RULES:
        if rule.action in GRID_ONLY or rule.action == "take_out" or not may_do(desk, rule.action):
            continue
        if rule.action == "unhold" and not any(item.held for item in live):
            continue
        if statuses & rule.sources:
            offered.append(Button(rule.action, words.name_action(rule.action), rule.action == usual))
    return sorted(offered, key=lambda button: (button.usual, button.action != "cancel"))


def _seller_centre(channel: str) -> str:
    profile = find_profile(channel)
    return profile.seller_centre if profile else ""
