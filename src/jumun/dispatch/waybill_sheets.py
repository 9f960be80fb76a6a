"""송장 엑셀 저장: the good rows of an uploaded sheet of numbers onto their parcels; those told already are corrected (N11).

In transactions of some thousand rows: numbers, verdicts and the job's entries stand or fall together, so that a run that
broke off goes on where it was, and a second one finds nothing to do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from jumun.core.crash_points import crash_point
from jumun.core.errors import ConflictError, JumunError
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import save_waybills
from jumun.jobs import queue
from jumun.jobs.actions import EntryRow, finish_part, open_job, record_entries, start_job
from jumun.jobs.models import EntryOutcome, Family
from jumun.waybills.actions import GivenWaybill, Saved
from jumun.waybills.models import State, Verdict, WaybillRow, WaybillUpload
from jumun.waybills.sheet_judging import OPEN, judge_rows
from jumun.waybills.sheet_upload import lock_upload

AT_ONCE = 500
"""Rows that are saved in the request; more are by a job in the background."""
CHUNK = 2_000


def start_commit(upload_id: int, *, by: int | None, corrects: bool, at: datetime) -> int:
    """Put the numbers on their parcels, at once for a few and in the background for many; answers the job.

    While it runs, and after it: the same job. corrects: whether this person may correct what a channel was told.
    Raises NotFoundError, JumunError("no_number_to_save").
    """
    upload = lock_upload(upload_id, State.READY, State.COMMITTING, State.DONE)
    if upload.state != State.READY and upload.job_id is not None:
        return upload.job_id
    judge_rows(upload)
    waiting = WaybillRow.objects.filter(upload=upload, verdict__in=OPEN).count()
    if not waiting:
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
            by=by,
            corrects=corrects,
        )
    return job


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
    """One chunk: the numbers, and what became of each row."""
    refused = {row.id: "not_allowed" for row in rows if row.verdict == Verdict.CORRECT and not corrects}
    sent = [row for row in rows if row.id not in refused]
    if sent:
        given = [GivenWaybill(row.carrier, row.number, item=row.item_id) for row in sent]
        refused |= _refusals(sent, save_waybills(given, by=by, at=at))
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {"ids": [row.id for row in rows], "codes": [refused.get(row.id, "") for row in rows]},
        )
        told: dict[int, tuple[str, str]] = {row: (verdict, code) for row, verdict, code in cursor.fetchall()}
    entries = [_entry(row, *told[row.id]) for row in rows]
    record_entries(upload.job_id or 0, entries, at=at)


_WRITE = """
WITH given AS (SELECT * FROM unnest(%(ids)s::bigint[], %(codes)s::text[]) AS g(id, code))
UPDATE waybills_waybillrow w
   SET verdict = CASE WHEN n.code <> '' THEN 'refused' WHEN w.verdict = 'label' THEN 'labelled'
                      WHEN w.verdict = 'change' THEN 'changed' ELSE 'correcting' END, code = n.code
  FROM (SELECT g.id, CASE WHEN g.code <> '' THEN g.code
                          WHEN r.verdict <> 'correct' AND (s.carrier, s.waybill) IS DISTINCT FROM (r.carrier, r.number)
                               THEN 'changed_meanwhile' ELSE '' END AS code
          FROM given g JOIN waybills_waybillrow r ON r.id = g.id
          LEFT JOIN orders_shipment s ON s.id = r.shipment_id) n
 WHERE w.id = n.id RETURNING w.id, w.verdict, w.code
"""


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
