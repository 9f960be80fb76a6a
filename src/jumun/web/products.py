"""상품: the catalogue with search, the fields of a SKU, suppliers, and products by sheet (I28)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from jumun.catalog.actions import ProductFields, SkuFields, SupplierFields, put_suppliers
from jumun.catalog.measures import read_grams, read_volume
from jumun.catalog.queries import (
    find_sku_id,
    get_sku,
    list_cells,
    list_independent,
    list_ship_froms,
    list_suppliers,
    list_suppliers_for,
    search_skus,
)
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.halves import received
from jumun.core.sentences import sentence
from jumun.intake.catalogue import fill_catalogue, fill_combinations, fill_from_sheet
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.once import once
from jumun.web.shell import page, part

ROWS = 50
LONGEST = 500
LONGEST_LIST = 20_000
"""Characters of a list."""
BIGGEST = 10**12
SHOWN = 200
"""Rows of a sheet that are told as wrong."""
KINDS = {"": gettext_lazy("모름"), "combined": gettext_lazy("조합형"), "independent": gettext_lazy("단독형")}
STORAGES = {"": gettext_lazy("상온"), "chilled": gettext_lazy("냉장"), "frozen": gettext_lazy("냉동")}
COLUMNS = {
    "code": gettext_lazy("품목코드"),
    "name": gettext_lazy("품목 이름"),
    "price": gettext_lazy("판매가"),
    "cost": gettext_lazy("원가"),
    "ship_from": gettext_lazy("출고지"),
    "storage": gettext_lazy("보관"),
    "weight": gettext_lazy("무게"),
    "volume": gettext_lazy("부피"),
    "product": gettext_lazy("상품코드"),
    "never_combine": gettext_lazy("합포 금지"),
    "option_kind": gettext_lazy("옵션 형태"),
    "parts": gettext_lazy("세트 구성"),
    "barcodes": gettext_lazy("추가 바코드"),
    "option_tags": gettext_lazy("옵션 태그"),
}


@require_GET
@company_page(May.READ)
def products(request: HttpRequest, desk: Desk) -> HttpResponse:
    """SKUs by code, found by names, initials, code or barcode."""
    asked = request.GET.get("q", "").strip()[:100]
    after = request.GET.get("after", "")[:LONGEST]
    if "\x00" in asked + after:
        raise JumunError("invalid", field="q")
    rows = search_skus(asked, after=after, limit=ROWS)
    return page(
        request,
        desk,
        "web/products.html",
        "products",
        rows=rows[:ROWS],
        following=rows[ROWS - 1].code if len(rows) > ROWS else "",
        asked=asked,
        after=after,
        suppliers=list_suppliers(),
        kinds=KINDS,
        storages=STORAGES,
    )


@require_GET
@company_page(May.READ)
def product(request: HttpRequest, desk: Desk, sku_id: int) -> HttpResponse:
    """One SKU and its product, to read and to change."""
    sku = get_sku(sku_id)
    return page(
        request,
        desk,
        "web/product.html",
        "products",
        sku=sku,
        lists=list_cells(sku),
        kinds=KINDS,
        storages=STORAGES,
        ship_froms=list_ship_froms(),
        suppliers=list_suppliers_for(sku),
    )


@require_GET
@company_page(May.CATALOG)
def new_product(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A SKU to fill in, of a product of its own or of one that is there."""
    return page(
        request,
        desk,
        "web/product.html",
        "products",
        sku=None,
        lists=list_cells(None),
        kinds=KINDS,
        storages=STORAGES,
        ship_froms=list_ship_froms(),
        suppliers=list_suppliers(),
    )


@require_POST
@company_page(May.CATALOG)
@once
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new SKU; one whose code is taken is refused, so that nobody overwrites it unseen."""
    form = request.POST
    code, product_code, name = (_text(form, each) for each in ("code", "product", "name"))
    if not code or not name:
        raise JumunError("invalid", field=str(COLUMNS["name" if code else "code"]))
    product_name = _text(form, "product_name") or ("" if product_code else name)
    kind = form.get("option_kind", "") or None
    given = ProductFields(product_code or code, product_name, [_read(form, code)], kind)
    fill_catalogue(desk.company_id, [given], fresh=True, by=desk.person, at=now())
    return redirect(f"/c/{desk.slug}/products/{find_sku_id(code)}")


@require_POST
@company_page(May.CATALOG)
@once
def save(request: HttpRequest, desk: Desk, sku_id: int) -> HttpResponse:
    """Change a SKU and its product's kind of options; waiting items of its code are linked."""
    sku, form = get_sku(sku_id), request.POST
    kind = form.get("option_kind", "")
    given = ProductFields(
        sku.product.code,
        sku.product.name,
        [_read(form, sku.code)],
        None if kind == sku.product.option_kind else kind,
    )
    fill_catalogue(desk.company_id, [given], by=desk.person, at=now())
    return redirect(f"/c/{desk.slug}/products/{sku_id}")


@require_POST
@company_page(May.CATALOG)
@once
def combine(request: HttpRequest, desk: Desk, sku_id: int) -> HttpResponse:
    """조합형으로 바꾸기: the combinations of its product's options become SKUs that may carry stock (I28)."""
    del request
    code = get_sku(sku_id).product.code
    fill_combinations(desk.company_id, code, by=desk.person, at=now())
    return redirect(f"/c/{desk.slug}/products/{sku_id}")


@require_POST
@company_page(May.CATALOG)
@once
def add_supplier(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make a supplier, or change its name."""
    given = SupplierFields(_text(request.POST, "code"), _text(request.POST, "name"))
    put_suppliers(desk.company_id, [given])
    return redirect(f"/c/{desk.slug}/products")


@sensitive_post_parameters("password")
@require_POST
@company_page(May.CATALOG)
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A sheet of products: what would become of it, or, when asked to save, what did."""
    file, commit = request.FILES.get("file"), request.POST.get("commit") == "1"
    if file is None:
        raise JumunError("invalid", field=_("파일"))
    with received(file.chunks()) as path:
        done = fill_from_sheet(
            desk.company_id,
            path,
            by=desk.person,
            at=now(),
            dry_run=not commit,
            password=request.POST.get("password") or None,
        )
    refused = [
        (row, COLUMNS.get(field, field), sentence(code, language(), field=COLUMNS.get(field, field)))
        for row, field, code in done.refused[:SHOWN]
    ]
    context: dict[str, Any] = {
        "done": done,
        "written": done.filled.written,
        "refused": refused,
        "refused_total": len(done.refused),
        "independent": ", ".join(done.filled.written.independent[:SHOWN]),
        "convertible": list_independent(done.filled.written.independent[:SHOWN]) if commit else [],
        "reason": sentence("independent_options", language()),
        "commit": commit,
    }
    return part(request, desk, "web/parts/products_told.html", **context)


def _read(form: QueryDict, code: str) -> SkuFields:
    return SkuFields(
        code,
        name=_text(form, "name"),
        option_text=_text(form, "option_text"),
        barcode=_text(form, "barcode"),
        price=_won(form, "price"),
        cost=_won(form, "cost"),
        ship_from=_text(form, "ship_from"),
        supplier=_text(form, "supplier"),
        option_tags=_list(form, "option_tags"),
        storage=_text(form, "storage"),
        weight=_measure(form, "weight", read_grams),
        volume=_measure(form, "volume", read_volume),
        never_combine=form.get("never_combine") == "1",
        barcodes=_list(form, "barcodes"),
        parts=[_part(each) for each in _list(form, "parts")],
    )


def _text(form: QueryDict, name: str) -> str:
    return form.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _list(form: QueryDict, name: str) -> list[str]:
    """A list that is too long is refused: cut short, it would lose its end."""
    given = form.get(name, "").replace("\x00", "")
    if len(given) > LONGEST_LIST:
        raise JumunError("invalid", field=str(COLUMNS[name]))
    return [each.strip() for each in given.splitlines() if each.strip()]


def _won(form: QueryDict, name: str) -> int:
    given = _text(form, name).replace(",", "") or "0"
    if not (given.isascii() and given.isdigit() and len(given) <= 13 and int(given) <= BIGGEST):
        raise JumunError("invalid", field=str(COLUMNS[name]))
    return int(given)


def _measure(form: QueryDict, name: str, read: Callable[[str], int]) -> int:
    try:
        return read(_text(form, name))
    except ValueError:
        raise JumunError("invalid", field=str(COLUMNS[name])) from None


def _part(given: str) -> tuple[str, int]:
    code, star, quantity = given.rpartition("*")
    if not star:
        return given, 1
    if not (quantity.strip().isascii() and quantity.strip().isdigit() and len(quantity) < 6):
        raise JumunError("bad_quantity")
    return code.strip(), int(quantity)
