"""Queue entry points of stock."""

from jumun.companies.queries import list_company_ids
from jumun.core.clock import now
from jumun.core.database_away import DATABASE_AWAY
from jumun.core.tenancy import acting_as
from jumun.jobs import queue
from jumun.stock.allocating import fail_run, fail_stale, perform_run
from jumun.stock.saving import run_due


@queue.task(name="stock.allocate", queue=queue.HOUSE)
def allocate_stock(*, company_id: int, run_id: int, **_from_newer_code: object) -> None:
    """Reckon and write one run. Safe to run twice: a run that is over stays as it is."""
    try:
        with acting_as(company_id):
            perform_run(run_id, at=now())
    except DATABASE_AWAY:
        raise
    except Exception:
        with acting_as(company_id):
            fail_run(run_id, at=now())
        raise


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="stock.allocate_due", queue=queue.HOUSE)
def allocate_every_due(**_from_newer_code: object) -> None:
    """Runs of saved criteria whose time of day has come, company by company."""
    for company_id in list_company_ids():
        with acting_as(company_id):
            fail_stale(at=now())
            run_due(at=now())
