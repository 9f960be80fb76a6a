"""올린 주문서: which column is what, the preview with what becomes of each row, corrections, 등록, failures (Q17–Q36, C8)."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.companies.trail import note_access
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.files import open_kept
from jumun.intake import sheet_upload
from jumun.intake.sheet_batches import find_batch
from jumun.intake.sheet_failures import write_failures
from jumun.intake.sheet_fields import REQUIRED, Field
from jumun.intake.sheet_queries import Upload, get_upload, list_rows, list_uploads
from jumun.intake.sheet_upload import DeletedBatch
from jumun.jobs.queries import get_job
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.files import send_file
from jumun.web.register import plain
from jumun.web.sheet_mapping import list_columns, list_fixed, list_missing, list_splits, read_plan
from jumun.web.sheet_rows import list_fields, show_row
from jumun.web.sheet_words import CHANGES, CHOICES, DATES, NOTICES, STATE_TONES, STATES, VERDICTS, name_sheet_field
from jumun.web.shell import page, part
from jumun.web.words import tell_code

LISTED = 50
SHOWN = 100
"""Rows on one page of a preview."""
OPEN = ("asking", "ready", "done")
MAPPED = ("asking", "ready")
LIVE = ("reading", "committing")


@require_GET
@company_page(May.READ)
def sheets(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was uploaded, newest first."""
    before = request.GET.get("before", "")
    found = list_uploads(cursor=int(before) if plain(before) else None, limit=LISTED + 1)
    return page(
        request,
        desk,
        "web/sheets.html",
        "register",
        uploads=[(each, STATES[each.state], STATE_TONES.get(each.state, "queued")) for each in found[:LISTED]],
        next_before=found[LISTED - 1].id if len(found) > LISTED else None,
    )


@never_cache
@require_GET
@company_page(May.READ)
def sheet(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """One sheet. Recipients are shown to whoever may see them, and the look is in the access trail."""
    context = _context(request, desk, sheet_id)
    if request.GET.get("part") == "sheet":
        return part(request, desk, "web/parts/sheet.html", **context)
    return page(request, desk, "web/sheet.html", "register", **context)


@require_POST
@company_page(May.MOVE)
def columns(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """Which column is what; the sheet is read anew, and remembered under a name if one is given."""
    found = get_upload(sheet_id)
    if found.plan is None:
        raise JumunError("invalid", field="plan")
    plan = read_plan(found.plan, request.POST)
    name = request.POST.get("remember", "").strip()
    sheet_upload.map_columns(sheet_id, plan, remember=name or None, by=desk.person, at=now())
    return _back(request, desk, sheet_id)


@require_POST
@company_page(May.MOVE)
def choices(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """Whose orders they are, and what to do with those we know."""
    told = {name: request.POST.get(name) or None for name in CHOICES}
    account = request.POST.get("account", "")
    sheet_upload.set_choices(sheet_id, **told, account=int(account) if plain(account) else None)
    return _back(request, desk, sheet_id)


@require_POST
@company_page(May.MOVE)
def fix(request: HttpRequest, desk: Desk, sheet_id: int, row: int) -> HttpResponse:
    """Correct a row, one cell or all of them; its order is judged anew."""
    get_upload(sheet_id)
    known = {each.value for each in Field}
    fields = {name: request.POST.get(name, "") for name in request.POST if name in known}
    if not fields:
        raise JumunError("invalid", field="fields")
    sheet_upload.fix_row(sheet_id, row, fields, by=desk.person, at=now())
    return _back(request, desk, sheet_id)


@require_POST
@company_page(May.MOVE)
def leave_out(request: HttpRequest, desk: Desk, sheet_id: int, row: int) -> HttpResponse:
    """Leave a row out, or take it in again."""
    sheet_upload.leave_out_row(sheet_id, row, out=request.POST.get("out") == "true")
    return _back(request, desk, sheet_id)


@require_POST
@company_page(May.MOVE)
def commit(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """등록: a job stores every good order. Pressed twice it is the same job."""
    sheet_upload.start_commit(sheet_id, by=desk.person, at=now())
    return _back(request, desk, sheet_id)


@never_cache
@require_GET
@company_page(May.PERSONAL)
def failures(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """거절된 행 엑셀: the same sheet with only what stayed out and the reason, to be corrected and uploaded again."""
    del request
    found = get_upload(sheet_id)
    key = write_failures(sheet_id, language=language())
    note_access(desk.looker, did="failures", subject=f"sheet:{sheet_id}", at=now())
    return send_file(f"{Path(found.name).stem}_{_('거절')}.xlsx", "xlsx", open_kept(key))


@require_POST
@company_page(May.MOVE)
def delete(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """엑셀주문삭제: all orders of the sheet, while none of them moved on; else none, and which those are."""
    done = sheet_upload.delete_batch(sheet_id, by=desk.person, at=now())
    if not done.moved_total:
        return _back(request, desk, sheet_id)
    context = _context(request, desk, sheet_id, kept=done)
    if getattr(request, "htmx", False):
        return part(request, desk, "web/parts/sheet.html", **context)
    return page(request, desk, "web/sheet.html", "register", **context)


def _back(request: HttpRequest, desk: Desk, sheet_id: int) -> HttpResponse:
    """The sheet as it is now: its part for htmx, else its page."""
    if getattr(request, "htmx", False):
        return part(request, desk, "web/parts/sheet.html", **_context(request, desk, sheet_id))
    asked = {name: request.POST[name] for name in ("verdict", "code", "after") if request.POST.get(name)}
    query = f"?{urlencode(asked)}" if asked else ""
    return redirect(f"/c/{desk.slug}/sheets/{sheet_id}{query}")


def _context(request: HttpRequest, desk: Desk, sheet_id: int, kept: DeletedBatch | None = None) -> dict[str, Any]:
    found = get_upload(sheet_id)
    clear, changes = May.PERSONAL in desk.may, May.MOVE in desk.may
    asked = request.POST if request.method == "POST" else request.GET
    verdict, code, after = asked.get("verdict", ""), asked.get("code", ""), asked.get("after", "")
    edited = asked.get("edit", "")
    live = found.state in LIVE
    rows = (
        []
        if live
        else list_rows(
            sheet_id,
            verdict=verdict if verdict in VERDICTS else None,
            code=code or None,
            cursor=int(after) if plain(after) else None,
            limit=SHOWN + 1,
        )
    )
    fields = list_fields(found, rows, clear=clear)
    if clear and (rows or found.samples) and not live:
        note_access(desk.looker, did="view", subject=f"sheet:{sheet_id}", at=now())
    return {
        "upload": found,
        "state": STATES[found.state],
        "tone": STATE_TONES.get(found.state, "queued"),
        "live": live,
        "job": get_job(found.job) if found.job and live else None,
        "reason": tell_code(found.code) if found.code else "",
        "notices": [NOTICES.get(each, each) for each in found.notices],
        "changes": [(CHANGES[kind], ", ".join(names)) for kind, names in found.changes.items() if names],
        "tabs": _tabs(found, verdict),
        "reasons": _reasons(found, code),
        "stay": _stay(found),
        "verdict": verdict,
        "code": code,
        "after": after,
        "fields": [(name, name_sheet_field(name)) for name in fields],
        "rows": [
            show_row(each, fields, clear=clear, changes=changes and found.state in OPEN, edited=_number(edited))
            for each in rows[:SHOWN]
        ],
        "next_after": rows[SHOWN - 1].row if len(rows) > SHOWN else None,
        "open": changes and found.state in OPEN,
        "mapped": changes and found.state in MAPPED and found.plan is not None,
        "columns": list_columns(found, clear=clear and not live),
        "missing": list_missing(found),
        "fixed": list_fixed(found.plan) if found.plan else [],
        "splits": list_splits(found.plan) if found.plan else [],
        "all_fields": [(name.value, name_sheet_field(name), name in REQUIRED) for name in Field],
        "asks_dates": any(each["code"] == "date_order" for each in found.unsure),
        "dates": list(DATES.items()),
        "choices": [(name, label, list(told.items()), getattr(found, name)) for name, (label, told) in CHOICES.items()],
        "accounts": list_accounts(),
        "batch": find_batch(sheet_id) if found.state == "done" and found.orders else None,
        "kept": [(each, tell_code(each.code)) for each in kept.moved] if kept else [],
        "kept_total": kept.moved_total if kept else 0,
    }


def _tabs(found: Upload, verdict: str) -> list[tuple[str, str, int, bool]]:
    """Verdicts that occur, with how many rows each has."""
    total = sum(found.counts.values())
    tabs = [("", _("전체"), total, not verdict)]
    return tabs + [
        (name, str(label), found.counts[name], verdict == name)
        for name, label in VERDICTS.items()
        if found.counts.get(name)
    ]


def _reasons(found: Upload, code: str) -> list[tuple[str, str, int, bool]]:
    """Why rows are refused, the most frequent first."""
    refused = sorted(((n, why) for (verdict, why), n in found.codes.items() if verdict == "refused"), reverse=True)
    return [(why, tell_code(why).split(". ")[0].rstrip("."), number, why == code) for number, why in refused]


def _stay(found: Upload) -> int:
    """How many rows stay out of a commit now."""
    return found.counts.get("refused", 0)


def _number(text: str) -> int | None:
    return int(text) if plain(text) else None
