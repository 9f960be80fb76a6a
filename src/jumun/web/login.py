"""Signing in and out. What is said never tells whether an e-mail is known."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.companies.members import find_person, list_places
from jumun.companies.second_factor import is_on
from jumun.core.sentences import sentence
from jumun.web.access import to_login
from jumun.web.entering import enter, local_only, note, start_of, target
from jumun.web.errors import language
from jumun.web.language import KNOWN
from jumun.web.second_step import ask_for_code

LONGEST = 254
YEAR = 365 * 24 * 3600


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login page, and the way in, or to the second step. After it the session has a new key."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(target(request, request.GET.get("next", "")))
    if request.method == "GET":
        return _show(request, next=request.GET.get("next", ""))
    email = request.POST.get("email", "").replace("\x00", "").strip().lower()[:LONGEST]
    person = authenticate(request, email=email, password=request.POST.get("password", ""))
    if person is None:
        note(request, find_person(email), "sign_in_failed")
        return _show(request, 401, email=email, next=request.POST.get("next", ""), code="bad_login")
    wanted = request.POST.get("next", "")
    if is_on(int(person.pk)):
        return ask_for_code(request, person, wanted)
    return enter(request, person, wanted=wanted)


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
        note(request, request.user.pk, "sign_out")
    chosen = language()
    sign_out(request)
    return remember_language(redirect("/login"), chosen)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """/: to the company, to the choice between several, or to the login page."""
    if not request.user.is_authenticated:
        return redirect("/login")
    return redirect(target(request, ""))


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which of several companies."""
    if not request.user.is_authenticated:
        return to_login(request)
    places = [{"place": place, "start": start_of(place)} for place in list_places(int(request.user.pk or 0))]
    return render(request, "web/choose.html", {"places": places})


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


def _show(request: HttpRequest, status: int = 200, *, code: str = "", **context: Any) -> HttpResponse:
    if code:
        context["text"] = sentence(code, language())
    return render(request, "web/login.html", context, status=status)
