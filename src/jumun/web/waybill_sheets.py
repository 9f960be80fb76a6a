"""송장 엑셀: numbers that come back in a sheet; uploaded, previewed row by row, saved, and their results for ever (P21–P23)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May, reaches
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.halves import received
from jumun.dispatch.waybill_sheets import start_commit
from jumun.jobs.queries import get_job
from jumun.waybills.carriers import CARRIERS
from jumun.waybills.sheet_columns import LABELS
from jumun.waybills.sheet_queries import NAMES, Row, Upload, get_upload, list_rows, list_uploads
from jumun.waybills.sheet_result import write_result, write_waybill_form
from jumun.waybills.sheet_upload import set_carrier, start_upload
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.files import send_file
from jumun.web.once import once
from jumun.web.shell import page, part

LISTED = 50
SHOWN = 200
"""Rows on one page of a preview."""
STATES: dict[str, str | Promise] = {
    "ready": gettext_lazy("미리보기"),
    "committing": gettext_lazy("저장하는 중"),
    "done": gettext_lazy("저장함"),
}
TONES = {"label": "queued", "change": "partly", "correct": "partly", "refused": "failed", "same": "queued"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as the preview shows it."""

    row: Row
    verdict: str
    tone: str
    key: str
    carrier: str
    was: str
    reason: str
    doubt: str


@require_GET
@company_page(May.READ)
def sheets(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where a sheet is dropped, and those that were."""
    before = request.GET.get("before", "")
    found = list_uploads(cursor=int(before) if _plain(before) else None, limit=LISTED + 1)
    return page(
        request,
        desk,
        "web/waybill_sheets.html",
        "items",
        uploads=[(each, STATES[each.state]) for each in found[:LISTED]],
        next_before=found[LISTED - 1].id if len(found) > LISTED else None,
        carriers=_carriers(),
        saves=_saves(desk),
    )


@sensitive_post_parameters("password")
@require_POST
@company_page(May.PACK)
@once
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Read the sheet and lead on to its preview. One that lacks a column is refused here and now."""
    file = request.FILES.get("file")
    if file is None:
        raise JumunError("invalid", field=_("파일"))
    with received(file.chunks()) as path:
        made = start_upload(
            desk.company_id,
            path,
            file.name or "sheet",
            carrier=request.POST.get("carrier", ""),
            password=request.POST.get("password") or None,
            by=desk.person,
            at=now(),
        )
    return _lead_to(f"/c/{desk.slug}/waybill-sheets/{made}")


@require_GET
@company_page(May.READ)
def sheet(request: HttpRequest, desk: Desk, waybill_sheet_id: int) -> HttpResponse:
    """One sheet: what was recognised, what becomes of each row and why, and the button that saves."""
    found = get_upload(waybill_sheet_id)
    verdict, after = request.GET.get("verdict", ""), request.GET.get("after", "")
    rows = list_rows(
        waybill_sheet_id,
        verdict=[verdict] if verdict in NAMES else None,
        doubt=verdict == "doubt",
        cursor=int(after) if _plain(after) else None,
        limit=SHOWN + 1,
    )
    job = get_job(found.job) if found.job else None
    context: dict[str, Any] = {
        "upload": found,
        "state": STATES[found.state],
        "columns": [(_label(what), header) for what, header in found.columns.items()],
        "tabs": _tabs(found, verdict),
        "rows": [_show(each, found) for each in rows[:SHOWN]],
        "next_after": rows[SHOWN - 1].row if len(rows) > SHOWN else None,
        "verdict": verdict,
        "carriers": _carriers(),
        "needs_carrier": "carrier_missing" in found.codes or bool(found.carrier),
        "job": job,
        "saves": _saves(desk),
        "live": found.state == "committing",
    }
    if request.GET.get("part") == "sheet":
        return part(request, desk, "web/parts/waybill_sheet.html", **context)
    return page(request, desk, "web/waybill_sheet.html", "items", **context)


@require_POST
@company_page(May.PACK)
def carrier(request: HttpRequest, desk: Desk, waybill_sheet_id: int) -> HttpResponse:
    """The carrier of rows that name none; every row gets its verdict anew."""
    set_carrier(waybill_sheet_id, request.POST.get("carrier", ""))
    return _lead_to(f"/c/{desk.slug}/waybill-sheets/{waybill_sheet_id}")


@require_POST
@company_page(May.PACK)
@once
def commit(request: HttpRequest, desk: Desk, waybill_sheet_id: int) -> HttpResponse:
    """Put the good numbers on their parcels."""
    del request
    start_commit(waybill_sheet_id, by=desk.person, corrects=reaches(desk.may, "correct"), at=now())
    return _lead_to(f"/c/{desk.slug}/waybill-sheets/{waybill_sheet_id}")


@require_GET
@company_page(May.READ)
def result(request: HttpRequest, desk: Desk, waybill_sheet_id: int) -> HttpResponse:
    """결과 엑셀: the same sheet with outcome and reason; whoever may not see recipients gets our three columns of it."""
    del request
    found, clear = get_upload(waybill_sheet_id), May.PERSONAL in desk.may
    made = write_result(waybill_sheet_id, language=language(), cells=clear)
    if clear:
        note_access(desk.looker, did="result", subject=f"waybill_sheet:{waybill_sheet_id}", at=now())
    return send_file(f"{Path(found.name).stem}_{_('결과')}.xlsx", "xlsx", made)


@require_GET
@company_page(May.READ)
def form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """샘플 양식."""
    del request, desk
    return send_file(f"{_('송장 양식')}.xlsx", "xlsx", write_waybill_form(language()))


def _show(row: Row, found: Upload) -> Shown:
    return Shown(
        row=row,
        verdict=NAMES[row.verdict][language() == "en"],
        tone=TONES.get(row.verdict, "done"),
        key=_label(row.key_kind),
        carrier=words.name_carrier(row.carrier) if row.carrier else row.said_carrier,
        was=f"{words.name_carrier(row.was_carrier)} {row.was_number}".strip()
        if row.was_number and row.was_number != row.number and found.state != "done"
        else "",
        reason=words.tell_code(row.code) if row.code else "",
        doubt=_doubt(found) if row.doubt and row.verdict != "refused" else "",
    )


def _doubt(found: Upload) -> str:
    if found.state == "ready":
        return _("검증 숫자가 맞지 않습니다. 번호를 한 번 더 확인하세요. 그대로 저장할 수는 있습니다.")
    return words.tell_code("check_digit")


def _tabs(found: Upload, verdict: str) -> list[tuple[str, str, int, bool]]:
    """Verdicts that occur, in the order of the table, with how many rows each has."""
    tabs = [("", _("전체"), found.rows, not verdict)]
    for name, (ko, en) in NAMES.items():
        if number := found.counts.get(name, 0):
            tabs.append((name, en if language() == "en" else ko, number, verdict == name))
    if found.doubts:
        tabs.append(("doubt", _("검증 숫자 확인"), found.doubts, verdict == "doubt"))
    return tabs


def _label(what: str) -> str:
    ko, en = LABELS.get(what, ("", ""))
    return en if language() == "en" else ko


def _carriers() -> list[tuple[str, str]]:
    return [(each, words.name_carrier(each)) for each in CARRIERS]


def _saves(desk: Desk) -> bool:
    return May.PACK in desk.may


def _plain(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _lead_to(address: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
