"""Writes about tabs: make, change, duplicate, move, delete; and the layout of built-in tabs.

A tab is changed by its owner, or, once it is shared, also by who manages people (`manages`). Others duplicate it.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from jumun.core.errors import ConflictError, JumunError, NotAllowedError
from jumun.orders.filter_address import read_settled, read_text, write_text
from jumun.orders.models import StepLayout, View
from jumun.orders.number_lists import get_numbers
from jumun.orders.states import Status
from jumun.orders.views import ASIDE, Layout, ViewShown, get_view, show_view

LONGEST_NAME = 40
MOST_VIEWS = 100
"""Tabs of one person."""
STEPS = (*Status.values, "all", "claims")
"""Built-in tabs that have a layout of their own."""


@dataclass(frozen=True, slots=True)
class ViewFields:
    """What a tab is. None leaves it as it is (in a new tab: nothing)."""

    name: str | None = None
    query: str | None = None
    layout: Layout | None = None
    shared: bool | None = None


def create_view(company_id: int, fields: ViewFields, *, by: int, at: datetime) -> int:
    """Make a tab behind the person's others. Answers its id.

    Raises ConflictError("view_named") when they have one of that name, JumunError("too_many_views" | "invalid").
    """
    own = View.objects.filter(owner_id=by, position__gt=ASIDE)
    if own.count() >= MOST_VIEWS:
        raise JumunError("too_many_views", most=MOST_VIEWS)
    behind = own.aggregate(last=Max("position"))["last"]
    view = View(
        company_id=company_id,
        owner_id=by,
        name=_name(fields.name),
        shared=bool(fields.shared),
        query=_query(fields.query or "", at=at),
        layout=(fields.layout or Layout()).as_json(),
        position=0 if behind is None else behind + 1,
        created_at=at,
        changed_at=at,
    )
    _save(view)
    return view.id


def change_view(view_id: int, fields: ViewFields, *, by: int, manages: bool, at: datetime) -> ViewShown:
    """Give a tab another name, filter or layout, share it or stop sharing it. Answers it as it is then.

    Raises NotFoundError, NotAllowedError("view_of_another"), ConflictError("view_named"), JumunError("invalid").
    """
    view = _mine(view_id, by=by, manages=manages)
    if fields.name is not None:
        view.name = _name(fields.name)
    if fields.query is not None:
        view.query = _query(fields.query, at=at)
    if fields.layout is not None:
        view.layout = fields.layout.as_json()
    if fields.shared is not None:
        view.shared = fields.shared
    view.changed_at = at
    _save(view)
    return show_view(view)


def duplicate_view(company_id: int, view_id: int, *, name: str, by: int, at: datetime) -> int:
    """A tab of one's own like another, not shared. A name that is taken gets a number. Answers its id."""
    view = get_view(view_id, by)
    taken = set(View.objects.filter(owner_id=by).values_list("name", flat=True))
    base = _name(name[: LONGEST_NAME - 4])
    free = next(
        each for each in (base, *(f"{base} {place}" for place in range(2, MOST_VIEWS + 3))) if each not in taken
    )
    return create_view(company_id, ViewFields(free, view.query, view.layout), by=by, at=at)


def delete_view(view_id: int, *, by: int, manages: bool) -> None:
    """Delete a tab. Raises NotFoundError, NotAllowedError("view_of_another")."""
    _mine(view_id, by=by, manages=manages).delete()


def move_view(view_id: int, *, places: int, by: int) -> None:
    """Move one of the person's own tabs so many places on (or back).

    Raises NotFoundError, NotAllowedError("view_of_another").
    """
    with transaction.atomic():
        own = list(View.objects.select_for_update().filter(owner_id=by, position__gt=ASIDE).order_by("position", "id"))
        here = next((place for place, view in enumerate(own) if view.id == view_id), None)
        if here is None:
            get_view(view_id, by)
            raise NotAllowedError("view_of_another")
        moved = own.pop(here)
        own.insert(max(0, min(here + places, len(own))), moved)
        for place, view in enumerate(own):
            view.position = place
        View.objects.bulk_update(own, ["position"])


def keep_step_layout(company_id: int, step: str, layout: Layout, *, by: int) -> None:
    """Keep how a person laid out a built-in tab. Raises JumunError("invalid") for a step there is not."""
    if step not in STEPS:
        raise JumunError("invalid", field="step")
    StepLayout.objects.update_or_create(
        company_id=company_id, person_id=by, step=step, defaults={"layout": layout.as_json()}
    )


def _mine(view_id: int, *, by: int, manages: bool) -> View:
    if not get_view(view_id, by).may_change(by, manages=manages):
        raise NotAllowedError("view_of_another")
    return View.objects.select_related("owner").get(id=view_id)


def _save(view: View) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as problem:
        raise ConflictError("view_named") from problem


def _name(given: str | None) -> str:
    name = unicodedata.normalize("NFC", " ".join((given or "").split()))
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise JumunError("view_unnamed", most=LONGEST_NAME)
    return name


def _query(given: str, *, at: datetime) -> str:
    """The filter in its one form. Raises JumunError("invalid") for conditions nobody can read."""
    settled = read_text(given)
    read_settled(settled, at=at, numbers=get_numbers(settled["list"]) if "list" in settled else ())
    return write_text(settled)
