"""`jumun migrate`: the only process that connects as owner."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
import psycopg

from jumun.cli.starting import database
from jumun.core.app_role import grant_to_app_role, make_app_role
from jumun.core.database import APP_ROLE, app_password, owner_url
from jumun.core.environment import load
from jumun.core.errors import JumunError


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_options: argparse.Namespace) -> int:
    """Migrate the database of this data folder (or DATABASE_URL)."""
    with database():
        migrate()
    return 0


def migrate() -> None:
    """Make the application's role, run the migrations, grant. Safe to repeat and to run from several machines.

    An advisory lock lets one migrate at a time. Raises JumunError("migrate_needs_owner" | "owner_may_not").
    """
    env = load()
    if env.database_app_url and not env.database_url:
        raise JumunError("migrate_needs_owner")
    with psycopg.connect(owner_url(env), autocommit=True) as owner, _rights_explained(owner.info.user):
        owner.execute("SELECT pg_advisory_lock(hashtext('jumun migrate'))")
        if not env.database_app_url:
            make_app_role(owner, role=APP_ROLE, password=app_password(env.secret_key))
        _run_migrations()
        grant_to_app_role(owner, role=_app_role(env.database_app_url))
        owner.execute("SELECT jumun_make_all_partitions(3)")


@contextmanager
def _rights_explained(role: str) -> Iterator[None]:
    from django.db import DatabaseError

    try:
        yield
    except (psycopg.errors.InsufficientPrivilege, DatabaseError) as problem:
        link: BaseException | None = problem
        while link is not None and not isinstance(link, psycopg.errors.InsufficientPrivilege):
            link = link.__cause__ or link.__context__
        if link is None:
            raise
        raise JumunError("owner_may_not", role=role) from problem


def _app_role(app_url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(app_url)["user"]) if app_url else APP_ROLE


def _run_migrations() -> None:
    os.environ["JUMUN_DB_AS"] = "owner"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    connection.close()
