"""내려받기: asking for a list as a sheet, taking the file, and the history of who took what and why."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.exports.actions import LONGEST_REASON, PASSWORD, Wish, start_export, take_file
from jumun.exports.carrier_layouts import CARRIER_LAYOUTS
from jumun.exports.columns import Chosen, default_columns, has_personal
from jumun.exports.layouts import get_layout, list_layouts
from jumun.exports.queries import get_export, list_exports
from jumun.orders.queries import COUNTED_TO, count_items
from jumun.orders.selection import Selection
from jumun.orders.sorting import NEWEST, Sort, read_sort
from jumun.web.access import Desk, company_page
from jumun.web.acting import read_selection
from jumun.web.errors import language
from jumun.web.files import send_file
from jumun.web.filtering import read_address, settled_of
from jumun.web.once import once
from jumun.web.parcels import STEPS
from jumun.web.shell import page, part
from jumun.web.words import name_carrier

WHATS = {"items": gettext_lazy("품목마다 한 줄"), "parcels": gettext_lazy("묶음마다 한 줄")}
BUILT_IN = {"items": gettext_lazy("기본 열"), "parcels": gettext_lazy("택배 접수용 기본 열")}
STATES = {
    "waiting": gettext_lazy("만드는 중"),
    "ready": gettext_lazy("받을 수 있음"),
    "failed": gettext_lazy("실패"),
    "expired": gettext_lazy("기한 지남"),
}
REASONS = (gettext_lazy("택배 접수"), gettext_lazy("거래처 발주"), gettext_lazy("정산 확인"), gettext_lazy("고객 문의"))
"""Offered beside the field: one click instead of typing."""
ROWS = 50
PASSED = ("scope", "query", "as_of", "ids", "sort", "title")


@dataclass(frozen=True, slots=True)
class Offer:
    """One layout that may be taken: a built-in one ("items") or a saved one ("12")."""

    value: str
    label: str
    columns: tuple[Chosen, ...]
    personal: bool
    on: bool

    @property
    def titles(self) -> str:
        """What it holds, in words."""
        return " · ".join(each.title for each in self.columns)


@require_POST
@company_page(May.READ)
def ask(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The dialog: how many, in which columns, which file, why. Changes nothing."""
    chosen = _selection(request.POST)
    number = len(chosen.ids) if chosen.ids is not None else count_items(chosen.filter) if chosen.filter else 0
    what = "parcels" if _steps(chosen) else "items"
    offers = _offers(desk, what)
    return part(
        request,
        desk,
        "web/parts/export_ask.html",
        number=number,
        many=number > COUNTED_TO,
        passed=[(name, request.POST[name]) for name in PASSED if request.POST.get(name)],
        offers=offers,
        first=next(each for _label, group in offers for each in group if each.on),
        may_see=May.PERSONAL in desk.may,
        reasons=REASONS,
        longest=LONGEST_REASON,
        password=PASSWORD,
    )


@sensitive_post_parameters("password", "again")
@require_POST
@company_page(May.READ)
@once
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Have it written; answers the card that watches it."""
    form, at = request.POST, now()
    if form.get("password", "") != form.get("again", ""):
        raise JumunError("password_differs")
    what, columns, name = _layout(desk, form.get("layout", "items"))
    settled = settled_of(QueryDict(form.get("query", ""))) if form.get("scope") == "filter" else {}
    wish = Wish(
        what=what,
        chosen=_selection(form),
        columns=columns,
        kind=form.get("kind", "xlsx"),
        sort=_sort(form.get("sort", "")),
        title=form.get("title", "").strip() or name,
        asked=tuple(settled.items()),
        password=form.get("password", ""),
        reason=form.get("reason", ""),
        masked=form.get("masked") == "true",
        language=language(),
    )
    made = start_export(wish, who=desk.looker, may=desk.may, at=at)
    shown = get_export(made, desk.person, everybodys=False, at=at)
    return part(request, desk, "web/parts/export_started.html", export=shown)


@require_GET
@company_page(May.READ)
def history(request: HttpRequest, desk: Desk) -> HttpResponse:
    """내려받기 기록: one's own; everybody's for whoever manages people."""
    everybodys = May.PEOPLE in desk.may
    before = request.GET.get("before", "")
    rows, after = list_exports(
        desk.person,
        everybodys=everybodys,
        at=now(),
        after=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        limit=ROWS,
    )
    context: dict[str, Any] = {
        "exports": [(row, STATES[row.state], WHATS[row.what]) for row in rows],
        "everybodys": everybodys,
        "next_before": after,
        "before": before,
        "live": any(row.state == "waiting" for row in rows),
    }
    if request.GET.get("part") == "list":
        return part(request, desk, "web/parts/exports.html", **context)
    return page(request, desk, "web/exports.html", "jobs", **context)


@require_GET
@company_page(May.READ)
def file(request: HttpRequest, desk: Desk, export_id: int) -> HttpResponse:
    """The file itself, for the person who asked for it. The look is in the access trail before the first byte."""
    del request
    found = take_file(export_id, who=desk.looker, may=desk.may, at=now())
    return send_file(found.name, found.kind, found.content)


def _selection(form: QueryDict) -> Selection:
    """What the list chose; of "all N", every item the conditions mean at this click, whenever the list was shown."""
    if form.get("scope") == "filter":
        return Selection(filter=read_address(QueryDict(form.get("query", ""))))
    return read_selection(form)


def _steps(chosen: Selection) -> bool:
    """Whether the list shows parcels."""
    wanted = chosen.filter
    return wanted is not None and len(wanted.status) == 1 and wanted.status[0] in STEPS


def _sort(text: str) -> Sort:
    try:
        return read_sort(text)
    except JumunError:
        return NEWEST


def _offers(desk: Desk, what: str) -> list[tuple[str, list[Offer]]]:
    """Every layout, by what a row is; the list's own kind first, its built-in layout chosen."""
    saved = list_layouts(desk.person)
    groups: list[tuple[str, list[Offer]]] = []
    for kind in (what, *(each for each in WHATS if each != what)):
        columns = default_columns(kind, language())
        offers = [Offer(kind, str(BUILT_IN[kind]), columns, has_personal(columns), kind == what)]
        if kind == "parcels":
            offers += _carriers()
        offers += [
            Offer(
                str(each.id),
                each.name if each.owner_id == desk.person else f"{each.name} · {each.owner}",
                each.columns,
                has_personal(each.columns),
                False,
            )
            for each in saved
            if each.what == kind
        ]
        groups.append((str(WHATS[kind]), offers))
    return groups


def _carriers() -> list[Offer]:
    """Each carrier's own upload form."""
    return [
        Offer(
            carrier,
            _("{carrier} 접수 양식").format(carrier=name_carrier(carrier)),
            columns,
            has_personal(columns),
            False,
        )
        for carrier, columns in CARRIER_LAYOUTS.items()
    ]


def _layout(desk: Desk, value: str) -> tuple[str, tuple[Chosen, ...], str]:
    """What a row is, the columns and the layout's name."""
    if value in WHATS:
        return value, default_columns(value, language()), ""
    if value in CARRIER_LAYOUTS:
        return "parcels", CARRIER_LAYOUTS[value], name_carrier(value)
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise JumunError("invalid", field=_("양식"))
    found = get_layout(int(value), desk.person)
    return found.what, found.columns, found.name
