"""What a person decides about candidates of a run: combine, apart, or open again (C15, I16). Set-based."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from jumun.core.errors import JumunError, NotFoundError
from jumun.core.refusal import SHOWN, Outcome, Refusal
from jumun.orders.models import OrderItem
from jumun.orders.states import GONE
from jumun.packing.choices import keep_apart, let_together
from jumun.packing.combining import add_outcomes
from jumun.packing.joining import Joining, Member, close_candidates, join_shipments, lock_parcels
from jumun.packing.leaving import send_back
from jumun.packing.load import Load
from jumun.packing.loading import NO_GOODS, Scope, load_parcels, read_goods
from jumun.packing.models import Candidate, Run
from jumun.packing.rules import NEVER, REVIEW, Parcel, compare_people, would_mix

DECISIONS = ("combine", "apart", "open")


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
    return _decide(list(waiting), decision, by=by, at=at)


def settle_kind(
    run_id: int, reason: str, decision: str, *, accounts: Sequence[int], by: int | None, at: datetime
) -> Outcome:
    """Decide every waiting candidate of these accounts whose only reason is this one (C15)."""
    found = Candidate.objects.filter(
        run_id=run_id, verdict=REVIEW, decision="", reasons=[reason], account_id__in=list(accounts)
    )
    return _decide(list(found), decision, by=by, at=at)


def decide_candidates(candidates: Sequence[int], decision: str, *, by: int | None, at: datetime) -> Outcome:
    """Combine, leave apart, or open again whatever was decided of these before (C15, I16).

    Apart takes a combined one out, as long as nobody outside was told, and is remembered by later runs. Raises
    NotFoundError when none of them is there, JumunError("invalid") for an unknown decision.
    """
    if decision not in DECISIONS:
        raise JumunError("invalid", field="decision")
    found = list(Candidate.objects.filter(id__in=list(candidates)).exclude(verdict=NEVER))
    if not found:
        raise NotFoundError("not_found")
    return _decide(found, decision, by=by, at=at)


def _decide(chosen: Sequence[Candidate], decision: str, *, by: int | None, at: datetime) -> Outcome:
    members = [each for each in chosen if each.base_id != each.shipment_id]
    with transaction.atomic():
        if decision == "combine":
            return _combine(members, by=by, at=at)
        pairs = [(each.shipment_id, each.base_id) for each in members]
        outcome, left = send_back(pairs, by=by, at=at)
        free = [each for each in members if (each.shipment_id, each.base_id) in left]
        gone = [(each.shipment_id, each.base_id) for each in free]
        changed = Candidate.objects.filter(id__in=[each.id for each in free])
        if decision == "apart":
            keep_apart(gone, by=by, at=at)
            changed.update(decision="apart", decided_by=by, decided_at=at)
        else:
            let_together(gone)
            changed.update(decision="", decided_by=None, decided_at=None)
    if outcome.batch:
        return outcome
    return Outcome(len(free))


def _combine(members: Sequence[Candidate], *, by: int | None, at: datetime) -> Outcome:
    run_ids = {each.run_id for each in members}
    bases = Candidate.objects.filter(run_id__in=run_ids, shipment_id__in={each.base_id for each in members})
    revisions = {
        (run, base): revision for run, base, revision in bases.values_list("run_id", "shipment_id", "revision")
    }
    lock_parcels(sorted({each.shipment_id for each in members} | {each.base_id for each in members}))
    apart, mixed = _unmixed(members)
    fitting, full = _fitting(apart)
    joining = [
        Joining(each.shipment_id, each.base_id, each.revision, revisions[each.run_id, each.base_id]) for each in fitting
    ]
    outcome = add_outcomes(add_outcomes(join_shipments(joining, by=by, at=at), full), mixed)
    found = Candidate.objects.filter(id__in=[each.id for each in members])
    close_candidates([Member(each.id, each.shipment_id, each.base_id) for each in members], by=by, at=at)
    let_together(found.filter(decision="combined").values_list("shipment_id", "base_id"))
    return outcome


def _unmixed(members: Sequence[Candidate]) -> tuple[list[Candidate], Outcome]:
    """Those that go with everybody else of their parcel, one after the other, and the others' items.

    Each was judged against its base: two of them may still be for two doors.
    """
    parcels = {
        parcel.id: parcel
        for parcel in load_parcels(
            Scope(), only=sorted({number for each in members for number in (each.shipment_id, each.base_id)})
        ).parcels
    }
    together: dict[int, list[Parcel]] = {}
    good, bad = [], []
    for each in sorted(members, key=lambda one: one.id):
        base, parcel = parcels.get(each.base_id), parcels.get(each.shipment_id)
        if base is None or parcel is None:  # gone on meanwhile: joining says so
            good.append(each)
            continue
        others = together.setdefault(base.id, [])
        if would_mix(base, parcel) or any(
            compare_people(mine, yours).kind == NEVER
            for other in others
            for mine in other.everyone
            for yours in parcel.everyone
        ):
            bad.append(each)
        else:
            others.append(parcel)
            good.append(each)
    items = OrderItem.objects.filter(shipment_id__in={each.shipment_id for each in bad})
    ids = items.exclude(status__in=[status.value for status in GONE]).order_by("id").values_list("id", flat=True)
    refused = [Refusal(item, "would_mix") for item in ids]
    return good, Outcome(0, refused[:SHOWN], len(refused), reasons={"would_mix": len(refused)} if refused else {})


def _fitting(members: Sequence[Candidate]) -> tuple[list[Candidate], Outcome]:
    """Those their base may still hold under the cap of their run, one after the other, and the others' items (C14)."""
    scopes = dict(Run.objects.filter(id__in={each.run_id for each in members}).values_list("id", "scope"))
    caps = {run: Scope.from_json(scope).caps for run, scope in scopes.items()}
    shipments = {each.shipment_id for each in members} | {each.base_id for each in members}
    items = OrderItem.objects.filter(shipment_id__in=shipments).exclude(status__in=[status.value for status in GONE])
    pieces: Counter[int] = Counter()
    held: dict[int, list[int]] = {}
    for shipment, item, quantity in items.order_by("id").values_list("shipment_id", "id", "quantity"):
        pieces[shipment] += quantity
        held.setdefault(shipment, []).append(item)
    goods = read_goods(sorted(shipments))
    loads = {each: goods.get(each, NO_GOODS).load + Load(pieces[each]) for each in shipments}
    fitting, full = [], []
    for each in sorted(members, key=lambda one: one.id):
        load = loads[each.base_id] + loads[each.shipment_id]
        if passed := load.beyond(caps[each.run_id]):
            full += [Refusal(item, passed[0]) for item in held.get(each.shipment_id, ())]
        else:
            loads[each.base_id] = load
            fitting.append(each)
    return fitting, Outcome(0, full[:SHOWN], len(full), reasons=dict(Counter(refusal.code for refusal in full)))
