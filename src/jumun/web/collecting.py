"""주문 자동 수집: the dialog that starts it, and what a collection could not get (P5, P8, P13, R16)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumun.channels.health import health_of
from jumun.channels.profile import Can
from jumun.channels.queries import list_accounts, profile_of
from jumun.channels.registry import find_profile
from jumun.companies.roles import May
from jumun.core.clock import KST, in_kst, now
from jumun.core.errors import JumunError, NotFoundError
from jumun.dispatch.actions import start_sync
from jumun.intake.actions import close_gap, start_collection, start_reread
from jumun.intake.queries import find_collections, list_gaps, list_unread
from jumun.jobs.queries import count_entries, get_job
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page, part

if TYPE_CHECKING:
    from jumun.channels.models import ChannelAccount

BACK = {
    "12h": (timedelta(hours=12), gettext_lazy("12시간")),
    "1d": (timedelta(days=1), gettext_lazy("1일")),
    "3d": (timedelta(days=3), gettext_lazy("3일")),
    "7d": (timedelta(days=7), gettext_lazy("7일")),
    "14d": (timedelta(days=14), gettext_lazy("14일")),
    "30d": (timedelta(days=30), gettext_lazy("30일")),
}
"""How far back one may ask (C2); a date of one's own beside them."""
USUAL_BACK = "7d"
OWN = "own"
LONGEST_REASON = 500
LONG_LIST = 200
CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """An account in the dialog. `barred`: why it cannot be ticked. `job`: the collection that runs for it."""

    account: "ChannelAccount"
    barred: str
    next_at: datetime | None
    job: int | None
    first: bool
    note: str


@require_http_methods(["GET", "POST"])
@company_page(May.COLLECT)
def collect(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET: the dialog's body, or without scripts a page of its own. POST: start; the job's card, or its page."""
    if request.method == "POST":
        return _show_job(request, desk, _start(request, desk))
    if getattr(request, "htmx", False):
        return part(request, desk, "web/parts/collect.html", **_dialog())
    return page(request, desk, "web/collect.html", "", **_dialog())


@require_GET
@company_page(May.READ)
def doubts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """확인 필요: stretches that could not be collected, and lines that did not come in."""
    unread = list_unread(limit=LONG_LIST + 1)
    return page(
        request,
        desk,
        "web/doubts.html",
        "doubts",
        unread=unread[:LONG_LIST],
        more_unread=len(unread) > LONG_LIST,
        closed_gaps=list_gaps(closed=True)[-CLOSED_SHOWN:],
        **show_gaps(),
    )


@require_POST
@company_page(May.COLLECT)
def read_again(request: HttpRequest, desk: Desk) -> HttpResponse:
    """다시 읽기: ask the channels for the lines that did not come in."""
    return _show_job(request, desk, start_reread(by=desk.person, at=now()))


@require_POST
@company_page(May.GAPS)
def close(request: HttpRequest, desk: Desk, gap_id: int) -> HttpResponse:
    """The owner lets a stretch go, with a reason."""
    reason = request.POST.get("reason", "").strip()
    if not reason or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise JumunError("invalid", field=_("이유"))
    found = list_gaps(closed=None, ids=[gap_id])
    if not found:
        raise NotFoundError("not_found")
    close_gap(found[0].account_id, gap_id, reason=reason, by=desk.person, at=now())
    if not getattr(request, "htmx", False):
        return redirect(f"/c/{desk.slug}/doubts")
    response = part(request, desk, "web/parts/gaps.html", **show_gaps())
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response


def show_gaps() -> dict[str, Any]:
    """What `parts/gaps.html` shows: every open gap, for the page that includes it."""
    return {"gaps": [(gap, words.tell_code(gap.code)) for gap in list_gaps()]}


def _dialog() -> dict[str, Any]:
    at = now()
    talking = [each for each in list_accounts() if profile_of(each) is not None]
    running = find_collections([each.id for each in talking])
    choices = [_choice(each, running.get(each.id), at) for each in talking]
    return {
        "choices": choices,
        "first": [each for each in choices if each.first and not each.barred],
        "startable": any(not each.barred for each in choices),
        "jobs": [get_job(job) for job in sorted(set(running.values()))],
        "back": [(value, label) for value, (_span, label) in BACK.items()],
        "usual_back": USUAL_BACK,
        "today": in_kst(at).date(),
    }


def _choice(account: "ChannelAccount", job: int | None, at: datetime) -> Choice:
    health = health_of(account, at)
    barred = ""
    if account.state == "off":
        barred = _("꺼져 있습니다. 판매처 화면에서 켜 주세요.")
    elif account.state == "reauth":
        barred = words.tell_code(account.state_code or "bad_credentials")
    return Choice(account, barred, health.next_collection, job, account.collected_until is None, _note(account.channel))


def _note(channel: str) -> str:
    """What a clerk must know of a channel that lets nobody collect before 발주확인 (P8)."""
    profile = find_profile(channel)
    if profile is None or Can.COLLECT_UNCONFIRMED in profile.can:
        return ""
    if Can.CONFIRM in profile.can:
        return _("발주확인 전 주문은 수집할 수 없는 쇼핑몰입니다. 아래 자동 처리를 켜거나 쇼핑몰에서 먼저 확인하세요.")
    return _("발주확인 전 주문은 수집할 수 없는 쇼핑몰입니다. 쇼핑몰에서 먼저 확인하세요.")


def _start(request: HttpRequest, desk: Desk) -> int:
    form, at = request.POST, now()
    texts = form.getlist("account")
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise JumunError("invalid", field="account")
    accounts = [int(text) for text in texts]
    if form.get("what") == "sync":
        return start_sync(accounts, by=desk.person, at=at)
    span = form.get("span") or ("period" if form.get("from") or form.get("to") else "since")
    start = end = None
    if span == "back":
        start = _back(request, "back", at)
    elif span == "period":
        start, last = _day(request, "from"), _day(request, "to")
        end = last + timedelta(days=1) if last else None
        if start is None:
            raise JumunError("invalid", field=_("부터"))
    return start_collection(
        accounts,
        start=start,
        end=end,
        first=_back(request, "first", at) if span == "since" and form.get("first") else None,
        auto_confirm=True if form.get("auto_confirm") == "on" else None,
        by=desk.person,
        at=at,
    )


def _back(request: HttpRequest, name: str, at: datetime) -> datetime:
    """How far back: one of the spans, or since the beginning of a day of one's own."""
    chosen = request.POST.get(name, "")
    if chosen in BACK:
        return at - BACK[chosen][0]
    own = _day(request, f"{name}_day") if chosen == OWN else None
    if own is None:
        raise JumunError("invalid", field=_("얼마나 거슬러"))
    return own


def _day(request: HttpRequest, name: str) -> datetime | None:
    text = request.POST.get(name, "")
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), KST)
    except ValueError as problem:
        raise JumunError("invalid", field=name) from problem


def _show_job(request: HttpRequest, desk: Desk, job_id: int) -> HttpResponse:
    """The job where it was started: its card, which looks again by itself; without scripts its page."""
    if not getattr(request, "htmx", False):
        return redirect(f"/c/{desk.slug}/jobs/{job_id}")
    context = {"job": get_job(job_id), "live": True, "counts": count_entries(job_id), "troubles": [], "share": None}
    response = part(request, desk, "web/parts/job_card.html", **context)
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response
