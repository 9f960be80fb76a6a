"""내 계정: password, second factor, language, look, and where one is signed in."""

from typing import Any

from django.contrib.auth import logout as sign_out
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.members import list_places
from jumun.companies.second_factor import get_standing
from jumun.companies.sessions import end_session, end_sessions, list_sessions
from jumun.core.clock import now
from jumun.web.access import keep_session, to_login
from jumun.web.agents import name_agent
from jumun.web.entering import start_of
from jumun.web.errors import tell


@never_cache
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The page."""
    if not request.user.is_authenticated:
        return to_login(request)
    keep_session(request)
    return _show(request)


@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password; every other session ends, this one gets a new key."""
    if not request.user.is_authenticated:
        return to_login(request)
    person, new = request.user, request.POST.get("new", "")
    if not person.check_password(request.POST.get("old", "")):
        return _show(request, 422, trouble=_("지금 비밀번호가 맞지 않습니다."))
    if new != request.POST.get("again", ""):
        return _show(request, 422, trouble=_("새 비밀번호 두 개가 서로 다릅니다."))
    try:
        validate_password(new, person)
    except ValidationError as problem:
        return _show(request, 422, trouble=" ".join(problem.messages))
    person.set_password(new)
    person.save(update_fields=["password"])
    update_session_auth_hash(request, person)
    end_sessions(int(person.pk or 0), keep=request.session.session_key or "")
    return _show(request, done=_("비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃되었습니다."))


@require_POST
def end_one(request: HttpRequest) -> HttpResponse:
    """End one session of this person."""
    if not request.user.is_authenticated:
        return to_login(request)
    if not end_session(int(request.user.pk or 0), request.POST.get("mark", ""), at=now()):
        return _show(request, 404, trouble=_("이미 끝난 로그인입니다."))
    return _show(request, done=_("그 기기에서 로그아웃했습니다."))


@require_POST
def leave_others(request: HttpRequest) -> HttpResponse:
    """End every session of this person but this one."""
    if not request.user.is_authenticated:
        return to_login(request)
    ended = end_sessions(int(request.user.pk or 0), keep=request.session.session_key or "")
    return _show(request, done=_("다른 기기 {n}곳에서 로그아웃했습니다.").format(n=ended))


@require_POST
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    if not request.user.is_authenticated:
        return tell(request, _("로그인이 필요합니다."), status=401)
    end_sessions(int(request.user.pk or 0))
    sign_out(request)
    return redirect("/login")


def _show(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    person_id = int(request.user.pk or 0)
    mine = request.session.session_key
    context |= {
        "sessions": [
            {"row": row, "device": name_agent(row.agent), "mine": row.key == mine}
            for row in list_sessions(person_id, at=now())
        ],
        "places": [{"place": place, "start": start_of(place)} for place in list_places(person_id)],
        "standing": get_standing(person_id),
    }
    return render(request, "web/me.html", context, status=status)
