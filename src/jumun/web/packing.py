"""합포: look for shipments that go as one parcel, settle 확인필요 beside the base, take apart, take back (C14–C17, N8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import KST, in_kst, now, read_moment
from jumun.core.errors import JumunError
from jumun.core.masking import mask_detail, mask_name, mask_phone, mask_street
from jumun.core.refusal import Outcome
from jumun.packing.choices import list_standing, set_standing
from jumun.packing.combining import run_packing
from jumun.packing.deciding import decide_candidates, settle_kind
from jumun.packing.load import Load
from jumun.packing.loading import Scope
from jumun.packing.queries import count_late_joiners
from jumun.packing.reasons import reason_text
from jumun.packing.showing import Group, Side, count_verdicts, decided_at, find_run, list_groups, list_kinds
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.once import make_nonce, once
from jumun.web.shell import page

GROUPS = 20
MOST_LOAD = 9_999_999
"""Of a cap a person types."""
BIGGEST = 18
"""Digits of the longest number."""
TABS = ("review", "combine", "never")
LATEST = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Tab:
    """One result: 확인필요, 합포결과, or what stays apart; `waiting` of it is still to be decided."""

    key: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class KindShown:
    """확인필요 of one reason and account: how many wait, and whether it is combined without being asked."""

    account: int
    account_name: str
    reason: str
    told: str
    waiting: int
    stands: bool


@dataclass(frozen=True, slots=True)
class SideShown:
    """One shipment with its recipient masked, its reasons in words and what became of it."""

    side: Side
    name: str
    phones: Sequence[tuple[str, str]]
    address: str
    reasons: Sequence[str]
    state: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A base and what is held against it."""

    base: SideShown
    members: Sequence[SideShown]
    waits: bool
    nonce: str


@require_GET
@company_page(May.READ)
def packing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest run, or one named: its groups by result."""
    asked = request.GET
    run = find_run(_number(asked.get("run", "")) or None)
    tab = asked.get("tab", "") if asked.get("tab") in TABS else "review"
    start = _number(asked.get("from", ""))
    context: dict[str, Any] = {"run": run, "tab": tab, "late": count_late_joiners(), "nonce": make_nonce()}
    accounts = {account.id: account.name for account in list_accounts()}
    if run is not None:
        groups = list_groups(run.id, tab, start=start, limit=GROUPS)
        context |= {
            "tabs": _tabs(count_verdicts(run.id), tab),
            "groups": [_group(each) for each in groups[:GROUPS]],
            "following": start + GROUPS if len(groups) > GROUPS else 0,
            "before": max(0, start - GROUPS) if start else None,
            "kinds": _kinds(run.id, accounts) if tab == "review" else [],
        }
    kept = run.scope if run else Scope()
    context |= {
        "accounts": [(id_, name, kept.accounts is None or id_ in kept.accounts) for id_, name in accounts.items()],
        "scope": kept,
        "since": in_kst(kept.since).date().isoformat() if kept.since else "",
        "until": (in_kst(kept.until).date() - timedelta(days=1)).isoformat() if kept.until else "",
        "done": _done(asked),
        "back": _back(asked),
    }
    return page(request, desk, "web/packing.html", "packing", **context)


@require_POST
@company_page(May.MOVE)
@once
def run(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Look for what goes together in a scope (C16) and combine what is sure."""
    given = request.POST
    chosen = tuple(_number(each) for each in given.getlist("account"))
    scope = Scope(
        _day(given.get("since", "")),
        _day(given.get("until", ""), after=1),
        chosen or None,
        given.get("across") == "on",
        Load(*(min(_number(given.get(name, "")), MOST_LOAD) for name in ("most", "grams", "volume"))),
    )
    made, outcome = run_packing(scope, by=desk.person, at=now())
    return _answer(desk, made.id, "review" if made.reviews else "combine", outcome, "ran")


@require_POST
@company_page(May.MOVE)
@once
def decide(request: HttpRequest, desk: Desk) -> HttpResponse:
    """합포 or 미합포 for the shipments chosen of one group."""
    given = request.POST
    at = now()
    chosen = [_number(each) for each in given.getlist("candidate")]
    if not chosen:
        raise JumunError("nothing_chosen")
    decision, tab = given.get("decision", ""), given.get("tab", "")
    if decision not in ("combine", "apart"):
        raise JumunError("invalid", field="decision")
    outcome = decide_candidates(chosen, decision, by=desk.person, at=at)
    was = {"apart": "combine", "combine": "apart"}[decision] if tab == "combine" else "open"
    return _answer(desk, _run(given), tab, outcome, decision, at, was)


@require_POST
@company_page(May.MOVE)
@once
def kind(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every waiting one of a kind at once; with `always` also of every later run (C15)."""
    given = request.POST
    account, reason, decision, at = (
        _number(given.get("account", "")),
        given.get("reason", ""),
        given.get("decision", ""),
        now(),
    )
    if decision == "ask":
        set_standing(account, reason, on=False, by=desk.person, at=at)
        return _answer(desk, _run(given), "review", Outcome(0), "ask")
    if decision == "always":
        set_standing(account, reason, on=True, by=desk.person, at=at)
    did = "combine" if decision == "always" else decision
    if did not in ("combine", "apart"):
        raise JumunError("invalid", field="decision")
    found = _run(given)
    outcome = settle_kind(found, reason, did, accounts=[account], by=desk.person, at=at)
    return _answer(desk, found, "review", outcome, decision, at)


@require_POST
@company_page(May.MOVE)
@once
def take_back(request: HttpRequest, desk: Desk) -> HttpResponse:
    """되돌리기: what was decided at that moment becomes what it was."""
    given = request.POST
    found = _run(given)
    moment = _moment(given.get("moment", ""))
    chosen = decided_at(found, moment, by=desk.person) if moment else []
    was = given.get("was", "") if given.get("was") in ("combine", "apart") else "open"
    outcome = decide_candidates(chosen, was, by=desk.person, at=now())
    return _answer(desk, found, given.get("tab", ""), outcome, "back")


def _answer(
    desk: Desk, run_id: int, tab: str, outcome: Outcome, did: str, at: datetime | None = None, was: str = "open"
) -> HttpResponse:
    told: dict[str, object] = {"run": run_id, "tab": tab if tab in TABS else "review", "did": did, "n": outcome.done}
    if outcome.refused_total:
        told["refused"] = outcome.refused_total
        told["why"] = outcome.refused[0].code
    if at is not None and outcome.done:
        told |= {"moment": at.isoformat(), "was": was}
    return redirect(f"/c/{desk.slug}/packing?{urlencode(told)}")


def _run(given: Mapping[str, str]) -> int:
    found = find_run(_number(given.get("run", "")) or None)
    if found is None:
        raise JumunError("nothing_chosen")
    return found.id


def _tabs(counts: Mapping[str, int], on: str) -> list[Tab]:
    labels = {"review": _("확인필요"), "combine": _("합포결과"), "never": _("미합포")}
    shown = {**counts, "review": counts["waiting"]}
    return [Tab(key, labels[key], shown[key], key == on) for key in TABS]


def _kinds(run_id: int, accounts: Mapping[int, str]) -> list[KindShown]:
    standing = set(list_standing())
    waiting = {(each.account, each.reason): each.waiting for each in list_kinds(run_id)}
    language = _language()
    return [
        KindShown(
            account,
            accounts.get(account, ""),
            reason,
            reason_text(reason, language),
            waiting.get((account, reason), 0),
            (account, reason) in standing,
        )
        for account, reason in [*waiting, *sorted(standing - set(waiting))]
    ]


def _group(group: Group) -> GroupShown:
    return GroupShown(_side(group.base), [_side(each) for each in group.members], group.waits, make_nonce())


def _side(side: Side) -> SideShown:
    language = _language()
    street = " ".join(each for each in (side.postcode, mask_street(side.address1), mask_detail(side.address2)) if each)
    phones = [(name, mask_phone(number)) for name in ("phone1", "phone2") if (number := getattr(side, name))]
    shown = [
        *phones,
        *((name, "–") for name in ("phone1", "phone2") if name in side.differs and not getattr(side, name)),
    ]
    states = {"combined": _("합포함"), "apart": _("미합포"), "refused": _("합포 못 함"), "": ""}
    return SideShown(
        side,
        mask_name(side.name),
        shown,
        street,
        [reason_text(code, language) for code in side.reasons],
        states.get(side.decision, ""),
    )


def _done(asked: Mapping[str, str]) -> str:
    number, refused = _number(asked.get("n", "")), _number(asked.get("refused", ""))
    told = {
        "ran": _("합포했습니다. 옮긴 주문 품목: {n}개"),
        "combine": _("합포했습니다. 옮긴 주문 품목: {n}개"),
        "always": _("합포했습니다. 다음부터는 묻지 않고 합포합니다. 옮긴 주문 품목: {n}개"),
        "apart": _("따로 보냅니다: {n}개. 다시 찾아도 합치지 않습니다."),
        "ask": _("다음부터 다시 묻습니다."),
        "back": _("되돌렸습니다: {n}개"),
    }.get(asked.get("did", ""))
    if told is None:
        return ""
    left = (
        _("그대로 둔 품목: {n}개").format(n=refused) + " · " + words.tell_code(asked.get("why", "")) if refused else ""
    )
    return " ".join(each for each in (told.format(n=number), left) if each)


def _back(asked: Mapping[str, str]) -> dict[str, str] | None:
    if _moment(asked.get("moment", "")) is None:
        return None
    return {"moment": asked["moment"], "was": asked.get("was", "")}


def _language() -> str:
    return "en" if words.in_english() else "ko"


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text) if text else None
    except (JumunError, ValueError):
        return None


def _day(text: str, *, after: int = 0) -> datetime | None:
    """A day's beginning in Korea, so many days later. Raises JumunError("invalid") for what is no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as problem:
        raise JumunError("invalid", field=_("기간")) from problem
    if not date(2000, 1, 1) <= day < LATEST:
        raise JumunError("invalid", field=_("기간"))
    return datetime.combine(day + timedelta(days=after), time.min, KST)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= BIGGEST else 0
