"""Actions, waybills, batches, undo, jobs, accounts: what a program at the desk does all day."""

from uuid import UUID, uuid4

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.models import OrderItem
from tests.api.conftest import store
from tests.making import good_number

ANSWER = {"done", "refused", "refused_total", "batch", "job"}


def statuses(shop):
    with acting_as(shop.company):
        return list(OrderItem.objects.order_by("id").values_list("status", flat=True))


def test_an_action_moves_what_may_and_names_the_rest(shop, api):
    items = store(shop, "A1", "a1", "a2") + store(shop, "A2", "b1", seller_code="unknown")
    answer = api.post("/items/actions/release", {"ids": [*(item.id for item in items), 999_999]}).body
    assert set(answer) == ANSWER
    assert (answer["done"], answer["refused_total"], answer["job"]) == (2, 2, None)
    assert [(row["id"], row["code"]) for row in answer["refused"]] == [
        (items[2].id, "unmatched"),
        (999_999, "not_found"),
    ]
    assert "매칭" in answer["refused"][0]["reason"]
    batch = api.get(f"/batches/{answer['batch']}").body
    assert (batch["action"], batch["done"], batch["refused_total"], batch["undoable"]) == ("release", 2, 2, True)
    assert batch["by"] == shop.owner
    refused = api.get(f"/batches/{answer['batch']}/refused?limit=1").body
    rest = api.get(f"/batches/{answer['batch']}/refused?cursor={refused['next_cursor']}").body
    assert sorted(row["code"] for row in refused["items"] + rest["items"]) == ["not_found", "unmatched"]


def test_a_filter_means_all_that_match(shop, api):
    for n in range(5):
        store(shop, f"A{n}", f"a{n}")
    body = {"filter": {"status": "preparing", "channel_account": shop.account}}
    dry = api.post("/items/actions/release", body | {"dry_run": True}).body
    assert (dry["done"], dry["batch"], statuses(shop)) == (5, None, ["preparing"] * 5)
    early = api.post("/items/actions/release", body | {"as_of": "2020-01-01T00:00:00+09:00"}).body
    assert early["done"] == 0
    assert api.post("/items/actions/release", body).body["done"] == 5
    assert statuses(shop) == ["ready"] * 5


def test_only_the_first_200_refusals_are_told_and_the_rest_is_read_by_batch(shop, api):
    answer = api.post("/items/actions/release", {"ids": list(range(1000, 1250))}).body
    assert (answer["done"], len(answer["refused"]), answer["refused_total"]) == (0, 200, 250)
    assert len(api.walk(f"/batches/{answer['batch']}/refused", 100)) == 250


def test_reasons_come_in_english_too(api):
    answer = api.post("/items/actions/release", {"ids": [1000]}, Accept_Language="en").body
    assert answer["refused"][0]["reason"].startswith("It cannot be found")


def test_undo_takes_a_batch_back_once(shop, api):
    [item] = store(shop, "A1", "a1")
    batch = api.post("/items/actions/release", {"ids": [item.id]}).body["batch"]
    undone = api.post(f"/batches/{batch}/undo").body
    assert (undone["done"], undone["refused"], statuses(shop)) == (1, [], ["preparing"])
    assert UUID(undone["batch"]) != UUID(batch)
    again = api.post(f"/batches/{batch}/undo").body
    assert (again["done"], again["refused"][0]["code"]) == (0, "not_last")
    assert api.post(f"/batches/{uuid4()}/undo").code == "not_found"


def test_what_is_final_is_not_undone(shop, api):
    [item] = store(shop, "A1", "a1")
    batch = api.post("/items/actions/cancel", {"ids": [item.id]}).body["batch"]
    assert api.post(f"/batches/{batch}/undo").code == "cannot_undo"
    assert api.get(f"/batches/{batch}").body["undoable"] is False


def test_a_hold_takes_its_reason(shop, api):
    [item] = store(shop, "A1", "a1")
    params = {"reason": "stock", "note": "내일 입고", "until": "2026-11-25T09:00:00+09:00"}
    assert api.post("/items/actions/hold", {"ids": [item.id], "params": params}).body["done"] == 1
    [row] = api.get("/items?held=true").body["items"]
    assert (row["holds"], row["held"]) == (["stock"], True)
    assert api.post("/items/actions/release", {"ids": [item.id]}).body["refused"][0]["code"] == "held"
    assert api.post("/items/actions/unhold", {"ids": [item.id]}).body["done"] == 1


def test_confirm_and_transmit_always_answer_a_job(shop, api):
    for action in ("confirm", "transmit"):
        answer = api.post(f"/items/actions/{action}", {"ids": [999_999]}).body
        assert (answer["done"], answer["refused_total"]) == (0, 1)
        job = api.get(f"/jobs/{answer['job']}").body
        assert (job["kind"], job["status"], job["entries"], job["next_cursor"]) == (action, "done", [], None)


def test_numbers_go_onto_shipments_by_item_shipment_or_bundle(shop, api):
    rows = [store(shop, f"A{n}", f"a{n}")[0] for n in range(4)]
    api.post("/items/actions/release", {"filter": {}})
    given = [
        {"item": rows[0].id, "carrier": "cj", "number": good_number(0)},
        {"shipment": rows[1].shipment_id, "carrier": "cj", "number": good_number(1)},
        {"bundle_no": rows[2].bundle_no, "carrier": "hanjin", "number": "123456789014"},
        {"item": rows[0].id, "carrier": "cj", "number": good_number(4)},
        {"item": rows[3].id, "carrier": "cj", "number": "12"},
        {"item": 999_999, "carrier": "cj", "number": good_number(5)},
        {"item": rows[3].id, "carrier": "pigeon", "number": "1"},
    ]
    answer = api.post("/waybills", {"waybills": given}).body
    assert set(answer) == ANSWER | {"rows", "doubts"}
    assert (answer["done"], answer["job"]) == (3, None)
    assert [(row["row"], row["code"]) for row in answer["rows"]] == [
        (3, "waybill_twice"),
        (4, "waybill_length"),
        (5, "not_found"),
        (6, "unknown_carrier"),
    ]
    assert [(row["row"], row["code"]) for row in answer["doubts"]] == [(2, "check_digit")]
    assert statuses(shop) == ["labelled"] * 3 + ["ready"]
    [item] = api.get(f"/items?ids={rows[0].id}").body["items"]
    assert (item["carrier"], item["waybill"]) == ("cj", good_number(0))
    [shipment] = api.get(f"/shipments?bundle_no={rows[1].bundle_no}").body["items"]
    assert (shipment["waybill"], shipment["status"], shipment["order_numbers"]) == (good_number(1), "labelled", ["A1"])


def test_a_packer_enters_numbers_and_hands_over_and_takes_that_back(shop, api, api_as):
    [item] = store(shop, "A1", "a1")
    api.post("/items/actions/release", {"ids": [item.id]})
    packer = api_as(Role.PACKER)
    assert packer.post("/items/actions/withdraw", {"ids": [item.id]}).code == "not_allowed"
    given = [{"item": item.id, "carrier": "cj", "number": good_number(1)}]
    assert packer.post("/waybills", {"waybills": given}).body["done"] == 1
    handed = packer.post("/items/actions/hand_over", {"ids": [item.id]}).body
    assert handed["done"] == 1
    assert packer.post(f"/batches/{handed['batch']}/undo").body["done"] == 1
    released = api.post("/items/actions/hold", {"ids": [item.id]}).body["batch"]
    assert packer.post(f"/batches/{released}/undo").code == "not_allowed"


def test_counts_say_where_everything_stands(shop, api):
    store(shop, "A1", "a1", "a2")
    counts = api.get("/items/counts").body
    assert (counts["statuses"]["preparing"], counts["statuses"]["ready"]) == (2, 0)
    assert counts["claims"] == {"cancel": 0, "return": 0, "exchange": 0}


def test_products_are_put_by_code(api):
    product = {"code": "MUG", "name": "머그컵", "skus": [{"code": "MUG-W", "price": 9000, "ship_from": "main"}]}
    assert api.post("/products", [product]).body == {"products": 1, "skus": 1, "linked": 0, "independent": []}
    product["skus"][0]["price"] = 9500
    assert api.post("/products", {"products": [product]}).body == {
        "products": 1,
        "skus": 1,
        "linked": 0,
        "independent": [],
    }
    [sku] = api.get("/skus?code=MUG-W").body["items"]
    assert (sku["price"], sku["product"], sku["ship_from"], sku["name"]) == (9500, "MUG", "main", "머그컵")
    twice = {"code": "P", "name": "P", "skus": [{"code": "S"}, {"code": "S"}]}
    assert api.post("/products", [twice]).code == "duplicate"


def test_an_account_is_made_changed_switched_off_and_removed(api):
    secret = "$2a$04$kEFycSBkcp7.zUlpchIcI."
    given = {"channel": "naver", "name": "B점", "key": "b", "credentials": {"client_id": "id", "client_secret": secret}}
    made = api.post("/channel-accounts", given)
    assert (made.status, made.body["enabled"], made.body["has_credentials"]) == (201, True, True)
    assert api.post("/channel-accounts", given).code == "duplicate"
    path = f"/channel-accounts/{made.body['id']}"
    changed = api.patch(path, {"name": "C점", "enabled": False}).body
    assert (changed["name"], changed["enabled"], changed["key"]) == ("C점", False, "b")
    assert api.post("/collections", {"accounts": [made.body["id"]]}).code == "account_off"
    assert secret not in str([made.body, changed, api.get(path).body, api.get("/channel-accounts").body])
    assert api.delete(path).status == 204
    assert api.get(path).status == 404


def test_an_account_with_orders_is_not_removed(shop, api):
    store(shop, "A1", "a1")
    refused = api.delete(f"/channel-accounts/{shop.account}")
    assert (refused.status, refused.code) == (409, "account_has_orders")


def test_an_account_takes_only_a_ship_from_of_its_company(shop, rival, api):
    path = f"/channel-accounts/{shop.account}"
    assert api.patch(path, {"ship_from": rival.ship_from}).code == "invalid"
    assert api.patch(path, {"ship_from": shop.ship_from}).body["ship_from"] == shop.ship_from


def test_an_accounts_address_is_official_or_loopback(api, settings):
    given = {"channel": "manual", "name": "x", "key": "x", "base_url": "http://10.0.0.1/"}
    assert api.post("/channel-accounts", given).code == "bad_base_url"


def test_a_channel_tells_what_it_can(api):
    naver = next(row for row in api.get("/channels").body["items"] if row["kind"] == "naver")
    assert (naver["unit"], naver["label"]["ko"]) == ("line", "스마트스토어")
    assert "confirm" in naver["capabilities"]
    assert [field["name"] for field in naver["credentials"]] == ["client_id", "client_secret", "account_id"]
    assert naver["notes"][0].keys() == {"ko", "en"}


def test_collections_and_syncs_answer_a_job_and_keep_the_running_one(shop, api):
    for path, kind in (("/collections", "collect"), ("/syncs", "sync")):
        first = api.post(path, {"accounts": [shop.account]})
        assert first.status == 202
        assert api.post(path, {"accounts": [shop.account]}).body == first.body
        job = api.get(f"/jobs/{first.body['job']}").body
        assert (job["kind"], job["status"], job["by"]) == (kind, "queued", shop.owner)
    period = {"accounts": [shop.account], "from": "2026-11-23T00:00:00+09:00", "to": "2026-11-22T00:00:00+09:00"}
    assert api.post("/collections", period).code == "invalid"
    assert api.post("/collections", period | {"from": "2006-11-23T00:00:00+09:00"}).code == "invalid"


def test_a_job_without_failures_has_nothing_to_retry(shop, api):
    job = api.post("/collections", {"accounts": [shop.account]}).body["job"]
    assert api.post(f"/jobs/{job}/retry").code == "nothing_to_retry"


def test_members_come_change_and_go_but_the_last_owner_stays(api):
    new = {"email": "Lee@House.kr", "name": "이점원", "password": "clerk-pass-2026", "role": "clerk"}
    made = api.post("/members", new)
    assert (made.status, made.body["email"], made.body["role"]) == (201, "lee@house.kr", "clerk")
    assert api.post("/members", new).code == "duplicate"
    path = f"/members/{made.body['id']}"
    assert api.patch(path, {"role": "manager"}).body["role"] == "manager"
    assert api.delete(path).status == 204
    owner = api.get("/me").body["member"]["id"]
    assert api.patch(f"/members/{owner}", {"role": "clerk"}).code == "last_owner"
    assert api.delete(f"/members/{owner}").code == "last_owner"


@pytest.mark.parametrize("path", ["/collections", "/syncs"])
def test_another_companys_account_is_unknown(rival, api, path):
    assert api.post(path, {"accounts": [rival.account]}).status == 404


def test_a_packers_number_reaches_no_channel_that_was_told(shop, api, api_as):
    """N11 over REST as on the page: what a channel knows is corrected by whoever may."""
    [item] = store(shop, "P9", "p9-1")
    with acting_as(shop.company):
        shop.put(status="shipped")
        OrderItem.objects.filter(id=item.id).update(status="in_transit", push="confirmed", channel="coupang")
    given = {"waybills": [{"item": item.id, "carrier": "cj", "number": good_number(77)}]}
    refused = api_as(Role.PACKER).post("/waybills", given).body
    assert [(row["row"], row["code"]) for row in refused["rows"]] == [(0, "not_allowed")] and refused["job"] is None
    assert api.post("/waybills", given).body["job"] is not None
