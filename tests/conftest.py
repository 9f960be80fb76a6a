"""One throw-away PostgreSQL for the session, migrated as owner, used as the application's role.

`db` (pytest-django) rolls everything back; `committed` commits for real, hands out the environment for subprocesses and
empties the tables afterwards.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from jumun.core.database import APP_ROLE, OWNER_ROLE, app_password
from jumun.core.embedded_postgres import EmbeddedPostgres

hypothesis.settings.register_profile("jumun", deadline=None)  # a busy machine fails no test of speed
hypothesis.settings.load_profile("jumun")
SECRET = "tests only: not a secret"
FERNET = Fernet.generate_key().decode()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Monday noon in Seoul."""


@dataclass(frozen=True)
class TestDatabase:
    """Where the tests' database is."""

    __test__ = False
    owner: str
    """libpq connection string of the owner."""
    app: str
    env: dict[str, str]
    """Environment for subprocesses of Jumun on this database."""
    serving: list[Any] = field(default_factory=list)
    """Processes of Jumun that outlive a test: they keep their own rows, and no id comes twice before their eyes."""

    def empty(self) -> None:
        """Remove every row, as owner; what the migrations wrote stays."""
        kept = ["django_migrations", "django_content_type", "auth_permission"]
        kept += ["procrastinate_workers"] if self.serving else []
        with psycopg.connect(self.owner, autocommit=True) as owner:
            tables = [name for (name,) in owner.execute(FILLED, [kept])]
            for _ in range(10):
                try:
                    if tables:
                        owner.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
                except psycopg.errors.DeadlockDetected:
                    continue  # a process that was killed is still on its way out
                if not self.serving:
                    owner.execute(COUNT_ANEW)
                return
            raise AssertionError("the tables could not be emptied")


FILLED = """
SELECT quote_ident(relname) FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%s)
   AND (pg_relation_size(oid) > 0
        OR EXISTS (SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database
                    WHERE d.datname = current_database() AND relation IS NOT NULL AND pid <> pg_backend_pid()))
"""
"""Tables that were written to since they were emptied; all of them while somebody is in a transaction."""
COUNT_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def pytest_configure(config: pytest.Config) -> None:
    """Settings that every test shares; pytest-django has read the settings module already."""
    from django.conf import settings

    settings.SECRET_KEY = settings.ENV.secret_key = SECRET
    settings.ENCRYPTION_KEYS = [FERNET]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMO = settings.ENV.demo = True
    settings.ENV.settle_delays = "0.2,0.5,1,1,1,1,1,1,1"
    settings.ENV.settle_grace = 1.5
    settings.ENV.channel_timeout = 2
    settings.ENV.channel_pace = 100


@pytest.fixture(scope="session")
def test_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabase]:
    """A migrated database on a throw-away cluster (or on the server of DATABASE_URL)."""
    name = f"jumun_test_{WORKER}"
    with ExitStack() as stack:
        data = short_folder(stack)
        env = {
            "JUMUN_DATA": str(data),
            "JUMUN_DATABASE_NAME": name,
            "JUMUN_SECRET_KEY": SECRET,
            "JUMUN_ENCRYPTION_KEYS": FERNET,
            "JUMUN_DEMO": "true",
            "JUMUN_CHANNEL_PACE": "100",
            "JUMUN_CHANNEL_TIMEOUT": "2",
            "JUMUN_SETTLE_DELAYS": "0.2,0.5,1,1,1,1,1,1,1",
            "JUMUN_SETTLE_GRACE": "1.5",
            "JUMUN_WORKER_HEARTBEAT": "0.5",
            "JUMUN_STALLED_AFTER": "2",
            "JUMUN_REAPER_EVERY": "0.5",
            "JUMUN_WORKER_POLL": "0.2",
            "DJANGO_SETTINGS_MODULE": "jumun.config.settings",
        }
        server = os.environ.get("DATABASE_URL")
        if server:
            admin = make_conninfo(server)
            owner = make_conninfo(server, dbname=name)
            env["DATABASE_URL"] = _url(owner)
            app = make_conninfo(owner, user=APP_ROLE, password=app_password(SECRET))
        else:
            address = stack.enter_context(EmbeddedPostgres(data / "postgres", durable=False).session())
            admin = address.url(user=OWNER_ROLE, dbname="postgres")
            owner = address.url(user=OWNER_ROLE, dbname=name)
            app = address.url(user=APP_ROLE, dbname=name)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        subprocess.run(
            [sys.executable, "-m", "jumun.cli.main", "migrate"], env={**os.environ, **env}, check=True, timeout=300
        )
        yield TestDatabase(owner, app, env)
        from django.db import connections

        connections["default"].close()
        if connections["default"].pool:
            connections["default"].close_pool()
        if server:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def short_folder(stack: ExitStack) -> Path:
    """A temporary folder with a short path that the server's own account can enter."""
    import tempfile

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jumun-", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    return folder


def _url(conninfo: str) -> str:
    fields = conninfo_to_dict(conninfo)
    user, password = fields.get("user", ""), fields.get("password")
    login = f"{user}:{password}" if password else user
    host, port = fields.get("host", ""), fields.get("port") or "5432"
    if str(host).startswith("/"):
        return f"postgresql://{login}@/{fields['dbname']}?host={host}&port={port}"
    return f"postgresql://{login}@{host}:{port}/{fields['dbname']}"


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> Iterator[None]:
    """Point Django's connection, as the application's role, at the tests' database, and kept files at its folder."""
    from django.conf import settings
    from django.db import connections
    from django.test import override_settings

    fields = conninfo_to_dict(test_database.app)
    database: dict[str, Any] = connections["default"].settings_dict
    for key, name in {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}.items():
        database[name] = str(fields.get(key) or "")
    settings.ENV.data = Path(test_database.env["JUMUN_DATA"])
    settings.ENV.database_name = database["NAME"]
    settings.ENV.database_url = test_database.env.get("DATABASE_URL", "")
    kept = settings.STORAGES["files"]
    kept = kept | {"OPTIONS": kept["OPTIONS"] | {"location": settings.ENV.data / "files"}}
    with override_settings(STORAGES=settings.STORAGES | {"files": kept}):
        yield


@dataclass
class Committed:
    """What `committed` hands out."""

    database_env: dict[str, str]
    database: TestDatabase


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, test_database: TestDatabase) -> Iterator[Committed]:
    """Real commits, seen by other processes; every table is emptied afterwards."""
    from django.db import connection

    with django_db_blocker.unblock():
        test_database.empty()
        yield Committed(dict(test_database.env), test_database)
        connection.close()
        if connection.pool:
            connection.close_pool()  # threads of this test may have left with a connection each
        test_database.empty()


@contextmanager
def serve(database: TestDatabase) -> Iterator[str]:
    """The address of granian, with a worker beside it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for command in (["web", "--port", str(port), "--workers", "1"], ["worker"]):
        env = {**os.environ, **database.env}
        database.serving.append(subprocess.Popen([sys.executable, "-m", "jumun.cli.main", *command], env=env))
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=60) as client:
            client.get(f"http://127.0.0.1:{port}/livez").raise_for_status()
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in database.serving:
            process.terminate()
        for process in database.serving:
            process.wait(40)
        database.serving.clear()


@pytest.fixture(scope="module")
def serving(django_db_setup: None, test_database: TestDatabase) -> Iterator[str]:
    """A server and a worker for every test of a module; each test finds the tables empty."""
    with serve(test_database) as address:
        yield address
    test_database.empty()


@pytest.fixture
def noon() -> datetime:
    """A moment that does not move."""
    return NOON


@pytest.fixture(scope="session")
def simulator() -> Iterator["Simulator"]:
    """The fake malls as a process of their own, fast; reset by `desk`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-m", "jumun.simulator", "--port", str(port)])
    try:
        patient = httpx.HTTPTransport(retries=6)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=patient, timeout=60) as client:
            client.get("/control/health").raise_for_status()
            yield Simulator(client)
    finally:
        running.terminate()
        running.wait(10)


@dataclass(frozen=True)
class Simulator:
    """The control API, in the words tests use, about the malls of one channel."""

    client: httpx.Client
    channel: str = "naver"
    key: str = "store-a"

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(f"/control/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def orders(self, count: int, account: str = "", seed: int = 1, **mix: Any) -> list[dict[str, Any]]:
        """Make orders; answers [{"order_no", "lines"}]."""
        return self.post("orders", channel=self.channel, account=account or self.key, count=count, seed=seed, **mix)[
            "orders"
        ]

    def event(self, event: str, account: str = "", **what: Any) -> Any:
        return self.post("events", channel=self.channel, account=account or self.key, event=event, **what)

    def fault(self, call: str, fault: str, times: int = 1, **more: Any) -> None:
        self.post("faults", channel=self.channel, call=call, fault=fault, times=times, **more)

    def state(self) -> dict[str, Any]:
        return self.client.get("/control/state", params={"channel": self.channel}).json()

    def effects(self, call: str) -> list[dict[str, Any]]:
        """Accepted lines of one call, in order."""
        return [effect for effect in self.state()["effects"] if effect["call"] == call]

    def calls(self) -> Any:
        return self.client.get("/control/calls").json()

    def account(self, key: str) -> dict[str, Any]:
        """The keys and address of a mall account, made if need be."""
        return self.post("accounts", channel=self.channel, key=key)


@dataclass
class Desk:
    """A company at work: one account on the simulator, the demo catalogue, one ship-from."""

    company: int
    owner: int
    account: int
    ship_from: int
    mall: Simulator


def open_desk(mall: Simulator, at: datetime, slug: str = "desk", key: str = "store-a") -> Desk:
    """Found a company, give it the demo catalogue and one account on the simulator."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.channels.actions import AccountFields, create_account
    from jumun.companies.actions import found_company
    from jumun.core.tenancy import acting_as

    made = found_company(
        name="책상상회",
        slug=slug,
        owner_email=f"owner@{slug}.kr",
        owner_name="김주인",
        password="desk-pass-2026",
        at=at,
    )
    card = mall.account(key)
    with acting_as(made.company_id):
        ship_from = put_ship_from(made.company_id, code="main", name="본사 창고")
        put_products(
            made.company_id,
            [
                ProductFields(
                    row["seller_code"],
                    row["product_name"],
                    [SkuFields(row["seller_code"], option_text=row["option"], price=row["price"], ship_from="main")],
                )
                for row in mall.client.get("/control/catalogue").json()["items"]
            ],
        )
        account = create_account(
            made.company_id,
            mall.channel,
            AccountFields(name="스마트스토어 A", key=key, base_url=card["base_url"], credentials=card["credentials"]),
            at=at,
        )
    return Desk(made.company_id, made.person_id, account, ship_from, mall)


@pytest.fixture
def desk(committed: Committed, simulator: Simulator, noon: datetime) -> Desk:
    """A company at work on a fresh mall, with real commits."""
    simulator.post("reset")
    simulator.post("settings", **{"naver.rps": 1000})
    return open_desk(simulator, noon)


@pytest.fixture
def wing(committed: Committed, simulator: Simulator, noon: datetime) -> Desk:
    """A company at work on a fresh Coupang, with real commits."""
    simulator.post("reset")
    simulator.post("settings", **{"coupang.rps": 1000})
    return open_desk(replace(simulator, channel="coupang", key="wing-a"), noon, key="wing-a")


@pytest.fixture
def house(db: None, noon: datetime) -> Iterator[Any]:
    """A company acted for within a transaction that is rolled back (tests.making.House)."""
    from jumun.core.tenancy import acting_as
    from tests.making import open_house

    made = open_house(noon)
    with acting_as(made.company):
        yield made
