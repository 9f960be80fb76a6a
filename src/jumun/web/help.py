"""The help of each page and step (C40): what it is, what to do, what comes next. Every text, in both languages, here."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from jumun.companies.roles import May
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.help_sheets import TOPICS
from jumun.web.shell import page, part
from jumun.web.shortcuts import list_shortcuts

OTHERWISE = "items"
"""The topic of an address that has none of its own."""


@dataclass(frozen=True, slots=True)
class HelpShown:
    """One topic in the page's language."""

    title: str
    what: str
    do: tuple[str, ...]
    then: str


@require_GET
@company_page(May.READ)
def help_on(request: HttpRequest, desk: Desk, topic: str) -> HttpResponse:
    """One topic: the panel's content for htmx, a page of its own otherwise. 404 for a topic there is not."""
    if topic not in TOPICS:
        raise Http404
    context = {"help": show_topic(topic), "groups": list_shortcuts(desk.slug), "topic": topic}
    if getattr(request, "htmx", False):
        return part(request, desk, "web/parts/help.html", **context)
    return page(request, desk, "web/help.html", "help", **context)


def show_topic(topic: str) -> HelpShown:
    """The texts of a topic in the page's language. Raises KeyError."""
    place = 1 if language() == "en" else 0
    found = TOPICS[topic]
    return HelpShown(found.title[place], found.what[place], found.do[place], found.then[place])


def topic_of(path: str, status: str = "") -> str:
    """The topic of the page at this address: the step a list shows, else the first part of the path."""
    inside = path.split("/")[3:]
    name = inside[0] if inside and inside[0] else "home"
    if name == "items":
        return status if status in TOPICS else "items"
    if name == "orders":
        return "new-order" if inside[1:2] == ["new"] else "order"
    if name == "help" and len(inside) > 1:
        return inside[1] if inside[1] in TOPICS else OTHERWISE
    return name if name in TOPICS else OTHERWISE
