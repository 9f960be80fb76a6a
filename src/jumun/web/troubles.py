"""Trouble first: why an order cannot go, one sentence each, the gravest first, with the buttons that end it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from jumun.claims.queries import ClaimRow
from jumun.dispatch.queries import EffectRow
from jumun.orders.queries import ItemRow, OrderDetail
from jumun.orders.states import IN_HOUSE, Status
from jumun.web import words
from jumun.web.access import Desk
from jumun.web.items import may_do


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an order cannot go, in one sentence, and what ends it.

    title     what it means for the order, in bold before the sentence
    actions   buttons about `items`: (action, label)
    retry     rejected effects that may be sent again
    link      a page of ours that ends it: (address within the company, label)
    outside   address of the channel's seller centre, where only that ends it
    """

    kind: str
    title: str
    text: str
    items: Sequence[ItemRow]
    actions: Sequence[tuple[str, str]] = ()
    retry: Sequence[int] = ()
    link: tuple[str, str] = ("", "")
    outside: str = ""

    @property
    def ids(self) -> str:
        """Its items, for a form."""
        return ",".join(str(item.id) for item in self.items)

    @property
    def effects(self) -> str:
        """Its effects, for a form."""
        return ",".join(str(each) for each in self.retry)


@dataclass(frozen=True, slots=True)
class Case:
    """An order with what was told about it: all that is judged."""

    desk: Desk
    order: OrderDetail
    live: Sequence[ItemRow]
    told: Sequence[EffectRow]
    at: datetime
    claims: Sequence[ClaimRow] = ()
    centre: str = ""

    @property
    def house(self) -> list[ItemRow]:
        """Items the channel was not told have left."""
        return [item for item in self.live if item.status in IN_HOUSE or item.status == Status.SHIPPED]


def find_troubles(case: Case) -> list[Trouble]:
    """What stands in its way, the gravest first."""
    found = [
        trouble
        for judge in (_claimed, _differs, _held, _rejected, _unmatched, _no_ship_from, _late)
        if (trouble := judge(case)) is not None
    ]
    return [_within(case.desk, trouble) for trouble in found]


def _within(desk: Desk, trouble: Trouble) -> Trouble:
    """The same with only the buttons this person may press."""
    may = [pair for pair in trouble.actions if may_do(desk, pair[0])]
    retry = trouble.retry if may_do(desk, "transmit") else ()
    return replace(trouble, actions=may, retry=retry)


def _claimed(case: Case) -> Trouble | None:
    claimed = [item for item in case.live if item.claim_open]
    if not claimed:
        return None
    names = ", ".join(dict.fromkeys(words.name_claim(item.claim) for item in claimed))
    first = next((claim for claim in case.claims if claim.open), None)
    link = (f"claims/{first.id}", _("클레임 보기")) if first else ("", "")
    if not any(item.status in IN_HOUSE for item in claimed):
        text = _(
            "{claim}이 들어와 있습니다. 택배사에 회수를 부탁하거나 판매자센터에서 처리하세요. 결과는 동기화 때 따라옵니다."
        )
        title = _("이미 출고한 주문에 클레임이 있습니다.")
        return Trouble("gone", title, text.format(claim=names), claimed, link=link, outside=case.centre)
    text = _(
        "{claim}이 들어와 있습니다. 지금 보내면 왕복 배송비를 판매자가 낼 수 있습니다. 판매자센터에서 처리하면 동기화 때 따라옵니다."
    )
    actions = [("hold", _("보류"))] if not all(item.held for item in claimed) else []
    return Trouble("claim", _stopped(), text.format(claim=names), claimed, actions, (), link, case.centre)


def _differs(case: Case) -> Trouble | None:
    if not case.order.address_differs or not any(item.status in IN_HOUSE for item in case.house):
        return None
    text = _("고친 뒤에 쇼핑몰에서 배송지가 바뀌었습니다. 두 배송지를 보고 어디로 보낼지 정해 주세요.")
    return Trouble("differs", _stopped(), text, case.live)


def _held(case: Case) -> Trouble | None:
    held = [item for item in case.house if item.held]
    if not held:
        return None
    names = ", ".join(dict.fromkeys(words.name_hold(reason) for item in held for reason in item.holds))
    text = _("보류 중입니다: {reason}. 풀어야 출고할 수 있습니다.").format(reason=names)
    if len(held) < len(case.house):
        text = _("품목 {all}개 중 {n}개가 보류 중입니다: {reason}. 풀어야 출고할 수 있습니다.").format(
            all=len(case.house), n=len(held), reason=names
        )
    return Trouble("held", _stopped(), text, held, [("unhold", words.name_action("unhold"))])


def _rejected(case: Case) -> Trouble | None:
    rejected = [item for item in case.live if item.push == "rejected"]
    if not rejected:
        return None
    told = [each for each in case.told if each.state == "rejected"]
    again = [each for each in told if each.can_retry]
    codes = dict.fromkeys(words.tell_code(each.code, each.message) for each in again or told)
    text = _("쇼핑몰 전송이 실패했습니다. {reason}").format(reason=" ".join(codes)).strip()
    title, actions = _("쇼핑몰이 아직 모릅니다."), []
    if not again and all(item.status in (Status.PAID, Status.SHIPPED) for item in rejected):
        action = "confirm" if rejected[0].status == Status.PAID else "transmit"
        actions = [(action, _("{action} 다시 하기").format(action=words.name_action(action)))]
    retry = [each.id for each in again]
    return Trouble("rejected", title, text, rejected, actions, retry, outside=case.centre)


def _unmatched(case: Case) -> Trouble | None:
    unmatched = [item for item in _waiting(case) if not item.matched]
    if not unmatched:
        return None
    names = ", ".join(dict.fromkeys(item.product_name for item in unmatched[:3]))
    if len(unmatched) > 3:
        names = _("{names} 외 {n}개").format(names=names, n=len(unmatched) - 3)
    text = _("매칭되지 않은 상품이 있어 출고지시할 수 없습니다: {names}. 품목(SKU)에 연결해 주세요.")
    return Trouble("unmatched", _stopped(), text.format(names=names), unmatched)


def _no_ship_from(case: Case) -> Trouble | None:
    from_nowhere = {shipment.id for shipment in case.order.shipments if shipment.ship_from_id is None}
    lost = [item for item in _waiting(case) if item.shipment_id in from_nowhere and item.matched]
    if not lost:
        return None
    text = _("출고지가 없어 출고지시할 수 없습니다. 품목(SKU)이나 판매처 계정에 출고지를 정해 주세요.")
    link = (f"accounts/{case.order.channel_account}", _("판매처 계정 열기"))
    return Trouble("no_ship_from", _stopped(), text, lost, (), (), link)


def _late(case: Case) -> Trouble | None:
    late = [item for item in case.house if item.ship_by is not None and item.ship_by < case.at]
    if not late:
        return None
    oldest = min(item.ship_by for item in late if item.ship_by is not None)
    text = _("{moment}까지 보내야 했습니다. 발송지연 벌점이 붙을 수 있으니 이 주문부터 보내 주세요.")
    if len(late) < len(case.house):
        text = _("품목 {n}개를 {moment}까지 보내야 했습니다. 발송지연 벌점이 붙을 수 있으니 이것부터 보내 주세요.")
    told = text.format(moment=words.tell_moment(oldest, case.at), n=len(late))
    return Trouble("late", _("발송기한이 지났습니다."), told, late)


def _waiting(case: Case) -> list[ItemRow]:
    return [item for item in case.live if item.status in (Status.PAID, Status.PREPARING)]


def _stopped() -> str:
    return _("지금 출고할 수 없습니다.")
