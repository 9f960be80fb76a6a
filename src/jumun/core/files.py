"""The one door to kept files: sheets that came in, sheets that go out.

Where they lie is Django's storage "files" (a folder under the data folder, or S3 by settings). A key is random and holds
the company's id and nothing else: neither what a file is called nor who may have it can be told from it.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

_COPIED_AT_ONCE = 1024**2


def plan_key(company_id: int) -> str:
    """A key nobody uses yet. Write it into the row first and give it to `keep_file`, and a kill leaves no orphan."""
    return f"{company_id}/{secrets.token_hex(16)}"


def keep_file(company_id: int, name: str, source: Path, *, key: str | None = None) -> str:
    """Keep a copy of a file; answers its key. The name is for the caller's row and is no part of the path.

    key   planned beforehand (`plan_key`); what was kept under it is replaced
    """
    key = key or plan_key(company_id)
    storage = _storage()
    if storage.exists(key):
        storage.delete(key)
    with source.open("rb") as file:
        return storage.save(key, File(file, name=key))


def open_kept(key: str) -> BinaryIO:
    """A kept file to read from; the caller closes it. Raises FileNotFoundError."""
    return cast("BinaryIO", _storage().open(key, "rb"))


@contextmanager
def local_copy(key: str) -> Iterator[Path]:
    """A kept file as a path on this machine, for as long as the block runs; not to be written. Raises FileNotFoundError."""
    storage = _storage()
    try:
        path = Path(storage.path(key))
    except NotImplementedError:
        path = None
    if path is not None:
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="jumun-file-") as folder:
        copied = Path(folder) / "file"
        with open_kept(key) as kept, copied.open("wb") as file:
            copyfileobj(kept, file, _COPIED_AT_ONCE)
        yield copied


def forget_file(key: str) -> None:
    """Delete a kept file; one that is gone already is no mistake."""
    if key:
        _storage().delete(key)


def _storage() -> Storage:
    return storages["files"]
