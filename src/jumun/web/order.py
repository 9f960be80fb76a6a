"""One order with everything about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.registry import find_profile
from jumun.channels.sheet_kinds import find_sheet_kind
from jumun.claims.queries import list_claims_of_order
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.dispatch.queries import EffectRow, list_effects_of
from jumun.orders.holds import HoldShown, list_holds
from jumun.orders.queries import ItemRow, OrderDetail, get_order, see_recipient
from jumun.orders.states import ENDS, GONE, PIPELINE, USUAL_NEXT, Status
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.claims import show
from jumun.web.items import GRID_ONLY, RULES, Button, may_do
from jumun.web.shell import page, part
from jumun.web.troubles import Case, Trouble, find_troubles


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the rail."""

    label: str
    at: datetime | None
    state: str
    """done, now or ""."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """An effect in words: our sentence says why and what to do, `quoted` is what the channel said itself."""

    effect: EffectRow
    told: str
    quoted: str


@dataclass(frozen=True, slots=True)
class Held:
    """A hold with the items it lies on, by name."""

    hold: HoldShown
    products: str
    past: bool

    @property
    def ids(self) -> str:
        """Its items, for a form."""
        return ",".join(str(item) for item in self.hold.items)


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
    response = part(request, desk, "web/parts/recipient.html", recipient=shown, order_id=order_id)
    response["HX-Trigger-After-Settle"] = "timeline-changed"
    return response


def _context(desk: Desk, found: OrderDetail) -> dict[str, Any]:
    at = now()
    live = [item for item in found.items if item.status not in GONE]
    gone = sum((item.amount for item in found.items if item.status in GONE), Decimal(0))
    told = list_effects_of(found)
    claims = list_claims_of_order(found.id)
    centre = _seller_centre(found.channel)
    troubles = find_troubles(Case(desk, found, live, told, at, claims, centre))
    return {
        "order": found,
        "order_id": found.id,
        "recipient": found.recipient,
        "troubles": troubles,
        "rail": draw_rail(found, live),
        "told": [_told(each) for each in told],
        "claims": [show(claim) for claim in claims],
        "holds": _holds(found, at),
        "ids": ",".join(str(item.id) for item in live),
        "buttons": _buttons(desk, found, live, troubles),
        "units": sum(item.quantity for item in live),
        "cancelled_at": max((item.cancelled_at for item in found.items if item.cancelled_at), default=None)
        if not live
        else None,
        "mixed": len({item.status for item in live}) > 1,
        "claim_words": list(dict.fromkeys(words.name_claim(item.claim) for item in found.items if item.claim_open)),
        "gone_amount": gone,
        "payable": found.amount - gone + found.shipping_fee,
        "seller_centre": centre,
        "may_retry": may_do(desk, "transmit"),
        "bundles": _bundles(found),
    }


@dataclass(frozen=True, slots=True)
class Bundle:
    """A shipment of the order with what is in it."""

    number: str
    carrier: str
    waybill: str
    waybill_at: datetime | None
    status: str
    items: int
    units: int
    reprint: bool


def _bundles(found: OrderDetail) -> list[Bundle]:
    bundles = []
    for shipment in found.shipments:
        inside = [item for item in found.items if item.shipment_id == shipment.id]
        live = [item for item in inside if item.status not in GONE] or inside
        status = min((item.status for item in live), key=_place, default="")
        bundles.append(
            Bundle(
                shipment.bundle_no,
                shipment.carrier,
                shipment.waybill,
                shipment.waybill_at,
                status,
                len(live),
                sum(item.quantity for item in live),
                any(item.reprint for item in live),
            )
        )
    return bundles


def _place(status: str) -> int:
    return PIPELINE.index(Status(status)) if status in PIPELINE else len(PIPELINE)


def _holds(found: OrderDetail, at: datetime) -> list[Held]:
    if not any(item.held for item in found.items):
        return []
    names = {item.id: item.product_name for item in found.items}
    return [
        Held(
            hold,
            ", ".join(dict.fromkeys(names[item] for item in hold.items if item in names)),
            hold.until is not None and hold.until <= at,
        )
        for hold in list_holds(found.id)
    ]


def _told(effect: EffectRow) -> ToldLine:
    told = words.tell_code(effect.code, effect.message) if effect.code or effect.message else ""
    return ToldLine(effect, told, "" if effect.message in told else effect.message)


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


def _buttons(desk: Desk, found: OrderDetail, live: Sequence[ItemRow], troubles: Sequence[Trouble]) -> list[Button]:
    """The order's actions, the usual next one last; green unless something stands in its way."""
    if not live:
        return []
    statuses = {item.status for item in live}
    stopped = any(trouble.kind != "late" for trouble in troubles)
    usual = USUAL_NEXT.get(Status(found.status), "") if found.status not in ENDS and not stopped else ""
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
    known = find_profile(channel) or find_sheet_kind(channel)
    return known.seller_centre if known else ""
