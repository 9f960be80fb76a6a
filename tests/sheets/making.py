"""Sheets as people and enemies make them."""

import io
import zipfile
from pathlib import Path

import openpyxl

from jumun.sheets.reading import open_book


def read(path, name=None, password=None):
    """Every row of a file's sheet (the first by default)."""
    with open_book(path, password=password) as book:
        return list(book.rows(book.sheets[0].name if name is None else name))


def workbook(path, fill):
    """An xlsx whose sheet `fill` filled."""
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(path)
    return path


def put(path, content):
    path.write_bytes(content)
    return path


def repacked(path, *, change=None, add=None, drop=()):
    """The xlsx with parts changed (name → bytes → bytes), added (name → bytes) or dropped."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename in drop:
                continue
            content = old.read(part)
            if change and part.filename in change:
                content = change[part.filename](content)
            new.writestr(part.filename, content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
FIXTURES = Path(__file__).parent / "files"
