"""What stands around every page: the company, what is running, how the channel accounts are."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jumun.channels.queries import list_accounts
from jumun.channels.registry import find_profile
from jumun.companies.roles import May
from jumun.jobs.queries import count_running
from jumun.web.access import Desk, company_page

THEME_COOKIE = "jumun_theme"
THEMES = ("light", "dark")
SHOWN = 4
"""Accounts in the top bar; those in trouble come first."""


def theme(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the theme that was chosen; empty follows the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in THEMES else ""}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the left navigation."""

    page: str
    view: str
    label: str


def page(request: HttpRequest, desk: Desk, template: str, here: str, **context: Any) -> HttpResponse:
    """A whole page in the shell; `here` is the navigation entry that is on."""
    return render(request, template, {"desk": desk, "may": set(desk.may), "here": here, **bar(), **context})


def part(request: HttpRequest, desk: Desk, template: str, **context: Any) -> HttpResponse:
    """A piece of a page for htmx."""
    return render(request, template, {"desk": desk, "may": set(desk.may), **context})


def bar() -> dict[str, Any]:
    """Health of the accounts that talk to a channel, and how many jobs run."""
    talking = [account for account in list_accounts() if find_profile(account.channel) is not None]
    talking.sort(key=lambda account: (account.state == "ok", account.id))
    return {
        "accounts": talking[:SHOWN],
        "more_accounts": max(0, len(talking) - SHOWN),
        "collectable": [account for account in talking if account.state != "off"],
        "running": count_running(),
    }


@company_page(May.READ)
def bar_part(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The top bar's live part."""
    return part(request, desk, "web/parts/bar.html", **bar())
