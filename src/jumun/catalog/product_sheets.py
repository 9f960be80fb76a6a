"""상품 엑셀: the catalogue by sheet, one row a SKU. An empty cell leaves what stands, `(비움)` empties it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jumun.catalog.fields import ProductFields, SkuFields, SupplierFields
from jumun.catalog.making import MOST
from jumun.catalog.measures import read_grams, read_volume
from jumun.catalog.models import OptionKind, ShipFrom, Sku, Storage, Supplier
from jumun.core.errors import JumunError
from jumun.sheets.tables import NoHeaderError, TooManyRowsError, is_wrong, read_table

MOST_ROWS = 50_000
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
    "volume": ("부피", "부피cm3", "부피cm³", "크기", "크기cm", "포장크기", "volume", "volumecm3", "size"),
    "storage": ("보관", "보관방법", "storage"),
    "never_combine": ("합포금지", "단독포장", "nevercombine"),
    "parts": ("세트구성", "구성품", "parts"),
}
CLEAR = frozenset({"(비움)", "(empty)"})
"""A cell that empties what stands."""
_STAYS = frozenset({"product", "product_name", "code", "name"})
"""Fields that are never empty."""
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
    a new one of a product of its own. An empty cell leaves what stands, `(비움)` empties it. Raises SheetError,
    JumunError("product_sheet_columns"), JumunError("product_sheet_too_long").
    """
    try:
        table = read_table(source, _NAMES, needs=[frozenset({"code"})], most=MOST_ROWS, password=password)
    except NoHeaderError:
        raise JumunError("product_sheet_columns") from None
    except TooManyRowsError:
        raise JumunError("product_sheet_too_long", most=f"{MOST_ROWS:,}") from None
    return _Reading(table.rows).read()


class _Reading:
    """Rows to products, with what the company has looked up once."""

    def __init__(self, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
        self.rows = rows
        codes = {each["code"] for _, each in self.rows}
        self.homes = dict(Sku.objects.filter(code__in=codes).values_list("code", "product__code"))
        self.ship_froms = {
            key: code for code, name in ShipFrom.objects.values_list("code", "name") for key in (name, code)
        }
        self.known = {key: code for code, name in Supplier.objects.values_list("code", "name") for key in (name, code)}
        self.suppliers: dict[str, SupplierFields] = {}
        self.barcodes: dict[str, str] = {}
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
                kind = _one_of(said, "option_kind", _KINDS)
                code = said.get("product") or self.homes.get(said["code"]) or said["code"]
                product = products.get(code) or ProductFields(code, "")
                if None not in (kind, product.option_kind) and kind != product.option_kind:
                    raise _WrongCellError("option_kind", "sheet_kind_differs")
                sku = self._sku(said)
            except _WrongCellError as wrong:
                refused.append((number, wrong.args[0], wrong.args[1]))
                continue
            seen.add(sku.code)
            products[code] = replace(
                product,
                name=product.name or said.get("product_name", ""),
                skus=(*product.skus, sku),
                option_kind=product.option_kind if kind is None else kind,
            )
        return ProductSheet(list(products.values()), list(self.suppliers.values()), refused)

    def _sku(self, said: dict[str, str]) -> SkuFields:
        for what, text in said.items():
            if len(text) > LONGEST or is_wrong(text) or (text in CLEAR and what in _STAYS):
                raise _WrongCellError(what, "invalid")
        if not said["code"]:
            raise _WrongCellError("code", "invalid")
        sku = SkuFields(
            said["code"],
            name=said.get("name") or None,
            option_text=_words(said, "option_text"),
            barcode=_words(said, "barcode"),
            price=_number(said, "price", _won),
            cost=_number(said, "cost", _won),
            ship_from=self._ship_from(said),
            option_tags=_list(said, "option_tags"),
            storage=_one_of(said, "storage", _STORAGES),
            weight=_number(said, "weight", read_grams),
            volume=_number(said, "volume", read_volume),
            never_combine=_YES_NO[_among(said, "never_combine", _YES_NO)] if said.get("never_combine") else None,
            barcodes=_list(said, "barcodes"),
            parts=self._parts(said["parts"]) if said.get("parts") else None,
        )
        if any(code == sku.code for code, _ in sku.parts or ()):
            raise _WrongCellError("parts", "set_in_set")
        for code in sku.barcodes or ():
            if self.barcodes.setdefault(code, sku.code) != sku.code:
                raise _WrongCellError("barcodes", "invalid")
        return replace(sku, supplier=self._supplier(said.get("supplier", "")))  # last: a refused row makes none

    def _ship_from(self, said: dict[str, str]) -> str | None:
        given = _words(said, "ship_from")
        if given and given not in self.ship_froms:
            raise _WrongCellError("ship_from", "invalid")
        return self.ship_froms[given] if given else given

    def _parts(self, said: str) -> list[tuple[str, int]]:
        """Of SKUs that are there already or come with the sheet."""
        if said in CLEAR:
            return []
        parts = read_parts(said)
        if len({code for code, _ in parts}) < len(parts) or not all(1 <= number <= MOST for _, number in parts):
            raise _WrongCellError("parts", "bad_quantity")
        if {code for code, _ in parts} - self.codes:
            raise _WrongCellError("parts", "unknown_sku")
        return parts

    def _supplier(self, said: str) -> str | None:
        if not said or said in CLEAR:
            return "" if said else None
        if said not in self.known:
            self.suppliers[said] = SupplierFields(said, said)
        return self.known.get(said, said)


def read_parts(said: str) -> list[tuple[str, int]]:
    """`A-1*2, B-3` as codes with how many.

    >>> read_parts("A-1*2, B-3")
    [('A-1', 2), ('B-3', 1)]
    """
    found = []
    for part in split_list(said):
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
    if not said.get(what) or said[what] in CLEAR:
        return "" if said.get(what) else None
    given = said[what].replace(" ", "").lower()
    if given in words.values():
        return given
    return str(words[_among(said, what, words)])


def _among(said: dict[str, str], what: str, words: Mapping[str, object]) -> str:
    given = said[what].replace(" ", "").lower()
    if given not in words:
        raise _WrongCellError(what, "invalid")
    return given


def _words(said: dict[str, str], what: str) -> str | None:
    given = said.get(what, "")
    return "" if given in CLEAR else given or None


def _number(said: dict[str, str], what: str, read: Callable[[str], int]) -> int | None:
    given = said.get(what, "")
    if not given:
        return None
    try:
        return 0 if given in CLEAR else read(given)
    except ValueError:
        raise _WrongCellError(what, "invalid") from None


def _won(said: str) -> int:
    given = said.replace(",", "").removesuffix("원").strip()
    if not (given.isascii() and given.isdigit() and len(given) <= 13 and int(given) <= BIGGEST):
        raise ValueError(said)
    return int(given)


def split_list(said: str) -> list[str]:
    r"""What stands a line each, or, in one line, between commas.

    >>> split_list("a, b,"), split_list("a,1\nb")
    (['a', 'b'], ['a,1', 'b'])
    """
    parts = said.splitlines() if "\n" in said.strip() else said.split(",")
    return [part.strip() for part in parts if part.strip()]


def _list(said: dict[str, str], what: str) -> list[str] | None:
    given = said.get(what, "")
    return [] if given in CLEAR else split_list(given) or None
