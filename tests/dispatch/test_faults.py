"""Telling a channel under faults: once, line by line, never blind (R01, R02, R06–R10, R13)."""

import pytest
from tests.making import good_number

from jumun.channels.models import ChannelAccount
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import confirm, retry_job, start_sync, transmit
from jumun.dispatch.models import Effect
from jumun.dispatch.pushing import push_account
from jumun.dispatch.syncing import sync_account
from jumun.dispatch.undoing import undo
from jumun.intake.collecting import Asked, collect_account
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family, Job, JobEntry
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.label import NewWaybill, label
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, TimelineEvent
from jumun.orders.selection import Selection

ALL = Selection(filter=ItemFilter())
SHIPPED = Selection(filter=ItemFilter(status=("shipped",)))


def collect(desk, **mix):
    made = desk.mall.orders(mix.pop("count", 3), **{"lines": [1, 2], **mix})
    with acting_as(desk.company):
        job = open_job(company_id=desk.company, kind="collect", family=Family.MALL, parts=1, by=None, at=now())
    collect_account(desk.company, Asked(desk.account, job))
    return sorted(line for order in made for line in order["lines"])


def ship(desk):
    """Take everything preparing to handed over, with good numbers."""
    with acting_as(desk.company):
        release(ALL, by=desk.owner, at=now())
        first = {}
        for item in OrderItem.objects.filter(status="ready").order_by("id"):
            first.setdefault(item.shipment_id, item.id)
        label(
            [NewWaybill(item, "cj", good_number(place)) for place, item in enumerate(first.values())],
            by=desk.owner,
            at=now(),
        )
        hand_over(ALL, by=desk.owner, at=now())


def shipped(desk, **mix):
    lines = collect(desk, confirmed=1, **mix)
    ship(desk)
    return lines


def push_until_settled(desk, turns=40):
    """Push as the queue would, coming back when told to; bounded."""
    import threading

    for _ in range(turns):
        pushed = push_account(desk.company, desk.account)
        if pushed.again_at is None:
            return pushed
        threading.Event().wait(max(0, (pushed.again_at - now()).total_seconds()))
    raise AssertionError("never settled")


def items(desk):
    with acting_as(desk.company):
        return list(OrderItem.objects.order_by("line_no"))


def sent(desk):
    return sorted(effect["line_no"] for effect in desk.mall.effects("dispatch"))


@pytest.mark.parametrize("fault", ["timeout_after", "cut_after", "truncated_json", "html200"])
def test_an_answer_lost_after_applying_is_read_back_not_sent_again(desk, fault):
    """R02, R06: the mall has it once, we end confirmed."""
    lines = shipped(desk)
    more = {"apply": True} if fault == "html200" else {}
    desk.mall.fault("dispatch", fault, **more)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    first = push_account(desk.company, desk.account)
    assert first.again_at is not None
    assert {item.push for item in items(desk)} == {"unknown"}
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("in_transit", "confirmed")}
    assert sent(desk) == lines


def test_a_late_application_after_our_time_out_is_still_sent_once(desk):
    """R06: the mall applies after we gave up waiting; the grace covers it."""
    lines = shipped(desk)
    desk.mall.fault("dispatch", "apply_late", seconds=1)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    assert {item.status for item in items(desk)} == {"in_transit"}
    assert sent(desk) == lines


def test_a_call_that_never_arrived_is_sent_again_after_the_grace(desk):
    lines = shipped(desk)
    desk.mall.fault("dispatch", "timeout", seconds=3)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    assert {item.status for item in items(desk)} == {"in_transit"}
    assert sent(desk) == lines
    with acting_as(desk.company):
        assert set(Effect.objects.filter(verb="dispatch").values_list("attempt", flat=True)) == {2}


def test_one_refused_line_stops_nobody_and_can_be_tried_again(desk):
    """R07, P32: partial failure by line, with the channel's reason on the job."""
    lines = shipped(desk)
    desk.mall.fault("dispatch", "refuse_line", line_no=lines[0], code="104122", message="유효하지 않은 송장")
    with acting_as(desk.company):
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    push_until_settled(desk)
    failed, *rest = items(desk)
    assert (failed.line_no, failed.status, failed.push, failed.push_code) == (lines[0], "shipped", "rejected", "104122")
    assert {item.status for item in rest} == {"in_transit"}
    with acting_as(desk.company):
        entry = JobEntry.objects.get(job_id=job, outcome="failed")
        assert (entry.code, "유효하지 않은" in entry.message) == ("104122", True)
        again = retry_job(job, by=desk.owner, at=now())
        assert Job.objects.get(id=again).retry_of_id == job
    push_until_settled(desk)
    assert {item.status for item in items(desk)} == {"in_transit"}
    assert sent(desk) == lines


def test_already_sent_there_with_our_number_counts(desk):
    """R08."""
    (line,) = shipped(desk, count=1, lines=[1, 1])
    desk.mall.event("ship", line_no=line, carrier="CJGLS", number=good_number(0))
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("in_transit", "confirmed")}


def test_already_sent_there_with_another_number_is_a_mismatch(desk):
    """R08: never over a number somebody else told."""
    (line,) = shipped(desk, count=1, lines=[1, 1])
    desk.mall.event("ship", line_no=line, carrier="HANJIN", number="300000010634")
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    (item,) = items(desk)
    assert item.push != "confirmed"
    assert sent(desk).count(line) <= 1
    with acting_as(desk.company):
        assert Effect.objects.get(verb="dispatch").code == "sent_other_number"


def test_an_open_cancel_is_left_out_because_shipping_would_refuse_it(desk):
    """DESIGN §2, N3: transmit re-reads its lines."""
    lines = shipped(desk)
    desk.mall.event("cancel_request", line_no=lines[0])
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    first, *rest = items(desk)
    assert (first.status, first.push_code, first.claim) == ("shipped", "claim_open", "cancel_requested")
    assert {item.status for item in rest} == {"in_transit"}
    assert sent(desk) == lines[1:]
    assert desk.mall.state()["lines"][lines[0]]["claim"] != "CANCEL_REJECT"


def test_busy_means_later_not_lost(desk):
    """R09: 429 keeps the effects planned."""
    lines = shipped(desk)
    desk.mall.fault("dispatch", "rate_limit", retry_after=1)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    assert push_account(desk.company, desk.account).again_at is not None
    assert {item.push for item in items(desk)} == {"planned"}
    push_until_settled(desk)
    assert sent(desk) == lines


def test_endless_silence_is_parked_after_a_few_attempts(desk):
    """R10: never an endless retry."""
    shipped(desk, count=1, lines=[1, 1])
    desk.mall.fault("dispatch", "rate_limit", times=100, retry_after=0)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    (item,) = items(desk)
    assert (item.push, item.push_code) == ("rejected", "channel_stayed_busy")
    with acting_as(desk.company):
        assert Effect.objects.get(verb="dispatch").attempt == 5


def test_refused_keys_pause_the_account_and_say_so(desk):
    """R13: no retry storm; the effects end with the reason and can be tried again."""
    shipped(desk, count=1, lines=[1, 1])
    desk.mall.fault("query", "ip_not_allowed", times=3)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    pushed = push_account(desk.company, desk.account)
    assert pushed.failed_code == "ip_not_allowed"
    (item,) = items(desk)
    assert (item.push, item.push_code) == ("rejected", "ip_not_allowed")
    with acting_as(desk.company):
        assert ChannelAccount.objects.get().state == "reauth"


def test_confirm_is_read_back_too(desk):
    """R06 for 발주확인; 105306 counts as done after a read-back."""
    lines = collect(desk)
    desk.mall.fault("confirm", "timeout_after", seconds=3)
    with acting_as(desk.company):
        confirm(ALL, by=desk.owner, at=now())
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("preparing", "")}
    assert sorted(effect["line_no"] for effect in desk.mall.effects("confirm")) == lines


def test_undo_withdraws_what_was_only_planned(desk):
    """DESIGN §2: a guarded update; nothing is told."""
    shipped(desk)
    with acting_as(desk.company):
        batch = transmit(SHIPPED, by=desk.owner, at=now()).batch
        outcome = undo(batch, by=desk.owner, at=now())
    assert outcome.refused == []
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("shipped", "")}
    assert sent(desk) == []
    with acting_as(desk.company):
        again = transmit(SHIPPED, by=desk.owner, at=now())
        assert again.refused == []
        assert undo(again.batch, by=desk.owner, at=now()).done == len(items(desk))


def test_undo_of_what_was_told_is_refused_by_name(desk):
    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        batch = transmit(SHIPPED, by=desk.owner, at=now()).batch
    push_until_settled(desk)
    with acting_as(desk.company):
        outcome = undo(batch, by=desk.owner, at=now())
    assert (outcome.done, [row.code for row in outcome.refused]) == (0, ["already_told"])


def test_transmitting_twice_plans_once(desk):
    """R24: two tabs, double click."""
    lines = shipped(desk)
    with acting_as(desk.company):
        first = transmit(SHIPPED, by=desk.owner, at=now())
        second = transmit(SHIPPED, by=desk.owner, at=now())
    assert (first.done, second.done) == (len(lines), 0)
    assert {row.code for row in second.refused} == {"already_told"}
    push_until_settled(desk)
    assert sent(desk) == lines


def test_sync_sees_claims_deliveries_and_settlements(desk):
    """P33, P34."""
    lines = shipped(desk)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_until_settled(desk)
    desk.mall.event("deliver", lines=lines)
    desk.mall.event("return_request", line_no=lines[0])
    with acting_as(desk.company):
        start_sync([desk.account], by=desk.owner, at=now())
    sync_account(desk.company, desk.account)
    first, *rest = items(desk)
    assert (first.status, first.claim, first.claim_open) == ("delivered", "return_requested", True)
    assert {(item.status, item.claim) for item in rest} == {("delivered", "")}
    with acting_as(desk.company):
        assert TimelineEvent.objects.filter(action="claim").count() == 1


def test_an_account_switched_off_is_not_spoken_for(desk):
    """What was planned ends with the reason; nothing reaches the mall."""
    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
        ChannelAccount.objects.update(state="off")
    assert push_account(desk.company, desk.account).failed_code == "account_off"
    (item,) = items(desk)
    assert (item.push, item.push_code) == ("rejected", "account_off")
    assert sent(desk) == []


def test_credentials_nobody_can_open_end_with_that_sentence(desk):
    """A lost encryption key is told, not retried for ever."""
    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
        ChannelAccount.objects.update(credentials="not what we sealed")
    assert push_account(desk.company, desk.account).failed_code == "keys_unreadable"
    assert {item.push_code for item in items(desk)} == {"keys_unreadable"}
