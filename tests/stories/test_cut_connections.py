"""R29: the connection to the database is cut on COMMIT; whether it happened is not known, and asking again is safe."""

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import transmit
from jumun.intake.actions import start_collection
from jumun.orders.models import Batch, Order, OrderItem, Shipment, TimelineEvent
from tests.conftest import Committed
from tests.dispatch.test_faults import SHIPPED, shipped
from tests.stories.cutting import CutProxy
from tests.stories.running import wait_for
from tests.stories.test_killed_workers import job_of

EITHER = pytest.mark.parametrize("passes", [True, False], ids=["committed", "rolled back"])


@pytest.fixture
def cut(committed: Committed) -> Iterator[CutProxy]:
    with CutProxy(committed.database.app) as proxy:
        yield proxy


@EITHER
def test_a_bulk_action_with_a_key_is_done_once(desk, running, token, cut, passes):
    """The answer is lost; the same call under its key is answered with what was done, done exactly once."""
    desk.mall.orders(20, lines=2, confirmed=1.0)
    rest = running.serve(token, DATABASE_APP_URL=cut.url)
    worker = running.start("worker")
    rest.wait(rest.post("/collections", accounts=[desk.account])["job"])
    worker.terminate()
    cut.arm("INSERT INTO orders_batchrefusal", passes=passes)
    body = {"filter": {"status": ["preparing"]}}

    def release() -> httpx.Response:
        return rest.client.post("/api/v1/items/actions/release", json=body, headers={"Idempotency-Key": "once"})

    first = release()
    assert (first.status_code, cut.cuts) == (503, 1)
    again = release()
    assert (again.status_code, again.json()["done"]) == (200, 40)
    assert again.headers.get("Idempotent-Replayed") == ("true" if passes else None)
    assert release().json() == again.json()
    with acting_as(desk.company):
        assert Batch.objects.filter(action="release").count() == 1
        moved = TimelineEvent.objects.filter(action="release").values_list("item_id", flat=True)
        assert Counter(moved) == Counter(OrderItem.objects.filter(status="ready").values_list("id", flat=True))
        assert len(moved) == 40


@EITHER
def test_a_page_that_may_have_been_stored_is_stored_once(desk, running, cut, passes):
    desk.mall.post("settings", **{"naver.page": 20})
    desk.mall.orders(30, lines=[1, 2])
    with acting_as(desk.company):
        job = start_collection([desk.account], by=desk.owner, at=now())
    cut.arm("INSERT INTO orders_orderitem", passes=passes)
    running.start("worker", DATABASE_APP_URL=cut.url)
    ended = wait_for(lambda: job_of(desk, job), 60)
    assert (ended.status, cut.cuts) == ("done", 1)
    with acting_as(desk.company):
        lines = Counter(OrderItem.objects.values_list("line_no", flat=True))
        assert Counter(TimelineEvent.objects.filter(action="collected").values_list("item_id", flat=True)) == Counter(
            OrderItem.objects.values_list("id", flat=True)
        )
        assert Order.objects.count() == 30
        assert Shipment.objects.count() == 30
    assert lines == Counter(desk.mall.state()["lines"].keys())


@EITHER
@pytest.mark.parametrize("marker", ["state = 'sending'", "SET state = v.state"], ids=["before the call", "after it"])
def test_an_effect_that_may_have_been_noted_happens_once(desk, running, cut, passes, marker):
    """Cut as it is noted that we send, and cut as the answer is noted: read back, never sent again blind."""
    lines = shipped(desk, count=40)
    with acting_as(desk.company):
        job = transmit(SHIPPED, by=desk.owner, at=now()).job
    cut.arm(marker, passes=passes)
    running.start("worker", DATABASE_APP_URL=cut.url)
    ended = wait_for(lambda: job_of(desk, job), 60)
    assert (ended.status, cut.cuts) == ("done", 1)
    with acting_as(desk.company):
        assert set(OrderItem.objects.values_list("status", "push")) == {("in_transit", "confirmed")}
        moves = Counter(TimelineEvent.objects.filter(went_to="in_transit").values_list("item_id", flat=True))
    assert set(moves.values()) == {1}
    assert Counter(effect["line_no"] for effect in desk.mall.effects("dispatch")) == Counter(lines)
