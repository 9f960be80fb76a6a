"""작업: what runs, what ran, and what became of each target."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.dispatch.mall_sheet_queries import list_sheets, open_sheet_file
from jumun.dispatch.queries import JobBatch, find_job_batch
from jumun.exports.job_results import write_job_result
from jumun.exports.job_retries import can_retry, may_retry
from jumun.exports.job_retries import retry as try_again
from jumun.jobs.queries import count_entries, get_job, list_entries, list_jobs, list_troubles
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.files import send_file
from jumun.web.items import may_do
from jumun.web.job_links import find_link
from jumun.web.once import once
from jumun.web.shell import page, part

if TYPE_CHECKING:
    from jumun.jobs.models import Job

TABS = ("mall", "sheet")
ENTRIES = 100
OPEN = ("queued", "running")
TELLING = ("confirm", "transmit", "correct", "mall_sheet")
WITH_SHEETS = ("transmit", "correct", "mall_sheet")
"""Kinds whose targets stand in the effect ledger too."""


@require_GET
@company_page(May.READ)
def jobs(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Both tabs, newest first; looks again by itself while something runs."""
    tab = request.GET.get("tab", "mall")
    tab = tab if tab in TABS else "mall"
    found = list_jobs(tab, request.GET.get("cursor") or None, 50)
    names = {account.id: account.name for account in list_accounts()}
    context: dict[str, Any] = {
        "tab": tab,
        "jobs": [
            (job, _share(job.done, job.total, live=job.status in OPEN), _accounts(job, names), find_link(job.params))
            for job in found.items
        ],
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
        "can_retry": not live and may_retry(found.kind, desk.may) and can_retry(found, counts["failed"]),
        "reason": words.tell_code(found.reason) if found.reason else "",
        "reasons": Counter(told[0] for _entry, told in troubles if told[0]).most_common(5),
        "told": found.kind in TELLING,
        "link": find_link(found.params),
        "sheets": list_sheets(job_id) if found.kind in WITH_SHEETS else [],
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
        "batch": _batch(desk, found) if found.kind in TELLING else None,
        "accounts": _accounts(found, {account.id: account.name for account in list_accounts()}),
    }
    if wish == "body":
        return part(request, desk, "web/parts/job.html", **context)
    return page(request, desk, "web/job.html", "jobs", **context)


@require_GET
@company_page(May.READ)
def result(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """결과 엑셀: what became of each target, at any time."""
    del request, desk
    return send_file(f"job-{job_id}.xlsx", "xlsx", write_job_result(job_id, language()))


@require_GET
@company_page(May.READ)
def file(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """쇼핑몰 발송 엑셀: the mall's own sheet this job made, as often as wanted."""
    del request, desk
    found = open_sheet_file(job_id)
    return send_file(found.name, "xlsx", found.content)


@require_POST
@company_page(May.READ)
@once
def retry(_request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """Try again what failed; to the new job. What it takes is up to the kind of the job."""
    made = try_again(job_id, who=desk.looker, may=desk.may, at=now())
    return redirect(f"/c/{desk.slug}/jobs/{made}")


def _accounts(found: "Job", names: Mapping[int, str]) -> str:
    """Whose job it is, where it is about whole accounts."""
    ids = found.params.get("accounts") or []
    return ", ".join(names[each] for each in ids if each in names)


def _batch(desk: Desk, found: "Job") -> JobBatch | None:
    """What of it may still be taken back: effects not sent yet."""
    batch = find_job_batch(found.id, found.created_at)
    return batch if batch and batch.planned and may_do(desk, batch.action) else None


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
        if "waiting" in numbers:
            told += " · " + _("발주확인 전이라 두고 옴 {waiting}")
        return told.format_map({"new": "0", "moved": "0", **numbers}), ""
    sentence = words.tell_code(code, message) if code else ""
    return sentence, "" if message and message in sentence else message
