"""강제 취소: final, with its time (Q35, Q36)."""

from datetime import timedelta

import pytest
from tests.making import make_line

from jumun.core.errors import JumunError
from jumun.dispatch.undoing import undo
from jumun.orders.actions.cancel import cancel
from jumun.orders.models import OrderItem
from jumun.orders.queries import get_order
from jumun.orders.selection import Selection


def of(*items):
    return Selection(ids=tuple(item.id for item in items))


def test_q35_the_order_says_when_it_was_cancelled(house):
    """Q35: 취소 일시 is on the item, in the timeline, and nowhere before."""
    [item] = house.order("A1", "a")
    later = house.at + timedelta(minutes=5)
    assert get_order(item.order_id).items[0].cancelled_at is None

    assert cancel(of(item), by=house.owner, at=later).done == 1

    order = get_order(item.order_id)
    assert (order.status, order.items[0].cancelled_at) == ("cancelled", later)
    assert (order.timeline[0].action, order.timeline[0].at) == ("cancel", later)


def test_q36_a_cancel_is_never_taken_back_and_never_done_twice(house):
    """Q36: neither undo nor another move brings it back."""
    [item] = house.order("A1", "a")
    batch = cancel(of(item), by=house.owner, at=house.at).batch
    assert batch is not None

    with pytest.raises(JumunError, match="cannot be undone"):
        undo(batch, by=house.owner, at=house.at)
    again = cancel(of(item), by=house.owner, at=house.at)

    assert (again.done, [refusal.code for refusal in again.refused]) == (0, ["wrong_status"])
    assert OrderItem.objects.get().status == "cancelled"


def test_what_stays_in_a_labelled_parcel_is_printed_again(house):
    """The label names more than is in the parcel; another parcel's label stays good."""
    house.store([make_line("A1", key, house.at) for key in ("a", "b")])
    house.order("A2", "c")
    house.put(status="labelled")
    first, second, other = OrderItem.objects.order_by("id")

    cancel(of(first), by=house.owner, at=house.at)

    assert [item.reprint for item in OrderItem.objects.order_by("id")] == [False, True, False]
    assert [item.status for item in OrderItem.objects.order_by("id")] == ["cancelled", "labelled", "labelled"]
    assert second.shipment_id == first.shipment_id != other.shipment_id


def test_a_dry_run_marks_nothing(house):
    house.store([make_line("A1", key, house.at) for key in ("a", "b")])
    house.put(status="labelled")
    first, _ = OrderItem.objects.order_by("id")

    assert cancel(of(first), by=house.owner, at=house.at, dry_run=True).done == 1

    assert not OrderItem.objects.filter(reprint=True).exists()
