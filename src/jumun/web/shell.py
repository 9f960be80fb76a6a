"""What stands around every page: the company, what is running, how the channel accounts are."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from jumun.channels.health import health_of
from jumun.channels.queries import list_accounts, profile_of
from jumun.claims.queries import count_open_claims
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.dispatch.queries import count_needs
from jumun.intake.queries import count_doubts
from jumun.jobs.queries import count_running
from jumun.web.access import Desk, company_page

THEME_COOKIE = "jumun_theme"
THEMES = ("light", "dark")
URGENCIES = ("late", "soon", "calm", "")
"""How what concerns an account presses, most first (channels.health)."""
SHOWN = 4
"""Accounts in the top bar; those in trouble come first."""


def theme(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the theme that was chosen; empty follows the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in THEMES else ""}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the left navigation: its address in the company, its label, the pages it is on for."""

    address: str
    label: str | Promise
    pages: tuple[str, ...]
    need: May | None = None


NAV: tuple[tuple[NavItem, ...], ...] = (
    (
        NavItem("", gettext_lazy("오늘 할 일"), ("home",)),
        NavItem("items", gettext_lazy("주문"), ("items",)),
        NavItem("register", gettext_lazy("주문등록"), ("register",)),
        NavItem("matching", gettext_lazy("매칭"), ("matching",)),
        NavItem("packing", gettext_lazy("합포"), ("packing",)),
        NavItem("products", pgettext_lazy("menu", "상품"), ("products",)),
        NavItem("stock", gettext_lazy("재고"), ("stock",)),
        NavItem("allocation", gettext_lazy("할당"), ("allocation",)),
        NavItem("claims", pgettext_lazy("menu", "클레임"), ("claims",)),
        NavItem("ship-by", gettext_lazy("발송기한"), ("ship-by", "ship_by")),
    ),
    (
        NavItem("jobs", gettext_lazy("작업"), ("jobs",)),
        NavItem("transmissions", gettext_lazy("전송 내역"), ("transmissions",)),
        NavItem("accounts", gettext_lazy("판매처"), ("accounts",)),
    ),
    (
        NavItem("settings", gettext_lazy("설정"), ("settings", "calendar", "penalties")),
        NavItem("people", gettext_lazy("사용자"), ("people",), May.PEOPLE),
        NavItem("tokens", gettext_lazy("API 토큰"), ("tokens",), May.TOKENS),
        NavItem("trail", gettext_lazy("접속 기록"), ("trail",), May.PEOPLE),
    ),
)
"""The navigation, a line between groups; an entry that takes a permission is left out without it."""


def page(request: HttpRequest, desk: Desk, template: str, here: str, **context: Any) -> HttpResponse:
    """A whole page in the shell; `here` is the navigation entry that is on."""
    around = {**_seat(desk), "here": here, "nav": NAV, "open_claims": sum(count_open_claims().values())}
    return render(request, template, around | bar() | context)


def part(request: HttpRequest, desk: Desk, template: str, **context: Any) -> HttpResponse:
    """A piece of a page for htmx."""
    return render(request, template, _seat(desk) | context)


def _seat(desk: Desk) -> dict[str, Any]:
    return {"desk": desk, "may": set(desk.may), "preferences": desk.preferences}


def bar() -> dict[str, Any]:
    """Health of the accounts that talk to a channel, how many jobs run, and what a person must see to."""
    at = now()
    talking = [(each, health_of(each, at)) for each in list_accounts() if profile_of(each) is not None]
    talking.sort(key=lambda pair: (pair[0].state == "ok", URGENCIES.index(pair[1].urgency), pair[0].id))
    troubled = [(account, health) for account, health in talking if health.concerns]
    return {
        "bar_accounts": talking[:SHOWN],
        "more_accounts": max(0, len(talking) - SHOWN),
        "running": count_running(),
        "doubts": count_doubts(),
        "needs": count_needs(),
        "reauth": sum(account.state == "reauth" for account, _ in talking),
        "troubled": [account for account, _ in troubled],
        "urgency": min((health.urgency for _, health in troubled), key=URGENCIES.index, default=""),
    }


@require_GET
@company_page(May.READ)
def bar_part(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The top bar's live part, and the strip about accounts in its own place."""
    return part(request, desk, "web/parts/bar.html", bar_alone=True, **bar())
