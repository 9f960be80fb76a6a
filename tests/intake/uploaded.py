"""Sheets of orders for tests: written as csv, uploaded, committed without the queue."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HEADER = (
    "주문번호",
    "상품주문번호",
    "주문일시",
    "상품명",
    "옵션",
    "상품코드",
    "수량",
    "상품금액",
    "수취인명",
    "연락처1",
    "우편번호",
    "주소",
    "배송메시지",
)


def row(order: str, line: str = "", **more: str) -> list[str]:
    """A sound row of one T-shirt for 김서연, unless said otherwise by header."""
    told = {
        "주문번호": order,
        "상품주문번호": line,
        "주문일시": "2026-11-22 10:30:00",
        "상품명": "온산 순면 라운드 티셔츠",
        "옵션": "블랙 / L",
        "상품코드": "TSH-BLK-L",
        "수량": "1",
        "상품금액": "12900",
        "수취인명": "김서연",
        "연락처1": "010-0000-1234",
        "우편번호": "04524",
        "주소": "서울 중구 세종대로 110",
        "배송메시지": "문 앞에 놓아 주세요",
    }
    return [(told | more)[name] for name in HEADER]


def write(
    folder: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER, name: str = "orders.csv"
) -> Path:
    """The sheet on disk."""
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path


def upload(house: Any, path: Path, **more: Any) -> int:
    """Upload it for the house's account, unless said otherwise; answers the upload."""
    from jumun.intake.sheet_upload import start_upload

    return start_upload(
        house.company, path, path.name, **({"account": house.account, "by": house.owner, "at": house.at} | more)
    )


def commit(house: Any, upload_id: int) -> None:
    """Start the commit and do what its task does."""
    from jumun.intake.sheet_storing import commit_rows, end_commit
    from jumun.intake.sheet_upload import start_commit

    job = start_commit(upload_id, by=house.owner, at=house.at)
    commit_rows(house.company, upload_id, by=house.owner, at=house.at)
    end_commit(upload_id, job, at=house.at)


def verdicts(upload_id: int) -> dict[int, tuple[str, str]]:
    """Verdict and reason by sheet row."""
    from jumun.intake.sheet_queries import list_rows

    return {each.row: (each.verdict, each.code) for each in list_rows(upload_id, limit=10_000)}


def make_sheet(house: Any) -> dict[str, int]:
    """A sheet with one good row and one refused, and a template; call inside acting_as. Answers their ids by name."""
    import tempfile

    from jumun.intake.models import SheetUpload
    from jumun.intake.sheet_fields import Plan
    from jumun.intake.sheet_templates import save_template

    with tempfile.TemporaryDirectory() as folder:
        made = upload(house, write(Path(folder), [row("S1", "s1"), row("S2", "s2", 수량="0")]))
    plan = Plan.from_json(SheetUpload.objects.get(id=made).plan)
    template = save_template(
        house.company, name=f"양식 {made}", plan=plan, account=house.account, by=house.owner, at=house.at
    )
    return {"sheet": made, "sheet_id": made, "row": 2, "sheet_template_id": template}
