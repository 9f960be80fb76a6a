"""A sheet imported in one go, for the command line: what was understood, what stays out and why, and, if asked, the rest."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jumun.core.files import forget_file, keep_file
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetRow, SheetUpload, UploadState, Verdict
from jumun.intake.sheet_fields import Field, Plan, header_text
from jumun.intake.sheet_reading import plan_of, read_book, sheet_for_keeping
from jumun.intake.sheet_staging import clean
from jumun.intake.sheet_storing import commit_rows, end_commit
from jumun.intake.sheet_templates import get_template
from jumun.intake.sheet_upload import LONGEST_NAME, start_commit
from jumun.sheets.reading import open_book

TOLD = tuple(Field)[:17]
"""The fields the command line speaks of, in its order."""
WHERE = {
    "duplicate_in_file": Field.LINE_NO,
    "already_known": Field.ORDER_NO,
    "known_in_other_account": Field.ORDER_NO,
    "recipient_differs": Field.RECIPIENT,
    "account_unknown": Field.ACCOUNT,
}
"""The column a row is refused for by what else there is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to import: whose orders, read how. `lines`: every good line is told of."""

    account: int | None
    template: str | None = None
    password: str | None = None
    commit: bool = False
    lines: bool = False


@dataclass(slots=True)
class Report:
    """What became of a sheet. `orders`: good ones; `committed`: how many of them are in now."""

    header_row: int
    mapping: dict[str, str | list[str]]
    orders: int = 0
    committed: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    unsure_details: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] | None = None
    upload: int | None = None


class _OnlyLookedError(Exception):
    """Takes everything back: nobody asked for a commit."""


def import_sheet(
    company_id: int, source: Path, wanted: Wanted, *, by: int | None, at: datetime, language: str = "ko"
) -> Report:
    """Read, judge and, if wanted, store a sheet. Rows said twice or known already are refused. Without a commit nothing is left
    behind. Raises SheetError, NotFoundError.
    """
    if wanted.commit:
        return _commit(company_id, source, wanted, by=by, at=at, language=language)
    made: list[Report] = []
    try:
        with acting_as(company_id):
            upload = _open(company_id, source, wanted, "", by=by, at=at)
            with _readable(source) as path:
                made.append(_read(company_id, upload, path, wanted, at=at, language=language))
            raise _OnlyLookedError
    except _OnlyLookedError:
        made[0].upload = None
        return made[0]


def _commit(company_id: int, source: Path, wanted: Wanted, *, by: int | None, at: datetime, language: str) -> Report:
    with _readable(source) as path, sheet_for_keeping(path, wanted.password) as plain:
        key, upload = keep_file(company_id, clean(source.name), plain), None
        try:
            with acting_as(company_id):
                upload = _open(company_id, source, wanted, key, by=by, at=at)
            report = _read(company_id, upload, plain, wanted, at=at, language=language, locked=False)
        except BaseException:
            _forget(company_id, upload, key)
            raise
    with acting_as(company_id):
        SheetUpload.objects.filter(id=upload.id).update(state=UploadState.READY)
        if not report.orders:
            SheetUpload.objects.filter(id=upload.id).update(state=UploadState.DONE, committed_at=at)
            return report
        job = start_commit(upload.id, by=by, at=at)
    commit_rows(company_id, upload.id, by=by, at=at)
    with acting_as(company_id):
        end_commit(upload.id, job, at=at)
        report.committed = SheetUpload.objects.values_list("orders", flat=True).get(id=upload.id)
    return report


@contextmanager
def _readable(source: Path) -> Iterator[Path]:
    """The file under a name that can be told to whoever reads it: a name may be bytes of no encoding we know."""
    if clean(str(source)) == str(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="jumun-") as folder:
        path = Path(folder) / "sheet"
        path.symlink_to(source.absolute())
        yield path


def _forget(company_id: int, upload: SheetUpload | None, key: str) -> None:
    """A sheet that could not be read leaves nothing behind."""
    if upload is not None:
        with acting_as(company_id):
            SheetRow.objects.filter(upload=upload)._raw_delete("default")
            SheetUpload.objects.filter(id=upload.id).delete()
    forget_file(key)


def _open(company_id: int, source: Path, wanted: Wanted, key: str, *, by: int | None, at: datetime) -> SheetUpload:
    return SheetUpload.objects.create(
        company_id=company_id,
        account_id=wanted.account,
        template_id=get_template(wanted.template).id if wanted.template else None,
        name=clean(source.name)[-LONGEST_NAME:],
        file=key,
        on_known="refuse",
        on_other="refuse",
        on_duplicate="refuse",
        by_id=by,
        created_at=at,
    )


def _read(
    company_id: int,
    upload: SheetUpload,
    path: Path,
    wanted: Wanted,
    *,
    at: datetime,
    language: str,
    locked: bool = True,
) -> Report:
    with open_book(path, password=wanted.password if locked else None) as book:
        read_book(company_id, upload, book, at=at)
    with acting_as(company_id):
        return _told(upload, wanted, language)


def _told(upload: SheetUpload, wanted: Wanted, language: str) -> Report:
    plan = plan_of(upload)
    rows = SheetRow.objects.filter(upload=upload).order_by("row")
    good = rows.filter(verdict__in=(Verdict.NEW, Verdict.UPDATE))
    report = Report(plan.header_row, _mapping(plan), upload=upload.id)
    report.orders = good.values("account_id", "order_number").distinct().count()
    report.refused = [_refused(row, plan, language) for row in rows.filter(verdict=Verdict.REFUSED).iterator()]
    _ask(report, upload, rows.exclude(unsure=[]).iterator(), plan)
    if wanted.lines:
        report.lines = [
            {"row": row.row, **{name.value: row.fields.get(name.value, "") for name in TOLD}}
            for row in good.iterator(chunk_size=2_000)
        ]
    return report


def _mapping(plan: Plan) -> dict[str, str | list[str]]:
    mapping: dict[str, str | list[str]] = {}
    for name in TOLD:
        headers = plan.headers_of(name)
        if headers:
            mapping[name.value] = headers[0] if len(headers) == 1 else list(headers)
    return mapping


def _refused(row: SheetRow, plan: Plan, language: str) -> dict[str, Any]:
    column, value = "", ""
    if row.problem and row.problem["code"] == row.code:
        column, value = row.problem["column"], row.problem["value"]
    elif row.code in WHERE:
        name = WHERE[row.code]
        headers = plan.headers_of(name)
        column, value = (headers[0] if headers else ""), row.fields.get(name.value, "")
    return {
        "row": row.row,
        "column": column,
        "value": value,
        "code": row.code,
        "reason": sentence(row.code, language),
    }


def _ask(report: Report, upload: SheetUpload, rows: Iterator[SheetRow], plan: Plan) -> None:
    asked: dict[str, None] = {}
    for each in upload.unsure:
        asked[each["field"]] = None
        columns = [header_text(plan.headers, column) for column in each["columns"]]
        report.unsure_details.append({"field": each["field"], "code": each["code"], "columns": columns})
    places: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        for each in row.unsure:
            places.setdefault((each["field"], each["code"]), []).append(row.row)
    for (name, code), numbers in places.items():
        if code == "digits_maybe_lost":
            asked[name] = None
        report.unsure_details.append({"field": name, "code": code, "rows": numbers})
    report.unsure = list(asked)
