"""What a file is, by its bytes and never by its name, and opening it so; inside the child (X07)."""

from pathlib import Path
from typing import BinaryIO

from jumun.sheets.errors import SheetError
from jumun.sheets.magic import EMPTY_ZIP, KOREAN_LOCKS, OLE, OTHERS, SPLIT_ZIP, ZIP
from jumun.sheets.opened import Opened

_LOOKED_AT = 4096


def open_file(path: str, password: str | None) -> Opened:
    """Open any file we read. Raises SheetError."""
    with Path(path).open("rb") as file:
        start = file.read(_LOOKED_AT)
    if not start:
        raise SheetError("sheet_empty")
    if start.startswith(OLE):
        return _open_ole(path, password)
    if start.startswith((EMPTY_ZIP, SPLIT_ZIP, *OTHERS)):
        raise SheetError("sheet_unreadable", why="kind")
    if start.startswith(ZIP):
        from jumun.sheets.workbooks import open_xlsx

        return open_xlsx(Path(path).open("rb"))
    if start.startswith(KOREAN_LOCKS):
        raise SheetError("sheet_unreadable", why="document_security")
    from jumun.sheets.html_tables import looks_like_html, open_html
    from jumun.sheets.separated import open_separated

    return open_html(path) if looks_like_html(start) else open_separated(path, start)


def _open_ole(path: str, password: str | None) -> Opened:
    from jumun.sheets.locked import unlock
    from jumun.sheets.workbooks import open_xls, open_xlsx

    plain: BinaryIO | None = unlock(path, password)
    if plain is None:
        return open_xls(Path(path).open("rb"))
    start = plain.read(len(OLE))
    plain.seek(0)
    return open_xlsx(plain) if start.startswith(ZIP) else open_xls(plain)
