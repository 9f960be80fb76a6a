"""영업일 달력: public holidays, and the days a company takes off or works (N4)."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.calendar import today
from jumun.channels.days_off import is_weekend, list_days
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.orders.actions.ship_by import change_day, restore_day
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page


@require_GET
@company_page(May.READ)
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """This year from today on, and the next."""
    day = today(now())
    days = [
        (each, words.WEEKDAYS[each.day.weekday()], is_weekend(each.day))
        for each in list_days(day, date(day.year + 1, 12, 31))
    ]
    return page(request, desk, "web/calendar.html", "calendar", days=days, day=day, done=_done(request))


def _done(request: HttpRequest) -> str:
    changed = request.GET.get("reckoned", "")
    if not changed.isdecimal():
        return ""
    return _("달력을 바꿨습니다. 발송기한을 다시 셈한 품목: %(n)s개") % {"n": changed}


@require_POST
@company_page(May.ACCOUNTS)
def put(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make a day a day off, or a working day."""
    day = _day(request)
    off = request.POST.get("off") == "true"
    changed = change_day(desk.company_id, day, off=off, name=request.POST.get("name", ""))
    return redirect(f"/c/{desk.slug}/calendar?reckoned={changed}")


@require_POST
@company_page(May.ACCOUNTS)
def restore(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Let a day be as the public calendar has it."""
    return redirect(f"/c/{desk.slug}/calendar?reckoned={restore_day(_day(request))}")


def _day(request: HttpRequest) -> date:
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as problem:
        raise JumunError("invalid", field=_("날짜")) from problem
    if not 2000 <= day.year < 2100:
        raise JumunError("invalid", field=_("날짜"))
    return day
