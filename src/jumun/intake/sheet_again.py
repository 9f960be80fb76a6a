"""다시 시도 of a sheet that broke off: what was read or stored stays, the rest goes on by a new job."""

from datetime import datetime

from jumun.core.errors import ConflictError, JumunError
from jumun.intake.models import SheetUpload, UploadState
from jumun.intake.sheet_states import LIVE, settle
from jumun.intake.sheet_upload import start_commit
from jumun.jobs import queue
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family, Job
from jumun.jobs.queries import get_job


def retry_sheet(job_id: int, *, by: int | None, at: datetime) -> int:
    """Read or store again what this job broke off at; answers the new job.

    Raises NotFoundError, JumunError("nothing_to_retry") when it did not, or when another job has been at it since.
    """
    job = get_job(job_id)
    upload = SheetUpload.objects.select_for_update(of=("self",), no_key=True).filter(job_id=job_id).first()
    if upload is None or not job.reason:
        raise JumunError("nothing_to_retry")
    settle([upload])
    if upload.state in LIVE or upload.state == UploadState.DELETED:
        raise JumunError("nothing_to_retry")
    if job.kind == "sheet_read":
        return _read_again(upload, retry_of=job_id, by=by, at=at)
    try:
        made = start_commit(upload.id, by=by, at=at)
    except (ConflictError, JumunError) as problem:
        if problem.code not in ("nothing_to_commit", "sheet_committed"):
            raise
        raise JumunError("nothing_to_retry") from problem
    Job.objects.filter(id=made).update(retry_of=job_id)
    return made


def _read_again(upload: SheetUpload, *, retry_of: int, by: int | None, at: datetime) -> int:
    if upload.state != UploadState.FAILED:
        raise JumunError("nothing_to_retry")
    job = open_job(
        company_id=upload.company_id,
        kind="sheet_read",
        family=Family.SHEET,
        parts=1,
        params={"upload": upload.id},
        by=by,
        at=at,
        retry_of=retry_of,
    )
    upload.state, upload.code, upload.job_id = UploadState.READING, "", job
    upload.save(update_fields=["state", "code", "job_id"])
    queue.defer_by_name(
        "intake.read_sheet",
        lock=f"sheet:{upload.id}",
        company_id=upload.company_id,
        upload_id=upload.id,
        job_id=job,
    )
    return job
