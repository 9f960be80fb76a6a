"""Taking a file's password off once, so that neither the password nor a locked file is kept (X08)."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jumun.sheets.process import reading_child


@contextmanager
def unlocked(source: Path, password: str | None) -> Iterator[Path]:
    """The file itself when nothing is locked, else a plain copy that is gone after the block.

    Raises SheetError("sheet_password_needed" | "sheet_password_wrong" | "sheet_unreadable" | "sheet_too_big").
    """
    with tempfile.TemporaryDirectory(prefix="jumun-plain-") as folder:
        plain = Path(folder) / "plain"
        yield plain if _unlock(source, password, plain) else source


def _unlock(source: Path, password: str | None, plain: Path) -> bool:
    """Write the plain file; answers whether there was a password to take off."""
    with reading_child(source, password=password, unlock=True) as child, plain.open("wb") as file:
        while True:
            answer = child.hear()
            if isinstance(answer, dict):
                return not answer.get("plain")
            file.write(answer)
