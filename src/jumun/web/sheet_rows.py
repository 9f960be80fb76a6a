"""The preview of an uploaded sheet: its rows as understood, what becomes of each and why, cells that can be corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jumun.intake.sheet_fields import PERSONAL, Field
from jumun.intake.sheet_queries import Upload, UploadRow
from jumun.web.sheet_words import TONES, UNSURE, VERDICTS, name_sheet_field
from jumun.web.words import tell_code

ALWAYS = (Field.ORDER_NO, Field.PRODUCT_NAME, Field.QUANTITY, Field.RECIPIENT, Field.PHONE1, Field.ADDRESS)
WHERE = {
    "duplicate_in_file": Field.LINE_NO,
    "already_known": Field.ORDER_NO,
    "known_in_other_account": Field.ORDER_NO,
    "recipient_differs": Field.RECIPIENT,
    "account_unknown": Field.ACCOUNT,
    "quantity_differs": Field.QUANTITY,
    "quantity_moved_on": Field.QUANTITY,
}
"""The cell a row is kept out for by what else there is."""
FIXABLE = {"recipient_differs", "account_unknown", "duplicate_in_file"}
"""Of those, what another word in that cell would mend."""
MONO = {Field.ORDER_NO, Field.LINE_NO, Field.PHONE1, Field.PHONE2, Field.POSTCODE, Field.WAYBILL, Field.QUANTITY}
PLACES = {name: place for place, name in enumerate(Field)}
COMMITTED = ("stored", "updated", "deleted", "none")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the preview. `bad`: it is what keeps the row out; `fix`: it is corrected right here."""

    field: str
    label: str
    text: str
    bad: bool = False
    fix: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the preview."""

    row: int
    verdict: str
    tone: str
    reason: str
    value: str
    cells: tuple[ShownCell, ...]
    doubts: tuple[str, ...]
    left_out: bool
    fixed: bool
    open: bool
    edited: bool


def list_fields(upload: Upload, rows: Sequence[UploadRow], *, clear: bool) -> list[Field]:
    """The columns of the preview: what the sheet tells and what no order goes without.

    Those that keep one of these rows out stand first, beside the order number: nobody scrolls to find what is wrong.
    """
    told = {*(upload.plan.sources if upload.plan else ()), *ALWAYS}
    if "account_unknown" in {code for _verdict, code in upload.codes}:
        told.add(Field.ACCOUNT)
    wrong = {where for each in rows if each.verdict == "refused" and (where := _where(each)) is not None}
    ordered = sorted(told | wrong, key=lambda name: (name is not Field.ORDER_NO, name not in wrong, PLACES[name]))
    return [name for name in ordered if clear or name not in PERSONAL]


def show_row(each: UploadRow, fields: list[Field], *, clear: bool, changes: bool, edited: int | None) -> ShownRow:
    """A row as the preview shows it; `changes`: whoever looks may correct it."""
    own, where = _own(each), _where(each)
    kept_out = each.verdict == "refused"
    open_ = changes and each.verdict not in COMMITTED
    cells = []
    for name in fields:
        bad = kept_out and name is where
        text = each.fields.get(name.value, "")
        if bad and own and not text:
            text = own.get("value", "")
        if name is Field.ORDERED_AT and not bad and edited != each.row:
            text = text[:16].replace("T", " ")  # as a person writes it; the row is edited with all of it
        fix = bad and open_ and (own is not None or each.code in FIXABLE)
        cells.append(ShownCell(name.value, name_sheet_field(name), text, bad, fix, name in MONO))
    return ShownRow(
        row=each.row,
        verdict=str(VERDICTS[each.verdict]),
        tone=TONES.get(each.verdict, "queued"),
        reason=_reason(each),
        value=own.get("value", "") if own and (clear or where not in PERSONAL) else "",
        cells=tuple(cells),
        doubts=tuple(str(UNSURE.get(doubt["code"], "")) for doubt in each.unsure),
        left_out=each.left_out,
        fixed=each.fixed,
        open=open_,
        edited=open_ and edited == each.row,
    )


def _own(each: UploadRow) -> Mapping[str, str] | None:
    """What is wrong with the row by itself, if that is why it stays out."""
    return each.problem if each.problem and each.problem.get("code") == each.code else None


def _where(each: UploadRow) -> Field | None:
    own = _own(each)
    return Field(own["field"]) if own else WHERE.get(each.code)


def _reason(each: UploadRow) -> str:
    if not each.code:
        return ""
    told = tell_code(each.code)
    if each.code == "quantity_differs" and each.known_quantity is not None:
        return _("{told} 등록된 수량 {known}").format(told=told, known=each.known_quantity)
    return told
