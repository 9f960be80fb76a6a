"""전송 내역: what every channel was told and answered, and what of it waits for a person (N11, P31, P32)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.channels.registry import find_profile
from jumun.companies.roles import May
from jumun.core.clock import KST, now, read_moment
from jumun.core.errors import JumunError
from jumun.dispatch.queries import STATES, VERBS, EffectFilter, EffectRow, count_effects, count_open, list_effects
from jumun.dispatch.retrying import Chosen, look_now, retry_effects
from jumun.intake.queries import list_unread
from jumun.orders.queries import COUNTED_TO
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.acting import describe
from jumun.web.collecting import show_gaps
from jumun.web.once import once
from jumun.web.shell import page, part

ROWS = 100
KEPT = ("state", "verb", "account", "from", "to", "number", "job")
MOST_NUMBERS = 1000
FOLLOWS = {"confirm": "confirm", "dispatch": "transmit", "correct": "correct"}
"""The action whose wish an effect carries out."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One state, how many are in it, and the address of the list of them."""

    state: str
    label: str
    count: int
    address: str
    on: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An effect in words: our sentence says why and what to do, `quoted` is what the channel said itself."""

    effect: EffectRow
    told: str
    quoted: str
    outside: str


@require_GET
@company_page(May.READ)
def transmissions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything told, newest first; for htmx one of its parts: list, more."""
    wanted = read_address(request.GET)
    context = _listing(request, desk, wanted)
    wish = request.GET.get("part", "")
    if wish == "more":
        return part(request, desk, "web/parts/effects.html", **context)
    if wish == "list":
        return part(request, desk, "web/parts/transmissions.html", **context)
    return page(request, desk, "web/transmissions.html", "transmissions", **context)


@require_GET
@company_page(May.READ)
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """확인 필요: what is being read back, what the channels rejected, and what could not be collected."""
    wanted = EffectFilter(open=True)
    found = list_effects(wanted, cursor=request.GET.get("cursor") or None, limit=ROWS)
    lines = [_line(effect) for effect in found.effects]
    unknown = [line for line in lines if line.effect.state == "unknown"]
    context = {
        "lines": lines,
        "any_retry": any(line.effect.can_retry for line in lines),
        "unknown": len(unknown),
        "live": any(line.effect.next_look_at and line.effect.next_look_at <= now() for line in unknown),
        "next_cursor": found.next_cursor,
        "checking": True,
        "query": "",
        "as_of": now().isoformat(),
        "retryable": May.MOVE in desk.may,
        "open_effects": count_open(),
        "unread": len(list_unread(limit=201)),
        **show_gaps(),
    }
    wish = request.GET.get("part", "")
    if wish == "more":
        return part(request, desk, "web/parts/effects.html", **context)
    if wish == "list":
        return part(request, desk, "web/parts/checking.html", **context)
    return page(request, desk, "web/transmissions.html", "transmissions", **context)


@require_POST
@company_page(May.MOVE)
@once
def retry(request: HttpRequest, desk: Desk) -> HttpResponse:
    """다시 보내기: the rejected ones of those chosen, or of all the filter means. Answers a card for each job."""
    made = retry_effects(_chosen(request), by=desk.person, at=now())
    again = [
        {"action": FOLLOWS[each.verb], "outcome": each.outcome, "left": describe(each.outcome.refused)} for each in made
    ]
    response = part(request, desk, "web/parts/sent_again.html", again=again)
    response["HX-Trigger-After-Settle"] = "items-changed, bar-changed"
    return response


@require_POST
@company_page(May.MOVE)
@once
def look(request: HttpRequest, desk: Desk) -> HttpResponse:
    """지금 다시 확인: unknown ones are read back now. Only asks the channel; sends nothing."""
    number = look_now(_chosen(request), at=now())
    text = _("{n}건을 지금 쇼핑몰에서 다시 확인합니다.").format(n=number) if number else _("확인 중인 것이 없습니다.")
    response = part(request, desk, "web/parts/done.html", text=text)
    response["HX-Trigger-After-Settle"] = "items-changed, bar-changed"
    return response


def _listing(request: HttpRequest, desk: Desk, wanted: EffectFilter) -> dict[str, Any]:
    found = list_effects(wanted, cursor=request.GET.get("cursor") or None, limit=ROWS)
    counts = count_effects(wanted)
    accounts = {account.id: account.name for account in list_accounts()}
    chosen = wanted.state[0] if wanted.state else ""
    tabs = [
        Tab(state, str(words.EFFECT_STATES[state]), counts[state], _write(request.GET, state=state), chosen == state)
        for state in STATES
        if counts[state] or chosen == state or state in ("confirmed", "rejected", "unknown")
    ]
    return {
        "lines": [_line(effect) for effect in found.effects],
        "any_retry": any(effect.can_retry for effect in found.effects),
        "next_cursor": found.next_cursor,
        "tabs": tabs,
        "whole": Tab(
            "", _("전체"), min(sum(counts.values()), COUNTED_TO + 1), _write(request.GET, state=""), not chosen
        ),
        "rejected": counts["rejected"],
        "accounts_known": accounts,
        "verbs": [(verb, words.EFFECT_VERBS[verb]) for verb in VERBS],
        "given": {name: request.GET.get(name, "") for name in KEPT},
        "filtered": any(request.GET.get(name, "").strip() for name in KEPT),
        "query": _write(request.GET),
        "as_of": now().isoformat(),
        "retryable": May.MOVE in desk.may,
        "live": any(line.state in ("planned", "sending") for line in found.effects) and not request.GET.get("cursor"),
        "open_effects": count_open(),
    }


def _line(effect: EffectRow) -> Line:
    told = words.tell_code(effect.code, effect.message) if effect.code else ""
    profile = find_profile(effect.channel)
    outside = profile.seller_centre if profile and effect.state in ("rejected", "unknown") else ""
    return Line(effect, told, "" if effect.message in told else effect.message, outside)


def read_address(query: QueryDict) -> EffectFilter:
    """The filter an address stands for. Raises JumunError("invalid")."""
    state, verb, account = (query.get(name, "").strip() for name in ("state", "verb", "account"))
    if state and state not in STATES:
        raise JumunError("invalid", field=_("상태"))
    if verb and verb not in VERBS:
        raise JumunError("invalid", field=_("무엇을"))
    job = query.get("job", "").strip()
    for name, text in ((_("판매처 계정"), account), (_("작업"), job)):
        if text and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise JumunError("invalid", field=name)
    numbers = query.get("number", "").replace(",", " ").replace("\x00", "").split()
    if len(numbers) > MOST_NUMBERS:
        raise JumunError("too_large")
    start, last = _midnight(query, "from"), _midnight(query, "to")
    return EffectFilter(
        state=(state,) if state else (),
        verb=(verb,) if verb else (),
        channel_account=(int(account),) if account else (),
        number=tuple(dict.fromkeys(numbers)),
        job=int(job) if job else None,
        planned_from=start,
        planned_to=last + timedelta(days=1) if last else None,
    )


def _write(query: QueryDict, **changed: str) -> str:
    kept = QueryDict(mutable=True)
    for name in KEPT:
        value = changed.get(name, query.get(name, "").strip())
        if value:
            kept[name] = value
    return kept.urlencode()


def _midnight(query: QueryDict, name: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), KST)
    except ValueError as problem:
        raise JumunError("invalid", field=_("기간")) from problem


def _chosen(request: HttpRequest) -> Chosen:
    """The ticked effects, or all of the list's filter as of the moment it was shown."""
    form = request.POST
    if form.get("scope") == "filter":
        try:
            as_of = read_moment(form.get("as_of", ""))
        except ValueError as problem:
            raise JumunError("invalid", field="as_of") from problem
        if as_of.tzinfo is None:
            raise JumunError("invalid", field="as_of")
        wanted = read_address(QueryDict(form.get("query", "")))
        return Chosen(filter=replace(wanted, open=form.get("open") == "1"), as_of=as_of)
    texts = [each for value in form.getlist("ids") for each in value.split(",") if each]
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise JumunError("invalid", field="ids")
    return Chosen(ids=tuple(dict.fromkeys(int(text) for text in texts)))
