"""여러 번호 찾기: a pasted column of numbers becomes a list, and what was not found is told."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.orders.number_lists import put_aside, read_numbers
from jumun.orders.queries_numbers import find_missing
from jumun.web.access import Desk, company_page
from jumun.web.shell import part


@sensitive_post_parameters()
@require_POST
@company_page(May.READ)
def find_numbers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which of the pasted numbers name something; those are put aside for the address that opens them."""
    numbers = read_numbers(request.POST.get("numbers", ""))
    missing = find_missing(numbers)
    gone = set(missing)
    found = [number for number in numbers if number not in gone]
    made = put_aside(desk.company_id, found, by=desk.person, at=now()) if found else None
    told = {"given": len(numbers), "found": len(found), "missing": missing, "missing_text": "\n".join(missing)}
    return part(request, desk, "web/parts/found_numbers.html", **told, list=made)
