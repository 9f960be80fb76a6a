"""`jumun worker`: run queue tasks until it is stopped."""

import argparse

from jumun.cli.starting import application
from jumun.jobs.supervisor import die_with_supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which queues, how many tasks at once, under which name."""
    parser.add_argument("--queues", default="", help="names, separated by commas (default: all)")
    parser.add_argument("--concurrency", type=int, help="tasks at once (default: $JUMUN_WORKER_CONCURRENCY or 8)")
    parser.add_argument("--name", default="worker", help="shown in the log and in pg_stat_activity")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM; status 1 when the database was lost, for the supervisor to start it again."""
    die_with_supervisor()
    with application():
        from jumun.jobs import queue
        from jumun.jobs.worker import run_worker

        chosen = [name for name in options.queues.split(",") if name] or queue.QUEUES
        return run_worker(chosen, options.concurrency, options.name)
