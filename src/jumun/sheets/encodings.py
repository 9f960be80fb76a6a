"""In which encoding a text file is written: all of it in one we know, or it is refused; never a guess (X02)."""

import codecs
import re
from pathlib import Path

from jumun.sheets.errors import SheetError
from jumun.sheets.limits import MOST_FILE_BYTES

_AT_ONCE = 1024**2
_WORDS_IN_UTF8 = re.compile(rb"(?<![\x80-\xff])(?:[\xea-\xed][\x80-\xbf]{2}){2,}(?![\x80-\xff])")
"""Hangul in utf-8, two syllables or more. In a cp949 file such bytes would be rare Hanja: it is two files in one."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\ufffe\uffff]")


def find_encoding(path: str) -> str:
    """The encoding that fits every byte of the file. Raises SheetError("sheet_encoding" | "sheet_unreadable")."""
    size = Path(path).stat().st_size
    if size > MOST_FILE_BYTES:
        raise SheetError("sheet_too_big")
    with Path(path).open("rb") as file:
        start = file.read(_AT_ONCE)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise SheetError("sheet_encoding")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif start.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif b"\x00" in start:
        tried = _without_mark(start)
    else:
        tried = ["utf-8", "cp949"]
    for encoding in tried:
        if _fits(path, encoding):
            return encoding
    raise SheetError("sheet_encoding")


def _without_mark(start: bytes) -> list[str]:
    """utf-16 without its mark: separators and digits have their zero on one side."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < 4 * min(even, odd) or len(start) < 4:
        raise SheetError("sheet_unreadable", why="binary")
    return ["utf-16-le"] if odd > even else ["utf-16-be"]


def _fits(path: str, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    before = b""
    with Path(path).open("rb") as file:
        while True:
            piece = file.read(_AT_ONCE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                return False
            if _NO_TEXT.search(text):
                raise SheetError("sheet_unreadable", why="binary")
            if encoding == "cp949" and _WORDS_IN_UTF8.search(before + piece):
                return False
            if not piece:
                return True
            before = piece[-64:]
