"""Writes about the catalogue: bulk, by code."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from jumun.catalog.models import Product, ShipFrom, Sku
from jumun.core.errors import JumunError


@dataclass(frozen=True, slots=True)
class SkuFields:
    """One SKU as given; `code` is its identity."""

    code: str
    name: str = ""
    option_text: str = ""
    barcode: str = ""
    price: int = 0
    ship_from: str = ""
    """Code of a ship-from."""


@dataclass(frozen=True, slots=True)
class ProductFields:
    """One product with its SKUs; `code` is its identity."""

    code: str
    name: str
    skus: Sequence[SkuFields] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many products and SKUs were written."""

    products: int
    skus: int


def put_ship_from(company_id: int, *, code: str, name: str, postcode: str = "", address: str = "") -> int:
    """Make or change a ship-from by its code. Answers its id."""
    made, _ = ShipFrom.objects.update_or_create(
        company_id=company_id, code=code, defaults={"name": name, "postcode": postcode, "address": address}
    )
    return made.id


def put_products(company_id: int, products: Sequence[ProductFields]) -> Upserted:
    """Make or change products and their SKUs by code, all or nothing, in a constant number of statements.

    Raises JumunError("duplicate") for a SKU code given twice, JumunError("invalid") for an empty code or an unknown
    ship-from.
    """
    skus = [(product, sku) for product in products for sku in product.skus]
    codes = [sku.code for _, sku in skus]
    if len(set(codes)) < len(codes):
        raise JumunError("duplicate", field="sku code")
    if not all(codes) or not all(product.code for product in products):
        raise JumunError("invalid", field="code")
    ship_froms = dict(ShipFrom.objects.values_list("code", "id"))
    for _, sku in skus:
        if sku.ship_from and sku.ship_from not in ship_froms:
            raise JumunError("invalid", field="ship_from")
    with transaction.atomic():
        latest = {
            product.code: Product(company_id=company_id, code=product.code, name=product.name) for product in products
        }
        Product.objects.bulk_create(
            latest.values(), update_conflicts=True, unique_fields=["company", "code"], update_fields=["name"]
        )
        ids = dict(Product.objects.filter(code__in=latest).values_list("code", "id"))
        Sku.objects.bulk_create(
            [
                Sku(
                    company_id=company_id,
                    product_id=ids[product.code],
                    code=sku.code,
                    name=sku.name or product.name,
                    option_text=sku.option_text,
                    barcode=sku.barcode,
                    price=sku.price,
                    ship_from_id=ship_froms.get(sku.ship_from),
                )
                for product, sku in skus
            ],
            update_conflicts=True,
            unique_fields=["company", "code"],
            update_fields=["product", "name", "option_text", "barcode", "price", "ship_from"],
        )
    return Upserted(len(latest), len(codes))
