"""Sheets of waybill numbers for tests: written, uploaded, committed without the queue."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HEADER = ("묶음번호", "택배사", "운송장번호")


def write(folder: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER) -> Path:
    """The sheet on disk."""
    path = folder / "numbers.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path


def upload(house: Any, path: Path, **more: Any) -> int:
    """Upload it; answers the upload."""
    from jumun.waybills.sheet_upload import start_upload

    return start_upload(house.company, path, path.name, **({"by": house.owner, "at": house.at} | more))


def commit(house: Any, upload_id: int, *, corrects: bool = True) -> int:
    """Commit it; answers the job."""
    from jumun.dispatch.waybill_sheets import start_commit

    return start_commit(upload_id, by=house.owner, corrects=corrects, at=house.at)


def verdicts(upload_id: int) -> list[tuple[str, str]]:
    """Verdict and reason of each row in the sheet's order."""
    from jumun.waybills.sheet_queries import list_rows

    return [(each.verdict, each.code) for each in list_rows(upload_id, limit=100_000)]
