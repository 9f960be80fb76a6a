"""Collected lines are stored once, and known lines are brought up to date (P2, P3, P6, P7, P34, R14, R19, I1, I9)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.making import good_number, make_line

from jumun.channels.port import Address, ClaimKind, ClaimSnapshot, ClaimStage, Hint, Stage
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.models import Hold, Order, OrderItem, OrderLine, RawPayload, Recipient, Shipment, TimelineEvent


def test_unconfirmed_lands_in_paid_confirmed_in_preparing(house, noon):
    """P6, P7."""
    house.store([make_line("A1", "a", noon, stage=Stage.NEW), make_line("B1", "b", noon)])
    assert {item.line_no: item.status for item in house.items()} == {"a": "paid", "b": "preparing"}


@pytest.mark.parametrize(
    "stage", [Stage.AWAITING_PAYMENT, Stage.DISPATCHED, Stage.DELIVERED, Stage.SETTLED, Stage.CANCELLED, Stage.UNKNOWN]
)
def test_only_undispatched_live_paid_lines_enter(house, noon, stage):
    """P2, P3."""
    house.store([make_line("A1", "a", noon, stage=stage)])
    assert house.items() == []
    assert not Order.objects.exists()


def test_the_same_lines_again_change_nothing(house, noon):
    """R14."""
    lines = [make_line("A1", "a", noon), make_line("A1", "b", noon), make_line("B1", "c", noon)]
    house.store(lines)
    before = list(OrderItem.objects.order_by("id").values())
    events = TimelineEvent.objects.count()
    house.store(lines)
    house.store(reversed(lines))
    assert list(OrderItem.objects.order_by("id").values()) == before
    assert TimelineEvent.objects.count() == events
    assert RawPayload.objects.count() == 3


def test_one_shipment_per_order_and_ship_from_with_its_bundle_number(house, noon):
    """DESIGN §1: 묶음번호 B, yymm, at least five digits, never reused."""
    house.order("A1", "a", "b")
    house.order("B1", "c")
    numbers = list(Shipment.objects.order_by("bundle_no").values_list("bundle_no", flat=True))
    assert numbers == ["B2611-00001", "B2611-00002"]
    assert {item.bundle_no for item in house.items("A1")} == {"B2611-00001"}


def test_a_late_line_joins_the_open_shipment_but_not_a_released_one(house, noon):
    house.order("A1", "a")
    house.order("A1", "b")
    assert Shipment.objects.count() == 1
    house.put(status="ready")
    house.order("A1", "c")
    assert Shipment.objects.count() == 2
    assert OrderItem.objects.get(line_no="c").shipment_id != OrderItem.objects.get(line_no="a").shipment_id


def test_an_exact_own_code_links_and_anything_else_waits(house, noon):
    """C12: never by likeness."""
    house.store([make_line("A1", "a", noon), make_line("B1", "b", noon, seller_code="TSH-BLK-L ")])
    assert {item.line_no: (item.matched, item.sku_code) for item in house.items()} == {
        "a": (True, "TSH-BLK-L"),
        "b": (False, ""),
    }


def test_special_orders_enter_on_hold_with_the_reason(house, noon):
    house.order("A1", "a", hints=frozenset({Hint.GIFT_WITHOUT_ADDRESS}))
    (item,) = house.items()
    assert item.held
    assert Hold.objects.get().reason == "gift_without_address"


def test_a_fee_is_kept_and_amounts_are_whole_won(house, noon):
    house.order("A1", "a", shipping_fee=Decimal(3000))
    assert Order.objects.get().shipping_fee == 3000
    assert OrderLine.objects.get().amount == 12_900


def caught(house, *lines, at=None):
    return catch_up(house.account, list(lines), at=at or house.at)


def test_what_happened_on_the_channel_first_is_believed(house, noon):
    """DESIGN §2: confirmed, sent with its own number, delivered, settled, over any number of steps."""
    house.order("A1", "a", stage=Stage.NEW)
    result = caught(house, make_line("A1", "a", noon, stage=Stage.DELIVERED, carrier="cj", waybill="680000000017"))
    (item,) = house.items()
    assert (result.moved, item.status, item.waybill) == (1, "delivered", "680000000017")
    assert Shipment.objects.get().waybill == "680000000017"
    event = TimelineEvent.objects.get(action="caught_up")
    assert (event.came_from, event.went_to) == ("paid", "delivered")


def test_late_and_repeated_readings_never_go_back(house, noon):
    """R19, I9."""
    house.order("A1", "a")
    stages = [Stage.SETTLED, Stage.DELIVERED, Stage.CONFIRMED, Stage.NEW, Stage.SETTLED]
    for minutes, stage in enumerate(stages):
        caught(house, make_line("A1", "a", noon, stage=stage, changed_at=noon + timedelta(minutes=minutes)))
    (item,) = house.items()
    assert item.status == "settled"
    assert TimelineEvent.objects.filter(action="caught_up").count() == 1


def test_an_older_reading_is_not_taken(house, noon):
    house.order("A1", "a", changed_at=noon)
    caught(house, make_line("A1", "a", noon, stage=Stage.DELIVERED, changed_at=noon - timedelta(hours=1)))
    assert house.items()[0].status == "preparing"


def test_a_number_already_told_stays(house, noon):
    house.order("A1", "a")
    house.put(status="shipped", numbers=[good_number(1)])
    OrderItem.objects.update(push="confirmed")
    caught(house, make_line("A1", "a", noon, stage=Stage.IN_TRANSIT, carrier="hanjin", waybill="300000010634"))
    (item,) = house.items()
    assert (item.status, item.waybill) == ("in_transit", good_number(1))


def test_items_whose_transmission_is_open_are_left_to_the_ledger(house, noon):
    house.order("A1", "a")
    house.put(status="shipped")
    OrderItem.objects.update(push="sending")
    caught(house, make_line("A1", "a", noon, stage=Stage.IN_TRANSIT, carrier="cj", waybill=good_number(0)))
    assert house.items()[0].status == "shipped"


def test_a_cancel_request_blocks_and_its_withdrawal_frees(house, noon):
    """P4, N3: the claim stands beside the status."""
    house.order("A1", "a")
    claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1)
    caught(house, make_line("A1", "a", noon, claim=claim))
    (item,) = house.items()
    assert (item.status, item.claim, item.claim_open) == ("preparing", "cancel_requested", True)
    caught(house, make_line("A1", "a", noon, claim=replace(claim, stage=ClaimStage.WITHDRAWN)))
    (item,) = house.items()
    assert (item.claim, item.claim_open) == ("", False)


def test_a_cancelled_line_ends_its_item_in_the_house(house, noon):
    house.order("A1", "a")
    caught(house, make_line("A1", "a", noon, stage=Stage.CANCELLED))
    assert house.items()[0].status == "cancelled"


def test_a_cancel_of_what_has_left_is_an_open_conflict(house, noon):
    """I4: never cancelled there and shipped here without somebody told."""
    house.order("A1", "a")
    house.put(status="shipped")
    claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.DONE, "C1", 1)
    caught(house, make_line("A1", "a", noon, stage=Stage.CANCELLED, claim=claim))
    (item,) = house.items()
    assert (item.status, item.claim, item.claim_open) == ("shipped", "cancel_done", True)


def test_lines_never_collected_are_ignored(house, noon):
    """P4."""
    assert caught(house, make_line("Z9", "z", noon, stage=Stage.DELIVERED)).lines == 0
    assert house.items() == []


def test_an_address_changed_on_the_channel_comes_through_until_a_person_edits(house, noon):
    house.order("A1", "a", stage=Stage.NEW)
    moved = Address(
        name="홍길동", phone1="010-0000-9999", postcode="06236", address1="서울 강남구 테헤란로 1", address2=""
    )
    caught(house, make_line("A1", "a", noon, stage=Stage.NEW, recipient=moved))
    recipient = Recipient.objects.get()
    assert (recipient.address1, recipient.phone1, recipient.revision) == ("서울 강남구 테헤란로 1", "01000009999", 2)
    Recipient.objects.update(edited_at=noon, address1="손으로 고침")
    caught(house, make_line("A1", "a", noon, stage=Stage.NEW, recipient=moved))
    assert Recipient.objects.get().address1 == "손으로 고침"


def test_nul_characters_do_not_stop_a_page(house, noon):
    """Input is hostile."""
    house.order("A1", "a", product_name="티\x00셔츠", raw={"x": "a\x00b"})
    assert house.items()[0].product_name == "티셔츠"


def test_a_line_that_shrank_after_hand_over_is_held_for_a_person(house, noon):
    """DESIGN §6: the goods left with the old quantity; a person who lets it go knowingly is asked once per quantity."""
    from jumun.orders.actions.hold import unhold
    from jumun.orders.filters import ItemFilter
    from jumun.orders.selection import Selection

    house.order("A1", "a", quantity=3, remaining=3)
    house.put(status="shipped")
    caught(house, make_line("A1", "a", noon, quantity=3, remaining=2))
    (item,) = house.items()
    assert (item.held, Hold.objects.get().reason, Hold.objects.get().note) == (True, "changed_there", "2")
    unhold(Selection(filter=ItemFilter()), by=None, at=noon)
    caught(house, make_line("A1", "a", noon, quantity=3, remaining=2))
    assert not house.items()[0].held
    caught(house, make_line("A1", "a", noon, quantity=3, remaining=1))
    assert house.items()[0].held


def test_a_parcel_still_here_keeps_its_number_whatever_its_companion_says(house, noon):
    """DESIGN §2: one line was sent in the seller centre; its later numbers never reach the parcel on our table."""
    house.order("A1", "a", "b")
    house.put(status="labelled", numbers=[good_number(1)])
    caught(house, make_line("A1", "a", noon, stage=Stage.IN_TRANSIT, carrier="cj", waybill=good_number(2)))
    caught(house, make_line("A1", "a", noon, stage=Stage.DELIVERED, carrier="cj", waybill=good_number(3)))
    assert Shipment.objects.get().waybill == good_number(1)
    assert OrderItem.objects.get(line_no="b").waybill == good_number(1)
