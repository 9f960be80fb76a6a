"""No effect is stuck, doubled or told by the wrong one (R01, R02, R07, I3, I6)."""

from tests.dispatch.test_faults import ALL, SHIPPED, collect, items, push_until_settled, sent, shipped
from tests.making import good_number, make_line

from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from jumun.dispatch import pushing, tasks
from jumun.dispatch.actions import confirm, transmit
from jumun.dispatch.models import Effect
from jumun.dispatch.pushing import push_account
from jumun.jobs.models import Job


def test_a_line_confirmed_there_while_our_confirm_waits_is_free_to_go_on(desk):
    lines = collect(desk)
    with acting_as(desk.company):
        confirm(ALL, by=desk.owner, at=now())
    for line in lines:
        desk.mall.event("confirm", line_no=line)
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("preparing", "")}


def test_what_was_accepted_before_a_later_part_of_the_call_failed_counts(desk, monkeypatch):
    lines = shipped(desk, count=2, lines=[1, 1])
    real = pushing._call

    def half(line, effects, notices):
        yield from real(line, effects[:1], notices[:1])
        raise ChannelError("bad_credentials")

    monkeypatch.setattr(pushing, "_call", half)
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    push_account(desk.company, desk.account)
    assert [(i.status, i.push) for i in items(desk)].count(("in_transit", "confirmed")) == 1
    assert len(sent(desk)) == 1


def test_a_job_whose_channel_never_answered_is_not_done(desk, monkeypatch):
    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    desk.mall.fault("query", "rate_limit", times=100, retry_after=0)
    tasks.push(company_id=desk.company, account_id=desk.account, job_id=job, tries=99)
    with acting_as(desk.company):
        assert Job.objects.get(id=job).status != "done"


def test_a_line_sent_there_while_our_confirm_was_unknown_is_believed_at_once(desk):
    (line,) = collect(desk, count=1, lines=[1, 1])
    desk.mall.fault("confirm", "timeout_after", seconds=3)
    with acting_as(desk.company):
        confirm(ALL, by=desk.owner, at=now())
    push_account(desk.company, desk.account)
    assert items(desk)[0].push == "unknown"
    desk.mall.event("ship", line_no=line, carrier="CJGLS", number=good_number(0))
    push_until_settled(desk)
    assert items(desk)[0].status == "in_transit"


def test_a_dead_workers_late_answer_closes_no_later_attempt(desk):
    from jumun.dispatch import ledger
    from jumun.dispatch.ledger import Verdict
    from jumun.dispatch.models import EffectState

    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
        first = ledger.begin_sending(list(Effect.objects.all()), at=now())
        ledger.plan_again(first, at=now())
        ledger.begin_sending(list(Effect.objects.all()), at=now())
        assert ledger.close([Verdict(first[0], EffectState.REJECTED, "x")], at=now()) == []


def test_one_unit_name_in_two_orders_is_two_units(house, noon):
    house.store([make_line("A1", "1", noon), make_line("B1", "1", noon)])
    house.put(status="shipped")
    assert transmit(ALL, by=None, at=noon).done == 2
    with_effects = list(Effect.objects.order_by("id"))
    assert [(e.order_number, e.state) for e in with_effects] == [("A1", "planned"), ("B1", "planned")]
    assert pushing._apart(with_effects) == with_effects[:1]


def test_what_nobody_can_read_is_not_dispatched(desk):
    shipped(desk, count=1, lines=[1, 1])
    with acting_as(desk.company):
        transmit(SHIPPED, by=desk.owner, at=now())
    desk.mall.fault("query", "unknown_enum")
    push_until_settled(desk)
    assert sent(desk) == []
    assert [(i.push, i.push_code) for i in items(desk)] == [("rejected", "line_unreadable")]
