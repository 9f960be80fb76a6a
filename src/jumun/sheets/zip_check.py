"""Looking through an xlsx before any parser does: sizes, ratios, zips in zips, DTDs, far cells (X05, X06)."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree as ET

from jumun.sheets import limits
from jumun.sheets.errors import SheetError
from jumun.sheets.magic import EMPTY_ZIP, ZIP
from jumun.sheets.marks import Marks
from jumun.sheets.sheet_scan import SheetScan

_AT_ONCE = 1024**2
_OVERLAP = 512
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SMALL = 8 * 1024**2
"""A workbook's list of sheets is not longer."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def check_zip(file: BinaryIO) -> Marks:
    """Look through every part; answers what was seen. Raises SheetError."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = {each.filename.replace("\\", "/"): each for each in packed.infolist() if not each.is_dir()}
            _check_sizes(list(packed.infolist()))
            _check_names(parts)
            return _look_through(packed, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ET.ParseError) as problem:
        raise SheetError("sheet_unreadable", why=type(problem).__name__) from None


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.MOST_ENTRIES:
        raise SheetError("sheet_hostile", why="entries")
    for each in entries:
        if each.flag_bits & 1:
            raise SheetError("sheet_unreadable", why="locked_zip")
        if each.file_size > limits.SMALL_PART and each.file_size > limits.MOST_RATIO * max(each.compress_size, 1):
            raise SheetError("sheet_hostile", why="ratio")
    if max((each.file_size for each in entries), default=0) > limits.MOST_PART_BYTES:
        raise SheetError("sheet_too_big")
    if sum(each.file_size for each in entries) > limits.MOST_UNPACKED_BYTES:
        raise SheetError("sheet_too_big")


def _check_names(parts: dict[str, zipfile.ZipInfo]) -> None:
    names = {name.lower() for name in parts}
    if "xl/workbook.xml" not in names:
        raise SheetError("sheet_unreadable", why="no_workbook")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise SheetError("sheet_hostile", why="external_links")


def _look_through(packed: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Marks:
    marks = Marks(macros=any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name for name in parts))
    scans: dict[str, SheetScan] = {}
    for name, part in parts.items():
        scan = SheetScan() if _is_sheet(name) else None
        _look_at(packed, part, _is_xml(name), scan)
        if scan is not None:
            scans[name] = scan
    for name, part_name in _sheets(packed, parts):
        if part_name in scans:
            marks.errors[name] = scans[part_name].errors
    marks.hidden_rows = any(each.hidden_rows for each in scans.values())
    marks.hidden_columns = any(each.hidden_columns for each in scans.values())
    marks.formulas_without_value = any(each.formulas_without_value for each in scans.values())
    return marks


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _is_sheet(name: str) -> bool:
    return name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml")


def _look_at(packed: zipfile.ZipFile, part: zipfile.ZipInfo, is_xml: bool, scan: SheetScan | None) -> None:
    """Read one part in pieces, each with the end of the one before."""
    first, silent = True, 0
    for piece, fresh in _pieces(packed, part, whole=is_xml):
        if first:
            _check_start(piece, is_xml)
            first = False
        if not is_xml:
            return
        if _FORBIDDEN.search(piece):
            raise SheetError("sheet_hostile", why="dtd")
        silent = 0 if b"<" in piece[-fresh:] else silent + fresh
        if silent > limits.LONGEST_TEXT:
            raise SheetError("sheet_hostile", why="long_cell")
        if scan is not None:
            scan.look(piece, len(piece) - fresh)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo, *, whole: bool) -> Iterator[tuple[bytes, int]]:
    tail = b""
    with packed.open(part) as file:
        while fresh := file.read(_AT_ONCE if whole else 8):
            yield tail + fresh, len(fresh)
            tail = (tail + fresh)[-_OVERLAP:]


def _check_start(piece: bytes, is_xml: bool) -> None:
    if piece.startswith((ZIP, EMPTY_ZIP)):
        raise SheetError("sheet_hostile", why="nested_zip")
    if is_xml and (b"\x00" in piece[:4] or piece.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise SheetError("sheet_hostile", why="xml_encoding")


def _sheets(packed: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part it stands in."""
    book, relations = _small(packed, parts, "xl/workbook.xml"), _small(packed, parts, "xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for each in book.iter():
        if each.tag.rpartition("}")[2] == "sheet":
            target = targets.get(each.get(_RELATION) or each.get(_STRICT_RELATION) or "", "") or ""
            yield each.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _small(packed: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> ET.Element | None:
    part = parts.get(name)
    if part is None or part.file_size > _SMALL:
        return None
    return ET.fromstring(packed.read(part))  # noqa: S314 — no DTD is in it: `_look_at` was here before
