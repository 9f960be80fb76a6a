"""Queue entry points of orders: what the clock does to items."""

from jumun.companies.queries import list_company_ids
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.jobs import queue
from jumun.orders.actions.hold import release_due_holds
from jumun.orders.actions.settle import settle_due


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="orders.release_due_holds", queue=queue.HOUSE)
def release_all_due_holds(**_from_newer_code: object) -> None:
    """End holds whose time is over, company by company. Safe to run twice."""
    for company_id in list_company_ids():
        with acting_as(company_id):
            release_due_holds(at=now())


@queue.periodic(cron="17 * * * *")
@queue.task(name="orders.settle_due", queue=queue.HOUSE)
def settle_all_due(**_from_newer_code: object) -> None:
    """구매확정 seven days after delivery, company by company. Safe to run twice."""
    for company_id in list_company_ids():
        with acting_as(company_id):
            settle_due(at=now())
