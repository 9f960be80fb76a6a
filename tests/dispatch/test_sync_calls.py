"""What a sync costs where the channel lists by the time of the order: calls as the mall counts them (R10)."""

from collections import Counter
from datetime import timedelta

import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import OLD_AT_ONCE, sync_account
from jumun.intake.collecting import Asked, collect_account
from jumun.jobs.actions import open_job
from jumun.jobs.models import Family
from jumun.orders.models import OrderItem, OrderLine

DAY = 86_400
MOST = 60


def collect_old(desk, days, count=1, **mix):
    """Orders made so many days ago, collected now."""
    made = desk.mall.orders(count, lines=[1, 1], age=days * DAY, **mix)
    with acting_as(desk.company):
        job = open_job(company_id=desk.company, kind="collect", family=Family.MALL, parts=1, by=None, at=now())
    collect_account(desk.company, Asked(desk.account, job, start=now() - timedelta(days=days + 1)))
    return [line for order in made for line in order["lines"]]


def claimed(desk, days=100, count=10):
    """Delivered orders whose buyers want their money back now."""
    lines = collect_old(desk, days, count, seed=2, confirmed=1)
    for line in lines:
        desk.mall.event("ship", line_no=line)
    desk.mall.event("deliver", lines=lines)
    with acting_as(desk.company):
        OrderItem.objects.filter(line_no__in=lines).update(status="delivered")
    for line in lines:
        desk.mall.event("return_request", line_no=line)
    return lines


def forget_when_read(desk):
    """As if two days had gone by since anything was read."""
    long_ago = now() - timedelta(days=2)
    with acting_as(desk.company):
        OrderLine.objects.update(read_at=long_ago, asked_at=long_ago)


def count(desk):
    found = Counter()
    for row in desk.mall.calls()["calls"]:
        found[row["call"]] += row["count"]
    return found


def sync(desk):
    """A sync, and how many calls of each name it was."""
    before = count(desk)
    sync_account(desk.company, desk.account)
    return dict(count(desk) - before)


def item(desk, line):
    with acting_as(desk.company):
        return OrderItem.objects.get(line_no=line)


def test_one_old_open_item_and_ten_claimed_orders_cost_a_handful_of_calls(wing):
    """One item from 170 days ago cost 177 calls a sync, and each claimed order twenty more."""
    (old,) = collect_old(wing, 170)
    lines = claimed(wing)
    forget_when_read(wing)
    took = sync(wing)
    assert sum(took.values()) <= MOST, took
    assert {item(wing, line).claim for line in lines} == {"return_requested"}

    again = sync(wing)
    assert sum(again.values()) < sum(took.values()), "and the half-hours after it cost less"
    assert item(wing, old).status == "paid"


def test_a_sync_in_which_every_old_line_is_due_stays_bounded(wing):
    """The day's reading of one held line: its order, its claims, and the exchanges of all orders once."""
    (old,) = collect_old(wing, 170, confirmed=1)
    wing.mall.event("ship", line_no=old)
    forget_when_read(wing)
    took = sync(wing)
    assert sum(took.values()) <= MOST, took
    assert item(wing, old).status == "in_transit"


def test_an_old_line_is_read_once_a_day_and_follows(wing):
    (old,) = collect_old(wing, 30)
    wing.mall.event("confirm", line_no=old)
    sync(wing)
    assert item(wing, old).status == "paid", "it was read when it was collected"
    forget_when_read(wing)
    sync(wing)
    assert item(wing, old).status == "preparing"


def test_an_old_lines_exchange_is_followed_to_its_end(wing):
    """It shows on no sheet, and its list goes by its own date."""
    (old,) = collect_old(wing, 40, confirmed=1)
    wing.mall.event("ship", line_no=old)
    wing.mall.event("deliver", lines=[old])
    with acting_as(wing.company):
        OrderItem.objects.update(status="delivered")
    wing.mall.event("exchange_request", line_no=old)
    forget_when_read(wing)
    sync(wing)
    assert item(wing, old).claim == "exchange_requested"


@pytest.mark.parametrize("known", [True, False])
def test_what_nobody_can_read_takes_no_other_old_lines_turn(wing, monkeypatch, known):
    """R17, R18: a line the channel forgot, or tells in words nobody knows, is asked for once a day as well."""
    from jumun.connectors.coupang.connector import CoupangConnector
    from jumun.connectors.coupang.wire import unreadable_line

    collect_old(wing, 30, count=3)
    forget_when_read(wing)
    asked = []

    def read_lines(self, lines):
        asked.extend(line.line_key for line in lines)
        return iter([unreadable_line(line.order_number, line.line_key) for line in lines] if known else [])

    monkeypatch.setattr(CoupangConnector, "read_lines", read_lines)
    monkeypatch.setattr("jumun.dispatch.syncing.OLD_AT_ONCE", 2)
    assert OLD_AT_ONCE > 2
    for _ in range(3):
        sync_account(wing.company, wing.account)
    assert len(asked) == len(set(asked)) == 3
