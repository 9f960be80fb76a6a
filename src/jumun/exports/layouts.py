"""내려받기 양식: layouts of one's own, and those others share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from jumun.core.errors import ConflictError, JumunError, NotAllowedError, NotFoundError
from jumun.exports.columns import Chosen, read_columns
from jumun.exports.models import ExportLayout, What

LONGEST_NAME = 60
MOST = 200
"""Layouts of one person."""


@dataclass(frozen=True, slots=True)
class LayoutShown:
    """A layout as it is shown."""

    id: int
    owner_id: int
    owner: str
    name: str
    what: str
    columns: tuple[Chosen, ...]
    shared: bool

    def may_change(self, person: int, *, manages: bool) -> bool:
        """Whose it is changes it; one shared with the company also whoever manages people."""
        return self.owner_id == person or (self.shared and manages)


@dataclass(frozen=True, slots=True)
class LayoutFields:
    """What of a layout is given; None leaves it as it is."""

    name: str | None = None
    columns: object = None
    shared: bool | None = None


def list_layouts(person: int, *, what: str = "", ids: Collection[int] | None = None) -> list[LayoutShown]:
    """One's own by name, then the others' that are shared."""
    found = ExportLayout.objects.filter(Q(by_id=person) | Q(shared=True)).select_related("by")
    if what:
        found = found.filter(what=what)
    if ids is not None:
        found = found.filter(id__in=ids)
    return sorted((_show(each) for each in found), key=lambda each: (each.owner_id != person, each.name, each.id))


def get_layout(layout_id: int, person: int) -> LayoutShown:
    """A layout this person may use. Raises NotFoundError."""
    found = list_layouts(person, ids=[layout_id])
    if not found:
        raise NotFoundError("not_found")
    return found[0]


def create_layout(company_id: int, what: str, fields: LayoutFields, *, by: int, at: datetime, language: str) -> int:
    """Keep a layout for oneself. Raises JumunError("invalid" | "no_columns" | "too_many_layouts"), ConflictError."""
    if what not in What.values:
        raise JumunError("invalid", field="what")
    columns = read_columns(what, fields.columns, language)
    if ExportLayout.objects.filter(by_id=by).count() >= MOST:
        raise JumunError("too_many_layouts", most=MOST)
    made = ExportLayout(
        company_id=company_id,
        by_id=by,
        what=what,
        name=_name(fields.name or ""),
        columns=[each.as_json() for each in columns],
        shared=bool(fields.shared),
        created_at=at,
        changed_at=at,
    )
    _save(made)
    return made.id


def change_layout(
    layout_id: int, fields: LayoutFields, *, by: int, manages: bool, at: datetime, language: str
) -> LayoutShown:
    """Another name, other columns, shared or not. Raises what `create_layout` raises, NotFoundError, NotAllowedError."""
    found = _own(layout_id, by, manages=manages)
    if fields.name is not None:
        found.name = _name(fields.name)
    if fields.columns is not None:
        found.columns = [each.as_json() for each in read_columns(found.what, fields.columns, language)]
    if fields.shared is not None:
        found.shared = fields.shared
    found.changed_at = at
    _save(found)
    return _show(found)


def delete_layout(layout_id: int, *, by: int, manages: bool) -> None:
    """It goes; what was exported with it stays as it is. Raises NotFoundError, NotAllowedError."""
    _own(layout_id, by, manages=manages).delete()


def _own(layout_id: int, person: int, *, manages: bool) -> ExportLayout:
    found = ExportLayout.objects.select_related("by").select_for_update(of=("self",)).filter(id=layout_id).first()
    if found is None or not (found.by_id == person or found.shared):
        raise NotFoundError("not_found")
    if not _show(found).may_change(person, manages=manages):
        raise NotAllowedError("not_allowed")
    return found


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise JumunError("invalid", field="name")
    return name


def _save(made: ExportLayout) -> None:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as problem:
        raise ConflictError("layout_name_taken") from problem


def _show(found: ExportLayout) -> LayoutShown:
    return LayoutShown(
        id=found.id,
        owner_id=found.by_id,
        owner=found.by.name,
        name=found.name,
        what=found.what,
        columns=read_columns(found.what, found.columns),
        shared=found.shared,
    )
