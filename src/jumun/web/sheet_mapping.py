"""Which column is what: an uploaded sheet's columns as a person confirms them, and the plan their answers make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from jumun.core.errors import JumunError
from jumun.intake.sheet_fields import REQUIRED, Field, Plan, Source, header_text
from jumun.intake.sheet_queries import Upload
from jumun.web.sheet_words import UNSURE, name_sheet_field

SHOWN_SAMPLES = 3
LONGEST_FIXED = 500
LONGEST_SEPARATOR = 10
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: its header, what it holds, which field it is, and why a person should look at it."""

    place: int
    header: str
    samples: tuple[str, ...]
    field: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A field no column is, and why that is asked about."""

    label: str
    why: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Split:
    """A field that is one part of what a column holds; `part` counts from 1, from the end if negative."""

    field: str
    label: str
    column: int
    by: str
    part: int


def fields_of(plan: Plan) -> dict[int, Field]:
    """The field each column shows; one that tells two fields shows the first."""
    shown: dict[int, Field] = {}
    for name in Field:
        source = plan.sources.get(name)
        for column in source.columns if source else ():
            shown.setdefault(column, name)
    return shown


def list_columns(upload: Upload, *, clear: bool) -> list[Column]:
    """The sheet's columns in its order; `clear`: with samples of what they hold."""
    if upload.plan is None:
        return []
    shown = fields_of(upload.plan)
    doubts: dict[int, list[str]] = {}
    for each in upload.unsure:
        for column in each.get("columns", ()):
            doubts.setdefault(column, []).append(f"{name_sheet_field(each['field'])}: {UNSURE.get(each['code'], '')}")
    places = sorted({*range(len(upload.headers)), *upload.samples, *shown})
    return [
        Column(
            place=place,
            header=header_text(upload.headers, place),
            samples=tuple(text for text in upload.samples.get(place, ()) if text)[:SHOWN_SAMPLES] if clear else (),
            field=shown[place].value if place in shown else "",
            doubts=tuple(doubts.get(place, ())),
        )
        for place in places
        if place in shown or place in doubts or upload.samples.get(place) or header_text(upload.headers, place)
    ]


def list_missing(upload: Upload) -> list[Missing]:
    """Fields that are asked about or that no row is good without, and that no column is."""
    if upload.plan is None:
        return []
    told = {*upload.plan.sources, *upload.plan.fixed}
    asked = {each["field"]: each["code"] for each in upload.unsure}
    return [
        Missing(name_sheet_field(name), str(UNSURE[asked.get(name.value, "not_found")]), name in REQUIRED)
        for name in Field
        if name not in told and (name.value in asked or name in REQUIRED)
    ]


def list_fixed(plan: Plan) -> list[tuple[str, str, str]]:
    """Fields that say the same in every row: field, its name, the text."""
    return [(name.value, name_sheet_field(name), plan.fixed[name]) for name in Field if name in plan.fixed]


def list_splits(plan: Plan) -> list[Split]:
    """Fields that are a part of a column's text."""
    return [
        Split(
            name.value,
            name_sheet_field(name),
            source.columns[0],
            source.split,
            source.part + 1 if source.part >= 0 else source.part,
        )
        for name in Field
        if (source := plan.sources.get(name)) and source.split
    ]


def read_plan(plan: Plan, form: QueryDict) -> Plan:
    """The plan with what a form says: `column-<n>`, then texts that always stand, then parts of a column.

    What nobody changed stays as it was made out: joined, split, added. A text that always stands goes before a column.
    Raises JumunError `invalid` for what is no plan.
    """
    sources = _read_columns(plan, form)
    fixed = _read_fixed(plan, form)
    for name, source in _read_splits(plan, form):
        if source is None:
            sources.pop(name, None)
        else:
            sources[name] = source
    for name in fixed:
        sources.pop(name, None)
    if not sources:
        raise JumunError("invalid", field="plan")
    dates = form.get("dates", plan.dates)
    return replace(
        plan,
        sources={name: sources[name] for name in Field if name in sources},
        fixed={name: fixed[name] for name in Field if name in fixed},
        dates=dates if dates in ("", "dmy", "mdy") else plan.dates,
    )


def _read_columns(plan: Plan, form: QueryDict) -> dict[Field, Source]:
    before = fields_of(plan)
    told = _told(form)
    now = {column: told.get(column, before.get(column)) for column in {*before, *told}}
    same = {column for column in now if now[column] == before.get(column)}
    sources = {name: source for name, source in plan.sources.items() if set(source.columns) <= same}
    chosen: dict[Field, list[int]] = {}
    for column, name in sorted(now.items()):
        if name is not None:
            chosen.setdefault(name, []).append(column)
    for name, columns in chosen.items():
        kept = sources.get(name)
        if kept is None or set(columns) - set(kept.columns):
            sources[name] = Source(tuple(columns))
    return sources


def _read_fixed(plan: Plan, form: QueryDict) -> dict[Field, str]:
    """Texts that always stand: those there were unless emptied, and those that are added."""
    told = {name: form.get(f"fixed-{name.value}", text) for name, text in plan.fixed.items()}
    for name, text in zip(form.getlist("fixed_field"), form.getlist("fixed_text"), strict=False):
        if name and text.strip():
            told[_field(name, "fixed_field")] = text
    fixed = {name: " ".join(text.replace("\0", "").split()) for name, text in told.items()}
    if any(len(text) > LONGEST_FIXED for text in fixed.values()):
        raise JumunError("invalid", field="fixed_text")
    return {name: text for name, text in fixed.items() if text}


def _read_splits(plan: Plan, form: QueryDict) -> list[tuple[Field, Source | None]]:
    """Parts of a column: those there were, changed or (their separator emptied) gone, and those that are added."""
    told: list[tuple[Field, Source | None]] = []
    for each in list_splits(plan):
        by = form.get(f"split-{each.field}", each.by)
        part = form.get(f"part-{each.field}", str(each.part))
        told.append((Field(each.field), _split(each.column, by, part) if by else None))
    added = (form.getlist(f"split_{key}") for key in ("field", "column", "by", "part"))
    for name, column, by, part in zip(*added, strict=False):
        if not (name and by):
            continue
        if not (column.isascii() and column.isdigit() and len(column) < 6):
            raise JumunError("invalid", field="split_column")
        told.append((_field(name, "split_field"), _split(int(column), by, part)))
    return told


def _split(column: int, by: str, part: str) -> Source:
    sign, digits = (-1, part[1:]) if part.startswith("-") else (1, part)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= MOST_PARTS):
        raise JumunError("invalid", field="split_part")
    if len(by) > LONGEST_SEPARATOR or "\0" in by:
        raise JumunError("invalid", field="split_by")
    return Source((column,), split=by, part=int(digits) - 1 if sign > 0 else -int(digits))


def _field(text: str, asked: str) -> Field:
    try:
        return Field(text)
    except ValueError as unknown:
        raise JumunError("invalid", field=asked) from unknown


def _told(form: Mapping[str, object]) -> dict[int, Field | None]:
    told: dict[int, Field | None] = {}
    for key in form:
        name, _dash, place = key.partition("-")
        if name != "column" or not (place.isascii() and place.isdigit() and len(place) < 6):
            continue
        value = str(form[key])
        told[int(place)] = _field(value, key) if value else None
    return told
