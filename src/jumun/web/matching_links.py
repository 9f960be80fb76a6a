"""매칭 목록: what is remembered, what it said before, and changing it with every item it touches in view (C12)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_POST

from jumun.channels.queries import list_accounts
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.matching.history import change_link, list_versions, restore_version
from jumun.matching.link_queries import LinkFilter, find_links, get_link
from jumun.matching.links import Linked
from jumun.web.access import Desk, company_page
from jumun.web.matching_doing import KINDS, Wish, as_sent, check_rows, look_ahead, read_number, read_wish
from jumun.web.once import once
from jumun.web.shell import page, part

ROWS = 50
LONGEST = 200
VERSIONS = 100
"""Versions shown of one link, the newest."""


@require_GET
@company_page(May.READ)
def links(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list, those changed last first; for htmx the next rows."""
    wanted = _read_filter(request.GET)
    found = find_links(wanted, cursor=request.GET.get("cursor", "")[:LONGEST], limit=ROWS)
    asked = {
        "q": wanted.listing,
        "sku": wanted.sku,
        "account": str(wanted.account or ""),
        "kind": wanted.kind,
    }
    context: dict[str, Any] = {
        "rows": found.items,
        "kinds": KINDS,
        "more": urlencode({**asked, "part": "rows", "cursor": found.next_cursor}) if found.next_cursor else "",
    }
    if request.GET.get("part") == "rows":
        return part(request, desk, "web/parts/matching_link_rows.html", **context)
    context |= {"asked": asked, "narrowed": any(asked.values()), "accounts": list_accounts()}
    return page(request, desk, "web/matching_links.html", "matching", **context)


@require_GET
@company_page(May.READ)
def link_page(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponse:
    """One link: what it says, what it said, and changing it."""
    return page(request, desk, "web/matching_link.html", "matching", **_shown(link_id))


@require_POST
@company_page(May.CATALOG)
@once
def change(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponse:
    """Change a link, take it back (`kind` none) or go back to a `version`: first what becomes of each item, then the deed."""
    form, at = request.POST, now()
    version = read_number(form["version"]) if "version" in form else None
    sure = form.get("sure") == "1"
    wish = Wish("") if version is not None else read_wish(form)
    if version is not None:
        linked = restore_version(link_id, version, by=desk.person, at=at, dry_run=not sure)
    else:
        linked = change_link(link_id, kind=wish.kind, parts=wish.parts, by=desk.person, at=at, dry_run=not sure)
    check_rows(linked)
    if not sure:
        return _ahead(request, desk, link_id, linked, version, wish)
    response = part(request, desk, "web/parts/matching_link_body.html", linked=linked, **_shown(link_id))
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response


def _ahead(
    request: HttpRequest, desk: Desk, link_id: int, linked: Linked, version: int | None, wish: Wish
) -> HttpResponse:
    if not linked.links and not linked.outcome.done and not linked.outcome.refused_total:
        raise JumunError("link_says_so")
    return look_ahead(
        request,
        desk,
        linked,
        address=f"matching/links/{link_id}/change",
        place=f"ahead-link-{link_id}",
        into="#link-body",
        sent=[("version", str(version))] if version is not None else as_sent(wish),
    )


def _shown(link_id: int) -> dict[str, Any]:
    return {"link": get_link(link_id), "versions": list_versions(link_id)[:VERSIONS], "kinds": KINDS}


def _read_filter(asked: QueryDict) -> LinkFilter:
    texts = {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("q", "sku", "kind")}
    kind = texts["kind"] if texts["kind"] in KINDS else ""
    return LinkFilter(texts["q"], texts["sku"], read_number(asked.get("account", "")) or None, kind)
