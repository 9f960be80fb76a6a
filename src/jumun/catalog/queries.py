"""Reading the catalogue."""

from collections.abc import Sequence

from jumun.catalog.models import ShipFrom, Sku
from jumun.core.errors import JumunError

MOST = 200


def list_ship_froms() -> list[ShipFrom]:
    """Every ship-from of the company."""
    return list(ShipFrom.objects.order_by("id"))


def check_ship_from(ship_from: int | None) -> None:
    """Refuse one that is not the company's: a foreign key looks past every policy. Raises JumunError("invalid")."""
    if ship_from is not None and not ShipFrom.objects.filter(id=ship_from).exists():
        raise JumunError("invalid", field="ship_from")


def list_skus(
    *, after: str = "", limit: int = 50, codes: tuple[str, ...] = (), ids: Sequence[int] | None = None
) -> list[Sku]:
    """SKUs by code, after this code, one more than `limit`; with `codes` or `ids` only those."""
    found = Sku.objects.select_related("product", "ship_from").order_by("code")
    if codes:
        found = found.filter(code__in=codes)
    if ids is not None:
        found = found.filter(id__in=ids)
    if after:
        found = found.filter(code__gt=after)
    return list(found[: min(limit, MOST) + 1])
