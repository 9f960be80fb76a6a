"""Queue entry points of matching."""

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.jobs import queue
from jumun.matching.automatic import link_certain


@queue.task(name="matching.link_certain", queue=queue.HOUSE)
def link_what_is_certain(*, company_id: int, **_from_newer_code: object) -> None:
    """Link what is certain, where the company has that on. Safe to run twice."""
    with acting_as(company_id):
        link_certain(at=now())
