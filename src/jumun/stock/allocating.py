"""할당: give the stock there is to the orders of a scope, or say what that would do (C18-C24, N20).

What is decided is reckoned without locks, over what was read in one statement each; it is written under the locks of
shipments, items and balances, and only for items that are still as they were read. What changed meanwhile is left alone
and named, and the database lets no row reserve more than there is.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.backends.utils import CursorWrapper

from jumun.core.copying import copy_rows
from jumun.core.errors import NotFoundError
from jumun.jobs import queue
from jumun.orders.actions.divide import divide
from jumun.orders.models import Batch
from jumun.orders.moving import acting_company
from jumun.stock.allocation_models import AllocationResult, AllocationRun
from jumun.stock.best import allocate_best
from jumun.stock.criteria import BEST, Criteria, read_criteria
from jumun.stock.explaining import Why, explain
from jumun.stock.loading import OPEN, Loaded, list_holders, load_wanted
from jumun.stock.locking import lock_both
from jumun.stock.policy import AUTO, FULL, NONE, PARTIAL, UNALLOCATED, Allocation, Rules, Wanted, allocate, group
from jumun.stock.reserving import list_releasing, release_rows, reserve_rows, start_reserving
from jumun.stock.splitting import split_unallocated

STALE = timedelta(hours=1)
KEPT = 30
"""Runs whose results are kept; older ones keep their figures."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Who gets what, why the others do not, and what is known of a better way."""

    loaded: Loaded
    given: Allocation
    why: dict[int, Why]
    proof: dict[str, Any]


def start_run(
    criteria: Criteria, *, by: int | None, at: datetime, dry_run: bool = False, saved: int | None = None
) -> int:
    """Have a run reckoned in the background; answers its id. Runs of a company go one after another."""
    company = acting_company()
    run = AllocationRun.objects.create(
        company_id=company, at=at, by_id=by, criteria=criteria.as_json(), dry_run=dry_run, saved_id=saved
    )
    queue.defer_by_name("stock.allocate", lock=f"allocation:{company}", company_id=company, run_id=run.id)
    return run.id


def perform_run(run_id: int, *, at: datetime) -> None:
    """Reckon a run and, unless it is a dry one, write it. A run that is over stays as it is. Raises NotFoundError."""
    run = AllocationRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise NotFoundError("not_found")
    if run.state != "waiting":
        return
    criteria = read_criteria(run.criteria)
    decided = decide(criteria, at=at)
    if not run.dry_run:
        run.batch = uuid4()
        decided = _write(decided, batch=run.batch, by=run.by_id, at=at)
    _keep(run, decided)
    if criteria.split:
        halves = [number for number, state in decided.given.shipments.items() if state == PARTIAL]
        if run.dry_run:
            run.split = _count_rest(decided, set(halves))
        else:
            run.split = split_unallocated(shipments=halves, by=run.by_id, at=at).done
    run.state, run.finished_at = "done", at
    run.save()
    _forget_old(run)


def fail_run(run_id: int, *, at: datetime) -> None:
    """It broke off; nothing of it was written."""
    AllocationRun.objects.filter(id=run_id, state="waiting").update(state="failed", finished_at=at)


def fail_stale(*, at: datetime) -> None:
    """A run that waited longer than any takes has lost its task: it failed, and nothing of it was written."""
    AllocationRun.objects.filter(state="waiting", at__lt=at - STALE).update(state="failed", finished_at=at)


def decide(criteria: Criteria, *, at: datetime) -> Decided:
    """Who would get what now. Writes nothing."""
    loaded = load_wanted(criteria, at=at)
    rules = Rules(partial=criteria.partial, divide=criteria.split)
    proof: dict[str, Any] = {}
    if criteria.strategy == BEST:
        best = allocate_best(loaded.wanted, loaded.free, rules)
        given = best.allocation
        names = ("full", "bound", "value", "worth_bound", "proven", "components", "competing")
        proof = {name: getattr(best, name) for name in names}
    else:
        given = allocate(loaded.wanted, loaded.free, rules)
    return Decided(loaded, given, _reasons(loaded, given), proof)


def _reasons(loaded: Loaded, given: Allocation) -> dict[int, Why]:
    short = {slot for item in loaded.wanted if item.item not in given.units for slot, _ in item.parts}
    return explain(loaded.wanted, given, loaded.names, list_holders(short, again=loaded.again))


def _write(decided: Decided, *, batch: UUID, by: int | None, at: datetime) -> Decided:
    """Reserve what was decided for items that are still as they were; the others are named as changed."""
    planned = [item for item in decided.loaded.wanted if item.parts and item.item in decided.given.units]
    back = decided.loaded.again
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SHIPMENTS)
        cursor.execute(_LOCK_ITEMS, {"items": sorted({*back, *(item.item for item in planned)}), "open": list(OPEN)})
        same = {row[0] for row in cursor.fetchall()}
        lock_both(cursor, "allocating")
        Batch.objects.create(id=batch, company_id=acting_company(), action="allocate", at=at, by_id=by)
        list_releasing(cursor, [item for item in back if item in same])
        release_rows(cursor, batch=batch, by=by, at=at, cause="allocate")
        units = decided.given.units
        some = {item.item: units[item.item] for item in planned if units[item.item] < item.quantity}
        divided = divide({item: number for item, number in some.items() if item in same}, by=by, at=at)
        able = [item for item in planned if item.item in same and (item.item not in some or item.item in divided)]
        _plan_rows(cursor, able, decided.given)
        left = {row.id for row in reserve_rows(cursor, batch=batch, by=by, at=at, cause="allocate")}
        missed = {item.item for item in planned} - {item.item for item in able} | left
    Batch.objects.filter(id=batch).update(done=len(planned) - len(missed), refused_total=len(missed))
    return _without(decided, missed) if missed else decided


def _plan_rows(cursor: CursorWrapper, items: Iterable[Wanted], given: Allocation) -> None:
    """The rows to reserve, in the temporary table `stock.reserving` reads."""
    start_reserving(cursor)
    rows = (
        (item.item, sku, place, per_unit * given.units[item.item])
        for item in items
        for (sku, place), per_unit in item.parts
    )
    copy_rows("reserving", rows, ("item_id", "sku_id", "ship_from_id", "quantity"))


def _without(decided: Decided, missed: set[int]) -> Decided:
    """What became of it when some items got nothing after all."""
    given = decided.given
    units = {item: number for item, number in given.units.items() if item not in missed}
    states = dict(given.shipments)
    for shipment in group(decided.loaded.wanted):
        if any(item.item in missed for item in shipment.items):
            some = shipment.held or any(item.parts and item.item in units for item in shipment.items)
            states[shipment.id] = PARTIAL if some else NONE
    return Decided(
        decided.loaded,
        Allocation(units, states, given.left),
        decided.why | {item: Why("changed") for item in missed},
        decided.proof,
    )


def _keep(run: AllocationRun, decided: Decided) -> None:
    """Every item's result, and the figures of the run."""
    states = Counter(decided.given.shipments.values())
    run.full, run.partial, run.none = states[FULL], states[PARTIAL], states[NONE]
    run.proof = decided.proof
    with connection.cursor() as cursor:
        for statement in _RESULTS.split(";\n"):
            cursor.execute(statement)
        copy_rows("allocation_results", _result_rows(run, decided))
        cursor.execute(_KEEP_RESULTS, [run.company_id, run.id])


def _result_rows(run: AllocationRun, decided: Decided) -> Iterator[tuple[Any, ...]]:
    """One row an item; counts those that got goods and those that did not on the way."""
    given, settled = decided.given, decided.loaded.settled
    for item in decided.loaded.wanted:
        state = AUTO if item.item in given.units or item.item in settled else UNALLOCATED
        run.auto += state == AUTO
        run.unallocated += state == UNALLOCATED
        why = Why("") if item.item in settled else decided.why.get(item.item, Why(""))
        short = [[each.sku, each.missing, list(each.takers), each.more] for each in why.short]
        yield (
            item.item,
            item.shipment,
            decided.loaded.names.order[item.item],
            given.shipments[item.shipment],
            state,
            item.lump or item.quantity,
            given.units.get(item.item, 0) * (item.lump or 1),
            why.code,
            json.dumps(short),
        )


def _count_rest(decided: Decided, halves: set[int]) -> int:
    """Items, or rests of items, that would be split off these shipments."""
    units = decided.given.units
    return sum(
        item.shipment in halves and bool(item.parts) and units.get(item.item, 0) < item.quantity
        for item in decided.loaded.wanted
    )


def _forget_old(run: AllocationRun) -> None:
    """Results of runs long past go; their figures stay."""
    old = AllocationRun.objects.filter(id__lt=run.id).order_by("-id").values_list("id", flat=True)[KEPT - 1 : KEPT]
    AllocationResult.objects.filter(run_id__lte=old[0]).delete() if old else None


_RESULTS = """
CREATE TEMP TABLE IF NOT EXISTS allocation_results (
    item_id bigint, shipment_id bigint, order_number text, shipment_state text, state text, quantity int, units int,
    code text, short jsonb) ON COMMIT DROP;
TRUNCATE allocation_results
"""
_KEEP_RESULTS = """
INSERT INTO stock_allocationresult (company_id, run_id, item_id, shipment_id, order_number, shipment_state, state, quantity,
                                    units, code, short)
SELECT %s, %s, r.* FROM allocation_results r
"""
_LOCK_SHIPMENTS = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id IN (SELECT shipment_id FROM allocating)
 ORDER BY s.id FOR UPDATE) AS locked
"""
_LOCK_ITEMS = """
SELECT i.id FROM orders_orderitem i JOIN allocating a ON a.item_id = i.id
 WHERE i.id = ANY(%(items)s::bigint[]) AND i.status = ANY(%(open)s) AND i.matched AND NOT i.claim_open
   AND (i.shipment_id, i.ship_from_id, i.quantity, i.allocation) = (a.shipment_id, a.ship_from_id, a.quantity, a.allocation)
   AND i.last_batch IS NOT DISTINCT FROM a.last_batch
 ORDER BY i.id FOR UPDATE OF i
"""
