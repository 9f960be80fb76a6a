"""Reading the sheets malls were told in, and having them again."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db.models import Q

from jumun.channels.models import ChannelAccount
from jumun.core.clock import in_kst
from jumun.core.errors import ConflictError, NotFoundError
from jumun.core.files import open_kept
from jumun.dispatch.models import MallSheet

_NAMES = {"dispatch": "발송처리", "correct": "운송장정정"}


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One such sheet. `made_at` None: not yet, or nothing was left to write (`ended`)."""

    job: int
    wish_job: int
    account: int
    account_name: str
    channel: str
    verb: str
    form: str
    rows: int
    created_at: datetime
    made_at: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A made sheet to hand out, under the name it is saved as."""

    name: str
    content: BinaryIO


def list_sheets(job_id: int) -> list[SheetShown]:
    """The sheets of a job: its own, or those its wish asked for."""
    found = MallSheet.objects.select_related("account").filter(_of(job_id)).order_by("id")
    return [_shown(each, each.account) for each in found]


def open_sheet_file(job_id: int) -> SheetFile:
    """The sheet of a job, as often as wanted. It names orders and parcels, and no person.

    Raises NotFoundError, ConflictError("sheet_not_ready").
    """
    found = list(MallSheet.objects.select_related("account").filter(_of(job_id)).order_by("id")[:2])
    if len(found) != 1:  # of several, each is had by its own job
        raise NotFoundError("not_found")
    sheet = found[0]
    if sheet.made_at is None:
        raise ConflictError("sheet_not_ready")
    try:
        content = open_kept(sheet.file)
    except FileNotFoundError as gone:
        raise NotFoundError("not_found") from gone
    told = f"{sheet.account.name}_{_NAMES.get(sheet.verb, sheet.verb)}_{in_kst(sheet.made_at):%Y%m%d_%H%M}.xlsx"
    return SheetFile(told, content)


def _of(job_id: int) -> Q:
    return Q(job_id=job_id) | Q(wish_job_id=job_id)


def _shown(sheet: MallSheet, account: ChannelAccount) -> SheetShown:
    return SheetShown(
        sheet.job_id,
        sheet.wish_job_id,
        account.id,
        account.name,
        account.channel,
        sheet.verb,
        sheet.form,
        sheet.rows,
        sheet.created_at,
        sheet.made_at,
        sheet.ended_at is not None,
    )
