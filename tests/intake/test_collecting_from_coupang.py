"""The same promises where the list goes by the time of the order and pages shift under the reader (R14–R16, P2, P6)."""

from datetime import timedelta

import pytest
from tests.intake.collected import DAY, HOUR, account, collect, digest, gaps, items, lines, put_watermark

from jumun.connectors.coupang.connector import CoupangConnector
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.syncing import sync_account
from jumun.intake.collecting import EDGE


def every_line(made):
    return sorted(line for order in made for line in order["lines"])


def stored(wing):
    """The lines that came in, as the mall names them."""
    known = wing.mall.state()["lines"]
    return sorted(line for line, row in known.items() if row["order_no"] in {item.order_number for item in items(wing)})


def test_r14_the_same_window_twice_brings_nothing_new(wing):
    made = wing.mall.orders(4, confirmed=0.5)
    first = collect(wing)
    before = digest(wing)
    assert first.new == len(lines(wing)) == len(every_line(made))
    assert collect(wing).new == collect(wing, start=now() - 2 * DAY).new == 0
    assert digest(wing) == before


@pytest.mark.parametrize("paging", ["key", "offset"])
def test_r15_orders_that_come_between_pages_are_not_missed(wing, monkeypatch, paging):
    wing.mall.post("settings", **{"coupang.page": 1, "coupang.paging": paging})
    made = wing.mall.orders(4, lines=[1, 1])
    real, places = CoupangConnector.changed, iter(range(3))

    def changed(self, window, *, open_only=False):
        assert open_only
        for page in real(self, window, open_only=open_only):
            yield page
            if (place := next(places, None)) is not None:
                made.extend(wing.mall.orders(1, seed=50 + place, lines=[1, 1]))

    monkeypatch.setattr(CoupangConnector, "changed", changed)
    for _ in range(2):
        collect(wing)
    assert len(made) == 7 and len(lines(wing)) == 7 and stored(wing) == every_line(made)


def test_p2_p6_what_is_sent_stays_out_and_the_rest_lands_by_its_confirmation(wing):
    wing.mall.orders(2, seed=1, dispatched=1)
    new = wing.mall.orders(2, seed=2, lines=[1, 1])
    confirmed = wing.mall.orders(2, seed=3, lines=[1, 1], confirmed=1)
    collect(wing)
    assert sorted((item.order_number, item.status) for item in items(wing)) == sorted(
        [(order["order_no"], "paid") for order in new] + [(order["order_no"], "preparing") for order in confirmed]
    )


def test_r16_an_outage_longer_than_the_channel_remembers(wing):
    for back in (39, 20, 3):
        moment = (now() - back * DAY).isoformat()
        wing.mall.orders(1, seed=back, lines=[1, 1], ordered_from=moment, ordered_to=moment)
    wing.mall.post("settings", **{"coupang.history_days": 10})
    put_watermark(wing, now() - 40 * DAY)
    collect(wing)
    assert len(lines(wing)) == 1
    (gap,) = gaps(wing)
    assert abs(gap.start - (now() - 40 * DAY)) < HOUR
    assert timedelta(0) <= gap.end - (now() - 10 * DAY) < DAY + EDGE, "the list is asked by the day"
    assert now() - account(wing).collected_until < HOUR
    wing.mall.post("settings", **{"coupang.history_days": 0})
    collect(wing, start=gap.start, end=gap.end)
    assert gaps(wing) == [] and len(lines(wing)) == 3


def test_a_sync_follows_an_old_order_though_only_new_ones_are_listed_by_time(wing):
    moment = (now() - 3 * DAY).isoformat()
    (order,) = wing.mall.orders(1, lines=[1, 1], confirmed=1, ordered_from=moment, ordered_to=moment)
    collect(wing)
    sync_account(wing.company, wing.account)
    wing.mall.event("cancel_request", line_no=order["lines"][0])
    sync_account(wing.company, wing.account)
    with acting_as(wing.company):
        (item,) = items(wing)
    assert item.claim == "cancel_requested"
