"""Products, SKUs, ship-froms, carriers."""

from typing import Annotated, Any, Literal

from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.fields import Body, Flag, Name, Text, Won
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
from jumun.catalog.actions import ProductFields, SkuFields, SupplierFields, put_ship_from, put_suppliers
from jumun.catalog.measures import MOST
from jumun.catalog.queries import list_ship_froms, list_skus, list_suppliers
from jumun.companies.roles import May
from jumun.core.halves import received
from jumun.core.sentences import sentence
from jumun.intake.catalogue import Filled, fill_catalogue, fill_combinations, fill_from_sheet
from jumun.waybills.carriers import CARRIERS

routes = Routes(tags=["catalog"])


class PartBody(Body):
    """So many of one SKU in a set."""

    sku: Name
    quantity: Annotated[int, Field(strict=True, ge=1, le=9_999)] = 1


class SkuBody(Body):
    """One SKU; `code` is its identity, and what is not given stays as it is.

    `price` and `cost` are in won, `ship_from` and `supplier` codes, "" for none. `barcodes` are further ones; `parts`
    make it a set. Both are given whole.
    """

    code: Name
    name: Text | None = None
    option_text: Text | None = None
    barcode: Text | None = None
    price: Won | None = None
    ship_from: Text | None = None
    supplier: Text | None = None
    option_tags: list[Name] | None = Field(default=None, max_length=50)
    cost: Won | None = None
    storage: Literal["", "chilled", "frozen"] | None = None
    weight: Annotated[int, Field(strict=True, ge=0, le=MOST, description="grams; 0 is not known")] | None = None
    volume: Annotated[int, Field(strict=True, ge=0, le=MOST, description="cm³; 0 is not known")] | None = None
    never_combine: Flag | None = None
    barcodes: list[Name] | None = Field(default=None, max_length=50)
    parts: list[PartBody] | None = Field(default=None, max_length=50)

    def to_fields(self) -> SkuFields:
        """As the action takes it."""
        given = self.model_dump(exclude={"parts"})
        parts = None if self.parts is None else [(part.sku, part.quantity) for part in self.parts]
        return SkuFields(**given, parts=parts)


class ProductBody(Body):
    """One product with its SKUs; `code` is its identity. Only SKUs of combined options (조합형) carry stock (I28)."""

    code: Name
    name: Name
    option_kind: Literal["", "combined", "independent"] | None = None
    skus: list[SkuBody] = Field(default_factory=list)


class ProductsBody(Body):
    """Products to make or change by code, all or nothing."""

    products: list[ProductBody]


class Independent(BaseModel):
    """A product whose SKUs carry no stock before its options are combined (`POST /products/combine`)."""

    product: str
    code: str
    reason: str


class ProductsAnswer(BaseModel):
    """How many were written."""

    products: int
    skus: int
    linked: int
    """Waiting items these codes linked."""
    independent: list[Independent] = Field(default_factory=list)


class ProductSheetForm(Body):
    """How to read a sheet of products."""

    dry_run: bool = False
    password: Text = ""


class RefusedProductRow(BaseModel):
    """A row of a sheet that was left out, and why."""

    row: int
    field: str
    code: str
    reason: str


class ProductSheetAnswer(ProductsAnswer):
    """What a sheet did, or would do."""

    suppliers: int
    rows: list[RefusedProductRow]


class CombineBody(Body):
    """The code of a product of independent options."""

    product: Name


class SupplierBody(Body):
    """A supplier to make or change; `code` is its identity."""

    code: Name
    name: Name


class SuppliersBody(Body):
    """Suppliers to make or change by code, all or nothing."""

    suppliers: list[SupplierBody] = Field(max_length=1_000)


class Supplier(BaseModel):
    """Whom goods are bought from (공급처)."""

    id: int
    code: str
    name: str


class SuppliersAnswer(BaseModel):
    """How many were written."""

    suppliers: int


class Part(BaseModel):
    """So many of one SKU in a set."""

    sku: str
    quantity: int


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
    supplier: str | None = Field(description="the supplier's code")
    option_kind: str = Field(description="the product's: combined, independent or empty")
    option_tags: list[str]
    cost: int
    storage: str
    weight: int = Field(description="grams; 0 is not known")
    volume: int = Field(description="cm³; 0 is not known")
    never_combine: bool
    stocked: bool = Field(description="whether it may carry stock")
    barcodes: list[str] = Field(description="further ones")
    parts: list[Part] = Field(description="what the set is made of")


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
        [
            ProductFields(each.code, each.name, [sku.to_fields() for sku in each.skus], each.option_kind)
            for each in given
        ],
        by=request.auth.person_id,
        at=request.at,
    )
    return ProductsAnswer(**_written(done, speaks(request)))


@routes.write("POST", "/products/sheet", ProductSheetAnswer, may=May.CATALOG)
def put_sheet_of_products(request: Call, form: Form[ProductSheetForm], file: File[UploadedFile]) -> ProductSheetAnswer:
    """The same by a sheet, one row a SKU: 품목코드 and any of 상품코드, 상품명, 옵션, 바코드, 판매가, 원가, 출고지, 공급처 …."""
    with received(file.chunks()) as path:
        done = fill_from_sheet(
            request.auth.company_id,
            path,
            by=request.auth.person_id,
            at=request.at,
            dry_run=form.dry_run,
            password=form.password or None,
        )
    language = speaks(request)
    rows = [
        RefusedProductRow(row=row, field=field, code=code, reason=sentence(code, language, field=field))
        for row, field, code in done.refused
    ]
    return ProductSheetAnswer(**_written(done.filled, language), suppliers=done.suppliers, rows=rows)


@routes.write("POST", "/products/combine", ProductsAnswer, may=May.CATALOG)
def combine_options(request: Call, body: CombineBody) -> ProductsAnswer:
    """Make each combination of a product's independent options a SKU that may carry stock (I28)."""
    made = fill_combinations(request.auth.company_id, body.product, by=request.auth.person_id, at=request.at)
    return ProductsAnswer(**_written(made, speaks(request)))


@routes.read("/suppliers", Page[Supplier])
def list_all_suppliers(request: Call, paging: Query[Paging]) -> Page[Supplier]:
    """Suppliers by code."""
    rows = list_suppliers(after=read_text_cursor(paging.cursor), limit=paging.limit)
    page, following = cut(rows, paging.limit, lambda row: write_text_cursor(row.code))
    return Page(items=[Supplier(id=row.id, code=row.code, name=row.name) for row in page], next_cursor=following)


@routes.write("POST", "/suppliers", SuppliersAnswer, may=May.CATALOG)
def put_all_suppliers(request: Call, body: SuppliersBody) -> SuppliersAnswer:
    """Make or change suppliers by code, all or nothing."""
    given = [SupplierFields(each.code, each.name) for each in body.suppliers]
    return SuppliersAnswer(suppliers=put_suppliers(request.auth.company_id, given))


def _written(done: Filled, language: str) -> dict[str, Any]:
    """An answer's fields."""
    reason = sentence("independent_options", language)
    told = [Independent(product=code, code="independent_options", reason=reason) for code in done.written.independent]
    return {
        "products": done.written.products,
        "skus": done.written.skus,
        "linked": done.linked,
        "independent": told,
    }


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
            supplier=row.supplier.code if row.supplier else None,
            option_kind=row.product.option_kind,
            option_tags=row.option_tags,
            cost=row.cost,
            storage=row.storage,
            weight=row.weight,
            volume=row.volume,
            never_combine=row.never_combine,
            stocked=row.stocked,
            barcodes=sorted(each.code for each in row.further.all()),
            parts=[Part(sku=each.part.code, quantity=each.quantity) for each in row.parts.all()],
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
