"""One order's page costs the same few statements however many items it has."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.selection import Selection
from tests.claims.making import make_claim
from tests.dispatch.making import make_effect

MOST = 20


def test_a_page_of_fifty_items_takes_at_most_twenty_statements(shop, owner):
    with acting_as(shop.company):
        item, *others = shop.order("2026112300001", *(f"L{place}" for place in range(50)))
        hold(Selection(ids=tuple(each.id for each in others)), reason="stock", by=shop.owner, at=shop.at)
        make_claim(shop, "2026112300001", "L0")
        make_effect(shop, item)
    owner.page(f"orders/{item.order_id}")
    with CaptureQueriesContext(connection) as seen:
        answer = owner.page(f"orders/{item.order_id}")
    assert answer.status_code == 200
    told = [each["sql"] for each in seen.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(told) <= MOST, "\n".join(text[:150] for text in told)
