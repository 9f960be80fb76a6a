"""Asking for an export, taking its file, and letting files go when their time is up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db.models import F

from jumun.companies.roles import May
from jumun.companies.trail import Looker, note_access
from jumun.core.clock import in_kst
from jumun.core.errors import JumunError, NotAllowedError, NotFoundError
from jumun.core.files import forget_file, open_kept, plan_key
from jumun.core.secrets import seal
from jumun.exports.columns import Chosen, has_personal
from jumun.exports.models import Export, Kind, State, What
from jumun.exports.rows import choose_rows
from jumun.jobs import queue
from jumun.jobs.actions import fail_part, open_job
from jumun.jobs.models import Family
from jumun.orders.filter_address import write_text
from jumun.orders.selection import Selection
from jumun.orders.sorting import NEWEST, Sort

KEPT = timedelta(hours=24)
"""How long a file can be taken."""
GIVEN_UP = timedelta(hours=24)
"""An export not written by then will not be."""
LONGEST_REASON = 300
LEAST_REASON = 2
"""Letters and digits: marks and what cannot be seen are no reason."""
PASSWORD = range(4, 65)
"""Characters of a password."""
SAID_BY_PEOPLE = ("q", "recipient", "memo", "list")
"""Conditions in which a name, a phone or a number may stand: the history keeps that they were asked, not what."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants as a sheet.

    what      a row for each item, or for each parcel
    chosen    ids, or the view's filter: its rows as of this call
    sort      their order
    columns   `exports.columns.read_columns`
    title     the name of the view;  asked  its conditions, settled
    masked    personal data masked although the person may see it: then no reason is needed
    """

    what: str
    chosen: Selection
    columns: tuple[Chosen, ...]
    kind: str = "xlsx"
    sort: Sort = NEWEST
    title: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    password: str = ""
    reason: str = ""
    masked: bool = False
    language: str = "ko"


def start_export(wish: Wish, *, who: Looker, may: frozenset[May], at: datetime, queued: bool = True) -> int:
    """Fix the rows of this moment and have the file written in the background; answers the export's id.

    With `queued=False` the caller writes it (`exports.writing`). Who may not see personal data gets it masked, and needs no reason. The request is noted in the access trail.

    Raises JumunError("invalid" | "reason_needed" | "password_short" | "password_needs_xlsx" | "export_empty"), NotAllowedError.
    """
    if May.READ not in may:
        raise NotAllowedError("not_allowed")
    if wish.what not in What.values or wish.kind not in Kind.values:
        raise JumunError("invalid", field="what" if wish.what not in What.values else "kind")
    personal = has_personal(wish.columns) and May.PERSONAL in may and not wish.masked
    reason = _check_reason(wish.reason, personal=personal)
    _check_password(wish)
    made = Export.objects.create(
        company_id=who.company_id,
        by_id=who.person_id,
        what=wish.what,
        kind=wish.kind,
        title="".join(each for each in wish.title if each.isprintable())[:100],
        asked=_without_personal(wish.asked),
        columns=[each.as_json() for each in wish.columns],
        language=wish.language,
        personal=personal,
        reason=reason,
        locked=bool(wish.password),
        sealed_password=seal(wish.password) if wish.password else "",
        name=_file_name(wish, at),
        file=plan_key(who.company_id),
        created_at=at,
    )
    if not choose_rows(made.id, wish.what, wish.chosen, wish.sort):
        raise JumunError("export_empty")
    open_export_job(made, by=who.person_id, at=at, queued=queued)
    note_access(who, did="export", subject=f"export:{made.id}", at=at, reason=reason)
    return made.id


def open_export_job(
    made: Export, *, by: int | None, at: datetime, retry_of: int | None = None, queued: bool = True
) -> int:
    """The job that writes an export whose rows are fixed; answers it."""
    total = Export.objects.values_list("total", flat=True).get(id=made.id)
    job = open_job(
        company_id=made.company_id,
        kind="export",
        family=Family.SHEET,
        parts=1,
        total=total,
        params={"export": made.id},
        by=by,
        at=at,
        retry_of=retry_of,
    )
    Export.objects.filter(id=made.id).update(job_id=job)
    if queued:
        queue.defer_by_name(
            "exports.write",
            lock=f"export:{made.id}",
            company_id=made.company_id,
            export_id=made.id,
            job_id=job,
        )
    return job


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be given to the person who asked for it."""

    name: str
    kind: str
    size: int
    content: BinaryIO


def take_file(export_id: int, *, who: Looker, may: frozenset[May], at: datetime) -> Download:
    """The file, for the person who asked for it and for nobody else; noted in the access trail.

    Raises NotFoundError for others and for what never was, NotAllowedError where the person may no longer see what is
    in it, JumunError("export_not_ready" | "export_expired" | "export_failed").
    """
    found = Export.objects.select_for_update().filter(id=export_id, by_id=who.person_id).first()
    if found is None or who.person_id is None:
        raise NotFoundError("not_found")
    if found.personal and May.PERSONAL not in may:
        raise NotAllowedError("not_allowed")
    if found.state == State.EXPIRED or (found.expires_at is not None and found.expires_at <= at):
        raise JumunError("export_expired")
    if found.state != State.READY:
        raise JumunError("export_failed" if found.state == State.FAILED else "export_not_ready")
    try:
        content = open_kept(found.file)
    except FileNotFoundError as gone:
        raise JumunError("export_expired") from gone
    Export.objects.filter(id=found.id).update(downloads=F("downloads") + 1)
    note_access(who, did="download", subject=f"export:{found.id}", at=at, reason=found.reason)
    return Download(found.name, found.kind, found.size, content)


def forget_old(*, at: datetime) -> int:
    """Delete the files whose time is up and give up what was never written; answers how many. The history stays.

    Safe to repeat and to be killed: a file goes before its row says so.
    """
    old = Export.objects.filter(state=State.READY, expires_at__lte=at).order_by("id")
    number = 0
    for found in old.select_for_update(skip_locked=True):
        forget_file(found.file)
        Export.objects.filter(id=found.id).update(state=State.EXPIRED, file="")
        number += 1
    stuck = Export.objects.filter(state=State.WAITING, created_at__lte=at - GIVEN_UP).select_for_update(
        skip_locked=True
    )
    for found in stuck:
        close_failed(found.id, at=at)
        if found.job_id is not None:
            fail_part(found.job_id, code="export_failed", at=at)
        number += 1
    Export.objects.filter(state=State.FAILED, chosen__isnull=False, finished_at__lte=at - KEPT).update(chosen=None)
    return number


def close_failed(export_id: int, *, at: datetime) -> None:
    """It was not written: the password kept for that goes. Which rows it was to have stays, to try again (`forget_old`)."""
    found = Export.objects.select_for_update().filter(id=export_id, state=State.WAITING).first()
    if found is None:
        return
    forget_file(found.file)
    Export.objects.filter(id=export_id).update(state=State.FAILED, file="", sealed_password="", finished_at=at)


def _check_reason(given: str, *, personal: bool) -> str:
    reason = given.strip()
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        raise JumunError("invalid", field="reason")
    if personal and sum(each.isalnum() for each in reason) < LEAST_REASON:
        raise JumunError("reason_needed")
    return reason


def _check_password(wish: Wish) -> None:
    if wish.password and wish.kind != Kind.XLSX:
        raise JumunError("password_needs_xlsx")
    if wish.password and (len(wish.password) not in PASSWORD or not wish.password.isprintable()):
        raise JumunError("password_short", least=PASSWORD.start, most=PASSWORD.stop - 1)


def _without_personal(asked: Sequence[tuple[str, str]]) -> str:
    """The conditions as an address; of what a person typed only that it was asked."""
    return write_text({name: "…" if name in SAID_BY_PEOPLE else value for name, value in asked})


def _file_name(wish: Wish, at: datetime) -> str:
    """주문_출고대기_2026-11-22_1405.xlsx."""
    title = re.sub(r"[^\w가-힣 .()-]+", " ", wish.title).strip()[:40]
    parts = ["주문" if wish.what == What.ITEMS else "묶음", title, f"{in_kst(at):%Y-%m-%d_%H%M}"]
    return "_".join(part for part in parts if part) + f".{wish.kind}"
