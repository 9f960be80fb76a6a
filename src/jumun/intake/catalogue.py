"""A catalogue that grows links what was waiting for it, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jumun.catalog.actions import ProductFields, Upserted, put_products, put_suppliers
from jumun.catalog.options import convert_to_combined
from jumun.catalog.product_sheets import read_product_sheet
from jumun.catalog.queries import list_stocked_codes
from jumun.matching.links import place_linked
from jumun.orders.actions.link import link_waiting
from jumun.orders.events import GoodsChanged, announce


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written to the catalogue, and how many waiting items it linked."""

    written: Upserted
    linked: int


def fill_catalogue(
    company_id: int, products: Sequence[ProductFields], *, fresh: bool = False, by: int | None, at: datetime
) -> Filled:
    """Make or change products and SKUs by code, then link unreleased items that carry one of these codes exactly.

    `fresh`: its SKUs are new, one that is there already is a duplicate.

    Raises what `catalog.actions.put_products` raises; all or nothing.
    """
    with transaction.atomic():
        written = put_products(company_id, products, fresh=fresh)
        _tell(written, by=by, at=at)
        linked = _link([sku.code for product in products for sku in product.skus], by=by, at=at)
    return Filled(written, linked)


def fill_combinations(company_id: int, product_code: str, *, by: int | None, at: datetime) -> Filled:
    """Make a product's combinations SKUs that may carry stock (I28), and link what waited for their codes.

    Raises what `catalog.options.convert_to_combined` raises.
    """
    with transaction.atomic():
        written = convert_to_combined(company_id, product_code)
        _tell(written, by=by, at=at)
        linked = _link(list_stocked_codes(product_code), by=by, at=at)
    return Filled(written, linked)


def _tell(written: Upserted, *, by: int | None, at: datetime) -> None:
    """What items need of stock follows what their SKUs are made of."""
    if written.remade:
        announce(GoodsChanged(tuple(written.remade), by, at))


def _link(codes: Sequence[str], *, by: int | None, at: datetime) -> int:
    return link_waiting(codes, by=by, at=at) + place_linked(codes, by=by, at=at).done


@dataclass(frozen=True, slots=True)
class SheetFilled:
    """What a sheet of products did, or would do; `refused` are rows by the sheet's number, column and code."""

    filled: Filled
    suppliers: int
    refused: list[tuple[int, str, str]]


def fill_from_sheet(
    company_id: int, source: Path, *, by: int | None, at: datetime, dry_run: bool = False, password: str | None = None
) -> SheetFilled:
    """Make or change products and SKUs by a sheet; wrong rows are refused by their number, the rest goes on.

    A dry run does it all and takes it back. Raises what `catalog.product_sheets.read_product_sheet` and
    `fill_catalogue` raise.
    """
    read = read_product_sheet(source, password=password)
    with transaction.atomic():
        suppliers = put_suppliers(company_id, read.suppliers) if read.suppliers else 0
        filled = fill_catalogue(company_id, read.products, by=by, at=at)
        if dry_run:
            transaction.set_rollback(True)
    return SheetFilled(filled, suppliers, read.refused)
