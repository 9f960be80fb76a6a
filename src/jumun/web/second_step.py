"""The second step of signing in: a code of the authenticator app, or a recovery code.

Between the two steps the session knows who gave the right password, and nothing else: no page opens with it. It waits
five minutes and takes five codes. A wrong code counts as a failed sign-in, for the lock-out and in the trail.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jumun.companies.members import count_wrong_codes
from jumun.companies.second_factor import Way, in_turn, is_on, take_code
from jumun.core.clock import now
from jumun.core.sentences import sentence
from jumun.web.entering import enter, note
from jumun.web.errors import language

WAITS = timedelta(minutes=5)
TRIES = 5
MOST_WRONG, WRONG_WITHIN = 20, timedelta(minutes=15)
"""However many addresses they come from, so many wrong codes of one person end guessing for a while."""

_KEY = "second_step"


@dataclass(frozen=True, slots=True)
class Pending:
    """Who gave the right password, when, with which backend, and what that password's hash was."""

    person: int
    since: float
    backend: str
    proof: str
    wanted: str
    tries: int = 0


def ask_for_code(request: HttpRequest, person: AbstractBaseUser, wanted: str) -> HttpResponse:
    """Lead to the code page. Whoever was signed in here before is no longer."""
    request.session.flush()
    pending = Pending(
        person=int(person.pk),
        since=now().timestamp(),
        backend=str(getattr(person, "backend", "")),
        proof=person.get_session_auth_hash(),
        wanted=wanted[:2000],
    )
    request.session[_KEY] = asdict(pending)
    return redirect("/login/code")


@never_cache
@sensitive_post_parameters("code", "recovery")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code, and the way in."""
    if request.user.is_authenticated:
        return redirect("/")
    pending, person = _read(request)
    if pending is None or person is None:
        return _over(request)
    if request.method == "GET":
        return render(request, "web/login_code.html")
    with in_turn(pending.person):
        if _locked_out(request, pending, person):
            request.session.flush()
            return _back_to_login(request, 429, "locked_out")
        way = take_code(pending.person, request.POST.get("code", "") or request.POST.get("recovery", ""), at=now())
        if way is None:
            return _wrong(request, pending, person)
    person.backend = pending.backend
    request.session.flush()
    return enter(request, person, wanted=pending.wanted, reason=way.value)


def _read(request: HttpRequest) -> tuple[Pending | None, AbstractBaseUser | None]:
    """Who waits at the code page; nobody once time ran out, the password changed or the second factor is gone."""
    kept = request.session.get(_KEY)
    if not kept:
        return None, None
    pending = Pending(**kept)
    if now().timestamp() - pending.since > WAITS.total_seconds() or pending.tries >= TRIES:
        return None, None
    person = get_user_model().objects.filter(pk=pending.person, is_active=True).first()
    if person is None or person.get_session_auth_hash() != pending.proof or not is_on(pending.person):
        return None, None
    return pending, person


def _wrong(request: HttpRequest, pending: Pending, person: AbstractBaseUser) -> HttpResponse:
    note(request, pending.person, "sign_in_failed", reason=Way.CODE.value)
    user_login_failed.send(__name__, credentials={"email": person.get_username()}, request=request)
    tries = pending.tries + 1
    if tries >= TRIES:
        return _over(request, 401)
    request.session[_KEY] = asdict(pending) | {"tries": tries}
    return render(request, "web/login_code.html", {"text": sentence("wrong_code", language())}, status=401)


def _locked_out(request: HttpRequest, pending: Pending, person: AbstractBaseUser) -> bool:
    if not AxesProxyHandler.is_allowed(request, {"email": person.get_username()}):
        return True
    return too_many_wrong(pending.person)


def too_many_wrong(person_id: int) -> bool:
    """Whether somebody has been guessing this person's codes."""
    return count_wrong_codes(person_id, since=now() - WRONG_WITHIN, reason=Way.CODE.value) >= MOST_WRONG


def _over(request: HttpRequest, status: int = 0) -> HttpResponse:
    """Back to the start. Somebody who never gave a password is simply led to the login page."""
    waited = _KEY in request.session
    request.session.flush()
    return _back_to_login(request, status or 401, "code_too_late") if waited else redirect("/login")


def _back_to_login(request: HttpRequest, status: int, told: str) -> HttpResponse:
    text = sentence(told, language(), minutes=settings.ENV.lockout_minutes)
    return render(request, "web/login.html", {"text": text}, status=status)
