"""A second submit of the same form does the thing once, also at the same moment (R24); what says it can't be undone."""

import threading

import pytest

from jumun.companies.models import SavedAnswer
from jumun.core.tenancy import acting_as
from jumun.orders.models import Batch, OrderItem
from tests.making import good_number, open_house
from tests.web.conftest import visitor


def batches(shop):
    with acting_as(shop.company):
        return Batch.objects.filter(action="release").count()


def test_a_form_sent_twice_is_done_once_and_answered_twice(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
    form = {"action": "release", "ids": item.id, "nonce": "n1"}
    first, second = owner.send("items/do", form), owner.send("items/do", form)
    assert first.content == second.content and second.status_code == 200
    assert second["HX-Trigger-After-Settle"] == "items-changed, bar-changed"
    assert batches(shop) == 1
    assert owner.send("items/do", form | {"action": "hold", "reason": "other"}).status_code == 422
    assert owner.send("items/do", form | {"nonce": "n2"}).context["outcome"].done == 0


def test_what_was_refused_as_a_whole_may_be_sent_again(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
    assert owner.send("items/do", {"action": "hold", "ids": item.id, "nonce": "n1"}).status_code == 400
    assert (
        owner.send("items/do", {"action": "hold", "ids": item.id, "reason": "stock", "nonce": "n1"}).status_code == 200
    )


def test_numbers_saved_twice_are_saved_once(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
        shop.put(status="ready")
    form = {"item": item.id, "carrier": "cj", "number": good_number(1), "was": "", "nonce": "n1"}
    first, second = owner.send("waybills", form), owner.send("waybills", form)
    assert first.content == second.content
    with acting_as(shop.company):
        assert Batch.objects.filter(action__in=("label", "relabel")).count() == 1


def test_every_form_that_acts_carries_a_nonce(shop, owner):
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
    preview = owner.send("items/preview", {"action": "release", "ids": item.id}).content.decode()
    done = owner.send("items/do", {"action": "release", "ids": item.id}).content.decode()
    grid = owner.page("items?status=ready").content.decode()
    assert 'name="nonce"' in preview and '"nonce"' in done and 'name="nonce"' in grid
    again = owner.page("items?status=ready").content.decode()
    assert grid.split('name="nonce" value="')[1][:16] != again.split('name="nonce" value="')[1][:16]


def test_two_clicks_at_the_same_moment_do_it_once(committed):
    from datetime import UTC, datetime

    from django.db import connections

    at = datetime.now(UTC)
    shop = open_house(at, "shop")
    with acting_as(shop.company):
        (item,) = shop.order("2026112300001", "a")
    people = []
    for _ in range(2):
        made = visitor()
        made.login("owner@shop.kr")
        people.append(made)
    start = threading.Barrier(2)
    answers = []

    def click(person):
        start.wait(10)
        answers.append(person.send("items/do", {"action": "release", "ids": item.id, "nonce": "same"}))
        connections.close_all()

    threads = [threading.Thread(target=click, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) in ([200, 200], [200, 409])
    assert batches(shop) == 1
    with acting_as(shop.company):
        assert OrderItem.objects.get().status == "ready"
        assert SavedAnswer.objects.count() == 1


UNDOABLE = {
    "release": "preparing",
    "withdraw": "ready",
    "hand_over": "labelled",
    "hold": "preparing",
    "unhold": "preparing",
}


@pytest.mark.parametrize("action", UNDOABLE)
def test_local_steps_show_what_would_happen_first_and_are_taken_back_after(shop, owner, action):
    with acting_as(shop.company):
        good, held = (shop.order(order, "a")[0] for order in ("2026112300001", "2026112300002"))
        shop.put(status=UNDOABLE[action])
    if action == "unhold":
        owner.send("items/do", {"action": "hold", "ids": good.id, "reason": "stock"})
    with acting_as(shop.company):
        before = OrderItem.objects.get(id=good.id)
        OrderItem.objects.filter(id=held.id).update(claim="cancel_requested", claim_open=True)
    preview = owner.send("items/preview", {"action": action, "ids": [good.id, held.id]})
    assert "되돌릴 수 있습니다" in preview.content.decode()
    assert preview.context["outcome"].done >= 1
    for text, _number in preview.context["reasons"]:
        assert text in preview.content.decode()
    form = {"action": action, "ids": good.id} | ({"reason": "stock"} if action == "hold" else {})
    done = owner.send("items/do", form)
    assert "되돌리기" in done.content.decode()
    back = owner.send(f"batches/{done.context['undo']}/undo")
    assert back.context["outcome"].done == 1
    with acting_as(shop.company):
        after = OrderItem.objects.get(id=good.id)
    assert (after.status, after.held) == (before.status, before.held)


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("cancel", "강제 취소는 되돌릴 수 없고"),
        ("take_out", "이 작업은 되돌릴 수 없습니다"),
        ("confirm", "받은 뒤에는 되돌릴 수 없습니다"),
    ],
)
def test_what_cannot_be_undone_says_so_before_the_click(shop, owner, action, says):
    with acting_as(shop.company):
        item, _other = shop.order("2026112300001", "a", "b")
        OrderItem.objects.update(status="paid" if action == "confirm" else "preparing")
    preview = owner.send("items/preview", {"action": action, "ids": item.id}).content.decode()
    assert says in preview and "하고 나서 되돌릴 수 있습니다" not in preview
    done = owner.send("items/do", {"action": action, "ids": item.id})
    assert done.context["undo"] is None
