"""Linking what is certain by itself, where the company wants it (C12; docs/algorithms/matching.md)."""

from datetime import datetime

from jumun.catalog.models import Sku
from jumun.core.tenancy import current_company
from jumun.jobs.queue import defer_by_name
from jumun.matching.links import Linked, NewLink, list_taken_back, put_links
from jumun.matching.models import Automatic
from jumun.matching.queries import MOST, Said, links_by_itself, list_unmatched, suggest_for
from jumun.matching.scoring import Listing
from jumun.orders.events import LinesCollected

AT_ONCE = 3_000
"""Listings looked at in one run; the others wait for the next."""


def set_automatic(company_id: int, *, on: bool) -> None:
    """Switch automatic linking on or off; what waits already is looked at when it goes on."""
    Automatic.objects.update_or_create(company_id=company_id, defaults={"on": on})
    if on:
        _defer(company_id)


def look_after_collecting(_event: LinesCollected) -> None:
    """Handler of `LinesCollected`: what came in unmatched is looked at a little later, where that is switched on."""
    company = current_company()
    if company is not None and links_by_itself():
        _defer(company)


def link_certain(*, at: datetime) -> Linked | None:
    """Link waiting listings of which one SKU is certain: every word, trait and count of both sides accounted for.

    Nothing that another SKU fits as well, that says a word or a number more or less, that costs half or twice as much, or
    that a person unlinked. None when
    the company has not switched it on. Safe to run twice.
    """
    if not links_by_itself():
        return None
    waiting = [row for start in range(0, AT_ONCE, MOST) for row in list_unmatched(offset=start, limit=MOST)[:MOST]]
    said = [Said(Listing(row.product_name, row.option_text, row.seller_code, row.price), row.item) for row in waiting]
    best = [
        (each.said.item, each.candidates[0])
        for each in suggest_for(said, most=2)
        if each.candidates and each.candidates[0].certain
    ]
    unlinked = list_taken_back([item for item, _ in best if item is not None])
    codes = dict(Sku.objects.filter(id__in={candidate.sku for _, candidate in best}).values_list("id", "code"))
    wanted = [
        NewLink(item=item, parts=[(codes[candidate.sku], candidate.quantity)])
        for item, candidate in best
        if candidate.sku in codes and item not in unlinked
    ]
    return put_links(wanted, by=None, at=at)


def _defer(company_id: int) -> None:
    lock = f"matching:{company_id}"
    defer_by_name("matching.link_certain", lock=lock, once=lock, company_id=company_id)
