"""내려받기 양식: choosing, ordering and renaming the columns of a sheet; saving, sharing and deleting layouts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.exports.columns import (
    GROUPS,
    LONGEST_TITLE,
    LONGEST_VALUE,
    SAYS,
    Chosen,
    Column,
    default_columns,
    offered,
)
from jumun.exports.layouts import (
    LONGEST_NAME,
    LayoutFields,
    LayoutShown,
    change_layout,
    create_layout,
    delete_layout,
    get_layout,
    list_layouts,
)
from jumun.exports.showing import pick
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.exports import WHATS
from jumun.web.shell import page


@require_GET
@company_page(May.READ)
def layouts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own layouts and those others share."""
    rows = [
        (row, WHATS[row.what], row.owner_id == desk.person, row.may_change(desk.person, manages=_manages(desk)))
        for row in list_layouts(desk.person)
    ]
    return page(request, desk, "web/export_layouts.html", "jobs", layouts=rows, whats=WHATS.items())


@require_GET
@company_page(May.READ)
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The editor, begun with the built-in columns, or with those of `like`."""
    what = request.GET.get("what", "items")
    what = what if what in WHATS else "items"
    like = request.GET.get("like", "")
    if like.isascii() and like.isdigit() and len(like) < 19:
        found = get_layout(int(like), desk.person)
        name = _("{name} 복사").format(name=found.name)[:LONGEST_NAME]
        return _edit(request, desk, found.what, found.columns, name=name)
    return _edit(request, desk, what, default_columns(what, language()))


@require_GET
@company_page(May.READ)
def edit(request: HttpRequest, desk: Desk, layout_id: int) -> HttpResponse:
    """The editor with a saved layout; one that is somebody else's can be looked at and copied."""
    found = get_layout(layout_id, desk.person)
    return _edit(request, desk, found.what, found.columns, found=found, name=found.name)


@require_POST
@company_page(May.READ)
def create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep a new one."""
    what = request.POST.get("what", "")
    create_layout(desk.company_id, what, _fields(request), by=desk.person, at=now(), language=language())
    return redirect(f"/c/{desk.slug}/export-layouts")


@require_POST
@company_page(May.READ)
def save(request: HttpRequest, desk: Desk, layout_id: int) -> HttpResponse:
    """Keep what was changed."""
    change_layout(layout_id, _fields(request), by=desk.person, manages=_manages(desk), at=now(), language=language())
    return redirect(f"/c/{desk.slug}/export-layouts")


@require_POST
@company_page(May.READ)
def delete(request: HttpRequest, desk: Desk, layout_id: int) -> HttpResponse:
    """It goes; what was taken with it stays in the history."""
    del request
    delete_layout(layout_id, by=desk.person, manages=_manages(desk))
    return redirect(f"/c/{desk.slug}/export-layouts")


def _manages(desk: Desk) -> bool:
    return May.PEOPLE in desk.may


def _fields(request: HttpRequest) -> LayoutFields:
    """Name, sharing and the columns as the form has them, one after another: a key, its title and what it says."""
    form = request.POST
    keys, titles, values = form.getlist("key"), form.getlist("title"), form.getlist("value")
    if not len(keys) == len(titles) == len(values):
        raise JumunError("invalid", field="columns")
    columns = [
        {"key": key, "title": title, "value": value if key in SAYS else ""}
        for key, title, value in zip(keys, titles, values, strict=True)
    ]
    return LayoutFields(form.get("name", ""), columns, form.get("shared") == "true")


def _edit(
    request: HttpRequest,
    desk: Desk,
    what: str,
    columns: tuple[Chosen, ...],
    *,
    found: LayoutShown | None = None,
    name: str = "",
) -> HttpResponse:
    known = offered(what)
    groups = [
        (pick(label, language()), [_known(each) for each in known if each.group == group])
        for group, label in GROUPS.items()
    ]
    return page(
        request,
        desk,
        "web/export_layout.html",
        "jobs",
        what=what,
        what_label=WHATS[what],
        whats=WHATS.items(),
        groups=[(label, each) for label, each in groups if each],
        columns=[(each, pick(each.column.label, language()), each.key in SAYS) for each in columns],
        layout=found,
        may_change=found is None or found.may_change(desk.person, manages=_manages(desk)),
        name=name,
        longest_name=LONGEST_NAME,
        longest_title=LONGEST_TITLE,
        longest_value=LONGEST_VALUE,
    )


def _known(column: Column) -> tuple[str, str, bool, bool]:
    """A column's key, name, whether it is personal data and whether it says a text of its own."""
    return column.key, pick(column.label, language()), column.mask is not None, column.key in SAYS
