"""결과 엑셀: what became of each target of a job, as a sheet made anew whenever it is asked for."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from jumun.core.clock import in_kst
from jumun.core.halves import half_folder
from jumun.core.sentences import sentence
from jumun.exports.showing import Pair, pick
from jumun.jobs.queries import MOST, get_job, list_entries
from jumun.sheets.writing import SheetColumn, write_table

OUTCOMES: dict[str, Pair] = {
    "done": ("완료", "Done"),
    "refused": ("거절", "Refused"),
    "failed": ("실패", "Failed"),
    "unknown": ("확인 중", "Being checked"),
}
TITLES: tuple[Pair, ...] = (
    ("대상", "Target"),
    ("결과", "Outcome"),
    ("이유", "Reason"),
    ("코드", "Code"),
    ("쇼핑몰이 한 말", "The channel's words"),
    ("언제", "When"),
)


def write_job_result(job_id: int, language: str) -> BinaryIO:
    """The sheet, open for reading; nothing of it stays when it is closed. Raises NotFoundError."""
    get_job(job_id)
    columns = [SheetColumn(pick(title, language), "date" if title == TITLES[-1] else "text") for title in TITLES]
    with half_folder() as folder:
        path = folder / "result.xlsx"
        write_table(path, columns, _rows(job_id, language))
        return path.open("rb")  # its folder goes, what is open can be read to the end


def _rows(job_id: int, language: str) -> Iterator[tuple[Any, ...]]:
    cursor: str | None = None
    while True:
        page = list_entries(job_id, cursor, MOST)
        for entry in page.items:
            yield (
                entry.label or entry.target,
                pick(OUTCOMES[entry.outcome], language),
                sentence(entry.code, language, message=entry.message) if entry.code else "",
                entry.code,
                entry.message,
                in_kst(entry.at).replace(tzinfo=None, microsecond=0),
            )
        cursor = page.next_cursor
        if cursor is None:
            return
