"""`jumun bench`, sheets: reading and importing beside the bare reader and the bare COPY of the very rows."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HEADER = (
    "주문번호", "상품주문번호", "주문일시", "상품명", "옵션정보", "판매자 상품코드", "수량", "상품별 총 주문금액", "수취인명",
    "수취인연락처1", "수취인연락처2", "우편번호", "기본배송지", "배송메세지", "구매자명", *(f"비고 {n}" for n in range(10)),
)  # fmt: skip
"""Twenty-five columns, as a mall's sheet has them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of one piece of work, and of the bare one beside it."""

    what: str
    ours: float
    bare: float


def measure_sheets(
    company: int,
    account: int,
    count: int,
    *,
    timed: Callable[[Callable[[], object]], tuple[float, object]],
    copied: Callable[[], float],
    at: datetime,
) -> Iterator[Measured]:
    """Read and import one sheet of `count` rows; `copied` makes the bare COPY of what was stored and answers its seconds."""
    with tempfile.TemporaryDirectory(prefix="jumun-bench-") as folder:
        path = Path(folder) / "orders.xlsx"
        _write(path, count)
        ours, read = timed(lambda: _read(path))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # the reader is a child of ours
        bare, rows = _read_bare(path)
        if rows != read or read != count + 1:
            raise RuntimeError("the bench did not read everything")
        yield Measured(f"read {count:,} rows x 25 ({memory} MB)", ours, bare)
        seconds, stored = timed(lambda: _import(company, account, path, at))
        if stored != -(-count // 2):
            raise RuntimeError("the bench did not import everything")
        yield Measured(f"import {count:,} rows ({_megabytes()} MB)", seconds, bare + copied())


def _write(path: Path, count: int) -> None:
    from jumun.sheets.writing import SheetColumn, write_table

    def rows() -> Iterator[Sequence[str]]:
        for n in range(count):
            yield (
                f"2026112{n // 2:09}", f"2026112{n:010}", "2026-11-22 10:30:00", "온산 순면 라운드 티셔츠", "블랙 / L", "TSH-1",
                "1", "12900", f"김서연{n // 2 % 900}", "010-0000-1234", "", "04524", "서울 중구 세종대로 110", "문 앞", "이구매",
                *(f"값 {n}" for _ in range(10)),
            )  # fmt: skip

    write_table(path, [SheetColumn(title) for title in HEADER], rows(), kind="xlsx")


_BARE = """
import sys, time
from python_calamine import CalamineWorkbook
begun = time.perf_counter()
rows = sum(1 for _ in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
print(time.perf_counter() - begun, rows)
"""


def _read_bare(path: Path) -> tuple[float, int]:
    """Seconds and rows of the reader alone, in a process of its own: its memory is not ours."""
    done = subprocess.run([sys.executable, "-c", _BARE, str(path)], check=True, capture_output=True, text=True)
    seconds, rows = done.stdout.split()
    return float(seconds), int(rows)


def _read(path: Path) -> int:
    from jumun.sheets.reading import open_book

    with open_book(path) as book:
        return sum(1 for _ in book.rows(book.sheets[0].name))


def _import(company: int, account: int, path: Path, at: datetime) -> int:
    """All a person waits for: reading, judging, staging, and the orders in their tables; answers how many."""
    from jumun.intake.sheet_report import Wanted, import_sheet

    return import_sheet(company, path, Wanted(account, commit=True), by=None, at=at).committed


def _megabytes() -> int:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
