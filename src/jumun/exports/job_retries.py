"""다시 시도: what each kind of job goes on with, who may ask for it, and an export that is written after all."""

from collections.abc import Mapping
from datetime import datetime

from jumun.companies.roles import May, reaches
from jumun.companies.trail import Looker, note_access
from jumun.core.errors import JumunError, NotAllowedError
from jumun.core.files import plan_key
from jumun.dispatch.actions import retry_job
from jumun.dispatch.waybill_sheets import retry_commit
from jumun.exports.actions import open_export_job
from jumun.exports.models import Export, State
from jumun.intake.actions import retry_collection
from jumun.intake.sheet_again import retry_sheet
from jumun.jobs.models import Job
from jumun.jobs.queries import get_job

NEEDS: Mapping[str, tuple[May, ...]] = {
    "collect": (May.COLLECT,),
    "reread": (May.COLLECT,),
    "sync": (May.COLLECT,),
    "waybill_sheet": (May.PACK, May.MOVE),
    "export": (May.READ,),
}
"""One of these is enough for jobs of this kind; for all others it takes May.MOVE."""
BROKEN_OFF = ("sheet_read", "sheet_import", "waybill_sheet", "export")
"""Kinds that go on where they broke off; of all others the targets that failed are tried again."""
_SAME = (
    "company_id",
    "by_id",
    "what",
    "kind",
    "title",
    "asked",
    "columns",
    "language",
    "personal",
    "reason",
    "chosen",
    "ended",
    "total",
    "name",
)


def may_retry(kind: str, may: frozenset[May]) -> bool:
    """Whether these permissions are enough to try a job of this kind again."""
    return any(each in may for each in NEEDS.get(kind, (May.MOVE,)))


def can_retry(job: Job, failed: int) -> bool:
    """Whether a job that ended has something to try again. `failed`: how many of its targets did."""
    if job.finished_at is None:
        return False
    return bool(job.reason) if job.kind in BROKEN_OFF else failed > 0


def retry(job_id: int, *, who: Looker, may: frozenset[May], at: datetime) -> int:
    """Try again what failed of a job, or go on with one that broke off; answers the new job.

    Raises NotFoundError, NotAllowedError, JumunError("nothing_to_retry"), and what asking for it anew raises.
    """
    kind, by = get_job(job_id).kind, who.person_id
    if not may_retry(kind, may):
        raise NotAllowedError("not_allowed")
    match kind:
        case "collect" | "reread":
            return retry_collection(job_id, by=by, at=at)
        case "sheet_read" | "sheet_import":
            return retry_sheet(job_id, by=by, at=at)
        case "waybill_sheet":
            return retry_commit(job_id, by=by, corrects=reaches(may, "correct"), at=at)
        case "export":
            return _export_again(job_id, who=who, may=may, at=at)
        case _:
            return retry_job(job_id, by=by, at=at)


def _export_again(job_id: int, *, who: Looker, may: frozenset[May], at: datetime) -> int:
    """The same rows under the same columns and reason, for whoever asked for them; a password has to be given anew."""
    found = Export.objects.select_for_update(of=("self",)).filter(job_id=job_id, by_id=who.person_id).first()
    if found is None or who.person_id is None or found.state != State.FAILED or not found.chosen:
        raise JumunError("nothing_to_retry")
    if found.personal and May.PERSONAL not in may:
        raise NotAllowedError("not_allowed")
    if found.locked:
        raise JumunError("export_password_gone")
    same = {name: getattr(found, name) for name in _SAME}
    made = Export.objects.create(**same, file=plan_key(found.company_id), created_at=at)
    job = open_export_job(made, by=who.person_id, retry_of=job_id, at=at)
    Export.objects.filter(id=found.id).update(chosen=None)  # tried again once: from now on the new one is it
    note_access(who, did="export", subject=f"export:{made.id}", at=at, reason=made.reason)
    return job
