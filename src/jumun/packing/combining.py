"""합포: look over a scope, put together what is sure, keep what a person must look at (C14-C17). Set-based."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Q

from jumun.core.refusal import SHOWN, Outcome
from jumun.orders.moving import acting_company
from jumun.packing.choices import load_rules
from jumun.packing.grouping import Finding, group_parcels
from jumun.packing.joining import Joining, Member, close_candidates, join_shipments
from jumun.packing.load import Load
from jumun.packing.loading import Loaded, Scope, load_parcels
from jumun.packing.models import Run
from jumun.packing.rules import COMBINE, NEVER, REVIEW, Parcel, Rules, judge, stands

_KEEP = """
INSERT INTO packing_candidate (company_id, run_id, shipment_id, base_id, revision, account_id, verdict, reasons, ship_by, decision)
SELECT %s, %s, u.shipment, u.base, u.revision, u.account, u.verdict, u.reasons::jsonb, u.ship_by, ''
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
    WITH ORDINALITY AS u(shipment, base, revision, account, verdict, reasons, ship_by, place)
 ORDER BY u.place
RETURNING shipment_id, id
"""


def run_packing(scope: Scope, *, by: int | None, at: datetime) -> tuple[Run, Outcome]:
    """Combine what is sure or stands settled, keep what a person must look at, and say of every candidate why.

    C14, C15, C16, C17, N8. What somebody decided apart stays apart. A constant number of statements.
    """
    with transaction.atomic():
        loaded, rules = load_parcels(scope), load_rules(scope)
        findings = group_parcels(loaded.parcels, rules)
        run = Run.objects.create(company_id=acting_company(), at=at, by_id=by, scope=scope.as_json())
        ids = _keep(run, findings, loaded)
        outcome = _join(ids, [each for each in findings if each.verdict == COMBINE], loaded, by=by, at=at)
        settled = find_settled(findings, loaded, rules)
        also = _join(ids, settled, loaded, by=by, at=at)
        counted = run.candidate_set.aggregate(
            combined=Count("id", filter=Q(decision="combined")),
            reviews=Count("id", filter=Q(verdict=REVIEW, decision="") & ~Q(reasons=["base"])),
            apart=Count("id", filter=Q(verdict=NEVER)),
        )
        run.combined, run.reviews, run.apart = counted["combined"], counted["reviews"], counted["apart"]
        run.save()
    return run, add_outcomes(outcome, also)


def find_settled(findings: Sequence[Finding], loaded: Loaded, rules: Rules) -> list[Finding]:
    """확인필요 that stands settled for its accounts, as long as its parcel may hold it (C15)."""
    parcels = {parcel.id: parcel for parcel in loaded.parcels}
    loads: dict[int, Load] = {}
    inside: defaultdict[int, list[Parcel]] = defaultdict(list)
    for each in findings:
        if each.verdict == COMBINE:
            inside[each.base].append(parcels[each.parcel])
            loads[each.base] = loads.get(each.base, Load()) + parcels[each.parcel].load
    settled = []
    for each in findings:
        base = parcels[each.base]
        if (
            each.verdict != REVIEW
            or each.base == each.parcel
            or not stands(base, parcels[each.parcel], each.reasons, rules)
        ):
            continue
        if not _stand_all(base, parcels[each.parcel], inside, rules):
            continue
        load = loads.get(base.id, base.load) + loads.get(each.parcel, parcels[each.parcel].load)
        if not load.beyond(rules.caps):
            loads[base.id] = load
            inside[base.id] += inside[each.parcel] or [parcels[each.parcel]]
            settled.append(each)
    return settled


def _stand_all(base: Parcel, parcel: Parcel, inside: Mapping[int, Sequence[Parcel]], rules: Rules) -> bool:
    """Whether all that goes with the one stands settled with all that goes with the other, the two themselves aside."""
    for mine in inside.get(base.id) or (base,):
        for yours in inside.get(parcel.id) or (parcel,):
            if (mine.id, yours.id) == (base.id, parcel.id):
                continue
            verdict = judge(mine, yours, rules)
            if verdict.kind == NEVER or (verdict.kind == REVIEW and not stands(mine, yours, verdict.reasons, rules)):
                return False
    return True


def add_outcomes(one: Outcome, other: Outcome) -> Outcome:
    """Two answers as one; the batch is the first there is."""
    reasons = {code: one.reasons.get(code, 0) + other.reasons.get(code, 0) for code in {**one.reasons, **other.reasons}}
    return replace(
        one,
        done=one.done + other.done,
        refused=[*one.refused, *other.refused][:SHOWN],
        refused_total=one.refused_total + other.refused_total,
        batch=one.batch or other.batch,
        reasons=reasons,
    )


def _join(
    ids: Mapping[int, int], findings: Sequence[Finding], loaded: Loaded, *, by: int | None, at: datetime
) -> Outcome:
    members = [each for each in findings if each.base != each.parcel]
    joining = [Joining(e.parcel, e.base, loaded.revisions[e.parcel], loaded.revisions[e.base]) for e in members]
    outcome = join_shipments(joining, by=by, at=at)
    close_candidates([Member(ids[e.parcel], e.parcel, e.base) for e in members], by=by, at=at)
    return outcome


def _keep(run: Run, findings: Sequence[Finding], loaded: Loaded) -> dict[int, int]:
    """Write every candidate down. Answers their ids by shipment."""
    parcels = {parcel.id: parcel for parcel in loaded.parcels}
    columns: list[list[object]] = [
        [each.parcel for each in findings],
        [each.base for each in findings],
        [loaded.revisions[each.parcel] for each in findings],
        [parcels[each.parcel].account for each in findings],
        [each.verdict for each in findings],
        [json.dumps(each.reasons) for each in findings],
        [parcels[each.parcel].ship_by for each in findings],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [run.company_id, run.id, *columns])
        return dict(cursor.fetchall())
