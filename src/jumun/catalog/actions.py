"""Writes about the catalogue: bulk, by code."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from jumun.catalog.fields import ProductFields, SkuFields, SupplierFields, Upserted
from jumun.catalog.making import put_barcodes, put_parts
from jumun.catalog.models import OptionKind, Product, ShipFrom, Sku, Storage, Supplier
from jumun.core.errors import JumunError

__all__ = [
    "ProductFields",
    "SkuFields",
    "SupplierFields",
    "Upserted",
    "put_products",
    "put_ship_from",
    "put_suppliers",
]
_SAME = ("option_text", "barcode", "price", "option_tags", "cost", "storage", "weight", "volume", "never_combine")
"""Fields of a SKU that are written as they are given."""


def put_ship_from(company_id: int, *, code: str, name: str, postcode: str = "", address: str = "") -> int:
    """Make or change a ship-from by its code. Answers its id."""
    made, _ = ShipFrom.objects.update_or_create(
        company_id=company_id, code=code, defaults={"name": name, "postcode": postcode, "address": address}
    )
    return made.id


def put_suppliers(company_id: int, suppliers: Sequence[SupplierFields]) -> int:
    """Make or change suppliers by code, in one statement. Answers how many. Raises JumunError("invalid")."""
    latest = {each.code: each for each in suppliers}
    if "" in latest:
        raise JumunError("invalid", field="code")
    Supplier.objects.bulk_create(
        [Supplier(company_id=company_id, code=code, name=latest[code].name or code) for code in sorted(latest)],
        update_conflicts=True,
        unique_fields=["company", "code"],
        update_fields=["name"],
    )
    return len(latest)


def put_products(company_id: int, products: Sequence[ProductFields], *, fresh: bool = False) -> Upserted:
    """Make or change products and their SKUs by code, all or nothing, in a constant number of statements (I28).

    The SKUs of a product of independent options carry no stock: the answer names these products.
    Raises JumunError("duplicate") for a SKU code given twice or, where they are said to be `fresh`, one that is there,
    JumunError("invalid") for an empty code, an unknown ship-from, supplier or kind, JumunError("unknown_sku"),
    JumunError("set_in_set"), JumunError("barcode_taken").
    """
    skus = [sku for product in products for sku in product.skus]
    _check(products, skus)
    with transaction.atomic():
        ids = _put_products(company_id, products)
        places = _Places(skus)
        known = {row.code: row for row in Sku.objects.filter(code__in=[sku.code for sku in skus])}
        rows = [
            _row(company_id, ids[product.code], product, sku, known.get(sku.code), places)
            for product in products
            for sku in product.skus
        ]
        _put_skus(sorted(rows, key=lambda row: row.code), fresh=fresh)
        kinds = {product.code: product for product in ids.values()}
        independent = [code for code in kinds if kinds[code].option_kind == OptionKind.INDEPENDENT]
        if independent:
            Sku.objects.filter(product__code__in=independent, stocked=True).update(stocked=False)
        put_barcodes(company_id, skus)
        remade = put_parts(company_id, skus)
        now = dict(Sku.objects.filter(code__in=known).values_list("code", "stocked"))
        remade |= {code for code, row in known.items() if now[code] != row.stocked}
    return Upserted(len(ids), len(skus), independent, [known[code].id for code in sorted(remade & known.keys())])


def _put_skus(rows: Sequence[Sku], *, fresh: bool) -> None:
    if not fresh:
        Sku.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["company", "code"],
            update_fields=["product", "name", "ship_from", "supplier", "stocked", *_SAME],
        )
        return
    try:
        Sku.objects.bulk_create(rows)
    except IntegrityError as taken:
        raise JumunError("duplicate", field="sku code") from taken


def _check(products: Sequence[ProductFields], skus: Sequence[SkuFields]) -> None:
    codes = [sku.code for sku in skus]
    if len(set(codes)) < len(codes):
        raise JumunError("duplicate", field="sku code")
    if not all(codes) or not all(product.code for product in products):
        raise JumunError("invalid", field="code")
    if {product.option_kind for product in products} - {None, *OptionKind.values}:
        raise JumunError("invalid", field="option_kind")
    if {sku.storage for sku in skus} - {None, *Storage.values}:
        raise JumunError("invalid", field="storage")


def _put_products(company_id: int, products: Sequence[ProductFields]) -> dict[str, Product]:
    """The products by code, as they stand now."""
    standing = Product.objects.select_for_update(no_key=True).filter(code__in=[each.code for each in products])
    known = {row.code: row for row in standing.order_by("code")}
    latest = {
        each.code: Product(
            company_id=company_id,
            code=each.code,
            name=each.name or (known[each.code].name if each.code in known else each.code),
            option_kind=_given(each.option_kind, known[each.code].option_kind if each.code in known else ""),
        )
        for each in products
    }
    Product.objects.bulk_create(
        [latest[code] for code in sorted(latest)],
        update_conflicts=True,
        unique_fields=["company", "code"],
        update_fields=["name", "option_kind"],
    )
    return {row.code: row for row in Product.objects.filter(code__in=latest)}


class _Places:
    """Ids of the ship-froms and suppliers that are named, by code. Raises JumunError("invalid") for an unknown one."""

    def __init__(self, skus: Iterable[SkuFields]) -> None:
        self.ship_froms = dict(ShipFrom.objects.values_list("code", "id"))
        named = {sku.supplier for sku in skus if sku.supplier}
        self.suppliers = dict(Supplier.objects.filter(code__in=named).values_list("code", "id"))
        if named - self.suppliers.keys():
            raise JumunError("invalid", field="supplier")
        if {sku.ship_from for sku in skus if sku.ship_from} - self.ship_froms.keys():
            raise JumunError("invalid", field="ship_from")


def _row(
    company_id: int, product: Product, given: ProductFields, sku: SkuFields, known: Sku | None, places: _Places
) -> Sku:
    """The SKU as it will stand: what is given over what is known."""
    row = Sku(company_id=company_id, product=product, code=sku.code)
    base = known or row
    for name in _SAME:
        value = getattr(sku, name)
        setattr(row, name, getattr(base, name) if value is None else value)
    row.option_tags = list(dict.fromkeys(row.option_tags))
    row.name = sku.name or (known.name if known and sku.name is None else product.name)
    row.ship_from_id = base.ship_from_id if sku.ship_from is None else places.ship_froms.get(sku.ship_from)
    row.supplier_id = base.supplier_id if sku.supplier is None else places.suppliers.get(sku.supplier)
    may = product.option_kind != OptionKind.INDEPENDENT
    row.stocked = known.stocked if known and given.option_kind is None else may
    return row


def _given(value: str | None, known: str) -> str:
    return known if value is None else value
