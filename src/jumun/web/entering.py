"""What signing in ends with: a session with a new key, a row in the trail, and the page a person starts on."""

from typing import Any

from django.contrib.auth import login as sign_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from jumun.companies.members import Place, list_company_ids, list_places
from jumun.companies.sessions import AGENT, BEGUN, IP
from jumun.companies.trail import Looker, note_access
from jumun.core.clock import now
from jumun.core.tenancy import acting_as

STARTS = {
    "home": "",
    "items": "items",
    "ready": "items?status=ready",
    "ship_by": "ship-by",
    "claims": "claims",
}
"""The address of each start page (`companies.preferences.STARTS`) within the company."""


def enter(request: HttpRequest, person: Any, *, wanted: str, reason: str = "") -> HttpResponse:
    """Sign a person in and lead them where they wanted to go. `reason` tells the trail what they came in with."""
    sign_in(request, person)
    request.session[IP] = request.META.get("REMOTE_ADDR") or None
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:200]
    request.session[BEGUN] = now().isoformat()
    note(request, person.pk, "sign_in", reason=reason)
    return redirect(target(request, wanted))


def note(request: HttpRequest, person_id: int | None, did: str, *, reason: str = "") -> None:
    """A row in the access trail of every company the person is in."""
    if person_id is None:
        return
    for company_id in list_company_ids(person_id):
        with acting_as(company_id):
            who = Looker(company_id, person_id, "web", request.META.get("REMOTE_ADDR") or None)
            note_access(who, did=did, subject=f"person:{person_id}", at=now(), reason=reason)


def target(request: HttpRequest, wanted: str) -> str:
    """Where to: the page that was wanted, else the start page of one's company, else the choice between several."""
    wanted = local_only(request, wanted)
    if wanted != "/":
        return wanted
    places = list_places(int(request.user.pk or 0))
    return start_of(places[0]) if len(places) == 1 else "/choose"


def start_of(place: Place) -> str:
    """The page of a company that its member starts on."""
    return f"/c/{place.slug}/{STARTS[place.preferences.start]}"


def local_only(request: HttpRequest, wanted: str) -> str:
    """The address when it is one of ours, else /."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/") else "/"
