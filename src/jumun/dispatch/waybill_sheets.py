"""송장 엑셀 저장: the good rows of an uploaded sheet of numbers onto their parcels; those told already are corrected (N11).

In transactions of some thousand rows: numbers, verdicts and the job's entries stand or fall together, so that a run that
broke off goes on where it was, and a second one finds nothing to do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jumun.core.crash_points import crash_point
from jumun.core.errors import ConflictError, JumunError
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import save_waybills
from jumun.jobs import queue
from jumun.jobs.actions import EntryRow, finish_part, open_job, record_entries, start_job
from jumun.jobs.models import EntryOutcome, Family
from jumun.jobs.queries import list_ended
from jumun.waybills.actions import GivenWaybill, Saved
from jumun.waybills.models import State, Verdict, WaybillRow, WaybillUpload
from jumun.waybills.sheet_judging import OPEN, judge_rows
from jumun.waybills.sheet_upload import lock_upload

AT_ONCE = 500
"""Rows that are saved in the request; more are by a job in the background."""
CHUNK = 2_000
SAVED = (Verdict.LABELLED, Verdict.CHANGED, Verdict.CORRECTING)


def start_commit(upload_id: int, *, by: int | None, corrects: bool, at: datetime, retry_of: int | None = None) -> int:
    """Put the numbers on their parcels, at once for a few and in the background for many; answers the job.

    While it runs, and after it: the same job; after one that broke off, a new one for the rows that are left.
    corrects: whether this person may correct what a channel was told.
    Raises NotFoundError, JumunError("no_number_to_save").
    """
    upload = lock_upload(upload_id, State.READY, State.COMMITTING, State.DONE)
    if _goes_on(upload) and upload.job_id is not None:
        return upload.job_id
    judge_rows(upload)
    rows = WaybillRow.objects.filter(upload=upload)
    waiting = rows.filter(verdict__in=OPEN).count()
    if not waiting and not rows.filter(verdict__in=SAVED).exists():  # one that broke off at its end is ended yet
        raise JumunError("no_number_to_save")
    job = open_job(
        company_id=upload.company_id,
        kind="waybill_sheet",
        family=Family.SHEET,
        parts=1,
        total=upload.rows,
        params={"waybill_upload": upload_id},
        by=by,
        at=at,
        retry_of=retry_of,
    )
    upload.state, upload.job_id = State.COMMITTING, job
    upload.save(update_fields=["state", "job_id"])
    if waiting <= AT_ONCE:
        commit_rows(upload.company_id, upload_id, by=by, corrects=corrects, at=at)
    else:
        queue.defer_by_name(
            "dispatch.commit_waybill_sheet",
            lock=f"waybill_sheet:{upload_id}",
            company_id=upload.company_id,
            upload_id=upload_id,
            job_id=job,
            by=by,
            corrects=corrects,
        )
    return job


def give_up(upload_id: int) -> None:
    """It broke off for good: what was saved stays saved, the rest can be saved again."""
    WaybillUpload.objects.filter(id=upload_id, state=State.COMMITTING).update(state=State.READY)


def retry_commit(job_id: int, *, by: int | None, corrects: bool, at: datetime) -> int:
    """Go on with a sheet of numbers whose saving broke off; answers the new job.

    Raises NotFoundError, JumunError("nothing_to_retry") when it was saved or is being saved.
    """
    upload = WaybillUpload.objects.filter(job_id=job_id).order_by("id").first()
    if upload is None or _goes_on(lock_upload(upload.id, *State)):
        raise JumunError("nothing_to_retry")
    return start_commit(upload.id, by=by, corrects=corrects, at=at, retry_of=job_id)


def _goes_on(upload: WaybillUpload) -> bool:
    """Whether it was saved, or its job is at it: one that ended before its sheet did was given up."""
    if upload.state != State.COMMITTING:
        return upload.state == State.DONE
    return not list_ended([upload.job_id or 0])


def commit_rows(company_id: int, upload_id: int, *, by: int | None, corrects: bool, at: datetime) -> None:
    """Save what is left to save of an upload, then close its job. Run again it goes on where it was."""
    judged = False
    while True:
        with acting_as(company_id):
            try:
                upload = lock_upload(upload_id, State.COMMITTING)
            except ConflictError:
                return  # somebody finished it
            if not judged:
                start_job(upload.job_id or 0, at=at)
                judge_rows(upload)
                judged = True
            rows = list(
                WaybillRow.objects.filter(upload=upload, verdict__in=OPEN).order_by("row").defer("cells")[:CHUNK]
            )
            if not rows:
                _end(upload, at=at)
                return
            _save(upload, rows, by=by, corrects=corrects, at=at)
        crash_point("waybill_chunk_saved")


def _save(upload: WaybillUpload, rows: Sequence[WaybillRow], *, by: int | None, corrects: bool, at: datetime) -> None:
    """One chunk: the numbers, and what became of each row. A number somebody saves this moment refuses the chunk."""
    given = [GivenWaybill(row.carrier, row.number, item=row.item_id) for row in rows]
    try:
        with transaction.atomic():
            refused = _refusals(rows, save_waybills(given, by=by, at=at, corrects=corrects))
    except ConflictError as taken:
        refused = {row.id: taken.code for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {"ids": [row.id for row in rows], "codes": [refused.get(row.id, "") for row in rows]},
        )
        told: dict[int, tuple[str, str]] = {row: (verdict, code) for row, verdict, code in cursor.fetchall()}
    entries = [_entry(row, *told[row.id]) for row in rows]
    record_entries(upload.job_id or 0, entries, at=at)


_WRITE = """
WITH given AS (SELECT * FROM unnest(%(ids)s::bigint[], %(codes)s::text[]) AS g(id, code)),
found AS MATERIALIZED (
    SELECT g.id, g.code, (s.carrier, s.waybill) IS NOT DISTINCT FROM (r.carrier, r.number) AS there,
           EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = r.shipment_id AND i.push = 'planned'
                      AND i.status IN ('in_transit', 'delivered') OFFSET 0) AS told
      FROM given g JOIN waybills_waybillrow r ON r.id = g.id LEFT JOIN orders_shipment s ON s.id = r.shipment_id)
UPDATE waybills_waybillrow w
   SET verdict = CASE WHEN n.code <> '' THEN 'refused' WHEN n.there AND w.verdict = 'label' THEN 'labelled'
                      WHEN n.there THEN 'changed' ELSE 'correcting' END, code = n.code
  FROM (SELECT id, there, CASE WHEN code <> '' OR there OR told THEN code ELSE 'changed_meanwhile' END AS code FROM found) n
 WHERE w.id = n.id RETURNING w.id, w.verdict, w.code
"""
"""What was saved stands on its parcel; what its channel must hear first is planned for it (N11)."""


def _refusals(sent: Sequence[WaybillRow], saved: Saved) -> dict[int, str]:
    """Rows that were refused after all, by id: something changed between the preview and now."""
    found = {sent[each.row].id: each.code for each in saved.rows}
    items = {each.id: each.code for each in saved.outcome.refused}
    if not items:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, shipment_id FROM orders_orderitem WHERE id = ANY(%s::bigint[])", [list(items)])
        parcels: Mapping[int, Any] = dict(cursor.fetchall())
    by_parcel: dict[int, str] = {}
    for item, code in items.items():
        parcel = parcels.get(item, 0)
        if code != "companion" or parcel not in by_parcel:
            by_parcel[parcel] = code
    return found | {row.id: by_parcel[row.shipment_id] for row in sent if row.shipment_id in by_parcel}


def _end(upload: WaybillUpload, *, at: datetime) -> None:
    """Everything is saved: the job also tells of the rows that were refused or need nothing."""
    rest = WaybillRow.objects.filter(upload=upload, verdict__in=(Verdict.SAME, Verdict.REFUSED)).order_by("row")
    chunk: list[EntryRow] = []
    for row in rest.defer("cells").iterator(chunk_size=CHUNK):
        chunk.append(_entry(row, row.verdict, row.code))
        if len(chunk) == CHUNK:
            record_entries(upload.job_id or 0, chunk, at=at)
            chunk = []
    record_entries(upload.job_id or 0, chunk, at=at)
    upload.state, upload.committed_at = State.DONE, at
    upload.save(update_fields=["state", "committed_at"])
    finish_part(upload.job_id or 0, at=at)


def _entry(row: WaybillRow, verdict: str, code: str) -> EntryRow:
    """The job's word on a row. It is called by our own number: what else stands in the sheet may be personal."""
    outcome = EntryOutcome.REFUSED if verdict == Verdict.REFUSED else EntryOutcome.DONE
    return EntryRow(f"row:{row.row}", row.bundle_no or f"#{row.row}", outcome, code)
