"""내 계정: password, language, look, and where one is signed in."""

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
from jumun.companies.sessions import end_sessions, list_sessions
from jumun.core.clock import now
from jumun.web.access import keep_session, to_login
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
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    if not request.user.is_authenticated:
        return tell(request, _("로그인이 필요합니다."), status=401)
    end_sessions(int(request.user.pk or 0))
    sign_out(request)
    return redirect("/login")


def _show(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    person_id = int(request.user.pk or 0)
    sessions = list_sessions(person_id, at=now())
    mine = request.session.session_key
    rows = [{"row": row, "mine": row.key == mine} for row in sessions]
    return render(
        request, "web/me.html", {"sessions": rows, "places": list_places(person_id), **context}, status=status
    )
