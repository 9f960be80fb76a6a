"""A real worker process that knows the sample tasks too: `python sample_worker.py`."""

import sys

import django
import sample_tasks

from jumun.jobs.supervisor import die_with_supervisor

if __name__ == "__main__":
    die_with_supervisor()
    assert sample_tasks.work
    django.setup()
    from jumun.jobs.worker import run_worker

    sys.exit(run_worker(name="sample", concurrency=4))
