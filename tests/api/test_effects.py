"""GET /effects: the ledger as callers read it."""

import pytest

from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.orders.models import OrderItem
from tests.api.conftest import store
from tests.dispatch.making import make_effect


@pytest.fixture
def ledger(shop):
    made = []
    for n, state in enumerate(("confirmed", "rejected", "unknown", "planned")):
        [item] = store(shop, f"E{n}", f"e{n}")
        with acting_as(shop.company):
            code = {"rejected": "cancelled_there", "unknown": "channel_timeout"}.get(state, "")
            made.append(make_effect(shop, item, state, code=code))
    return made


def test_effects_are_listed_newest_first_with_their_reason(api, ledger):
    rows = list(api.walk("/effects", 2))
    assert [row["id"] for row in rows] == [effect.id for effect in reversed(ledger)]
    rejected = next(row for row in rows if row["state"] == "rejected")
    assert rejected["reason"] == sentence("cancelled_there")
    assert (rejected["can_retry"], rejected["lines"], rejected["order_number"]) == (True, ["e1"], "E1")
    assert api.get(f"/effects/{rejected['id']}").body == rejected


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state=rejected,unknown", ["E2", "E1"]),
        ("verb=confirm", []),
        ("number=E0,E3", ["E3", "E0"]),
        ("open=true", ["E2", "E1"]),
        ("planned_from=2099-01-01T00:00:00Z", []),
        ("job=1&channel_account=999", []),
    ],
)
def test_filters(api, ledger, query, numbers):
    assert [row["order_number"] for row in api.get(f"/effects?{query}").body["items"]] == numbers


@pytest.mark.parametrize("query", ["state=nope", "verb=fly", "planned_from=1", "colour=red", "cursor=%00"])
def test_wrong_filters_are_refused(api, ledger, query):
    assert api.get(f"/effects?{query}").status in (400, 422)


def test_what_was_told_anew_waits_for_nobody(api, shop, ledger):
    with acting_as(shop.company):
        OrderItem.objects.filter(order_number="E1").update(push="confirmed")
    rejected = api.get("/effects?state=rejected").body["items"]
    assert [row["can_retry"] for row in rejected] == [False]
    assert [row["order_number"] for row in api.get("/effects?open=true").body["items"]] == ["E2"]
