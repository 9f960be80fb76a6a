"""설정: every setting in one place, each marked "나만" or "회사 전체"; what a role does not reach is told, not hidden."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.actions import rename_company
from jumun.companies.preferences import PERIODS, ROW_HEIGHTS, ROWS_A_PAGE, STARTS, Preferences, save_preferences
from jumun.companies.queries import count_members
from jumun.companies.roles import PERMISSIONS, May, Role
from jumun.companies.second_factor import get_standing
from jumun.companies.sessions import list_sessions
from jumun.companies.stock_rules import StockRules, get_stock_rules, set_stock_rules
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.shell import page

PERIOD_LABELS = {
    "1d": gettext_lazy("1일"),
    "7d": gettext_lazy("7일"),
    "1m": gettext_lazy("1개월"),
    "3m": gettext_lazy("3개월"),
    "all": gettext_lazy("전체 기간"),
}
ROW_LABELS = {"low": gettext_lazy("낮게"), "normal": gettext_lazy("보통"), "high": gettext_lazy("높게")}
START_LABELS = {
    "home": gettext_lazy("오늘 할 일"),
    "items": gettext_lazy("주문"),
    "ready": gettext_lazy("출고대기"),
    "ship_by": gettext_lazy("발송기한"),
    "claims": gettext_lazy("클레임"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting that has a page of its own. `need` is what changing it takes; None: everybody may."""

    address: str
    title: str | Promise
    told: str | Promise
    need: May | None = None
    see: May | None = None
    """What the page itself takes, where it is more than being a member."""


COMPANY = (
    Entry(
        "people",
        gettext_lazy("사용자와 권한"),
        gettext_lazy("누가 들어오고 무엇을 할 수 있는지"),
        May.PEOPLE,
        May.PEOPLE,
    ),
    Entry(
        "tokens",
        gettext_lazy("API 토큰"),
        gettext_lazy("다른 프로그램이 주문을 읽고 옮기는 열쇠"),
        May.TOKENS,
        May.TOKENS,
    ),
    Entry(
        "trail",
        gettext_lazy("접속 기록"),
        gettext_lazy("누가 언제 로그인하고 개인정보를 봤는지"),
        May.PEOPLE,
        May.PEOPLE,
    ),
    Entry(
        "accounts", gettext_lazy("판매처 계정"), gettext_lazy("쇼핑몰 연동 키, 자동 수집, 발송기한 규칙"), May.ACCOUNTS
    ),
    Entry("calendar", gettext_lazy("영업일 달력"), gettext_lazy("발송기한을 셀 때 쉬는 날"), May.ACCOUNTS),
    Entry("penalties", gettext_lazy("벌점 규칙"), gettext_lazy("늦은 발송과 판매자 취소의 예상 벌점"), May.ACCOUNTS),
)


@require_GET
@company_page(May.READ)
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page."""
    return _show(request, desk)


@require_POST
@company_page(May.READ)
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep one's own preferences."""
    wanted = _read(request)
    try:
        save_preferences(desk.person, wanted)
    except JumunError as problem:
        return _show(request, desk, trouble=problem.reason(language()))
    return _show(request, desk, preferences=wanted, done=_("저장했습니다. 이 회사에서 나에게만 적용됩니다."))


@require_POST
@company_page(May.PEOPLE)
def rename(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another name for the company; its address stays."""
    name = request.POST.get("name", "").strip()
    try:
        rename_company(name)
    except JumunError:
        return _show(request, desk, trouble=_("회사 이름은 1자에서 100자까지입니다."))
    note_access(desk.looker, did="company_renamed", subject=f"company:{desk.company_id}", at=now())
    return _show(request, desk, company_name=name, done=_("회사 이름을 바꿨습니다. 모두에게 바로 적용됩니다."))


@require_POST
@company_page(May.ACCOUNTS)
def save_stock(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Switch what the company wants of its stock."""
    wanted = StockRules(
        release_needs_allocation=request.POST.get("release_needs_allocation") == "on",
        hold_frees_stock=request.POST.get("hold_frees_stock") == "on",
    )
    set_stock_rules(wanted)
    return _show(request, desk, done=_("저장했습니다. 지금부터 모두에게 적용됩니다."))


def roles_with(permission: May) -> list[str]:
    """The names of the roles that hold a permission, widest first."""
    return [words.name_role(role) for role in Role if permission in PERMISSIONS[role]]


def _read(request: HttpRequest) -> Preferences:
    rows = request.POST.get("rows_a_page", "")
    return Preferences(
        rows_a_page=int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 6 else 0,
        period=request.POST.get("period", ""),
        shortcuts=request.POST.get("shortcuts") == "on",
        row=request.POST.get("row", ""),
        start=request.POST.get("start", ""),
    )


def _show(request: HttpRequest, desk: Desk, *, trouble: str = "", **context: Any) -> HttpResponse:
    sessions = len(list_sessions(desk.person, at=now()))
    standing = get_standing(desk.person)
    members, accounts = count_members(), len(list_accounts())
    states = {
        "people": _("{n}명").format(n=members),
        "accounts": _("{n}개").format(n=accounts),
    }
    context = {"company_name": desk.company} | context
    response = page(
        request,
        desk,
        "web/settings.html",
        "settings",
        entries=[_tell(desk, entry, states.get(entry.address, "")) for entry in COMPANY],
        rename_roles=roles_with(May.PEOPLE),
        stock=get_stock_rules(),
        stock_roles=roles_with(May.ACCOUNTS),
        sessions=sessions,
        standing=standing,
        choices={
            "rows_a_page": [(n, n) for n in ROWS_A_PAGE],
            "period": [(each, PERIOD_LABELS[each]) for each in PERIODS],
            "row": [(each, ROW_LABELS[each]) for each in ROW_HEIGHTS],
            "start": [(each, START_LABELS[each]) for each in STARTS],
        },
        trouble=trouble,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response


def _tell(desk: Desk, entry: Entry, state: str) -> dict[str, Any]:
    return {
        "entry": entry,
        "state": state,
        "opens": entry.see is None or entry.see in desk.may,
        "changes": entry.need is None or entry.need in desk.may,
        "roles": roles_with(entry.need) if entry.need else [],
    }
