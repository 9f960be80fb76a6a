"""X01: 100,000 rows of 25 columns in less than 10 seconds and 300 MB."""

import re
import time
from pathlib import Path

import pytest

from jumun.sheets.reading import open_book
from jumun.sheets.writing import SheetColumn, write_table

ROWS = 100_000


@pytest.mark.slow
def test_x01_a_hundred_thousand_rows(tmp_path):
    columns = [SheetColumn(f"항목 {nth}") for nth in range(25)]
    texts = ["서울 중구 세종대로 110", "블랙 / L", "010-0000-1234", "", "TSH-1"]
    rows = ([f"2026112{nth:010}", f"김서연{nth}", *(texts[x % 5] for x in range(23))] for nth in range(ROWS))
    assert write_table(tmp_path / "a.xlsx", columns, rows) == ROWS
    begun = time.monotonic()
    with open_book(tmp_path / "a.xlsx") as book:
        assert sum(1 for _ in book.rows("Sheet1")) == ROWS + 1
        status = Path(f"/proc/{book._child.process.pid}/status").read_text()
    assert time.monotonic() - begun < 10
    assert int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) < 300 * 1024
