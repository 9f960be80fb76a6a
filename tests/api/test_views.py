"""Views over REST: the token's person's own, and the shared ones (I5)."""

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, token_for

LAYOUT = {
    "columns": [{"key": "product", "width": 300, "hidden": False, "pinned": True}],
    "sort": "-ship_by",
    "group": "",
    "row": "low",
}


@pytest.fixture
def colleague(shop):
    """Another clerk of the company."""
    from jumun.companies.actions import add_member
    from jumun.companies.queries import get_member

    with acting_as(shop.company):
        member = add_member(
            email="clerk@shop.kr", name="이담당", password="house-pass-2026", role=Role.CLERK, at=shop.at
        )
        person = get_member(member).person_id
    return Api(token_for(shop, Role.CLERK, person=person))


def test_i5_a_view_is_made_changed_and_deleted(shop, api):
    made = api.post("/views", {"name": "오늘 마감", "query": "held=false&status=ready", "layout": LAYOUT})
    assert made.status == 201
    view = made.body
    assert view["query"] == "status=ready&held=false" and view["layout"] == LAYOUT
    assert (view["owner"], view["shared"], view["position"]) == (shop.owner, False, 0)
    changed = api.patch(f"/views/{view['id']}", {"name": "내일 마감", "shared": True})
    assert changed.status == 200
    assert changed.body == view | {"name": "내일 마감", "shared": True}
    assert api.delete(f"/views/{view['id']}").status == 204
    assert api.get("/views").body["items"] == []


def test_i5_lists_show_ones_own_first_then_the_shared_page_by_page(shop, api, colleague):
    for place in range(3):
        assert api.post("/views", {"name": f"주인 {place}", "shared": place != 1}).status == 201
        assert colleague.post("/views", {"name": f"담당 {place}", "shared": True}).status == 201
    names = [view["name"] for view in colleague.walk("/views", 2)]
    assert names == ["담당 0", "담당 1", "담당 2", "주인 0", "주인 2"]
    ids = [view["id"] for view in api.get("/views").body["items"]]
    assert [view["id"] for view in api.get(f"/views?ids={ids[0]},{ids[-1]}").body["items"]] == [ids[0], ids[-1]]
    assert api.get("/views?cursor=nonsense").code == "bad_cursor"


def test_i5_only_its_owner_or_who_manages_people_changes_a_shared_view(shop, api, colleague):
    owners = api.post("/views", {"name": "주인", "shared": True}).body["id"]
    private = api.post("/views", {"name": "주인만"}).body["id"]
    clerks = colleague.post("/views", {"name": "담당", "shared": True}).body["id"]
    assert colleague.patch(f"/views/{owners}", {"name": "x"}).code == "view_of_another"
    assert colleague.delete(f"/views/{owners}").code == "view_of_another"
    assert colleague.delete(f"/views/{private}").code == "not_found"
    assert api.patch(f"/views/{clerks}", {"shared": False}).body["shared"] is False
    assert api.delete(f"/views/{clerks}").code == "not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": ""}, "invalid"),
        ({"name": "x", "query": "status=nope"}, "invalid"),
        ({"name": "x", "query": "nothing=1"}, "invalid"),
        ({"name": "x", "layout": {"columns": [{"key": "a"}, {"key": "a"}]}}, "invalid"),
        ({"name": "x", "layout": {"rows": "low"}}, "invalid"),
        ({"name": "x", "more": 1}, "invalid"),
        ({"name": "   "}, "view_unnamed"),
    ],
)
def test_a_view_nobody_could_read_is_refused(shop, api, body, code):
    assert api.post("/views", body).code == code
    assert api.get("/views").body["items"] == []


def test_two_views_of_one_name_are_refused(shop, api):
    assert api.post("/views", {"name": "하나"}).status == 201
    assert api.post("/views", {"name": "하나"}).code == "view_named"
