"""Where a file lies while it is written: a folder of one's own in the data folder, which nobody but us can read.

A killed process leaves its folder behind, with recipients in it. The next one that writes, and the clock, clear it away:
whoever writes holds a lock on a file in its folder, and the kernel lets go of it when the process ends, however it ends.
That holds for several machines that share the folder and for a container that was started anew, where a process number
says nothing.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

NAME = "half-written"
LOCK = "being-written"
_HOME_LOCK = "clearing"


@contextmanager
def half_folder() -> Iterator[Path]:
    """A fresh folder, gone with all that is in it at the end."""
    clear_halves()
    home = _home()
    with _locked(home / _HOME_LOCK):  # else it would be cleared away before it is locked
        folder = Path(tempfile.mkdtemp(dir=home))
        held = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


@contextmanager
def received(chunks: Iterable[bytes]) -> Iterator[Path]:
    """An uploaded file as it lies on disk, gone at the end."""
    with half_folder() as folder:
        path = folder / "received"
        with path.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
        yield path


def clear_halves() -> None:
    """Remove what processes left that are no more."""
    home = _home()
    with _locked(home / _HOME_LOCK):
        for folder in home.iterdir():
            if folder.is_dir() and not _in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _home() -> Path:
    home = Path(settings.ENV.data) / NAME
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Wait for the lock on this file and hold it."""
    held = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _in_use(folder: Path) -> bool:
    """Whether somebody holds the lock of a folder. One without a lock file was left by a process that was killed."""
    try:
        held = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False
