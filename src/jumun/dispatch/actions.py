"""Confirm, transmit, sync: what a person asks for. Each answers a job; the queue does the talking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from jumun.channels.account_jobs import open_account_job
from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.dispatch import planning
from jumun.dispatch.correcting import correct_here, part_told, plan_correct
from jumun.dispatch.ledger import item_ids
from jumun.dispatch.models import Effect, EffectState, MallSheet
from jumun.jobs import queue
from jumun.jobs.models import Job
from jumun.jobs.queries import get_job, list_failed
from jumun.orders.actions.label import NewWaybill
from jumun.orders.events import LinesCollected
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.waybills import actions as waybills
from jumun.waybills.actions import GivenWaybill


def confirm(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """발주확인 (P10, P11): paid items move to 신규주문 when the channel accepts."""
    return planning.plan_confirm(chosen, by=by, at=at, enqueue=enqueue_push, dry_run=dry_run)


def transmit(chosen: Selection, *, by: int | None, at: datetime, dry_run: bool = False) -> Outcome:
    """운송장 전송 (P31, P32): shipped items move to 배송중 when the channel accepts."""
    return planning.plan_transmit(chosen, by=by, at=at, enqueue=enqueue_push, dry_run=dry_run)


def save_waybills(
    given: Sequence[GivenWaybill], *, by: int | None, at: datetime, corrects: bool = False, dry_run: bool = False
) -> waybills.Saved:
    """Put numbers on shipments (P19, P20); those a channel was told of already are corrected there, by a job (N11).

    Numbers on their way that no channel was told of are changed here. corrects: as in `waybills.actions`.
    """
    saved = waybills.save_waybills(given, by=by, at=at, corrects=corrects, dry_run=dry_run)
    if not saved.told:
        return saved
    here, there = part_told(saved.told)
    outcomes = [saved.outcome] if saved.outcome.batch or saved.outcome.done or saved.outcome.refused_total else []
    if there:
        outcomes.append(plan_correct(there, by=by, at=at, enqueue=enqueue_push, dry_run=dry_run))
    if here:
        outcomes.append(correct_here(here, by=by, at=at, dry_run=dry_run))
    return replace(saved, outcome=waybills.merge_outcomes(outcomes))


def confirm_collected(event: LinesCollected) -> None:
    """Handler of `LinesCollected`: 발주확인 as part of the collection's job (P13)."""
    planning.confirm_collected(event, enqueue=enqueue_push)


def enqueue_push(
    *,
    company_id: int,
    account_id: int,
    job_id: int | None,
    tries: int = 0,
    start: datetime | None = None,
    once: str | None = None,
) -> None:
    """Put one account's pushing on its write lane; with `once`, unless one of that key waits there already."""
    queue.defer_by_name(
        "dispatch.push",
        lock=queue.lane(account_id, "write"),
        at=start,
        once=once,
        company_id=company_id,
        account_id=account_id,
        job_id=job_id,
        tries=tries,
    )


def start_sync(accounts: Sequence[int], *, retry_of: int | None = None, by: int | None, at: datetime) -> int:
    """주문동기화 of these accounts; answers the job. One that is being synced already keeps its running job.

    Raises NotFoundError for an account of another company, JumunError("nothing_chosen") for none.
    """
    opened = open_account_job("sync", accounts, retry_of=retry_of, by=by, at=at)
    for account in opened.accounts:
        queue.defer_by_name(
            "dispatch.sync",
            lock=queue.lane(account.id, "read"),
            company_id=account.company_id,
            account_id=account.id,
            job_id=opened.id,
        )
    return opened.id


def retry_job(job_id: int, *, by: int | None, at: datetime) -> int:
    """Try again what failed of a confirm, transmit or sync job; answers the new job.

    Raises NotFoundError, or JumunError("nothing_to_retry").
    """
    job = get_job(job_id)
    if job.kind == "sync":
        return start_sync(_failed_accounts(job), retry_of=job_id, by=by, at=at)
    verb = job.params.get("verb") if job.kind == "mall_sheet" else job.kind
    if verb == "correct":
        return _correct_again(job, by=by, at=at)
    if verb not in ("confirm", "transmit", "dispatch"):
        raise JumunError("nothing_to_retry")
    items = tuple(_rejected_items(job))
    if not items:
        raise JumunError("nothing_to_retry")
    again = confirm if verb == "confirm" else transmit
    made = again(Selection(ids=items), by=by, at=at).job
    if made is None:  # a real run always answers a job
        raise JumunError("nothing_to_retry")
    Job.objects.filter(id=made).update(retry_of=job)
    return made


def _correct_again(job: Job, *, by: int | None, at: datetime) -> int:
    effects = list(_rejected(job))
    still = set(
        OrderItem.objects.filter(id__in=item_ids(effects), push="rejected").order_by("id").values_list("id", flat=True)
    )
    newer = set(
        Effect.objects.filter(verb="correct", order_number__in={effect.order_number for effect in effects})
        .exclude(job_id__in={job.id, *(effect.job_id for effect in effects)})
        .filter(id__gt=min((effect.id for effect in effects), default=0))
        .values_list("account_id", "order_number")
    )
    effects = [effect for effect in effects if (effect.account_id, effect.order_number) not in newer]
    wanted = [
        NewWaybill(item, effect.carrier, effect.number)
        for effect in effects
        for item in [each for each in item_ids([effect]) if each in still][:1]
    ]
    made = plan_correct(wanted, by=by, at=at, enqueue=enqueue_push).job if wanted else None
    if made is None:
        raise JumunError("nothing_to_retry")
    Job.objects.filter(id=made).update(retry_of=job)
    return made


def _failed_accounts(job: Job) -> list[int]:
    found = list_failed(job.id, "account")
    if not found:
        raise JumunError("nothing_to_retry")
    return found


def _rejected(job: Job) -> QuerySet[Effect]:
    """What its channels rejected, and what stayed out of the mall sheets it asked for."""
    jobs = [job.id, *MallSheet.objects.filter(wish_job_id=job.id).order_by("id").values_list("job_id", flat=True)]
    return Effect.objects.filter(job_id__in=jobs, state=EffectState.REJECTED).order_by("id")


def _rejected_items(job: Job) -> list[int]:
    effects = _rejected(job)
    return list(
        OrderItem.objects.filter(id__in=item_ids(effects), push="rejected").order_by("id").values_list("id", flat=True)
    )
