"""Claims over REST (C9, P34): read-only."""

import pytest

from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, store, token_for
from tests.claims.making import make_claim
from tests.making import open_house


@pytest.fixture
def shop(db, noon):
    return open_house(noon)


@pytest.fixture
def api(shop):
    return Api(token_for(shop))


@pytest.fixture
def claims(shop):
    """Three claims on two orders."""
    store(shop, "A1", "a", "b", quantity=3, remaining=3)
    store(shop, "A2", "c")
    with acting_as(shop.company):
        return [
            make_claim(shop, "A1", "a", "b", kind="return", stage="collecting", collect_waybill="680405450931"),
            make_claim(shop, "A2", "c", kind="cancel", stage="done", claim_id="X9"),
            make_claim(shop, "A2", "c", kind="exchange", fault="seller", collect_carrier="cj", claim_id=""),
        ]


def ids(answer):
    assert answer.status == 200, answer.body
    return {row["id"] for row in answer.body["items"]}


def test_a_claim_with_its_lines_and_items(api, shop, claims):
    told = api.get(f"/claims/{claims[0].id}").body

    assert (told["kind"], told["stage"], told["open"], told["stage_raw"]) == (
        "return",
        "collecting",
        True,
        "RETURN_COLLECTING",
    )
    assert (told["claim_id"], told["order_number"], told["channel"], told["channel_account"]) == (
        "A1-claim",
        "A1",
        "naver",
        shop.account,
    )
    assert (told["quantity"], told["reason"], told["fault"]) == (2, "상품 파손", None)
    assert (told["collect_carrier"], told["collect_waybill"], told["buyer"]) == (None, "680405450931", "홍*동")
    assert [(part["line_no"], part["quantity"], part["ordered"]) for part in told["parts"]] == [
        ("a", 1, 3),
        ("b", 1, 3),
    ]
    [item] = told["parts"][0]["items"]
    assert (item["status"], item["quantity"]) == ("preparing", 3)
    assert told["closed_at"] is None and told["requested_at"].endswith(("Z", "+00:00", "+09:00"))
    assert "홍길동" not in str(told)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", {0, 1, 2}),
        ("kind=return", {0}),
        ("state=open", {0, 2}),
        ("state=closed", {1}),
        ("state=collecting", {0}),
        ("kind=exchange&state=closed", set()),
        ("q=A2", {1, 2}),
        ("q=X9", {1}),
        ("q=6804-0545-0931", {0}),
        ("q=nothing", set()),
        ("channel_account=999999", set()),
    ],
)
def test_filters(api, claims, query, places):
    assert ids(api.get(f"/claims?{query}")) == {claims[place].id for place in places}


def test_the_account_filter_and_ids(api, shop, claims):
    assert len(ids(api.get(f"/claims?channel_account={shop.account},999999"))) == 3
    assert ids(api.get(f"/claims?ids={claims[1].id},999999")) == {claims[1].id}


@pytest.mark.parametrize("query", ["kind=repair", "state=lost", "channel_account=0", "colour=red", "q=%00"])
def test_what_is_not_known_is_refused(api, claims, query):
    assert api.get(f"/claims?{query}").code == "invalid"


def test_pages_follow_each_other_newest_first(api, shop, claims):
    rows = api.walk("/claims", 1)
    assert [row["id"] for row in rows] == sorted((claim.id for claim in claims), reverse=True)
    assert api.get("/claims?cursor=nonsense").code == "bad_cursor"


def test_a_claim_nobody_knows(api, claims):
    assert api.get("/claims/999999").code == "not_found"
    assert api.post("/claims").status == 405
