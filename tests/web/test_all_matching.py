"""전체 N건: what was shown, and nothing that joined since (I12)."""

from datetime import timedelta

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection


def test_late_means_late_when_the_list_was_shown(shop, owner):
    """I12: an item whose ship-by passed since the list was shown was not on it."""
    with acting_as(shop.company):
        shop.order("A1", "l1", ship_by=now() - timedelta(hours=5))
        shop.order("A2", "l2", ship_by=now() - timedelta(minutes=1))
        OrderItem.objects.update(stored_at=now() - timedelta(days=1), status_since=now() - timedelta(days=1))
    shown = (now() - timedelta(minutes=5)).isoformat()
    form = {"action": "hold", "reason": "other", "scope": "filter", "query": "ship_by=late", "as_of": shown}
    assert owner.send("items/do", form).status_code == 200
    with acting_as(shop.company):
        assert list(OrderItem.objects.filter(held=True).values_list("order_number", flat=True)) == ["A1"]


def test_a_hold_that_came_since_is_not_lifted_with_the_others(shop, owner):
    """I12, N12: "all held" is released as it was shown; a colleague's newer hold stays."""
    with acting_as(shop.company):
        shop.order("A1", "l1")
        shop.order("A2", "l2")
        past = now() - timedelta(minutes=9)
        OrderItem.objects.update(stored_at=past, status_since=past)
        old = OrderItem.objects.get(order_number="A1")
        hold(Selection(ids=(old.id,)), reason="stock", by=None, at=past)
    shown = (now() - timedelta(minutes=5)).isoformat()
    with acting_as(shop.company):
        hold(Selection(filter=ItemFilter(number=("A2",))), reason="fraud", by=None, at=now())
    form = {"action": "unhold", "scope": "filter", "query": "held=true", "as_of": shown}
    assert owner.send("items/do", form).status_code == 200
    with acting_as(shop.company):
        assert list(OrderItem.objects.filter(held=True).values_list("order_number", flat=True)) == ["A2"]
