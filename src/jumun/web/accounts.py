"""판매처 계정: the logins of this company on its channels, and what each kind can and cannot do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.catalog.queries import list_ship_froms
from jumun.channels.actions import AccountFields, change_account, check_account, create_account
from jumun.channels.profile import Can, ChannelProfile
from jumun.channels.queries import get_account, list_accounts
from jumun.channels.registry import find_profile, profiles
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import ConflictError, JumunError
from jumun.web import words
from jumun.web.access import Desk, company_call, company_page
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
}
UNITS = {
    "line": gettext_lazy("주문 라인마다"),
    "box": gettext_lazy("상자마다"),
    "bundle": gettext_lazy("묶음배송마다"),
    "order": gettext_lazy("주문마다"),
}
LONGEST = 2000


@require_GET
@company_page(May.READ)
def accounts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every account, and the channel kinds one may add."""
    kinds = [{"profile": each, "label": words.name_channel(each.kind)} for each in profiles()]
    return page(request, desk, "web/accounts.html", "accounts", listed=list_accounts(), kinds=kinds)


@require_GET
@company_page(May.READ)
def kind(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """What a channel kind can and cannot do, drawn from its connector's profile."""
    profile = find_profile(kind)
    if profile is None:
        raise Http404
    return page(
        request,
        desk,
        "web/channel.html",
        "accounts",
        profile=profile,
        label=words.name_channel(kind),
        abilities=[(label, ability in profile.can) for ability, label in CAN.items()],
        unit=UNITS[profile.unit],
        notes=[note[1] if language() == "en" else note[0] for note in profile.notes],
        window=int(profile.read_window.total_seconds() // 3600),
        batch=dict(profile.batch),
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@company_page(May.ACCOUNTS)
def new(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Add an account of a kind."""
    profile = find_profile(kind)
    if profile is None and kind != "manual":
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
    """Change an account. Stored keys are never shown; an empty field leaves them."""
    found = get_account(account_id)
    profile = find_profile(found.channel)
    if request.method == "GET":
        return _form(request, desk, found.channel, profile, account=found)
    try:
        change_account(account_id, _read(request, profile, was_off=found.state == "off"))
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
        base_url=form.get("base_url", ""),
        credentials=credentials or None,
        ship_from=int(ship_from) if ship_from else None,
        auto_collect=form.get("auto_collect") == "on",
        auto_confirm=form.get("auto_confirm") == "on",
        enabled=_switch(form.get("enabled", ""), was_off=was_off),
    )


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
    response = page(
        request,
        desk,
        "web/account.html",
        "accounts",
        kind=kind,
        label=words.name_channel(kind),
        profile=profile,
        fields=fields,
        ship_froms=list_ship_froms(),
        trouble=trouble,
        given=given,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response
