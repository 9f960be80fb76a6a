"""설정: the people of a company and their roles, one's own API tokens, and the trail of personal-data access."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.companies.actions import add_member, change_role, remove_member
from jumun.companies.members import names_of
from jumun.companies.queries import list_looks, list_members
from jumun.companies.roles import May, Role
from jumun.companies.tokens import list_tokens, make_token, revoke_token
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.shell import page

MOST = 500
DAYS = (30, 90, 365)
LONGEST_NAME = 100
LOOKS = 200
DID = {
    "view": gettext_lazy("개인정보 보기"),
    "edit": gettext_lazy("개인정보 고침"),
    "export": gettext_lazy("내보내기"),
    "download": gettext_lazy("내려받기"),
    "print": gettext_lazy("출력"),
    "sign_in": gettext_lazy("로그인"),
    "sign_in_failed": gettext_lazy("로그인 실패"),
    "sign_out": gettext_lazy("로그아웃"),
}


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
        _check_name(name)
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


@never_cache
@require_http_methods(["GET", "POST"])
@company_page(May.TOKENS)
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own API tokens; a new one is shown once."""
    if request.method == "GET":
        return _tokens(request, desk)
    name, days = request.POST.get("name", "").strip(), request.POST.get("days", "")
    _check_name(name)
    if days not in {str(each) for each in (*DAYS, "")}:
        raise JumunError("invalid", field=_("만료"))
    at = now()
    bearer = make_token(
        company_id=desk.company_id,
        person_id=desk.person,
        name=name,
        role=desk.role,
        expires_at=at + timedelta(days=int(days)) if days else None,
        at=at,
    )
    return _tokens(request, desk, bearer=bearer)


@require_POST
@company_page(May.TOKENS)
def revoke(request: HttpRequest, desk: Desk, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    revoke_token(token_id, of_person=desk.person, at=now())
    return _tokens(request, desk, done=_("토큰을 끊었습니다. 이 토큰을 쓰던 프로그램은 더 들어올 수 없습니다."))


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
            "order": row.subject.partition(":")[2] if row.subject.startswith("order:") else "",
            "bad": row.did == "sign_in_failed",
        }
        for row in rows
    ]
    return page(request, desk, "web/trail.html", "trail", rows=told)


def _people(request: HttpRequest, desk: Desk, *, trouble: str = "", **context: Any) -> HttpResponse:
    response = page(
        request,
        desk,
        "web/people.html",
        "people",
        members=list_members(limit=MOST),
        roles=[(role.value, words.name_role(role)) for role in Role],
        trouble=trouble,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response


def _tokens(request: HttpRequest, desk: Desk, **context: Any) -> HttpResponse:
    mine = [token for token in list_tokens(of_person=desk.person) if token.revoked_at is None]
    return page(request, desk, "web/tokens.html", "tokens", tokens=mine, days=DAYS, **context)


def _check_name(name: str) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise JumunError("invalid", field=_("이름"))


def _role(request: HttpRequest) -> Role:
    try:
        return Role(request.POST.get("role", ""))
    except ValueError as problem:
        raise JumunError("invalid", field=_("권한")) from problem
