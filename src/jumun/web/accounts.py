"""판매처 계정: the logins of this company on its channels, and what each kind can and cannot do."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.catalog.queries import list_ship_froms
from jumun.channels.actions import AccountFields, change_account, check_account, create_account
from jumun.channels.health import Concern, Health, health_of
from jumun.channels.profile import Can, ChannelProfile
from jumun.channels.queries import (
    LastCollection,
    get_account,
    last_collections,
    list_account_jobs,
    list_accounts,
    list_unreadable,
)
from jumun.channels.registry import find_profile, profiles
from jumun.channels.sheet_kinds import SHEET_KINDS, SheetKind, find_sheet_kind
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import ConflictError, JumunError
from jumun.core.sentences import sentence
from jumun.web import words
from jumun.web.access import Desk, company_call, company_page
from jumun.web.collecting import show_gaps
from jumun.web.errors import language
from jumun.web.shell import page, part

CAN = {
    Can.COLLECT_UNCONFIRMED: gettext_lazy("발주확인 전 주문 수집"),
    Can.CONFIRM: gettext_lazy("발주확인"),
    Can.TRANSMIT: gettext_lazy("운송장 전송"),
    Can.CORRECT_WAYBILL: gettext_lazy("보낸 운송장번호 고치기"),
    Can.SYNC: gettext_lazy("주문동기화 (배송 상태 따라가기)"),
    Can.SPLIT_UNIT: gettext_lazy("배송 단위를 나누어 보내기"),
    Can.SPLIT_LINE: gettext_lazy("한 주문 라인을 나누어 보내기"),
    Can.READ_CLAIMS: gettext_lazy("클레임 읽기"),
    Can.PUSH_STOCK: gettext_lazy("판매 가능 재고 전송"),
}
UNITS = {
    "line": gettext_lazy("주문 라인마다"),
    "box": gettext_lazy("상자마다"),
    "bundle": gettext_lazy("묶음배송마다"),
    "order": gettext_lazy("주문마다"),
}
LONGEST = 2000
NEAR = 5
"""Seconds two clocks may differ and be told as the same."""

if TYPE_CHECKING:
    from jumun.channels.models import ChannelAccount


@dataclass(frozen=True, slots=True)
class Said:
    """Something to see to, in words: the whole sentence, and a few for a list."""

    urgency: str
    text: str
    brief: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as the pages tell it."""

    account: "ChannelAccount"
    health: Health
    said: list[Said]
    last: LastCollection | None


@require_GET
@company_page(May.READ)
def accounts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every account, and the channel kinds one may add."""
    kinds = [{"profile": each, "label": words.name_channel(each.kind)} for each in profiles()]
    found, at = list_accounts(), now()
    last = last_collections([each.id for each in found])
    listed = [_stand(each, last.get(each.id), health_of(each, at)) for each in found]
    return page(
        request,
        desk,
        "web/accounts.html",
        "accounts",
        listed=listed,
        kinds=kinds,
        sheet_kinds=_sheet_kinds(),
        **show_gaps(),
    )


def _sheet_kinds() -> list[tuple[SheetKind, str]]:
    return [(each, words.name_channel(each.kind)) for each in SHEET_KINDS.values()]


@require_GET
@company_page(May.READ)
def matrix(request: HttpRequest, desk: Desk) -> HttpResponse:
    """쇼핑몰 지원 현황 (P9): every kind beside the others, drawn from their profiles."""
    kinds = profiles()
    return page(
        request,
        desk,
        "web/channels.html",
        "accounts",
        kinds=[(each, words.name_channel(each.kind)) for each in kinds],
        rows=[(label, [ability in each.can for each in kinds]) for ability, label in CAN.items()],
        sheet_kinds=_sheet_kinds(),
    )


@require_GET
@company_page(May.READ)
def kind(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """What a channel kind can and cannot do, drawn from its connector's profile."""
    profile = find_profile(kind)
    if profile is None:
        return _sheet_kind(request, desk, kind)
    return page(
        request,
        desk,
        "web/channel.html",
        "accounts",
        profile=profile,
        label=words.name_channel(kind),
        **_abilities(profile),
        unit=UNITS[profile.unit],
        window=int(profile.read_window.total_seconds() // 3600),
        batch=dict(profile.batch),
    )


def _sheet_kind(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """What works, and what does not, with a channel that goes by sheet only."""
    known = find_sheet_kind(kind)
    if known is None:
        raise Http404
    return page(
        request,
        desk,
        "web/channel_by_sheet.html",
        "accounts",
        known=known,
        label=words.name_channel(kind),
        abilities=[(label, False) for label in CAN.values()],
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@company_page(May.ACCOUNTS)
def new(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Add an account of a kind."""
    profile = find_profile(kind)
    if profile is None and find_sheet_kind(kind) is None and kind != "manual":
        raise Http404
    if request.method == "GET":
        return _form(request, desk, kind, profile)
    try:
        made = create_account(desk.company_id, kind, _read(request, profile), at=now())
    except (JumunError, ConflictError) as problem:
        return _form(request, desk, kind, profile, trouble=problem.reason(language()))
    return redirect(f"/c/{desk.slug}/accounts/{made}")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@company_page(May.ACCOUNTS)
def account(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """How an account stands, and its fields. Stored keys are never shown; an empty field leaves them."""
    found = get_account(account_id)
    profile = find_profile(found.channel)
    if request.method == "GET":
        return _form(request, desk, found.channel, profile, account=found)
    try:
        change_account(account_id, _read(request, profile, was_off=found.state == "off"), at=now())
    except (JumunError, ConflictError) as problem:
        return _form(request, desk, found.channel, profile, account=found, trouble=problem.reason(language()))
    return _form(request, desk, found.channel, profile, account=get_account(account_id), done=_("저장했습니다."))


@require_POST
@company_call(May.ACCOUNTS)
def check(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """확인: prove the keys against the channel."""
    check_account(desk.company_id, account_id)
    response = part(request, desk, "web/parts/done.html", text=_("연결되었습니다. 키와 주소가 맞습니다."))
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response


def _switch(wish: str, *, was_off: bool) -> bool | None:
    """On or off when that is a change; a mere save must not clear "재인증 필요"."""
    if wish not in ("on", "off") or (wish == "off") == was_off:
        return None
    return wish == "on"


def _read(request: HttpRequest, profile: ChannelProfile | None, *, was_off: bool = False) -> AccountFields:
    form = {name: str(value).strip() for name, value in request.POST.items()}
    if any(len(value) > LONGEST or "\x00" in value for value in form.values()):
        raise JumunError("invalid", field=_("입력"))
    names = [each.name for each in profile.credentials] if profile else []
    credentials = {name: form[f"credential-{name}"] for name in names if form.get(f"credential-{name}")}
    ship_from = form.get("ship_from", "")
    if ship_from and ship_from not in {str(each.id) for each in list_ship_froms()}:
        raise JumunError("invalid", field=_("출고지"))
    return AccountFields(
        name=form.get("name") or None,
        key=form.get("key") or None,
        brand=form.get("brand", ""),
        by_sheet=form.get("by_sheet") == "on" if profile else None,
        base_url=form.get("base_url", ""),
        credentials=credentials or None,
        ship_from=int(ship_from) if ship_from else None,
        auto_collect=form.get("auto_collect") == "on",
        auto_confirm=form.get("auto_confirm") == "on",
        enabled=_switch(form.get("enabled", ""), was_off=was_off),
        keys_expire_on=_read_day(form.get("keys_expire_on", "")),
    )


def _stated_day(account: "ChannelAccount | None") -> str:
    """The last day the seller stated; a guess of ours is not put into the field."""
    if account is None or account.keys_expire_on is None or account.keys_expire_guessed:
        return ""
    return account.keys_expire_on.isoformat()


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise JumunError("invalid", field=_("키 사용 기한")) from problem


def _abilities(profile: ChannelProfile) -> dict[str, Any]:
    """What a channel can and cannot do, and its known limits."""
    return {
        "abilities": [(label, ability in profile.can) for ability, label in CAN.items()],
        "notes": [note[1] if language() == "en" else note[0] for note in profile.notes],
    }


def _stand(account: "ChannelAccount", last: LastCollection | None, health: Health) -> Standing:
    said = [
        Said(each.urgency, sentence(each.code, language(), **each.values), _brief(each)) for each in health.concerns
    ]
    return Standing(account, health, said, last)


def _brief(concern: Concern) -> str:
    if concern.code == "keys_expiring":
        return _("키 {n}일 남음").format(n=concern.values["days"])
    if concern.code == "clock_skew":
        return _("시계 {n}초").format(n=concern.values["seconds"])
    return {
        "keys_expire_today": _("키 오늘까지"),
        "keys_expired": _("키 만료"),
        "channel_resting": _("쉬는 중"),
        "ip_not_allowed": _("IP 등록 필요"),
    }.get(concern.code, _("키 확인 필요"))


def _facts(account: "ChannelAccount", profile: ChannelProfile) -> dict[str, Any]:
    """Everything a person looks at before trusting an account: state, times, pace, jobs, answers nobody could read."""
    last = last_collections([account.id]).get(account.id)
    return {
        "standing": _stand(account, last, health_of(account, now())),
        "outcome": _tell_outcome(last),
        "rates": [(call, f"{rate.per_second:g}", rate.burst) for call, rate in sorted(profile.rates.items())],
        "clock": _tell_clock(account.clock_skew),
        "renew": profile.renew_keys[1 if language() == "en" else 0],
        "jobs": list_account_jobs(account.id),
        "unreadable": list_unreadable(account.id),
        **_abilities(profile),
    }


def _tell_clock(skew: int | None) -> str:
    """How this server's clock stands beside the channel's; a second or two is the way of the answer."""
    if skew is None:
        return _("아직 비교하지 못함")
    if abs(skew) <= NEAR:
        return _("판매처 시계와 맞음")
    told = _("판매처 시계보다 {n}초 빠름") if skew > 0 else _("판매처 시계보다 {n}초 느림")
    return told.format(n=abs(skew))


def _tell_outcome(last: LastCollection | None) -> str:
    """What became of the last collection: its numbers, or why it failed."""
    if last is None:
        return ""
    if last.code:
        return words.tell_code(last.code, last.message)
    numbers = dict(pair.split("=", 1) for pair in last.message.split() if "=" in pair)
    if not numbers:
        return last.message
    told = _("읽음 {read} · 새 주문 {new} · 바뀜 {moved}")
    return told.format(read=numbers.get("read"), new=numbers.get("new"), moved=numbers.get("moved"))


def _form(
    request: HttpRequest, desk: Desk, kind: str, profile: ChannelProfile | None, *, trouble: str = "", **context: Any
) -> HttpResponse:
    english = language() == "en"
    fields = [
        {"field": each, "label": each.label_en if english else each.label_ko}
        for each in (profile.credentials if profile else ())
    ]
    found = context.get("account")
    given = {
        name: request.POST.get(name, getattr(found, name, "") if found else "")
        for name in ("name", "key", "brand", "base_url")
    }
    given["keys_expire_on"] = request.POST.get("keys_expire_on", _stated_day(found))
    if found is not None and profile is not None and not found.by_sheet:
        context |= _facts(found, profile)
    response = page(
        request,
        desk,
        "web/account.html",
        "accounts",
        kind=kind,
        label=words.name_channel(kind),
        profile=profile,
        by_sheet=(found.by_sheet if found is not None else request.POST.get("by_sheet") == "on"),
        sheet_kind=find_sheet_kind(kind),
        fields=fields,
        ship_froms=list_ship_froms(),
        trouble=trouble,
        given=given,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response
