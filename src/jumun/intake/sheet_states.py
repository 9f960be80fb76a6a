"""How far an uploaded sheet really is: one whose job ended without it is not being read or committed any more."""

from collections.abc import Sequence

from jumun.intake.models import SheetRow, SheetUpload, UploadState, Verdict
from jumun.jobs.queries import list_ended

LIVE = (UploadState.READING, UploadState.COMMITTING)
GAVE_UP = "server_error"


def settle(uploads: Sequence[SheetUpload]) -> None:
    """Say of each what it is once its job has ended, without writing it: ready again, done as far as it came, or unread.

    A job ends in the transaction that ends its upload's work. If it ended and the upload says otherwise, it broke off.
    """
    live = {each.job_id: each for each in uploads if each.state in LIVE and each.job_id is not None}
    if not live:
        return
    for job in list_ended(list(live)):
        upload = live[job]
        if upload.state == UploadState.READING:
            upload.state, upload.code = UploadState.FAILED, GAVE_UP
        else:
            upload.state = UploadState.DONE if _went_in(upload) else UploadState.READY


def _went_in(upload: SheetUpload) -> bool:
    return SheetRow.objects.filter(upload=upload, verdict__in=(Verdict.STORED, Verdict.UPDATED)).exists()
