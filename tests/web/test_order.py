"""One order: its trouble first, its recipient behind a logged look, its story in sentences."""

from datetime import timedelta
from decimal import Decimal

import pytest

from jumun.companies.queries import list_looks
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.models import Order, OrderItem, Shipment
from jumun.orders.selection import Selection
from tests.dispatch.making import make_effect


@pytest.fixture
def item(shop):
    with acting_as(shop.company):
        return shop.order("2026112300001", "L1")[0]


def test_a_recipient_is_masked_until_somebody_looks_and_the_look_is_written_down(shop, owner, item):
    page = owner.page(f"orders/{item.order_id}").content.decode()
    assert "홍*동" in page and "홍길동" not in page and "101동" not in page
    answer = owner.send(f"orders/{item.order_id}/recipient")
    assert "홍길동" in answer.content.decode() and "101동 202호" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    with acting_as(shop.company):
        looks = [(row.did, row.subject, row.person_id, row.via) for row in list_looks() if row.did == "view"]
    assert looks == [("view", f"order:{item.order_id}", shop.owner, "web")]
    assert "개인정보 보기" in owner.page("trail").content.decode()


def test_a_look_needs_a_post(shop, owner, item):
    assert owner.page(f"orders/{item.order_id}/recipient").status_code == 405


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"held": True}, "held", "보류 중입니다"),
        ({"claim": "cancel_requested", "claim_open": True}, "claim", "취소요청이 들어와 있습니다"),
        ({"push": "rejected", "status": "shipped"}, "rejected", "쇼핑몰 전송이 실패했습니다"),
        ({"matched": False}, "unmatched", "매칭되지 않은 상품"),
    ],
)
def test_trouble_comes_first_with_what_to_do(shop, owner, item, change, kind, says):
    with acting_as(shop.company):
        if "held" in change:
            hold(Selection(ids=(item.id,)), reason="stock", by=shop.owner, at=shop.at)
        else:
            OrderItem.objects.filter(id=item.id).update(**change)
    answer = owner.page(f"orders/{item.order_id}")
    assert [trouble.kind for trouble in answer.context["troubles"]] == [kind]
    text = answer.content.decode()
    assert says in text
    assert text.index(says) < text.index('class="rail"')


def timeline(visitor, item):
    """The lines of an order's timeline."""
    answer = visitor.page(f"orders/{item.order_id}/timeline")
    assert answer.status_code == 200
    return answer, [each["line"] for each in answer.context["timeline"]]


def test_the_timeline_speaks_both_languages_and_offers_undo(shop, owner, item):
    """N13, N17: newest first, with a way back that says first what it would do."""
    owner.send("items/do", {"action": "release", "ids": item.id})
    answer, told = timeline(owner, item)
    assert [line.text for line in told] == ["출고지시", "쇼핑몰에서 수집"]
    assert told[0].undo is not None and told[1].undo is None
    assert f"/batches/{told[0].undo}/ask" in answer.content.decode()
    asked = owner.page(f"batches/{told[0].undo}/ask")
    assert asked.context["left"] == 1 and asked.context["stays"] == 0
    owner.post("/language", {"language": "en"})
    assert [line.text for line in timeline(owner, item)[1]] == ["Release", "Collected from the channel"]


def test_undo_is_not_offered_for_what_something_happened_to_since(shop, owner, item):
    """N17: only the last thing that happened can be taken back."""
    owner.send("items/do", {"action": "release", "ids": item.id})
    [first] = [line.undo for line in timeline(owner, item)[1] if line.undo]
    owner.send("items/do", {"action": "hold", "ids": item.id, "reason": "stock"})
    [last] = [line.undo for line in timeline(owner, item)[1] if line.undo]
    assert last != first
    asked = owner.page(f"batches/{first}/ask")
    assert (asked.context["left"], asked.context["stays"]) == (0, 1)


def test_the_timeline_tells_looks_edits_and_who_did_what(shop, owner, item):
    """N13: moves, edits by field names, looks at personal data, each with its kind and person."""
    owner.send(f"orders/{item.order_id}/recipient")
    owner.send("items/do", {"action": "hold", "ids": item.id, "reason": "stock", "note": "홍길동님이 부탁"})
    answer, told = timeline(owner, item)
    assert [(line.kind, line.person) for line in told] == [
        ("move", "김주인"),
        ("look", "김주인"),
        ("channel", "김주인"),
    ]
    assert "재고 부족" in told[0].small and "홍길동" not in answer.content.decode()
    assert answer.context["people"] == ["김주인"]


def test_a_hold_tells_who_why_and_until_when(shop, owner, item):
    """N12: reason, note, owner and end, with a button that releases it."""
    data = {"action": "hold", "ids": item.id, "reason": "stock", "note": "화요일 입고", "until": "2027-01-05T09:00"}
    assert owner.send("items/do", data).status_code == 200
    page = owner.page(f"orders/{item.order_id}")
    [held] = page.context["holds"]
    assert (held.hold.reason, held.hold.note, held.hold.by, held.ids) == (
        "stock",
        "화요일 입고",
        "김주인",
        str(item.id),
    )
    assert held.hold.until is not None and held.hold.until.isoformat() == "2027-01-05T00:00:00+00:00"
    assert "화요일 입고" in page.content.decode() and 'value="unhold"' in page.content.decode()
    wrong = owner.send("items/do", data | {"until": "soon"})
    assert wrong.status_code == 400


def test_money_stands_with_its_currency(shop, owner, item):
    """I2: amounts of items, the fee and what is paid in all."""
    with acting_as(shop.company):
        Order.objects.update(shipping_fee=3000)
        shop.order("2026112300002", "L2", amount=Decimal("12.50"), currency="USD")
        other = Order.objects.get(number="2026112300002").id
    text = owner.page(f"orders/{item.order_id}").content.decode()
    for each in ("12,900원", "3,000원", "15,900원"):
        assert each in text
    assert "12.50 USD" in owner.page(f"orders/{other}").content.decode()


def test_a_late_order_and_one_without_ship_from_say_so(shop, owner, item):
    """Trouble first: what presses, and what stops it."""
    with acting_as(shop.company):
        OrderItem.objects.update(ship_by=shop.at - timedelta(hours=3), ship_from=None)
        Shipment.objects.update(ship_from=None)
    page = owner.page(f"orders/{item.order_id}")
    assert [trouble.kind for trouble in page.context["troubles"]] == ["no_ship_from", "late"]
    assert f"/c/shop/accounts/{shop.account}" in page.content.decode()


def test_a_rejected_order_offers_to_send_again(shop, owner, item):
    """N11: what the channel answered in words, and the button that sends the same again."""
    with acting_as(shop.company):
        OrderItem.objects.update(status="shipped", push="rejected", push_code="bad_number")
        effect = make_effect(shop, OrderItem.objects.get(), state="rejected", code="bad_number", message="송장 오류")
    page = owner.page(f"orders/{item.order_id}")
    [trouble] = page.context["troubles"]
    assert (trouble.kind, list(trouble.retry)) == ("rejected", [effect.id])
    text = page.content.decode()
    assert "/transmissions/retry" in text and "송장 오류" in text
    [line] = page.context["told"]
    assert line.effect.can_retry and line.told


def test_a_viewer_sees_and_does_nothing(shop, someone, item):
    viewer = someone(Role.VIEWER)
    text = viewer.page(f"orders/{item.order_id}").content.decode()
    assert 'id="say"' not in text and "items/preview" not in text
    assert viewer.send(f"orders/{item.order_id}/comments", {"text": "가"}).status_code == 403


def test_the_rail_tells_when_each_step_was_reached(shop, owner, item):
    owner.send("items/do", {"action": "release", "ids": item.id})
    rail = owner.page(f"orders/{item.order_id}").context["rail"]
    assert [(stop.label, stop.state) for stop in rail[:4]] == [
        ("결제완료", "done"),
        ("신규주문", "done"),
        ("출고대기", "now"),
        ("운송장출력", ""),
    ]
    assert all(stop.at for stop in rail[:3]) and not any(stop.at for stop in rail[3:])
