"""Which column of a sheet names the parcel, which is the carrier, which the number. Pure.

By the header's name first; a sheet whose number column has a name of its own is read by what stands in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jumun.sheets.cells import MOST_EXACT, Cell, Row
from jumun.waybills.carriers import CARRIERS
from jumun.waybills.sheet_carriers import find_carrier

KEYS = ("bundle", "shipment", "item", "line", "order")
"""What may name a parcel, the surest first."""
LABELS: Mapping[str, tuple[str, str]] = {
    "bundle": ("묶음번호", "Parcel number"),
    "shipment": ("묶음 ID", "Parcel id"),
    "item": ("품목 ID", "Item id"),
    "line": ("상품주문번호", "Line number"),
    "order": ("주문번호", "Order number"),
    "carrier": ("택배사", "Carrier"),
    "number": ("운송장번호", "Waybill"),
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "bundle": ("묶음번호", "출고번호", "bundleno", "bundlenumber", "parcelnumber"),
    "shipment": ("묶음id", "행키", "우리행키", "행id", "parcelid", "shipmentid", "rowkey"),
    "item": ("품목id", "itemid"),
    "line": ("상품주문번호", "주문상품번호", "품목별주문번호", "주문상세번호", "linenumber", "lineno", "productorderno"),
    "order": ("주문번호", "고객주문번호", "쇼핑몰주문번호", "고객관리번호", "관리번호", "주문no", "ordernumber", "orderno", "orderid"),
    "carrier": (
        "택배사", "택배사명", "택배회사", "택배", "배송사", "배송업체", "배송업체명", "택배사코드", "배송사코드", "배송회사", "운송사",
        "운송회사", "carrier", "courier", "deliverycompany",
    ),
    "number": (
        "운송장번호", "송장번호", "택배송장번호", "택배운송장번호", "운송장", "송장", "운송장no", "송장no", "등기번호", "등기소포번호", "우편물번호", "화물추적번호", "화물번호",
        "배송추적번호", "waybill", "waybillnumber", "waybillno", "trackingnumber", "trackingno", "tracking", "invoiceno",
        "invoicenumber",
    ),
}  # fmt: skip
_BY_NAME = {name: what for what, names in _NAMES.items() for name in names}
_BRACKETS = re.compile(r"[(\[{<（].*?[)\]}>）]")
_LOST = re.compile(r"^\s*[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+\s*$")
_NUMBERLIKE = re.compile(r"^(?!01[016789])[0-9]{10,13}$")
HEADER_WITHIN = 30
LOSSY = 10**15
"""A number typed into a spreadsheet from here on has 0 for its last digits, whatever was typed."""
MOST_SHARE = 0.8
"""How many of a column's cells must look like what it is taken for."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything is. `header_row` is the sheet's own number, from 1; columns count from 0."""

    header_row: int
    headers: tuple[str, ...]
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """What may name the parcel here, the surest first."""
        return tuple(kind for kind in KEYS if kind in self.places)

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that are not there: a key, and the number."""
        lacking = () if self.keys else ("bundle",)
        return lacking if "number" in self.places else (*lacking, "number")


def name_of(header: str) -> str:
    """What a header of this name is, "" for any other. Blanks, marks and what stands in brackets do not count."""
    for text in (_BRACKETS.sub("", header), header):
        told = "".join(character for character in text.lower() if character.isalnum())
        if told in _BY_NAME:
            return _BY_NAME[told]
    return ""


def read_columns(head: Sequence[Row]) -> Columns:
    """The header row and what its columns are. A number or a carrier without a known name is found by its cells."""
    best, found = 0, -1
    for place, row in enumerate(head[:HEADER_WITHIN]):
        known = len({name_of(text_of(cell)) for cell in row} - {""})
        if known > found:
            best, found = place, known
    if found <= 0:
        best = next((place for place, row in enumerate(head[:HEADER_WITHIN]) if sum(map(bool, row)) > 1), 0)
    headers = tuple(text_of(cell) for cell in head[best]) if head else ()
    places: dict[str, int] = {}
    for column, header in enumerate(headers):
        what = name_of(header)
        if what:
            places.setdefault(what, column)
    body = head[best + 1 :]
    for what, fits in (("number", _looks_like_number), ("carrier", _looks_like_carrier)):
        if what not in places:
            _by_content(what, fits, body, len(headers), places)
    return Columns(best + 1, headers, places)


def _by_content(what: str, fits: object, body: Sequence[Row], width: int, places: dict[str, int]) -> None:
    """The one column most of whose cells look like it; none when there are several."""
    assert callable(fits)
    good = []
    for column in range(width):
        if column in places.values():
            continue
        told = [text for row in body if column < len(row) and (text := text_of(row[column]))]
        if told and sum(bool(fits(text)) for text in told) >= len(told) * MOST_SHARE:
            good.append(column)
    if len(good) == 1:
        places[what] = good[0]


def _looks_like_number(text: str) -> bool:
    plain = text.replace("-", "").replace(" ", "")
    if not _NUMBERLIKE.match(plain):
        return False
    return any(
        len(plain) in carrier.lengths and all(rule.holds(plain) for rule in carrier.checks) for carrier in _CHECKED
    )


_CHECKED = tuple(CARRIERS[each] for each in ("cj", "hanjin", "lotte", "logen", "epost"))


def _looks_like_carrier(text: str) -> bool:
    return not text.isdigit() and bool(find_carrier(text))


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number as its digits, a bigger one as the spreadsheet shows it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if abs(cell) > MOST_EXACT:
            return f"{cell:.14E}"
        case float():
            return f"{cell:.15g}"
        case _:
            return str(cell).strip().lstrip("\ufeff'").strip()


def lost_digits(text: str) -> bool:
    """Whether a number was turned into E-notation on its way: its last digits are gone for good."""
    return bool(_LOST.match(text)) and "e" in text.lower()


def lost_in_cell(cell: object) -> bool:
    """Whether a number cell, not a text, has lost digits: a spreadsheet keeps 15, and what comes behind them is 0."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    if abs(cell) > MOST_EXACT:
        return True
    return abs(cell) >= LOSSY and int(cell) % 10 == 0


@dataclass(frozen=True, slots=True)
class Read:
    """One row as it is understood: the key that names the parcel, the carrier and number as they stand there."""

    row: int
    cells: Row
    key_kind: str
    key: str
    orders: str
    carrier: str
    number: str
    lost: bool


def _cell(row: Row, columns: Columns, what: str) -> Cell:
    place = columns.places.get(what, len(row))
    return row[place] if place < len(row) else None


def read_rows(rows: Iterator[Row], columns: Columns) -> Iterator[Read]:
    """The rows below the header that say anything of a parcel; blank ones and repeated headers are none."""
    for number, row in enumerate(rows, 1):
        if number <= columns.header_row:
            continue
        said = {what: text_of(row[place]) if place < len(row) else "" for what, place in columns.places.items()}
        kind = next((each for each in columns.keys if said[each]), columns.keys[0] if columns.keys else "")
        key, waybill = said.get(kind, ""), said.get("number", "")
        if not (key or waybill) or (name_of(waybill) == "number" and name_of(key) == kind):
            continue
        yield Read(
            row=number,
            cells=row,
            key_kind=kind,
            key=key,
            orders=said.get("order", "") if kind != "order" else "",
            carrier=said.get("carrier", ""),
            number=waybill,
            lost=any(
                lost_digits(said.get(each, "")) or lost_in_cell(_cell(row, columns, each)) for each in (kind, "number")
            ),
        )
