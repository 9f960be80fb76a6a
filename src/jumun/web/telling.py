"""The timeline in sentences, in the page's language: what happened, what people wrote, who looked.

What the events say holds no personal data, because the events do not. Comments may: they are drawn, never kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from jumun.companies.trail import Look
from jumun.orders.comments import CommentShown, split_mentions
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
    "split_off",
    "shrunk",
    "settled_by_rule",
    "address_changed",
    "address_differs",
    "adopted",
)
EDITS = ("edited", "matched")
NUMBERS = ("label", "relabel", "renumber", "correct")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline.

    kind    channel, move, edit, comment or look: what it can be filtered by
    person  who did it; "" for the machine
    tone    "", ok or bad
    batch   the action it was part of
    undo    a batch to take back
    items   how many items of this order it is about
    """

    at: datetime
    text: str
    small: str
    kind: str
    person: str = ""
    tone: str = ""
    batch: UUID | None = None
    undo: UUID | None = None
    items: int = 0
    comment: CommentShown | None = None
    pieces: Sequence[tuple[str, bool]] = ()


class Beside(NamedTuple):
    """What stands in the timeline beside the events: comments, looks, and the people who may be mentioned."""

    comments: Sequence[CommentShown] = ()
    looks: Sequence[Look] = ()
    names: Sequence[str] = ()


def tell(timeline: Sequence[Moment], items: Sequence[ItemRow], beside: Beside | None = None) -> list[Told]:
    """The timeline, newest first; what one batch did to several items of the order is one line."""
    names = {item.id: item.product_name for item in items}
    newest = _newest_batches(timeline)
    lines = [
        _line(list(group), names, len(items), newest)
        for _key, group in groupby(timeline, key=lambda each: (each.at, each.action, each.batch, each.by))
    ]
    if beside is not None:
        lines += [_comment(each, beside.names) for each in beside.comments] + [_look(each) for each in beside.looks]
        lines.sort(key=lambda line: line.at, reverse=True)
    return lines


def _comment(each: CommentShown, names: Sequence[str]) -> Told:
    return Told(
        at=each.at,
        text="",
        small="",
        kind="comment",
        person=each.by_name,
        comment=each,
        pieces=split_mentions(each.text, names),
    )


def _look(each: Look) -> Told:
    text = _("받는 분을 고치면서 봄") if each.did == "edit" else _("받는 분 정보를 봄")
    via = "" if each.via == "web" else each.via
    return Told(each.at, text, " · ".join(part for part in (each.by, via) if part), "look", each.by)


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
    kind = "channel" if first.action in CHANNEL_SIDE else "edit" if first.action in EDITS else "move"
    small = [first.by or ("" if kind == "channel" else _("자동"))]
    about = dict.fromkeys(names[each.item] for each in together if each.item is not None and each.item in names)
    if len({each.item for each in together}) < items:
        small.append(_names(list(about)))
    small.append(_detail(first))
    return Told(
        at=first.at,
        text=_sentence(first),
        small=" · ".join(part for part in small if part),
        kind=kind,
        person=first.by,
        tone=_tone(first),
        batch=first.batch,
        undo=first.batch if first.batch in newest and _may_go_back(first) else None,
        items=len({each.item for each in together}),
    )


def _names(names: Sequence[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return _("{names} 외 {n}개").format(names=", ".join(names[:3]), n=len(names) - 3)


def _may_go_back(each: Moment) -> bool:
    """Whether its kind may be taken back; of what goes to a channel, only what was not sent or had nobody to tell."""
    if each.action.endswith("_planned"):
        return True
    rule = MOVES.get(each.action) or MARKS.get(each.action)
    return rule is not None and (rule.undo or (rule.remote and each.detail.get("push") == "not_needed"))


def _sentence(each: Moment) -> str:
    sentences = {
        "collected": _("쇼핑몰에서 수집"),
        "registered": _("직접 등록"),
        "sheet_registered": _("주문서로 등록"),
        "requantified": _("수량 변경"),
        "adopted": _("쇼핑몰 주문과 연결"),
        "deleted": _("주문서에서 삭제"),
        "confirm_planned": _("발주확인을 쇼핑몰에 보내는 중"),
        "confirm": _("발주확인: 쇼핑몰이 받음"),
        "dispatch_planned": _("운송장을 쇼핑몰에 보내는 중"),
        "correct_planned": _("운송장 정정을 쇼핑몰에 보내는 중"),
        "correct": _("운송장 정정: 쇼핑몰이 받음"),
        "push_rejected": _("쇼핑몰이 거절함"),
        "address_changed": _("쇼핑몰에서 배송지가 바뀜"),
        "address_differs": _("고친 뒤에 쇼핑몰에서 배송지가 바뀜"),
        "changed_there": _("쇼핑몰에서 내용이 바뀜"),
        "split_off": _("클레임 수량만큼 품목을 나눔"),
        "shrunk": _("클레임 수량을 뺀 나머지"),
        "divide": _("재고에 맞춰 수량을 나눔"),
        "settled_by_rule": _("배송완료 7일 뒤 자동으로 구매확정"),
        "matched": _("품목(SKU)에 연결"),
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
    if each.action in NUMBERS:
        number = f"{words.name_carrier(str(detail.get('carrier', '')))} {detail.get('waybill', '')}".strip()
        was = str(detail.get("was_waybill", ""))
        return _("{number} (전: {was})").format(number=number, was=was) if was else number
    if each.action == "hold":
        return words.name_hold(str(detail.get("reason", "")))
    if each.action == "unhold" and detail.get("reason"):
        reason = str(detail["reason"])
        return (
            _("정한 날이 되어 풀림")
            if reason == "until"
            else _("이유가 없어져 풀림: {reason}").format(reason=words.name_hold(reason))
        )
    if each.action == "push_rejected":
        return words.tell_code(str(detail.get("code", "")), str(detail.get("message", "")))
    if each.action in ("collected", "registered", "sheet_registered", "matched"):
        sku = str(detail.get("matched", ""))
        if each.action == "matched":
            return sku
        return _("자동 매칭 {sku}").format(sku=sku) if sku else _("매칭 안 됨")
    if each.action == "requantified":
        return _("{was}개 → {now}개").format(was=detail.get("was", ""), now=detail.get("now", ""))
    if each.action == "divide":
        return _("{was}개 → {now}개").format(was=detail.get("was", ""), now=detail.get("quantity", ""))
    if each.action in ("split_off", "shrunk") and detail.get("quantity"):
        return _("{n}개").format(n=detail["quantity"])
    return ""


def _tone(each: Moment) -> str:
    if each.action in ("push_rejected", "claim", "cancel") or each.went_to in ("cancelled", "returned"):
        return "bad"
    if (each.action in MOVES or each.action == "correct") and each.action != "withdraw":
        return "ok"
    return ""
