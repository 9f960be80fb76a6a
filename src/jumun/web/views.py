"""탭: making, changing, duplicating, moving and deleting saved views; the layout of built-in tabs; live counts."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.filter_address import write_text
from jumun.orders.view_actions import (
    ViewFields,
    change_view,
    create_view,
    delete_view,
    duplicate_view,
    keep_step_layout,
    move_view,
)
from jumun.orders.views import Layout, check_layout, get_view, list_views
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.filtering import settled_of
from jumun.web.tabs import COUNTED, count_tabs, view_address

LONGEST_LAYOUT = 20_000


@require_POST
@company_page(May.READ)
def create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """＋ 탭: what is shown now, kept under a name."""
    made = create_view(desk.company_id, _fields(request), by=desk.person, at=now())
    return _open(request, desk, made)


@require_POST
@company_page(May.READ)
def change(request: HttpRequest, desk: Desk, view_id: int) -> HttpResponse:
    """Another name, or shared, or what is shown now."""
    changed = change_view(view_id, _fields(request), by=desk.person, manages=May.PEOPLE in desk.may, at=now())
    return _go(request, f"/c/{desk.slug}/items?{view_address(changed)}")


@require_POST
@company_page(May.READ)
def duplicate(request: HttpRequest, desk: Desk, view_id: int) -> HttpResponse:
    """One like it, of one's own."""
    name = _("{name} 복사").format(name=get_view(view_id, desk.person).name)
    made = duplicate_view(desk.company_id, view_id, name=name, by=desk.person, at=now())
    return _open(request, desk, made)


@require_POST
@company_page(May.READ)
def move(request: HttpRequest, desk: Desk, view_id: int) -> HttpResponse:
    """One place on or back among one's own."""
    move_view(view_id, places=-1 if request.POST.get("to") == "back" else 1, by=desk.person)
    return _open(request, desk, view_id)


@require_POST
@company_page(May.READ)
def delete(request: HttpRequest, desk: Desk, view_id: int) -> HttpResponse:
    """Delete it; its list stays open."""
    query = get_view(view_id, desk.person).query
    delete_view(view_id, by=desk.person, manages=May.PEOPLE in desk.may)
    return _go(request, f"/c/{desk.slug}/items?{query}")


@require_GET
@company_page(May.READ)
def counts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Counts of the tabs in the row, as they are told, by id."""
    del request
    found = count_tabs(desk, list_views(desk.person)[:COUNTED])
    return JsonResponse({str(view): words.tell_count(number) for view, number in found.items()})


@require_POST
@company_page(May.READ)
def layouts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the columns, order and row height of a built-in tab: `{"step": "ready", "layout": {…}}`."""
    try:
        if request.content_type != "application/json":
            raise JumunError("invalid", field="layout")
        body = _json(request.body.decode(errors="replace"))
        if not isinstance(body, dict):
            raise JumunError("invalid", field="layout")
        keep_step_layout(desk.company_id, str(body.get("step")), check_layout(body.get("layout")), by=desk.person)
    except JumunError as problem:
        return JsonResponse({"problem": problem.reason(language()), "code": problem.code}, status=problem.status)
    return HttpResponse(status=204)


def _fields(request: HttpRequest) -> ViewFields:
    """What a form says of a tab; what it does not name is left as it is."""
    form = request.POST
    return ViewFields(
        name=form.get("name"),
        query=write_text(settled_of(QueryDict(form["query"]))) if "query" in form else None,
        layout=_layout(form["layout"]) if form.get("layout") else None,
        shared=form["shared"] == "true" if "shared" in form else None,
    )


def _layout(text: str) -> Layout:
    return check_layout(_json(text))


def _json(text: str) -> object:
    if len(text) > LONGEST_LAYOUT:
        raise JumunError("invalid", field="layout")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise JumunError("invalid", field="layout") from problem


def _open(request: HttpRequest, desk: Desk, view_id: int) -> HttpResponse:
    return _go(request, f"/c/{desk.slug}/items?{view_address(get_view(view_id, desk.person))}")


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """To another address, from htmx or from a plain form."""
    if not getattr(request, "htmx", False):
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
