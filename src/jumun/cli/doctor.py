"""`jumun doctor`: one line for each thing that must be right, and what to do about it when it is not."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from jumun.cli.starting import application
from jumun.core import environment
from jumun.core.clock import now
from jumun.core.environment import Environment
from jumun.core.errors import JumunError

MOST_CLOCK_SECONDS = 2.0

Found = tuple[bool, str]
"""Whether it is right, and what to say."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only checks, unless told to rotate."""
    parser.add_argument(
        "--rotate-keys", action="store_true", help="encrypt everything again under the first of JUMUN_ENCRYPTION_KEYS"
    )


def run(options: argparse.Namespace) -> int:
    """Check everything; status 1 when something is wrong. An embedded database is started for it if it is down."""
    with application():
        from django.db import DatabaseError

        env = environment.load()
        right = [_tell(name, partial(check, env)) for name, check in _WITHOUT_DATABASE.items()]
        try:
            with _cursor() as cursor:
                cursor.execute("SELECT current_setting('server_version'), current_database()")
                version, name = cursor.fetchone()
        except DatabaseError as problem:
            where = type(problem).__name__
            right.append(_tell("database", lambda: (False, f"no answer ({where}): look at DATABASE_URL or server.log")))
        else:
            right.append(_tell("database", lambda: (True, f"PostgreSQL {version}, {name}")))
            right += [_tell(name, partial(check, env)) for name, check in _WITH_DATABASE.items()]
            if options.rotate_keys:
                right.append(_tell("keys", _rotate_keys))
    return 0 if all(right) else 1


def _tell(name: str, check: Callable[[], Found]) -> bool:
    try:
        right, words = check()
    except Exception as problem:  # noqa: BLE001 - one check that breaks must not hide the others
        right, words = False, f"could not be checked ({type(problem).__name__})"
    print(f"{'ok   ' if right else 'WRONG'} {name}: {words}")
    return right


def _check_secrets(env: Environment) -> Found:
    if not env.secret_key or not env.encryption_keys:
        return False, "JUMUN_SECRET_KEY or JUMUN_ENCRYPTION_KEYS is missing, and the data folder has no secrets.json"
    try:
        for key in env.encryption_keys.split(","):
            Fernet(key)
    except ValueError:
        return False, "JUMUN_ENCRYPTION_KEYS holds something that is no Fernet key"
    return True, "present; keep a copy of them apart from the database's backup"


def _check_timers(env: Environment) -> Found:
    from jumun.jobs.reaper import check_timers

    try:
        check_timers(env)
    except JumunError as problem:
        return False, problem.reason("en")
    return True, f"a worker is dead after {env.stalled_after:g} s without a heartbeat"


def _check_role(_env: Environment) -> Found:
    with _cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper OR r.rolbypassrls, EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid"
            " AND c.relnamespace = 'public'::regnamespace) FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, mighty, owner = cursor.fetchone()
    if mighty or owner:
        what = "may bypass the policies" if mighty else "owns tables"
        return False, f"{name} {what}: give DATABASE_APP_URL a role of its own, or unset it and run `jumun migrate`"
    return True, f"{name} is under every policy"


def _check_locale(_env: Environment) -> Found:
    with _cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(d.encoding), d.datctype, EXISTS (SELECT 1 FROM pg_extension WHERE extname ="
            " 'pg_trgm') FROM pg_database d WHERE d.datname = current_database()"
        )
        encoding, ctype, trigrams = cursor.fetchone()
        hangul = ctype not in ("C", "POSIX")
        if trigrams:
            cursor.execute("SELECT cardinality(show_trgm('김민수')) > 0")
            hangul = bool(cursor.fetchone()[0])
    if encoding != "UTF8" or not hangul:
        return False, f"{encoding} {ctype} does not know Hangul: make the database anew with UTF8 and C.UTF-8"
    return True, f"{encoding} {ctype} knows Hangul" + ("" if trigrams else "; no pg_trgm, so searching is slower")


def _check_migrations(_env: Environment) -> Found:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return False, f"{len(missing)} are not applied: run `jumun migrate`"
    return True, "all applied"


def _check_worker(env: Environment) -> Found:
    with _cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %s)),"
            " extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers",
            [env.stalled_after],
        )
        living, age = cursor.fetchone()
    if not living:
        last = "none was ever seen" if age is None else f"the last was seen {float(age):.0f} s ago"
        return False, f"no worker is alive, {last}: run `jumun up` or `jumun worker`"
    return True, f"{living} alive, last heartbeat {float(age):.0f} s ago"


def _check_clock(_env: Environment) -> Found:
    with _cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = (now() - cursor.fetchone()[0]).total_seconds()
    if abs(apart) > MOST_CLOCK_SECONDS:
        return False, f"this machine is {apart:+.1f} s off the database's clock: set both by NTP"
    return True, f"{apart:+.2f} s off the database's"


def _check_channel_clocks(_env: Environment) -> Found:
    """A channel refuses signatures of a clock that is minutes off (R31)."""
    from jumun.channels.health import MOST_SKEW
    from jumun.channels.queries import list_accounts
    from jumun.companies.queries import list_company_ids
    from jumun.core.tenancy import acting_as

    heard: list[tuple[int, str]] = []
    for company_id in list_company_ids():
        with acting_as(company_id):
            heard += [(each.clock_skew, each.name) for each in list_accounts() if each.clock_skew is not None]
    wrong = [f"{name} {skew:+d} s" for skew, name in heard if abs(skew) > MOST_SKEW]
    if wrong:
        return False, f"this machine's clock is off its channels' ({', '.join(wrong)}): switch NTP on, then check each"
    farthest = max((abs(skew) for skew, _ in heard), default=0)
    return True, f"{len(heard)} accounts told the time, at most {farthest} s off" if heard else "none told the time yet"


def _rotate_keys() -> Found:
    """Encrypt again what every company and every person keeps encrypted. Safe to repeat and while Jumun runs."""
    from jumun.channels.actions import reseal_accounts
    from jumun.companies.queries import list_company_ids
    from jumun.companies.second_factor import reseal_factors
    from jumun.core.tenancy import acting_as
    from jumun.orders.actions.reseal import reseal_recipients

    companies = list_company_ids()
    try:
        reseal_factors()
        for company_id in companies:
            with acting_as(company_id):
                reseal_accounts()
            last: int | None = 0
            while last is not None:
                with acting_as(company_id):
                    last = reseal_recipients(after=last)
    except InvalidToken:
        return (
            False,
            "something lies under a key that JUMUN_ENCRYPTION_KEYS no longer has: put that key back at its end",
        )
    return True, f"{len(companies)} companies now need only the first of JUMUN_ENCRYPTION_KEYS"


def _cursor() -> AbstractContextManager[Any]:
    from django.db import connection

    return connection.cursor()


_WITHOUT_DATABASE: dict[str, Callable[[Environment], Found]] = {"secrets": _check_secrets, "timers": _check_timers}
_WITH_DATABASE: dict[str, Callable[[Environment], Found]] = {
    "role": _check_role,
    "locale": _check_locale,
    "migrations": _check_migrations,
    "worker": _check_worker,
    "clock": _check_clock,
    "channel clocks": _check_channel_clocks,
}
