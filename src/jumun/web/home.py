"""오늘 할 일 (C9): what needs hands, how the accounts are, what ends soon, and the day's flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jumun.channels.health import health_of
from jumun.channels.queries import list_accounts, profile_of
from jumun.companies.roles import May
from jumun.core.clock import in_kst, now
from jumun.insights.todo import Flow, ToDo, count_todo, list_expiring, read_flow
from jumun.orders.actions.ship_by import OPEN
from jumun.packing.queries import count_late_joiners
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.shell import page, part

HOURS = 24
BAR_WIDTH, BAR_GAP, CHART_HEIGHT = 11, 28, 96
"""Of the chart, in its own units: a bar, an hour, the tallest bar."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to see to: its count, where it is seen to, how it presses ("late", "soon", "")."""

    key: str
    label: str
    count: int
    address: str
    press: str = ""
    hint: str = ""


@require_GET
@company_page(May.READ)
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The page, or for htmx its live part."""
    context = _context()
    if request.GET.get("part") == "board":
        return part(request, desk, "web/parts/home.html", **context)
    return page(request, desk, "web/home.html", "home", **context)


def _context() -> dict[str, Any]:
    at = now()
    todo = count_todo(at)
    accounts = list_accounts()
    flow = read_flow(at)
    talking = [(each, health_of(each, at), profile_of(each)) for each in accounts]
    talking = [row for row in talking if row[2] is not None]
    return {
        "deadlines": _deadlines(todo),
        "steps": _steps(todo),
        "troubles": _troubles(todo),
        "claims": _claims(todo),
        "checks": _checks(todo),
        "addresses": todo.addresses,
        "accounts": talking,
        "reauth": [account for account, _health, _profile in talking if account.state == "reauth"],
        "expiring": list_expiring(accounts, at),
        "settling": todo.items["settling"],
        "nothing": not accounts,
        "bars": draw_bars(flow),
        "hour": in_kst(at).hour,
        "ordered_today": sum(flow.ordered),
        "out_today": sum(flow.handed_over),
        "chart_width": HOURS * BAR_GAP,
        "chart_height": CHART_HEIGHT,
    }


def _deadlines(todo: ToDo) -> list[Need]:
    open_steps = ",".join(OPEN)
    late, today = todo.items["late"], todo.items["today"]
    return [
        Need(
            "late",
            _("발송기한 지남"),
            late,
            f"items?status={open_steps}&ship_by=late&sort=ship_by",
            "late" if late else "",
        ),
        Need(
            "today",
            _("오늘 마감"),
            today,
            f"items?status={open_steps}&ship_by=1d&sort=ship_by",
            "soon" if today else "",
        ),
    ]


def _steps(todo: ToDo) -> list[Need]:
    labels = {
        "paid": _("발주확인할 주문"),
        "preparing": _("출고지시할 주문"),
        "ready": _("운송장 넣을 주문"),
        "labelled": _("내보낼 주문"),
        "shipped": _("쇼핑몰에 알릴 주문"),
    }
    joiners = count_late_joiners()
    return [
        *(
            Need(status, label, todo.items[status], f"items?status={status}", hint=words.name_status(status))
            for status, label in labels.items()
        ),
        Need(
            "joiners", _("합칠 수 있는 묶음"), joiners, "packing", "soon" if joiners else "", hint=_("늦게 들어온 주문")
        ),
    ]


def _troubles(todo: ToDo) -> list[Need]:
    rejected, unknown = todo.transmissions["rejected"], todo.transmissions["unknown"]
    return [
        Need("rejected", _("전송 실패"), rejected, "transmissions/check", "late" if rejected else ""),
        Need("unknown", _("전송 확인 중"), unknown, "transmissions/check"),
        Need(
            "unmatched",
            _("매칭 안 됨"),
            todo.items["unmatched"],
            "items?status=paid,preparing&matched=false",
            "soon" if todo.items["unmatched"] else "",
        ),
        Need("held", _("보류"), todo.items["held"], f"items?status={','.join(OPEN)}&held=true"),
    ]


def _claims(todo: ToDo) -> list[Need]:
    return [
        Need(kind, str(words.CLAIMS[kind]), todo.claims.get(kind, 0), f"claims?kind={kind}", "late" if number else "")
        for kind in words.CLAIMS
        for number in (todo.claims.get(kind, 0),)
    ]


def _checks(todo: ToDo) -> list[Need]:
    low = todo.low_stock
    return [
        Need("doubts", _("수집 공백·못 읽은 주문"), todo.doubts, "doubts", "late" if todo.doubts else ""),
        Need("low", _("부족한 재고"), low, "stock?low=1", "soon" if low else ""),
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the chart: where its two bars stand and how tall they are."""

    hour: int
    ordered: int
    out: int
    x: int
    x_out: int
    ordered_height: int
    out_height: int
    told: str

    @property
    def ordered_y(self) -> int:
        """Where the first bar begins, from above."""
        return CHART_HEIGHT - self.ordered_height

    @property
    def out_y(self) -> int:
        """Where the second bar begins, from above."""
        return CHART_HEIGHT - self.out_height


def draw_bars(flow: Flow) -> Sequence[Bar]:
    """The day's flow as bars; an hour with anything in it has at least a sliver."""
    most = max(*flow.ordered, *flow.handed_over, 1)

    def height(number: int) -> int:
        return max(2, round(number * CHART_HEIGHT / most)) if number else 0

    return [
        Bar(
            hour,
            ordered,
            out,
            hour * BAR_GAP + 2,
            hour * BAR_GAP + 2 + BAR_WIDTH + 1,
            height(ordered),
            height(out),
            _("%(hour)d시: 주문 %(ordered)d, 출고 %(out)d") % {"hour": hour, "ordered": ordered, "out": out},
        )
        for hour, (ordered, out) in enumerate(zip(flow.ordered, flow.handed_over, strict=True))
    ]
