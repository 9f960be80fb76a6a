"""Reading batches: what an action did, to how many, and whether it may be taken back."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from jumun.core.clock import read_moment
from jumun.core.errors import JumunError, NotFoundError
from jumun.orders.models import Batch, BatchRefusal
from jumun.orders.queries import MOST
from jumun.orders.states import MARKS, MOVES

DEEDS = (*MOVES, *MARKS, "undo")
"""What people do with items; the rest (collected, caught_up …) is the machine's."""
REMOTE = (
    *(move.action for move in MOVES.values() if move.remote),
    *(mark.action for mark in MARKS.values() if mark.remote),
)
"""Of these only the wish has a job: the batches that carry a channel's answers home have none."""


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One action with a set of items. `undoable` says whether its kind may be taken back at all."""

    id: UUID
    action: str
    at: datetime
    by: int | None
    by_name: str
    done: int
    refused_total: int
    job: int | None
    undoes: UUID | None
    undoes_action: str
    undoable: bool


class BatchPage(NamedTuple):
    """Some batches and the cursor of the next ones; None at the end."""

    items: list[BatchShown]
    next_cursor: str | None


def get_batch(batch_id: UUID) -> BatchShown:
    """One batch. Raises NotFoundError."""
    found = _batches().filter(id=batch_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _shown(found)


def list_batches(*, by: int | None = None, cursor: str | None = None, limit: int = 50) -> BatchPage:
    """What people did with items, newest first; with `by` only that person's. Raises JumunError("bad_cursor").

    What the machine did by itself (a collection's confirm, what a channel answered) is not among them.
    """
    length = max(1, min(limit, MOST))
    found = _batches().filter(action__in=DEEDS, by__isnull=False).order_by("-at", "-id")
    found = found.exclude(action__in=REMOTE, job_id__isnull=True)
    if by is not None:
        found = found.filter(by_id=by)
    if cursor:
        at, last = _read_cursor(cursor)
        found = found.filter(at__lte=at).filter(Q(at__lt=at) | Q(id__lt=last))
    rows = [_shown(row) for row in found[: length + 1]]
    more, rows = len(rows) > length, rows[:length]
    return BatchPage(rows, _write_cursor(rows[-1]) if more else None)


def list_batches_by_id(batch_ids: Sequence[UUID]) -> dict[UUID, BatchShown]:
    """These batches by id; unknown ones are not in it."""
    return {row.id: _shown(row) for row in _batches().filter(id__in=list(batch_ids))} if batch_ids else {}


def list_refusals(batch_id: UUID, *, after: int = 0, limit: int = 50) -> tuple[list[BatchRefusal], int | None]:
    """What a batch left alone, in order, and where to go on. Raises NotFoundError for a batch of another company."""
    if not Batch.objects.filter(id=batch_id).exists():
        raise NotFoundError("not_found")
    length = max(1, min(limit, MOST))
    rows = list(BatchRefusal.objects.filter(batch_id=batch_id, id__gt=after).order_by("id")[: length + 1])
    more, rows = len(rows) > length, rows[:length]
    return rows, rows[-1].id if more else None


def _batches() -> QuerySet[Batch]:
    return Batch.objects.select_related("by", "undoes")


def _shown(found: Batch) -> BatchShown:
    rule = MOVES.get(found.action) or MARKS.get(found.action)
    return BatchShown(
        id=found.id,
        action=found.action,
        at=found.at,
        by=found.by_id,
        by_name=found.by.name if found.by else "",
        done=found.done,
        refused_total=found.refused_total,
        job=found.job_id,
        undoes=found.undoes_id,
        undoes_action=found.undoes.action if found.undoes else "",
        undoable=bool(rule and (rule.undo or rule.remote)),
    )


def _write_cursor(row: BatchShown) -> str:
    return base64.urlsafe_b64encode(f"{row.at.isoformat()}|{row.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, last = text.partition("|")
        read, batch = read_moment(moment), UUID(last)
    except ValueError as problem:
        raise JumunError("bad_cursor") from problem
    if read.tzinfo is None or not 1970 <= read.year <= 9000:
        raise JumunError("bad_cursor")
    return read, batch
