"""What the channel does to a line we hold: partial cancels, corrected numbers, holds that end by themselves."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.making import good_number, make_line

from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage, Hint, Method, Stage
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.release import release
from jumun.orders.models import Component, Hold, OrderItem, OrderLine, TimelineEvent
from jumun.orders.selection import Selection

DONE = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.DONE, "C1", 1)


def three(house, **more):
    """One line of three pieces, 30,000 won."""
    values = {"quantity": 3, "remaining": 3, "amount": Decimal(30_000)} | more
    return make_line("A1", "a", house.at, **values)


def hear(house, *lines, **more):
    return catch_up(house.account, lines, at=house.at + timedelta(hours=1), **more)


@pytest.mark.parametrize("status", ["preparing", "ready", "labelled"])
def test_a_partial_cancel_splits_the_item_in_whatever_status_it_is(house, noon, status):
    """DESIGN §2 Claims: the claimed part ends, the rest goes on with its number; quantities and amounts add up (I8)."""
    house.store([three(house)])
    house.put(status=status)
    hear(house, three(house, remaining=2, amount=Decimal(20_000), claim=DONE))
    rest, gone = house.items("A1")
    assert (rest.status, rest.quantity, rest.amount, rest.claim) == (status, 2, 20_000, "")
    assert (gone.status, gone.quantity, gone.amount, gone.claim) == ("cancelled", 1, 10_000, "cancel_done")
    assert rest.shipment_id == gone.shipment_id
    assert rest.reprint is (status == "labelled")
    assert {part.item_id for part in Component.objects.all()} == {rest.id, gone.id}
    hear(house, three(house, remaining=2, amount=Decimal(20_000), claim=DONE))
    assert len(house.items("A1")) == 2, "the same reading again changes nothing"


def test_a_partial_return_of_delivered_goods_splits_off_what_came_back(house, noon):
    """P34: one of three came back; two stay delivered."""
    house.store([three(house)])
    hear(house, three(house, stage=Stage.DELIVERED, carrier="cj", waybill=good_number(1)))
    back = ClaimSnapshot(ClaimKind.RETURN, ClaimStage.DONE, "R1", 1)
    hear(house, three(house, stage=Stage.DELIVERED, remaining=2, amount=Decimal(20_000), claim=back))
    assert [(item.status, item.quantity) for item in house.items("A1")] == [("delivered", 2), ("returned", 1)]


def test_goods_handed_over_before_the_cancel_are_for_a_person(house, noon):
    """DESIGN §2: no status of the channel moves what it cannot know of; the clerk is told once."""
    house.store([three(house)])
    house.put(status="shipped")
    for _ in range(2):
        hear(house, three(house, remaining=2, amount=Decimal(20_000), claim=DONE))
    (item,) = house.items("A1")
    assert (item.status, item.quantity, item.held) == ("shipped", 3, True)
    assert Hold.objects.count() == 1


def told(house, number):
    """An item in transit whose channel was told this number just now."""
    house.store([three(house)])
    house.put(status="shipped", numbers=[number])
    OrderItem.objects.update(status="in_transit", push="confirmed")
    OrderLine.objects.update(waybill=number, carrier="cj", told_at=house.at)


def test_a_number_corrected_in_the_seller_centre_is_read_back(house, noon):
    """N11: the seller corrected it there; item and shipment show it, the timeline says what it was."""
    told(house, good_number(1))
    hear(house, three(house, stage=Stage.DISPATCHED, carrier="lotte", waybill="317651308380"))
    (item,) = house.items("A1")
    assert (item.carrier, item.waybill, item.shipment.waybill) == ("lotte", "317651308380", "317651308380")
    event = TimelineEvent.objects.get(action="renumbered")
    assert event.detail["was_waybill"] == good_number(1)


def test_a_reading_asked_for_before_the_number_was_told_does_not_change_it(house, noon):
    """R19: a page read before a correction lands after it."""
    told(house, good_number(2))
    old = three(house, stage=Stage.DISPATCHED, carrier="cj", waybill=good_number(1))
    hear(house, old, asked=noon - timedelta(minutes=1))
    (item,) = house.items("A1")
    assert (item.waybill, item.line.waybill) == (good_number(2), good_number(2))


def test_a_gift_is_freed_when_its_address_arrives(house, noon):
    """N12: the hold the channel gave ends with its reason; one a clerk put on stays."""
    house.store([three(house, hints=frozenset({Hint.GIFT_WITHOUT_ADDRESS}))])
    (item,) = house.items("A1")
    assert item.held
    hear(house, three(house))
    item.refresh_from_db()
    assert not item.held
    assert Hold.objects.get().released_at is not None


def test_a_pre_order_is_held_until_its_date(house, noon):
    """The hold carries the channel's date, so that the clock ends it."""
    until = noon + timedelta(days=3)
    house.store([three(house, hints=frozenset({Hint.PRE_ORDER}), hold_until=until)])
    assert Hold.objects.get().until == until


def test_what_a_partner_ships_is_never_released(house, noon):
    """도착보장: even with its hold ended by a person."""
    house.store([three(house, hints=frozenset({Hint.PARTNER_SHIPS}), method=Method.PARTNER)])
    (item,) = house.items("A1")
    OrderItem.objects.update(held=False)
    outcome = release(Selection(ids=(item.id,)), by=house.owner, at=noon)
    assert [refusal.code for refusal in outcome.refused] == ["partner_ships"]


def test_a_reading_that_knows_no_claims_leaves_the_one_told_before(house, noon):
    """Coupang's sheets say nothing of returns: an empty reading is not a withdrawal."""
    asked = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1)
    house.store([three(house)])
    hear(house, three(house, claim=asked))
    hear(house, replace(three(house), claims_known=False))
    (item,) = house.items("A1")
    assert (item.claim, item.claim_open) == ("cancel_requested", True)
    hear(house, three(house))
    item.refresh_from_db()
    assert (item.claim, item.claim_open) == ("", False)


def test_a_box_that_was_split_gives_its_line_a_new_unit(house, noon):
    """Coupang 분리배송: the box is an attribute that may change; the line key is not."""
    house.store([three(house, unit="900000000000000001")])
    hear(house, three(house, unit="900000000000000002"))
    (item,) = house.items("A1")
    assert (item.unit, item.line.unit) == ("900000000000000002", "900000000000000002")
