"""Which column is what: an uploaded sheet's columns as a person confirms them, and the plan their answers make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from jumun.core.errors import JumunError
from jumun.intake.sheet_fields import REQUIRED, Field, Plan, Source, header_text
from jumun.intake.sheet_queries import Upload
from jumun.web.sheet_words import UNSURE, name_sheet_field

SHOWN_SAMPLES = 3


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


def read_plan(plan: Plan, form: QueryDict) -> Plan:
    """The plan with what a form's `column-<n>` say. What nobody changed stays as it was made out: joined, split, added."""
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
    if not sources:
        raise JumunError("invalid", field="plan")
    dates = form.get("dates", plan.dates)
    return replace(
        plan,
        sources={name: sources[name] for name in Field if name in sources},
        dates=dates if dates in ("", "dmy", "mdy") else plan.dates,
    )


def _told(form: Mapping[str, object]) -> dict[int, Field | None]:
    told: dict[int, Field | None] = {}
    for key in form:
        name, _dash, place = key.partition("-")
        if name != "column" or not (place.isascii() and place.isdigit() and len(place) < 6):
            continue
        value = str(form[key])
        try:
            told[int(place)] = Field(value) if value else None
        except ValueError as unknown:
            raise JumunError("invalid", field=key) from unknown
    return told
