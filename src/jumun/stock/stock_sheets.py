"""재고 엑셀: what is there by sheet, one row a SKU and ship-from. An empty cell leaves what stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jumun.catalog.models import Barcode, ShipFrom, Sku
from jumun.core.errors import JumunError
from jumun.sheets.cells import Row
from jumun.sheets.reading import open_book
from jumun.stock.actions import RowRefusal, StockChanged, StockRow, set_stock

MOST_ROWS = 100_000
HEADER_WITHIN = 30
_NAMES = {
    "sku": ("품목코드", "sku", "sku코드", "자체상품코드", "skucode", "상품코드", "단품코드"),
    "barcode": ("바코드", "barcode"),
    "quantity": ("재고", "재고수량", "현재고", "실재고", "수량", "가용재고", "onhand", "stock", "quantity", "qty"),
    "safety": ("안전재고", "안전재고수량", "safety", "safetystock"),
    "ship_from": ("출고지", "출고지코드", "창고", "창고코드", "배송처", "shipfrom", "warehouse"),
}
_BY_NAME = {name: what for what, names in _NAMES.items() for name in names}


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
    with open_book(source, password=password) as book:
        shown = next((sheet.name for sheet in book.sheets if not sheet.hidden), book.sheets[0].name)
        rows: list[Row] = []
        for row in book.rows(shown):
            rows.append(row)
            if len(rows) > MOST_ROWS + HEADER_WITHIN:
                raise JumunError("stock_sheet_too_long", most=f"{MOST_ROWS:,}")
    start, places = _find_header(rows)
    found = []
    for number, cells in enumerate(rows[start:], start + 1):
        said = {what: _text(cells[column]) if column < len(cells) else "" for what, column in places.items()}
        if any(said.values()):
            found.append(_as_row(number, said))
    return found


def _find_header(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    for start, row in enumerate(rows[:HEADER_WITHIN], 1):
        places: dict[str, int] = {}
        for column, cell in enumerate(row):
            what = _BY_NAME.get("".join(character for character in _text(cell).lower() if character.isalnum()))
            if what:
                places.setdefault(what, column)
        if {"sku", "barcode"} & set(places) and {"quantity", "safety"} & set(places):
            return start, places
    raise JumunError("stock_sheet_columns")


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
    """Barcodes to codes and names of ship-froms to theirs, looked up once."""
    barcodes = {each.barcode for each in said if each.barcode and not each.row.sku}
    codes = dict(Barcode.objects.filter(code__in=barcodes).values_list("code", "sku__code"))
    codes |= dict(Sku.objects.filter(barcode__in=barcodes).order_by("-id").values_list("barcode", "code"))
    places = {name: code for code, name in ShipFrom.objects.order_by("-id").values_list("code", "name")}
    places |= {code: code for code in places.values()}
    return [
        replace(
            each,
            row=replace(
                each.row,
                sku=each.row.sku or codes.get(each.barcode, each.barcode),
                ship_from=places.get(each.row.ship_from, each.row.ship_from),
            ),
        )
        for each in said
    ]


def _units(said: str) -> int | str | None:
    """A whole number, None for nothing, "wrong" for anything else.

    >>> _units("1,200"), _units(""), _units("12.0"), _units("many")
    (1200, None, 12, 'wrong')
    """
    text = said.replace(",", "").removesuffix("개").strip()
    if not text:
        return None
    whole = text.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.removeprefix("-").isdigit() and len(whole) < 15 else "wrong"


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell).replace("\x00", "").strip()
