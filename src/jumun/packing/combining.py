"""합포: look over a scope, put together what is sure, settle 확인필요 (C14-C17). Set-based; a constant number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef

from jumun.core.errors import NotFoundError
from jumun.core.refusal import Outcome
from jumun.orders.addresses import digest_sql
from jumun.orders.models import OrderItem
from jumun.orders.moving import COMPANY, Rider, acting_company, move_items
from jumun.orders.selection import Selection
from jumun.orders.states import NO_CLAIM, Guard, Mark, Status
from jumun.packing.grouping import Finding, group_parcels
from jumun.packing.loading import Loaded, Scope, load_parcels
from jumun.packing.models import Candidate, Combination, Run
from jumun.packing.rules import COMBINE, NEVER, REVIEW, Rules

SOURCES = frozenset({Status.PREPARING, Status.READY})
MARK = Mark("combine", ("합포", "Combine"), SOURCES)
_DECIDED = {"combine": "combined", "apart": "apart"}

_GUARDS = (
    NO_CLAIM,
    Guard("has_waybill", "i.waybill = '' AND t.waybill = ''"),
    Guard("other_ship_from", "i.ship_from_id IS NOT DISTINCT FROM t.ship_from_id"),
    Guard("address_changed", "r.revision = j.revision AND tr.revision = j.base_revision"),
    Guard(
        "other_stage",
        "EXISTS (SELECT 1 FROM orders_orderitem o WHERE o.shipment_id = j.base_id"
        " AND o.status NOT IN ('cancelled', 'returned', 'exchanged')) AND NOT EXISTS (SELECT 1 FROM orders_orderitem o"
        " WHERE o.shipment_id IN (j.base_id, j.shipment_id) AND o.status NOT IN ('cancelled', 'returned', 'exchanged')"
        " AND (o.status <> i.status OR o.method <> i.method OR o.waybill <> '' OR o.claim_open))",
    ),
)
_JOINING = """
SELECT u.shipment_id, u.base_id, u.revision, u.base_revision
  FROM unnest(%(p_shipments)s::bigint[], %(p_bases)s::bigint[], %(p_revisions)s::int[], %(p_base_revisions)s::int[])
    AS u(shipment_id, base_id, revision, base_revision)
"""
# An order that came here from elsewhere goes back to its own shipment, not to the one it joined on the way.
_REMEMBER = f"""flattened AS (
    UPDATE packing_combination c SET ended_at = %(at)s FROM final v
     WHERE c.shipment_id = v.shipment_id AND c.order_id = v.order_id AND c.ended_at IS NULL AND v.verdict = ''
), remembered AS (
    INSERT INTO packing_combination (company_id, shipment_id, order_id, came_from_id, address, base_address, at, by_id)
    SELECT DISTINCT {COMPANY}, v.base_id, v.order_id, coalesce(c.came_from_id, v.shipment_id), {digest_sql("own")}, {digest_sql("br")}, %(at)s::timestamptz,
           %(by)s::bigint
      FROM final v JOIN orders_recipient own ON own.order_id = v.order_id
      JOIN orders_shipment b ON b.id = v.base_id JOIN orders_recipient br ON br.id = b.recipient_id
      LEFT JOIN packing_combination c ON c.shipment_id = v.shipment_id AND c.order_id = v.order_id AND c.ended_at IS NULL
     WHERE v.verdict = ''
)"""
_LOCK = """
SELECT count(*) FROM (SELECT 1 FROM orders_shipment s WHERE s.id = ANY(%s::bigint[]) ORDER BY s.id FOR UPDATE) AS locked
"""


@dataclass(frozen=True, slots=True)
class Joining:
    """One shipment on its way into another, as its recipients were when it was judged."""

    shipment: int
    base: int
    revision: int
    base_revision: int


def run_packing(scope: Scope, *, by: int | None, at: datetime) -> tuple[Run, Outcome]:
    """Combine what is sure, keep what a person must look at, and say of every candidate why (C14, C16, C17, N8)."""
    with transaction.atomic():
        loaded = load_parcels(scope)
        findings = group_parcels(loaded.parcels, Rules(scope.across_accounts, most_quantity=scope.most_quantity))
        run = Run.objects.create(company_id=acting_company(), at=at, by_id=by, scope=scope.as_json())
        _keep(run, findings, loaded)
        sure = [each for each in findings if each.verdict == COMBINE and each.base != each.parcel]
        joining = [Joining(e.parcel, e.base, loaded.revisions[e.parcel], loaded.revisions[e.base]) for e in sure]
        outcome = join_shipments(joining, by=by, at=at)
        run.combined = _close(run.candidate_set.filter(verdict=COMBINE), by=by, at=at)
        run.reviews = sum(each.verdict == REVIEW and each.base != each.parcel for each in findings)
        run.apart = sum(each.verdict == NEVER for each in findings)
        run.save()
    return run, outcome


def settle_review(
    base_candidate: int, decision: str, *, by: int | None, at: datetime, only: Iterable[int] | None = None
) -> Outcome:
    """Decide one group of 확인필요 against its base, or some of its candidates (C15). Raises NotFoundError."""
    base = Candidate.objects.filter(id=base_candidate, base_id=F("shipment_id")).first()
    reviews = Candidate.objects.filter(run_id=base.run_id, base_id=base.base_id, verdict=REVIEW) if base else None
    if reviews is None or not reviews.exists():
        raise NotFoundError("not_found")
    waiting = reviews.filter(decision="")
    if only is not None:
        waiting = waiting.filter(id__in=list(only))
    return _settle(list(waiting), decision, by=by, at=at)


def settle_kind(
    run_id: int, reason: str, decision: str, *, accounts: Sequence[int], by: int | None, at: datetime
) -> Outcome:
    """Decide every waiting candidate of these accounts whose only reason is this one (C15)."""
    found = Candidate.objects.filter(
        run_id=run_id, verdict=REVIEW, decision="", reasons=[reason], account_id__in=list(accounts)
    )
    return _settle(list(found), decision, by=by, at=at)


def join_shipments(joining: Sequence[Joining], *, by: int | None, at: datetime) -> Outcome:
    """Move the live items of each shipment into its base's, judged anew under the lock; remember the addresses."""
    if not joining:
        return Outcome(0)
    ids = sorted({each.shipment for each in joining} | {each.base for each in joining})
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [ids])
        items = OrderItem.objects.filter(shipment_id__in=[each.shipment for each in joining], status__in=SOURCES)
        chosen = tuple(items.values_list("id", flat=True))
        rider = Rider(
            guards=_GUARDS,
            before=f"joining AS ({_JOINING})",
            join="JOIN joining j ON j.shipment_id = i.shipment_id JOIN orders_shipment t ON t.id = j.base_id"
            " JOIN orders_recipient tr ON tr.id = t.recipient_id"
            " JOIN orders_shipment f ON f.id = i.shipment_id JOIN orders_recipient r ON r.id = f.recipient_id",
            columns=(("base_id", "j.base_id"), ("base_bundle", "t.bundle_no"), ("was_bundle", "i.bundle_no")),
            sets="shipment_id = v.base_id, bundle_no = v.base_bundle",
            after=_REMEMBER,
            detail="jsonb_build_object('into', v.base_bundle, 'was', v.was_bundle)",
            params={
                "p_shipments": [each.shipment for each in joining],
                "p_bases": [each.base for each in joining],
                "p_revisions": [each.revision for each in joining],
                "p_base_revisions": [each.base_revision for each in joining],
            },
        )
        return move_items(Selection(ids=chosen), MARK, by=by, at=at, rider=rider)


def _keep(run: Run, findings: Sequence[Finding], loaded: Loaded) -> None:
    parcels = {parcel.id: parcel for parcel in loaded.parcels}
    Candidate.objects.bulk_create(
        [
            Candidate(
                company_id=run.company_id,
                run=run,
                shipment_id=each.parcel,
                base_id=each.base,
                revision=loaded.revisions[each.parcel],
                account_id=parcels[each.parcel].account,
                verdict=each.verdict,
                reasons=list(each.reasons),
                ship_by=parcels[each.parcel].ship_by,
            )
            for each in findings
        ]
    )


def _settle(waiting: Sequence[Candidate], decision: str, *, by: int | None, at: datetime) -> Outcome:
    members = [each for each in waiting if each.base_id != each.shipment_id]
    found = Candidate.objects.filter(id__in=[each.id for each in members])
    if decision == "apart":
        done = found.update(decision=_DECIDED[decision], decided_by=by, decided_at=at)
        return Outcome(done)
    run_ids = {each.run_id for each in members}
    bases = Candidate.objects.filter(run_id__in=run_ids, shipment_id__in={each.base_id for each in members})
    revisions = {
        (run, base): revision for run, base, revision in bases.values_list("run_id", "shipment_id", "revision")
    }
    joining = [
        Joining(each.shipment_id, each.base_id, each.revision, revisions[each.run_id, each.base_id]) for each in members
    ]
    with transaction.atomic():
        outcome = join_shipments(joining, by=by, at=at)
        _close(found, by=by, at=at)
    return outcome


def _close(candidates: "models.QuerySet[Candidate]", *, by: int | None, at: datetime) -> int:
    """Write down which of them went into their base; the others were refused. Answers how many went."""
    members = candidates.exclude(base_id=F("shipment_id"))
    joined = Combination.objects.filter(
        shipment_id=OuterRef("base_id"), came_from_id=OuterRef("shipment_id"), ended_at=None
    )
    done = members.filter(Exists(joined)).update(decision="combined", decided_by=by, decided_at=at)
    members.filter(decision="").update(decision="refused", decided_by=by, decided_at=at)
    return done
