"""A catalogue that grows links what was waiting for it, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jumun.catalog.actions import ProductFields, Upserted, put_products
from jumun.matching.links import place_linked
from jumun.orders.actions.link import link_waiting


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written to the catalogue, and how many waiting items it linked."""

    written: Upserted
    linked: int


def fill_catalogue(company_id: int, products: Sequence[ProductFields], *, by: int | None, at: datetime) -> Filled:
    """Make or change products and SKUs by code, then link unreleased items that carry one of these codes exactly.

    Raises what `catalog.actions.put_products` raises; all or nothing.
    """
    with transaction.atomic():
        written = put_products(company_id, products)
        codes = [sku.code for product in products for sku in product.skus]
        linked = link_waiting(codes, by=by, at=at) + place_linked(codes, by=by, at=at).done
    return Filled(written, linked)
