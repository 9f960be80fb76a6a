"""결과 엑셀 and the form to fill in: sheets of numbers going out. A result can be had for ever: its rows are kept (P23)."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from jumun.core.errors import NotFoundError
from jumun.core.halves import half_folder
from jumun.core.sentences import sentence
from jumun.intake.sheet_failures import text_of
from jumun.sheets.writing import SheetColumn, write_form, write_table
from jumun.waybills.carriers import CARRIERS
from jumun.waybills.models import WaybillRow, WaybillUpload
from jumun.waybills.sheet_columns import LABELS
from jumun.waybills.sheet_queries import NAMES

OWN = ("bundle", "carrier", "number")
"""The columns of whoever may not see what else stands in the sheet, and of the form."""
_RESULT = ("결과", "Result")
_REASON = ("사유", "Reason")
_DOUBT = "check_digit"
_EXAMPLES = (("B2611-00001", "CJ대한통운", "680405450931"), ("B2611-00002", "한진택배", "531647410114"))
_NOTES = {
    "ko": (
        "한 줄에 한 묶음입니다. 묶음번호 대신 주문번호나 상품주문번호를 써도 됩니다.",
        "택배사를 비우면 올릴 때 고른 택배사를 씁니다.",
        "운송장번호 칸은 텍스트로 두세요. 1.23E+11처럼 바뀐 번호는 거절합니다.",
        "예시 줄은 지우고 쓰세요.",
    ),
    "en": (
        "One parcel a row. An order number or a line number may stand in place of the parcel number.",
        "Where the carrier is empty, the one chosen when uploading is used.",
        "Keep the waybill cells as text. A number that turned into 1.23E+11 is refused.",
        "Delete the example rows.",
    ),
}


def write_result(upload_id: int, *, language: str, cells: bool) -> BinaryIO:
    """The same sheet with 결과 and 사유 behind it, open for reading; nothing of it stays when it is closed.

    With `cells=False` only parcel, carrier and number: for whoever may not see recipients. Raises NotFoundError.
    """
    upload = WaybillUpload.objects.filter(id=upload_id).first()
    if upload is None:
        raise NotFoundError("not_found")
    place = 1 if language == "en" else 0
    headers = list(upload.headers) if cells else [LABELS[each][place] for each in OWN]
    titles = [*headers, _RESULT[place], _REASON[place]]
    rows = WaybillRow.objects.filter(upload=upload).order_by("row").iterator(chunk_size=2_000)
    with half_folder() as folder:
        path = folder / "result.xlsx"
        write_table(path, [SheetColumn(title) for title in titles], _rows(rows, len(headers), language, cells=cells))
        return path.open("rb")  # its folder goes, what is open can be read to the end


def write_waybill_form(language: str) -> BinaryIO:
    """양식: an empty sheet with the three columns, examples and the carriers to choose from; open for reading."""
    place = 1 if language == "en" else 0
    names = tuple(each.label_en if language == "en" else each.label_ko for each in CARRIERS.values())
    columns = [
        SheetColumn(LABELS["bundle"][place], width=18),
        SheetColumn(LABELS["carrier"][place], width=16, choices=names),
        SheetColumn(LABELS["number"][place], width=20),
    ]
    with tempfile.TemporaryDirectory(prefix="jumun-form-") as folder:
        path = Path(folder) / "form.xlsx"
        write_form(path, columns, _EXAMPLES, _NOTES["en" if language == "en" else "ko"], required=(0, 2))
        return path.open("rb")


def _rows(rows: Iterator[WaybillRow], width: int, language: str, *, cells: bool) -> Iterator[list[str]]:
    for row in rows:
        told = (
            [text_of(cell) for cell in row.cells[:width]]
            if cells
            else [row.bundle_no or row.key, row.carrier, row.number]
        )
        told += [""] * (width - len(told))
        reason = row.code or (_DOUBT if row.doubt else "")
        yield [*told, NAMES[row.verdict][language == "en"], sentence(reason, language) if reason else ""]
