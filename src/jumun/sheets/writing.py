"""Writing tables: streamed, text as text, no formula ever, with a password if wanted."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Literal

from jumun.sheets.texts import as_cell
from jumun.sheets.writing_csv import write_csv
from jumun.sheets.writing_form import FormColumn, FormNote, write_form_book
from jumun.sheets.writing_xlsx import SHEET, ColumnShape, write_xlsx

Value = str | int | float | bool | Decimal | date | datetime | None
Kind = Literal["text", "number", "date"]
_TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column to write."""

    title: str
    kind: str = "text"
    """"text": everything in it is text, ids and numbers too; "number"; "date"."""
    width: float | None = None
    """In characters; None: what suits its kind."""
    choices: tuple[str, ...] = ()
    """What its drop-down offers, in a form."""


def write_table(
    path: Path,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Value]],
    *,
    kind: str = "xlsx",
    password: str | None = None,
    told: Callable[[int], None] | None = None,
    sheet: str = SHEET,
) -> int:
    """Write a table and answer how many rows it has; the rows are taken one by one and never held.

    kind       "xlsx", or "csv" (utf-8 with its mark, so that Excel reads Hangul)
    password   locks an xlsx with AES; a csv cannot be locked: ValueError
    told       hears the number of rows written, every 1,000 and at the end
    sheet      what the worksheet of an xlsx is called: there are malls that look for theirs by its name
    """
    if password and kind != "xlsx":
        raise ValueError("only an xlsx can have a password")
    counted = _Counted(rows, columns, told)
    titles = [as_cell(column.title, "text") for column in columns]
    if kind == "csv":
        write_csv(path, titles, counted)
    else:
        shapes = [
            ColumnShape(str(title), column.kind, column.width) for title, column in zip(titles, columns, strict=True)
        ]
        with _locking(path, password) as open_path:
            write_xlsx(open_path.path, shapes, counted, sheet=sheet)
    counted.finish()
    return counted.count


def write_form(
    path: Path,
    columns: Sequence[SheetColumn],
    examples: Sequence[Sequence[Value]],
    notes: Sequence[str],
    *,
    required: Sequence[int] = (),
) -> None:
    """A form to fill in: titles, example rows, drop-downs where a column has choices, and a second sheet of notes.

    required   places (from 0) of columns whose title is marked
    """
    form = [
        FormColumn(column.title, column.kind, column.width, column.choices, nth in set(required))
        for nth, column in enumerate(columns)
    ]
    rows = [[as_cell(value, column.kind) for value, column in zip(row, columns, strict=False)] for row in examples]
    write_form_book(path, form, rows, [FormNote(each) for each in notes])


class _Counted:
    """The rows as cells that can be written, counted on their way."""

    def __init__(
        self, rows: Iterable[Sequence[Value]], columns: Sequence[SheetColumn], told: Callable[[int], None] | None
    ) -> None:
        self._rows, self._told = rows, told
        self._kinds = [column.kind for column in columns]
        self.count = 0

    def __iter__(self) -> Iterator[list[Value]]:
        for row in self._rows:
            yield [as_cell(value, kind) for value, kind in zip(row, self._kinds, strict=False)]
            self.count += 1
            if self._told is not None and self.count % _TOLD_EVERY == 0:
                self._told(self.count)

    def finish(self) -> None:
        """The last number told is the whole."""
        if self._told is not None and self.count % _TOLD_EVERY:
            self._told(self.count)


class _locking:  # noqa: N801 — reads as the verb it is
    """Write to `path` here; on leaving it is locked with the password, if there is one, and put where it belongs."""

    def __init__(self, target: Path, password: str | None) -> None:
        self.target, self.password = target, password
        self._folder = tempfile.TemporaryDirectory(prefix="jumun-lock-", dir=target.parent) if password else None
        self.path = Path(self._folder.name) / "plain" if self._folder else target

    def __enter__(self) -> "_locking":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._folder is None:
            return
        with self._folder:
            if kind is None:
                locked = Path(self._folder.name) / "locked"
                _lock(self.path, locked, self.password or "")
                copyfile(locked, self.target)
                self.target.chmod(0o600)


def _lock(plain: Path, locked: Path, password: str) -> None:
    """AES-256 as Excel does it (agile encryption)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    with plain.open("rb") as source, locked.open("wb+") as target:
        OOXMLFile(source).encrypt(password, target)
