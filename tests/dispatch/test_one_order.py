"""One real-wire Smartstore order all the way, function by function."""

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import confirm, transmit
from jumun.dispatch.pushing import push_account
from jumun.dispatch.syncing import sync_account
from jumun.intake.actions import start_collection
from jumun.intake.collecting import Asked, collect_account
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.label import NewWaybill, label
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, TimelineEvent
from jumun.orders.selection import Selection

ALL = Selection(filter=ItemFilter())


def statuses(desk):
    with acting_as(desk.company):
        return set(OrderItem.objects.values_list("status", flat=True))


def test_an_order_goes_all_the_way(desk, noon):
    made = desk.mall.orders(5)
    lines = {line for order in made for line in order["lines"]}
    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now())
    done = collect_account(desk.company, Asked(desk.account, job))
    assert done.new == len(lines)
    assert statuses(desk) == {"paid"}
    with acting_as(desk.company):
        assert set(OrderItem.objects.values_list("line_no", flat=True)) == lines
        outcome = confirm(ALL, by=desk.owner, at=now())
        assert (outcome.done, outcome.refused_total) == (len(lines), 0)
    push_account(desk.company, desk.account)
    assert statuses(desk) == {"preparing"}
    with acting_as(desk.company):
        outcome = release(ALL, by=desk.owner, at=now())
        assert (outcome.done, outcome.refused) == (len(lines), [])
        first = {}
        for item in OrderItem.objects.order_by("id"):
            first.setdefault(item.shipment_id, item.id)
        outcome = label(
            [NewWaybill(item, "cj", f"6{n:010d}{n}"[:12]) for n, item in enumerate(first.values())],
            by=desk.owner,
            at=now(),
        )
        assert (outcome.done, outcome.refused) == (len(lines), [])
        outcome = hand_over(ALL, by=desk.owner, at=now())
        assert (outcome.done, outcome.refused) == (len(lines), [])
        outcome = transmit(ALL, by=desk.owner, at=now())
        assert (outcome.done, outcome.refused) == (len(lines), [])
    push_account(desk.company, desk.account)
    assert statuses(desk) == {"in_transit"}
    assert sorted(effect["line_no"] for effect in desk.mall.effects("dispatch")) == sorted(lines)
    desk.mall.event("deliver", lines=sorted(lines))
    sync_account(desk.company, desk.account)
    assert statuses(desk) == {"delivered"}
    desk.mall.event("settle", lines=sorted(lines))
    sync_account(desk.company, desk.account)
    assert statuses(desk) == {"settled"}
    with acting_as(desk.company):
        item = OrderItem.objects.first()
        told = TimelineEvent.objects.filter(item_id=item.id).order_by("at", "id").values_list("action", flat=True)
        assert list(told) == [
            "collected",
            "confirm_planned",
            "confirm",
            "release",
            "label",
            "hand_over",
            "dispatch_planned",
            "transmit",
            "caught_up",
            "caught_up",
        ]
