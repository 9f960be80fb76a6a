"""A bulk move is the same number of statements for 1 and for 10,000 items."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.making import good_number, make_line

from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.release import release
from jumun.orders.actions.undo import undo
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.queries import list_items
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill, save_waybills

MANY = 10_000


def statements(work):
    with CaptureQueriesContext(connection) as captured:
        result = work()
    return len(captured), result


def a_day(house, first, count):
    """Every local action on `count` one-line orders; answers the statements each action took."""
    took = {}
    numbers = [f"N{first + place}" for place in range(count)]
    lines = [make_line(number, f"{number}-1", house.at) for number in numbers]
    took["store"], _ = statements(lambda: house.store(lines))
    mine = Selection(filter=ItemFilter(number=tuple(numbers)))
    by = {"by": house.owner, "at": house.at}
    took["hold"], _ = statements(lambda: hold(mine, reason="other", **by))
    took["unhold"], _ = statements(lambda: unhold(mine, **by))
    took["release"], outcome = statements(lambda: release(mine, **by))
    assert outcome.done == count
    ids = OrderItem.objects.filter(status="ready").order_by("id").values_list("id", flat=True)
    given = [GivenWaybill("cj", good_number(first + place), item=item) for place, item in enumerate(ids)]
    took["label"], saved = statements(lambda: save_waybills(given, **by))
    assert (saved.outcome.done, saved.outcome.refused) == (count, [])
    took["hand_over"], outcome = statements(lambda: hand_over(mine, **by))
    assert outcome.done == count
    took["undo"], undone = statements(lambda: undo(outcome.batch, **by))
    assert undone.done == count
    took["list"], _ = statements(lambda: list_items(ItemFilter(), limit=200))
    return took


def test_the_same_number_of_statements_for_one_and_for_ten_thousand(house):
    """I12, I13: no cap, and no statement more."""
    one = a_day(house, 0, 1)
    many = a_day(house, 1, MANY)
    assert one == many


def test_planning_a_transmission_takes_the_same_statements(house):
    """Confirm and transmit too: what is planned for 1 and for 2,000 items."""
    from jumun.dispatch.actions import transmit

    took = []
    for first, count in ((20_000, 1), (30_000, 2_000)):
        a_day(house, first, count)
        mine = Selection(filter=ItemFilter(number=tuple(f"N{first + place}" for place in range(count))))
        hand_over(mine, by=house.owner, at=house.at)
        number, outcome = statements(lambda chosen=mine: transmit(chosen, by=house.owner, at=house.at))
        assert outcome.done == count
        took.append(number)
    assert took[0] == took[1]
