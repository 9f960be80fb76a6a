"""kill -9 of real workers at named places: one effect, nothing lost, nothing stuck (R01, R02, R03)."""

import signal
from collections import Counter

import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import confirm, transmit
from jumun.intake.actions import start_collection
from jumun.jobs.queries import get_job
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from tests.dispatch.test_faults import SHIPPED, shipped
from tests.stories.running import wait_for


def job_of(desk, job_id):
    with acting_as(desk.company):
        job = get_job(job_id)
    return job if job.status in ("done", "partly", "failed") else None


@pytest.mark.parametrize("place", ["before_http", "after_http_before_commit"])
def test_a_killed_transmission_has_one_effect(desk, running, place, tmp_path):
    """R01: killed before the call. R02: killed after the mall accepted, before our commit: read back, not re-sent."""
    lines = shipped(desk)
    with acting_as(desk.company):
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    once = tmp_path / "crashed"
    victim = running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    assert once.exists()
    running.start("worker", JUMUN_CRASH_AT=place, JUMUN_CRASH_ONCE=str(once))
    ended = wait_for(lambda: job_of(desk, job), 60)
    assert ended.status == "done"
    with acting_as(desk.company):
        assert set(OrderItem.objects.values_list("status", "push")) == {("in_transit", "confirmed")}
    assert Counter(effect["line_no"] for effect in desk.mall.effects("dispatch")) == Counter(lines)


def test_a_killed_confirmation_has_one_effect(desk, running, tmp_path):
    desk.mall.orders(3)
    once = tmp_path / "crashed"
    running.start("worker")
    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now())
    wait_for(lambda: job_of(desk, job), 60)
    running.stop()
    with acting_as(desk.company):
        job = confirm(Selection(filter=ItemFilter()), by=desk.owner, at=now()).job
    victim = running.start("worker", JUMUN_CRASH_AT="after_http_before_commit", JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    running.start("worker")
    assert wait_for(lambda: job_of(desk, job), 60).status == "done"
    confirmed = Counter(effect["line_no"] for effect in desk.mall.effects("confirm"))
    assert set(confirmed.values()) == {1}
    assert set(confirmed) == set(desk.mall.state()["lines"])


def test_a_collection_killed_half_way_loses_and_doubles_nothing(desk, running, tmp_path):
    """R03: the lane is free again, the job ends, every line is there once (I1)."""
    desk.mall.post("settings", **{"naver.page": 7})
    desk.mall.orders(30, lines=[1, 2])
    with acting_as(desk.company):
        job = start_collection([desk.account], auto_confirm=True, by=desk.owner, at=now())
    once = tmp_path / "crashed"
    victim = running.start("worker", JUMUN_CRASH_AT="after_stored_page", JUMUN_CRASH_ONCE=str(once))
    assert victim.wait(60) == -signal.SIGKILL
    running.start("worker")
    assert wait_for(lambda: job_of(desk, job), 90).status == "done"
    with acting_as(desk.company):
        lines = Counter(OrderItem.objects.values_list("line_no", flat=True))
        assert set(OrderItem.objects.values_list("status", flat=True)) == {"preparing"}
    assert set(lines.values()) == {1}
    assert set(lines) == set(desk.mall.state()["lines"])


def test_a_worker_asked_to_leave_in_mid_transmission_leaves_no_effect_behind(desk, running):
    """R05: SIGTERM; the rest is done by the next worker, each once."""
    lines = shipped(desk, count=40)
    desk.mall.fault("dispatch", "slow", times=3, seconds=0.3)
    with acting_as(desk.company):
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    first = running.start("worker")
    wait_for(lambda: desk.mall.effects("dispatch"), 60)
    first.terminate()
    first.wait(30)
    running.start("worker")
    assert wait_for(lambda: job_of(desk, job), 60).status == "done"
    assert Counter(effect["line_no"] for effect in desk.mall.effects("dispatch")) == Counter(lines)
