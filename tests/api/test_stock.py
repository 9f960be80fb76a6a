"""REST of 재고: set, change, list, the ledger, sheets (I28, N20)."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import store

SKU = "TSH-BLK-L"


def send(api, sheet, **more):
    """Upload a sheet of stock."""
    return (
        Client()
        .post(
            "/api/v1/stock/sheet",
            {"file": SimpleUploadedFile("stock.xlsx", sheet), **more},
            headers={"Authorization": f"Bearer {api.token}"},
        )
        .json()
    )


def test_stock_is_set_changed_and_told(api, shop):
    """N20: every change answers what was done and what was not, by row."""
    said = api.call("PUT", "/stock", [{"sku": SKU, "on_hand": 10, "safety": 2}, {"sku": "NOPE", "on_hand": 1}]).body
    assert (said["done"], said["refused_total"]) == (1, 1)
    assert (said["refused"][0]["row"], said["refused"][0]["code"]) == (1, "unknown_sku")
    assert "품목코드" in said["refused"][0]["reason"]
    row = {"sku": SKU, "ship_from": "main", "quantity": 3, "reason": "월말"}
    for kind in ("receive", "scrap", "count"):
        assert api.post(f"/stock/actions/{kind}", {"rows": [row]}).body["done"] == 1
    assert api.post("/stock/actions/adjust", {"rows": [row | {"quantity": -3}]}).body["done"] == 1
    assert api.post("/stock/actions/move", {"rows": [row]}).body["refused"][0]["code"] == "unknown_ship_from"
    assert api.post("/stock/actions/receive", {"rows": [row], "dry_run": True}).body["batch"] is None
    (stock,) = api.get("/stock?low=true").body["items"]
    assert (stock["on_hand"], stock["reserved"], stock["free"], stock["sellable"], stock["low"]) == (0, 0, 0, 0, True)
    moves = api.get(f"/stock/moves?sku={SKU}&limit=2").body
    assert [(move["kind"], move["on_hand_by"], move["cause"]) for move in moves["items"]] == [
        ("adjust", -3, "월말"),
        ("count", -7, "월말"),
    ]
    rest = api.get(f"/stock/moves?sku={SKU}&cursor={moves['next_cursor']}").body
    assert [move["kind"] for move in rest["items"]] == ["scrap", "receive", "count"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/stock", [{"sku": SKU, "on_hand": 1.5}]),
        ("PUT", "/stock", [{"sku": "", "on_hand": 1}]),
        ("PUT", "/stock", [{"sku": SKU, "on_hand": 10**10}]),
        ("POST", "/stock/actions/steal", {"rows": []}),
        ("POST", "/stock/actions/receive", {"rows": [{"sku": SKU}]}),
        ("GET", "/stock?cursor=x", None),
        ("GET", "/stock/moves?kind=stolen", None),
        ("GET", "/stock/moves?cursor=eA", None),
    ],
)
def test_what_is_no_change_is_refused(api, method, path, body):
    assert api.call(method, path, body).status in (400, 404, 422)


def test_an_idempotency_key_receives_once(api, shop):
    """DESIGN §5: the same call again is answered with the saved answer."""
    body = {"rows": [{"sku": SKU, "quantity": 5}]}
    first = api.post("/stock/actions/receive", body, Idempotency_Key="receipt-1")
    again = api.post("/stock/actions/receive", body, Idempotency_Key="receipt-1")
    assert first.body == again.body
    assert api.get("/stock").body["items"][0]["on_hand"] == 5


def test_a_sheet_sets_stock_and_names_its_wrong_rows(api, shop):
    """I28: title rows, numbers as texts, a barcode in place of a code; a row that says nothing of use is named."""
    book = openpyxl.Workbook()
    for row in (["재고 현황"], ["품목코드", "창고", "현재고", "안전 재고"], [SKU, "본사 창고", "1,200", 5],
                ["NOPE", "main", 1, None], [SKU, "main", "많음", None], [SKU, "", None, None]):  # fmt: skip
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    preview = send(api, out.getvalue(), dry_run="true")
    assert api.get("/stock").body["items"][0]["on_hand"] == 0
    done = send(api, out.getvalue())
    assert done["done"] == preview["done"] == 1
    assert [(row["row"], row["code"]) for row in done["refused"]] == [
        (4, "unknown_sku"),
        (5, "bad_stock_number"),
        (6, "bad_stock_number"),
    ]
    assert api.get("/stock").body["items"][0]["on_hand"] == 1200


def test_a_barcode_of_two_skus_sets_neither(api, shop):
    """C11: what two share names neither; of two words for the shelf the more exact counts."""
    api.post("/products", {"products": [{"code": "D", "name": "d", "skus": [
        {"code": "D1", "barcode": "8809"}, {"code": "D2", "barcode": "8809"}, {"code": "D3", "barcode": "8810"}]}]})  # fmt: skip
    book = openpyxl.Workbook()
    for row in (["바코드", "창고", "가용재고", "현재고"], ["8809", "main", 1, 7], ["8810", "main", 1, 7]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    done = send(api, out.getvalue())
    assert [(row["row"], row["code"]) for row in done["refused"]] == [(2, "barcode_shared")]
    there = {row["sku"]: row["on_hand"] for row in api.get("/stock").body["items"]}
    assert {code: there[code] for code in ("D1", "D2", "D3")} == {"D1": 0, "D2": 0, "D3": 7}


def test_what_an_order_has_is_said_in_its_items(api, shop):
    """C24: allocation stands with each item, and can be asked for."""
    store(shop, "N1", "n1")
    assert [row["allocation"] for row in api.get("/items?allocation=none").body["items"]] == ["none"]
    assert api.get("/items?allocation=full,partial").body["items"] == []
    assert api.get("/items?allocation=some").status == 422
