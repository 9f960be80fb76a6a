"""Two people edit one order (R23), and an edit stands until the channel's own value changes (DESIGN §2)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from tests.making import make_line, open_house
from tests.orders.test_two_clerks import together

from jumun.core.errors import ConflictError, NotFoundError
from jumun.core.secrets import unseal_mapping
from jumun.core.tenancy import acting_as
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.edit import Difference, WrongFieldsError, edit_order, see_other_address
from jumun.orders.actions.hold import hold
from jumun.orders.actions.release import release
from jumun.orders.actions.reseal import reseal_recipients
from jumun.orders.models import Hold, OrderItem, Recipient, TimelineEvent
from jumun.orders.queries import get_order
from jumun.orders.selection import Selection

MINE = {"address1": "부산 해운대구 센텀로 1", "address2": "7동 8호"}
MOVED = {"address1": "대전 유성구 대학로 99", "address2": "3층"}


@pytest.fixture
def item(house):
    return house.order("A1", "a")[0]


@pytest.fixture
def edit(house, item):
    """Edit the order on its present version, or on another one."""

    def work(revision=None, **values):
        seen = Recipient.objects.get().revision if revision is None else revision
        return edit_order(item.order_id, values, revision=seen, by=house.owner, at=house.at)

    return work


def hear(house, hours=1, **address):
    """The channel tells of the order again, perhaps with another address."""
    line = make_line("A1", "a", house.at)
    line = replace(line, recipient=replace(line.recipient, **address))
    return catch_up(house.account, [line], at=house.at + timedelta(hours=hours))


def events(action):
    return list(TimelineEvent.objects.filter(action=action))


def test_an_edit_changes_what_was_given_and_nothing_else(house, item, edit):
    done = edit(phone1="(02)123-4567", memo="문 앞에 두지 말 것")
    assert (done.changed, done.stale, done.revision) == (("phone1", "memo"), False, 2)
    order = get_order(item.order_id)
    who = Recipient.objects.get()
    assert (who.phone1, who.name, who.address1) == ("021234567", "홍길동", "서울 중구 세종대로 110")
    assert (order.memo, order.revision) == ("문 앞에 두지 말 것", 2)


def test_the_timeline_names_the_fields_and_never_the_values(house, edit):
    edit(**MINE, memo="비밀 메모")
    [event] = events("edited")
    assert event.detail == {"fields": ["address1", "address2", "memo"], "took": ""}
    assert event.by_id == house.owner
    assert not any(word in str(event.__dict__) for word in ("센텀로", "7동", "비밀"))


def test_the_second_of_two_people_is_told_what_differs_and_overwrites_nothing(edit):
    edit(revision=1, **MINE)
    late = edit(revision=1, address1="광주 서구 상무대로 5", phone2="010-2222-3333")
    assert late.stale and late.revision == 2 and late.changed == ()
    assert late.differs == {
        "address1": Difference("광주 서구 상무대로 5", MINE["address1"]),
        "phone2": Difference("01022223333", ""),
    }
    who = Recipient.objects.get()
    assert (who.address1, who.phone2, who.revision) == (MINE["address1"], "", 2)
    assert len(events("edited")) == 1


def test_the_same_edit_twice_is_no_conflict(edit):
    """An answer that was lost: sent again, it changes nothing and nobody is asked to choose."""
    edit(revision=1, **MINE)
    again = edit(revision=1, **MINE)
    assert (again.stale, again.changed, again.revision) == (False, (), 2)
    assert len(events("edited")) == 1


def test_nothing_new_makes_no_version(edit):
    assert edit(name="홍길동", phone1="+8210-0000-1234").revision == 1
    assert events("edited") == []


def test_eight_people_at_once_one_wins(committed, noon):
    """R23 in the database: the version is compared where it is written."""
    house = open_house(noon)
    with acting_as(house.company):
        [item] = house.order("A1", "a")

    def work(place):
        def run():
            with acting_as(house.company):
                values = {"name": f"사람{place}", "address1": f"주소 {place}"}
                return edit_order(item.order_id, values, revision=1, by=house.owner, at=noon)

        return run

    outcomes = together(*map(work, range(8)))

    [winner] = [place for place, outcome in enumerate(outcomes) if outcome.changed]
    assert sum(outcome.stale for outcome in outcomes) == 7
    with acting_as(house.company):
        who = Recipient.objects.get()
        assert (who.name, who.address1, who.revision) == (f"사람{winner}", f"주소 {winner}", 2)


def test_editing_and_collecting_at_once_never_wait_for_each_other_in_a_ring(committed, noon):
    """Both take shipments, items, then the recipient."""
    house = open_house(noon)
    with acting_as(house.company):
        [item] = house.order("A1", "a")

    def person():
        for turn in range(15):
            with acting_as(house.company):
                seen = get_order(item.order_id).revision
                edit_order(item.order_id, {"address2": f"{turn}호"}, revision=seen, by=house.owner, at=noon)
        return "through"

    def channel():
        for turn in range(15):
            with acting_as(house.company):
                hear(house, hours=turn, address2=f"{turn}층")
        return "through"

    def mover():
        for _ in range(15):
            with acting_as(house.company):
                release(Selection(ids=(item.id,)), by=None, at=noon)
        return "through"

    assert together(person, channel, mover, person) == ["through"] * 4, "a deadlock ends a thread"
    with acting_as(house.company):
        assert Recipient.objects.get().revision > 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": ""}, "field_empty"),
        ({"name": "  "}, "field_empty"),
        ({"name": "가" * 21}, "field_long"),
        ({"name": "홍길동\n이순신"}, "field_form"),
        ({"phone1": ""}, "field_empty"),
        ({"phone1": "010-1234-5678-99"}, "field_long"),
        ({"phone1": "공일공"}, "field_form"),
        ({"phone1": "()-+"}, "field_form"),
        ({"phone2": "010 1234"}, "field_form"),
        ({"postcode": ""}, "field_empty"),
        ({"postcode": "<b>"}, "field_form"),
        ({"address1": ""}, "field_empty"),
        ({"address1": "가" * 201}, "field_long"),
        ({"address2": "가\x00"}, "field_form"),
        ({"message": "가" * 301}, "field_long"),
        ({"memo": "\x1b[31m"}, "field_form"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(edit, given, code):
    [name] = given
    with pytest.raises(WrongFieldsError) as refused:
        edit(**({"address2": "9호"} | given))
    assert refused.value.faults == {name: code}
    assert Recipient.objects.get().revision == 1, "the good field is not kept without the other"


@pytest.mark.parametrize("given", [{"name": "가" * 20}, {"phone1": "+82(10)123-4567"}, {"memo": "한 줄\r\n두 줄"}])
def test_what_just_fits_is_kept(edit, given):
    assert edit(**given).changed == tuple(given)


def test_what_the_channel_sent_too_long_stands_in_no_ones_way(house, edit):
    """Only what a person changed is judged."""
    Recipient.objects.update(name="가" * 40, phone1="", postcode="")
    assert edit(name="가" * 40, phone1="", postcode="", address2="1호").changed == ("address2",)


@pytest.mark.parametrize("status", ["preparing", "ready", "labelled"])
def test_goods_in_the_house_may_be_readdressed_and_a_label_is_printed_again(house, item, edit, status):
    house.put(status=status)
    edit(memo="메모만")
    item.refresh_from_db()
    assert not item.reprint
    edit(**MINE)
    item.refresh_from_db()
    assert item.reprint is (status == "labelled")
    assert item.status == status


def test_goods_that_left_keep_their_address_and_take_a_memo(house, edit):
    house.put(status="shipped")
    with pytest.raises(ConflictError, match="carrier") as refused:
        edit(**MINE)
    assert refused.value.code == "left_house"
    assert edit(memo="문의 전화 옴").changed == ("memo",)


def test_an_order_with_one_item_still_in_the_house_may_be_readdressed(house, edit):
    house.order("A1", "a", "b")
    OrderItem.objects.filter(line_no="a").update(status="shipped")
    assert edit(**MINE).changed


def test_an_unknown_order_is_not_found(house):
    with pytest.raises(NotFoundError):
        edit_order(987_654, {"memo": "x"}, revision=1, by=None, at=house.at)


def test_an_unedited_address_follows_the_channel_and_its_label_is_printed_again(house, item):
    house.put(status="labelled")
    hear(house, **MOVED)
    item.refresh_from_db()
    assert (Recipient.objects.get().address1, item.reprint) == (MOVED["address1"], True)
    assert not item.held


def test_an_edit_stands_while_the_channel_says_the_same(house, item, edit):
    edit(**MINE)
    for hours in range(3):
        hear(house, hours=hours)
    who = Recipient.objects.get()
    item.refresh_from_db()
    assert (who.address1, who.channel_sealed, who.revision, item.held) == (MINE["address1"], "", 2, False)


def test_when_the_channels_own_value_changes_both_are_kept_and_the_parcel_waits(house, item, edit):
    house.order("A1", "a", "b")
    OrderItem.objects.filter(line_no="b").update(status="shipped")
    edit(**MINE)
    for _ in range(3):
        hear(house, **MOVED)
    who = Recipient.objects.get()
    assert (who.address1, who.revision) == (MINE["address1"], 3)
    assert MOVED["address1"] not in who.channel_sealed and "대전" not in str(who.__dict__)
    assert see_other_address(item.order_id)["address1"] == MOVED["address1"]
    assert get_order(item.order_id).address_differs
    [open_hold] = Hold.objects.filter(released_at=None)
    assert (open_hold.item_id, open_hold.reason, open_hold.by_id) == (item.id, "address", None)
    assert [row.held for row in house.items("A1")] == [True, False]
    assert len(events("address_differs")) == 1
    refused = release(Selection(ids=(item.id,)), by=house.owner, at=house.at).refused
    assert "held" in [refusal.code for refusal in refused]


def test_a_form_opened_before_the_channel_changed_its_value_is_stale(house, edit):
    """Nobody chooses between two addresses having seen one."""
    edit(**MINE)
    hear(house, **MOVED)
    assert edit(revision=2, address2="다른 호").stale


def test_keeping_ones_own_ends_the_hold_until_the_channel_changes_again(house, item, edit):
    edit(**MINE)
    hear(house, **MOVED)
    chosen = edit(**MINE)
    item.refresh_from_db()
    assert (chosen.stale, item.held, see_other_address(item.order_id)) == (False, False, {})
    assert events("edited")[-1].detail["took"] == "ours"
    hear(house, **MOVED)
    item.refresh_from_db()
    assert not item.held, "the same again is no news"
    hear(house, address1="제주 제주시 첨단로 1")
    item.refresh_from_db()
    assert item.held


def test_taking_the_channels_follows_the_channel_again(house, item, edit):
    edit(**MINE)
    hear(house, **MOVED, customs_number="P123456789012")
    theirs = see_other_address(item.order_id)
    del theirs["country"]
    assert edit(**theirs).revision == 4
    who = Recipient.objects.get()
    item.refresh_from_db()
    assert (who.address1, who.edited_at, who.channel_sealed, item.held) == (MOVED["address1"], None, "", False)
    assert unseal_mapping(who.sealed) == {"customs": "P123456789012"}
    assert events("edited")[-1].detail["took"] == "channel"
    hear(house, address1="제주 제주시 첨단로 1")
    assert Recipient.objects.get().address1 == "제주 제주시 첨단로 1"


def test_typing_the_channels_value_back_follows_the_channel_again(house, edit):
    edit(**MINE)
    edit(address1="서울 중구 세종대로 110", address2="101동 202호")
    assert Recipient.objects.get().edited_at is None


def test_the_channel_coming_to_what_was_typed_ends_the_difference(house, item, edit):
    """The clerk typed what the buyer said on the phone; the buyer then changed it in the mall too."""
    edit(**MINE)
    hear(house, **MOVED)
    hear(house, hours=2, **MINE)
    item.refresh_from_db()
    assert (item.held, Recipient.objects.get().edited_at) == (False, None)
    assert not get_order(item.order_id).address_differs


def test_a_memo_is_no_choice_and_a_persons_own_hold_stays(house, item, edit):
    edit(**MINE)
    hold(Selection(ids=(item.id,)), reason="address", by=house.owner, at=house.at)
    hear(house, **MOVED)
    edit(memo="전화해 볼 것")
    assert see_other_address(item.order_id)
    edit(**MINE)
    item.refresh_from_db()
    assert item.held
    assert Hold.objects.get(released_at=None).by_id == house.owner


def test_a_waiting_address_is_encrypted_again_under_a_new_key(house, item, edit, settings):
    edit(**MINE)
    hear(house, **MOVED)
    new = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    reseal_recipients()
    settings.ENCRYPTION_KEYS = [new]
    assert see_other_address(item.order_id)["address1"] == MOVED["address1"]
