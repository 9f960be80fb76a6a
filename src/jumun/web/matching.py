"""매칭: listings that wait, what is suggested for each, and linking all their items at once (C10–C13)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
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
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.once import make_nonce, once
from jumun.web.shell import page

ROWS = 20
CANDIDATES = 5
BIGGEST = 18
"""Digits of the longest number."""
_PART = re.compile(r"^(?P<code>.+?)(?:\s*[*×]\s*(?P<quantity>\d{1,4}))?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """One SKU to choose, and why. `spec` is what its radio button sends: `CODE*2`."""

    sku: SkuShown
    quantity: int
    points: int
    reasons: Sequence[str]
    spec: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One listing with its choices; `kin` is what the same goods mean under another headline."""

    row: Unmatched
    choices: Sequence[Choice]
    kin: KinLink | None
    kin_spec: str
    nonce: str


@require_GET
@company_page(May.READ)
def matching(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Listings that wait, those with the most orders first, with the SKUs that fit best."""
    start = _number(request.GET.get("from", ""))
    rows = list_unmatched(offset=start, limit=ROWS)
    shown = rows[:ROWS]
    said = [Said(Listing(row.product_name, row.option_text, row.seller_code, row.price), row.item) for row in shown]
    found = suggest_for(said, most=CANDIDATES) if said else []
    skus = find_skus({candidate.sku for each in found for candidate in each.candidates})
    return page(
        request,
        desk,
        "web/matching.html",
        "matching",
        waiting=[_waiting(row, each, skus) for row, each in zip(shown, found, strict=True)],
        counts=count_unmatched(),
        done=_done(request),
        following=start + ROWS if len(rows) > ROWS else 0,
        before=max(0, start - ROWS) if start else None,
    )


def _waiting(row: Unmatched, found: Suggested, skus: dict[int, SkuShown]) -> Waiting:
    language = "en" if words.in_english() else "ko"
    choices = [
        Choice(
            skus[each.sku],
            each.quantity,
            round(each.points),
            [reason_text(reason, language) for reason in each.reasons],
            f"{skus[each.sku].sku}*{each.quantity}",
        )
        for each in found.candidates
        if each.sku in skus
    ]
    kin = found.kin if found.kin and found.kin.parts else None
    spec = ", ".join(f"{code}*{quantity}" for code, quantity in kin.parts) if kin else ""
    return Waiting(row, choices, kin, spec, make_nonce())


def _done(request: HttpRequest) -> str:
    items, refused = (_number(request.GET.get(name, "")) for name in ("items", "refused"))
    if "items" not in request.GET:
        return ""
    told = _("매칭했습니다. 바뀐 주문 품목: {n}개").format(n=items)
    return told + " " + _("그대로 둔 품목: {n}개").format(n=refused) if refused else told


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= BIGGEST else 0


@require_POST
@company_page(May.CATALOG)
@once
def link(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Link a listing: the SKU chosen, or those typed; all its waiting items follow."""
    given = request.POST
    typed = given.get("typed", "").strip() or given.get("choice", "")
    kind = given.get("kind", "link")
    parts = read_parts(typed) if kind != "ignore" else []
    linked = put_links([NewLink(item=_number(given.get("item", "")), parts=parts, kind=kind)], by=desk.person, at=now())
    if linked.refused:
        raise JumunError(linked.refused[0][1], field=_("매칭"))
    return redirect(f"/c/{desk.slug}/matching?items={linked.outcome.done}&refused={linked.outcome.refused_total}")


def read_parts(typed: str) -> list[tuple[str, int]]:
    """`A-1*2, B-3` as codes with how many. Raises JumunError("bad_quantity").

    >>> read_parts("A-1*2, B-3")
    [('A-1', 2), ('B-3', 1)]
    """
    found = [_PART.match(part.strip()) for part in typed.replace("\0", "").split(",") if part.strip()]
    parts = [(each["code"], int(each["quantity"] or 1)) for each in found if each]
    if any(quantity < 1 for _code, quantity in parts):
        raise JumunError("bad_quantity")
    return parts
