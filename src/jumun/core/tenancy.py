"""The only door to a company's rows: the session setting `jumun.company` that every policy compares with."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


class AnotherCompanyError(RuntimeError):
    """Code that acts for one company tried to act for another within the same transaction."""


@contextmanager
def acting_as(company_id: int) -> Iterator[None]:
    """Run a transaction in which this company's rows, and no others, are visible and writable.

    The setting is local to the transaction and put back on the way out, so that a pooled connection never
    carries a company over. Nesting for the same company is a savepoint; for another one it is refused.
    """
    with transaction.atomic():
        before = _enter(str(company_id))
        if before not in ("", str(company_id)):
            raise AnotherCompanyError(f"acting as {before}, asked to act as {company_id}")
        yield
        _set_company(before)


def current_company() -> int | None:
    """The company this transaction acts for, or None."""
    value = _company()
    return int(value) if value else None


def _company() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('jumun.company', true), '')")
        row = cursor.fetchone()
    return str(row[0])


def _enter(value: str) -> str:
    """Set the company unless another one is set; answers what was set before. One statement: every page makes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, CASE WHEN before IN ('', %(company)s) THEN set_config('jumun.company', %(company)s, true) END"
            " FROM (SELECT coalesce(current_setting('jumun.company', true), '') AS before OFFSET 0) AS was",
            {"company": value},
        )
        row = cursor.fetchone()
    return str(row[0])


def _set_company(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jumun.company', %s, true)", [value])
