"""Reading batches: what an action did, and whether it may be taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jumun.core.errors import NotFoundError
from jumun.orders.models import Batch, BatchRefusal
from jumun.orders.queries import MOST
from jumun.orders.states import MARKS, MOVES


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One action with a set of items. `undoable` says whether its kind may be taken back at all."""

    id: UUID
    action: str
    at: datetime
    by: int | None
    done: int
    refused_total: int
    job: int | None
    undoes: UUID | None
    undoable: bool


def get_batch(batch_id: UUID) -> BatchShown:
    """One batch. Raises NotFoundError."""
    found = Batch.objects.filter(id=batch_id).first()
    if found is None:
        raise NotFoundError("not_found")
    rule = MOVES.get(found.action) or MARKS.get(found.action)
    return BatchShown(
        id=found.id,
        action=found.action,
        at=found.at,
        by=found.by_id,
        done=found.done,
        refused_total=found.refused_total,
        job=found.job_id,
        undoes=found.undoes_id,
        undoable=bool(rule and (rule.undo or rule.remote)),
    )


def list_refusals(batch_id: UUID, *, after: int = 0, limit: int = 50) -> tuple[list[BatchRefusal], int | None]:
    """What a batch left alone, in order, and where to go on. Raises NotFoundError for a batch of another company."""
    if not Batch.objects.filter(id=batch_id).exists():
        raise NotFoundError("not_found")
    length = max(1, min(limit, MOST))
    rows = list(BatchRefusal.objects.filter(batch_id=batch_id, id__gt=after).order_by("id")[: length + 1])
    more, rows = len(rows) > length, rows[:length]
    return rows, rows[-1].id if more else None
