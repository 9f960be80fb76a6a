"""Taking a password off, inside the child: xlsx (agile and standard encryption) and xls (RC4, XOR)."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError
from msoffcrypto.format import xls97

from jumun.sheets.errors import SheetError
from jumun.sheets.magic import OLE

_EVERYBODYS = "VelvetSweatshop"
"""The password Excel itself uses for files that are write-protected only; it opens them without asking."""

xls97.tempfile = SimpleNamespace(TemporaryFile=BytesIO)  # nothing that was locked reaches the disk


def unlock(path: str, password: str | None) -> BinaryIO | None:
    """The file without its password, in memory; None when it has none. Raises SheetError."""
    with Path(path).open("rb") as file:
        if file.read(len(OLE)) != OLE:
            return None
        file.seek(0)
        try:
            return _decrypted(file, password)
        except (FileFormatError, ParseError, OSError, ValueError, KeyError) as problem:
            raise SheetError("sheet_unreadable", why=type(problem).__name__) from None


def _decrypted(file: BinaryIO, password: str | None) -> BinaryIO | None:
    office = msoffcrypto.OfficeFile(file)
    if not office.is_encrypted():
        return None
    for tried in (password, _EVERYBODYS) if password else (_EVERYBODYS,):
        plain = _try(office, tried)
        if plain is not None:
            return plain
    raise SheetError("sheet_password_wrong" if password else "sheet_password_needed")


def _try(office: "msoffcrypto.format.base.BaseOfficeFile", password: str) -> BinaryIO | None:
    plain = BytesIO()
    try:
        if office.format == "ooxml":
            office.load_key(password=password, verify_password=True)
        else:
            office.load_key(password=password)
        office.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        return None
    plain.seek(0)
    return plain
