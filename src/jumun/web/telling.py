"""The timeline in sentences, in the page's language. Nothing here holds personal data, because the timeline does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from jumun.orders.queries import ItemRow, Moment
from jumun.orders.states import MARKS, MOVES
from jumun.web import words

CHANNEL_SIDE = (
    "collected",
    "caught_up",
    "confirm",
    "transmit",
    "correct",
    "push_rejected",
    "claim",
    "changed_there",
    "address_changed",
    "address_differs",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline. `who` is channel or person; `tone` is "", ok or bad; `undo` a batch to take back."""

    at: datetime
    text: str
    small: str
    who: str
    tone: str
    undo: UUID | None


def tell(timeline: Sequence[Moment], items: Sequence[ItemRow]) -> list[Told]:
    """The timeline, newest first; what one batch did to several items of the order is one line."""
    names = {item.id: item.product_name for item in items}
    newest = _newest_batches(timeline)
    lines = []
    for _key, group in groupby(timeline, key=lambda each: (each.at, each.action, each.batch, each.by)):
        together = list(group)
        lines.append(_line(together, names, len(items), newest))
    return lines


def _newest_batches(timeline: Sequence[Moment]) -> set[UUID]:
    """Batches that are the last thing that happened to some item: only these can be taken back."""
    seen: set[int | None] = set()
    found: set[UUID] = set()
    for each in timeline:
        if each.item is not None and each.item not in seen:
            seen.add(each.item)
            if each.batch is not None:
                found.add(each.batch)
    return found


def _line(together: Sequence[Moment], names: Mapping[int, str], items: int, newest: set[UUID]) -> Told:
    first = together[0]
    who = "channel" if first.action in CHANNEL_SIDE else "person"
    rule = MOVES.get(first.action) or MARKS.get(first.action)
    can_undo = rule is not None and rule.undo and first.batch in newest
    small = [first.by or ("" if who == "channel" else _("자동"))]
    if len({each.item for each in together}) < items:
        small.append(", ".join(dict.fromkeys(names.get(each.item or 0, "") for each in together)))
    small.append(_detail(first))
    return Told(
        first.at,
        _sentence(first),
        " · ".join(part for part in small if part),
        who,
        _tone(first),
        first.batch if can_undo else None,
    )


def _sentence(each: Moment) -> str:
    sentences = {
        "collected": _("쇼핑몰에서 수집"),
        "confirm_planned": _("발주확인을 쇼핑몰에 보내는 중"),
        "confirm": _("발주확인: 쇼핑몰이 받음"),
        "dispatch_planned": _("운송장을 쇼핑몰에 보내는 중"),
        "correct_planned": _("운송장 정정을 쇼핑몰에 보내는 중"),
        "correct": _("운송장 정정: 쇼핑몰이 받음"),
        "push_rejected": _("쇼핑몰이 거절함"),
        "address_changed": _("쇼핑몰에서 배송지가 바뀜"),
        "address_differs": _("고친 뒤에 쇼핑몰에서 배송지가 바뀜"),
        "changed_there": _("쇼핑몰에서 내용이 바뀜"),
        "label": _("운송장 입력"),
        "relabel": _("운송장 수정"),
        "renumber": _("운송장 수정"),
    }
    if each.action == "caught_up":
        return _("쇼핑몰을 따라 {status}").format(status=words.name_status(each.went_to))
    if each.action == "transmit":
        local = each.detail.get("push") in ("not_needed", "covered")
        return _("운송장 전송: 알릴 것 없음") if local else _("운송장 전송: 쇼핑몰이 받음")
    if each.action == "claim" or "claim" in each.detail:
        claim = str(each.detail.get("claim", ""))
        return _("클레임: {claim}").format(claim=words.name_claim(claim)) if claim else _("클레임이 끝남")
    if each.action == "edited":
        return _edited(each)
    if each.action == "undo":
        return _("되돌림: {action}").format(action=words.name_action(str(each.detail.get("undoes", ""))))
    return sentences.get(each.action) or words.name_action(each.action)


def _edited(each: Moment) -> str:
    took = each.detail.get("took")
    if took == "channel":
        return _("쇼핑몰의 새 배송지로 정함")
    if took == "ours":
        return _("고친 배송지 그대로 두기로 함")
    names = ", ".join(words.name_field(str(name)) for name in each.detail.get("fields", ()))
    return _("{fields} 고침").format(fields=names)


def _detail(each: Moment) -> str:
    detail: Mapping[str, Any] = each.detail
    if each.action in ("label", "relabel", "renumber", "correct"):
        number = f"{words.name_carrier(str(detail.get('carrier', '')))} {detail.get('waybill', '')}".strip()
        was = str(detail.get("was_waybill", ""))
        return _("{number} (전: {was})").format(number=number, was=was) if was else number
    if each.action == "hold":
        return words.name_hold(str(detail.get("reason", "")))
    if each.action == "push_rejected":
        return words.tell_code(str(detail.get("code", "")), str(detail.get("message", "")))
    if each.action == "collected":
        sku = str(detail.get("matched", ""))
        return _("자동 매칭 {sku}").format(sku=sku) if sku else _("매칭 안 됨")
    return ""


def _tone(each: Moment) -> str:
    if each.action in ("push_rejected", "claim", "cancel") or each.went_to in ("cancelled", "returned"):
        return "bad"
    if (each.action in MOVES or each.action == "correct") and each.action != "withdraw":
        return "ok"
    return ""
