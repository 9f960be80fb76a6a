"""내 계정 > 2단계 인증: set it up with a QR code, see the recovery codes once, renew them, switch it off.

Every step asks for the password: a session left open on a shared computer must not lock its owner out.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.second_factor import (
    begin,
    confirm,
    get_setup,
    get_standing,
    in_turn,
    renew_recovery_codes,
    switch_off,
    take_code,
)
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.sentences import sentence
from jumun.web.access import keep_session, to_login
from jumun.web.entering import note
from jumun.web.errors import language, tell_refusal
from jumun.web.second_step import too_many_wrong

View = Callable[[HttpRequest, int], HttpResponse]


def _own(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """For the person who is signed in; nothing of it is kept by a browser."""

    @wraps(view)
    @never_cache
    @sensitive_post_parameters()
    def inside(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        keep_session(request)
        try:
            return view(request, int(request.user.pk or 0))
        except JumunError as problem:
            return tell_refusal(request, problem)

    return inside


@require_GET
@_own
def second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    """The page: off, being set up, or on."""
    return _show(request, person_id)


@require_POST
@_own
def start(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a key and show it."""
    if not _knows_password(request):
        return _show(request, person_id, trouble=_wrong_password())
    begin(person_id)
    return redirect("/me/second-factor")


@require_POST
@_own
def finish(request: HttpRequest, person_id: int) -> HttpResponse:
    """Put it in force with a first code; the recovery codes are shown, this once."""
    try:
        codes = confirm(person_id, request.POST.get("code", ""), at=now())
    except JumunError as problem:
        if problem.code != "wrong_code":
            raise
        return _show(request, person_id, trouble=problem.reason(language()))
    note(request, person_id, "second_factor_on")
    return _show(request, person_id, codes=codes, done=_("2단계 인증을 켰습니다."))


@require_POST
@_own
def renew(request: HttpRequest, person_id: int) -> HttpResponse:
    """Ten new recovery codes; the old ones end."""
    if not _knows_password(request):
        return _show(request, person_id, trouble=_wrong_password())
    codes = renew_recovery_codes(person_id)
    note(request, person_id, "recovery_codes")
    return _show(request, person_id, codes=codes, done=_("복구 코드를 새로 만들었습니다. 전의 코드는 쓸 수 없습니다."))


@require_POST
@_own
def off(request: HttpRequest, person_id: int) -> HttpResponse:
    """Switch it off, with the password and a code."""
    if not _knows_password(request):
        return _show(request, person_id, trouble=_wrong_password())
    with in_turn(person_id):
        if too_many_wrong(person_id):
            return _show(request, person_id, trouble=sentence("code_too_late", language()))
        if take_code(person_id, request.POST.get("code", ""), at=now()) is None:
            note(request, person_id, "sign_in_failed", reason="code")
            return _show(request, person_id, trouble=sentence("wrong_code", language()))
        switch_off(person_id)
    note(request, person_id, "second_factor_off")
    return _show(request, person_id, done=_("2단계 인증을 껐습니다. 이제 비밀번호만으로 로그인합니다."))


def _knows_password(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.check_password(request.POST.get("password", "")))


def _wrong_password() -> str:
    return _("지금 비밀번호가 맞지 않습니다.")


def _show(request: HttpRequest, person_id: int, *, trouble: str = "", **context: Any) -> HttpResponse:
    standing = get_standing(person_id)
    setup = None if standing.on else get_setup(person_id)
    codes = context.get("codes", [])
    context |= {
        "standing": standing,
        "key": " ".join(setup.key[at : at + 4] for at in range(0, len(setup.key), 4)) if setup else "",
        "qr": segno.make(setup.address).svg_data_uri(scale=4, border=2, dark="#1d2125", light="#fff") if setup else "",
        "file": "data:text/plain;charset=utf-8," + quote("\r\n".join(codes)) if codes else "",
        "trouble": trouble,
    }
    return render(request, "web/second_factor.html", context, status=422 if trouble else 200)
