"""Reading the catalogue."""

from jumun.catalog.models import ShipFrom, Sku

MOST = 200


def list_ship_froms() -> list[ShipFrom]:
    """Every ship-from of the company."""
    return list(ShipFrom.objects.order_by("id"))


def list_skus(*, after: str = "", limit: int = 50, codes: tuple[str, ...] = ()) -> list[Sku]:
    """SKUs by code, after this code; with `codes` only those."""
    found = Sku.objects.select_related("product", "ship_from").order_by("code")
    if codes:
        found = found.filter(code__in=codes)
    if after:
        found = found.filter(code__gt=after)
    return list(found[: min(limit, MOST) + 1])
