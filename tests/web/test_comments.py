"""What people write to each other about an order (I2): theirs alone to delete, safe text, never in a log or an event."""

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.comments import list_comments, split_mentions
from jumun.orders.models import OrderComment, TimelineEvent


@pytest.fixture
def item(shop):
    with acting_as(shop.company):
        return shop.order("2026112300001", "L1")[0]


def texts(shop, item):
    with acting_as(shop.company):
        return [each.text for each in list_comments(item.order_id)[0]]


def test_a_comment_stands_in_the_timeline_and_in_no_event(shop, owner, item, caplog):
    """I2, S12: it may hold personal data, so it lies beside the events and in no log."""
    answer = owner.send(
        f"orders/{item.order_id}/comments", {"text": "홍길동님 010-0000-1234\r\n@김주인 확인 <b>부탁</b>"}
    )
    text = answer.content.decode()
    assert "<mark>@김주인</mark> 확인 &lt;b&gt;부탁" in text
    assert texts(shop, item) == ["홍길동님 010-0000-1234\n@김주인 확인 <b>부탁</b>"]
    with acting_as(shop.company):
        assert not TimelineEvent.objects.filter(detail__icontains="010-0000").exists()
        assert TimelineEvent.objects.count() == 1
    assert "010-0000-1234" not in caplog.text


def test_ones_own_is_deleted_and_brought_back(shop, owner, someone, item):
    clerk = someone(Role.CLERK)
    clerk.send(f"orders/{item.order_id}/comments", {"text": "확인"})
    with acting_as(shop.company):
        comment = OrderComment.objects.get().id
    address = f"orders/{item.order_id}/comments/{comment}"
    assert owner.send(f"{address}/delete").status_code == 403
    assert f"{comment}/delete" not in owner.page(f"orders/{item.order_id}/timeline").content.decode()
    gone = clerk.send(f"{address}/delete")
    assert "restore" in gone.content.decode() and "timeline-changed" in gone["HX-Trigger-After-Settle"]
    assert texts(shop, item) == []
    assert clerk.send(f"{address}/restore").status_code == 200
    assert texts(shop, item) == ["확인"]


@pytest.mark.parametrize("text", ["", "  \n ", "가" * 2001, "a\x00b"])
def test_what_is_no_comment_is_refused_with_a_sentence(shop, owner, item, text):
    answer = owner.send(f"orders/{item.order_id}/comments", {"text": text})
    assert answer.status_code == 400 and "2000자까지" in answer.content.decode()
    assert texts(shop, item) == []


def test_the_same_form_twice_is_one_comment(shop, owner, item):
    """R24."""
    for _ in range(2):
        owner.send(f"orders/{item.order_id}/comments", {"text": "한 번", "nonce": "n-1"})
    assert texts(shop, item) == ["한 번"]


def test_a_comment_of_another_order_is_not_found(shop, owner, item):
    owner.send(f"orders/{item.order_id}/comments", {"text": "가"})
    with acting_as(shop.company):
        other = shop.order("2026112300002", "L2")[0].order_id
        comment = OrderComment.objects.get().id
    assert owner.send(f"orders/{other}/comments/{comment}/delete").status_code == 404
    assert owner.send("orders/999999/comments", {"text": "가"}).status_code == 404


@pytest.mark.parametrize(
    ("text", "names", "pieces"),
    [
        ("@김하늘 봐", ["김하늘"], [("@김하늘", True), (" 봐", False)]),
        ("@김하늘별 봐", ["김하늘", "김하늘별"], [("@김하늘별", True), (" 봐", False)]),
        ("메일 a@b.kr", ["김하늘"], [("메일 a@b.kr", False)]),
        ("@(.*)", ["(.*)"], [("@(.*)", True)]),
        ("", ["가"], []),
        ("@가", [], [("@가", False)]),
    ],
)
def test_a_mention_is_a_name_of_the_company(text, names, pieces):
    assert split_mentions(text, names) == pieces
