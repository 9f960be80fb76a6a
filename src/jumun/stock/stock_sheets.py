"""재고 엑셀: what is there by sheet, one row a SKU and ship-from. An empty cell leaves what stands."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jumun.catalog.models import Barcode, ShipFrom, Sku
from jumun.core.errors import JumunError
from jumun.sheets.tables import NoHeaderError, TooManyRowsError, read_table
from jumun.stock.actions import RowRefusal, StockChanged, StockRow, set_stock

MOST_ROWS = 100_000
_NAMES = {
    "sku": ("품목코드", "sku", "sku코드", "자체상품코드", "skucode", "상품코드", "단품코드"),
    "barcode": ("바코드", "barcode"),
    "quantity": ("재고", "재고수량", "현재고", "실재고", "수량", "onhand", "stock", "quantity", "qty"),
    "safety": ("안전재고", "안전재고수량", "safety", "safetystock"),
    "ship_from": ("출고지", "출고지코드", "창고", "창고코드", "배송처", "shipfrom", "warehouse"),
}
_NEEDS = (frozenset({"sku", "barcode"}), frozenset({"quantity", "safety"}))


@dataclass(frozen=True, slots=True)
class _Said:
    """One row of the sheet by its own number; `wrong` is set when a cell is no whole number."""

    number: int
    row: StockRow
    barcode: str
    wrong: str


def put_stock_sheet(
    source: Path, *, by: int | None, at: datetime, dry_run: bool = False, password: str | None = None
) -> StockChanged:
    """Set stock from a sheet; good rows are done, the others named by the sheet's own row number.

    A SKU is named by code or barcode, a ship-from by code or name. Raises SheetError, JumunError("stock_sheet_columns"),
    JumunError("stock_sheet_too_long").
    """
    said = _identified(_read(source, password))
    good = [each for each in said if not each.wrong]
    done = set_stock([each.row for each in good], by=by, at=at, dry_run=dry_run)
    refused = [replace(each, row=good[each.row].number) for each in done.refused]
    refused += [RowRefusal(each.number, each.row.sku, each.row.ship_from, each.wrong) for each in said if each.wrong]
    return StockChanged(done.done, sorted(refused, key=lambda each: each.row), done.batch)


def _read(source: Path, password: str | None) -> list[_Said]:
    try:
        table = read_table(source, _NAMES, needs=_NEEDS, most=MOST_ROWS, password=password)
    except NoHeaderError:
        raise JumunError("stock_sheet_columns") from None
    except TooManyRowsError:
        raise JumunError("stock_sheet_too_long", most=f"{MOST_ROWS:,}") from None
    return [_as_row(number, said) for number, said in table.rows]


def _as_row(number: int, said: dict[str, str]) -> _Said:
    quantity, safety = _units(said.get("quantity", "")), _units(said.get("safety", ""))
    wrong = "bad_stock_number" if quantity == "wrong" or safety == "wrong" else ""
    row = StockRow(
        said.get("sku", ""),
        said.get("ship_from", ""),
        quantity if isinstance(quantity, int) else None,
        safety if isinstance(safety, int) else None,
    )
    if not wrong and row.quantity is None and row.safety is None:
        wrong = "bad_stock_number"
    return _Said(number, row, said.get("barcode", ""), wrong)


def _identified(said: list[_Said]) -> list[_Said]:
    """Barcodes to codes and names of ship-froms to theirs, looked up once. What two share names neither."""
    barcodes = {each.barcode for each in said if each.barcode and not each.row.sku}
    owners: dict[str, set[str]] = {}
    for barcode, code in (
        *Barcode.objects.filter(code__in=barcodes).values_list("code", "sku__code"),
        *Sku.objects.filter(barcode__in=barcodes).values_list("barcode", "code"),
    ):
        owners.setdefault(barcode, set()).add(code)
    known = list(ShipFrom.objects.values_list("code", "name"))
    names = Counter(name for _, name in known)
    places = {name: code for code, name in known if names[name] == 1} | {code: code for code, _ in known}
    return [_identify(each, owners.get(each.barcode, {each.barcode}), places) for each in said]


def _identify(each: _Said, owners: Collection[str], places: Mapping[str, str]) -> _Said:
    shared = not each.row.sku and len(owners) > 1
    sku = each.row.sku or (each.barcode if shared else next(iter(owners)))
    ship_from = places.get(each.row.ship_from, each.row.ship_from)
    return replace(
        each,
        row=replace(each.row, sku=sku, ship_from=ship_from),
        wrong=each.wrong or ("barcode_shared" if shared else ""),
    )


def _units(said: str) -> int | str | None:
    """A whole number, None for nothing, "wrong" for anything else.

    >>> _units("1,200"), _units(""), _units("12.00"), _units("many")
    (1200, None, 12, 'wrong')
    """
    text = said.replace(",", "").removesuffix("개").strip()
    if not text:
        return None
    whole = re.sub(r"\.0+$", "", text)
    return int(whole) if whole.isascii() and whole.removeprefix("-").isdigit() and len(whole) < 15 else "wrong"
