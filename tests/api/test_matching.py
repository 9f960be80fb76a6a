"""REST of matching: what waits, suggestions, links, by list and by sheet (C10-C13, N19)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import store

WAITING = {"seller_code": "", "product_code": "P9", "option_code": "O9"}


@pytest.fixture
def waiting(shop):
    """Two orders of one listing nobody linked yet."""
    return store(shop, "N1", "n1", **WAITING) + store(shop, "N2", "n2", **WAITING)


def test_from_unmatched_to_suggestion_to_link(api, waiting):
    page = api.get("/matching/unmatched")
    [row] = page.body["items"]
    assert (row["items"], row["product_code"], page.body["items_total"], page.body["listings_total"]) == (2, "P9", 2, 1)

    found = api.get(f"/matching/suggestions?item={row['item']}").body
    best = found["candidates"][0]
    assert best["sku"] == "TSH-BLK-L"
    assert {reason["code"] for reason in best["reasons"]} >= {"name"}

    done = api.post(
        "/matching/links", {"links": [{"item": row["item"], "parts": [{"sku": best["sku"], "quantity": 2}]}]}
    )
    assert (done.status, done.body["links"], done.body["done"], done.body["rows"]) == (200, 1, 2, [])
    assert [each["now"] for each in done.body["items"]] == ["TSH-BLK-L"] * 2
    assert api.get("/matching/unmatched").body["items"] == []
    [link] = api.get("/matching/links").body["items"]
    assert (link["parts"], link["version"]) == ([{"sku": "TSH-BLK-L", "quantity": 2}], 1)


def test_a_list_of_listings_is_suggested_for_at_once(api, waiting):
    body = {"listings": [{"name": "온산 라운드 티셔츠", "option": "블랙/L"}, {"item": waiting[0].id}], "limit": 1}
    found = api.post("/matching/suggestions", body)
    assert [len(each["candidates"]) for each in found.body["items"]] == [1, 1]
    assert api.post("/matching/suggestions", {"listings": [{"item": 2**40}]}).status == 404
    assert api.post("/matching/suggestions", {"listings": [{}]}).status == 422
    assert api.get("/matching/suggestions").code == "invalid"


def test_wrong_rows_say_why_and_a_dry_run_changes_nothing(api, waiting):
    links = [
        {"item": waiting[0].id, "parts": [{"sku": "NOPE"}]},
        {"item": waiting[0].id, "parts": [{"sku": "TSH-BLK-L"}]},
    ]
    done = api.post("/matching/links", {"links": links, "dry_run": True})
    assert [(row["row"], row["code"]) for row in done.body["rows"]] == [(0, "unknown_sku")]
    assert "SKU" in done.body["rows"][0]["reason"]
    assert done.body["done"] == 2
    assert api.get("/matching/links").body["items"] == []


def test_a_sheet_of_links(api, waiting):
    sheet = "판매처,판매처 상품코드,옵션코드,품목코드\nstore,P9,O9,TSH-BLK-L\n".encode()
    made = Client().post(
        "/api/v1/matching/links/sheet",
        {"file": SimpleUploadedFile("links.csv", sheet)},
        headers={"Authorization": f"Bearer {api.token}"},
    )
    assert (made.status_code, made.json()["links"], made.json()["done"]) == (200, 1, 2)


def test_automatic_linking_is_off_until_switched_on(api):
    assert api.get("/matching/automatic").body == {"automatic": False}
    assert api.call("PUT", "/matching/automatic", {"automatic": True}).body == {"automatic": True}
    assert api.get("/matching/automatic").body == {"automatic": True}


def test_candidates_have_their_stock_and_a_further_barcode_is_known(api):
    """C11, N20: a clerk sees what there is before linking; an old package's barcode leads to its SKU."""
    api.post("/products", [{"code": "F", "name": "참기름", "skus": [{"code": "OIL-9", "barcodes": ["8801234567893"]}]}])
    said = {"listings": [{"name": "전혀 다른 이름", "seller_code": "8801234567893"}]}
    (first, *_) = api.post("/matching/suggestions", said).body["items"][0]["candidates"]
    assert (first["sku"], first["stock"]) == ("OIL-9", None)
    api.call("PUT", "/stock", [{"sku": "OIL-9", "ship_from": "main", "on_hand": 7}])
    (first, *_) = api.post("/matching/suggestions", said).body["items"][0]["candidates"]
    assert first["stock"] == 7
