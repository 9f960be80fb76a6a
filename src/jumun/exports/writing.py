"""Writing one export's file: from its rows as one snapshot to the storage, once, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jumun.core.crash_points import crash_point
from jumun.core.files import keep_file
from jumun.core.halves import half_folder
from jumun.core.secrets import unseal
from jumun.core.tenancy import acting_as
from jumun.exports.actions import KEPT, close_failed
from jumun.exports.columns import Chosen
from jumun.exports.models import Export, State
from jumun.exports.progress import Progress
from jumun.exports.rows import stream_rows
from jumun.jobs.actions import finish_part, note_progress, start_job
from jumun.sheets.writing import SheetColumn, write_table


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written, read once at the start."""

    export_id: int
    company_id: int
    what: str
    kind: str
    name: str
    columns: tuple[Chosen, ...]
    language: str
    masked: bool
    password: str


def write_export(company_id: int, export_id: int, job_id: int, *, clock: Callable[[], datetime]) -> None:
    """Write the file and close the job. Run again after a kill it starts anew and leaves one file.

    A failure closes the export, so that its password does not stay, and is raised on: the job ends as failed.
    """
    with acting_as(company_id):
        plan = _read_plan(company_id, export_id)
        if plan is None:
            finish_part(job_id, at=clock())
            return
        start_job(job_id, at=clock())
    with half_folder() as folder:
        path = folder / f"sheet.{plan.kind}"
        rows = _write(plan, job_id, path)
        crash_point("export_written")
        _keep(plan, job_id, path, rows, at=clock())


def fail_export(company_id: int, export_id: int, *, at: datetime) -> None:
    """It broke off for good: erase what was kept to write it."""
    with acting_as(company_id):
        close_failed(export_id, at=at)


def _read_plan(company_id: int, export_id: int) -> _Plan | None:
    """The plan of an export that is still to be written, else None."""
    found = Export.objects.filter(id=export_id, state=State.WAITING).first()
    if found is None:
        return None
    return _Plan(
        export_id=found.id,
        company_id=company_id,
        what=found.what,
        kind=found.kind,
        name=found.name,
        columns=tuple(Chosen(**each) for each in found.columns),
        language=found.language,
        masked=not found.personal,
        password=unseal(found.sealed_password) if found.sealed_password else "",
    )


def _write(plan: _Plan, job_id: int, path: Path) -> int:
    """Stream the rows into the file; answers how many."""
    columns = [SheetColumn(each.title, each.column.kind) for each in plan.columns]
    with Progress(plan.company_id, job_id) as told, acting_as(plan.company_id):
        rows = stream_rows(plan.export_id, plan.what, plan.columns, masked=plan.masked, language=plan.language)
        return write_table(path, columns, rows, kind=plan.kind, password=plan.password or None, told=told)


def _keep(plan: _Plan, job_id: int, path: Path, rows: int, *, at: datetime) -> None:
    """Put the file where it can be taken, unless another run was first. Its key is known before it is there."""
    with acting_as(plan.company_id):
        found = Export.objects.select_for_update().defer("chosen").get(id=plan.export_id)
        if found.state == State.WAITING:
            key = keep_file(plan.company_id, plan.name, path, key=found.file)
            crash_point("export_kept")
            Export.objects.filter(id=plan.export_id).update(
                state=State.READY,
                file=key,
                size=path.stat().st_size,
                rows=rows,
                chosen=None,
                sealed_password="",
                finished_at=at,
                expires_at=at + KEPT,
            )
            note_progress(job_id, done=rows, total=rows)
        finish_part(job_id, at=at)
