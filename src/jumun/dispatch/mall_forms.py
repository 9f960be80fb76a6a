"""The sheets malls take waybill numbers in: which columns, in whose words. Pure.

Where each preset comes from, and that none was tried at a mall, stands in docs/algorithms/mall-sheets.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jumun.intake.sheet_fields import Field, Plan
from jumun.waybills.carriers import CARRIERS


class Take(StrEnum):
    """What a column of such a sheet is filled with."""

    ORDER_NO = "order_no"
    LINE_NO = "line_no"
    CARRIER = "carrier"
    NUMBER = "number"
    METHOD = "method"
    COPIED = "copied"
    """The cell of the order's own sheet under the same title: a bundle's number, which no other place tells."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column. `needed`: a line without it has no place in this sheet."""

    title: str
    take: Take
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of one mall's sheet.

    carriers  how this mall spells a carrier where it is not our Korean name
    methods   its words for how a thing goes, by our method; a parcel is "parcel"
    sheet     what the worksheet is called
    own       the mall asks for exactly these columns, whatever its order sheet looks like
    """

    key: str
    columns: tuple[FormColumn, ...]
    carriers: Mapping[str, str]
    methods: Mapping[str, str]
    own: bool = False
    sheet: str = "Sheet1"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One order line to be told. `cells` are those of its own sheet, by header; empty where it came otherwise."""

    order_number: str
    line_key: str
    carrier: str
    number: str
    method: str
    cells: Mapping[str, str]


_ORDER = FormColumn("주문번호", Take.ORDER_NO, needed=True)
_METHODS = {"parcel": "택배,등기,소포", "quick": "퀵서비스", "direct": "직접전달", "visit": "방문수령"}
_COUPANG_CARRIERS = {"cj": "CJ 대한통운", "epost": "우체국"}
_CODES_11ST = {"cj": "00034", "hanjin": "00011", "lotte": "00012", "logen": "00002", "epost": "00007", "etc": "00099"}

_SMARTSTORE = Form(
    "naver",
    (
        FormColumn("상품주문번호", Take.LINE_NO, needed=True),
        FormColumn("배송방법", Take.METHOD),
        FormColumn("택배사", Take.CARRIER),
        FormColumn("송장번호", Take.NUMBER),
    ),
    {},
    _METHODS,
    own=True,
    sheet="발송처리",
)
_COUPANG = Form(
    "coupang",
    (
        FormColumn("번호", Take.COPIED),
        FormColumn("묶음배송번호", Take.COPIED),
        _ORDER,
        FormColumn("택배사", Take.CARRIER),
        FormColumn("운송장번호", Take.NUMBER, needed=True),
        FormColumn("분리배송 Y/N", Take.COPIED),
        FormColumn("옵션ID", Take.COPIED),
    ),
    _COUPANG_CARRIERS,
    {},
)
_ELEVEN = Form(
    "11st",
    (
        _ORDER,
        FormColumn("배송번호", Take.COPIED),
        FormColumn("택배사코드", Take.CARRIER),
        FormColumn("송장/등기번호", Take.NUMBER, needed=True),
    ),
    _CODES_11ST,
    {},
)
_ESM = Form(
    "esm",
    (
        FormColumn("아이디", Take.COPIED),
        _ORDER,
        FormColumn("택배사명(발송방법)", Take.CARRIER),
        FormColumn("송장번호", Take.NUMBER, needed=True),
    ),
    {},
    {},
)
_CAFE24 = Form(
    "cafe24",
    (
        _ORDER,
        FormColumn("품목별 주문번호", Take.LINE_NO),
        FormColumn("배송업체", Take.CARRIER),
        FormColumn("운송장번호", Take.NUMBER, needed=True),
    ),
    {},
    {},
)
PRESETS: Mapping[str, Form] = {
    "naver": _SMARTSTORE,
    "coupang": _COUPANG,
    "11st": _ELEVEN,
    "gmarket": _ESM,
    "auction": _ESM,
    "cafe24": _CAFE24,
}
"""By channel kind."""

PLAIN = Form(
    "plain",
    (
        _ORDER,
        FormColumn("상품주문번호", Take.LINE_NO),
        FormColumn("택배사", Take.CARRIER),
        FormColumn("운송장번호", Take.NUMBER, needed=True),
    ),
    {},
    {},
)
"""For a mall whose sheet nobody has shown us."""

_LEARNED = {
    Field.ORDER_NO: Take.ORDER_NO,
    Field.LINE_NO: Take.LINE_NO,
    Field.CARRIER: Take.CARRIER,
    Field.WAYBILL: Take.NUMBER,
}
_METHOD_TITLES = ("배송방법", "배송방법*", "발송방법")
_ALONGSIDE = frozenset(
    {
        "번호",
        "묶음배송번호",
        "배송번호",
        "배송묶음번호",
        "분리배송 Y/N",
        "옵션ID",
        "아이디",
        "판매아이디",
        "주문상세번호",
        "주문순번",
    }
)
"""Columns a mall knows its row by that are not ours and name nobody: they go back as they came."""


def choose_form(channel: str, plans: Sequence[tuple[int, Plan]]) -> Form:
    """The form of an account: the mall's own where it has one, else learned from its order sheet, else the preset.

    plans   its templates, the one used last first
    """
    preset = PRESETS.get(channel)
    if preset is not None and preset.own:
        return preset
    for template, plan in plans:
        learned = _learn(template, plan, preset or PLAIN)
        if learned is not None:
            return learned
    return preset or PLAIN


def _learn(template: int, plan: Plan, like: Form) -> Form | None:
    """The order sheet's own columns, where it has one for the waybill number: that sheet is what the mall takes back.

    Only what names the row, and what we fill in: nothing of the recipient goes back.
    """
    columns: dict[int, FormColumn] = {}
    for name, take in _LEARNED.items():
        source = plan.sources.get(name)
        if source is None or len(source.columns) != 1 or source.split:
            continue
        title = plan.headers[source.columns[0]] if source.columns[0] < len(plan.headers) else ""
        if title:
            needed = take in (Take.ORDER_NO, Take.NUMBER)
            columns[source.columns[0]] = FormColumn(title, take, needed)
    takes = {column.take for column in columns.values()}
    if Take.NUMBER not in takes or not takes & {Take.ORDER_NO, Take.LINE_NO}:
        return None
    for place, title in enumerate(plan.headers):
        if place not in columns and title in _ALONGSIDE:
            columns[place] = FormColumn(title, Take.COPIED)
        elif place not in columns and title in _METHOD_TITLES and like.methods:
            columns[place] = FormColumn(title, Take.METHOD)
    laid = [columns[place] for place in sorted(columns)]
    if Take.CARRIER not in takes:
        laid.append(FormColumn("택배사", Take.CARRIER))
    return Form(f"learned:{template}", tuple(laid), like.carriers, like.methods)


def spell_carrier(form: Form, carrier: str) -> str:
    """A carrier as this mall writes it; our Korean name where nothing else is known."""
    known = CARRIERS.get(carrier)
    return form.carriers.get(carrier) or (known.label_ko if known else carrier)


def why_not(form: Form, line: ToldLine) -> str:
    """The code of why this line has no place in that sheet; "" where it has."""
    if any(column.needed and column.take is Take.LINE_NO for column in form.columns) and not _line_no(line):
        return "sheet_needs_line_no"
    by_parcel = line.method == "parcel"
    if by_parcel and not line.number:
        return "sheet_needs_number"
    if not by_parcel and line.method not in form.methods and not line.number:
        return "sheet_parcels_only"
    return ""


def lay_out(form: Form, line: ToldLine) -> list[str]:
    """The cells of a line's row."""
    by_parcel = line.method == "parcel" or bool(line.number)
    told = {
        Take.ORDER_NO: line.order_number,
        Take.LINE_NO: _line_no(line),
        Take.CARRIER: spell_carrier(form, line.carrier) if by_parcel else "",
        Take.NUMBER: line.number,
        Take.METHOD: form.methods.get(line.method, ""),
    }
    return [
        line.cells.get(column.title, "") if column.take is Take.COPIED else told[column.take] for column in form.columns
    ]


def _line_no(line: ToldLine) -> str:
    """The channel's own number of the line; a key we made up for want of one is none."""
    return "" if line.line_key.startswith("s:") else line.line_key
