"""발송기한 by the account's rule while others move and collect (N4, R26)."""

import threading
from datetime import time, timedelta
from functools import partial

from django.db import connection
from tests.making import make_line, open_house
from tests.orders.test_two_clerks import together

from jumun.channels.calendar import end_of
from jumun.core.clock import in_kst
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.ship_by import change_ship_by_rule
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection

ALL = Selection(filter=ItemFilter())


def test_the_rule_and_clerks_never_wait_for_each_other_in_a_ring(committed, noon):
    """R26: items that a new rule reckons anew are locked in the one order that every move locks them in."""
    house = open_house(noon)
    with acting_as(house.company):
        house.store([make_line(f"A{n}", f"a{n}", noon, ship_by=None) for n in range(400)])
        with connection.cursor() as run:  # the table's order is not the ids' order
            run.execute("UPDATE orders_orderitem SET quantity = quantity WHERE id % 3 = 0")
            run.execute("UPDATE orders_orderitem SET quantity = quantity WHERE id % 3 = 1")
    errors = []

    def owner():
        for turn in range(12):
            try:
                with acting_as(house.company):
                    change_ship_by_rule(house.account, within=turn % 5, cut_off=time(9))
            except Exception as problem:  # noqa: BLE001
                errors.append(repr(problem)[:200])
        return True

    def clerk():
        for _ in range(12):
            for deed in (partial(hold, reason="other"), unhold):
                try:
                    with acting_as(house.company):
                        deed(ALL, by=None, at=noon)
                except Exception as problem:  # noqa: BLE001
                    errors.append(repr(problem)[:200])
        return True

    assert together(owner, clerk, clerk) == [True] * 3
    assert errors == []


def test_what_is_collected_while_the_rule_changes_follows_the_new_rule(committed, noon):
    """N4: no item keeps a ship-by of a rule that was changed while it was being stored."""
    house = open_house(noon)
    day = in_kst(noon).date()
    with acting_as(house.company):
        change_ship_by_rule(house.account, within=0, cut_off=None)
    stored, changed = threading.Event(), threading.Event()

    def mall():
        with acting_as(house.company):
            house.store([make_line("A1", "a1", noon, ship_by=None)])
            stored.set()
            changed.wait(2)
        return True

    def owner():
        stored.wait(10)
        with acting_as(house.company):
            change_ship_by_rule(house.account, within=3, cut_off=None)
        changed.set()
        return True

    assert together(mall, owner) == [True, True]
    with acting_as(house.company):
        (item,) = OrderItem.objects.all()
    assert item.ship_by > end_of(day + timedelta(days=1))


def test_storing_reckons_what_it_stored_and_nothing_else(house, noon):
    """R26: older items of the account are not touched, so that no lock is taken out of order."""
    with acting_as(house.company):
        house.order("A1", "a1", ship_by=None)
        change_ship_by_rule(house.account, within=0, cut_off=None)
        OrderItem.objects.update(ship_by=None)
        house.order("A2", "a2", ship_by=None)
        found = {item.order_number: item.ship_by for item in house.items()}
    assert found["A1"] is None
    assert found["A2"] is not None
