"""Two clerks, two tabs, a double click: each item moves once (R24, R26)."""

import threading
from collections import Counter

import pytest
from tests.making import good_number, make_line, open_house

from jumun.core.tenancy import acting_as
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, Shipment, TimelineEvent
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill, save_waybills

ALL = Selection(filter=ItemFilter())


@pytest.fixture
def open_shop(committed, noon):
    house = open_house(noon)
    with acting_as(house.company):
        house.store(make_line(f"A{n}", f"a{n}-{m}", noon) for n in range(50) for m in range(2))
    return house


def together(*works):
    """Run these at once, each on its own connection; answers what they returned."""
    from django.db import connection

    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            barrier.wait(10)
            results[place] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_four_clerks_release_the_same_items_once(open_shop, noon):
    def work():
        with acting_as(open_shop.company):
            return release(ALL, by=open_shop.owner, at=noon)

    outcomes = together(work, work, work, work)

    assert sum(outcome.done for outcome in outcomes) == 100
    with acting_as(open_shop.company):
        assert TimelineEvent.objects.filter(action="release").count() == 100
        per_item = Counter(TimelineEvent.objects.filter(action="release").values_list("item_id", flat=True))
        assert set(per_item.values()) == {1}


def test_items_of_one_shipment_chosen_apart_move_once(open_shop, noon):
    """Both widen to the same shipments; the second finds them gone."""
    with acting_as(open_shop.company):
        items = list(OrderItem.objects.order_by("id"))
    halves = [tuple(item.id for item in items if item.line_no.endswith(which)) for which in ("-0", "-1")]

    def work(ids):
        def run():
            with acting_as(open_shop.company):
                return release(Selection(ids=ids), by=None, at=noon)

        return run

    outcomes = together(*map(work, halves))

    assert sorted(outcome.done for outcome in outcomes) == [0, 100]


def test_two_clerks_cannot_give_one_number_to_two_shipments(open_shop, noon):
    """R27 in the database: the unique key has the last word."""
    with acting_as(open_shop.company):
        release(ALL, by=None, at=noon)
        first, second = list(OrderItem.objects.order_by("id"))[0:4:2]

    def work(item):
        def run():
            with acting_as(open_shop.company):
                return save_waybills([GivenWaybill("cj", good_number(1), item=item.id)], by=None, at=noon)

        return run

    saved = together(work(first), work(second))

    with acting_as(open_shop.company):
        assert Shipment.objects.filter(waybill=good_number(1)).count() == 1
    assert sorted(each.outcome.done for each in saved) == [0, 2]
