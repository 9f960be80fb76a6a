"""Signing in and out. What is said never tells whether an e-mail is known."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.companies.members import find_person, list_company_ids, list_places
from jumun.companies.sessions import AGENT, BEGUN, IP
from jumun.companies.trail import Looker, note_access
from jumun.core.clock import now
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.web.access import to_login
from jumun.web.errors import language
from jumun.web.language import KNOWN

LONGEST = 254
YEAR = 365 * 24 * 3600


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login page, and the way in. After it the session has a new key."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_target(request, request.GET.get("next", "")))
    if request.method == "GET":
        return _show(request, next=request.GET.get("next", ""))
    email = request.POST.get("email", "").strip().lower()[:LONGEST]
    person = authenticate(request, email=email, password=request.POST.get("password", ""))
    if person is None:
        _note(request, find_person(email), "sign_in_failed")
        return _show(request, 401, email=email, next=request.POST.get("next", ""), code="bad_login")
    sign_in(request, person)
    request.session[IP] = request.META.get("REMOTE_ADDR") or None
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:200]
    request.session[BEGUN] = now().isoformat()
    _note(request, person.pk, "sign_in")
    return redirect(_target(request, request.POST.get("next", "")))


def tell_locked_out(
    request: HttpRequest,
    _response: HttpResponse | None = None,
    _credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """What django-axes answers after too many wrong sign-ins."""
    email = request.POST.get("email", "")[:LONGEST]
    return _show(
        request,
        429,
        email=email,
        next=request.POST.get("next", ""),
        text=sentence("locked_out", language(), minutes=settings.ENV.lockout_minutes),
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if request.user.is_authenticated:
        _note(request, request.user.pk, "sign_out")
    chosen = language()
    sign_out(request)
    return remember_language(redirect("/login"), chosen)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """/: to the company, to the choice between several, or to the login page."""
    if not request.user.is_authenticated:
        return redirect("/login")
    return redirect(_target(request, ""))


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which of several companies."""
    if not request.user.is_authenticated:
        return to_login(request)
    return render(request, "web/choose.html", {"places": list_places(int(request.user.pk or 0))})


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Another language: kept with the person when signed in, in a cookie otherwise."""
    chosen = request.POST.get("language", "")
    chosen = chosen if chosen in KNOWN else settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return remember_language(redirect(local_only(request, request.POST.get("next", ""))), chosen)


def remember_language(response: HttpResponse, chosen: str) -> HttpResponse:
    """Set the language cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def local_only(request: HttpRequest, target: str) -> str:
    """The target when it is an address of ours, else /."""
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    return target if ours and target.startswith("/") else "/"


def _target(request: HttpRequest, wanted: str) -> str:
    wanted = local_only(request, wanted)
    if wanted != "/":
        return wanted
    places = list_places(int(request.user.pk or 0))
    return f"/c/{places[0].slug}/items" if len(places) == 1 else "/choose"


def _show(request: HttpRequest, status: int = 200, *, code: str = "", **context: Any) -> HttpResponse:
    if code:
        context["text"] = sentence(code, language())
    return render(request, "web/login.html", context, status=status)


def _note(request: HttpRequest, person_id: int | None, did: str) -> None:
    """A row in the access trail of every company the person is in."""
    if person_id is None:
        return
    for company_id in list_company_ids(person_id):
        with acting_as(company_id):
            who = Looker(company_id, person_id, "web", request.META.get("REMOTE_ADDR") or None)
            note_access(who, did=did, subject=f"person:{person_id}", at=now())
