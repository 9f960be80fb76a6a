"""주문서 양식: saved ways to read a sheet; renamed, forgotten, or taken as an empty form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.intake.sheet_fields import REQUIRED, Plan, header_text
from jumun.intake.sheet_queries import list_templates
from jumun.intake.sheet_templates import delete_template, get_template, save_template
from jumun.sheets.writing import SheetColumn
from jumun.web.access import Desk, company_page
from jumun.web.register import send_form
from jumun.web.sheet_words import name_sheet_field
from jumun.web.shell import page


@require_GET
@company_page(May.READ)
def templates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every saved template with what its columns are."""
    listed = []
    for each in list_templates():
        plan = Plan.from_json(each.plan)
        told = [(name_sheet_field(name), " + ".join(plan.headers_of(name))) for name in plan.sources]
        listed.append((each, told))
    return page(request, desk, "web/sheet_templates.html", "register", templates=listed)


@require_POST
@company_page(May.MOVE)
def rename(request: HttpRequest, desk: Desk, sheet_template_id: int) -> HttpResponse:
    """Another name for a template."""
    found = get_template(sheet_template_id)
    save_template(
        desk.company_id,
        name=request.POST.get("name", ""),
        plan=Plan.from_json(found.plan),
        account=found.account_id,
        by=desk.person,
        at=now(),
        template=sheet_template_id,
    )
    return redirect(f"/c/{desk.slug}/sheet-templates")


@require_POST
@company_page(May.MOVE)
def delete(request: HttpRequest, desk: Desk, sheet_template_id: int) -> HttpResponse:
    """Forget a template; sheets read with it stay."""
    del request
    delete_template(sheet_template_id)
    return redirect(f"/c/{desk.slug}/sheet-templates")


@require_GET
@company_page(May.READ)
def form(request: HttpRequest, desk: Desk, sheet_template_id: int) -> HttpResponse:
    """An empty sheet with a template's columns."""
    del request, desk
    found = get_template(sheet_template_id)
    plan = Plan.from_json(found.plan)
    width = max(len(plan.headers), *(column + 1 for source in plan.sources.values() for column in source.columns))
    columns = [SheetColumn(header_text(plan.headers, place)) for place in range(width)]
    needed = sorted({column for name in REQUIRED if name in plan.sources for column in plan.sources[name].columns})
    notes = [f"{' + '.join(plan.headers_of(name))}: {name_sheet_field(name)}" for name in plan.sources]
    return send_form(found.name, columns, [], notes, needed)
