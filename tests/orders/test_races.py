"""Two transactions at once."""

import threading

import pytest
from tests.making import make_line, open_house
from tests.orders.test_two_clerks import together

from jumun.channels.port import Stage
from jumun.core.tenancy import acting_as
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection

ALL = Selection(filter=ItemFilter())


@pytest.mark.parametrize("turn", range(3))
def test_a_late_line_never_joins_a_parcel_being_released(committed, noon, turn):
    house = open_house(noon)
    with acting_as(house.company):
        house.store([make_line(f"A{n}", f"a{n}", noon) for n in range(100)])
    ready = threading.Event()

    def clerk():
        with acting_as(house.company):
            done = release(ALL, by=None, at=noon)
            ready.set()
            threading.Event().wait(0.5)
            return done

    def mall():
        ready.wait(10)
        with acting_as(house.company):
            house.store([make_line(f"A{n}", f"b{n}", noon) for n in range(100)])
        return True

    outcome, stored = together(clerk, mall)
    assert (outcome.done, stored) == (100, True)
    with acting_as(house.company):
        by_shipment = {}
        for item in OrderItem.objects.all():
            by_shipment.setdefault(item.shipment_id, set()).add(item.status)
    assert [statuses for statuses in by_shipment.values() if len(statuses) > 1] == []


def test_clerks_and_readings_never_wait_for_each_other_in_a_ring(committed, noon):
    house = open_house(noon)
    with acting_as(house.company):
        house.store([make_line(f"A{n}", f"a{n}-{m}", noon) for n in range(60) for m in range(2)])
        house.put(status="labelled")
    errors = []

    def work(turn):
        def run():
            from jumun.dispatch.undoing import undo
            from jumun.orders.actions.hand_over import hand_over

            for n in range(8):
                try:
                    with acting_as(house.company):
                        if turn == 0:
                            batch = hand_over(ALL, by=None, at=noon).batch
                        else:
                            some = [
                                make_line(
                                    f"A{k}",
                                    f"a{k}-{m}",
                                    noon,
                                    stage=Stage.DISPATCHED,
                                    carrier="hanjin",
                                    waybill=f"30000001{turn}{k:03d}",
                                )
                                for k in range(n * 7, n * 7 + 7)
                                for m in range(2)
                            ]
                            catch_up(house.account, some[::-1] if turn == 1 else some, at=noon)
                    if turn == 0:
                        with acting_as(house.company):
                            undo(batch, by=None, at=noon)
                except Exception as problem:  # noqa: BLE001
                    errors.append(repr(problem)[:200])
            return True

        return run

    assert together(work(0), work(1), work(2)) == [True] * 3
    assert errors == []
