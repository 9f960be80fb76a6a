"""Queue entry points of exports."""

from jumun.companies.queries import list_company_ids
from jumun.core.clock import now
from jumun.core.database_away import DATABASE_AWAY
from jumun.core.halves import clear_halves
from jumun.core.tenancy import acting_as
from jumun.exports.actions import forget_old
from jumun.exports.writing import fail_export, write_export
from jumun.jobs import queue


@queue.task(name="exports.write", queue=queue.HOUSE)
def write(*, company_id: int, export_id: int, job_id: int, **_from_newer_code: object) -> None:
    """Write one export's file. A database that went away is tried again; anything else ends it."""
    try:
        write_export(company_id, export_id, job_id, clock=now)
    except DATABASE_AWAY:
        raise
    except Exception:
        fail_export(company_id, export_id, at=now())
        raise


@queue.periodic(cron="23 * * * *")
@queue.task(name="exports.forget_old", queue=queue.HOUSE)
def forget(**_from_newer_code: object) -> None:
    """Files whose time is up go, company by company, and what killed workers left half written; the history stays."""
    clear_halves()
    for company_id in list_company_ids():
        with acting_as(company_id):
            forget_old(at=now())
