"""X05, X06: a hostile file is refused within a second or so, by the child, and hurts nobody."""

import io
import time
import zipfile

import pytest
from tests.sheets.making import SHEET, put, read, repacked, workbook

from jumun.sheets import process
from jumun.sheets.reading import SheetError, open_book
from jumun.sheets.writing import SheetColumn, write_table

SOON = 3.0
"""Seconds, with the start of the child, on a machine that does other things too."""


def refused(path):
    """Why a file is refused; it must be quick."""
    started = time.monotonic()
    with pytest.raises(SheetError) as problem:
        read(path)
    assert time.monotonic() - started < SOON
    return problem.value.code, problem.value.values.get("why")


@pytest.fixture
def plain(tmp_path):
    return workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["이름", 1]))


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD1", "AMK5", "ZZZZ9"])
def test_x05_a_far_cell(plain, cell):
    far = f'<c r="{cell}"><v>1</v></c></row>'.encode()
    assert refused(repacked(plain, change={SHEET: lambda xml: xml.replace(b"</row>", far, 1)})) == (
        "sheet_hostile",
        "far_cell",
    )


def test_x05_a_row_far_down_beside_a_broad_table(plain):
    far = b'<row r="1048576"><c r="AZ1048576"><v>1</v></c></row></sheetData>'
    assert refused(repacked(plain, change={SHEET: lambda xml: xml.replace(b"</sheetData>", far)}))[0] == "sheet_too_big"


def test_x05_a_dimension_that_lies_hurts_nobody(plain):
    repacked(plain, change={SHEET: lambda xml: xml.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"')})
    assert read(plain) == [("이름", 1)]


def test_x05_empty_cells_far_away_are_only_formats(plain):
    far = b'<c r="XFD1" s="0"/></row>'
    repacked(plain, change={SHEET: lambda xml: xml.replace(b"</row>", far, 1)})
    assert read(plain) == [("이름", 1)]


def test_x05_a_cell_of_300_mb(plain):
    long = b'<c r="C1" t="inlineStr"><is><t>' + b"x" * (300 * 1024**2) + b"</t></is></c></row>"
    assert refused(repacked(plain, change={SHEET: lambda xml: xml.replace(b"</row>", long, 1)}))[0] in (
        "sheet_hostile",
        "sheet_too_big",
    )


def test_x05_a_long_cell_that_packs_badly(plain):
    import base64
    import random

    noise = base64.b64encode(random.Random(1).randbytes(3 * 1024**2))
    long = b'<c r="C1" t="inlineStr"><is><t>' + noise + b"</t></is></c></row>"
    assert refused(repacked(plain, change={SHEET: lambda xml: xml.replace(b"</row>", long, 1)})) == (
        "sheet_hostile",
        "long_cell",
    )


def test_x05_ten_thousand_entries(plain):
    assert refused(repacked(plain, add={f"xl/media/{n}.png": b"x" for n in range(10_000)})) == (
        "sheet_hostile",
        "entries",
    )


def test_x05_a_ratio_over_a_hundred(plain):
    assert refused(repacked(plain, add={"xl/media/a.bin": bytes(20 * 1024**2)})) == ("sheet_hostile", "ratio")


def test_x05_a_zip_in_the_zip(plain):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("a", "b")
    assert refused(repacked(plain, add={"xl/media/a.bin": inner.getvalue()})) == ("sheet_hostile", "nested_zip")


def test_x06_xxe_and_billion_laughs(plain):
    for dtd in (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    ):
        repacked(plain, change={SHEET: lambda xml, dtd=dtd: dtd + xml.replace(b"?>", b"?>" + dtd, 1)})
        assert refused(plain) == ("sheet_hostile", "dtd")


def test_x06_a_dtd_in_another_encoding(plain):
    repacked(plain, change={SHEET: lambda xml: xml.decode().encode("utf-16")})
    assert refused(plain) == ("sheet_hostile", "xml_encoding")


def test_x06_external_links(plain):
    repacked(plain, add={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert refused(plain) == ("sheet_hostile", "external_links")


def test_x05_a_parser_that_aborts_ends_the_child_and_nothing_else(plain, monkeypatch, tmp_path):
    """The far cells of an xls get past our look; the child's own limits end it (SIGABRT)."""
    monkeypatch.setattr(process, "_MODULE", "tests.sheets.aborting")
    monkeypatch.setattr(process, "_SOURCE", f"{process._SOURCE}:{tmp_path.cwd()}")
    assert refused(plain) == ("sheet_hostile", "SIGABRT")
    monkeypatch.undo()
    assert read(plain) == [("이름", 1)]


def test_x05_a_parser_without_memory_is_refused_by_its_own_abort(monkeypatch, tmp_path):
    """The real parser with the real limit, a smaller one: native code aborts, we are told."""
    columns = [SheetColumn(str(nth)) for nth in range(25)]
    write_table(
        tmp_path / "a.xlsx", columns, ([f"서울특별시 강남구 {x}-{y}" for x in range(25)] for y in range(20_000))
    )
    monkeypatch.setattr(process, "_MODULE", "tests.sheets.cramped")
    monkeypatch.setattr(process, "_SOURCE", f"{process._SOURCE}:{tmp_path.cwd()}")
    with pytest.raises(SheetError) as problem:
        read(tmp_path / "a.xlsx")
    assert (problem.value.code, problem.value.values["why"]) == ("sheet_hostile", "SIGABRT")
    monkeypatch.undo()
    assert len(read(tmp_path / "a.xlsx")) == 20_001


def test_x05_a_child_that_says_nothing_is_ended(plain, monkeypatch, tmp_path):
    monkeypatch.setattr(process, "_MODULE", "tests.sheets.silent")
    monkeypatch.setattr(process, "_SOURCE", f"{process._SOURCE}:{tmp_path.cwd()}")
    with pytest.raises(SheetError) as problem, process.reading_child(plain, patience=0.5) as child:
        child.hear()
    assert problem.value.values["why"] == "time"
    assert child.process.returncode is not None


def test_x05_memory_of_the_child_is_limited(plain):
    """A zip whose sizes lie is ended by the limits of the process, whatever the look before said."""
    import subprocess
    import sys

    code = (
        "from jumun.sheets.child import limit_ourselves as l; l()\n"
        "import resource as r; print(r.getrlimit(r.RLIMIT_AS)[0], r.getrlimit(r.RLIMIT_CORE)[0], r.getrlimit(r.RLIMIT_FSIZE)[0])\n"
        "try:\n bytearray(2*1024**3)\nexcept MemoryError: print('stopped')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(1024**3), "0", "0", "stopped"]


def test_x06_csv_with_an_endless_quote(tmp_path):
    path = put(tmp_path / "a.csv", b'a,b\n"' + b"x" * 2 * 1024**2)
    assert refused(path) == ("sheet_unreadable", "quotes")


def test_x06_html_with_endless_spans(tmp_path):
    cells = b"<tr>" + b"<td colspan=1000 rowspan=60000>x</td>" * 3 + b"</tr>"
    assert refused(put(tmp_path / "a.xls", b"<table>" + cells * 3 + b"</table>"))[0] == "sheet_hostile"


def test_the_child_sees_no_environment_and_no_password_in_its_arguments(plain):
    with open_book(plain, password="비밀번호1") as book:
        pid = book._child.process.pid
        told = open(f"/proc/{pid}/cmdline", "rb").read() + open(f"/proc/{pid}/environ", "rb").read()
        assert "비밀번호1".encode() not in told
        assert b"JUMUN" not in told
        assert b"DATABASE" not in told
