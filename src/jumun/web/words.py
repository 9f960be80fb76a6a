"""What things are called on pages, in the page's language: statuses, claims, pushes, holds, carriers, moments."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jumun.channels.registry import find_profile
from jumun.channels.sheet_kinds import find_sheet_kind
from jumun.claims.states import KINDS, STAGES
from jumun.companies.roles import ROLE_LABELS, Role
from jumun.core.clock import in_kst
from jumun.core.sentences import SENTENCES, sentence
from jumun.orders.actions.hold import REASONS
from jumun.orders.states import ENGLISH, MARKS, MOVES, Status
from jumun.waybills.carriers import CARRIERS
from jumun.web.errors import language


def _pick(pair: tuple[str, str]) -> str:
    return pair[1] if language() == "en" else pair[0]


_later = lazy(_pick, str)
CLAIMS = {kind.value: _later(pair) for kind, pair in KINDS.items()}
CLAIM_STAGES = {stage.value: _later(pair) for stage, pair in STAGES.items()}
FAULTS = {
    "buyer": gettext_lazy("구매자 책임"),
    "seller": gettext_lazy("판매자 책임"),
    "channel": gettext_lazy("쇼핑몰 책임"),
}
PUSHES = {
    "not_needed": gettext_lazy("전송 안 함"),
    "planned": gettext_lazy("전송 대기"),
    "sending": gettext_lazy("전송 중"),
    "unknown": gettext_lazy("확인 중"),
    "confirmed": gettext_lazy("전송 완료"),
    "rejected": gettext_lazy("전송 실패"),
    "covered": gettext_lazy("대표 송장으로 전송"),
}
ALLOCATIONS = {
    "none": gettext_lazy("미할당"),
    "partial": gettext_lazy("부분 할당"),
    "full": gettext_lazy("할당됨"),
}
STOCK_MOVES = {
    "receive": gettext_lazy("입고"),
    "adjust": gettext_lazy("조정"),
    "count": gettext_lazy("실사"),
    "move_out": gettext_lazy("이동 출고"),
    "move_in": gettext_lazy("이동 입고"),
    "scrap": gettext_lazy("폐기"),
    "reserve": gettext_lazy("할당"),
    "release": gettext_lazy("할당 해제"),
    "ship": pgettext_lazy("stock", "출고"),
    "unship": gettext_lazy("출고 취소"),
}
STOCK_CAUSES = {
    "receive": gettext_lazy("입고"),
    "adjust": gettext_lazy("조정"),
    "count": gettext_lazy("실사"),
    "set": gettext_lazy("수량 지정"),
    "move": gettext_lazy("이동"),
    "scrap": gettext_lazy("폐기"),
    "allocate": gettext_lazy("재고 할당"),
    "free": gettext_lazy("할당 해제"),
    "hand_over": gettext_lazy("출고완료"),
    "caught_up": gettext_lazy("쇼핑몰을 따라"),
    "cancel": gettext_lazy("주문 취소"),
    "hold": gettext_lazy("보류"),
    "match": gettext_lazy("매칭 변경"),
    "goods": gettext_lazy("세트 구성 변경"),
    "divide": gettext_lazy("수량 나눔"),
    "quantity": gettext_lazy("주문 수량 변경"),
    "deleted": gettext_lazy("주문 삭제"),
    "undo": gettext_lazy("되돌리기"),
}
JOB_KINDS = {
    "collect": gettext_lazy("주문 수집"),
    "reread": gettext_lazy("못 읽은 주문 다시 읽기"),
    "confirm": gettext_lazy("발주확인"),
    "transmit": gettext_lazy("운송장 전송"),
    "sync": gettext_lazy("주문동기화"),
    "correct": gettext_lazy("운송장 정정"),
    "export": gettext_lazy("엑셀 내려받기"),
    "sheet_read": gettext_lazy("주문서 읽기"),
    "sheet_import": gettext_lazy("주문서 등록"),
    "waybill_sheet": gettext_lazy("송장 엑셀 올리기"),
    "mall_sheet": gettext_lazy("쇼핑몰 발송 엑셀"),
}
JOB_STATUSES = {
    "queued": gettext_lazy("대기"),
    "running": gettext_lazy("진행 중"),
    "done": gettext_lazy("완료"),
    "partly": gettext_lazy("일부 실패"),
    "failed": gettext_lazy("실패"),
}
OUTCOMES = {
    "done": gettext_lazy("완료"),
    "refused": gettext_lazy("거절"),
    "failed": gettext_lazy("실패"),
    "unknown": gettext_lazy("확인 중"),
}
EFFECT_STATES = PUSHES | {"withdrawn": gettext_lazy("거둬들임")}
EFFECT_VERBS = {
    "confirm": gettext_lazy("발주확인"),
    "dispatch": gettext_lazy("운송장 전송"),
    "correct": gettext_lazy("운송장 정정"),
}
ACCOUNT_STATES = {
    "ok": gettext_lazy("정상"),
    "reauth": gettext_lazy("재인증 필요"),
    "off": gettext_lazy("꺼짐"),
}
ORIGINS = {"gift": gettext_lazy("사은품"), "resend": gettext_lazy("재발송"), "exchange": gettext_lazy("교환")}
FIELDS = {
    "name": gettext_lazy("이름"),
    "phone1": gettext_lazy("전화"),
    "phone2": gettext_lazy("다른 전화"),
    "postcode": gettext_lazy("우편번호"),
    "address1": gettext_lazy("주소"),
    "address2": gettext_lazy("상세 주소"),
    "message": gettext_lazy("배송메세지"),
    "memo": gettext_lazy("메모"),
}
SHORT_PHONE, LONG_PHONE = 7, 12
WEEKDAYS = (
    gettext_lazy("월"),
    gettext_lazy("화"),
    gettext_lazy("수"),
    gettext_lazy("목"),
    gettext_lazy("금"),
    gettext_lazy("토"),
    gettext_lazy("일"),
)


def in_english() -> bool:
    """Whether the page speaks English."""
    return language() == "en"


def name_status(status: str) -> str:
    """출고대기 / Ready."""
    if status not in Status.values:
        return status
    return _pick((str(Status(status).label), ENGLISH[status]))


def name_claim(claim: str) -> str:
    """취소요청 / Cancel requested; "" for none."""
    kind, _sep, stage = claim.partition("_")
    if kind not in CLAIMS:
        return claim
    # Translators: a claim, its kind and its stage: 취소요청
    return _("{kind}{stage}").format(kind=CLAIMS[kind], stage=CLAIM_STAGES.get(stage, stage))


def name_action(action: str) -> str:
    """출고지시 / Release."""
    rule = MOVES.get(action) or MARKS.get(action)
    return _pick(rule.button) if rule else (_("되돌리기") if action == "undo" else action)


def name_hold(reason: str) -> str:
    """Why an item is held."""
    return _pick(REASONS[reason]) if reason in REASONS else reason


def name_field(field: str) -> str:
    """이름 / Name: a field of an order that a person edits."""
    return str(FIELDS.get(field, field))


def name_carrier(carrier: str) -> str:
    """CJ대한통운 / CJ Logistics; a code we do not know stays as it is."""
    known = CARRIERS.get(carrier)
    return _pick((known.label_ko, known.label_en)) if known else carrier


def name_channel(kind: str) -> str:
    """스마트스토어 / Smartstore."""
    if kind == "manual":
        return _("직접 등록")
    known = find_profile(kind) or find_sheet_kind(kind)
    return _pick((known.label_ko, known.label_en)) if known else kind


def name_role(role: str) -> str:
    """소유자 / Owner."""
    return _pick(ROLE_LABELS[Role(role)]) if role in list(Role) else role


def tell_code(code: str, message: str = "") -> str:
    """Our sentence for a refusal's code; the channel's own words where only it knows the reason."""
    if not code:
        return message
    if code == "channel_refused":
        return sentence(code, language(), message=message or _("이유를 알려 주지 않음"))
    if code in SENTENCES:
        return sentence(code, language())
    return sentence("channel_refused", language(), message=f"{message} ({code})" if message else code)


def tell_time(moment: datetime | None, at: datetime) -> str:
    """A past moment as a clerk thinks of it: 방금, 4분 전, 오늘 09:31, 11.21 (토) 22:14."""
    if moment is None:
        return "–"
    gone = at - moment
    if timedelta(0) <= gone < timedelta(minutes=1):
        return _("방금")
    if timedelta(0) <= gone < timedelta(hours=1):
        return _("{n}분 전").format(n=int(gone.total_seconds() // 60))
    return tell_moment(moment, at)


def tell_moment(moment: datetime | None, at: datetime) -> str:
    """오늘 09:31, 어제 22:14, 11.21 (토) 22:14, 2025.11.21 22:14."""
    if moment is None:
        return "–"
    there, here = in_kst(moment), in_kst(at)
    days = (here.date() - there.date()).days
    if days == 0:
        return _("오늘 {time}").format(time=f"{there:%H:%M}")
    if days == 1:
        return _("어제 {time}").format(time=f"{there:%H:%M}")
    if there.year != here.year:
        return f"{there:%Y.%m.%d %H:%M}"
    return f"{there:%m.%d} ({WEEKDAYS[there.weekday()]}) {there:%H:%M}"


def tell_due(moment: datetime | None, at: datetime) -> tuple[str, str]:
    """A deadline and how it presses: ("late", "3시간 지남"), ("soon", "오늘 15:00"), ("", "11.24 (화)")."""
    if moment is None:
        return "", "–"
    there, here = in_kst(moment), in_kst(at)
    late = at - moment
    if late >= timedelta(days=1):
        return "late", _("{n}일 지남").format(n=late.days)
    if late >= timedelta(hours=1):
        return "late", _("{n}시간 지남").format(n=int(late.total_seconds() // 3600))
    if late > timedelta(0):
        return "late", _("{n}분 지남").format(n=max(1, int(late.total_seconds() // 60)))
    if there.date() == here.date():
        return "soon", _("오늘 {time}").format(time=f"{there:%H:%M}")
    if (there.date() - here.date()).days == 1:
        return "", _("내일 {time}").format(time=f"{there:%H:%M}")
    return "", f"{there:%m.%d} ({WEEKDAYS[there.weekday()]})"


def tell_money(amount: Decimal, currency: str = "KRW") -> str:
    """12,900; other currencies with their code, and cents where there are any."""
    if currency == "KRW":
        return f"{int(amount):,}"
    if currency == "JPY":
        return f"{int(amount):,} {currency}"
    return f"{amount:,.2f} {currency}"


def tell_cash(amount: Decimal, currency: str = "KRW") -> str:
    """12,900원 / ₩12,900; other currencies with their code: what stands alone says its currency."""
    if currency != "KRW":
        return tell_money(amount, currency)
    return f"₩{int(amount):,}" if in_english() else f"{int(amount):,}원"


def tell_phone(digits: str) -> str:
    """010-1234-5678, 02-123-4567, 0504-1234-5678; masked digits are stars. Anything else stays as it is."""
    if not digits.startswith("0") or not all(each.isdigit() or each == "*" for each in digits):
        return digits
    first = 2 if digits.startswith("02") else 4 if digits.startswith("050") and len(digits) == LONG_PHONE else 3
    if not SHORT_PHONE <= len(digits) - first <= LONG_PHONE - 4:
        return digits
    return f"{digits[:first]}-{digits[first:-4]}-{digits[-4:]}"


def tell_count(number: int, most: int = 10_000) -> str:
    """1,204; 10,000+ where counting stopped."""
    return f"{most:,}+" if number > most else f"{number:,}"
