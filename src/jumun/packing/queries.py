"""What runs found, and who could still join (C17, N8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jumun.orders.moving import COMPANY
from jumun.packing.choices import load_rules
from jumun.packing.grouping import Finding, group_parcels
from jumun.packing.loading import OPEN, Scope, load_parcels
from jumun.packing.models import Candidate, Run
from jumun.packing.rules import COMBINE, REVIEW

NEWEST = 500
"""How many new shipments the alert looks at."""
_NEAR = f"""
WITH fresh AS MATERIALIZED (
    SELECT DISTINCT shipment_id FROM (
        SELECT shipment_id FROM orders_orderitem
         WHERE company_id = {COMPANY} AND status = ANY(%(open)s) AND status_since > %(since)s
         ORDER BY status_since DESC LIMIT %(most)s) AS newest
), phones AS MATERIALIZED (
    SELECT DISTINCT unnest(ARRAY[r.phone1, r.phone2]) AS phone
      FROM fresh f JOIN orders_shipment s ON s.id = f.shipment_id JOIN orders_recipient r ON r.id = s.recipient_id
), who AS MATERIALIZED (
    SELECT r.id FROM phones p JOIN orders_recipient r ON r.company_id = {COMPANY} AND r.phone1 = p.phone
     WHERE p.phone <> ''
     UNION
    SELECT r.id FROM phones p JOIN orders_recipient r ON r.company_id = {COMPANY} AND r.phone2 = p.phone
     WHERE p.phone <> '' AND r.phone2 <> ''
)
SELECT s.id FROM who w JOIN orders_shipment s ON s.recipient_id = w.id
 WHERE EXISTS (SELECT 1 FROM orders_orderitem i WHERE i.shipment_id = s.id AND i.status = ANY(%(open)s))
"""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One shipment of a run beside its base; `group` is its base's candidate: what a review is settled by."""

    id: int
    run: int
    group: int
    shipment: str
    base: str
    account: int
    verdict: str
    reasons: tuple[str, ...]
    ship_by: datetime | None
    decision: str


def latest_run() -> int | None:
    """The newest run's id."""
    return Run.objects.order_by("-id").values_list("id", flat=True).first()


def list_candidates(
    run: int, *, verdict: str = REVIEW, waiting: bool = False, after: int = 0, limit: int = 50
) -> list[CandidateRow]:
    """Candidates of a run with a verdict, one more than `limit` where there are more; the base's candidate first of all."""
    found = Candidate.objects.filter(run_id=run, verdict=verdict, id__gt=after)
    if waiting:
        found = found.filter(decision="")
    rows = list(found.select_related("shipment", "base").order_by("id")[: limit + 1])
    bases = {row.base_id for row in rows}
    groups = dict(Candidate.objects.filter(run_id=run, shipment_id__in=bases).values_list("shipment_id", "id"))
    return [
        CandidateRow(
            id=row.id,
            run=row.run_id,
            group=groups.get(row.base_id, row.id),
            shipment=row.shipment.bundle_no,
            base=row.base.bundle_no,
            account=row.account_id,
            verdict=row.verdict,
            reasons=tuple(row.reasons),
            ship_by=row.ship_by,
            decision=row.decision,
        )
        for row in rows
    ]


def find_late_joiners(scope: Scope, *, only: Sequence[int] | None = None) -> list[Finding]:
    """Shipments that could still join another one for sure: an order came after the last run, or its address was mended."""
    loaded = load_parcels(scope, only=only)
    findings = group_parcels(loaded.parcels, load_rules(scope))
    return [each for each in findings if each.verdict == COMBINE and each.base != each.parcel]


def count_late_joiners() -> int:
    """How many that came since the newest run could join (N8): 0 before any run. A constant number of statements.

    Looks only at what is new, and at those with a telephone number of it: two that differ in all are not combined.
    """
    run = Run.objects.order_by("-id").first()
    if run is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"since": run.at, "open": list(OPEN), "most": NEWEST})
        near = [row[0] for row in cursor.fetchall()]
    return len(find_late_joiners(Scope.from_json(run.scope), only=near)) if len(near) > 1 else 0
