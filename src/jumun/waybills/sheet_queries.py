"""Reading uploaded sheets of numbers and their rows, inside `acting_as(company)`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from jumun.core.errors import NotFoundError
from jumun.jobs.queries import list_ended
from jumun.waybills.models import State, Verdict, WaybillRow, WaybillUpload

BEFORE = (Verdict.LABEL, Verdict.CHANGE, Verdict.CORRECT)
DONE = (Verdict.LABELLED, Verdict.CHANGED, Verdict.CORRECTING)
NAMES: Mapping[str, tuple[str, str]] = {
    "label": ("입력 예정", "Will be entered"),
    "change": ("번호 변경 예정", "Number will change"),
    "correct": ("쇼핑몰 정정 예정", "Will be corrected at the channel"),
    "same": ("이미 같음", "Already the same"),
    "refused": ("거절", "Refused"),
    "labelled": ("입력됨", "Entered"),
    "changed": ("변경됨", "Changed"),
    "correcting": ("정정 보냄", "Correction sent"),
}
"""What a verdict is called, in Korean and English."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded sheet of numbers; one whose job broke off is `ready` again. `counts`: rows by verdict; `codes`: refused rows by reason; `doubts`: check digits off.

    `columns`: what was found → the header it stands under.
    """

    id: int
    name: str
    state: str
    kind: str
    sheet: str
    columns: Mapping[str, str]
    carrier: str
    rows: int
    job: int | None
    by: int | None
    by_name: str
    created_at: datetime
    committed_at: datetime | None
    counts: Mapping[str, int]
    codes: Mapping[str, int]
    doubts: int

    @property
    def to_commit(self) -> int:
        """Rows a commit would do something about."""
        return sum(self.counts.get(each.value, 0) for each in BEFORE)

    @property
    def saved(self) -> int:
        """Rows whose number was put on."""
        return sum(self.counts.get(each.value, 0) for each in DONE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the parcel it means, the number it gives and the one that was there, what becomes of it and why not."""

    row: int
    key_kind: str
    key: str
    item: int | None
    shipment: int | None
    bundle_no: str
    said_carrier: str
    carrier: str
    number: str
    was_carrier: str
    was_number: str
    verdict: str
    code: str
    doubt: bool


def get_upload(upload_id: int) -> Upload:
    """One upload. Raises NotFoundError."""
    found = _uploads().filter(id=upload_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _shown([found])[0]


def list_uploads(*, cursor: int | None = None, limit: int = 50, ids: Sequence[int] | None = None) -> list[Upload]:
    """Uploads, newest first, those before `cursor`."""
    chosen = _uploads().order_by("-id")
    if ids is not None:
        chosen = chosen.filter(id__in=ids)
    if cursor is not None:
        chosen = chosen.filter(id__lt=cursor)
    return _shown(list(chosen[:limit]))


def list_rows(
    upload_id: int,
    *,
    verdict: Sequence[str] | None = None,
    code: str | None = None,
    doubt: bool = False,
    cursor: int | None = None,
    limit: int = 100,
) -> list[Row]:
    """Rows in the sheet's order, those after row `cursor`: all, of some verdicts, of one reason, or doubtful ones."""
    chosen = WaybillRow.objects.filter(upload_id=upload_id).order_by("row")
    if verdict is not None:
        chosen = chosen.filter(verdict__in=verdict)
    if code is not None:
        chosen = chosen.filter(code=code)
    if doubt:
        chosen = chosen.filter(doubt=True)
    if cursor is not None:
        chosen = chosen.filter(row__gt=cursor)
    return [
        Row(
            row=each.row,
            key_kind=each.key_kind,
            key=each.key,
            item=each.item_id,
            shipment=each.shipment_id,
            bundle_no=each.bundle_no,
            said_carrier=each.said_carrier,
            carrier=each.carrier,
            number=each.number,
            was_carrier=each.was_carrier,
            was_number=each.was_number,
            verdict=each.verdict,
            code=each.code,
            doubt=each.doubt,
        )
        for each in chosen.defer("cells")[:limit]
    ]


def _uploads() -> QuerySet[WaybillUpload]:
    return WaybillUpload.objects.select_related("by")


def _shown(found: Sequence[WaybillUpload]) -> list[Upload]:
    numbers: dict[int, dict[str, int]] = {each.id: {} for each in found}
    codes: dict[int, dict[str, int]] = {each.id: {} for each in found}
    doubts: dict[int, int] = {}
    rows = WaybillRow.objects.filter(upload_id__in=list(numbers)).values_list("upload_id", "verdict", "code")
    counted = rows.annotate(n=Count("id"), odd=Count("id", filter=Q(doubt=True)))
    for upload, verdict, code, number, odd in counted:
        numbers[upload][verdict] = numbers[upload].get(verdict, 0) + number
        doubts[upload] = doubts.get(upload, 0) + (odd if verdict != "refused" else 0)
        if code:
            codes[upload][code] = codes[upload].get(code, 0) + number
    over = set(list_ended([each.job_id for each in found if each.state == State.COMMITTING and each.job_id]))
    return [
        Upload(
            id=each.id,
            name=each.name,
            state=State.READY if each.state == State.COMMITTING and each.job_id in over else each.state,
            kind=each.kind,
            sheet=each.sheet,
            columns={what: _header(each.headers, place) for what, place in each.columns.get("places", {}).items()},
            carrier=each.carrier,
            rows=each.rows,
            job=each.job_id,
            by=each.by_id,
            by_name=each.by.name if each.by else "",
            created_at=each.created_at,
            committed_at=each.committed_at,
            counts=numbers[each.id],
            codes=codes[each.id],
            doubts=doubts.get(each.id, 0),
        )
        for each in found
    ]


def _header(headers: Sequence[str], place: int) -> str:
    return headers[place] if place < len(headers) else ""
