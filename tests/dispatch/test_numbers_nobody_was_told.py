"""N11: a number its channel was told is corrected there, by whoever may; one nobody was told of is changed here."""

import pytest
from tests.dispatch.test_typed_orders import TYPED
from tests.making import good_number

from jumun.channels.models import ChannelAccount
from jumun.dispatch.actions import save_waybills
from jumun.dispatch.doing import act
from jumun.dispatch.models import Effect
from jumun.dispatch.undoing import undo
from jumun.intake.single_entry import register
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, Shipment, TimelineEvent
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill

ALL = Selection(filter=ItemFilter())


def save(house, item, number, **more):
    given = [GivenWaybill("cj", number, item=item.id)]
    return save_waybills(given, by=house.owner, at=house.at, **({"corrects": True} | more))


@pytest.fixture
def typed(house):
    """An order typed into an account whose API corrects numbers, on its way; nobody was told."""
    ChannelAccount.objects.update(channel="coupang")
    register([TYPED], by=house.owner, at=house.at)
    OrderItem.objects.update(channel="coupang")
    house.put(status="shipped")
    act("transmit", ALL, by=house.owner, at=house.at)
    [item] = house.items()
    assert (item.status, item.push) == ("in_transit", "not_needed")
    return item


def test_a_line_the_channel_never_had_is_renumbered_here(house, typed):
    before = OrderItem.objects.get().status_since
    saved = save(house, typed, good_number(7))
    assert (saved.outcome.done, saved.outcome.refused, saved.outcome.job) == (1, [], None)
    [item] = house.items()
    assert (item.waybill, item.push, item.status, item.status_since) == (
        good_number(7),
        "not_needed",
        "in_transit",
        before,
    )
    assert Shipment.objects.get(id=item.shipment_id).waybill == good_number(7)
    assert not Effect.objects.exists()
    told = TimelineEvent.objects.filter(item_id=item.id, action="renumber").get()
    assert told.detail["was_waybill"] == good_number(0)

    assert undo(saved.outcome.batch, by=house.owner, at=house.at).done == 1
    [item] = house.items()
    assert (item.waybill, item.push, item.status) == (good_number(0), "not_needed", "in_transit")


def test_a_dry_run_says_so_and_changes_nothing(house, typed):
    assert save(house, typed, good_number(7), dry_run=True).outcome.done == 1
    assert house.items()[0].waybill == good_number(0)


def test_the_same_number_and_a_taken_one_are_refused(house, typed):
    assert save(house, typed, good_number(0)).outcome.refused[0].code == "same_number"
    house.order("A1", "a")
    [other] = house.items("A1")
    Shipment.objects.filter(id=other.shipment_id).update(carrier="cj", waybill=good_number(5))
    assert save(house, typed, good_number(5)).outcome.refused[0].code == "waybill_taken"


def test_an_order_sold_nowhere_is_renumbered_here_too(house):
    house.order("A1", "a", "b")
    house.put(status="shipped")
    OrderItem.objects.update(status="in_transit", push="not_needed", channel="manual")
    saved = save(house, house.items()[1], good_number(7))
    assert saved.outcome.done == 2
    assert {item.waybill for item in house.items()} == {good_number(7)}


def test_a_parcel_of_both_keeps_one_number(house):
    """What nobody was told of waits for the channel's answer with the rest of its parcel."""
    house.order("A1", "a", "b")
    house.put(status="shipped")
    OrderItem.objects.update(status="in_transit", push="confirmed", channel="coupang")
    [told, untold] = house.items()
    OrderItem.objects.filter(id=untold.id).update(push="not_needed")
    saved = save(house, untold, good_number(7))
    assert saved.outcome.refused == [] and saved.outcome.job is not None
    assert [line["item"] for effect in Effect.objects.all() for line in effect.lines] == [told.id]
    assert {item.waybill for item in house.items()} == {good_number(0)}

    from jumun.dispatch.landing import land
    from jumun.dispatch.ledger import Verdict
    from jumun.dispatch.models import EffectState

    land([Verdict(Effect.objects.get(), EffectState.CONFIRMED)], at=house.at)
    assert {(item.waybill, item.push) for item in house.items()} == {
        (good_number(7), "confirmed"),
        (good_number(7), "not_needed"),
    }


def test_whoever_may_not_correct_is_refused_at_the_door(house):
    """A packer's number never reaches a channel by any way in: page, REST or sheet."""
    house.order("A1", "a")
    house.put(status="shipped")
    OrderItem.objects.update(status="in_transit", push="confirmed", channel="coupang")
    saved = save(house, house.items()[0], good_number(7), corrects=False)
    assert [(row.row, row.code) for row in saved.rows] == [(0, "not_allowed")]
    assert saved.told == [] and not Effect.objects.exists()
