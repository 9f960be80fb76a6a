"""How far a long task is, told to the job while the task's own transaction stays open."""

import threading
from types import TracebackType

from django.db import DatabaseError, connection

from jumun.core.errors import NotFoundError
from jumun.core.tenancy import acting_as
from jumun.jobs.actions import note_progress

EVERY = 1.0
"""Seconds between two looks at the number."""


class Progress:
    """`with Progress(company, job) as told:` and `told(n)` costs nothing; a thread of its own writes it down.

    The rows are read in one transaction, which nobody else sees into: what it wrote would be seen at its end only.
    """

    def __init__(self, company_id: int, job_id: int) -> None:
        self._company, self._job = company_id, job_id
        self._number = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"progress-{job_id}", daemon=True)

    def __call__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> "Progress":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        told = 0
        while not self._over.wait(EVERY):
            if self._number == told:
                continue
            told = self._number
            try:
                with acting_as(self._company):
                    note_progress(self._job, done=told)
            except (DatabaseError, NotFoundError):
                continue  # the next number comes soon; the work itself goes on
            finally:
                connection.close()
