"""Lists: pages by cursor, ids, filters, and a number of statements that does not grow with the rows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumun.companies.trail import Looker, note_access
from jumun.core.tenancy import acting_as
from jumun.jobs.actions import EntryRow, open_job, record_entries
from tests.api.conftest import store
from tests.making import make_line

CONTRACT = {
    "id",
    "order_id",
    "order_number",
    "channel",
    "channel_account",
    "line_no",
    "status",
    "quantity",
    "amount",
    "currency",
    "sku",
    "shipment",
    "carrier",
    "waybill",
    "claim",
    "holds",
    "push",
}


@pytest.fixture
def full(shop):
    """23 orders, many at the very same moment; jobs, tokens, looks and SKUs too."""
    with acting_as(shop.company):
        shop.store(
            make_line(f"N{n:02}", f"L{n:02}", shop.at, ordered_at=shop.at - timedelta(hours=n // 8)) for n in range(23)
        )
        for n in range(7):
            job = open_job(company_id=shop.company, kind="sync", family="mall", parts=1, by=shop.owner, at=shop.at)
            note_access(Looker(shop.company, shop.owner, "cli", None), did="view", subject=f"order:{n}", at=shop.at)
        record_entries(job, [EntryRow(f"item:{n}", f"N{n}", "done") for n in range(23)], at=shop.at)
    return shop


def test_an_item_carries_the_contract(full, api):
    page = api.get("/items?number=N03").body
    assert page["next_cursor"] is None
    [item] = page["items"]
    assert CONTRACT <= set(item)
    assert (item["order_number"], item["line_no"], item["channel"]) == ("N03", "L03", "naver")
    assert (item["channel_account"], item["status"], item["sku"]) == (full.account, "preparing", "TSH-BLK-L")
    assert (item["amount"], item["currency"], item["quantity"]) == (12900, "KRW", 1)
    assert isinstance(item["amount"], int)
    assert (item["carrier"], item["waybill"], item["claim"], item["push"], item["holds"]) == (
        None,
        None,
        None,
        None,
        [],
    )
    assert item["shipment"].startswith("B2611-")
    assert item["recipient"] == "홍*동"


def test_won_is_a_number_and_any_other_currency_a_text(shop, api):
    store(shop, "USD1", "u1", amount=Decimal("12.50"), currency="USD")
    assert api.get("/items").body["items"][0]["amount"] == "12.50"
    order = api.get("/orders?number=USD1").body["items"][0]
    assert (order["amount"], order["shipping_fee"]) == ("12.50", "0.00")


@pytest.mark.parametrize("limit", [1, 7, 23, 24])
@pytest.mark.parametrize("path", ["/items", "/orders", "/shipments", "/items?status=preparing", "/items?q=N"])
def test_pages_hold_every_row_once_and_ties_do_not_tear(full, api, path, limit):
    rows = api.walk(path, limit)
    expected = 23 if path != "/items?q=N" else 0
    assert len(rows) == len({row["id"] for row in rows}) == expected
    if path == "/items":
        keys = [(row["ordered_at"], row["id"]) for row in rows]
        assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/jobs", "id"),
        ("/access-trail", "id"),
        ("/skus", "id"),
        ("/ship-froms", "id"),
        ("/carriers", "id"),
        ("/channels", "kind"),
        ("/channel-accounts", "id"),
        ("/members", "id"),
        ("/tokens", "id"),
    ],
)
def test_every_list_walks(full, api, path, key):
    one_by_one, whole = api.walk(path, 1), api.walk(path, 200)
    assert one_by_one == whole
    assert len(whole) == len({row[key] for row in whole}) > 0


def test_a_jobs_targets_are_paged(full, api):
    job = api.get("/jobs").body["items"][0]["id"]
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/jobs/{job}?limit=10&cursor={cursor}").body
        seen += [entry["target"] for entry in page["entries"]]
        cursor = page["next_cursor"]
    assert seen == [f"item:{n}" for n in range(23)]
    assert (page["status"], page["done"], page["kind"]) == ("queued", 23, "sync")


@pytest.mark.parametrize(
    "path",
    ["/items", "/orders", "/shipments", "/jobs", "/skus", "/members", "/tokens", "/channel-accounts", "/ship-froms"],
)
def test_ids_choose(full, api, path):
    known = [row["id"] for row in api.walk(path, 200)][:3]
    text = ",".join(map(str, [*known, 999_999]))
    assert {row["id"] for row in api.get(f"{path}?ids={text}").body["items"]} == set(known)
    assert api.get(f"{path}?ids=999999").body == {"items": [], "next_cursor": None}


def test_filters_are_repeated_or_parted_by_commas(full, api):
    assert len(api.get("/items?number=N01,N02").body["items"]) == 2
    assert len(api.get("/items?number=N01&number=N02").body["items"]) == 2
    assert len(api.get(f"/items?channel_account={full.account}&held=false&status=preparing,ready").body["items"]) == 23
    assert api.get("/items?held=true").body["items"] == []
    moment = (full.at - timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert len(api.get(f"/items?ordered_from={moment}").body["items"]) == 16


@pytest.mark.parametrize(
    "path",
    [
        "/items?limit={n}",
        "/orders?limit={n}",
        "/shipments?limit={n}",
        "/jobs?limit={n}",
        "/skus?limit={n}",
        "/members?limit={n}",
        "/tokens?limit={n}",
        "/access-trail?limit={n}",
        "/channel-accounts?limit={n}",
        "/items/counts",
    ],
)
def test_a_list_takes_the_same_statements_for_any_length(full, api, path):
    api.get("/me")  # the token's last use is noted now
    counts = []
    for length in (1, 20):
        with CaptureQueriesContext(
            connection,
        ) as run:
            assert api.get(path.format(n=length)).status == 200
        counts.append(len(run))
    assert counts[0] == counts[1] <= 18


def test_an_order_is_told_whole_and_masked(shop, api):
    store(shop, "A1", "a1", "a2")
    order = api.get(f"/orders/{api.get('/orders?number=A1').body['items'][0]['id']}").body
    assert (order["number"], order["status"], order["amount"]) == ("A1", "preparing", 25_800)
    assert [item["line_no"] for item in order["items"]] == ["a1", "a2"]
    assert [shipment["items"] for shipment in order["shipments"]] == [2]
    assert [event["action"] for event in order["timeline"]] == ["collected", "collected"]
    assert (order["recipient"]["name"], order["recipient"]["phone1"]) == ("홍*동", "0100000****")
    assert order["recipient"]["clear"] is False
    assert order["told"] == []


def test_a_clear_recipient_leaves_a_trace(shop, api):
    store(shop, "A1", "a1")
    order = api.get("/orders?number=A1").body["items"][0]["id"]
    seen = api.get(f"/orders/{order}/recipient")
    assert (seen.body["name"], seen.body["phone1"], seen.body["clear"]) == ("홍길동", "01000001234", True)
    [look] = api.get("/access-trail").body["items"]
    assert (look["did"], look["subject"], look["person"]) == ("view", f"order:{order}", shop.owner)
    assert (look["via"], look["ip"]) == (f"token:{api.token[4:12]}", "127.0.0.1")
    assert api.get("/orders/999999/recipient").status == 404
    assert len(api.get("/access-trail").body["items"]) == 1
