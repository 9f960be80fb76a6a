"""Editing over REST: a version is required, a stale one is told what differs, masked for whoever may not see it."""

import pytest

from jumun.companies.models import AccessTrail
from jumun.companies.roles import May, Role
from jumun.core.tenancy import acting_as
from jumun.orders.models import Recipient
from tests.api.conftest import Api, store, token_for


@pytest.fixture
def order(shop):
    return store(shop, "A1", "a")[0].order_id


def edit(api, order, body, **headers):
    return api.call("PATCH", f"/orders/{order}", body, **headers)


def trail(shop):
    with acting_as(shop.company):
        return [(row.did, row.subject) for row in AccessTrail.objects.order_by("id")]


def test_the_version_goes_out_as_etag_and_revision_and_comes_back_as_either(shop, api, order):
    read = api.get(f"/orders/{order}")
    assert (read.headers["ETag"], read.body["revision"]) == ('"1"', 1)
    first = edit(api, order, {"name": "이순신"}, If_Match=read.headers["ETag"])
    assert (first.status, first.headers["ETag"], first.body["revision"]) == (200, '"2"', 2)
    assert first.body["recipient"]["name"] == "이*신"
    assert "edited" in [each["action"] for each in first.body["timeline"]]
    second = edit(api, order, {"memo": "깨짐 주의", "revision": 2})
    assert (second.status, second.body["memo"], second.body["revision"]) == (200, "깨짐 주의", 3)
    assert trail(shop) == [("edit", f"order:{order}")] * 2


def test_without_a_version_nothing_is_changed(api, order):
    assert (edit(api, order, {"memo": "x"}).status, edit(api, order, {"memo": "x"}).code) == (428, "revision_missing")
    assert api.get(f"/orders/{order}").body["memo"] == ""


@pytest.mark.parametrize("tag", ["*", "1", 'W/"1"', '"1", "2"', '"0"', '"x"', '"99999999999"'])
def test_only_our_own_tags_are_versions(api, order, tag):
    assert edit(api, order, {"memo": "x"}, If_Match=tag).code == "invalid"


def test_two_versions_at_once_are_refused(api, order):
    assert edit(api, order, {"memo": "x", "revision": 2}, If_Match='"1"').code == "invalid"


def test_a_stale_version_is_told_the_difference_in_clear_and_that_is_a_look(shop, api, order):
    edit(api, order, {"phone1": "010-1111-2222", "revision": 1})
    late = edit(api, order, {"phone1": "010-3333-4444", "memo": "나", "revision": 1})
    assert (late.status, late.code) == (409, "changed_meanwhile")
    assert late.body["diff"] == {
        "phone1": {"yours": "01033334444", "theirs": "01011112222"},
        "memo": {"yours": "나", "theirs": ""},
    }
    assert late.body["revision"] == 2
    with acting_as(shop.company):
        assert Recipient.objects.get().phone1 == "01011112222"
    assert trail(shop) == [("edit", f"order:{order}"), ("view", f"order:{order}")]


def test_who_may_move_but_not_see_is_told_the_difference_masked(shop, order):
    narrow = Api(token_for(shop, Role.CLERK, scopes=(May.READ, May.MOVE)))
    edit(narrow, order, {"name": "이순신", "phone1": "010-1111-2222", "address2": "7동 8호", "revision": 1})
    late = edit(narrow, order, {"name": "강감찬", "phone1": "010-3333-4444", "address2": "9동 1호", "revision": 1})
    assert late.body["diff"] == {
        "name": {"yours": "강*찬", "theirs": "이*신"},
        "phone1": {"yours": "0103333****", "theirs": "0101111****"},
        "address2": {"yours": "*동 *호", "theirs": "*동 *호"},
    }
    assert trail(shop) == [("edit", f"order:{order}")]


@pytest.mark.parametrize("role", [Role.PACKER, Role.VIEWER])
def test_a_packer_and_a_viewer_edit_nothing(shop, order, role):
    answer = edit(Api(token_for(shop, role)), order, {"memo": "x", "revision": 1})
    assert (answer.status, answer.code) == (403, "not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "가" * 21},
        {"name": "\x00"},
        {"name": "   "},
        {"name": "홍\u0000길동"},
        {"phone1": "()"},
        {"phone1": "0101234567890123"},
        {"phone2": "010 1234 5678"},
        {"postcode": ""},
        {"address1": ""},
        {"memo": "가" * 1001},
        {"memo": 5},
        {"status": "shipped"},
        {"company_id": 1},
        {"edited_at": None},
        {"revision": "1"},
        {"revision": 1.0},
        {"revision": True},
    ],
)
def test_what_is_not_valid_is_refused_whole(api, order, body):
    answer = edit(api, order, {"memo": "x", "revision": 1} | body)
    assert (answer.status, answer.code) == (422, "invalid")
    assert api.get(f"/orders/{order}").body["revision"] == 1


def test_goods_that_left_are_refused_with_what_to_do(shop, api, order):
    with acting_as(shop.company):
        shop.put(status="shipped")
    answer = edit(api, order, {"name": "이순신", "revision": 1}, Accept_Language="en")
    assert (answer.status, answer.code) == (409, "left_house")
    assert "carrier" in answer.body["detail"]
    assert edit(api, order, {"memo": "전화 옴", "revision": 1}).status == 200


def test_the_channels_newer_address_is_told_in_clear_beside_ours(shop, api, order):
    from dataclasses import replace

    from tests.making import make_line

    edit(api, order, {"address1": "부산 해운대구 센텀로 1", "revision": 1})
    assert api.get(f"/orders/{order}/recipient").body["channel_address"] is None
    line = make_line("A1", "a", shop.at)
    with acting_as(shop.company):
        shop.store([replace(line, recipient=replace(line.recipient, address1="대전 유성구 대학로 99"))])
    read = api.get(f"/orders/{order}")
    assert (read.body["address_differs"], read.body["revision"]) == (True, 3)
    assert read.body["items"][0]["holds"] == ["address"]
    assert "대전" not in str(read.body)
    seen = api.get(f"/orders/{order}/recipient").body
    assert (seen["address1"], seen["channel_address"]["address1"]) == (
        "부산 해운대구 센텀로 1",
        "대전 유성구 대학로 99",
    )
    chosen = edit(api, order, {"address1": "대전 유성구 대학로 99", "revision": 3}).body
    assert (chosen["address_differs"], chosen["items"][0]["held"]) == (False, False)
