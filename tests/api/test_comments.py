"""Comments on an order and the list of batches over REST (I2, N17)."""

from jumun.companies.actions import add_member
from jumun.companies.queries import get_member
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, store, token_for


def test_comments_are_written_listed_and_deleted_by_their_author(api, shop):
    order = store(shop, "C1", "c1")[0].order_id
    address = f"/orders/{order}/comments"
    made = api.post(address, {"text": "  경비실에 맡김 "})
    assert (made.status, made.body["text"], made.body["by_name"]) == (201, "경비실에 맡김", "김주인")
    for text in ("둘", "셋"):
        api.post(address, {"text": text})
    assert [each["text"] for each in api.walk(address, 2)] == ["셋", "둘", "경비실에 맡김"]
    with acting_as(shop.company):
        member = add_member(email="c@shop.kr", name="김하늘", password="clerk-pass-2026", role=Role.CLERK, at=shop.at)
        person = get_member(member).person_id
    other = Api(token_for(shop, Role.CLERK, person=person))
    refused = other.call("DELETE", f"{address}/{made.body['id']}")
    assert (refused.status, refused.code) == (403, "not_your_comment")
    assert api.call("DELETE", f"{address}/{made.body['id']}").status == 204
    assert [each["text"] for each in api.get(address).body["items"]] == ["셋", "둘"]


def test_what_is_no_comment_is_refused(api, shop):
    order = store(shop, "C1", "c1")[0].order_id
    for text in ("", "가" * 2001, "a\x00"):
        assert api.post(f"/orders/{order}/comments", {"text": text}).status == 422
    assert api.post(f"/orders/{order}/comments", {"text": "   "}).code == "invalid_comment"
    assert api.post("/orders/999999/comments", {"text": "가"}).code == "not_found"
    assert api.get("/orders/999999/comments").code == "not_found"


def test_batches_are_listed_newest_first_by_anybody_or_one_person(api, shop):
    [item] = store(shop, "C1", "c1")
    made = [
        api.post(f"/items/actions/{action}", {"ids": [item.id], **more}).body["batch"]
        for action, more in (("release", {}), ("hold", {"params": {"reason": "stock"}}), ("unhold", {}))
    ]
    assert [each["id"] for each in api.walk("/batches", 2)] == made[::-1]
    assert [each["action"] for each in api.get("/batches").body["items"]] == ["unhold", "hold", "release"]
    assert len(api.get(f"/batches?by={shop.owner}").body["items"]) == 3
    assert api.get("/batches?by=999999").body["items"] == []
    assert api.get("/batches?cursor=wrong").code == "bad_cursor"
