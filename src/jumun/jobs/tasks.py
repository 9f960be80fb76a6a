"""Housekeeping of the queue and of what grows by month, enqueued by the clock."""

from datetime import timedelta

from jumun.companies.answers import forget_everywhere
from jumun.core.clock import now
from jumun.jobs import queue
from jumun.jobs.actions import make_partitions
from jumun.jobs.reaper import forget_finished

KEPT = timedelta(days=7)
"""How long finished tasks stay readable in the queue's tables. Jobs, which the user sees, are not touched."""


@queue.periodic(cron="30 */6 * * *")
@queue.task(name="jobs.keep_house", queue=queue.HOUSE)
def keep_house(**_from_newer_code: object) -> None:
    """Forget tasks that ended and answers kept under a key over a week ago; make the partitions of the months ahead. Safe to run twice.

    At 3:30, 9:30, 15:30 and 21:30 in Seoul: a machine that is switched off at night must get its turn too.
    """
    forget_finished(before=now() - KEPT)
    forget_everywhere(before=now() - KEPT)
    make_partitions()
