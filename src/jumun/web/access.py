"""The door to a company's pages: company, membership and role are looked up anew at every request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from jumun.companies.members import find_place
from jumun.companies.preferences import Preferences
from jumun.companies.queries import find_company_id
from jumun.companies.roles import May, Role, permissions_of
from jumun.companies.trail import Looker
from jumun.core.clock import now
from jumun.core.errors import JumunError, NotAllowedError, NotFoundError
from jumun.core.tenancy import acting_as
from jumun.web.errors import language, tell_refusal

SEEN_EVERY = timedelta(minutes=5)
"""How often a session in use gets its full time again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The company a page is about, and who is looking at it as what."""

    company_id: int
    slug: str
    company: str
    person: int
    person_name: str
    role: Role
    may: frozenset[May]
    ip: str
    language: str
    preferences: Preferences

    @property
    def looker(self) -> Looker:
        """For the access trail."""
        return Looker(self.company_id, self.person, "web", self.ip or None)

    def need(self, permission: May) -> None:
        """Raises NotAllowedError when the role does not reach this."""
        if permission not in self.may:
            raise NotAllowedError("not_allowed")


View = Callable[..., HttpResponse]


def company_page(permission: May) -> Callable[[View], View]:
    """A page of one company: one transaction that acts for it, from the look-up of the role to the answer.

    Not signed in: to the login page. No such company or not a member: 404. A role that does not reach: 403. What an
    action refuses as a whole (JumunError) is rolled back and told in the person's language.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            return _enter(request, slug, permission, lambda desk: view(request, desk, **rest))

        return inside

    return decorate


def company_call(permission: May) -> Callable[[View], View]:
    """Like `company_page`, but the view runs after the look-up, in no transaction: it waits for an outsider."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            found: list[Desk] = []

            def note(desk: Desk) -> HttpResponse:
                found.append(desk)
                return HttpResponse()

            answer = _enter(request, slug, permission, note)
            if not found:
                return answer
            try:
                return view(request, found[0], **rest)
            except JumunError as problem:
                return tell_refusal(request, problem)

        return inside

    return decorate


def _enter(request: HttpRequest, slug: str, permission: May, answer: Callable[[Desk], HttpResponse]) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_login(request)
    keep_session(request)
    company_id = find_company_id(slug)
    if company_id is None:
        raise Http404
    try:
        with acting_as(company_id):
            desk = _sit_down(request, company_id)
            desk.need(permission)
            response = answer(desk)
    except NotFoundError as problem:
        raise Http404 from problem
    except JumunError as problem:
        return tell_refusal(request, problem)
    patch_cache_control(response, private=True)
    return response


def _sit_down(request: HttpRequest, company_id: int) -> Desk:
    person = request.user
    place = find_place(int(person.pk or 0))
    if place is None:
        raise Http404
    return Desk(
        company_id=company_id,
        slug=place.slug,
        company=place.name,
        person=int(person.pk or 0),
        person_name=str(getattr(person, "name", "")),
        role=place.role,
        may=permissions_of(place.role),
        ip=str(request.META.get("REMOTE_ADDR", "")),
        language=language(),
        preferences=place.preferences,
    )


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login page and back here afterwards, to the page of the form for a form that was sent.

    Scripts (htmx, fetch) get a bare 401: the page asks for the sign-in itself and loses nothing (session.js).
    """
    if getattr(request, "htmx", False) or "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    back = request.get_full_path() if request.method == "GET" else _page_of_form(request)
    return redirect(f"/login?next={quote(back)}" if back else "/login")


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours a form was sent from, by the browser's word; empty when it does not say."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", sent_from.path, sent_from.query, ""))


def keep_session(request: HttpRequest) -> None:
    """Give a session in use its full time again, every few minutes; one left alone runs out.

    What a page asks by itself (X-Quiet, the live stream) is no use of it.
    """
    if "X-Quiet" in request.headers or request.path.endswith("/live"):
        return
    seen = request.session.get("seen", 0)
    moment = now().timestamp()
    if moment - float(seen) > SEEN_EVERY.total_seconds():
        request.session["seen"] = moment
