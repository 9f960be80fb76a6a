"""Migrations say what the models say, and go back."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management import call_command
from psycopg.conninfo import make_conninfo
from tests.conftest import TestDatabase, _url

OURS = ["claims", "dispatch", "orders", "channels", "catalog", "jobs", "companies", "core"]


def test_models_and_migrations_agree(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.fixture
def other_database(test_database: TestDatabase):
    """A second, empty database on the same server."""
    name = test_database.env["JUMUN_DATABASE_NAME"] + "_back"
    with psycopg.connect(test_database.owner, autocommit=True) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {name}")
    env = {**os.environ, **test_database.env, "JUMUN_DATABASE_NAME": name}
    if "DATABASE_URL" in env:
        env["DATABASE_URL"] = _url(make_conninfo(test_database.owner, dbname=name))
    yield env
    with psycopg.connect(test_database.owner, autocommit=True) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.slow
def test_migrations_go_forward_twice_and_all_the_way_back(other_database):
    """`jumun migrate` can be repeated; every migration of ours is reversible."""
    for _ in range(2):
        subprocess.run([sys.executable, "-m", "jumun.cli.main", "migrate"], env=other_database, check=True, timeout=120)
    back = (
        "import os; os.environ['JUMUN_DB_AS'] = 'owner'\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        + "".join(f"call_command('migrate', '{app}', 'zero', verbosity=0)\n" for app in OURS if app != "companies")
    )
    subprocess.run([sys.executable, "-c", back], env=other_database, check=True, timeout=120)
