"""Reading the catalogue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Min, Q

from jumun.catalog.models import Barcode, OptionKind, Product, ShipFrom, Sku, Supplier
from jumun.core.errors import JumunError, NotFoundError
from jumun.core.initials import has_initials, initials_pattern

MOST = 200
WORDS = ("name", "option_text", "product__name")
NUMBERS = ("code", "barcode")
WITH = ("product", "ship_from", "supplier")
"""Read along with each SKU."""


def list_ship_froms() -> list[ShipFrom]:
    """Every ship-from of the company."""
    return list(ShipFrom.objects.order_by("id"))


def list_suppliers(*, after: str = "", limit: int = MOST) -> list[Supplier]:
    """Suppliers by code, after this code, one more than `limit`."""
    return list(Supplier.objects.filter(code__gt=after).order_by("code")[: min(limit, MOST) + 1])


def list_suppliers_for(sku: Sku) -> list[Supplier]:
    """Suppliers to choose from for a SKU: the first by code, and its own, however many there are."""
    first = list_suppliers()
    return first if sku.supplier is None or sku.supplier in first else [*first, sku.supplier]


def get_sku(sku: int) -> Sku:
    """One SKU with what hangs on it. Raises NotFoundError."""
    found = list_skus(ids=[sku], limit=1)
    if not found:
        raise NotFoundError("not_found")
    return found[0]


def find_sku_id(code: str) -> int:
    """The id of the SKU of a code. Raises NotFoundError."""
    found = Sku.objects.filter(code=code).values_list("id", flat=True).first()
    if found is None:
        raise NotFoundError("not_found")
    return found


def list_independent(codes: Sequence[str]) -> list[tuple[str, str, int]]:
    """Code, name and one SKU of each of these products whose options are independent, by code (I28)."""
    found = Product.objects.filter(code__in=codes, option_kind=OptionKind.INDEPENDENT).annotate(one=Min("sku"))
    return list(found.filter(one__isnull=False).order_by("code").values_list("code", "name", "one"))


def list_cells(sku: Sku | None) -> dict[str, str]:
    """The lists of a SKU as a sheet and a page say them, one thing a line; none of them for none."""
    if sku is None:
        return {"barcodes": "", "parts": "", "option_tags": ""}
    return {
        "barcodes": "\n".join(sorted(each.code for each in sku.further.all())),
        "parts": "\n".join(f"{each.part.code}*{each.quantity}" for each in sku.parts.all()),
        "option_tags": "\n".join(sku.option_tags),
    }


def list_stocked_codes(product: str) -> list[str]:
    """Codes of a product's SKUs that may carry stock, by code."""
    found = Sku.objects.filter(product__code=product, stocked=True)
    return list(found.order_by("code").values_list("code", flat=True))


def check_ship_from(ship_from: int | None) -> None:
    """Refuse one that is not the company's: a foreign key looks past every policy. Raises JumunError("invalid")."""
    if ship_from is not None and not ShipFrom.objects.filter(id=ship_from).exists():
        raise JumunError("invalid", field="ship_from")


def list_skus(
    *, after: str = "", limit: int = 50, codes: tuple[str, ...] = (), ids: Sequence[int] | None = None
) -> list[Sku]:
    """SKUs by code, after this code, one more than `limit`; with `codes` or `ids` only those."""
    found = Sku.objects.select_related(*WITH).prefetch_related("further", "parts__part").order_by("code")
    if codes:
        found = found.filter(code__in=codes)
    if ids is not None:
        found = found.filter(id__in=ids)
    if after:
        found = found.filter(code__gt=after)
    return list(found[: min(limit, MOST) + 1])


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """What an order's line is written from. `price` is in won."""

    name: str
    option_text: str
    price: int


def find_sku_facts(codes: Collection[str]) -> dict[str, SkuFacts]:
    """The SKUs of these codes, by code; a code there is not is missing. One statement."""
    rows = Sku.objects.filter(code__in=codes).values_list("code", "name", "option_text", "price")
    return {code: SkuFacts(name, option, price) for code, name, option, price in rows}


def search_skus(text: str, *, after: str = "", limit: int = 50) -> list[Sku]:
    """SKUs whose names, options, codes or barcodes hold every word of a text, by code, one more than `limit`.

    A further barcode counts when it is the word. Words may be initials (초성). No text: all of them. Reads the company's SKUs, not an index: they are thousands, not
    millions.
    """
    found = Sku.objects.select_related(*WITH).order_by("code")
    for word in text.split():
        if has_initials(word):
            pattern = initials_pattern(word)
            found = found.filter(_any_of({f"{name}__iregex": pattern for name in WORDS}))
        else:
            held = _any_of({f"{name}__icontains": word for name in (*WORDS, *NUMBERS)})
            found = found.filter(held | Q(id__in=Barcode.objects.filter(code=word).values("sku")))
    if after:
        found = found.filter(code__gt=after)
    return list(found[: min(limit, MOST) + 1])


def _any_of(conditions: dict[str, str]) -> Q:
    either = Q()
    for name, value in conditions.items():
        either |= Q(**{name: value})
    return either
