"""One order: its trouble first, its recipient behind a logged look, its story in sentences."""

import pytest

from jumun.companies.queries import list_looks
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection


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


def test_the_timeline_speaks_both_languages_and_offers_undo(shop, owner, item):
    owner.send("items/do", {"action": "release", "ids": item.id})
    answer = owner.page(f"orders/{item.order_id}")
    told = answer.context["timeline"]
    assert [line.text for line in told] == ["출고지시", "쇼핑몰에서 수집"]
    assert told[0].undo is not None and told[1].undo is None
    assert f"/batches/{told[0].undo}/undo" in answer.content.decode()
    owner.post("/language", {"language": "en"})
    assert [line.text for line in owner.page(f"orders/{item.order_id}").context["timeline"]] == [
        "Release",
        "Collected from the channel",
    ]


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
