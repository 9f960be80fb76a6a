"""설정: the people of a company, what each role may do, and the trail of personal-data access."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.actions import add_member, change_role, remove_member, reset_second_factor
from jumun.companies.members import names_of
from jumun.companies.queries import list_looks, list_members
from jumun.companies.roles import PERMISSIONS, May, Role
from jumun.companies.second_factor import people_with_one
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.core.errors import ConflictError, JumunError
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.shell import page

MOST = 500
LONGEST_NAME = 100
LOOKS = 200
DID = {
    "view": gettext_lazy("개인정보 보기"),
    "edit": gettext_lazy("개인정보 고침"),
    "export": gettext_lazy("내보내기"),
    "download": gettext_lazy("내려받기"),
    "result": gettext_lazy("결과 엑셀 내려받기"),
    "failures": gettext_lazy("실패한 줄 내려받기"),
    "copy": gettext_lazy("받는 분 베껴 오기"),
    "print": gettext_lazy("출력"),
    "sign_in": gettext_lazy("로그인"),
    "sign_in_failed": gettext_lazy("로그인 실패"),
    "sign_out": gettext_lazy("로그아웃"),
    "second_factor_on": gettext_lazy("2단계 인증 켬"),
    "second_factor_off": gettext_lazy("2단계 인증 끔"),
    "second_factor_reset": gettext_lazy("2단계 인증 초기화"),
    "recovery_codes": gettext_lazy("복구 코드 새로 만듦"),
    "company_renamed": gettext_lazy("회사 이름 바꿈"),
}
WITH = {
    ("sign_in", "code"): gettext_lazy("인증 앱 코드로"),
    ("sign_in", "recovery_code"): gettext_lazy("복구 코드로"),
    ("sign_in_failed", "code"): gettext_lazy("틀린 코드"),
}
MAY = {
    May.READ: gettext_lazy("주문·작업 보기 (받는 분은 가림)"),
    May.PERSONAL: gettext_lazy("받는 분 보기 (접속 기록에 남음)"),
    May.MOVE: gettext_lazy("발주확인·출고지시·보류·전송·되돌리기"),
    May.PACK: gettext_lazy("운송장 입력·출고완료"),
    May.COLLECT: gettext_lazy("주문 수집"),
    May.CATALOG: gettext_lazy("상품과 품목 고치기"),
    May.GAPS: gettext_lazy("수집하지 못한 기간 닫기"),
    May.ACCOUNTS: gettext_lazy("판매처 계정과 연동 키"),
    May.PEOPLE: gettext_lazy("사용자·권한·접속 기록·회사 이름"),
    May.TOKENS: gettext_lazy("내 API 토큰 만들기"),
}
"""What each permission lets one do, in the order of `companies.roles.May`."""


@require_GET
@company_page(May.PEOPLE)
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Members and their roles."""
    return _people(request, desk)


@sensitive_post_parameters("password")
@require_POST
@company_page(May.PEOPLE)
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Add a person. Somebody who signs in to another company here already keeps their name and password."""
    email, name = request.POST.get("email", "").strip(), request.POST.get("name", "").strip()
    try:
        validate_email(email)
        check_name(name)
        add_member(email=email, name=name, password=request.POST.get("password", ""), role=_role(request), at=now())
    except ValidationError:
        return _people(request, desk, trouble=_("이메일 형식이 올바르지 않습니다."), email=email, name=name)
    except JumunError as problem:
        return _people(request, desk, trouble=problem.reason(language()), email=email, name=name)
    return _people(request, desk, done=_("{name} 님을 더했습니다.").format(name=name))


@require_POST
@company_page(May.PEOPLE)
def change(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Another role; it counts from that person's next click."""
    change_role(member_id, role=_role(request))
    return _people(request, desk, done=_("권한을 바꿨습니다. 다음 클릭부터 적용됩니다."))


@require_POST
@company_page(May.PEOPLE)
def remove(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Take a person out of the company."""
    remove_member(member_id)
    return _people(request, desk, done=_("회사에서 뺐습니다. 열려 있던 화면도 바로 닫힙니다."))


@require_POST
@company_page(May.PEOPLE)
def reset(request: HttpRequest, desk: Desk, member_id: int) -> HttpResponse:
    """Take a member's second factor away: they lost their telephone and their recovery codes."""
    try:
        person_id = reset_second_factor(member_id)
    except ConflictError as problem:
        return _people(request, desk, trouble=problem.reason(language()))
    note_access(desk.looker, did="second_factor_reset", subject=f"person:{person_id}", at=now())
    return _people(request, desk, done=_("2단계 인증을 초기화했습니다. 이제 비밀번호만으로 로그인합니다."))


@require_GET
@company_page(May.PEOPLE)
def trail(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who saw personal data, and who signed in."""
    rows = list_looks(limit=LOOKS)
    names = names_of({row.person_id for row in rows if row.person_id})
    told = [
        {
            "row": row,
            "name": names.get(row.person_id or 0, "–"),
            "did": DID.get(row.did, row.did),
            "way": WITH.get((row.did, row.reason), row.reason),
            "order": row.subject.partition(":")[2] if row.subject.startswith("order:") else "",
            "export": row.subject.partition(":")[2] if row.subject.startswith("export:") else "",
            "bad": row.did == "sign_in_failed",
        }
        for row in rows
    ]
    return page(request, desk, "web/trail.html", "trail", rows=told)


def _people(request: HttpRequest, desk: Desk, *, trouble: str = "", **context: Any) -> HttpResponse:
    members = list_members(limit=MOST)
    protected = people_with_one(member.person_id for member in members)
    response = page(
        request,
        desk,
        "web/people.html",
        "people",
        members=[{"row": member, "protected": member.person_id in protected} for member in members],
        roles=[(role.value, words.name_role(role)) for role in Role],
        table=[(MAY[may], [(role.value, may in PERMISSIONS[role]) for role in Role]) for may in May],
        owners=sum(member.role == Role.OWNER for member in members),
        unprotected=len(members) - len(protected),
        trouble=trouble,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response


def check_name(name: str) -> None:
    """Raises JumunError("invalid") for no name or one that is too long."""
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise JumunError("invalid", field=_("이름"))


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError as problem:
        raise JumunError("invalid", field=_("권한")) from problem
