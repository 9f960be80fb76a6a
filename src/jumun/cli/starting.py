"""What every command does first: find the database (starting the embedded one if it is ours) and set Django up."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from jumun.core import environment
from jumun.core.embedded_postgres import EmbeddedPostgres


@contextmanager
def database() -> Iterator[None]:
    """Hold the database for as long as the command runs; the last command out stops an embedded server."""
    signal.signal(signal.SIGTERM, _leave)
    env = environment.load()
    if not (env.secret_key and env.encryption_keys):
        environment.keep_secrets(env.data)
    if env.database_url or env.database_app_url:
        yield
        return
    with EmbeddedPostgres(env.data / "postgres").session():
        yield


@contextmanager
def application() -> Iterator[None]:
    """The database and a Django that speaks to it as the application's role."""
    with database():
        os.environ["JUMUN_DB_AS"] = "app"
        django.setup()
        yield


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)
