"""Products, SKUs, ship-froms, carriers."""

from typing import Annotated

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call
from jumun.api.fields import Body, Name, Text, Won
from jumun.api.paging import (
    Page,
    Paging,
    PagingWithIds,
    cut,
    cut_known,
    read_id_cursor,
    read_text_cursor,
    write_text_cursor,
)
from jumun.api.routes import Routes
from jumun.catalog.actions import ProductFields, SkuFields, put_ship_from
from jumun.catalog.queries import list_ship_froms, list_skus
from jumun.companies.roles import May
from jumun.intake.catalogue import fill_catalogue
from jumun.waybills.carriers import CARRIERS

routes = Routes(tags=["catalog"])


class SkuBody(Body):
    """One SKU; `code` is its identity. `price` is in won, `ship_from` a ship-from's code."""

    code: Name
    name: Text = ""
    option_text: Text = ""
    barcode: Text = ""
    price: Won = 0
    ship_from: Text = ""


class ProductBody(Body):
    """One product with its SKUs; `code` is its identity."""

    code: Name
    name: Name
    skus: list[SkuBody] = Field(default_factory=list)


class ProductsBody(Body):
    """Products to make or change by code, all or nothing."""

    products: list[ProductBody]


class ProductsAnswer(BaseModel):
    """How many were written."""

    products: int
    skus: int
    linked: int
    """Waiting items these codes linked."""


class Sku(BaseModel):
    """A SKU (품목)."""

    id: int
    code: str
    name: str
    option_text: str
    barcode: str
    price: int
    product: str = Field(description="the product's code")
    product_name: str
    ship_from: str | None = Field(description="the ship-from's code")


class SkuQuery(BaseModel):
    """Which SKUs."""

    code: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$", description="only these codes: `A,B`")] = ""


class ShipFromBody(Body):
    """A ship-from to make or change; `code` is its identity."""

    code: Name
    name: Name
    postcode: Text = ""
    address: Text = ""


class ShipFrom(BaseModel):
    """Where parcels leave from (출고지)."""

    id: int
    code: str
    name: str
    postcode: str
    address: str


class Label(BaseModel):
    """A name in both languages."""

    ko: str
    en: str


class Carrier(BaseModel):
    """A carrier; `lengths` are those its numbers have, empty for any."""

    id: str
    label: Label
    lengths: list[int]


@routes.write("POST", "/products", ProductsAnswer, may=May.CATALOG)
def put_catalog(request: Call, body: list[ProductBody] | ProductsBody) -> ProductsAnswer:
    """Make or change products and their SKUs by code, all or nothing."""
    given = body.products if isinstance(body, ProductsBody) else body
    done = fill_catalogue(
        request.auth.company_id,
        [ProductFields(each.code, each.name, [SkuFields(**sku.model_dump()) for sku in each.skus]) for each in given],
        by=request.auth.person_id,
        at=request.at,
    )
    return ProductsAnswer(products=done.written.products, skus=done.written.skus, linked=done.linked)


@routes.read("/skus", Page[Sku])
def list_catalog_skus(request: Call, wanted: Query[SkuQuery], paging: Query[PagingWithIds]) -> Page[Sku]:
    """SKUs by code."""
    rows = list_skus(
        after=read_text_cursor(paging.cursor),
        limit=paging.limit,
        codes=tuple(part for part in wanted.code.split(",") if part),
        ids=paging.wanted(),
    )
    page, following = cut(rows, paging.limit, lambda row: write_text_cursor(row.code))
    items = [
        Sku(
            id=row.id,
            code=row.code,
            name=row.name,
            option_text=row.option_text,
            barcode=row.barcode,
            price=row.price,
            product=row.product.code,
            product_name=row.product.name,
            ship_from=row.ship_from.code if row.ship_from else None,
        )
        for row in page
    ]
    return Page(items=items, next_cursor=following)


@routes.read("/ship-froms", Page[ShipFrom])
def list_all_ship_froms(request: Call, paging: Query[PagingWithIds]) -> Page[ShipFrom]:
    """Where parcels leave from."""
    page, following = cut_known(list_ship_froms(), paging, lambda row: row.id)
    items = [
        ShipFrom(id=row.id, code=row.code, name=row.name, postcode=row.postcode, address=row.address) for row in page
    ]
    return Page(items=items, next_cursor=following)


@routes.write("POST", "/ship-froms", ShipFrom, may=May.CATALOG)
def put_one_ship_from(request: Call, body: ShipFromBody) -> ShipFrom:
    """Make or change a ship-from by its code."""
    made = put_ship_from(request.auth.company_id, **body.model_dump())
    return ShipFrom(id=made, **body.model_dump())


@routes.read("/carriers", Page[Carrier])
def list_carriers(request: Call, paging: Query[Paging]) -> Page[Carrier]:
    """Carriers we know."""
    known, start = list(CARRIERS.values()), read_id_cursor(paging.cursor) or 0
    page, following = cut(known[start : start + paging.limit + 1], paging.limit, lambda _: str(start + paging.limit))
    items = [
        Carrier(id=each.id, label=Label(ko=each.label_ko, en=each.label_en), lengths=sorted(each.lengths))
        for each in page
    ]
    return Page(items=items, next_cursor=following)
