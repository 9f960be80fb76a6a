"""Reading runs of 할당, what each item got, and saved criteria."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from jumun.core.errors import NotFoundError
from jumun.orders.models import OrderItem
from jumun.stock.allocation_models import AllocationCriteria, AllocationResult, AllocationRun
from jumun.stock.explaining import Short, Why


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run and its figures: shipments by how they came out, items by whether they got theirs."""

    id: int
    at: datetime
    by: int | None
    saved: int | None
    criteria: dict[str, Any]
    dry_run: bool
    state: str
    batch: UUID | None
    full: int
    partial: int
    none: int
    auto: int
    unallocated: int
    split: int
    proof: dict[str, Any]
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ResultShown:
    """What one item got and why not more."""

    item: int
    shipment: int
    order_number: str
    shipment_state: str
    state: str
    quantity: int
    units: int
    bundle_no: str = ""
    product_name: str = ""
    option_text: str = ""
    why: Why = field(default_factory=lambda: Why(""))


@dataclass(frozen=True, slots=True)
class SavedShown:
    """Criteria saved by name."""

    id: int
    name: str
    criteria: dict[str, Any]
    times: list[str]
    changed_at: datetime


def get_run(run_id: int) -> RunShown:
    """One run. Raises NotFoundError."""
    found = AllocationRun.objects.filter(id=run_id).first()
    if found is None:
        raise NotFoundError("not_found")
    return _run(found)


def list_runs(*, before: int | None = None, limit: int = 50) -> list[RunShown]:
    """Newest first, one more than `limit`."""
    runs = AllocationRun.objects.order_by("-id")
    if before is not None:
        runs = runs.filter(id__lt=before)
    return [_run(each) for each in runs[: limit + 1]]


def list_results(
    run_id: int, *, shipments: str = "", state: str = "", after: int = 0, limit: int = 50
) -> list[ResultShown]:
    """Items of a run by item, one more than `limit`; of one tab ("full", "partial", "none") or state (C24)."""
    rows = AllocationResult.objects.filter(run_id=run_id, item_id__gt=after).order_by("item_id")
    if shipments:
        rows = rows.filter(shipment_state=shipments)
    if state:
        rows = rows.filter(state=state)
    found = list(rows[: limit + 1])
    names = {
        row[0]: row[1:]
        for row in OrderItem.objects.filter(id__in=[each.item_id for each in found]).values_list(
            "id", "bundle_no", "product_name", "option_text"
        )
    }
    return [
        ResultShown(
            item=row.item_id,
            shipment=row.shipment_id,
            order_number=row.order_number,
            shipment_state=row.shipment_state,
            state=row.state,
            quantity=row.quantity,
            units=row.units,
            bundle_no=names.get(row.item_id, ("", "", ""))[0],
            product_name=names.get(row.item_id, ("", "", ""))[1],
            option_text=names.get(row.item_id, ("", "", ""))[2],
            why=Why(row.code, tuple(_short(each) for each in row.short)),
        )
        for row in found
    ]


def list_saved() -> list[SavedShown]:
    """By name."""
    return [show_saved(each) for each in AllocationCriteria.objects.order_by("name")]


def show_saved(row: AllocationCriteria) -> SavedShown:
    """One as it is shown."""
    return SavedShown(row.id, row.name, dict(row.criteria), list(row.times), row.changed_at)


def _run(row: AllocationRun) -> RunShown:
    return RunShown(
        id=row.id,
        at=row.at,
        by=row.by_id,
        saved=row.saved_id,
        criteria=dict(row.criteria),
        dry_run=row.dry_run,
        state=row.state,
        batch=row.batch,
        full=row.full,
        partial=row.partial,
        none=row.none,
        auto=row.auto,
        unallocated=row.unallocated,
        split=row.split,
        proof=dict(row.proof),
        finished_at=row.finished_at,
    )


def _short(kept: Sequence[Any]) -> Short:
    sku, missing, takers, more = kept
    return Short(sku, missing, tuple(takers), more)
