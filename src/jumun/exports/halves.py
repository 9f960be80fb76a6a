"""Where a file lies while it is written: a folder of one's own in the data folder, which nobody but us can read.

A killed process leaves its folder behind, with recipients in it. The next one that writes, and the clock, clear it away.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

NAME = "half-written"


@contextmanager
def half_folder() -> Iterator[Path]:
    """A fresh folder, gone with all that is in it at the end."""
    clear_halves()
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=_home()) as folder:
        yield Path(folder)


def clear_halves() -> None:
    """Remove what processes left that are no more."""
    for folder in _home().iterdir():
        owner = folder.name.partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _home() -> Path:
    home = Path(settings.ENV.data) / NAME
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
