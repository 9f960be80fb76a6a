"""Which batches may still be taken back, and how much of them: what the button and its dialog say before the click."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from jumun.orders.batches import REMOTE, BatchShown
from jumun.orders.moving import COMPANY
from jumun.orders.states import ENDS

SAMPLED = 500
"""Items of each batch a list looks at; of a longer one without a hit nobody knows, so it is offered."""

_LEFT = f"""
SELECT b.id,
       (SELECT count(*) FROM (SELECT e.item_id, e.detail FROM orders_timelineevent e
                               WHERE e.company_id = {COMPANY} AND e.batch = b.id AND e.at = b.at LIMIT %(most)s) AS e
          JOIN orders_orderitem i ON i.id = e.item_id
         WHERE i.last_batch = b.id AND i.status <> ALL(%(ends)s)
           AND (b.action <> ALL(%(remote)s) OR i.push = 'not_needed')),
       (SELECT coalesce(sum(jsonb_array_length(e.lines)), 0) FROM dispatch_effect e
         WHERE e.company_id = {COMPANY} AND e.batch = b.id AND e.state = 'planned')
  FROM orders_batch b WHERE b.id = ANY(%(batches)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Left:
    """How many items of a batch an undo would bring back, among those looked at; `sure` when all were looked at."""

    items: int
    sure: bool

    @property
    def any(self) -> bool:
        """Whether undo is worth offering."""
        return self.items > 0 or not self.sure


def count_undoable(batches: Sequence[BatchShown], *, most: int | None = SAMPLED) -> dict[UUID, Left]:
    """What is left to take back of each batch whose kind may be. One statement; with `most` None, exactly."""
    asked = [batch for batch in batches if batch.undoable and batch.done]
    if not asked:
        return {}
    with connection.cursor() as run:
        values = {
            "batches": [str(batch.id) for batch in asked],
            "most": most,
            "remote": list(REMOTE),
            "ends": [status.value for status in ENDS],
        }
        run.execute(_LEFT, values)
        counted = {row[0]: int(row[1]) + int(row[2]) for row in run.fetchall()}
    return {batch.id: Left(counted[batch.id], most is None or batch.done <= most) for batch in asked}
