"""주문등록: per account what came in today and by whom (C6), forms to fill in (C7), and where a sheet is dropped."""

import tempfile
from io import BytesIO
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.intake.sheet_presets import DEFAULT_FORM
from jumun.intake.sheet_queries import count_by_account, list_templates, list_uploads
from jumun.intake.sheet_upload import start_upload
from jumun.sheets.reading import SheetError
from jumun.sheets.writing import SheetColumn, write_form
from jumun.web.access import Desk, company_page
from jumun.web.errors import tell_refusal
from jumun.web.files import send_file
from jumun.web.sheet_words import STATE_TONES, STATES
from jumun.web.shell import page

LATEST = 5
LOCKED = ("sheet_password_needed", "sheet_password_wrong")


@require_GET
@company_page(May.READ)
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The accounts with their day, the forms, and the place to drop a sheet."""
    days = count_by_account(at=now())
    accounts = list_accounts()
    wanted = request.GET.get("account", "")
    return page(
        request,
        desk,
        "web/register.html",
        "register",
        accounts=[(account, days[account.id]) for account in accounts if account.id in days],
        chosen=int(wanted) if plain(wanted) else None,
        templates=list_templates(),
        latest=[
            (each, STATES[each.state], STATE_TONES.get(each.state, "queued")) for each in list_uploads(limit=LATEST)
        ],
    )


@sensitive_post_parameters("password")
@require_POST
@company_page(May.MOVE)
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the sheet and lead on to its preview. Scripts get the address as JSON, and are told when a file is locked."""
    file = request.FILES.get("file")
    if file is None:
        raise JumunError("invalid", field=_("파일"))
    account, template = request.POST.get("account", ""), request.POST.get("template", "")
    with tempfile.TemporaryDirectory(prefix="jumun-") as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            made = start_upload(
                desk.company_id,
                path,
                file.name or "sheet",
                account=int(account) if plain(account) else None,
                password=request.POST.get("password") or None,
                template=int(template) if plain(template) else None,
                by=desk.person,
                at=now(),
            )
        except SheetError as problem:
            if problem.code not in LOCKED:
                raise
            response = tell_refusal(request, problem)  # it was refused before anything was kept
            response["X-Sheet-Locked"] = "true"
            return response
    address = f"/c/{desk.slug}/sheets/{made}"
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"href": address})
    return redirect(address)


@require_GET
@company_page(May.READ)
def form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Our own form, formatted, with what must be filled in marked and a page of notes."""
    del request, desk
    columns = [SheetColumn(each.title, each.kind, choices=each.choices) for each in DEFAULT_FORM]
    notes = [f"{each.title}: {each.note}" for each in DEFAULT_FORM if each.note]
    required = [place for place, each in enumerate(DEFAULT_FORM) if each.required]
    return send_form(_("주문서 양식"), columns, [[each.example for each in DEFAULT_FORM]], notes, required)


def send_form(
    name: str, columns: list[SheetColumn], examples: list[list[str]], notes: list[str], required: list[int]
) -> HttpResponse:
    """A form to fill in, as an attachment."""
    with tempfile.TemporaryDirectory(prefix="jumun-") as folder:
        path = Path(folder) / "form.xlsx"
        write_form(path, columns, examples, notes, required=required)
        return send_file(f"{name}.xlsx", "xlsx", BytesIO(path.read_bytes()))


def plain(text: str) -> bool:
    """Whether a text is a number the database takes as an id."""
    return text.isascii() and text.isdigit() and len(text) < 19
