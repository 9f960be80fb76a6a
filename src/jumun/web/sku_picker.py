"""The rows of a dialog in which SKUs are picked (templates/web/parts/sku_picker.html)."""

from django.http import HttpRequest, HttpResponse

from jumun.catalog.queries import search_skus
from jumun.core.errors import JumunError
from jumun.stock.queries import free_of
from jumun.web.access import Desk
from jumun.web.shell import part

ROWS = 50


def sku_rows(request: HttpRequest, desk: Desk, address: str) -> HttpResponse:
    """SKUs found by name, initials, code or barcode; `address`, below the company's, answers the next ones."""
    text, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")[:500]
    if "\x00" in text + after:
        raise JumunError("invalid", field="q")
    rows = search_skus(text, after=after, limit=ROWS)
    following = rows[ROWS - 1].code if len(rows) > ROWS else ""
    free = free_of([row.id for row in rows[:ROWS]])
    context = {
        "free": free,
        "skus": rows[:ROWS],
        "following": following,
        "asked": text,
        "after": after,
        "address": address,
    }
    return part(request, desk, "web/parts/sku_rows.html", **context)
