"""Holds that end by themselves (N12)."""

from datetime import timedelta

from tests.making import open_house

from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold, release_due_holds
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import Hold, OrderItem, TimelineEvent
from jumun.orders.selection import Selection
from jumun.orders.tasks import release_all_due_holds

ALL = Selection(filter=ItemFilter())
HOUR = timedelta(hours=1)


def held(number):
    return OrderItem.objects.get(order_number=number).held


def test_a_hold_ends_when_its_time_is_over_and_not_before(house, noon):
    (item,) = house.order("A1", "a")
    hold(ALL, reason="stock", until=noon + HOUR, by=house.owner, at=noon)
    assert release_due_holds(at=noon) == 0 and held("A1")

    later = noon + HOUR
    assert release_due_holds(at=later) == 1 and not held("A1")
    event = TimelineEvent.objects.get(action="unhold")
    assert (event.item_id, event.came_from, event.went_to, event.by_id) == (item.id, "preparing", "preparing", None)
    assert event.detail == {"reason": "until"} and event.at == later
    assert Hold.objects.get().released_at == later
    assert release_due_holds(at=later) == 0 and TimelineEvent.objects.filter(action="unhold").count() == 1
    assert release(ALL, by=None, at=later).done == 1


def test_an_item_with_another_hold_stays_held(house, noon):
    for number, more in (("A1", {}), ("B1", {"until": noon + 2 * HOUR})):
        (item,) = house.order(number, number)
        mine = Selection(ids=(item.id,))
        hold(mine, reason="stock", until=noon + HOUR, by=None, at=noon)
        hold(mine, reason="address", by=None, at=noon, **more)
    assert release_due_holds(at=noon + HOUR) == 0
    assert held("A1") and held("B1") and Hold.objects.filter(released_at=None).count() == 2
    assert not TimelineEvent.objects.filter(action="unhold").exists()
    assert release_due_holds(at=noon + 2 * HOUR) == 1
    assert held("A1") and not held("B1")


def test_the_clock_ends_them_in_every_company(db, noon):
    houses = [open_house(noon - timedelta(days=9), slug) for slug in ("one", "two")]
    for each in houses:
        with acting_as(each.company):
            each.order("A1", "a")
            hold(ALL, reason="stock", until=each.at + HOUR, by=None, at=each.at)
    release_all_due_holds()
    for each in houses:
        with acting_as(each.company):
            assert not held("A1")
