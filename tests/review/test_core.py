"""Findings of the review of the core, as failing tests."""


from decimal import Decimal

import pytest
from tests.dispatch.test_faults import ALL, SHIPPED, collect, items, push_until_settled, sent, shipped
from tests.making import good_number, make_line

from jumun.channels.port import Address, ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.core.clock import now
from jumun.core.errors import ChannelError
from jumun.core.tenancy import acting_as
from jumun.dispatch import pushing, tasks
from jumun.dispatch.actions import confirm, transmit
from jumun.dispatch.models import Effect
from jumun.dispatch.pushing import push_account
from jumun.dispatch.undoing import undo
from jumun.jobs.models import Job
from jumun.orders.actions.cancel import cancel
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold
from jumun.orders.actions.label import NewWaybill, label, relabel
from jumun.orders.actions.release import release
from jumun.orders.actions.undo import undo as undo_orders
from jumun.orders.models import OrderItem, Shipment
from jumun.orders.selection import Selection


def _bad_line(at, bad):
    more = {"line_key": "b", **bad}
    return make_line("B1", more.pop("line_key"), at, **more)


def of(*items):
    return Selection(ids=tuple(item.id for item in items))


def test_a_line_confirmed_there_while_our_confirm_waits_is_free_to_go_on(desk):
    lines = collect(desk)
    with acting_as(desk.company):
        confirm(ALL, by=desk.owner, at=now())
    for line in lines:
        desk.mall.event("confirm", line_no=line)
    push_until_settled(desk)
    assert {(item.status, item.push) for item in items(desk)} == {("preparing", "")}


def test_a_companion_that_left_on_the_channel_does_not_hold_the_rest_back(house, noon):
    a, b = house.order("A1", "a", "b")
    house.put(status="labelled")
    catch_up(house.account, [make_line("A1", "a", noon, stage=Stage.DISPATCHED, carrier="hanjin", waybill="300000010634")], at=noon)
    b.refresh_from_db()
    assert Shipment.objects.get().waybill == good_number(0) == b.waybill
    outcome = hand_over(of(b), by=None, at=noon)
    assert (outcome.done, outcome.refused) == (1, [])


@pytest.mark.parametrize("bad", [
    {"recipient": Address(name="J", country="United States", address1="1")},
    {"product_name": "\ud800"},
    {"raw": {"x": "\ud800"}},
    {"line_key": "b\x00"},
    {"stage_raw": "\x00"},
    {"waybill": "\ud83d"},
    {"quantity": 3_000_000_000},
    {"quantity": 0},
    {"currency": "KRWON"},
    {"amount": Decimal(10**13)},
])
def test_one_hostile_line_takes_no_good_line_with_it(house, noon, bad):
    house.store([make_line("A1", "a", noon), _bad_line(noon, bad)])
    assert [item.line_no for item in house.items("A1")] == ["a"]


def test_a_claim_of_an_unknown_word_stops_the_parcel(house, noon):
    house.order("A1", "a")
    claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1)
    catch_up(house.account, [make_line("A1", "a", noon, stage=Stage.UNKNOWN, claim=claim)], at=noon)
    assert house.items()[0].claim_open


def test_undo_is_not_stopped_by_a_cancelled_companion(house, noon):
    a, b = house.order("A1", "a", "b")
    batch = release(of(a), by=None, at=noon).batch
    cancel(of(b), by=None, at=noon)
    assert undo_orders(batch, by=None, at=noon).done == 1


def test_undo_never_takes_a_number_another_shipment_has_by_now(house, noon):
    (a,), (b,) = house.order("A1", "a"), house.order("B1", "b")
    house.put(status="ready")
    label([NewWaybill(a.id, "cj", good_number(1))], by=None, at=noon)
    batch = relabel([NewWaybill(a.id, "cj", good_number(2))], by=None, at=noon).batch
    label([NewWaybill(b.id, "cj", good_number(1))], by=None, at=noon)
    outcome = undo_orders(batch, by=None, at=noon)
    assert [(row.id, row.code) for row in outcome.refused] == [(a.id, "waybill_taken")]


def test_undo_takes_back_what_no_channel_had_to_be_told(house, noon):
    house.order("A1", "a")
    house.put(status="shipped")
    OrderItem.objects.update(channel="manual")
    batch = transmit(ALL, by=None, at=noon).batch
    assert house.items()[0].status == "in_transit"
    outcome = undo(batch, by=None, at=noon)
    assert outcome.done == 1
    assert [(i.status, i.push) for i in house.items()] == [("shipped", "")]


def test_undo_of_a_planned_transmit_keeps_the_later_hold(house, noon):
    house.order("A1", "a")
    house.put(status="shipped")
    batch = transmit(ALL, by=None, at=noon).batch
    held = hold(ALL, reason="stock", by=None, at=noon)
    undo(batch, by=None, at=noon)
    assert undo(held.batch, by=None, at=noon).done == 1


def test_what_was_accepted_before_a_later_part_of_the_call_failed_counts(desk, monkeypatch):
    lines = shipped(desk, count=2, lines=[1, 1])
    real = pushing._call

    def half(line, effects):
        yield from real(line, effects[:1])
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


def test_a_line_nobody_could_read_is_named_and_asked_for_again(desk):
    from datetime import timedelta as td

    from jumun.channels.models import ChannelAccount
    from jumun.intake.actions import start_collection
    from jumun.intake.tasks import collect as collect_task
    from jumun.jobs.models import JobEntry

    desk.mall.orders(1, lines=[1, 1])
    before = now() - td(hours=1)
    with acting_as(desk.company):
        ChannelAccount.objects.update(collected_until=before)
        job = start_collection([desk.account], by=None, at=now())
    desk.mall.fault("query", "unknown_enum", times=2)
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job)
    with acting_as(desk.company):
        assert JobEntry.objects.get(job_id=job, outcome="failed").code == "line_unreadable"
        assert Job.objects.get(id=job).status == "partly"
        assert ChannelAccount.objects.get().collected_until == before
        assert not OrderItem.objects.exists()
        job = start_collection([desk.account], by=None, at=now())
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job)
    with acting_as(desk.company):
        assert OrderItem.objects.count() == 1
        assert ChannelAccount.objects.get().collected_until > before


def test_a_line_read_at_the_second_asking_comes_in_at_once(desk):
    desk.mall.fault("query", "unknown_enum", times=1)
    assert len(collect(desk, count=1, lines=[1, 1])) == len(items(desk)) == 1


def test_confirming_that_goes_on_does_not_stop_the_next_collection(desk):
    from jumun.intake.actions import start_collection
    from jumun.intake.tasks import collect as collect_task

    desk.mall.orders(1, lines=[1, 1])
    with acting_as(desk.company):
        job = start_collection([desk.account], auto_confirm=True, by=None, at=now())
        assert start_collection([desk.account], by=None, at=now()) == job
    collect_task(company_id=desk.company, account_id=desk.account, job_id=job, confirm=True)
    with acting_as(desk.company):
        assert Job.objects.get(id=job).status == "running"
        assert start_collection([desk.account], by=None, at=now()) != job


def test_text_that_only_looks_like_nul_is_kept(house, noon):
    house.order("A1", "a", raw={"memo": "a\\u0000b", "nul": "c\x00d"})
    from jumun.orders.models import RawPayload

    assert RawPayload.objects.get().payload == {"memo": "a\\u0000b", "nul": "cd"}


def test_a_temporary_table_does_not_stand_in_for_a_real_one(committed):
    from django.db import connection

    with connection.cursor() as run:
        run.execute("CREATE TEMP TABLE companies_company AS SELECT 4711::bigint AS id")
        run.execute("SELECT * FROM jumun_companies()")
        assert run.fetchall() == []
        run.execute("DROP TABLE pg_temp.companies_company")
