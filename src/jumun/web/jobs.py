"""작업: what runs, what ran, and what became of each target. Also the start of a collection."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import KST, now
from jumun.core.errors import JumunError
from jumun.dispatch.actions import retry_job, start_sync
from jumun.intake.actions import retry_collection, start_collection
from jumun.jobs.queries import count_entries, get_job, list_entries, list_jobs, list_troubles
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page, part

TABS = ("mall", "sheet")
ENTRIES = 100
OPEN = ("queued", "running")


@require_GET
@company_page(May.READ)
def jobs(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Both tabs, newest first; looks again by itself while something runs."""
    tab = request.GET.get("tab", "mall")
    tab = tab if tab in TABS else "mall"
    found = list_jobs(tab, request.GET.get("cursor") or None, 50)
    context: dict[str, Any] = {
        "tab": tab,
        "jobs": found.items,
        "next_cursor": found.next_cursor,
        "live": any(job.status in OPEN for job in found.items) and not request.GET.get("cursor"),
    }
    if request.GET.get("part") == "list":
        return part(request, desk, "web/parts/jobs.html", **context)
    return page(request, desk, "web/jobs.html", "jobs", **context)


@require_GET
@company_page(May.READ)
def job(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """One job: progress, entries, retry. `part=body` for htmx while it runs, `part=card` for the corner of any page."""
    found = get_job(job_id)
    live = found.status in OPEN
    wish = request.GET.get("part", "")
    counts = count_entries(job_id)
    troubles = [
        (entry, _reason(entry.code, entry.message)) for entry in list_troubles(job_id, 5 if wish == "card" else 50)
    ]
    context = {
        "job": found,
        "live": live,
        "counts": counts,
        "troubles": troubles,
        "share": _share(found.done, found.total, live=live),
        "can_retry": not live and counts["failed"] > 0 and May.COLLECT in desk.may,
        "reason": words.tell_code(found.reason) if found.reason else "",
    }
    if wish == "card":
        response = part(request, desk, "web/parts/job_card.html", **context)
        if not live:
            response["HX-Trigger-After-Settle"] = "items-changed, bar-changed"
        return response
    entries = list_entries(job_id, request.GET.get("cursor") or None, ENTRIES)
    context |= {
        "entries": [(entry, _reason(entry.code, entry.message)) for entry in entries.items],
        "next_cursor": entries.next_cursor,
    }
    if wish == "body":
        return part(request, desk, "web/parts/job.html", **context)
    return page(request, desk, "web/job.html", "jobs", **context)


@require_POST
@company_page(May.COLLECT)
def retry(_request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """Try again what failed; to the new job."""
    found = get_job(job_id)
    again = retry_collection if found.kind == "collect" else retry_job
    made = again(job_id, by=desk.person, at=now())
    return redirect(f"/c/{desk.slug}/jobs/{made}")


@require_POST
@company_page(May.COLLECT)
def collect(request: HttpRequest, desk: Desk) -> HttpResponse:
    """주문 수집 or 주문동기화 of the ticked accounts; answers the job's card."""
    texts = request.POST.getlist("account")
    if not all(text.isdigit() and len(text) < 19 for text in texts):
        raise JumunError("invalid", field="account")
    accounts = [int(text) for text in texts]
    if request.POST.get("what") == "sync":
        made = start_sync(accounts, by=desk.person, at=now())
    else:
        start, end = _day(request, "from"), _day(request, "to")
        made = start_collection(
            accounts,
            start=start,
            end=end + timedelta(days=1) if end else None,
            auto_confirm=True if request.POST.get("auto_confirm") == "on" else None,
            by=desk.person,
            at=now(),
        )
    found = get_job(made)
    response = part(
        request,
        desk,
        "web/parts/job_card.html",
        job=found,
        live=True,
        counts=count_entries(made),
        troubles=[],
        share=None,
    )
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response


def _day(request: HttpRequest, name: str) -> datetime | None:
    text = request.POST.get(name, "")
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), KST)
    except ValueError as problem:
        raise JumunError("invalid", field=name) from problem


def _share(done: int, total: int, *, live: bool) -> int | None:
    """Percent done; None while nobody knows how much there is."""
    if total <= 0:
        return None if live else 100
    return min(100, done * 100 // total)


def _reason(code: str, message: str) -> tuple[str, str]:
    """A sentence of ours, and the channel's own words beside it. A collection tells numbers instead."""
    if not code and message.startswith("read="):
        numbers = dict(pair.split("=", 1) for pair in message.split() if "=" in pair)
        told = _("읽음 {read} · 새 주문 {new} · 바뀜 {moved}")
        return told.format(read=numbers.get("read"), new=numbers.get("new"), moved=numbers.get("moved")), ""
    sentence = words.tell_code(code, message) if code else ""
    return sentence, "" if message and message in sentence else message
