"""상품 엑셀: the catalogue by sheet, one row a SKU. An empty cell leaves what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jumun.catalog.fields import ProductFields, SkuFields, SupplierFields
from jumun.catalog.models import OptionKind, ShipFrom, Sku, Storage, Supplier
from jumun.core.errors import JumunError
from jumun.sheets.cells import ERRORS, MOST_EXACT, CellError, Row
from jumun.sheets.reading import open_book

MOST_ROWS = 50_000
HEADER_WITHIN = 30
LONGEST = 500
BIGGEST = 10**12
_NAMES = {
    "product": ("상품코드", "product", "productcode"),
    "product_name": ("상품명", "productname"),
    "option_kind": ("옵션형태", "옵션종류", "optionkind"),
    "code": ("품목코드", "sku", "sku코드", "자체상품코드", "skucode"),
    "name": ("품목명", "품목이름", "skuname"),
    "option_text": ("옵션", "옵션명", "option", "optiontext"),
    "barcode": ("바코드", "barcode"),
    "barcodes": ("추가바코드", "barcodes"),
    "price": ("판매가", "가격", "price"),
    "cost": ("원가", "매입가", "cost"),
    "ship_from": ("출고지", "출고지코드", "shipfrom"),
    "supplier": ("공급처", "공급사", "매입처", "supplier"),
    "option_tags": ("옵션태그", "태그", "optiontags", "tags"),
    "weight": ("무게", "무게g", "중량", "중량g", "weight", "weightg"),
    "storage": ("보관", "보관방법", "storage"),
    "never_combine": ("합포금지", "단독포장", "nevercombine"),
    "parts": ("세트구성", "구성품", "parts"),
}
_BY_NAME = {name: what for what, names in _NAMES.items() for name in names}
_KINDS = {"조합형": OptionKind.COMBINED, "단독형": OptionKind.INDEPENDENT, "비조합형": OptionKind.INDEPENDENT}
_STORAGES = {"상온": Storage.PLAIN, "냉장": Storage.CHILLED, "냉동": Storage.FROZEN}
_YES_NO = {
    "y": True,
    "예": True,
    "o": True,
    "1": True,
    "true": True,
    "n": False,
    "아니오": False,
    "x": False,
    "0": False,
}
_YES_NO["false"] = False
_LOST = "#DIGITS!"
"""A number that lost digits: of a barcode nobody knows any more what it was."""


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """What a sheet says. `refused` are rows by the sheet's own number, column and code; they are not in `products`."""

    products: list[ProductFields]
    suppliers: list[SupplierFields]
    refused: list[tuple[int, str, str]]


class _WrongCellError(Exception):
    """`args` are the field and the code."""


def read_product_sheet(source: Path, *, password: str | None = None) -> ProductSheet:
    """Read the first worksheet that is not hidden: 품목코드 and any of 상품코드, 상품명, 옵션, 바코드, 판매가, 원가 ….

    A supplier that is not known by code or name is one to make. A row without 상품코드 is of the product its SKU is of,
    a new one of a product of its own. Raises SheetError, JumunError("product_sheet_columns"),
    JumunError("product_sheet_too_long").
    """
    with open_book(source, password=password) as book:
        shown = next((sheet.name for sheet in book.sheets if not sheet.hidden), book.sheets[0].name)
        rows: list[Row] = []
        for row in book.rows(shown):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise JumunError("product_sheet_too_long", most=MOST_ROWS)
    start, places = _find_header(rows)
    return _Reading(rows[start:], start + 1, places).read()


def _find_header(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    for start, row in enumerate(rows[:HEADER_WITHIN], 1):
        places: dict[str, int] = {}
        for column, cell in enumerate(row):
            what = _BY_NAME.get("".join(character for character in _text(cell).lower() if character.isalnum()))
            if what:
                places.setdefault(what, column)
        if "code" in places:
            return start, places
    raise JumunError("product_sheet_columns")


class _Reading:
    """Rows to products, with what the company has looked up once."""

    def __init__(self, rows: Sequence[Row], first: int, places: dict[str, int]) -> None:
        said = ({what: _cell(row, column) for what, column in places.items()} for row in rows)
        self.rows = [(number, each) for number, each in enumerate(said, first) if any(each.values())]
        codes = {each["code"] for _, each in self.rows}
        self.homes = dict(Sku.objects.filter(code__in=codes).values_list("code", "product__code"))
        self.ship_froms = {
            key: code for code, name in ShipFrom.objects.values_list("code", "name") for key in (name, code)
        }
        self.known = {key: code for code, name in Supplier.objects.values_list("code", "name") for key in (name, code)}
        self.suppliers: dict[str, SupplierFields] = {}
        parts = {code for _, each in self.rows for code in _part_codes(each.get("parts", ""))}
        self.codes = codes | set(Sku.objects.filter(code__in=parts).values_list("code", flat=True))

    def read(self) -> ProductSheet:
        """The products in the sheet's order."""
        products: dict[str, ProductFields] = {}
        seen: set[str] = set()
        refused = []
        for number, said in self.rows:
            try:
                if said["code"] in seen:
                    raise _WrongCellError("code", "sheet_sku_twice")
                kind, sku = _one_of(said, "option_kind", _KINDS), self._sku(said)
            except _WrongCellError as wrong:
                refused.append((number, wrong.args[0], wrong.args[1]))
                continue
            seen.add(sku.code)
            code = said.get("product") or self.homes.get(sku.code) or sku.code
            product = products.get(code) or ProductFields(code, "")
            products[code] = replace(
                product,
                name=product.name or said.get("product_name", ""),
                skus=(*product.skus, sku),
                option_kind=product.option_kind if kind is None else kind,
            )
        return ProductSheet(list(products.values()), list(self.suppliers.values()), refused)

    def _sku(self, said: dict[str, str]) -> SkuFields:
        for what, text in said.items():
            if len(text) > LONGEST or text == _LOST or text in ERRORS:
                raise _WrongCellError(what, "invalid")
        if not said["code"]:
            raise _WrongCellError("code", "invalid")
        ship_from = said.get("ship_from", "")
        if ship_from and ship_from not in self.ship_froms:
            raise _WrongCellError("ship_from", "invalid")
        sku = SkuFields(
            said["code"],
            name=said.get("name") or None,
            option_text=said.get("option_text") or None,
            barcode=said.get("barcode") or None,
            price=_won(said, "price"),
            cost=_won(said, "cost"),
            ship_from=self.ship_froms[ship_from] if ship_from else None,
            option_tags=_list(said.get("option_tags", "")),
            storage=_one_of(said, "storage", _STORAGES),
            weight=_grams(said),
            never_combine=_YES_NO[_among(said, "never_combine", _YES_NO)] if said.get("never_combine") else None,
            barcodes=_list(said.get("barcodes", "")),
            parts=self._parts(said["parts"]) if said.get("parts") else None,
        )
        return replace(sku, supplier=self._supplier(said.get("supplier", "")))  # last: a refused row makes none

    def _parts(self, said: str) -> list[tuple[str, int]]:
        """Of SKUs that are there already or come with the sheet."""
        parts = read_parts(said)
        if {code for code, _ in parts} - self.codes:
            raise _WrongCellError("parts", "unknown_sku")
        return parts

    def _supplier(self, said: str) -> str | None:
        if not said:
            return None
        if said not in self.known:
            self.suppliers[said] = SupplierFields(said, said)
        return self.known.get(said, said)


def read_parts(said: str) -> list[tuple[str, int]]:
    """`A-1*2, B-3` as codes with how many.

    >>> read_parts("A-1*2, B-3")
    [('A-1', 2), ('B-3', 1)]
    """
    found = []
    for part in said.split(","):
        code, star, quantity = part.strip().rpartition("*")
        if not star:
            code, quantity = quantity, "1"
        if not code.strip() or not (quantity.strip().isascii() and quantity.strip().isdigit() and len(quantity) < 6):
            raise _WrongCellError("parts", "bad_quantity")
        found.append((code.strip(), int(quantity)))
    return found


def _part_codes(said: str) -> list[str]:
    try:
        return [code for code, _ in read_parts(said)] if said else []
    except _WrongCellError:
        return []


def _one_of(said: dict[str, str], what: str, words: Mapping[str, str]) -> str | None:
    if not said.get(what):
        return None
    given = said[what].replace(" ", "").lower()
    if given in words.values():
        return given
    return str(words[_among(said, what, words)])


def _among(said: dict[str, str], what: str, words: Mapping[str, object]) -> str:
    given = said[what].replace(" ", "").lower()
    if given not in words:
        raise _WrongCellError(what, "invalid")
    return given


def _won(said: dict[str, str], what: str) -> int | None:
    given = said.get(what, "").replace(",", "").removesuffix("원").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 13 and int(given) <= BIGGEST):
        raise _WrongCellError(what, "invalid")
    return int(given)


def _grams(said: dict[str, str]) -> int | None:
    given = said.get("weight", "").replace(",", "").removesuffix("g").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 7):
        raise _WrongCellError("weight", "invalid")
    return int(given)


def _list(said: str) -> list[str] | None:
    return [part.strip() for part in said.split(",") if part.strip()] or None


def _cell(row: Row, column: int) -> str:
    return _text(row[column]) if column < len(row) else ""


def _text(cell: object) -> str:
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, date):  # a code that Excel took for a day
        return _LOST
    if isinstance(cell, float):
        return _LOST if abs(cell) > MOST_EXACT else f"{cell:.15g}"
    return "" if cell is None else str(cell).replace("\x00", "").strip()
