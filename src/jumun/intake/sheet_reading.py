"""From a kept sheet to staged rows: which worksheet, which columns, which template, then every row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jumun.channels.queries import list_accounts
from jumun.core.files import local_copy
from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetUpload, UploadState
from jumun.intake.sheet_fields import Field, HeaderChange, Plan, Recognised, Source
from jumun.intake.sheet_presets import find_default_form, find_preset
from jumun.intake.sheet_recognising import adapt, recognise
from jumun.intake.sheet_staging import stage_rows
from jumun.intake.sheet_templates import find_committed, find_template, note_use, use_template
from jumun.intake.sheet_verdicts import judge_rows
from jumun.sheets.cells import Row
from jumun.sheets.reading import Book, open_book
from jumun.sheets.unlocking import unlocked

REASON = "실패사유"
"""The title of a failure file's last column: no column of the sheet, whatever stands in it."""
MOST_SHEETS = 20
"""Worksheets looked at for orders."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was made out of a book: the worksheet, how it is read, and what a person should look at."""

    sheet: str
    recognised: Recognised
    plan: Plan
    template: int | None
    changes: HeaderChange | None
    known: bool = False
    """A sheet with these headers went in before."""

    @property
    def settled(self) -> bool:
        """A person confirmed these columns before, or nothing of them is in doubt."""
        return self.template is not None or self.known or not self.recognised.unsure


def read_now(
    company_id: int,
    upload_id: int,
    *,
    at: datetime,
    told: Callable[[int], None] | None = None,
    job: int | None = None,
) -> None:
    """Read an upload's kept sheet into staged rows with its verdicts, in place of what was read before. Raises SheetError.

    A plan a person gave is kept; without one, the template that fits or what was recognised. With `job` nothing is done
    once that job has read it: what was corrected since then stays.
    """
    with acting_as(company_id):
        upload = SheetUpload.objects.select_for_update(of=("self",), no_key=True).get(id=upload_id)
    if job is not None and (upload.state != UploadState.READING or upload.job_id != job):
        return
    with local_copy(upload.file) as path, open_book(path) as book:
        read_book(company_id, upload, book, at=at, told=told)


def read_book(
    company_id: int, upload: SheetUpload, book: Book, *, at: datetime, told: Callable[[int], None] | None = None
) -> None:
    """The same for a book that is open."""
    with acting_as(company_id):
        _look(upload, book, at=at)
    plan = plan_of(upload)
    upload.rows = stage_rows(company_id, upload, book.rows(upload.sheet), plan, told)
    with acting_as(company_id):
        judge_rows(upload)
        asks = bool(upload.unsure) or (upload.account_id is None and not says_account(plan))
        upload.state = UploadState.ASKING if asks else UploadState.READY
        upload.save(update_fields=["rows", "state"])


def plan_of(upload: SheetUpload) -> Plan:
    """How an upload is read. Raises ValueError before one was found."""
    return Plan.from_json(upload.plan or {})


def _look(upload: SheetUpload, book: Book, *, at: datetime) -> None:
    found = find_orders(
        book, upload.account_id, upload.template_id, given=Plan.from_json(upload.plan) if upload.plan else None
    )
    upload.kind, upload.encoding = book.kind, book.encoding or ""
    upload.notices = list(book.notices)
    upload.sheet = found.sheet
    if upload.plan is None:
        upload.plan = _with_account(found.plan, found.recognised).to_json()
        upload.template_id = found.template
        upload.unsure = [
            {"field": each.field.value, "code": each.code, "columns": list(each.columns)}
            for each in (() if found.settled else found.recognised.unsure)
        ]
    secret = Plan.from_json(upload.plan).sources.get(Field.CUSTOMS_NUMBER)
    upload.samples = {
        str(column): texts
        for column, texts in found.recognised.samples.items()
        if secret is None or column not in secret.columns
    }
    upload.fingerprint = found.recognised.fingerprint
    changes = found.changes
    upload.changes = (
        {"added": list(changes.added), "gone": list(changes.gone), "moved": list(changes.moved)}
        if changes and (changes.added or changes.gone or changes.moved)
        else {}
    )
    if upload.template_id is not None:
        note_use(upload.template_id, at=at)
    upload.save()


def find_orders(book: Book, account: int | None, template: int | None = None, *, given: Plan | None = None) -> Found:
    """The worksheet that looks most like orders, hidden ones last, and how to read it."""
    names = [each.name for each in book.sheets if not each.hidden] or [each.name for each in book.sheets]
    heads = {name: without_reason(book.head(name)) for name in names[:MOST_SHEETS]}
    looked = {name: recognise(head) for name, head in heads.items()}
    best = max(looked, key=lambda name: looked[name].score)
    recognised, head = looked[best], heads[best]
    if given is not None:
        return Found(best, recognised, given, template, None)
    known = (
        use_template(template, head, recognised.plan.headers, account)
        if template is not None
        else find_template(head, recognised.plan.headers, account)
    )
    if known is None:
        same = _known_form(head, recognised)
        return Found(best, recognised, same or recognised.plan, None, None, known=same is not None)
    return Found(best, recognised, known.plan, known.template.id, known.changes)


def _known_form(head: Sequence[Row], recognised: Recognised) -> Plan | None:
    """The plan of our own form, of a sheet like one that went in before, or, where something is in doubt, of a mall's."""
    form = find_default_form(head)
    if form is not None:
        return form
    before = find_committed(recognised.fingerprint)
    same = adapt(before, head) if before is not None else None
    if same is not None or not recognised.unsure:
        return same
    preset = find_preset(head)
    return preset[1] if preset is not None else None


def without_reason(head: Sequence[Row]) -> list[Row]:
    """A failure file that comes back is the sheet it was made from: without its reasons."""
    places = {len(row) - 1 for row in head if row and row[-1] == REASON}
    if len(places) != 1:
        return list(head)
    cut = places.pop()
    return [row[:cut] for row in head]


def _with_account(plan: Plan, recognised: Recognised) -> Plan:
    """The plan with the column that says whose orders they are: one nothing else uses, most of which names accounts."""
    if says_account(plan):
        return plan
    names = {text.lower() for account in list_accounts() for text in (account.key, account.name)}
    used = {column for source in plan.sources.values() for column in source.columns}
    for column, texts in recognised.samples.items():
        told = [text.strip().lower() for text in texts if text.strip()]
        if column not in used and told and sum(text in names for text in told) * 2 > len(told):
            return replace(plan, sources={**plan.sources, Field.ACCOUNT: Source((column,))})
    return plan


def note_unread(upload_id: int, code: str) -> None:
    """A sheet could not be read after all, and why."""
    SheetUpload.objects.filter(id=upload_id).update(state=UploadState.FAILED, code=code)


def says_account(plan: Plan) -> bool:
    """Whether the sheet itself says whose orders its rows are."""
    return Field.ACCOUNT in plan.sources or Field.ACCOUNT in plan.fixed


@contextmanager
def sheet_for_keeping(source: Path, password: str | None) -> Iterator[Path]:
    """The file as it is kept: one that is locked is opened with its password once, and kept open. Raises SheetError."""
    with unlocked(source, password) as plain:
        yield plain
