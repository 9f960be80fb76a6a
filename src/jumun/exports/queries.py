"""Reading the history of exports, inside `acting_as(company)`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from jumun.core.errors import NotFoundError
from jumun.exports.models import Export, State


@dataclass(frozen=True, slots=True)
class ExportShown:
    """One line of the history: who took what, why, how many rows. `state` is "expired" once its time is up.

    done      rows written so far
    """

    id: int
    by: int | None
    by_name: str
    what: str
    kind: str
    title: str
    asked: str
    titles: tuple[str, ...]
    personal: bool
    reason: str
    locked: bool
    state: str
    total: int
    rows: int | None
    done: int
    name: str
    size: int
    downloads: int
    job: int | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def share(self) -> int:
        """Percent written."""
        return min(100, self.done * 100 // self.total) if self.total else 100


def get_export(export_id: int, person: int, *, everybodys: bool, at: datetime) -> ExportShown:
    """One export, of one's own or, for whoever reads everybody's history, of anybody. Raises NotFoundError."""
    found = list_exports(person, everybodys=everybodys, ids=[export_id], at=at)[0]
    if not found:
        raise NotFoundError("not_found")
    return found[0]


def list_exports(
    person: int,
    *,
    everybodys: bool,
    at: datetime,
    after: int | None = None,
    ids: Collection[int] | None = None,
    limit: int = 50,
) -> tuple[list[ExportShown], int | None]:
    """Exports, newest first, before the id `after`, and the next `after`; one's own or, with `everybodys`, all."""
    found = Export.objects.select_related("by", "job").defer("chosen").order_by("-id")
    if not everybodys:
        found = found.filter(by_id=person)
    if after is not None:
        found = found.filter(id__lt=after)
    if ids is not None:
        found = found.filter(id__in=ids)
    rows: Sequence[Export] = list(found[: limit + 1])
    shown = [_show(row, at) for row in rows[:limit]]
    return shown, shown[-1].id if len(rows) > limit else None


def _show(row: Export, at: datetime) -> ExportShown:
    over = row.state == State.READY and row.expires_at is not None and row.expires_at <= at
    return ExportShown(
        id=row.id,
        by=row.by_id,
        by_name=row.by.name if row.by else "",
        what=row.what,
        kind=row.kind,
        title=row.title,
        asked=row.asked,
        titles=tuple(str(each.get("title", "")) for each in row.columns),
        personal=row.personal,
        reason=row.reason,
        locked=row.locked,
        state=State.EXPIRED if over else row.state,
        total=row.total,
        rows=row.rows,
        done=row.rows if row.rows is not None else (row.job.done if row.job else 0),
        name=row.name,
        size=row.size,
        downloads=row.downloads,
        job=row.job_id,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )
