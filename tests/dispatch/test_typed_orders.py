"""Orders typed into an account that has a connector: nobody to tell, nothing to read, and the channel's line when it comes."""

from tests.making import make_line

from jumun.dispatch.doing import act
from jumun.dispatch.models import Effect
from jumun.dispatch.syncing import _lines_to_read
from jumun.intake.order_rules import TypedLine, TypedOrder
from jumun.intake.single_entry import register
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, OrderLine
from jumun.orders.selection import Selection

TYPED = TypedOrder(
    account="store",
    number="20261123000001",
    name="홍길동",
    phone1="010-0000-1234",
    postcode="04524",
    address1="서울 중구 세종대로 110",
    lines=(TypedLine("TSH-BLK-L", "1"),),
)
ALL = Selection(filter=ItemFilter())


def test_a_typed_line_leaves_without_anybody_being_told(house):
    """운송장 전송 moves it at once, beside a collected one that the channel is told of."""
    register([TYPED], by=house.owner, at=house.at)
    house.order("A1", "a")
    house.put(status="shipped")

    act("transmit", ALL, by=house.owner, at=house.at)

    typed, collected = OrderItem.objects.order_by("id")
    assert (typed.status, typed.push) == ("in_transit", "not_needed")
    assert (collected.status, collected.push) == ("shipped", "planned")
    assert [line["line_key"] for effect in Effect.objects.all() for line in effect.lines] == ["a"]


def test_a_sync_asks_for_no_key_the_channel_cannot_know(house):
    register([TYPED], by=house.owner, at=house.at)
    house.order("A1", "a")
    house.put(status="shipped")
    OrderLine.objects.update(read_at="2020-01-01T00:00Z")

    pages = list(_lines_to_read(house.company, house.account, house.at, everything=True, since=None))

    assert [ref.line_key for page in pages for ref in page] == ["a"]


def test_an_order_typed_first_and_collected_later_is_one_order(house):
    """I1: the channel's line takes the typed one's place; nothing is there twice."""
    register([TYPED], by=house.owner, at=house.at)

    house.store([make_line(TYPED.number, "2026112300000011", house.at, quantity=1, remaining=1, option_text="")])

    [item] = OrderItem.objects.all()
    assert (item.line_no, item.status) == ("2026112300000011", "preparing")
    assert OrderLine.objects.get().stage_raw == "PAYED"
