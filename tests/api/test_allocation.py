"""REST of 할당: runs, results, splitting off the rest, saved criteria (C18-C24)."""

import pytest

from jumun.core.tenancy import acting_as
from jumun.stock.allocating import perform_run
from tests.api.conftest import store
from tests.stock.ledger import fill

SKU = "TSH-BLK-L"


@pytest.fixture
def two(shop):
    """Two orders of one shirt each, and one shirt."""
    with acting_as(shop.company):
        fill(shop, 1, SKU)
    return [store(shop, name, name.lower())[0] for name in ("N1", "N2")]


def finish(shop, run):
    """What the worker does."""
    with acting_as(shop.company):
        perform_run(run, at=shop.at)


def test_from_dry_run_to_results(api, shop, two):
    assert api.get("/allocation/runs").body == {"items": [], "next_cursor": None}
    waiting = api.post("/allocation/runs", {"dry_run": True, "criteria": {"strategy": "best"}})
    assert (waiting.status, waiting.body["state"], waiting.body["dry_run"]) == (202, "waiting", True)
    finish(shop, waiting.body["id"])
    done = api.get(f"/allocation/runs/{waiting.body['id']}").body
    assert (done["state"], done["full"], done["none"], done["batch"]) == ("done", 1, 1, None)
    assert (done["proof"]["bound"], done["proof"]["proven"]) == (1, True)

    real = api.post("/allocation/runs", {"criteria": {"channel_accounts": [two[0].account_id], "days": 30}}).body["id"]
    finish(shop, real)
    rows = api.walk(f"/allocation/runs/{real}/results", 1)
    assert [(row["order_number"], row["state"]) for row in rows] == [("N1", "auto"), ("N2", "unallocated")]
    [short] = rows[1]["short"]
    assert short == {"sku": SKU, "missing": 1, "taken_by": ["N1"], "more": 0} and SKU in rows[1]["reason"]
    tab = api.get(f"/allocation/runs/{real}/results?shipments=none&state=unallocated").body["items"]
    assert [row["order_number"] for row in tab] == ["N2"]
    assert [row["id"] for row in api.walk("/allocation/runs", 1)] == [real, waiting.body["id"]]
    assert api.post("/allocation/split-unallocated", {}).body["done"] == 0


def test_saved_criteria(api, shop, two):
    body = {"name": "아침", "criteria": {"held": True, "again": ["partial"]}, "times": ["09:00"]}
    made = api.post("/allocation/criteria", body)
    assert made.status == 201 and made.body["criteria"]["again"] == ["partial"]
    assert api.post("/allocation/criteria", body).code == "criteria_name_taken"
    changed = api.call("PUT", f"/allocation/criteria/{made.body['id']}", {"name": "저녁", "times": []}).body
    assert [changed] == api.get("/allocation/criteria").body["items"] and changed["times"] == []
    run = api.post("/allocation/runs", {"saved": made.body["id"]}).body
    assert run["saved"] == made.body["id"]
    assert api.delete(f"/allocation/criteria/{made.body['id']}").status == 204
    assert api.post("/allocation/runs", {"saved": made.body["id"]}).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"criteria": {"strategy": "luck"}},
        {"criteria": {"again": ["none"]}},
        {"criteria": {"amount_from": -1}},
        {"saved": 1, "criteria": {}},
        {"criteria": {"weather": True}},
    ],
    ids=str,
)
def test_what_is_wrong_is_refused(api, shop, body):
    assert api.post("/allocation/runs", body).status in (400, 422)


def test_stock_is_freed_by_ids_and_what_has_none_is_named(api, shop, two):
    """C20: twice is safe; nobody's item is not found."""
    run = api.post("/allocation/runs", {}).body["id"]
    finish(shop, run)
    ids = [item.id for item in two]
    done = api.post("/allocation/release", {"ids": [*ids, 2**40]}).body
    assert done["done"] == 1
    assert sorted(refusal["code"] for refusal in done["refused"]) == ["not_allocated", "not_found"]
    assert api.post("/allocation/release", {"filter": {"allocation": ["full"]}}).body["done"] == 0
    assert api.get("/stock").body["items"][0]["reserved"] == 0
    assert api.post("/allocation/release", {}).status == 400
