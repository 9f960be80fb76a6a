"""재고 할당: criteria, a look ahead, a run, who got what and why not, splitting off the rest, saved criteria (C18–C24)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.catalog.queries import list_suppliers
from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.orders.selection import Selection
from jumun.stock import allocation_queries as queries
from jumun.stock.allocating import start_run
from jumun.stock.criteria import Criteria, read_criteria
from jumun.stock.explaining import explain_text
from jumun.stock.freeing import free_items
from jumun.stock.saving import SavedFields, forget_criteria, save_criteria
from jumun.stock.splitting import split_unallocated
from jumun.web.access import Desk, company_page
from jumun.web.allocation_form import read_form, show_form
from jumun.web.errors import language
from jumun.web.once import make_nonce, once
from jumun.web.shell import page

ROWS = 100
RUNS = 8
TABS = ("full", "partial", "none")


@dataclass(frozen=True, slots=True)
class Tab:
    """Shipments that came out one way."""

    key: str
    label: str
    count: int
    on: bool


@require_GET
@company_page(May.READ)
def allocation(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest run, or one named, by how shipments came out; beside it the criteria for the next."""
    asked = request.GET
    runs = queries.list_runs(limit=RUNS)
    run = queries.get_run(_id(asked, "run")) if asked.get("run") else next(iter(runs), None)
    saved = queries.list_saved()
    chosen = next((each for each in saved if str(each.id) == asked.get("saved")), None)
    accounts = {account.id: account.name for account in list_accounts()}
    kept = chosen.criteria if chosen else run.criteria if run else {}
    return page(
        request,
        desk,
        "web/allocation.html",
        "allocation",
        run=run,
        runs=runs[:RUNS],
        saved=saved,
        chosen=chosen,
        times=", ".join(chosen.times) if chosen else "",
        form=show_form(read_criteria(kept) if kept else Criteria(), accounts),
        suppliers=list_suppliers(),
        nonce=make_nonce(),
        done=_done(asked),
        seconds=max(0, int((now() - run.at).total_seconds())) if run else 0,
        **(_results(asked, run) if run and run.state == "done" else {}),
    )


@require_POST
@company_page(May.MOVE)
@once
def run(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Start a run, or a look ahead; with `like`, a run of the same criteria as one that looked ahead."""
    given = request.POST
    if given.get("like"):
        criteria = read_criteria(queries.get_run(_id(given, "like")).criteria)
    else:
        criteria = read_form(given, {account.id: account.name for account in list_accounts()})
    ahead = given.get("ahead") == "1"
    made = start_run(criteria, by=desk.person, at=now(), dry_run=ahead)
    return redirect(f"/c/{desk.slug}/allocation?run={made}")


@require_POST
@company_page(May.MOVE)
@once
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """조건 저장: under a name, new or in place of the one it has."""
    given = request.POST
    criteria = read_form(given, {account.id: account.name for account in list_accounts()})
    name = given.get("name", "")
    if "\x00" in name:
        raise JumunError("invalid", field="name")
    same = next((each.id for each in queries.list_saved() if each.name == name.strip()), None)
    made = save_criteria(SavedFields(name, criteria, _times(given)), by=desk.person, at=now(), saved=same)
    return redirect(f"/c/{desk.slug}/allocation?saved={made.id}&done=saved")


@require_POST
@company_page(May.MOVE)
@once
def forget(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Delete saved criteria."""
    forget_criteria(_id(request.POST, "saved"))
    return redirect(f"/c/{desk.slug}/allocation?done=forgotten")


@require_POST
@company_page(May.MOVE)
@once
def split(request: HttpRequest, desk: Desk) -> HttpResponse:
    """미할당주문나누기: of one shipment, or of all."""
    given = request.POST
    shipments = None if given.get("all") == "1" else [_id(given, "shipment")]
    outcome = split_unallocated(shipments=shipments, by=desk.person, at=now())
    return _back(desk, given, "split", outcome)


@require_POST
@company_page(May.MOVE)
@once
def free(request: HttpRequest, desk: Desk) -> HttpResponse:
    """할당 해제 of chosen items."""
    chosen = tuple(_number(each) for each in request.POST.getlist("item"))
    if not chosen:
        raise JumunError("nothing_chosen")
    return _back(desk, request.POST, "free", free_items(Selection(ids=chosen), by=desk.person, at=now()))


def _results(asked: QueryDict, run: queries.RunShown) -> dict[str, Any]:
    counts = {"full": run.full, "partial": run.partial, "none": run.none}
    labels = {"full": _("완전배송가능"), "partial": _("부분배송가능"), "none": _("미할당")}
    first = next((key for key in TABS if counts[key]), "full")
    tab = asked.get("tab", "") if asked.get("tab") in TABS else first
    rows = queries.list_results(run.id, shipments=tab, after=_number(asked.get("after", "") or "0"), limit=ROWS)
    return {
        "tab": tab,
        "tabs": [Tab(key, labels[key], counts[key], key == tab) for key in TABS],
        "rows": [(row, explain_text(row.why, language()) if row.why.code else "") for row in rows[:ROWS]],
        "following": rows[ROWS - 1].item if len(rows) > ROWS else 0,
        "gap": _gap(run),
    }


def _gap(run: queries.RunShown) -> str:
    """How good the best strategy's answer is known to be."""
    if not run.proof:
        return ""
    full, bound = run.proof.get("full", 0), run.proof.get("bound", 0)
    if run.proof.get("proven"):
        return _("최적해입니다. 이보다 많은 묶음을 채울 수 없습니다.")
    return _("채운 묶음 {full}개, 많아야 {bound}개입니다.").format(full=f"{full:,}", bound=f"{bound:,}")


def _back(desk: Desk, given: QueryDict, did: str, outcome: Outcome) -> HttpResponse:
    run, tab = _id(given, "run"), given.get("tab", "")
    tab = tab if tab in TABS else "full"
    numbers = f"n={outcome.done}&left={outcome.refused_total}"
    return redirect(f"/c/{desk.slug}/allocation?run={run}&tab={tab}&done={did}&{numbers}")


def _done(asked: QueryDict) -> str:
    """What was just done, in words."""
    done, left = _number(asked.get("n", "") or "0"), _number(asked.get("left", "") or "0")
    told = {
        "split": _("품목 {n}개를 새 묶음으로 나눴습니다."),
        "free": _("품목 {n}개의 할당을 해제했습니다."),
        "saved": _("조건을 저장했습니다."),
        "forgotten": _("조건을 지웠습니다."),
    }.get(asked.get("done", ""), "")
    rest = _("{n}개는 그대로입니다.").format(n=f"{left:,}") if left else ""
    return f"{told.format(n=f'{done:,}')} {rest}".strip() if told else ""


def _times(given: QueryDict) -> tuple[str, ...]:
    """Times of day as typed: "09:00, 13:30". Raises JumunError("invalid")."""
    found = []
    for part in given.get("times", "").replace(" ", ",").split(","):
        if not part:
            continue
        hour, _mark, minute = part.partition(":")
        good = all(each.isascii() and each.isdigit() and len(each) <= 2 for each in (hour, minute))
        if not good or int(hour) > 23 or int(minute) > 59:
            raise JumunError("invalid", field=_("시각"))
        found.append(f"{int(hour):02}:{int(minute):02}")
    return tuple(found[:24])


def _id(given: QueryDict, name: str) -> int:
    return _number(given.get(name, ""))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise JumunError("invalid", field="number")
    return int(text)
