"""What runs found, and who could still join (C17, N8)."""

from dataclasses import dataclass
from datetime import datetime

from jumun.packing.grouping import Finding, group_parcels
from jumun.packing.loading import Scope, load_parcels
from jumun.packing.models import Candidate, Combination, Run
from jumun.packing.rules import COMBINE, REVIEW, Rules


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


def find_late_joiners(scope: Scope) -> list[Finding]:
    """Shipments that could still join another one for sure: an order came after the last run, or its address was mended."""
    loaded = load_parcels(scope)
    findings = group_parcels(loaded.parcels, Rules(scope.across_accounts, most_quantity=scope.most_quantity))
    return [each for each in findings if each.verdict == COMBINE and each.base != each.parcel]


def count_combined() -> int:
    """Shipments others joined and did not leave."""
    return Combination.objects.filter(ended_at=None).values("shipment_id").distinct().count()
