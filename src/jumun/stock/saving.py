"""조건 저장: criteria of 할당 kept by name, and run by the clock at times of day (C18, C23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from jumun.core.clock import KST, in_kst
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.orders.moving import acting_company
from jumun.stock.allocating import start_run
from jumun.stock.allocation_models import AllocationCriteria
from jumun.stock.criteria import Criteria, read_criteria

LONGEST_NAME = 60
MOST = 100
"""Saved criteria of a company."""
LATE = timedelta(hours=1)
"""A time of day missed by more, because no worker ran, is left out."""


@dataclass(frozen=True, slots=True)
class SavedFields:
    """What a person says of saved criteria. `times` are "HH:MM" in Korea."""

    name: str
    criteria: Criteria
    times: tuple[str, ...] = ()


def save_criteria(fields: SavedFields, *, by: int | None, at: datetime, saved: int | None = None) -> AllocationCriteria:
    """Keep criteria under a name, new or in place of `saved`.

    Raises ConflictError("criteria_name_taken"), NotFoundError, JumunError("invalid" | "too_many_criteria").
    """
    values = _checked(fields) | {"by_id": by, "changed_at": at, "due_from": at}
    try:
        with transaction.atomic():
            if saved is not None:
                standing = AllocationCriteria.objects.select_for_update().filter(id=saved).first()
                if standing is None:
                    raise NotFoundError("not_found")
                if standing.times == values["times"]:  # a time that has come and was not seen to yet is not lost
                    del values["due_from"]
                AllocationCriteria.objects.filter(id=saved).update(**values)
                return AllocationCriteria.objects.get(id=saved)
            if AllocationCriteria.objects.count() >= MOST:
                raise JumunError("too_many_criteria", most=MOST)
            return AllocationCriteria.objects.create(company_id=acting_company(), created_at=at, **values)
    except IntegrityError as taken:
        raise ConflictError("criteria_name_taken") from taken


def forget_criteria(saved: int) -> None:
    """Delete saved criteria; runs of them stay. Raises NotFoundError."""
    if not AllocationCriteria.objects.filter(id=saved).delete()[0]:
        raise NotFoundError("not_found")


def criteria_of(saved: int) -> Criteria:
    """The criteria kept. Raises NotFoundError."""
    found = AllocationCriteria.objects.filter(id=saved).first()
    if found is None:
        raise NotFoundError("not_found")
    return read_criteria(found.criteria)


def run_due(*, at: datetime) -> int:
    """Start a run of every saved one whose time of day has come since it was looked at; answers how many.

    Safe to run twice: each is looked at under its lock and remembers up to when.
    """
    begun = 0
    for saved in AllocationCriteria.objects.select_for_update().exclude(times=[]).filter(due_from__lt=at):
        if is_due(saved.times, max(saved.due_from, at - LATE), at):
            start_run(read_criteria(saved.criteria), by=None, at=at, saved=saved.id)
            begun += 1
        AllocationCriteria.objects.filter(id=saved.id).update(due_from=at)
    return begun


def is_due(times: Sequence[str], after: datetime, upto: datetime) -> bool:
    """Whether one of these times of day in Korea lies in (after, upto]."""
    days = {in_kst(after).date(), in_kst(upto).date()}
    moments = [datetime.combine(day, time.fromisoformat(each), KST) for day in days for each in times]
    return any(after < moment <= upto for moment in moments)


def _checked(fields: SavedFields) -> dict[str, Any]:
    name = fields.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise JumunError("invalid", field="name")
    return {"name": name, "criteria": fields.criteria.as_json(), "times": sorted(set(fields.times))}
