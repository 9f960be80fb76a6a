"""매칭: listings that wait, what is suggested for each, and linking all their items at once (C10–C13)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.matching.history import restore_version
from jumun.matching.links import NewLink, put_links
from jumun.matching.queries import (
    KinLink,
    Said,
    SkuShown,
    Suggested,
    Unmatched,
    count_unmatched,
    find_skus,
    list_unmatched,
    suggest_for,
)
from jumun.matching.reasons import reason_text
from jumun.matching.scoring import Listing
from jumun.stock.queries import free_of
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.matching_doing import (
    KINDS,
    as_sent,
    check_rows,
    done_words,
    look_ahead,
    read_number,
    read_wish,
    write_choice,
)
from jumun.web.once import once
from jumun.web.shell import page, part
from jumun.web.sku_picker import sku_rows

ROWS = 20
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One SKU to choose, and why. `spec` is what its radio button sends."""

    sku: SkuShown
    quantity: int
    points: int
    reasons: Sequence[str]
    spec: str
    stock: str
    """Units nobody has, or a dash where they were never counted."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One listing with its choices; `kin` is what the same goods mean under another headline."""

    row: Unmatched
    choices: Sequence[Choice]
    kin: KinLink | None
    kin_spec: str
    kind: str


@require_GET
@company_page(May.READ)
def matching(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Listings that wait, those with the most orders first, with the SKUs that fit best."""
    start = read_number(request.GET.get("from", ""))
    rows = list_unmatched(offset=start, limit=ROWS)
    shown = rows[:ROWS]
    said = [Said(Listing(row.product_name, row.option_text, row.seller_code, row.price), row.item) for row in shown]
    found = suggest_for(said, most=CANDIDATES) if said else []
    skus = find_skus({candidate.sku for each in found for candidate in each.candidates})
    free = free_of(list(skus))
    return page(
        request,
        desk,
        "web/matching.html",
        "matching",
        waiting=[_waiting(row, each, skus, free) for row, each in zip(shown, found, strict=True)],
        counts=count_unmatched(),
        kinds=KINDS,
        following=start + ROWS if len(rows) > ROWS else 0,
        before=max(0, start - ROWS) if start else None,
    )


def _waiting(row: Unmatched, found: Suggested, skus: dict[int, SkuShown], free: dict[int, int]) -> Waiting:
    language = "en" if words.in_english() else "ko"
    choices = [
        Choice(
            skus[each.sku],
            each.quantity,
            round(each.points),
            [reason_text(reason, language) for reason in each.reasons],
            write_choice([(skus[each.sku].sku, each.quantity)]),
            f"{free[each.sku]:,}" if each.sku in free else "–",
        )
        for each in found.candidates
        if each.sku in skus
    ]
    kin = found.kin if found.kin and found.kin.parts else None
    return Waiting(row, choices, kin, write_choice(kin.parts) if kin else "", kin.kind if kin else "link")


@require_POST
@company_page(May.CATALOG)
@once
def link(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Link a listing: the SKUs picked or typed, else the candidate chosen; all its waiting items follow.

    Where that touches items that were released, they are shown first.
    """
    item, wish = read_number(request.POST.get("item", "")), read_wish(request.POST)
    wanted, at = [NewLink(item=item, parts=wish.parts, kind=wish.kind)], now()
    if request.POST.get("sure") != "1":
        ahead = put_links(wanted, by=desk.person, at=at, dry_run=True)
        check_rows(ahead)
        if ahead.released:
            sent = [("item", str(item)), *as_sent(wish)]
            return look_ahead(
                request,
                desk,
                ahead,
                address="matching/link",
                place=f"ahead-item-{item}",
                into="closest .match-card",
                sent=sent,
            )
    linked = put_links(wanted, by=desk.person, at=at)
    check_rows(linked)
    context = {"counts": count_unmatched(), "item": item} | done_words(linked)
    response = part(request, desk, "web/parts/matching_done.html", **context)
    response["HX-Trigger-After-Settle"] = json.dumps({"listing-linked": {"place": f"match-{item}"}, "bar-changed": {}})
    return response


@require_POST
@company_page(May.CATALOG)
@once
def back(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponse:
    """되돌리기: the link says again what it said in that version; 0 is before it said anything."""
    version, at = read_number(request.POST.get("version", "")), now()
    if request.POST.get("sure") != "1":
        ahead = restore_version(link_id, version, by=desk.person, at=at, dry_run=True)
        check_rows(ahead)
        if ahead.released:
            return look_ahead(
                request,
                desk,
                ahead,
                address=f"matching/links/{link_id}/back",
                place=f"ahead-link-{link_id}",
                into="closest .match-card",
                sent=[("version", str(version))],
            )
    linked = restore_version(link_id, version, by=desk.person, at=at)
    check_rows(linked)
    context = {"counts": count_unmatched(), "undone": True} | done_words(linked, link_id) | {"back_to": None}
    response = part(request, desk, "web/parts/matching_done.html", **context)
    response["HX-Trigger-After-Settle"] = "bar-changed"
    return response


@require_GET
@company_page(May.CATALOG)
def skus(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The picker's rows: SKUs found by name, initials, code or barcode."""
    return sku_rows(request, desk, "matching/skus")
