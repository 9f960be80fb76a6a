"""REST of 합포: run, reviews, settle, take apart (C14-C17, I16)."""

import pytest

from jumun.channels.port import Address
from tests.api.conftest import store

HERE = {"name": "홍길동", "postcode": "04524", "address1": "서울 중구 세종대로 110"}


@pytest.fixture
def three(shop):
    """Two orders of one person, and one with another number."""
    numbers = {"N1": "010-0000-1234", "N2": "010-0000-1234", "N3": "010-9999-1234"}
    return [store(shop, name, name, recipient=Address(phone1=phone, **HERE))[0] for name, phone in numbers.items()]


def test_from_run_to_review_to_apart(api, three):
    assert api.get("/packing/reviews").body["items"] == []
    assert api.get("/packing/late").body == {"late": 1}
    done = api.post("/packing/runs", {}).body
    assert (done["done"], done["combined"], done["reviews"]) == (1, 1, 1)

    [base] = api.get("/packing/reviews?verdict=combine").body["items"][:1]
    assert [each["code"] for each in base["reasons"]] == ["base"]
    [row] = api.get("/packing/reviews?waiting=true").body["items"]
    assert ([each["code"] for each in row["reasons"]], row["decision"]) == (["phone_differs"], "")
    assert row["reasons"][0]["text"]
    settled = api.post(f"/packing/reviews/{row['review']}", {"decision": "combine"}).body
    assert (settled["done"], settled["refused_total"]) == (1, 0)
    [row] = api.get("/packing/reviews").body["items"]
    assert row["decision"] == "combined"

    apart = api.post("/packing/uncombine", {"shipments": [three[0].shipment_id]}).body
    assert (apart["done"], apart["refused_total"]) == (2, 0)


def test_all_of_a_kind_and_what_is_wrong(api, three):
    run = api.post("/packing/runs", {}).body["run"]
    kind = {"run": run, "reason": "phone_differs", "channel_accounts": [three[0].account_id], "decision": "apart"}
    assert api.post("/packing/review-kinds", kind).body["done"] == 1
    assert api.get("/packing/reviews?waiting=true").body["items"] == []
    assert api.post(f"/packing/reviews/{2**40}", {"decision": "apart"}).status == 404
    assert api.post("/packing/runs", {"since": "tomorrow"}).status == 422
